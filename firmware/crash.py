# SPDX-License-Identifier: MIT
"""The crash log on flash, and the pause before the restart. Imported only after a crash."""

import asyncio
import os
import sys
import time

import esp32
import machine
from powersocket import const

_LOG = const("/crash.log")
_OLD = const("/crash.old")
_SIZE = const(4000)  # bytes after which a new file is begun; the one before it is kept
_WELL = const(600_000)  # ms of running after which the next crash counts as the first
_LONGEST = const(600)  # s between a crash and the restart


async def keep(error):
    """Log an exception with its traceback, then wait: 5 s, doubled at every crash in a row."""
    sys.print_exception(error)
    count = _count()
    try:
        _write(error, count)
    except OSError as failed:
        print("crash log:", failed)
    print("crash", count, "in a row: restart in", seconds(count), "s; Ctrl-C gives the REPL")
    watchdog = machine.WDT(timeout=60_000)
    for _ in range(seconds(count)):
        watchdog.feed()
        await asyncio.sleep(1)


def watchdog_restarted():
    """Log that the watchdog restarted the chip; the program that hung could not."""
    try:
        with _opened() as file:
            now = str(time.time())
            file.write("watchdog at " + now + " s: the firmware hung, or the REPL was left open\n")
    except OSError as failed:
        print("crash log:", failed)


def seconds(count):
    """Return how long to wait before the restart, after `count` crashes in a row."""
    return min(_LONGEST, 5 << min(count - 1, 7))


def _count():
    nvs = esp32.NVS("powersocket")
    try:
        count = nvs.get_i32("crashes") + 1
    except OSError:
        count = 1
    if time.ticks_ms() > _WELL:
        count = 1
    nvs.set_i32("crashes", count)
    nvs.commit()
    return count


def _opened():
    try:
        if os.stat(_LOG)[6] > _SIZE:
            os.rename(_LOG, _OLD)
    except OSError:
        pass  # there is no log yet
    return open(_LOG, "a")


def _write(error, count):
    with _opened() as file:
        file.write("crash " + str(count) + " at " + str(time.time()) + " s\n")
        sys.print_exception(error, file)
