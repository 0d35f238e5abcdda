"""SMS-STATUS-REPORT: the fate of a message sent (3GPP 23.040, 9.2.2.3)."""

from collections import namedtuple

from sim800 import sms

# mr is the reference that +CMGS gave; scts, discharge as in Deliver; status: TP-Status
# (9.2.3.15): below 32 done with, below 64 still being tried, then failed.
StatusReport = namedtuple("StatusReport", ("mr", "recipient", "scts", "discharge", "status"))


def decode(line):
    """Return the StatusReport or Deliver of a PDU in hex. PduError: it is neither."""
    return sms.decode(line, _status_report)


def _status_report(octets, at):
    """Read what an SMS-STATUS-REPORT must have; the optional fields are not looked at."""
    reference = octets[at + 1]
    recipient, _, at = sms.decode_address(octets, at + 2)
    scts, discharge = sms.decode_time(octets, at), sms.decode_time(octets, at + 7)
    return StatusReport(reference, recipient, scts, discharge, octets[at + 14])
