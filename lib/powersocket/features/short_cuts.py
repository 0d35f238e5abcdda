"""The short cuts MAKEMEBOSS and ALERTME (manual chapters 3, 5.3)."""

from powersocket.commands import CONF, PLAIN
from powersocket.feature import Feature

_BOSS = (
    "Your phone number has been assigned for all types of alerts and was added to security list"
    " which has been activated"
)
_ALERTED = "Your phone number has been assigned for all types of alerts!"


class ShortCuts(Feature):
    """The sender becomes an alert number, and the boss."""

    def commands(self):
        return (
            (PLAIN, "MAKEMEBOSS", CONF, "make_me_boss"),
            (PLAIN, "ALERTME", CONF, "alert_me"),
        )

    def _with(self, name, number):
        return self.device.parameter(name).add(self.device.get(name), number)

    def make_me_boss(self, request):
        """3 | `Your phone number has been assigned for all types of alerts and was added to
        security list which has been activated`"""
        number = request.message.number
        if not number:
            return None
        device = self.device
        alert, listed = self._with("ALERTNUMBER", number), self._with("SECNUMBER", number)
        device.set("ALERTNUMBER", alert)
        device.set("SECNUMBER", listed)
        device.set("SECLIST", "ON")
        return _BOSS

    def alert_me(self, request):
        """5.3 | `Your phone number has been assigned for all types of alerts!`"""
        number = request.message.number
        if not number:
            return None
        self.device.set("ALERTNUMBER", self._with("ALERTNUMBER", number))
        return _ALERTED
