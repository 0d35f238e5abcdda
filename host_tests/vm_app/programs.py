"""Programs for the tests of the chip runner; `board.config["program"]` says which one runs."""

import asyncio
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
    seldom = __import__("firmware.seldom", None, None, ("release",))
    forget = seldom.release
    kept = []

    def release(name):
        if name == board.config["held"]:
            kept.append(sys.modules[name])
        forget(name)

    seldom.release = release
    app = __import__("firmware.app", None, None, ("run_forever",))
    await app.run_forever(board)
