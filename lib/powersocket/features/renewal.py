"""RENEWINTERVAL: another 30 minutes for configuration (manual 70x, chapter 5.4)."""

from powersocket.commands import CTRL, INF, QUERY, WORD
from powersocket.feature import Feature
from powersocket.features.security import Secret
from powersocket.parameters import Refusal
from powersocket.texts import same

NO_SECURITY = "No security setup!"
_NAME = "RENEWINTERVALPW"


class Renewal(Feature):
    """A password of its own opens the configuration window again.

    Chapters: RENEWINTERVALPW 5.4.
    """

    parameters = (Secret(_NAME, 9),)

    def commands(self):
        return (
            (QUERY, "RENEWINTERVAL", INF, "tell"),
            (WORD, "RENEWINTERVAL", CTRL, "renew"),
        )

    def assign(self, parameter, request):
        value = parameter.parse(request.argument)
        if value and not self.device.guard.configured():
            raise Refusal(NO_SECURITY)
        return super().assign(parameter, request)

    def security_changed(self, now):
        if not self.device.guard.configured():
            self.device.set(_NAME, "")

    def tell(self, request):
        """5.4 | `Password presented, renew possible` or `Password is not presented, renew
        impossible`"""
        if self.device.get(_NAME):
            return "Password presented, renew possible"
        return "Password is not presented, renew impossible"

    def renew(self, request):
        """5.4 | `Configuration interval renewed`, `Renew password was not setup` or `Invalid renew
        password!`"""
        password = self.device.get(_NAME)
        if not password:
            raise Refusal("Renew password was not setup")
        if not same(request.argument, password):
            raise Refusal("Invalid renew password!")
        self.device.guard.open_window(request.now)
        return "Configuration interval renewed"
