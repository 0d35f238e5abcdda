"""For a person at the REPL: `from firmware import debug`. The program itself never loads it.

See docs/debug.md. The firmware must not run: hold the button at a start, or press Ctrl-C.
"""

import asyncio
import gc
import time

import machine
from powersocket.interpreter import NUMBER, Message
from powersocket.outbox import KIND, REPLY, TEXT

from firmware.compose import begin, compose
from firmware.hardware import Board

_made: list = []  # the application, once it is made


def _app():
    if not _made:
        from firmware import board

        asyncio.new_event_loop()  # without what was left of the firmware
        _made.append(compose(Board(board)))
    return _made[0]


def sms(text, sender=""):
    """Carry out a command as if `sender` had sent it; return the reply, "" if none is due.

    It is committed, and the relay moves; the reply is not sent. Without a sender it is the first
    SECNUMBER, who may command; if there is none, somebody whom the device does not know.
    """
    app = _app()
    device = app.device
    sender = sender or (device.settings["SECNUMBER"] or ["+10000000000"])[0]
    before = len(device.outbox.entries)
    id = -time.ticks_ms()  # no message from the network has a negative one
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
    """Send a line to the modem; return what it says up to OK or ERROR, or in so many seconds."""
    return asyncio.run(_at(_app().board.uart, command, seconds))


async def _at(uart, command, seconds):
    uart.write(command.encode() + b"\r")
    text = ""
    try:
        while not ("OK\r" in text or "ERROR" in text):
            data = await asyncio.wait_for(uart.read(), seconds)
            text += "".join([chr(byte) for byte in data])
    except asyncio.TimeoutError:
        text += "(no more in " + str(seconds) + " s: wiring, supply, MODEM_BAUD?)"
    return [line for line in text.replace("\r", "\n").split("\n") if line]


def status():
    """Print uptime, heap, why the chip started, and the counters."""
    app = _app()
    gc.collect()
    print("uptime", app.now(), "s; chip up", time.ticks_ms() // 1000, "s")
    print("heap used", gc.mem_alloc(), "free", gc.mem_free())
    print("this start:", app.board.reset_cause, "counted:", app.device.record.get("starts", {}))
    print("commits", app.store.commits, "failed", app.store.failures)
    supervisor = app.supervisor
    print("modem restarted", supervisor.restarts, "by itself", supervisor.reboots)
    print("low supply", supervisor.low)
    outbox = app.device.outbox
    print("outbox", len(outbox.entries), "dropped", outbox.dropped)


def log():
    """Print the crashes on flash, and the application's last lines."""
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
    """Print the level of every pin of the map."""
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
        machine.WDT(timeout=(1 << 30) - 1)  # ms: 12 days of peace
        asyncio.new_event_loop()
