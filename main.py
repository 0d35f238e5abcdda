"""Checks the pin map and runs the firmware; after a crash logs it, rests, and restarts the chip.

Two ways out to the REPL: the button held while the board starts (nothing runs then), or Ctrl-C.
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
        await asyncio.sleep(0)  # the tasks end
        gc.collect()  # it may have been a lack of memory
        from firmware.crash import keep

        await keep(error)
        machine.reset()


def log_watchdog():
    """If the watchdog has restarted the chip, say so in the crash log."""
    if machine.reset_cause() == machine.WDT_RESET:
        from firmware.crash import watchdog_restarted
        from firmware.seldom import release

        watchdog_restarted()
        release("firmware.crash")


def main():
    """Start the firmware, unless the button is held or the pin map is wrong."""
    try:
        from firmware import board
    except ImportError:
        print("firmware/board.py is missing: `make board BOARD=devkit`, then `make deploy`")
        return
    from firmware.pins import problems
    from firmware.seldom import release

    wrong = problems(board)
    release("firmware.pins")
    for line in wrong:
        print("board.py:", line)
    if wrong:
        print("not started: fix firmware/board.py, then `make deploy`")
    elif machine.Pin(board.BUTTON, machine.Pin.IN, machine.Pin.PULL_UP).value() == 0:
        print("not started, as the button is held: this is the REPL")
    else:
        try:
            asyncio.run(run(board))
        except KeyboardInterrupt:
            micropython.kbd_intr(-1)  # no second one in between; at the REPL it works again
            # The watchdog cannot be stopped, but its time can be changed: to 12 days.
            machine.WDT(timeout=(1 << 30) - 1)
            asyncio.new_event_loop()  # else the next run() would go on with the old tasks
            print("stopped; `from firmware import debug` helps, machine.reset() starts again")


main()
