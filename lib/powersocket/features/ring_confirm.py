"""Calls to the device, and how their callers are told (manual 70x, chapters 4.2 and 6.2)."""

from powersocket.features.calls import Calls
from powersocket.parameters import Choice


class RingConfirm(Calls):
    """RINGCONFIRM and RINGCONFIRMTYPE in place of one parameter.

    Chapters: RING 4.2; RINGCONFIRM 6.2; RINGCONFIRMTYPE 6.2.
    """

    parameters = (
        Choice("RING", ("NOACTION", "RESTART", "SWITCH")),
        Choice("RINGCONFIRM", ("ON", "OFF")),
        Choice("RINGCONFIRMTYPE", ("SMS", "CALL")),
    )

    def _way(self):
        device = self.device
        return device.get("RINGCONFIRMTYPE") if device.get("RINGCONFIRM") == "ON" else "OFF"


class RingMicrophone(RingConfirm):
    """A call can open the microphone, too.

    Chapters: RING 4.2; RINGCONFIRM 6.2; RINGCONFIRMTYPE 6.2.
    """

    parameters = (
        Choice("RING", ("NOACTION", "RESTART", "SWITCH", "MIC")),
    ) + RingConfirm.parameters[1:]

    def take(self, caller, now):
        return self.device.get("RING") == "MIC" or super().take(caller, now)
