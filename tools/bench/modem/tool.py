# SPDX-License-Identifier: MIT
"""`python -m tools.bench modem`: the simulated modem alone, in real time, for any AT program.

On a pty (for a program on this computer), on a TCP port (pyserial: socket://127.0.0.1:PORT), or on
a serial port (a real ESP32 on a USB-UART adapter). A small prompt plays the network.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterable
from typing import Any

import serial

from tools.bench.kernel import Kernel
from tools.bench.modem.console import HELP, CommandError, Operator
from tools.bench.modem.families import FAMILIES, FAMILY
from tools.bench.modem.habits import ALL_HABITS
from tools.bench.modem.line import ANY_RATE, Line
from tools.bench.modem.sim800 import Sim800
from tools.bench.modem.sim_card import SimCard
from tools.bench.network.operator import Network
from tools.bench.prompts import Lines, Prompt, StandardInput

LONGEST_SLEEP_S = 1.0
READ = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--pty", action="store_true", help="on a pseudo terminal (the default)")
    where.add_argument("--tcp", type=int, metavar="PORT", help="on a TCP port; 0: any free one")
    where.add_argument("--serial", metavar="URL", help="on a serial port, such as /dev/ttyUSB0")
    parser.add_argument("--family", **FAMILY)
    parser.add_argument("--host", default="127.0.0.1", help="the address for --tcp")
    parser.add_argument("--trace", action="store_true", help="show the AT traffic")
    parser.add_argument("--speed", type=float, default=1.0, help="its seconds in a real one")
    parser.add_argument(
        "--habit",
        action="append",
        choices=sorted(ALL_HABITS),
        default=[],
        metavar="NAME",
        help="a habit of some modules (docs/modem.md); may be given several times",
    )


class ModemTool:
    """The modem and its network, paced in real time.

    Attributes:
        show: given each line for the person who plays the network.
        client: given what the modem says; None while nobody is connected.
    """

    def __init__(
        self,
        show: Callable[[str], None],
        trace: bool = False,
        speed: float = 1.0,
        habits: Iterable[str] = (),
        family: str = "sim800l",
    ) -> None:
        self.kernel = Kernel()
        self.line = Line(self.kernel)
        self.sim = SimCard()
        self.network = Network(self.kernel)
        self.modem = Sim800(
            self.kernel, self.line, self.sim, self.network, family=FAMILIES[family]
        )
        self.modem.adopt(*habits)
        self.operator = Operator(self.network, self.sim, self.modem, self._show_traffic)
        self.show = show
        self.trace = trace
        self.speed = speed
        self.client: Callable[[bytes], None] | None = None
        self.line.to_device.sink = self._to_client
        self.network.notice = self.modem.notice = self._notice
        self._base = time.monotonic()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Live, for ever."""
        self.modem.power(True)
        while True:
            self._advance()
            due = self.kernel.next_time()
            delay = LONGEST_SLEEP_S
            if due is not None:
                delay = min(delay, (due - self._target()) / 1000 / self.speed)
            self._woken.clear()
            if delay > 0:
                try:
                    async with asyncio.timeout(delay):
                        await self._woken.wait()
                except TimeoutError:
                    pass
            else:
                await asyncio.sleep(0)

    def _advance(self) -> None:
        # A pty and a socket have no rate: whatever either end sets, both understand each other.
        self.line.to_modem.receive_baud = self.line.to_device.receive_baud = ANY_RATE
        self.kernel.advance(max(self.kernel.now, self._target()))

    def _target(self) -> int:
        return int((time.monotonic() - self._base) * 1000 * self.speed)

    def received(self, data: bytes) -> None:
        """Take what the client sent."""
        self._trace("<", data)
        self._advance()
        self.line.to_modem.write(data)
        self._woken.set()

    def do(self, text: str) -> None:
        """Obey a line of the prompt. Raises CommandError."""
        self._advance()
        self.operator.do(text)
        self._woken.set()

    def _to_client(self, data: bytes) -> None:
        self._trace(">", data)
        if self.client is not None:
            self.client(data)

    def _notice(self, kind: str, text: str) -> None:
        self.show(f"{kind} {text}")

    def _show_traffic(self, on: bool) -> None:
        self.trace = on

    def _trace(self, direction: str, data: bytes) -> None:
        if self.trace:
            self.show(f"{direction} {data!r}")


