"""AT protocol without I/O: bytes in, events out.

`feed()` stores what the UART brought, `next()` gives the next event or None. Rules (V.250, SIM800
Series AT Command Manual V1.12):

1. Every line of the modem is framed: CR LF, text, CR LF. A URC is recognised first, wherever in an
   answer it stands, and cut out with both its line ends; so an answer that a URC fell into, even
   in the middle of a line, is whole again.
2. What an exchange answers is kept until its final result, which is matched as a whole line. An
   information line counts only with the prefix that the command announced.
3. A PDU after `+CMGR:` or `+CMGL:` is taken by the length that its header gives, so no message
   can pass for a result. Entries are given out one by one: a full SIM needs no large buffer.
4. The prompt is recognised only while one is awaited.
5. Whatever fits nothing is an event too (DROPPED), never an exception. Bytes over 0x7F and NULs,
   which the modem sends while it powers up, are taken off the ends of a line.

A limit that no parser can lift: a number in a final error that is torn by a URC and arrives in two
pieces (`+CMS ERROR: 32` then `2`) is read too early. Modems do not tear lines; our tests do.
"""

EOL = b"\r\n"
# Tables of lines and of their beginnings: each between line feeds, as one constant.
_FINAL = b"\nOK\nERROR\n+CME ERROR:\n+CMS ERROR:\n"
_CALL_RESULT = b"\nNO CARRIER\nBUSY\nNO ANSWER\nNO DIALTONE\n"
# From the AT manual. What begins so, up to the first colon or else blank, is a URC, unless the
# running command announced that prefix for its own lines. What is not here and answers no command
# is reported as unknown, never as a result.
_URC = (
    b"\nRING\nRDY\nCall\nSMS\nMO\nNORMAL\nCHARGE-ONLY\nUNDER-VOLTAGE\nOVER-VOLTAGE\n+SMS\n+CMTI:"
    b"\n+CREG:\n+CLIP:\n+CLCC:\n+CPIN:\n+CFUN:\n*PSUTTZ:\n*PSNWID:\n+CTZV:\nDST:\n+CTZE:\n+DTMF:"
    b"\n+CMTE:\n+SJDR:\n+CSMINS:\n+CGREG:\n+CRING:\n+CCWA:\n+COLP:\n+CSSI:\n+CSSU:\n+CIEV:\n+CDSI:"
    b"\n+CSQN:\n^CINIT:\nMISSED_CALL:\n+PDP:\n+SAPBR 1:\n"
)
_URC_TWO = b"\n+CMT:\n+CDS:\n+CBM:\n"  # URCs of two lines: the second one is a PDU
# What a modem that has just started says: it ends whatever was being said before.
_BOOT = b"\nRDY\n+CFUN: 1\nSMS Ready\n"
_LONGEST_USSD = 400  # bytes; 182 letters, or 80 in UCS2 as hex
_HEX = b"0123456789ABCDEFabcdef"

RESULT = "result"  # (RESULT, final line, [information lines])
ENTRY = "entry"  # (ENTRY, header, PDU in hex): one message of a CMGR or CMGL
PROMPT = "prompt"  # (PROMPT, "", None)
URC = "urc"  # (URC, line, second line or None)
DROPPED = "dropped"  # (DROPPED, what and why, None)

# A URC has begun whose end is still to come: nothing behind it can be judged.
_MORE = ()


def _listed(words, table):
    return b"\n" + words + b"\n" in table


def _begins(line, table):
    return _listed(line[: line.find(b":") + 1] or line.split(b" ", 1)[0], table)


def _text(raw):
    """Return the characters of a line, one a byte: a line of any bytes can be shown and logged."""
    return "".join([chr(b) for b in raw])


def _trim(raw):
    """Take line ends, blanks and power-up noise (NUL, over 0x7F) off both ends."""
    start, end = 0, len(raw)
    while start < end and not 32 < raw[start] < 127:
        start += 1
    while end > start and not 32 < raw[end - 1] < 127:
        end -= 1
    return raw[start:end]


def _is_hex(raw):
    return raw != b"" and all([b in _HEX for b in raw])


def _is_creg_answer(line):
    """`+CREG: <n>,<stat>[,..]` is an answer, `+CREG: <stat>[,"lac","ci"]` a URC."""
    values = line.split(b",", 2)
    return line.startswith(b"+CREG:") and len(values) > 1 and values[1].strip()[:1].isdigit()


