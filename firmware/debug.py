# SPDX-License-Identifier: MIT
"""Tools for a person at the REPL: `from firmware import debug`. The firmware never imports it.

See docs/debug.md. Stop the firmware first: hold the button at a start, or press Ctrl-C.
"""

import asyncio
import gc
import time

import machine
from powersocket.interpreter import NUMBER, Message
from powersocket.outbox import KIND, REPLY, TEXT

from firmware.app import App
from firmware.compose import begin, compose
from firmware.hardware import Board

_made: list = []  # the application, once it is made


def _app():
    if not _made:
        from firmware import board

        asyncio.new_event_loop()  # without the tasks of the firmware that was stopped
        app = App(Board(board))
        compose(app)
        _made.append(app)
    return _made[0]


def sms(text, sender=""):
    """Carry out a command as if `sender` had sent it; return the reply, "" if there is none.

    The change is committed and the relay moves, but the reply is not sent. The default sender is
    the first SECNUMBER, who may command; if there is none, a number unknown to the device.
    """
    app = _app()
    device = app.device
    sender = sender or (device.settings["SECNUMBER"] or ["+10000000000"])[0]
    before = len(device.outbox.entries)
    id = -time.ticks_ms()  # ids of messages from the network are not negative
    request = device.read(Message(sender, NUMBER, text, id), app.now())
    if request is not None:
        device.carry_out(request)
    texts = []
    for entry in list(device.outbox.entries[before:]):
        if entry[KIND] == REPLY:
            texts.append(entry[TEXT])
            device.outbox.entries.remove(entry)
    app.settle()
    return "\n".join(texts)


def at(command, seconds=5):
    """Send a line to the modem; return its lines up to OK, ERROR or `seconds` of silence."""
    return asyncio.run(_at(_app().board.uart, command, seconds))


async def _at(uart, command, seconds):
    uart.write(command.encode() + b"\r")
    text = ""
    try:
        while not ("OK\r" in text or "ERROR" in text):
            data = await asyncio.wait_for(uart.read(), seconds)
            text += "".join([chr(byte) for byte in data])
    except asyncio.TimeoutError:
        text += "(nothing more in " + str(seconds) + " s: check wiring, supply, MODEM_BAUD)"
    return [line for line in text.replace("\r", "\n").split("\n") if line]


def status():
    """Print uptime, heap, why the chip started, and what was counted since."""
    app = _app()
    gc.collect()
    print("uptime", app.now(), "s; chip up", time.ticks_ms() // 1000, "s")
    print("heap used", gc.mem_alloc(), "free", gc.mem_free())
    starts = app.device.record.get("starts", {})
    print("started by", app.board.reset_cause + ", all starts:", starts)
    print("commits", app.store.commits, "failed", app.store.failures)
    supervisor = app.supervisor
    print("modem restarted", supervisor.restarts, "by itself", supervisor.reboots)
    print("low supply", supervisor.low)
    outbox = app.device.outbox
    print("outbox", len(outbox.entries), "dropped", outbox.dropped)


def log():
    """Print the crash log, then the last log lines of the firmware that ran."""
    for path in ("/crash.old", "/crash.log"):
        try:
            with open(path) as file:
                print(file.read())
        except OSError:
            pass
    if _made:
        for line in _made[0].lines:
            print(line)


def pins():
    """Print the level of every pin in the pin map."""
    from firmware import board

    for name in sorted(dir(board)):
        pin = getattr(board, name)
        if type(pin) is int and name != "MODEM_BAUD":
            print(name, pin, machine.Pin(pin).value())


def run():
    """Run the firmware until Ctrl-C; `log()` shows its last lines then."""
    _made.clear()
    app = _app()
    try:
        begin(app)
        asyncio.run(app.failed())
    except KeyboardInterrupt:
        machine.WDT(timeout=(1 << 30) - 1)  # ms: 12 days, as it cannot be stopped
        asyncio.new_event_loop()
