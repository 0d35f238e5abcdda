# SPDX-License-Identifier: MIT
"""A bench page served from a thread, and how to start a browser: for tools and tests."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from tools.bench.scenario.player import make_world
from tools.bench.web.bench import Bench, Choice, WorldMaker
from tools.bench.web.server import Server

BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_S = 60


class Served:
    """A bench and its server that run in a thread."""

    def __init__(self, bench: Bench, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        self.bench = bench
        self.server = server
        self.loop = loop

    @property
    def url(self) -> str:
        return self.server.url

    def call(self, coroutine: Coroutine[Any, Any, Any], seconds: float = TIMEOUT_S) -> Any:
        """Run a coroutine in that thread; return what it returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)

    def do(self, step: str) -> None:
        """Do a scenario step, as a page would order it."""
        self.call(self.bench.do(step))


@contextmanager
def served(
    vm: str = "cpython", speed: float = 60.0, make: WorldMaker = make_world
) -> Iterator[Served]:
    """Serve a page, on a free port, while the context lasts."""
    ready: list[Served] = []
    up = threading.Event()
    stop: list[Callable[[], object]] = []

    async def main() -> None:
        bench = Bench(Choice(vm), make, speed)
        await bench.start()
        server = Server(bench)
        await server.start(0)
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        ready.append(Served(bench, server, loop))
        up.set()
        await stopped.wait()
        await server.close()
        await bench.close()

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="page", daemon=True)
    thread.start()
    if not up.wait(TIMEOUT_S):
        raise RuntimeError("the page was not served")
    try:
        yield ready[0]
    finally:
        stop[0]()
        thread.join(TIMEOUT_S)


def chromium() -> str | None:
    """Return the path of a chromium, None if there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")
