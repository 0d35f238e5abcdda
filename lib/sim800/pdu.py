"""SMS PDUs: SMS-DELIVER and SMS-STATUS-REPORT decoded, SMS-SUBMIT encoded (3GPP 23.040, 9.2).

Sans-I/O. Whatever text comes, `decode` returns a value or raises PduError.
"""

from collections import namedtuple

from sim800 import gsm7, tpdu, ucs2
from sim800.submit import encode_submit
from sim800.tpdu import ALPHA, GSM7, HIDDEN, NUMBER, OCTETS, UCS2, WIDE, PduError, alphabet

__all__ = (
    "ALPHA",
    "GSM7",
    "HIDDEN",
    "NUMBER",
    "OCTETS",
    "UCS2",
    "WIDE",
    "Deliver",
    "PduError",
    "StatusReport",
    "alphabet",
    "decode",
    "encode_submit",
)

_SUBMIT, _STATUS_REPORT = 1, 2  # message types; 0 is SMS-DELIVER, 3 reserved
_LONGEST_CENTRE = 11  # octets
_LONGEST_DATA = 140  # octets
_LONGEST_LINE = 400  # hex digits: more than any PDU has

# A message from the network.
# sender: "+358.." international; plain digits national, short or of unknown type; letters if
#     kind is ALPHA; "" if and only if kind is HIDDEN.
# text: None if the user data is none (8-bit, compressed), then data is its octets, else b"".
# scts: when the centre got it: (year, month, day, hour, minute, second, quarter hours from GMT),
#     local time; None if the network sent no such moment.
# concat: None or (reference, parts in all, number of this one from 1), see tpdu.decode_header.
# pid: TP-PID. ports: None or (destination, source) of an application; WAP and MMS push have
#     destination 2948. dcs_class: 0..3 or None.
Deliver = namedtuple(
    "Deliver",
    ("sender", "kind", "text", "data", "scts", "concat", "pid", "ports", "dcs_class"),
)

# The fate of a message sent: mr is the reference that +CMGS gave; scts, discharge as in Deliver;
# status: TP-Status (9.2.3.15): below 32 done with, below 64 still being tried, then failed.
StatusReport = namedtuple("StatusReport", ("mr", "recipient", "scts", "discharge", "status"))


def decode(line):
    """Return the Deliver or StatusReport of a PDU in hex, service centre first, as in +CMGR.

    PduError: it is neither, or does not hold together.
    """
    octets = _octets(line)
    at = octets[0] + 1
    if at > _LONGEST_CENTRE + 1:
        raise PduError("service centre address too long")
    try:
        kind = octets[at] & 3
        if kind == _SUBMIT:
            raise PduError("a message from here, not to here")
        if kind == _STATUS_REPORT:
            return _status_report(octets, at)
        return _deliver(octets, at)  # the reserved type is read so too (9.2.3.1)
    except IndexError:
        raise PduError("cut off")


def _octets(line):
    if not line or len(line) > _LONGEST_LINE:
        raise PduError("no PDU, or too long")
    try:
        octets = bytes.fromhex(line)
    except (ValueError, TypeError):
        raise PduError("not hexadecimal")
    if len(octets) * 2 != len(line):  # fromhex passes over blanks
        raise PduError("not hexadecimal")
    return octets


def _deliver(octets, at):
    """Read an SMS-DELIVER (9.2.2.1). What follows the user data is not looked at."""
    first = octets[at]
    sender, kind, at = tpdu.decode_address(octets, at + 1)
    pid, dcs = octets[at], octets[at + 1]
    scts = tpdu.decode_time(octets, at + 2)
    count = octets[at + 9]
    at += 10
    coding = alphabet(dcs)
    size = (count * 7 + 7) // 8 if coding == GSM7 else count
    end = at + size
    if size > _LONGEST_DATA:
        raise PduError("user data too long")
    if end > len(octets):
        raise PduError("user data cut off")
    body = at  # where the text begins
    concat = ports = None
    if first & 0x40:
        body += octets[at] + 1
        if body > end:
            raise PduError("header cut off")
        concat, ports = tpdu.decode_header(octets, at + 1, body)
    text, data = None, b""
    if coding == GSM7:
        lead = ((body - at) * 8 + 6) // 7  # septets of the header, the fill bits with it
        if lead > count:
            raise PduError("header cut off")
        text = gsm7.decode(octets, at * 8 + lead * 7, count - lead)
    elif coding == UCS2:
        text = ucs2.decode(octets, body, end)
    else:
        data = octets[body:end]
    return Deliver(sender, kind, text, data, scts, concat, pid, ports, tpdu.message_class(dcs))


def _status_report(octets, at):
    """Read an SMS-STATUS-REPORT (9.2.2.3). The optional fields are not looked at."""
    reference = octets[at + 1]
    recipient, _, at = tpdu.decode_address(octets, at + 2)
    scts, discharge = tpdu.decode_time(octets, at), tpdu.decode_time(octets, at + 7)
    return StatusReport(reference, recipient, scts, discharge, octets[at + 14])
