# SPDX-License-Identifier: MIT
"""Programs for the tests of the chip runner; `board.config["program"]` says which one runs."""

import asyncio
import gc
import sys


async def run_forever(board):
    """Run the program."""
    await globals()[board.config["program"]](board)
    await asyncio.Event().wait()


async def echo(board):
    """Send back what comes over the UART."""
    while True:
        board.uart.write(await board.uart.read())


async def sleeper(board):
    """Sleep as often as `board.config["times"]` says; log the ticks at the end."""
    for _ in range(board.config["times"]):
        await asyncio.sleep_ms(board.config["ms"])
    board.log(str(board.clock.ticks_ms()))


async def spin(board):
    """Never become idle, though other tasks run."""
    while True:
        await asyncio.sleep(0)


async def end(board):
    """Raise, while another task is ready to say and to ask something."""
    asyncio.create_task(_afterwards(board))
    raise ValueError("first line\nsecond \u00e4")


async def _afterwards(board):
    board.log("after the end")
    board.relay.remembered()


async def held(board):
    """Run the firmware; of the modules that it releases it keeps `board.config["held"]` alive."""
    package = __import__("sim800", None, None, ("release",))
    forget = package.release
    kept = []

    def release(name):
        if name == board.config["held"]:
            kept.append(sys.modules[name])
        forget(name)

    package.release = release
    app = __import__("firmware.app", None, None, ("run_forever",))
    await app.run_forever(board)


async def starving(board):
    """Run the firmware; after `board.config["starve"]` seconds, if it is not 0, fill the heap.

    As many KiB as `board.config["left"]` says are left free.
    """
    app = __import__("firmware.app", None, None, ("run_forever",))
    app.gc = Filler()
    if board.config["starve"]:
        asyncio.create_task(app.gc.fill(board.config["starve"], board.config["left"]))
    await app.run_forever(board)


class Filler:
    """Takes memory; `collect()` gives it back at once.

    On the board the collector can run when the application fails, and what that held is free then.
    On this VM it runs between two turns only: a list that is cleared gives its memory back.
    """

    def __init__(self):
        self._taken = []

    async def fill(self, seconds, left):
        """Take all memory but `left` KiB."""
        await asyncio.sleep(seconds)
        spare = [[0] * 256 for _ in range(left)]
        for size in (2048, 256, 256, 64, 16, 16):  # words of 4 bytes
            gc.collect()
            await asyncio.sleep(0.001)
            try:
                while True:
                    self._taken.append([0] * size)
            except MemoryError:
                pass
        for one in spare:
            one.clear()

    def collect(self):
        """Give everything back."""
        for one in self._taken:
            one.clear()
