# SPDX-License-Identifier: MIT
"""The install page as `make dist` packs it, served from localhost, with a serial port that is not.

In the page, navigator.serial is FAKE_SERIAL: its port carries bytes over a WebSocket to whatever
`Bridge.plugged` is at that moment: the MicroPython VM's REPL (SocketBoard), a chip in its serial
loader (RomLoader), or the REPL of a whole board in its world (WorldRepl).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from aiohttp import WSMsgType, web

from tools.bench.runners.rom_loader import RomLoader
from tools.bench.world.board_world import BoardWorld

TIMEOUT_S = 30
MINUTE = 60_000
TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}

FAKE_SERIAL = """
const lost = () => new DOMException("The device has been lost.", "NetworkError");
let leaving = false; // a page that goes loses its sockets; a real port does not fail then
addEventListener("pagehide", () => { leaving = true; });
class FakePort {
  async open() {
    const socket = new WebSocket(`ws://${location.host}/serial`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    await new Promise((done, failed) => {
      socket.onopen = done;
      socket.onerror = () => leaving || failed(lost());
    });
    let from;
    this.readable = new ReadableStream({
      start: (controller) => { from = controller; },
      cancel() { from = null; },
    });
    this.writable = new WritableStream({ write: (bytes) => {
      if (socket.readyState !== WebSocket.OPEN) throw lost();
      socket.send(bytes);
    } });
    socket.onmessage = ({ data }) => from?.enqueue(new Uint8Array(data));
    socket.onclose = () => {
      from?.error(lost());
      from = null;
    };
  }
  async close() { this.readable = this.writable = null; this.socket.close(); }
  async setSignals() {}
  getInfo() { return {}; }
}
const port = new FakePort();
Object.defineProperty(navigator, "serial", { value: { requestPort: async () => port } });
"""

Chip = Callable[[bytes], Iterator[bytes]]


class CableGone(Exception):
    """Somebody has pulled the cable."""


def loader(chip: RomLoader, frames: int | None = None) -> Chip:
    """Return a chip in its loader, for Bridge.plugged.

    Args:
        chip: the chip.
        frames: the cable goes when so many with data were written; None: it stays.
    """

    def take(data: bytes) -> Iterator[bytes]:
        if frames is not None and chip.writes >= frames:
            raise CableGone
        yield chip.take(data)

    return take


class Bridge:
    """What the port of the page leads to.

    Attributes:
        plugged: an address of TCP, or what takes bytes and gives the parts of the answer.
        url: of the page.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.plugged: tuple[str, int] | Chip | None = None
        self.url = ""
        self._sockets: set[web.WebSocketResponse] = set()
        self._loop: asyncio.AbstractEventLoop

    def plug(self, url: str) -> None:
        """Lead to a port of TCP, given as socket://host:port."""
        host, _, port = url.removeprefix("socket://").rpartition(":")
        self.plugged = (host, int(port))

    def pull(self) -> None:
        """Pull the cable."""

        async def close() -> None:
            for socket in list(self._sockets):
                await socket.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(TIMEOUT_S)

    async def run(self, ready: Callable[[], None], stop: asyncio.Event) -> None:
        """Serve until `stop`."""
        self._loop = asyncio.get_running_loop()
        app = web.Application()
        app.router.add_get("/serial", self._serial)
        app.router.add_get("/{path:.*}", self._file)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        ready()
        await stop.wait()
        await runner.cleanup()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["path"] or "index.html"
        if name not in self.files:
            raise web.HTTPNotFound
        kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        return web.Response(body=self.files[name], content_type=kind)

    async def _serial(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            if isinstance(self.plugged, tuple):
                await self._carry(socket, *self.plugged)
            elif self.plugged is not None:
                await self._ask(socket, self.plugged)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _ask(self, socket: web.WebSocketResponse, chip: Chip) -> None:
        async for message in socket:
            answer = chip(message.data)
            try:
                while (part := await asyncio.to_thread(next, answer, None)) is not None:
                    await socket.send_bytes(part)
            except CableGone:
                await socket.close()

    async def _carry(self, socket: web.WebSocketResponse, host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)

        async def back() -> None:
            while data := await reader.read(4096):
                await socket.send_bytes(data)

        task = asyncio.create_task(back())
        async for message in socket:
            if message.type == WSMsgType.BINARY:
                writer.write(message.data)
        task.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await task
        writer.close()


@contextmanager
def served(files: Mapping[str, bytes]) -> Iterator[Bridge]:
    """Serve the page's files while the context lasts."""
    bridge = Bridge(files)
    up = threading.Event()
    stop: list[Callable[[], object]] = []

    async def main() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        await bridge.run(up.set, stopped)

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert up.wait(TIMEOUT_S)
    try:
        yield bridge
    finally:
        stop[0]()
        thread.join(TIMEOUT_S)


class WorldRepl:
    """The raw REPL of a board in its world, whose button was held at the start.

    Code is run by the VM with the chip's modules around it; the frame of raw mode is made here. A
    world's time does not pass by itself: a minute of it passes after each code.
    """

    def __init__(self, world: BoardWorld) -> None:
        self._world = world
        self._came = b""
        world.button_held = True
        world.power_on()
        world.run_for(1000)

    def take(self, data: bytes) -> Iterator[bytes]:
        """Take what comes from the host; give what the board says."""
        for byte in data:
            if byte == 1:
                self._came = b""
                yield b"raw REPL; CTRL-B to exit\r\n>"
            elif byte == 4:
                yield b"OK"
                yield self._run(self._came.decode())
                self._came = b""
            elif byte != 3:
                self._came += bytes((byte,))

    def _run(self, code: str) -> bytes:
        before = len(self._world.prints)
        self._world.repl(code)
        self._world.run_for(MINUTE)
        printed = "".join(f"{line}\r\n" for line in self._world.prints[before:])
        error = printed if printed.startswith("Traceback") else ""
        return f"{'' if error else printed}\x04{error}\x04>".encode()
