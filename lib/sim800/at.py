# SPDX-License-Identifier: MIT
"""AT protocol without I/O: bytes in, events out.

`feed()` stores the bytes from the UART, `next()` returns the next event or None. Rules (V.250,
SIM800 Series AT Command Manual V1.12):

1. Every line of the modem is framed: CR LF, text, CR LF. URCs are recognised first, wherever in an
   answer they are, and cut out with both line ends. The answer is then intact again, even if a
   URC arrived in the middle of a line.
2. The lines of an answer are kept until its final result, which is matched as a whole line. An
   information line counts only with the prefix that the command announced.
3. The length of a PDU after `+CMGR:` or `+CMGL:` is taken from its header, so the text of a
   message cannot pass for a result. Entries are returned one by one: a full SIM needs no large
   buffer.
4. The prompt is recognised only while one is expected.
5. Anything else is an event, too (DROPPED), never an exception. Bytes over 0x7F and NULs, which
   the modem sends while it powers up, are stripped from the ends of a line.

One limit cannot be avoided: if a URC splits the number of a final error (`+CMS ERROR: 32`, then
`2`), the error is read too early. Modems do not split lines; our tests do.
"""

from sim800 import const
from sim800.alphabets import decode_latin1

EOL = b"\r\n"

# Kinds of events.
RESULT = 1  # (RESULT, final line, [information lines])
ENTRY = 2  # (ENTRY, header, PDU in hex): one message of a CMGR or CMGL
PROMPT = 3  # (PROMPT, "", None)
URC = 4  # (URC, line, second line or None)
DROPPED = 5  # (DROPPED, what and why, None)

# The end of a URC is still to come, so nothing after it can be read yet.
_NEED_MORE = const("more")

# Words in sets, or in one text: MicroPython keeps the strings of a constant tuple twice, and each
# short one is a name for ever.
_FINAL = {"OK", "ERROR", "+CME ERROR:", "+CMS ERROR:"}
CALL_RESULTS = {"NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE"}
# The first words of URCs that no `+`, `*` or `^` marks, of all families (SIM800 AT manual, chapter
# 19 and 2.2; A76XX AT manual, 7.2 and 11.3).
_URC_WORDS = const("RING RDY Call SMS PB MO VOICE MISSED_CALL DST NORMAL CHARGE UNDER OVER")
_TWO_LINES = const("+CMT: +CDS: +CBM:")  # their second line is a PDU
# First lines of a modem that has just started; they end whatever was incomplete before.
_BOOT = {"RDY", "*ATREADY: 1", "+CFUN: 1", "SMS Ready"}
_LONGEST_USSD = const(400)  # bytes; 182 letters, or 80 in UCS2 as hex
_NOISE = bytes(range(33)) + bytes(range(127, 256))
_HEX = b"0123456789ABCDEFabcdef"


def made_of(text, letters):
    """Return True if a text is not empty and has these letters only.

    letters: as bytes, because MicroPython interns a single letter and never frees it.
    """
    for octet in text.encode():
        if octet not in letters:
            return False
    return text != ""


def _text(raw):
    """Return a line as text, without line ends, blanks and power-up noise at its ends."""
    raw = raw.strip(_NOISE)
    try:
        return str(raw, "utf-8")
    except UnicodeError:
        return decode_latin1(raw)  # any bytes can be logged


def _is_final(line):
    return line[:11] in _FINAL  # 11: as far as the colon of `+CMS ERROR: 500`


