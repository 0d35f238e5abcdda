# SPDX-License-Identifier: MIT
"""USSD: a code to the operator, a text back (AT+CUSD, 3GPP 27.007, 7.15; coding 23.038, 5).

The answer is a URC that may come before or after OK. Its text is in the modem's character set;
UCS2 and 8-bit texts come as hex. The set "GSM" has every character of the default alphabet, and
digits and signs where ASCII has them; a modem that refuses it keeps its own set.
"""

import asyncio

from sim800 import const
from sim800.alphabets import (
    GSM7,
    OCTETS,
    UCS2,
    alphabet,
    decode_gsm7,
    decode_latin1,
    decode_ucs2,
    pack,
)
from sim800.at import made_of
from sim800.errors import AtError, ModemError
from sim800.link import bounded

_MORE = const(1)  # <n> of +CUSD: the operator expects an answer, which is never given
_TWO_LETTERS = const(0x11)  # coding: a language in two letters of 7 bits, then UCS2


class Ussd:
    """One code at a time, which the caller guarantees (`Modem.ussd` does)."""

    def __init__(self, modem):
        self._modem = modem
        self._answer = None
        self._answered = asyncio.Event()  # clear while an answer is waited for
        self._answered.set()
        self._open = False  # a session may be under way
        modem.listen("+CUSD:", self._on_answer)

    def reset(self):
        """The modem restarted: no session is left, and nobody need wait for an answer."""
        self._open = False
        self._answered.set()

    async def ask(self, code, timeout):
        """Send a code; return the answer's text. timeout: seconds. Raises ModemError."""
        if not made_of(code, b"0123456789*#+"):
            raise ModemError("no USSD code")
        if self._open:
            await self._cancel()
        # Each time: the modem may have refused it before, or lost it.
        gsm = await self._modem.ask('AT+CSCS="GSM"') is not None
        self._answer = None
        self._answered.clear()
        self._open = True
        try:
            await self._modem.command('AT+CUSD=1,"' + code + '",15', timeout=timeout)
            await bounded(self._answered, timeout)
        except ModemError as error:
            if self._answer is None:
                self._open = not isinstance(error, AtError)
                raise
        finally:
            self._answered.set()
        answer = self._answer
        if answer is not None and answer[0] != _MORE:
            self._open = False
        if self._open:
            await self._cancel()
        if answer is None or answer[1] is None:
            raise ModemError("no answer to " + code + ": " + str(answer))
        return decode(answer[1], answer[2], gsm)

    async def _cancel(self):
        self._open = await self._modem.ask("AT+CUSD=2") is None

    def _on_answer(self, line, extra):
        answer = parse(line)
        if self._answered.is_set():
            self._modem.say("USSD that nobody asked for")
        else:
            self._answer = answer
            self._answered.set()


def parse(line):
    """Return (n, raw text or None, dcs) of `+CUSD: <n>[,"text"[,<dcs>]]`. Raises ValueError."""
    rest = line[line.find(":") + 1 :]
    first = rest.find('"')
    last = rest.rfind('"')
    if first < 0 or last == first:
        return int(rest.split(",")[0]), None, 15
    tail = rest[last + 1 :].strip(" ,")
    return int(rest[:first].strip(" ,")), rest[first + 1 : last], int(tail) if tail else 15


def decode(text, dcs, gsm=False):
    """Return the readable form of the text between the quotes.

    dcs: its coding scheme; gsm: the modem's character set is "GSM", so that text which is not hex
    has one septet of the default alphabet in each character.
    """
    found = _from_hex(text, dcs)
    if found is not None:
        return found
    septets = text.encode()
    count = len(septets)
    # A character above 127: the modem said OK, but keeps to ISO 8859-1.
    if not gsm or count != len(text):
        return text
    return decode_gsm7(pack(septets, 0, count), 0, count)


def _from_hex(text, dcs):
    """Return the text that hex digits stand for; None if the text is no hex, or plain digits.

    dcs: a cell broadcast coding scheme (23.038, 5). Its groups 4 to 7 and 15 are as for messages;
    the others mean the default alphabet, except UCS2 after a language.
    """
    try:
        octets = bytearray(bytes.fromhex(text))
    except ValueError:
        return None
    size = len(octets)
    if size * 2 != len(text):
        return None
    coding = GSM7
    start = 0
    if dcs == _TWO_LETTERS:
        coding = UCS2
        if size > 2 and decode_gsm7(octets, 0, 2).isalpha():
            start = 2
    elif dcs >> 4 in (4, 5, 6, 7, 15):
        coding = alphabet(dcs)
    if coding == OCTETS:
        for i in range(size):
            if octets[i] < 32 and octets[i] not in b"\r\n":
                octets[i] = 32
        return decode_latin1(octets)
    # Some modems do not say that it is UCS2; but no operator answers in hex of Latin pairs.
    if coding != UCS2 and (size < 4 or size % 2 or _latin_pairs(octets) * 4 <= size):
        return None
    return decode_ucs2(octets, start, size)


def _latin_pairs(octets):
    """Return how many pairs of octets are a letter, digit or sign of ISO 8859-1 in UCS2."""
    count = 0
    for i in range(0, len(octets), 2):
        count += octets[i] == 0 and (octets[i + 1] > 31 or octets[i + 1] in b"\r\n")
    return count
