# SPDX-License-Identifier: MIT
"""The example of lib/sim800 as the program of the bench's board."""

from sim800.examples.answer import main


async def run_forever(board):
    """Run it with the board's modem."""
    await main(board.uart, board.modem_power)
