# SPDX-License-Identifier: MIT
"""What a refusal says about the message that was being sent: by the meaning of each code."""

from sim800.errors import FINAL, SENT, TRANSIENT, UNKNOWN, AtError, AtTimeout, ModemError

SMOKE = True

# 3GPP 27.005, 3.2.5: to 127 the causes of 24.011, E.2; to 255 those of 23.040, 9.2.3.22; from 300
# on those of the modem itself. What is behind "perhaps" may come after the message has left.
CODES = (
    (1, "unassigned number", FINAL),
    (8, "operator determined barring", FINAL),
    (10, "call barred", FINAL),
    (21, "short message transfer rejected", FINAL),
    (27, "destination out of service", FINAL),
    (28, "unidentified subscriber", FINAL),
    (29, "facility rejected", FINAL),
    (30, "unknown subscriber", FINAL),
    (38, "network out of order", TRANSIENT),
    (41, "temporary failure", TRANSIENT),
    (42, "congestion", TRANSIENT),
    (47, "resources unavailable", TRANSIENT),
    (50, "requested facility not subscribed", FINAL),
    (69, "requested facility not implemented", FINAL),
    (111, "protocol error", FINAL),
    (127, "interworking", FINAL),
    (128, "telematic interworking not supported", FINAL),
    (144, "TP-DCS not supported", FINAL),
    (192, "service centre busy", TRANSIENT),
    (193, "no service centre subscription", FINAL),
    (194, "service centre system failure", TRANSIENT),
    (195, "invalid address", FINAL),
    (196, "destination barred", FINAL),
    (197, "rejected, duplicate", SENT),
    (224, "CP retry exceeded, perhaps", UNKNOWN),
    (225, "RP timer expired, perhaps", UNKNOWN),
    (226, "SMS connection broken, perhaps", UNKNOWN),
    (255, "unspecified", FINAL),
    (300, "modem failure", TRANSIENT),
    (302, "operation not allowed", TRANSIENT),
    (304, "invalid PDU: bytes were lost on the way to the modem", TRANSIENT),
    (310, "SIM not inserted", TRANSIENT),
    (311, "SIM PIN required", TRANSIENT),
    (314, "SIM busy", TRANSIENT),
    (330, "centre's address unknown", TRANSIENT),
    (331, "no network service", TRANSIENT),
    (332, "network time-out, perhaps", UNKNOWN),
    (500, "unknown error, perhaps", UNKNOWN),
    (512, "of the manufacturer", TRANSIENT),
    (521, "timer expired, perhaps", UNKNOWN),
)


def after(error, given):
    error.given = given
    return error.fate


def test_each_code_means_what_the_standard_says():
    for code, meaning, fate in CODES:
        error = AtError("AT+CMGS=20", "+CMS ERROR: %d" % code)
        assert (error.kind, error.code) == ("CMS", code), meaning
        assert after(error, True) == fate, meaning
        # Without a body nothing can have left; a message that is refused stays refused.
        assert after(error, False) == (TRANSIENT if fate == UNKNOWN else fate), meaning


def test_a_refusal_that_gives_no_reason():
    for error, fate in (
        (AtError("AT+CMGS=20", "ERROR"), UNKNOWN),
        (AtError("AT+CMGS=20", "+CME ERROR: 100"), UNKNOWN),  # unknown
        (AtError("AT+CMGS=20", "+CMS ERROR: x"), UNKNOWN),  # cut off
        (AtError("AT+CMGS=20", "+CME ERROR: 14"), TRANSIENT),  # SIM busy
        (AtError("AT+CMGS=20", "+CME ERROR: 30"), TRANSIENT),  # no network service
        (AtTimeout("AT+CMGS=20"), UNKNOWN),
        (ModemError("restarted"), UNKNOWN),
    ):
        assert after(error, False) == TRANSIENT, error
        assert after(error, True) == fate, error
