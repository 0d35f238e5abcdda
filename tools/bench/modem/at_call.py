# SPDX-License-Identifier: MIT
"""AT commands: calls."""

from __future__ import annotations

from tools.bench.modem.at_network import require_sim
from tools.bench.modem.calls import ACTIVE, INCOMING, kind_of
from tools.bench.modem.module import Module
from tools.bench.modem.table import (
    CALL,
    EXECUTE,
    READ,
    WRITE,
    AtError,
    Latency,
    Request,
    Steps,
    UnknownCommand,
    command,
    setting,
)

FINALS = {17: "BUSY", 18: "NO ANSWER", 19: "NO ANSWER"}
CAUSES = {
    0: "No cause information available",
    16: "Normal call clearing",
    17: "User busy",
    18: "No user responding",
    19: "User alerting, no answer",
    21: "Call rejected",
    27: "Destination out of order",
}

setting("+MORING", "moring", range(2))
setting("+GSMBUSY", "gsmbusy", range(2))
setting("+CRC", "crc", range(2))
setting("+CCWA", "ccwa", range(2))
setting("+DDET", "ddet", range(2))


def _reports_calls(modem: Module) -> None:
    """Some have only AT+CLCC without a parameter."""
    if not modem.habits.reports_calls:
        raise UnknownCommand


setting("+CLCC", "clcc", range(2), before=_reports_calls)


@command("D", EXECUTE, CALL)
def dial(modem: Module, request: Request) -> Steps:
    """A voice call: OK at once, with COLP=1 only when it is answered."""
    text = request.args
    if not text.endswith(";"):
        raise AtError("CME", 3)
    number = "".join(c for c in text[:-1] if c in "+0123456789*#")
    if not number:
        raise AtError("CME", 3)
    if modem.calls.call is not None:
        raise AtError("CME", 3)
    require_sim(modem)
    if modem.habits.data_only:
        raise AtError
    if not modem.service.registered:
        yield 300
        if modem.family.lte:
            raise AtError("CME", 30)  # LilyGo-Modem-Series#115
        return "NO CARRIER"
    if not modem.service.voice:
        modem.after(300, lambda: modem.calls.fail(number))
        if modem.family.voiceless != "OK":
            yield 500
        return modem.family.voiceless
    modem.calls.dial(number)
    if not modem.settings.colp:
        return None
    while modem.calls.call is not None:
        if modem.calls.call.stat == ACTIVE:
            modem.info(f'+COLP: "{number}",{kind_of(number)}')
            return None
        yield 100
    return None


@command("H", EXECUTE, CALL)
def hang_up(modem: Module, request: Request) -> None:
    """End the call; OK without one too. Cures a modem that is deaf.

    With AT+CVHU=1 it does nothing to a call, and answers OK (A76 2.2.3 and 7.2.1, S76 5.2.1).
    """
    if not modem.family.lte or modem.settings.cvhu == 0:
        modem.calls.hang_up()
    modem.hear()


@command("+CHUP", EXECUTE, CALL)
def end_calls(modem: Module, request: Request) -> None:
    """End the call, in any case. The A7670 says OK before it does so (A76 7.2.2)."""
    if modem.family.chup_ms:
        modem.after(modem.family.chup_ms, modem.calls.hang_up)
    else:
        modem.calls.hang_up()
    modem.hear()


@command("A", EXECUTE, CALL)
def answer(modem: Module, request: Request) -> Steps:
    """Take the incoming call."""
    yield 300
    return None if modem.calls.answer() else "NO CARRIER"


@command("+VTS", WRITE, test="(0-9,A-D,*,#)")
def tones(modem: Module, request: Request) -> Steps:
    """Up to 20 DTMF tones into an answered call."""
    keys = request.values()[0].upper().replace(",", "")
    if not 1 <= len(keys) <= 20 or any(key not in "0123456789ABCD*#" for key in keys):
        raise AtError("CME", 3)
    if modem.calls.call is None or modem.calls.call.stat != ACTIVE:
        raise AtError("CME", 3)
    modem.network.notice("dtmf", keys)
    yield 100 * len(keys)
    return None


@command("+CLIP", WRITE, Latency(10, 15000), test="(0-1)")
def set_clip(modem: Module, request: Request) -> None:
    modem.settings.clip = request.number(range(2))


@command("+CLIP", READ, Latency(10, 15000))
def clip(modem: Module, request: Request) -> None:
    modem.info(f"+CLIP: {modem.settings.clip},1")


@command("+COLP", WRITE, Latency(10, 15000), test="(0-1)")
def set_colp(modem: Module, request: Request) -> None:
    modem.settings.colp = request.number(range(2))


@command("+COLP", READ, Latency(10, 15000))
def colp(modem: Module, request: Request) -> None:
    modem.info(f"+COLP: {modem.settings.colp},1")


@command("+CLCC")
def list_calls(modem: Module, request: Request) -> None:
    """The present call; none: OK alone."""
    entry = modem.calls.entry()
    if entry is not None:
        modem.info(f"+CLCC: {entry}")


@command("+CPAS")
def activity(modem: Module, request: Request) -> None:
    """0 ready, 3 ringing, 4 a call in progress (answered or not)."""
    call = modem.calls.call
    modem.info(f"+CPAS: {0 if call is None else 3 if call.stat == INCOMING else 4}")


@command("+CEER")
def cause(modem: Module, request: Request) -> None:
    code = modem.calls.cause
    text = CAUSES.get(code, str(code))
    modem.info(f'+CEER: "{code} {text}"' if modem.family.numbered_causes else f"+CEER: {text}")
