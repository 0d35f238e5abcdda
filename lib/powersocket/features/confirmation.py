"""SMSCONFIRM, ERROR: which replies are sent (manual chapter 6.1)."""

from powersocket.feature import Feature
from powersocket.parameters import Choice


class Confirmation(Feature):
    """Two switches; `Device` follows them when it has an answer to send.

    Chapters: SMSCONFIRM 6.1; ERROR 6.3.
    """

    parameters = (Choice("SMSCONFIRM", ("ON", "OFF")), Choice("ERROR", ("ON", "OFF")))

    def assign(self, parameter, request):
        if parameter.name == "SMSCONFIRM":
            request.answered = True  # the last reply for now tells that there will be no more
        return super().assign(parameter, request)
