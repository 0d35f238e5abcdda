"""SMS PDUs: SMS-DELIVER decoded, SMS-SUBMIT encoded (3GPP 23.040, 9.2).

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
# ports: None or (destination, source) of an application; WAP and MMS push have destination 2948.
Deliver = namedtuple("Deliver", ("sender", "kind", "text", "data", "scts", "concat", "ports"))


def decode(line, report=None):
    """Return the Deliver of a PDU in hex, service centre first, as in +CMGR.

    report: what reads an SMS-STATUS-REPORT, see reports.decode. PduError: it is none, or does not
    hold together.
    """
    octets = b""
    try:
        if len(line) <= _LONGEST_LINE:
            octets = bytes.fromhex(line)
    except ValueError:
        pass
    if not octets or len(octets) * 2 != len(line):  # fromhex passes over blanks
        raise PduError("not hexadecimal, or too long")
    at = octets[0] + 1
    if at > _LONGEST_CENTRE + 1:
        raise PduError("service centre address too long")
    try:
        kind = octets[at] & 3
        if kind == _STATUS_REPORT and report is not None:
            return report(octets, at)
        if kind in (_SUBMIT, _STATUS_REPORT):
            raise PduError("no message to here")
        return _deliver(octets, at)  # the reserved type is read so too (9.2.3.1)
    except IndexError:
        raise PduError("cut off")


def _deliver(octets, at):
    """Read an SMS-DELIVER (9.2.2.1). What follows the user data is not looked at."""
    first = octets[at]
    sender, kind, at = tpdu.decode_address(octets, at + 1)
    scts = tpdu.decode_time(octets, at + 2)
    coding = alphabet(octets[at + 1])
    count = octets[at + 9]
    at += 10
    end = at + ((count * 7 + 7) // 8 if coding == GSM7 else count)
    body = at  # where the text begins
    if first & 0x40:
        body += octets[at] + 1
    lead = ((body - at) * 8 + 6) // 7  # septets of the header, the fill bits with it
    if end - at > _LONGEST_DATA or end > len(octets) or body > end:
        raise PduError("user data cut off or too long")
    concat, ports = tpdu.decode_header(octets, at + 1, body)
    text, data = None, b""
    if coding == GSM7:
        if lead > count:
            raise PduError("header cut off")
        text = gsm7.decode(octets, at * 8 + lead * 7, count - lead)
    elif coding == UCS2:
        text = ucs2.decode(octets, body, end)
    else:
        data = octets[body:end]
    return Deliver(sender, kind, text, data, scts, concat, ports)
