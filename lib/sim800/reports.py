# SPDX-License-Identifier: MIT
"""SMS-STATUS-REPORT: what became of a message that was sent (3GPP 23.040, 9.2.2.3)."""

from collections import namedtuple

from sim800 import sms

# mr is the reference that +CMGS gave; scts, discharge as in Deliver; status: TP-Status
# (9.2.3.15): below 32 completed, below 64 still trying, from 64 on failed.
StatusReport = namedtuple("StatusReport", ("mr", "recipient", "scts", "discharge", "status"))


def decode(line):
    """Return the StatusReport or Deliver of a PDU in hex. Raises PduError if it is neither."""
    return sms.decode(line, _status_report)


def _status_report(octets, at):
    """Read the mandatory fields of an SMS-STATUS-REPORT; the optional ones are ignored."""
    reference = octets[at + 1]
    recipient, _, at = sms.decode_address(octets, at + 2)
    scts, discharge = sms.decode_time(octets, at), sms.decode_time(octets, at + 7)
    return StatusReport(reference, recipient, scts, discharge, octets[at + 14])
