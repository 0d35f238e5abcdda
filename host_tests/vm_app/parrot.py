# SPDX-License-Identifier: MIT
"""A program for the tests of the chip runners: it obeys what comes over the UART.

An order is a word, which names a method, and what that takes. MicroPython subset.
"""

import asyncio


async def run_forever(board):
    """Obey the orders that come over the UART, until one of them ends the program."""
    program = Parrot(board)
    while True:
        order, _, argument = (await board.uart.read()).decode().partition(" ")
        await getattr(program, order)(argument)


class Parrot:
    """One method an order."""

    def __init__(self, board):
        self.board = board
        self.kept = []

    async def echo(self, text):
        self.board.uart.write(text.encode())

    async def ticks(self, _):
        self.board.log(str(self.board.clock.ticks_ms()))

    async def sleep(self, ms):
        await asyncio.sleep(int(ms) / 1000)
        await self.ticks("")

    async def load(self, slot):
        file = self.board.flash.load(int(slot))
        self.board.log("nothing" if file is None else file.read().hex())

    async def commit(self, size):
        self.board.flash.commit(0, (bytes(int(size)),))
        self.board.log("committed")

    async def say(self, text):
        print(text)

    async def find(self, module):
        try:
            __import__(module)
            self.board.log("yes")
        except ImportError:
            self.board.log("no")

    async def crash(self, text):
        raise ValueError(text)

    async def end(self, _):
        self.kept.append(asyncio.create_task(self._quit()))
        await asyncio.sleep(1)

    async def _quit(self):
        raise SystemExit

    async def lose(self, text):
        async def fail():
            raise ValueError(text)

        self.kept.append(asyncio.create_task(fail()))

    async def hang(self, _):
        while True:
            pass

    async def fill(self, count):
        """Take `count` KiB of heap, or as much as there is."""
        taken = []
        try:
            for _ in range(int(count)):
                taken.append(bytearray(1000))
        except MemoryError:
            pass
        count = len(taken)
        taken = None
        self.board.log(str(count))

    async def restart(self, cause):
        self.board.restart(cause)
        self.board.log("never said")
