"""USSD: a code to the operator, a text back (AT+CUSD, 3GPP 27.007, 7.15; coding 23.038, 5).

The answer is a URC that may come before or after OK. Its text is in the modem's character set; in
UCS2 and in 8 bits it comes as hex.
"""

import asyncio

from sim800 import alphabets
from sim800.errors import AtError, ModemError
from sim800.link import bounded

_MORE = 1  # <n> of +CUSD: a dialogue, which nobody here holds
_TWO_LETTERS = 0x11  # coding: a language in two letters of 7 bits, then UCS2


class Ussd:
    """One question at a time: the caller sees to that (`Modem.ussd` does)."""

    def __init__(self, modem, log):
        self._modem = modem
        self._log = log
        self._answer: tuple | None = ()  # not asked; None: it is waited for
        self._answered = asyncio.Event()
        self._open = False  # a session may be under way
        modem.listen("+CUSD:", self._on_answer)

    def reset(self):
        """The modem restarted: no session is left, and who waits need not."""
        self._open = False
        self._answered.set()

    async def ask(self, code, timeout):
        """Send a code; return the answer's text. Raises ModemError."""
        if not code or not all([c in "0123456789*#+" for c in code]):
            raise ModemError("no USSD code")
        if self._open:
            await self._cancel()
        self._answer = None
        self._answered.clear()
        self._open = True
        try:
            await self._send('AT+CUSD=1,"' + code + '",15', timeout)
            answer = self._answer
        finally:
            self._answer = ()
        if answer is None or answer[0] == _MORE:
            await self._cancel()
        else:
            self._open = False
        if answer is None or answer[1] is None:
            raise ModemError("no answer to " + code + ": " + str(answer))
        return decode(answer[1], answer[2])

    async def _send(self, line, timeout):
        try:
            await self._modem.command(line, timeout=timeout)
        except ModemError as error:
            if self._answer is None:
                self._open = not isinstance(error, AtError)
                raise
        await bounded(self._answered, timeout)

    async def _cancel(self):
        try:
            await self._modem.command("AT+CUSD=2")
            self._open = False
        except ModemError as error:
            self._log("modem: " + str(error))
            self._open = not isinstance(error, AtError)  # else there was no session

    def _on_answer(self, line, extra):
        answer = parse(line)
        if self._answer is None:
            self._answer = answer
            self._answered.set()
        else:
            self._log("modem: USSD that nobody waits for")


def parse(line):
    """Return (n, text as it came or None, dcs) of a `+CUSD: <n>[,"text"[,<dcs>]]`. ValueError."""
    rest = line[line.find(":") + 1 :]
    first = rest.find('"')
    last = rest.rfind('"')
    if first < 0 or last == first:
        return int(rest.split(",")[0]), None, 15
    tail = rest[last + 1 :].strip(" ,")
    return int(rest[:first].strip(" ,")), rest[first + 1 : last], int(tail) if tail else 15


def decode(text, dcs):
    """Return the readable text of what stood between the quotes.

    dcs: a cell broadcast coding scheme (23.038, 5), whose groups 4 to 7 and 15 are as those of
    messages; of the others only UCS2 behind a language is not the default alphabet.
    """
    try:
        octets = bytes.fromhex(text)
    except ValueError:
        return text
    size = len(octets)
    if size * 2 != len(text):
        return text
    coding = alphabets.GSM7
    start = 0
    if dcs == _TWO_LETTERS:
        coding = alphabets.UCS2
        if size > 2 and alphabets.decode_gsm7(octets, 0, 2).isalpha():
            start = 2
    elif dcs >> 4 in (4, 5, 6, 7, 15):
        coding = alphabets.alphabet(dcs)
    if coding == alphabets.OCTETS:
        return "".join([chr(o) if o >= 32 or o in (10, 13) else " " for o in octets])
    wide = alphabets.decode_ucs2(octets, start, size)
    # Some modems forget to say so; but no operator answers in hex all of whose pairs are Latin.
    latin = size > 3 and size % 2 == 0
    if coding == alphabets.UCS2 or (
        latin and all([" " <= c <= "\xff" or c in "\r\n" for c in wide])
    ):
        return wide
    return text
