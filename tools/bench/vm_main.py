"""What the MicroPython VM runs: the bench's board around the application.

`wire` is the host's JavaScript module: `emit(name, arg)`, `call(name, arg)` -> str,
`on_input(callback)`, `end()`. MicroPython only.
"""

import asyncio
import io
import json
import sys
import time

import wire

from tools.bench.ports import BenchBoard


class Wire:
    """The device's end of the wire, as `BenchBoard` expects it."""

    def emit(self, name, arg):
        wire.emit(name, arg)

    def call(self, name, arg):
        return wire.call(name, arg)

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
        text = io.StringIO()
        sys.print_exception(error, text)
        wire.emit("crash", text.getvalue().strip().replace("\n", "|"))
    wire.end()
