"""Checks the pin map and runs the firmware; a crash is logged, waited for and the chip restarted.

Two ways out to the REPL: the button held while the board starts (nothing runs then), or Ctrl-C.
"""

import asyncio
import sys

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
        from firmware.crash import keep

        await keep(error)
        machine.reset()


def log_watchdog():
    """If the watchdog has restarted the chip, say so in the crash log."""
    if machine.reset_cause() == machine.WDT_RESET:
        from firmware.crash import watchdog_restarted

        watchdog_restarted()
        forget("crash")


def forget(name):
    """Give back the memory of a module of firmware/ that is needed once."""
    package = sys.modules["firmware"]
    # MicroPython's dict keeps a value that is deleted: None takes its place first.
    setattr(package, name, None)
    delattr(package, name)
    sys.modules["firmware." + name] = None  # type: ignore[assignment]
    del sys.modules["firmware." + name]


def main():
    """Start, unless the button or the pin map says no."""
    try:
        from firmware import board
    except ImportError:
        print("firmware/board.py is missing: `make board BOARD=devkit`, then `make deploy`")
        return
    from firmware.pins import problems

    wrong = problems(board)
    forget("pins")
    for line in wrong:
        print("board.py:", line)
    if wrong:
        print("nothing was started: mend firmware/board.py and `make deploy` it")
    elif machine.Pin(board.BUTTON, machine.Pin.IN, machine.Pin.PULL_UP).value() == 0:
        print("the button is held: nothing was started, this is the REPL")
    else:
        try:
            asyncio.run(run(board))
        except KeyboardInterrupt:
            micropython.kbd_intr(-1)  # a second one may not come in between; the REPL takes it
            # The watchdog cannot be stopped, but set anew: to 12 days.
            machine.WDT(timeout=(1 << 30) - 1)
            asyncio.new_event_loop()  # else the next run() goes on with the old tasks
            print("stopped; `from firmware import debug` helps, machine.reset() starts again")


main()
