# SPDX-License-Identifier: MIT
"""Checks the pin map and runs the firmware; after a crash logs it, waits, and restarts the chip.

Two ways to the REPL: hold the button while the board starts, and nothing runs; or press Ctrl-C.
"""

import asyncio
import gc

import machine
import micropython


async def run(config):
    """Run the firmware; if it ends, log why and restart the chip."""
    try:
        log_watchdog()
        from firmware.app import run_forever
        from firmware.hardware import Board

        await run_forever(Board(config))
    except Exception as error:
        await asyncio.sleep(0)  # lets the cancelled tasks end
        gc.collect()  # the crash may have been a MemoryError
        from firmware.crash import keep

        await keep(error)
        machine.reset()


def log_watchdog():
    """If the watchdog has restarted the chip, say so in the crash log."""
    if machine.reset_cause() == machine.WDT_RESET:
        from sim800 import release

        from firmware.crash import watchdog_restarted

        watchdog_restarted()
        release("firmware.crash")


def main():
    """Start the firmware, unless the button is held or the pin map is wrong."""
    try:
        from firmware import board
    except ImportError:
        print("firmware/board.py is missing: run `make board BOARD=devkit`, then `make deploy`")
        return
    from sim800 import release

    from firmware.pins import problems

    wrong = problems(board)
    release("firmware.pins")
    for line in wrong:
        print("board.py:", line)
    if wrong:
        print("not started: fix firmware/board.py, then run `make deploy`")
    elif machine.Pin(board.BUTTON, machine.Pin.IN, machine.Pin.PULL_UP).value() == 0:
        print("not started because the button is held; this is the REPL")
    else:
        try:
            asyncio.run(run(board))
        except KeyboardInterrupt:
            micropython.kbd_intr(-1)  # no second Ctrl-C from here on; the REPL takes it again
            # The watchdog cannot be stopped, but its timeout can be changed: to 12 days.
            machine.WDT(timeout=(1 << 30) - 1)
            asyncio.new_event_loop()  # else the next run() would resume the old tasks
            print("stopped: `from firmware import debug` has tools, machine.reset() starts again")


main()
