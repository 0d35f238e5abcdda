"""What the modem says unasked: how to know a URC, and where it ends.

From the SIM800 Series AT Command Manual V1.12; a line that is not in these tables and answers no
command is reported as unknown, never as a result.
"""

EOL = b"\r\n"
FINAL = (b"OK", b"ERROR")
FINAL_START = (b"+CME ERROR:", b"+CMS ERROR:")
CALL_RESULT = (b"NO CARRIER", b"BUSY", b"NO ANSWER", b"NO DIALTONE")
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
    b"MISSED_CALL:",
)
# URCs of two lines: the second one is a PDU.
_URC_TWO = (b"+CMT:", b"+CDS:", b"+CBM:")
# What a modem that has just started says: it ends whatever was being said before.
_BOOT = (b"RDY", b"+CFUN: 1", b"SMS Ready")
_LONGEST_USSD = 400  # bytes; 182 letters, or 80 in UCS2 as hex
_HEX = b"0123456789ABCDEFabcdef"


def text(raw):
    """Return the characters of a line, one a byte: a line of any bytes can be shown and logged."""
    return "".join([chr(b) for b in raw])


def starts(raw, starts):
    """bytes.startswith() takes no tuple on MicroPython 1.24."""
    for start in starts:
        if raw.startswith(start):
            return True
    return False


def trim(raw):
    """Take line ends, blanks and power-up noise (NUL, over 0x7F) off both ends."""
    start, end = 0, len(raw)
    while start < end and (raw[start] <= 32 or raw[start] > 126):
        start += 1
    while end > start and (raw[end - 1] <= 32 or raw[end - 1] > 126):
        end -= 1
    return raw[start:end]


def fields(raw):
    return raw[raw.find(b":") + 1 :].split(b",")


def is_hex(raw):
    for b in raw:
        if b not in _HEX:
            return False
    return len(raw) > 0


def is_creg_answer(line):
    """`+CREG: <n>,<stat>[,..]` is an answer, `+CREG: <stat>[,"lac","ci"]` a URC."""
    values = fields(line)
    return line.startswith(b"+CREG:") and len(values) > 1 and values[1].strip()[:1].isdigit()


def take_creg_urc(raw):
    """Take a +CREG URC out of what AT+CREG? answered; return (its text, the rest) or (None, raw).

    `+CREG: 1` may be a URC, or the head of an answer that a URC fell into: it is the line without
    which an answer is left.
    """
    first = None
    start = raw.find(EOL + b"+CREG:")
    while start >= 0:
        end = raw.find(EOL, start + 2)
        line = trim(raw[start:end])
        if end > 0 and not is_creg_answer(line):
            rest = raw[:start] + raw[end + 2 :]
            if any([is_creg_answer(other) for other in rest.split(EOL)]):
                return text(line), rest
            first = first or (text(line), rest)
        start = raw.find(EOL + b"+CREG:", start + 2)
    return first or (None, raw)


def urc_size(buf, start, end, prefix, dialling, giving_up):
    """Return the bytes of the URC whose first line is buf[start:end]; 0: none, -1: not complete.

    prefix: what the information lines of the running command begin with, or None; dialling: the
    running command may be answered by the result of a call; giving_up: nothing more will come.
    """
    line = trim(buf[start:end])
    if line in _URC_WHOLE:
        return end - start
    if line in CALL_RESULT:
        return 0 if dialling else end - start
    if starts(line, _URC_TWO):
        return _two_lines(buf, start, end, giving_up)
    if not starts(line, _URC_START):
        return 0
    if line.startswith(b"+CUSD:"):
        return _ussd_size(buf, start, end, giving_up)
    if prefix is not None and line.startswith(prefix):
        return 0  # it may be the answer: judged when the result is in
    return end - start


def two_lines(line):
    """Tell whether a URC that begins so has a PDU in a second line."""
    return starts(line, _URC_TWO)


def _two_lines(buf, start, end, giving_up):
    second = buf.find(EOL, end + 2)
    if second < 0:
        return end - start if giving_up else -1
    # A second line that is no PDU is something else: the modem restarted in between.
    return second - start if is_hex(trim(buf[end + 2 : second])) else end - start


def _ussd_size(buf, start, end, giving_up):
    """An operator's text may hold line ends, and lines such as OK: take it to its quote."""
    first = end
    while True:
        line = buf[start:end]
        quote = line.find(b'"')
        if quote < 0 or (line.rfind(b'"') > quote and _ussd_ends(line)):
            return end - start
        last, end = end, buf.find(EOL, end + 2)
        if end >= 0 and trim(buf[last + 2 : end]) in _BOOT:
            return last - start
        if end < 0:
            if giving_up or len(buf) - start > _LONGEST_USSD:
                return first - start
            return -1


def _ussd_ends(line):
    tail = line[line.rfind(b'"') + 1 :]
    return all([b in b" ,0123456789" for b in tail])
