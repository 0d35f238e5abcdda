"""Runs the firmware; if it ever ends, says why and restarts the chip.

Ctrl-C leaves to the REPL.
"""

import asyncio
import sys
import time

import machine


def main():
    """Run the firmware on the board that firmware/board.py describes."""
    from firmware import board
    from firmware.app import run_forever
    from firmware.hardware import Board

    async def run():
        await run_forever(Board(board))

    asyncio.run(run())


try:
    main()
except Exception as error:
    sys.print_exception(error)
    time.sleep(5)  # time to press Ctrl-C; also keeps a crash at start from wearing the relay
    machine.reset()
