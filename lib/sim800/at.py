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

RESULT = "result"  # (RESULT, final line, [information lines])
ENTRY = "entry"  # (ENTRY, header, PDU in hex): one message of a CMGR or CMGL
PROMPT = "prompt"  # (PROMPT, "", None)
URC = "urc"  # (URC, line, second line or None)
DROPPED = "dropped"  # (DROPPED, what and why, None)

_EOL = b"\r\n"
_FINAL = (b"OK", b"ERROR")
_FINAL_START = (b"+CME ERROR:", b"+CMS ERROR:")
_CALL_RESULT = (b"NO CARRIER", b"BUSY", b"NO ANSWER", b"NO DIALTONE")
_URC_WHOLE = (
    b"RING",
    b"RDY",
    b"Call Ready",
    b"SMS Ready",
    b"MO RING",
    b"MO CONNECTED",
    b"NORMAL POWER DOWN",
    b"NORMAL POWER OFF",
    b"CHARGE-ONLY MODE",
    b"+CPIN: NOT READY",
    b"+CPIN: NOT INSERTED",
    b"+PDP: DEACT",
    b"+SAPBR 1: DEACT",
)
# What starts so is a URC unless the running command announced that prefix for its own lines.
_URC_START = (
    b"+CMTI:",
    b"+CREG:",
    b"+CLIP:",
    b"+CLCC:",
    b"+CUSD:",
    b"+CPIN:",
    b"+CFUN:",
    b"*PSUTTZ:",
    b"*PSNWID:",
    b"+CTZV:",
    b"DST:",
    b"+CTZE:",
    b"+DTMF:",
    b"+CMTE:",
    b"+SJDR:",
    b"+CSMINS:",
    b"+CGREG:",
    b"+CRING:",
    b"+CCWA:",
    b"+COLP:",
    b"+CSSI:",
    b"+CSSU:",
    b"+CIEV:",
    b"+CDSI:",
    b"+CSQN:",
    b"+SMS FULL",
    b"UNDER-VOLTAGE",
    b"OVER-VOLTAGE",
    b"^CINIT:",
)
# URCs of two lines: the second one is a PDU.
_URC_TWO = (b"+CMT:", b"+CDS:", b"+CBM:")
# A URC has begun whose end is still to come: nothing behind it can be judged.
_MORE = (None, None, None)
_HEX = b"0123456789ABCDEFabcdef"


def text(raw):
    """Return the characters of a line, one a byte: a line of any bytes can be shown and logged."""
    return "".join([chr(b) for b in raw])


def _starts(raw, starts):
    """bytes.startswith() takes no tuple on MicroPython 1.24."""
    for start in starts:
        if raw.startswith(start):
            return True
    return False


def _trim(raw):
    """Take line ends, blanks and power-up noise (NUL, over 0x7F) off both ends."""
    start, end = 0, len(raw)
    while start < end and (raw[start] <= 32 or raw[start] > 126):
        start += 1
    while end > start and (raw[end - 1] <= 32 or raw[end - 1] > 126):
        end -= 1
    return raw[start:end]


def _fields(raw):
    return raw[raw.find(b":") + 1 :].split(b",")


def _is_hex(raw):
    for b in raw:
        if b not in _HEX:
            return False
    return len(raw) > 0


def _is_creg_answer(line):
    """`+CREG: <n>,<stat>[,..]` is an answer, `+CREG: <stat>[,"lac","ci"]` a URC."""
    fields = _fields(line)
    return line.startswith(b"+CREG:") and len(fields) > 1 and fields[1].strip()[:1].isdigit()


