# SPDX-License-Identifier: MIT
"""Serves the page to this computer alone, and keeps every open page up to date."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tools.bench.web import orders
from tools.bench.web.bench import Bench, OrderError
from tools.bench.web.clients import PERIOD_S, Client, Clients

HOST = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).resolve().parents[3] / ".venv" / "web" / "uplot"
ORDERS_AT_ONCE = 50  # of one page; a step such as `button hold 10s` takes its time
HEARTBEAT_S = 20.0  # a page that does not answer within half of it has gone

# Nothing from elsewhere; uPlot and the lamps set styles from scripts.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
POLICY += " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """The page of one bench.

    Args:
        bench: started; it is not closed with the server.

    Attributes:
        url: where the page is, once it is served.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.clients = Clients()
        self.url = ""
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._ticker: asyncio.Task[None] | None = None

    async def start(self, port: int) -> None:
        """Serve on `port`, or on a free one if that is taken."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._page)
        app.router.add_get("/socket", self._socket)
        app.router.add_get("/scenario", self._scenario)
        app.router.add_get("/settings", self._settings)
        app.router.add_static("/static", STATIC)
        app.router.add_static("/vendor", VENDOR)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, port).start()
        except OSError:
            await web.TCPSite(self._runner, HOST, 0).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://{HOST}:{self._port}/"
        self._ticker = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Serve no more."""
        if self._ticker is not None:
            self._ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticker
        if self._runner is not None:
            await self._runner.cleanup()

    async def _tick(self) -> None:
        generation = self._bench.generation
        while True:
            await asyncio.sleep(PERIOD_S)
            if generation != self._bench.generation:
                generation = self._bench.generation
                self._bench.chronicle.take_new()
                self.clients.refresh()
            else:
                self.clients.tell(self._bench.news())

    # -- who may come in ------------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in only who asked for this address by name, from a page of ours.

        Another site's script can reach 127.0.0.1 too, by a form, a WebSocket, or a name that it
        lets point here; its browser then names that site in Origin, or that name in Host.
        """
        ours = (f"{HOST}:{self._port}", f"localhost:{self._port}")
        origin = request.headers.get("Origin")
        foreign = origin is not None and origin not in [f"http://{host}" for host in ours]
        if request.headers.get("Host") not in ours or foreign:
            raise web.HTTPForbidden(text="this page is for this computer alone\n")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    # -- what there is --------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _scenario(self, request: web.Request) -> web.StreamResponse:
        return _download(self._bench.recorded(), "recorded.scn", "text/plain")

    async def _settings(self, request: web.Request) -> web.StreamResponse:
        return _download(self._bench.saved(), "device-settings.json", "application/json")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text="a page says where it comes from\n")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=orders.LARGEST)
        await socket.prepare(request)
        client = Client(socket, self._bench.snapshot)
        sender = asyncio.create_task(_ignore_gone(client.send()))
        self.clients.add(client)
        try:
            await self._take_orders(socket, client)
        finally:
            self.clients.remove(client)
            sender.cancel()
        return socket

    async def _take_orders(self, socket: web.WebSocketResponse, client: Client) -> None:
        tasks: set[asyncio.Task[None]] = set()
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            if len(tasks) >= ORDERS_AT_ONCE:
                client.answer({"type": "answer", "error": "too much at once"})
                continue
            task = asyncio.create_task(self._obey(message.data, client))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _obey(self, text: str, client: Client) -> None:
        number: Any = None
        error = ""
        try:
            order = orders.parse(text)
            number = order.get("id")
            await orders.carry_out(self._bench, order)
        except OrderError as refusal:
            error = str(refusal)
        client.answer({"type": "answer", "id": number, "error": error})


async def _ignore_gone(sending: Awaitable[None]) -> None:
    with contextlib.suppress(ConnectionError):
        await sending


def _download(text: str, name: str, kind: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)
