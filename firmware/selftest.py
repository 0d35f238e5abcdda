# SPDX-License-Identifier: MIT
"""Tests the board itself: `from firmware import selftest; selftest.run()`.

Each test prints a line: ok, or FAILED and what to check. Settings and record stay as they are.
Stop the firmware first.
"""

import asyncio
import gc
import os

import esp32
from powersocket import const

from firmware.hardware import Board
from firmware.pins import problems

# Free bytes that the firmware needs, besides the modules that this test has imported already. A
# stock 1.24 image without PSRAM has 165,000 at the prompt, of which this test takes 15,000.
_HEAP = const(120_000)
_FILE = const("/selftest.tmp")


def run():
    """Run all tests."""
    return asyncio.run(_run())


async def _run():
    from firmware import board

    wrong = problems(board)
    _say("pin map", not wrong, "; ".join(wrong))
    gc.collect()
    free = gc.mem_free()
    _say("heap: " + str(free) + " bytes free", free > _HEAP, "reset the board and try at once")
    _say("flash", _flash(), "data read back differs: erase the chip with `make flash`")
    _say("NVS", _nvs(), "data read back differs: erase the chip with `make flash`")
    _say("asyncio", await _semantics(), "use MicroPython 1.24 or later")
    if not wrong:
        await _outside(Board(board))


async def _outside(ports):
    # Compare this with what is connected.
    print("12 V contact", "closed" if ports.contact.value else "open", end=", ")
    print("mains", "on" if ports.mains.value else "off", end=", ")
    print("button", "down" if ports.button.value else "up")
    for name in sorted(ports.leds):
        print("LED", name, "is on for a second")
        ports.leds[name].show("steady")
        await asyncio.sleep(1)
        ports.leds[name].show("off")
    try:
        value = await ports.thermometer.read()
        _say("sensor: " + str(value // 16) + " C", True, "")
    except Exception as error:
        _say("sensor", False, str(error) + ": check DQ, ground, 4.7 kilo-ohm to 3.3 V")
    answered = False
    for _ in range(10):
        ports.uart.write(b"AT\r")
        try:
            answered = b"OK" in await asyncio.wait_for(ports.uart.read(), 1)
        except asyncio.TimeoutError:
            pass
        if answered:
            break
    _say("modem", answered, "LED dark: supply (4 V, 2 A) or PWRKEY; it blinks: TX, RX swapped?")


def _say(what, good, advice):
    print("ok    " + what if good else "FAILED " + what + ": " + advice)


def _flash():
    for round in range(3):
        data = b"%d" % round * 1000
        with open(_FILE, "wb") as file:
            file.write(data)
        with open(_FILE, "rb") as file:
            if file.read() != data:
                return False
    os.remove(_FILE)
    return True


def _nvs():
    # A second object reads, so the value has really been committed.
    for value in (1, 2):
        nvs = esp32.NVS("selftest")
        nvs.set_i32("value", value)
        nvs.commit()
        if esp32.NVS("selftest").get_i32("value") != value:
            return False
    return True


async def _semantics():
    # The firmware relies on it: a timeout ends only the coroutine waited for, cancel ends a task.
    seen = []

    async def wait():
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("ended")

    try:
        await asyncio.wait_for(wait(), 0.05)
    except asyncio.TimeoutError:
        seen.append("timeout")
    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0.05)
    return seen == ["ended", "timeout", "ended"]
