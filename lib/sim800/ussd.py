"""USSD: a code to the operator, a text back (AT+CUSD, 3GPP 27.007, 7.15; coding 23.038, 5).

The answer is a URC that may come before or after OK. Its text is in the modem's character set; in
UCS2 and in 8 bits it comes as hex.
"""

import asyncio

from sim800 import gsm7, ucs2
from sim800.errors import AtError, ModemError, UssdError

_CANCEL = "AT+CUSD=2"
# The <n> of +CUSD.
_DONE, _MORE, _TERMINATED, _ELSEWHERE, _UNSUPPORTED, _TIMEOUT = range(6)
_REFUSALS = (
    "",
    "",
    "terminated by the network",
    "answered elsewhere",
    "not supported",
    "network time-out",
)
GSM7, OCTETS, UCS2 = range(3)


class Ussd:
    """One question at a time: the caller sees to that (`Modem.ussd` does)."""

    def __init__(self, modem, log):
        self._modem = modem
        self._log = log
        self._answer = None
        self._answered = asyncio.Event()
        self._asking = False
        self._open = False  # a session may be under way
        modem.listen("+CUSD:", self._on_answer)

    def reset(self):
        """The modem restarted: no session is left, and who waits need not."""
        self._open = False
        self._answered.set()

    async def ask(self, code, timeout):
        """Send a code; return the answer's text. Raises UssdError, another ModemError."""
        if not code or not all([c in "0123456789*#+" for c in code]):
            raise UssdError("no USSD code")
        if self._open:
            await self._cancel()
        self._answer = None
        self._answered.clear()
        self._asking = self._open = True
        try:
            await self._send(code, timeout)
            answer = self._answer
        finally:
            self._asking = False
        if answer is None:
            await self._cancel()
            raise UssdError("no answer to " + code)
        if answer[0] == _MORE:
            await self._cancel()  # nobody here holds a dialogue
        self._open = False
        if answer[1] is None:
            raise UssdError(_refusal(answer[0]))
        return decode(answer[1], answer[2])

    async def _send(self, code, timeout):
        line = 'AT+CUSD=1,"' + code + '",15'
        try:
            await self._modem.command(line, timeout=timeout)
        except AtError:
            if self._answer is None:
                self._open = False
                raise
        except ModemError:
            if self._answer is None:
                raise
        if self._answer is None:
            try:
                await asyncio.wait_for(self._answered.wait(), timeout)
            except asyncio.TimeoutError:
                pass

    async def _cancel(self):
        try:
            await self._modem.command(_CANCEL)
            self._open = False
        except AtError:
            self._open = False  # there was no session
        except ModemError as error:
            self._log("modem: " + str(error))

    def _on_answer(self, line, extra):
        answer = parse(line)
        if not self._asking or self._answer is not None:
            self._log("modem: USSD that nobody waits for")
            return
        self._answer = answer
        self._answered.set()


def parse(line):
    """Return (n, text as it came or None, dcs) of a `+CUSD: <n>[,"text"[,<dcs>]]`. ValueError."""
    rest = line[line.find(":") + 1 :]
    first = rest.find('"')
    last = rest.rfind('"')
    if first < 0 or last == first:
        return int(rest.split(",")[0]), None, 15
    tail = rest[last + 1 :].strip(" ,")
    return int(rest[:first].strip(" ,")), rest[first + 1 : last], int(tail) if tail else 15


def _refusal(n):
    return _REFUSALS[n] if 0 <= n < len(_REFUSALS) and _REFUSALS[n] else "an answer without text"


def alphabet(dcs):
    """Return the alphabet of a cell broadcast coding scheme, which USSD uses (23.038, 5)."""
    group = dcs >> 4
    if dcs == 0x11:
        return UCS2  # preceded by a language
    if 4 <= group <= 7 or group == 9:
        return (GSM7, OCTETS, UCS2, GSM7)[dcs >> 2 & 3]
    if group == 15:
        return OCTETS if dcs & 4 else GSM7
    return GSM7


def decode(text, dcs):
    """Return the readable text of what stood between the quotes."""
    coding = alphabet(dcs)
    octets = _octets(text)
    if octets is None:
        return text
    if coding == UCS2:
        start = _after_language(octets) if dcs == 0x11 else 0
        return ucs2.decode(octets, start, len(octets))
    if coding == OCTETS:
        return "".join([chr(o) if o >= 32 or o in (10, 13) else " " for o in octets])
    if _is_latin_ucs2(octets):  # some modems forget to say so
        return ucs2.decode(octets, 0, len(octets))
    return text


def _octets(text):
    if not text or len(text) % 2:
        return None
    try:
        octets = bytes.fromhex(text)
    except ValueError:
        return None
    return octets if len(octets) * 2 == len(text) else None


def _after_language(octets):
    """Two letters of a language come first, packed: 14 bits and two of filling."""
    letters = gsm7.decode(octets, 0, 2)
    return 2 if letters.isalpha() else 0


def _is_latin_ucs2(octets):
    """Hex whose every other octet is nil, and the others letters: no operator answers so."""
    if len(octets) < 4 or len(octets) % 2:
        return False
    for i in range(0, len(octets), 2):
        if octets[i] != 0 or (octets[i + 1] < 32 and octets[i + 1] not in (10, 13)):
            return False
    return True
