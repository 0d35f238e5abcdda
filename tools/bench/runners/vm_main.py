# SPDX-License-Identifier: MIT
"""What the MicroPython VM runs: the bench's board around the application.

`wire` is the host's JavaScript module: `emit(name, arg)`, `call(name, arg)` -> str, `load(name,
arg)` -> path, `give(hex)`: comes after the next argument, `on_input(callback)`, `end()`.
MicroPython only.
"""

import asyncio
import io
import json
import sys
import time

import wire

from tools.bench.runners.ports import BenchBoard

_GIVEN = 64  # bytes


class Wire:
    """The device's end of the wire, as `BenchBoard` expects it."""

    def emit(self, name, arg):
        wire.emit(name, arg)

    def call(self, name, arg):
        return wire.call(name, arg)

    def give(self, data):
        """Have bytes go after the next argument, in hex; in pieces, so that it takes no heap."""
        try:
            for start in range(0, len(data), _GIVEN):
                wire.give(data[start : start + _GIVEN].hex())
        except MemoryError:
            wire.give(None)
            raise

    def load(self, name, arg):
        """Return what a call answers in hex as a file, which takes no heap; None for `-`."""
        path = wire.load(name, arg)
        return open(path, "rb") if path else None

    def ticks_ms(self):
        return time.ticks_ms()


def start(application, info):
    """Make a task of `application.run_forever(board)`. `info` is the boot's, as JSON."""
    board = BenchBoard(Wire(), json.loads(info))
    wire.on_input(board.input)
    asyncio.create_task(_run(application, board))


async def _run(application, board):
    try:
        module = __import__(application, None, None, ("run_forever",))
        await module.run_forever(board)
        wire.emit("crash", "the application ended")
    except Exception as error:
        wire.emit("crash", _told(error))
    wire.end()


def _told(error):
    """Return a traceback in one line, or the kind of the error if there is no memory for it."""
    try:
        text = io.StringIO()
        sys.print_exception(error, text)
        return text.getvalue().strip().replace("\n", "|")
    except MemoryError:
        return type(error).__name__