class AtParser:
    """The receiving side of the AT protocol.

    limit: bytes that may wait for a line end or a final result; more are dropped and reported.
    """

    def __init__(self, limit=600):
        self._limit = limit
        self._buf = b""
        self._events = []  # found, but not returned yet
        self._skipping = False  # the rest of a line that was too long is being skipped
        self.end()

    def begin(self, command, prefix=None, entries=False, prompt=False):
        """Announce a command that is now being sent.

        prefix: what its information lines start with, e.g. "+CSQ:"; None if it has none.
        entries: its lines come in pairs, a header with that prefix and a PDU.
        prompt: it asks for a body with `> ` first.
        """
        self._command = command
        self._prefix = prefix
        self._entries = entries
        self._prompt = prompt
        self._dialling = command[:3] in ["ATD", "ATA"]

    def end(self):
        """Forget the running command: any further answer to it is unknown."""
        self._command = self._prefix = None
        self._entries = self._prompt = self._dialling = False

    def feed(self, data):
        """Store bytes as they arrived."""
        self._buf += data
        if self._skipping:
            at = self._buf.find(EOL)
            self._skipping = at < 0
            self._buf = self._buf[at:]  # the last byte may be the CR of the awaited line end

    def flush(self):
        """Return as text what is incomplete, and forget it: no more of it will come."""
        rest = _text(self._buf)
        self._buf = b""
        self._skipping = False
        return rest

    def next(self):
        """Return the next event as (kind, text, extra), or None until more bytes come."""
        if self._events:
            return self._events.pop(0)
        event = self._urc()
        if event is None:
            event = self._stray() if self._command is None else self._answer()
        if event is None or event == _NEED_MORE:
            event = self._overflow()
        return event

    # --- URCs ---

    def _urc(self):
        """Cut the first URC out of the buffer, or return None."""
        buf = self._buf
        start = 2 if buf.startswith(EOL) else 0  # a line at the very start counts as framed
        end = buf.find(EOL, start)
        while end >= 0:
            line = _text(buf[start:end])
            second = None
            if self._is_urc(line):
                if line[:5] in _TWO_LINES.split(" "):
                    stop = buf.find(EOL, end + 2)
                    if stop < 0:
                        return _NEED_MORE
                    second = _text(buf[end:stop])
                    if made_of(second, _HEX):
                        end = stop
                    else:  # something else: the modem restarted in between
                        second = None
                elif line.startswith("+CUSD:"):
                    end = self._ussd_end(start, end)
                    if end < 0:
                        return _NEED_MORE
                    line = _text(buf[start:end])
                self._buf = buf[: max(start - 2, 0)] + buf[end + 2 :]
                return (URC, line, second)
            start = end + 2
            end = buf.find(EOL, start)
        return None

    def _is_urc(self, line):
        if line in CALL_RESULTS:
            return not self._dialling
        if self._prefix and ":" in line and line.startswith(self._prefix):
            return False  # it may be the answer; the final result decides
        if line[:1] in "+*^" and ":" in line:
            return not _is_final(line)
        return (
            line.split(" ")[0].split("-")[0].split(":")[0] in _URC_WORDS.split(" ")
            or line == "+SMS FULL"
        )

    def _ussd_end(self, start, end):
        """Return the end of a +CUSD, -1 if it is incomplete.

        The operator's text may contain line ends, and lines such as OK; it ends at its quote.
        """
        buf = self._buf
        first = end
        while True:
            line = buf[start:end]
            quote, last = line.find(b'"'), line.rfind(b'"')
            if quote < 0 or (last > quote and not line[last + 1 :].strip(b" ,0123456789")):
                return end
            before, end = end, buf.find(EOL, end + 2)
            if end < 0:
                return first if len(buf) - start > _LONGEST_USSD else -1
            if _text(buf[before:end]) in _BOOT:
                return before

    # --- lines outside of an exchange ---

    def _stray(self):
        start = 0
        while self._buf.startswith(EOL, start):
            start += 2
        end = self._buf.find(EOL, start)
        if end < 0:
            self._buf = self._buf[start:]
            return None
        line = _text(self._buf[start:end])
        self._buf = self._buf[end + 2 :]
        return (DROPPED, "unknown line: " + line[:40] if line else "noise", None)

    # --- the answer to the running command ---

    def _answer(self):
        buf = self._buf
        if self._prompt:
            at = buf.find(b"> ")
            if at >= 0 and (at == 0 or buf[at - 1] in EOL):
                self._buf = buf[at + 2 :]
                self._prompt = False
                return (PROMPT, "", None)
        return (self._entries and self._entry()) or self._result()

    def _entry(self):
        """Cut the first complete header and PDU out of the buffer."""
        buf = self._buf
        start = buf.find(self._prefix.encode())
        middle = buf.find(EOL, start) if start >= 0 else -1
        end = buf.find(EOL, middle + 2) if middle >= 0 else -1
        if end < 0 or start > self._final(buf)[0]:
            return None
        header = _text(buf[start:middle])
        pdu = _text(buf[middle:end])
        try:
            octets = int(header.split(",")[-1]) + 1 + int(pdu[:2], 16)
        except ValueError:
            octets = -1
        # A PDU of the wrong length is returned, too, once the next line is complete.
        if len(pdu) != 2 * octets and buf.find(EOL, end + 2) < 0:
            return None
        self._buf = buf[end + 2 :]
        return (ENTRY, header, pdu)

    def _result(self):
        buf = self._buf
        start, end = self._final(buf)
        if end < 0:
            return None
        infos = []
        for line in buf[:start].split(EOL):
            line = _text(line)
            if line in self._command:
                pass  # empty, the echo, or a part of it
            elif self._prefix is not None and line.startswith(self._prefix):
                infos.append(line)
            elif not made_of(line, _HEX):  # an entry's, or the echo of a PDU
                self._events.append((DROPPED, "unexpected line: " + line[:40], None))
        self._buf = buf[end + 2 :]
        self.end()
        self._events.append((RESULT, _text(buf[start:end]), infos))
        return self._events.pop(0)

    def _final(self, buf):
        """Return where the final result's line starts and ends, or -1 for the end."""
        start = 0
        while True:
            end = buf.find(EOL, start)
            line = _text(buf[start:end])
            if end < 0 or _is_final(line) or (self._dialling and line in CALL_RESULTS):
                return start, end
            start = end + 2

    # --- bounds ---

    def _overflow(self):
        size = len(self._buf)
        if size <= self._limit:
            return None
        at = self._buf.rfind(EOL)
        self._skipping = at < size - self._limit
        self._buf = self._buf[-1 if self._skipping else at :]
        return (DROPPED, "line too long: " + str(size) + " bytes", None)
