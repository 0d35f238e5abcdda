"""SMSCONFIRM, ERROR: which replies are sent (manual chapter 6.1)."""

from powersocket.feature import Feature
from powersocket.parameters import Choice


class Confirmation(Feature):
    """Two switches; `Device` follows them when it has an answer to send."""

    parameters = (Choice("SMSCONFIRM", ("ON", "OFF")), Choice("ERROR", ("ON", "OFF")))
