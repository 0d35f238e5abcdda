# SPDX-License-Identifier: MIT
"""The open pages: each gets what is new, or, if it is too slow for that, everything again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

Json = dict[str, Any]

QUEUE = 40  # batches that a page may be behind, two seconds; then it gets a snapshot instead
PERIOD_S = 0.05  # between batches


class Sink(Protocol):
    """Where a page's messages go; waits while the page does not take them."""

    async def send_str(self, data: str) -> None: ...


class Client:
    """One open page.

    Attributes:
        skipped: how often it was too slow and got a snapshot in place of the news.
    """

    def __init__(self, sink: Sink, snapshot: Callable[[], Json]) -> None:
        self._sink = sink
        self._snapshot = snapshot
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self._stale = True
        self._woken = asyncio.Event()
        self._woken.set()
        self.skipped = 0

    def put(self, message: str) -> None:
        """Hand it something new; without room for it, everything that waits is given up."""
        if self._stale:
            return
        if self._queue.full():
            self.skipped += 1
            self.refresh()
            return
        self._queue.put_nowait(message)
        self._woken.set()

    def answer(self, message: Json) -> None:
        """Hand it the answer to its own order; it is not kept for a page that is behind."""
        if not self._queue.full():
            self._queue.put_nowait(json.dumps(message))
            self._woken.set()

    def refresh(self) -> None:
        """Send it everything again: it has missed too much."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._stale = True
        self._woken.set()

    async def send(self) -> None:
        """Send whatever there is, until it is cancelled or the page has gone."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            if self._stale:
                self._stale = False
                await self._sink.send_str(json.dumps(self._snapshot()))
            while not self._queue.empty():
                await self._sink.send_str(self._queue.get_nowait())


class Clients:
    """All open pages."""

    def __init__(self) -> None:
        self._clients: set[Client] = set()

    def __len__(self) -> int:
        return len(self._clients)

    def add(self, client: Client) -> None:
        self._clients.add(client)

    def remove(self, client: Client) -> None:
        self._clients.discard(client)

    def tell(self, news: Json) -> None:
        """Hand all of them the news."""
        if self._clients:
            message = json.dumps(news)
            for client in self._clients:
                client.put(message)

    def refresh(self) -> None:
        """Send everything again to all of them."""
        for client in self._clients:
            client.refresh()
