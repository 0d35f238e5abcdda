# SPDX-License-Identifier: MIT
"""Targets of fuzzing: the SMS codec and the AT parser."""

from __future__ import annotations

from datetime import datetime

from sim800 import reports, sms
from sim800.at import CALL_RESULTS, DROPPED, ENTRY, PROMPT, RESULT, URC, AtParser
from sim800.concat import Reassembler
from sim800.sms import PduError

OWNER = "+31600000001"
TEXT = b" "  # a longer address of a service centre than there is


def pdu(data: bytes) -> None:
    """Whatever line comes for a PDU, it is read or refused; what we send can be read as it was.

    data: the octets of a PDU, or its digits; if it begins as no PDU does, a text from byte 1 on.
    """
    for line in (data.decode("latin-1"), data.hex()):
        try:
            entry = reports.decode(line)
        except PduError:
            continue
        if isinstance(entry, reports.StatusReport):
            assert 0 <= entry.mr < 256 and 0 <= entry.status < 256
            assert _is_moment(entry.scts) and _is_moment(entry.discharge)
            continue
        _check_deliver(entry)
        if entry.kind == sms.NUMBER and entry.text is not None:
            _send_and_read(entry.sender, entry.text)
    if data[:1] >= TEXT:
        _send_and_read(OWNER, data[1:].decode("utf-8", "replace"))


def _check_deliver(entry: sms.Deliver) -> None:
    assert entry.kind in (sms.NUMBER, sms.ALPHA, sms.HIDDEN)
    assert (entry.sender == "") == (entry.kind == sms.HIDDEN)
    assert (entry.text or "").encode() is not None  # it has no half of a surrogate pair
    assert len(entry.text or "") <= 160 and len(entry.data) <= 140
    assert entry.text is None or entry.data == b""
    assert _is_moment(entry.scts)
    if entry.concat is not None:
        reference, total, number = entry.concat
        assert 0 <= reference < 2 * sms.WIDE and 1 <= number <= total < 256
    if entry.ports is not None:
        assert all(0 <= port < 65536 for port in entry.ports)


def _is_moment(stamp: tuple[int, ...] | None) -> bool:
    """Tell whether a time stamp is one, or None; `datetime` raises if there is no such time."""
    if stamp is None:
        return True
    year, month, day, hour, minute, second, zone = stamp
    return datetime(year, month, day, hour, minute, second).year >= 2000 and -56 <= zone <= 56


def _send_and_read(number: str, text: str) -> None:
    """Encode a text; its parts, delivered in another order, give the text again."""
    parts = sms.encode_submit(number, text, 77)
    joined = Reassembler(len(text), len(parts))
    whole = None
    for slot, (length, line) in enumerate(reversed(parts)):
        octets = bytes.fromhex(line)
        assert octets[0] == 0 and length == len(octets) - 1
        entry = sms.decode(_delivered(octets).hex())
        assert entry.sender == number
        assert whole is None
        whole = entry if len(parts) == 1 else (joined.add(entry, slot, 0) or (None,))[0]
    assert whole is not None and whole.text == text


def _delivered(submit: bytes) -> bytes:
    """Return the SMS-DELIVER that a centre makes of an SMS-SUBMIT without validity."""
    user = 5 + (submit[3] + 1) // 2 + 2  # behind the address, protocol and coding
    stamp = bytes((0x62, 0x11, 0x12, 0x12, 0x43, 0x00, 0x40))
    return bytes((0, 0x04 | submit[1] & 0x40)) + submit[3:user] + stamp + submit[user:]


# -- the AT parser ------------------------------------------------------------------------------

# What `begin` gets; None: no command runs.
COMMANDS: tuple[tuple | None, ...] = (
    None,
    ("AT+CSQ", "+CSQ:"),
    ("AT+CMGL=4", "+CMGL:", True),
    ("AT+CMGS=30", "+CMGS:", False, True),
    ("ATD+31600000001;",),
    ('AT+CUSD=1,"*100#"',),
)
LIMIT = 100
MOST_PIECES = 16
HINT = b'\r\n+CMTI: "SM",3\r\n'
ANSWER = b"\r\n+CSQ: 20,0\r\n\r\nOK\r\n"


def at(data: bytes) -> None:
    """Whatever the modem sends, the parser stays bounded, and reads the next answer rightly.

    data: which command runs, how many bytes come at once, where a URC arrives in the next answer;
    then what the modem sends.
    """
    if len(data) < 3:
        return
    noise, place = data[3:], data[2]
    command = COMMANDS[data[0] % len(COMMANDS)]
    size = data[1] + 1 + len(noise) // MOST_PIECES
    parser = AtParser(LIMIT)
    if command is not None:
        parser.begin(*command)
    events = _read(parser, noise, size)
    for kind, text, extra in events:
        _check_event(kind, text, extra, command)
    for kind in (RESULT, PROMPT):
        assert [event[0] for event in events].count(kind) <= 1
    assert len(parser.flush()) <= LIMIT
    # It was given up; the next command gets its answer, with a URC anywhere in it.
    parser.end()
    parser.begin("AT+CSQ", "+CSQ:")
    place %= len(ANSWER) + 1
    line = ANSWER[:place] + HINT + ANSWER[place:]
    events = sorted(_read(parser, line, data[1] + 1), key=lambda event: event[0])
    assert events == [(RESULT, "OK", ["+CSQ: 20,0"]), (URC, '+CMTI: "SM",3', None)], events


def _read(parser: AtParser, line: bytes, size: int) -> list[tuple]:
    """Feed a parser in pieces; return its events, of which there are never more than bytes."""
    events = []
    for start in range(0, len(line), size):
        parser.feed(line[start : start + size])
        event = parser.next()
        while event is not None:
            events.append(event)
            assert len(events) <= len(line), "events without end"
            event = parser.next()
    return events


def _check_event(kind: int, text: str, extra: object, command: tuple | None) -> None:
    assert type(text) is str
    prefix = command[1] if command is not None and len(command) > 1 else "no line"
    if kind in (RESULT, ENTRY, PROMPT):
        assert command is not None
    if kind == RESULT:
        assert text.startswith(("OK", "ERROR", "+CM")) or text in CALL_RESULTS, text
        assert isinstance(extra, list) and all(line.startswith(prefix) for line in extra)
    elif kind == ENTRY:
        assert text.startswith(prefix) and type(extra) is str
    elif kind == URC:
        assert text and (extra is None or type(extra) is str)
    else:
        assert kind in (PROMPT, DROPPED) and extra is None
