"""The power notifier with its switch POWERALERT (manual chapter 11)."""

from powersocket.features.power_notifier import PowerNotifier
from powersocket.parameters import Choice


class PowerFailure(PowerNotifier):
    """The notifier with a switch.

    Chapters: POWERALERT 11.
    """

    parameters = (Choice("POWERALERT", ("ON", "OFF")),)

    def _wanted(self):
        return self.device.get("POWERALERT") == "ON"