def _take_creg_urc(raw):
    """Take a +CREG URC out of what AT+CREG? answered; return (URC, the rest), or (None, raw).

    `+CREG: 1` may be a URC, or the head of an answer that a URC fell into: it is the line without
    which an answer is left.
    """
    first = None
    start = raw.find(_EOL + b"+CREG:")
    while start >= 0:
        end = raw.find(_EOL, start + 2)
        line = _trim(raw[start:end])
        if end > 0 and not _is_creg_answer(line):
            rest = raw[:start] + raw[end + 2 :]
            taken = (URC, text(line), None), rest
            if any([_is_creg_answer(other) for other in rest.split(_EOL)]):
                return taken
            first = first or taken
        start = raw.find(_EOL + b"+CREG:", start + 2)
    return first or (None, raw)


class AtParser:
    """The receiving side of the AT protocol.

    limit: bytes that may wait for a line end or a final result; more are dropped and reported.
    """

    def __init__(self, limit=600):
        self._limit = limit
        self._buf = b""
        self._skipping = False
        self._command: bytes | None = None
        self._prefix: bytes | None = None
        self._entries = False
        self._prompt = False
        self._dialling = False

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
        self._dialling = _starts(command, (b"ATD", b"ATA"))

    def end(self):
        """Forget the running command: what it may still answer is stray."""
        self._command = None
        self._prompt = False

    def feed(self, data):
        """Store bytes as they arrived."""
        self._buf += data

    def next(self):
        """Return the next event as (kind, text, extra), or None until more bytes come."""
        while True:
            event = self._cut_urc()
            if event is _MORE:
                return self._overflow()
            if event is None:
                if self._command is None:
                    event = self._idle_line()
                else:
                    event = self._answer()
            if event is None:
                return self._overflow()
            if event[1] is not None:
                return event

    # --- URCs ---

    def _cut_urc(self):
        buf = self._buf
        start = 0 if buf[:2] != _EOL else 2  # a line at the very start counts as framed
        while True:
            end = buf.find(_EOL, start)
            if end < 0:
                return None
            size = self._urc_size(buf, start, end)
            if size < 0:
                return _MORE
            if size:
                before = start - 2 if start >= 2 else 0
                lines = buf[start : start + size]
                self._buf = buf[:before] + buf[start + size + 2 :]
                return self._urc_event(lines)
            start = end + 2

    def _urc_event(self, lines):
        for prefix in _URC_TWO:
            if lines.startswith(prefix):
                at = lines.find(_EOL)
                return (URC, text(lines[:at]), text(lines[at + 2 :]))
        return (URC, text(_trim(lines)), None)

    def _urc_size(self, buf, start, end):
        """Return the bytes of the URC at `start`, 0 if none is there, -1 if it is not complete."""
        line = _trim(buf[start:end])
        if line in _URC_WHOLE:
            return end - start
        if line in _CALL_RESULT:
            return 0 if self._dialling and self._command is not None else end - start
        if _starts(line, _URC_TWO):
            second = buf.find(_EOL, end + 2)
            return -1 if second < 0 else second - start
        if not _starts(line, _URC_START):
            return 0
        if line.startswith(b"+CUSD:"):
            return self._ussd_size(buf, start, end)
        prefix = self._prefix
        if self._command is not None and prefix is not None and line.startswith(prefix):
            return 0  # it may be the answer: judged when the result is in
        return end - start

    def _ussd_size(self, buf, start, end):
        """An operator's text may hold line ends, and lines such as OK: take it to its quote."""
        while True:
            line = buf[start:end]
            quote = line.find(b'"')
            if quote < 0 or (line.rfind(b'"') > quote and self._ussd_ends(line)):
                return end - start
            end = buf.find(_EOL, end + 2)
            if end < 0:
                return -1

    def _ussd_ends(self, line):
        tail = line[line.rfind(b'"') + 1 :]
        return all([b in b" ,0123456789" for b in tail])

    # --- lines outside of an exchange ---

    def _idle_line(self):
        buf = self._buf
        start = 0
        while buf[start : start + 2] == _EOL:
            start += 2
        end = buf.find(_EOL, start)
        if end < 0:
            self._buf = buf[start:] if start else buf
            return None
        self._buf = buf[end + 2 :]
        if self._skipping:
            self._skipping = False
            return (DROPPED, None, None)
        line = _trim(buf[start:end])
        if not line:
            return (DROPPED, None, None) if end == start else (DROPPED, "noise", None)
        return (DROPPED, "unknown line: " + text(line[:40]), None)

    # --- the answer to the running command ---

    def _answer(self):
        if self._prompt:
            at = self._buf.find(b"> ")
            if at >= 0 and (at == 0 or self._buf[at - 1] in b"\r\n"):
                self._buf = self._buf[at + 2 :]
                self._prompt = False
                return (PROMPT, "", None)
        if self._entries:
            event = self._entry()
            if event is not None:
                return event
        return self._result()

    def _result(self):
        buf = self._buf
        start, end = self._find_final(buf)
        if self._prefix == b"+CREG:":
            event, rest = _take_creg_urc(buf if end < 0 else buf[:start])
            if event is not None and (end >= 0 or self._find_final(rest)[1] >= 0):
                self._buf = rest if end < 0 else rest + buf[start:]
                return event
        if end < 0:
            return None
        self._skipping = False
        line = _trim(buf[start:end])
        infos, strange = self._sort(buf[:start])
        self._buf = buf[end + 2 :]
        if strange:
            # Give this first and find the result again on the next call.
            event = (DROPPED, "unexpected line: " + text(strange.pop(0)[:40]), None)
            self._buf = _EOL.join(infos + strange + [line, b""]) + self._buf
            return event
        self.end()
        return (RESULT, text(line), [text(i) for i in infos])

    def _find_final(self, buf):
        """Return where the final result's line starts and ends, or -1 for the end."""
        start = 0
        while True:
            end = buf.find(_EOL, start)
            if end < 0:
                return start, -1
            line = _trim(buf[start:end])
            if line in _FINAL or _starts(line, _FINAL_START):
                return start, end
            if self._dialling and line in _CALL_RESULT:
                return start, end
            start = end + 2

    def _sort(self, raw):
        """Split an answer into information lines and lines that are none of ours."""
        infos, strange = [], []
        for line in raw.split(_EOL):
            line = _trim(line)
            if (
                not line
                or (self._command or b"").find(line) >= 0
                or (self._entries and _is_hex(line))
            ):
                continue  # an empty line, the echo or a part of it
            if self._prefix is not None and (line.startswith(self._prefix) or self._prefix == b""):
                infos.append(line)
            elif not _is_hex(line):  # the echo of a PDU is hex
                strange.append(line)
        return infos, strange

    def _entry(self):
        """Cut the first complete header and PDU out of the buffer."""
        buf = self._buf
        start = buf.find(self._prefix or b"")
        if start < 0:
            return None
        middle = buf.find(_EOL, start)
        end = buf.find(_EOL, middle + 2) if middle >= 0 else -1
        if end < 0:
            return None
        header = _trim(buf[start:middle])
        pdu = _trim(buf[middle + 2 : end])
        if not self._pdu_complete(header, pdu) and not self._ends_after(end):
            return None
        self._buf = buf[end + 2 :]
        return (ENTRY, text(header), text(pdu))

    def _pdu_complete(self, header, pdu):
        try:
            octets = int(text(_fields(header)[-1]))
            return len(pdu) == 2 * (octets + 1 + int(text(pdu[:2]), 16))
        except ValueError:
            return False

    def _ends_after(self, end):
        """A PDU of the wrong length is given out too, once what follows is in: another line."""
        return self._buf.find(_EOL, end + 2) >= 0

    # --- bounds ---

    def _overflow(self):
        size = len(self._buf)
        if size <= self._limit:
            return None
        if self._skipping:
            self._buf = self._buf[-1:]  # it may be the CR of the end that is awaited
            return None
        at = self._buf.rfind(_EOL)
        if at < size - self._limit:
            self._skipping = True
            at = size - 1
        self._buf = self._buf[at:]
        return (DROPPED, "line too long: " + str(size) + " bytes", None)
