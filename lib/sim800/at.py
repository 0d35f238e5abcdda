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

from sim800.urcs import (
    CALL_RESULT,
    EOL,
    FINAL,
    FINAL_START,
    fields,
    is_hex,
    starts,
    take_creg_urc,
    text,
    trim,
    two_lines,
    urc_size,
)

RESULT = "result"  # (RESULT, final line, [information lines])
ENTRY = "entry"  # (ENTRY, header, PDU in hex): one message of a CMGR or CMGL
PROMPT = "prompt"  # (PROMPT, "", None)
URC = "urc"  # (URC, line, second line or None)
DROPPED = "dropped"  # (DROPPED, what and why, None)

# A URC has begun whose end is still to come: nothing behind it can be judged.
_MORE = (None, None, None)


def _urc_event(lines):
    if two_lines(lines) and EOL in lines:
        at = lines.find(EOL)
        return (URC, text(trim(lines[:at])), text(trim(lines[at + 2 :])))
    return (URC, text(trim(lines)), None)


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
        self._giving_up = False

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
        self._dialling = starts(command, (b"ATD", b"ATA"))

    def end(self):
        """Forget the running command: what it may still answer is stray."""
        self._command = None
        self._prompt = False

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
        self._giving_up = False
        rest = trim(self._buf)
        self._buf = b""
        self._skipping = False
        if rest:
            events.append((DROPPED, "cut off: " + text(rest[:40]), None))
        return events

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
        start = 0 if buf[:2] != EOL else 2  # a line at the very start counts as framed
        while True:
            end = buf.find(EOL, start)
            if end < 0:
                return None
            size = self._urc_size(start, end)
            if size < 0:
                return _MORE
            if size:
                before = start - 2 if start >= 2 else 0
                lines = buf[start : start + size]
                self._buf = buf[:before] + buf[start + size + 2 :]
                return _urc_event(lines)
            start = end + 2

    def _urc_size(self, start, end):
        running = self._command is not None
        return urc_size(
            self._buf,
            start,
            end,
            self._prefix if running else None,
            running and self._dialling,
            self._giving_up,
        )

    # --- lines outside of an exchange ---

    def _idle_line(self):
        buf = self._buf
        start = 0
        while buf[start : start + 2] == EOL:
            start += 2
        end = buf.find(EOL, start)
        if end < 0:
            self._buf = buf[start:] if start else buf
            return None
        self._buf = buf[end + 2 :]
        if self._skipping:
            self._skipping = False
            return (DROPPED, None, None)
        line = trim(buf[start:end])
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
            urc, rest = take_creg_urc(buf if end < 0 else buf[:start])
            if urc is not None and (end >= 0 or self._find_final(rest)[1] >= 0):
                self._buf = rest if end < 0 else rest + buf[start:]
                return (URC, urc, None)
        if end < 0:
            return None
        self._skipping = False
        line = trim(buf[start:end])
        infos, strange = self._sort(buf[:start])
        self._buf = buf[end + 2 :]
        if strange:
            # Give this first and find the result again on the next call.
            event = (DROPPED, "unexpected line: " + text(strange.pop(0)[:40]), None)
            self._buf = EOL.join(infos + strange + [line, b""]) + self._buf
            return event
        self.end()
        return (RESULT, text(line), [text(i) for i in infos])

    def _find_final(self, buf):
        """Return where the final result's line starts and ends, or -1 for the end."""
        start = 0
        while True:
            end = buf.find(EOL, start)
            if end < 0:
                return start, -1
            line = trim(buf[start:end])
            if line in FINAL or starts(line, FINAL_START):
                return start, end
            if self._dialling and line in CALL_RESULT:
                return start, end
            start = end + 2

    def _sort(self, raw):
        """Split an answer into information lines and lines that are none of ours."""
        infos, strange = [], []
        for line in raw.split(EOL):
            line = trim(line)
            if (
                not line
                or (self._command or b"").find(line) >= 0
                or (self._entries and is_hex(line))
            ):
                continue  # an empty line, the echo or a part of it
            if self._prefix is not None and (line.startswith(self._prefix) or self._prefix == b""):
                infos.append(line)
            elif not is_hex(line):  # the echo of a PDU is hex
                strange.append(line)
        return infos, strange

    def _entry(self):
        """Cut the first complete header and PDU out of the buffer."""
        buf = self._buf
        start = buf.find(self._prefix or b"")
        if start < 0:
            return None
        middle = buf.find(EOL, start)
        end = buf.find(EOL, middle + 2) if middle >= 0 else -1
        if end < 0:
            return None
        header = trim(buf[start:middle])
        pdu = trim(buf[middle + 2 : end])
        if not self._pdu_complete(header, pdu) and not self._ends_after(end):
            return None
        self._buf = buf[end + 2 :]
        return (ENTRY, text(header), text(pdu))

    def _pdu_complete(self, header, pdu):
        try:
            octets = int(text(fields(header)[-1]))
            return len(pdu) == 2 * (octets + 1 + int(text(pdu[:2]), 16))
        except ValueError:
            return False

    def _ends_after(self, end):
        """A PDU of the wrong length is given out too, once what follows is in: another line."""
        return self._buf.find(EOL, end + 2) >= 0

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