def _take_creg_urc(raw):
    """Take a +CREG URC out of what AT+CREG? answered; return (its text, the rest) or (None, raw).

    `+CREG: 1` may be a URC, or the head of an answer that a URC fell into: it is the line without
    which an answer is left.
    """
    first = None
    start = raw.find(EOL + b"+CREG:")
    while start >= 0:
        end = raw.find(EOL, start + 2)
        line = _trim(raw[start:end])
        if end > 0 and not _is_creg_answer(line):
            taken = _text(line), raw[:start] + raw[end + 2 :]
            if any([_is_creg_answer(other) for other in taken[1].split(EOL)]):
                return taken
            first = first or taken
        start = raw.find(EOL + b"+CREG:", start + 2)
    return first or (None, raw)


class AtParser:
    """The receiving side of the AT protocol.

    limit: bytes that may wait for a line end or a final result; more are dropped and reported.
    """

    def __init__(self, limit=600):
        self._limit = limit
        self._buf = b""
        self._command: bytes | None = None
        self._prefix: bytes | None = None
        self._skipping = self._entries = self._prompt = self._dialling = self._giving_up = False

    def begin(self, command, prefix=None, entries=False, prompt=False):
        """Announce a command that is now being sent.

        prefix: what its information lines start with, e.g. b"+CSQ:"; None if it has none.
        entries: its lines come in pairs, a header with that prefix and a PDU.
        prompt: it asks for a body with `> ` first.
        """
        self._command = command
        self._prefix = prefix
        self._entries = entries
        self._prompt = prompt
        self._dialling = command[:3] in (b"ATD", b"ATA")

    def end(self):
        """Forget the running command: what it may still answer is stray."""
        self._command = None

    def feed(self, data):
        """Store bytes as they arrived."""
        self._buf += data

    def flush(self):
        """Give up what is not complete, as nothing more of it will come; return the events."""
        events = []
        self._giving_up = True
        event = self.next()
        while event is not None:
            events.append(event)
            event = self.next()
        rest = _trim(self._buf)
        self._buf = b""
        self._giving_up = self._skipping = False
        if rest:
            events.append((DROPPED, "cut off: " + _text(rest[:40]), None))
        return events

    def next(self):
        """Return the next event as (kind, text, extra), or None until more bytes come."""
        while True:
            event = self._cut_urc()
            if event is None:
                event = self._idle_line() if self._command is None else self._answer()
            if not event:
                return self._overflow()
            if event[1] is not None:
                return event

    # --- URCs ---

    def _cut_urc(self):
        buf = self._buf
        start = 2 if buf[:2] == EOL else 0  # a line at the very start counts as framed
        end = buf.find(EOL, start)
        while end >= 0:
            stop = self._urc_end(start, end)
            if stop < 0:
                return _MORE
            if stop > start:
                self._buf = buf[: max(start - 2, 0)] + buf[stop + 2 :]
                lines = buf[start:stop]
                middle = lines.find(EOL)
                if middle < 0 or not _begins(_trim(lines), _URC_TWO):
                    return (URC, _text(_trim(lines)), None)
                return (URC, _text(_trim(lines[:middle])), _text(_trim(lines[middle:])))
            start = end + 2
            end = buf.find(EOL, start)
        return None

    def _urc_end(self, start, end):
        """Return where the URC ends whose first line this is; `start`: it is none, -1: to come."""
        buf = self._buf
        line = _trim(buf[start:end])
        running = self._command is not None
        if _listed(line, _CALL_RESULT):
            return start if running and self._dialling else end
        if _begins(line, _URC_TWO):
            second = buf.find(EOL, end + 2)
            if second < 0:
                return end if self._giving_up else -1
            # A second line that is no PDU is something else: the modem restarted in between.
            return second if _is_hex(_trim(buf[end + 2 : second])) else end
        if line.startswith(b"+CUSD:"):
            return self._ussd_end(start, end)
        if not _begins(line, _URC):
            return start
        if running and self._prefix is not None and b":" in line and line.startswith(self._prefix):
            return start  # it may be the answer: judged when the result is in
        return end

    def _ussd_end(self, start, end):
        """An operator's text may hold line ends, and lines such as OK: take it to its quote."""
        buf = self._buf
        first = end
        while True:
            line = buf[start:end]
            quote, last = line.find(b'"'), line.rfind(b'"')
            if quote < 0 or (last > quote and not line[last + 1 :].strip(b" ,0123456789")):
                return end
            before, end = end, buf.find(EOL, end + 2)
            if end < 0:
                return first if self._giving_up or len(buf) - start > _LONGEST_USSD else -1
            if _listed(_trim(buf[before:end]), _BOOT):
                return before

    # --- lines outside of an exchange ---

    def _idle_line(self):
        buf = self._buf
        start = 0
        while buf[start : start + 2] == EOL and not self._skipping:
            start += 2
        end = buf.find(EOL, start)
        if end < 0:
            self._buf = buf[start:]
            return None
        self._buf = buf[end + 2 :]
        line = _trim(buf[start:end])
        if self._skipping:
            self._skipping = False
            return (DROPPED, None, None)
        return (DROPPED, "unknown line: " + _text(line[:40]) if line else "noise", None)

    # --- the answer to the running command ---

    def _answer(self):
        buf = self._buf
        if self._prompt:
            at = buf.find(b"> ")
            if at >= 0 and (at == 0 or buf[at - 1] in b"\r\n"):
                self._buf = buf[at + 2 :]
                self._prompt = False
                return (PROMPT, "", None)
        event = self._entry() if self._entries else None
        return event or self._result()

    def _result(self):
        buf = self._buf
        start, end = self._find_final(buf)
        if self._prefix == b"+CREG:":
            urc, rest = _take_creg_urc(buf if end < 0 else buf[:start])
            if urc is not None and (end >= 0 or self._find_final(rest)[1] >= 0):
                self._buf = rest if end < 0 else rest + buf[start:]
                return (URC, urc, None)
        if end < 0:
            return None
        self._skipping = False
        infos, strange = [], []
        for line in buf[:start].split(EOL):
            line = _trim(line)
            if line in (self._command or b""):
                continue  # an empty line, the echo or a part of it
            if self._prefix is not None and line.startswith(self._prefix):
                infos.append(line)
            elif not _is_hex(line):  # an entry's, or the echo of a PDU
                strange.append(line)
        final = _trim(buf[start:end])
        self._buf = buf[end + 2 :]
        if strange:
            # Give this first and find the result again on the next call.
            self._buf = EOL.join(infos + strange[1:] + [final, self._buf])
            return (DROPPED, "unexpected line: " + _text(strange[0][:40]), None)
        self.end()
        return (RESULT, _text(final), [_text(line) for line in infos])

    def _find_final(self, buf):
        """Return where the final result's line starts and ends, or -1 for the end."""
        start = 0
        while True:
            end = buf.find(EOL, start)
            line = _trim(buf[start:end])
            if (
                end < 0
                or _listed(line[:11], _FINAL)
                or (self._dialling and _listed(line, _CALL_RESULT))
            ):
                return start, end
            start = end + 2

    def _entry(self):
        """Cut the first complete header and PDU out of the buffer."""
        buf = self._buf
        start = buf.find(self._prefix or b"")
        middle = buf.find(EOL, start) if start >= 0 else -1
        end = buf.find(EOL, middle + 2) if middle >= 0 else -1
        if end < 0:
            return None
        header = _trim(buf[start:middle])
        pdu = _trim(buf[middle:end])
        try:
            octets = int(header.split(b",")[-1]) + 1 + int(pdu[:2], 16)
        except ValueError:
            octets = -1
        # One of the wrong length is given out too, once what follows is in: another line.
        if len(pdu) != 2 * octets and buf.find(EOL, end + 2) < 0:
            return None
        self._buf = buf[end + 2 :]
        return (ENTRY, _text(header), _text(pdu))

    # --- bounds ---

    def _overflow(self):
        size = len(self._buf)
        if size <= self._limit:
            return None
        if self._skipping:
            self._buf = self._buf[-1:]  # it may be the CR of the end that is awaited
            return None
        at = self._buf.rfind(EOL)
        if at < size - self._limit:
            self._skipping = True
            at = size - 1
        self._buf = self._buf[at:]
        return (DROPPED, "line too long: " + str(size) + " bytes", None)