# -- where it can be reached ------------------------------------------------------------------


def on_pty(tool: ModemTool) -> str:
    """Put the modem on a pseudo terminal; return the name of its other end."""
    master, slave = os.openpty()  # ours stays open: reading never ends with an error
    tty.setraw(slave)
    loop = asyncio.get_running_loop()
    os.set_blocking(master, False)

    def write(data: bytes) -> None:
        try:
            os.write(master, data)
        except BlockingIOError:
            pass  # nobody reads: lost, as on a wire

    tool.client = write
    loop.add_reader(master, lambda: tool.received(os.read(master, READ)))
    return os.ttyname(slave)


async def on_tcp(tool: ModemTool, host: str, port: int) -> str:
    """Put the modem on a TCP port; return its URL. The last client that connects has it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tool.client = mine = writer.write
        tool.show("connected")
        try:
            while data := await reader.read(READ):
                tool.received(data)
        except (ConnectionError, asyncio.CancelledError):
            pass  # cancelled at the end of the program: asyncio would print that as a fault
        finally:
            if tool.client is mine:
                tool.client = None
            writer.close()
            tool.show("disconnected")

    server = await asyncio.start_server(serve, host, port)
    return f"socket://{host}:{server.sockets[0].getsockname()[1]}"


def on_serial(tool: ModemTool, url: str) -> str:
    """Put the modem on a serial port; return its URL. Raises serial.SerialException."""
    port = serial.serial_for_url(url, baudrate=tool.line.modem_baud, timeout=0.05)
    loop = asyncio.get_running_loop()

    def read() -> None:
        while True:
            try:
                data = port.read(max(1, port.in_waiting))
            except (serial.SerialException, OSError) as error:
                loop.call_soon_threadsafe(tool.show, f"the port is gone: {error}")
                return
            if data:
                loop.call_soon_threadsafe(tool.received, data)

    tool.client = port.write
    threading.Thread(target=read, daemon=True).start()
    return url


# -- the command ------------------------------------------------------------------------------


def run(args: argparse.Namespace) -> int:
    """Run the modem until the person at the prompt ends it; return the exit status."""
    try:
        return asyncio.run(_run(args))
    except (serial.SerialException, OSError) as error:
        print(f"modem: {error}", file=sys.stderr)
        return 1


async def _run(args: argparse.Namespace) -> int:
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    lines: Lines = Prompt() if interactive else StandardInput()
    tool = ModemTool(lines.show, args.trace, args.speed, args.habit, args.family)
    if args.tcp is not None:
        place = await on_tcp(tool, args.host, args.tcp)
    elif args.serial:
        place = on_serial(tool, args.serial)
    else:
        place = on_pty(tool)
    lines.show(f"{tool.modem.family.name} on {place}; help for help, quit to end")
    living = asyncio.create_task(tool.run())
    talking: asyncio.Task[Any] = asyncio.create_task(_talk(tool, lines))
    done, _ = await asyncio.wait({living, talking}, return_when=asyncio.FIRST_COMPLETED)
    for task in (living, talking):
        task.cancel()
    await asyncio.gather(living, talking, return_exceptions=True)
    for task in done:
        task.result()
    return 0


async def _talk(tool: ModemTool, lines: Lines) -> None:
    while (line := await lines.next()) is not None:
        word = line.strip()
        if word in ("quit", "exit"):
            return
        if word in ("help", "?"):
            lines.show(HELP)
        elif word and not word.startswith("#"):
            try:
                tool.do(word)
            except CommandError as error:
                lines.show(str(error))
    await asyncio.Event().wait()  # no more lines: the modem stays until it is ended
