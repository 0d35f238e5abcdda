# SPDX-License-Identifier: MIT
"""Where GSM 706, GSM 707 and their Light versions differ from Environment Pro.

The confirmation of calls (manual 70x, 6.2), the renewal of the window (5.4), the button (15).
"""

from powersocket import const
from powersocket.features import Feature
from powersocket.features.button import Button
from powersocket.features.ring import RingAction
from powersocket.settings import Refusal, Secret, same

NO_SECURITY = "No security setup!"
_ASK = const(5000)  # ms: a press of this length asks for a reset,
_CONFIRM = const(10)  # which another one within so many seconds confirms


class RingConfirm(RingAction):
    """RINGCONFIRM and RINGCONFIRMTYPE in place of one parameter."""

    def confirmation(self):
        settings = self.device.settings
        return settings["RINGCONFIRMTYPE"] if settings["RINGCONFIRM"] == "ON" else "OFF"


class Renewal(Feature):
    """RENEWINTERVAL, with its own password, opens the configuration window again."""

    parameters = (Secret("RENEWINTERVALPW", 9),)
    commands = (
        ("RENEWINTERVAL?", "tell", "Inf"),
        ("RENEWINTERVAL@", "renew", ""),
    )

    def assign(self, parameter, request):
        if parameter.parse(request.argument) and not self.device.security.configured():
            raise Refusal(NO_SECURITY)
        return super().assign(parameter, request)

    def security_changed(self, now):
        if not self.device.security.configured():
            self.device.set("RENEWINTERVALPW", "")

    def tell(self, request):
        """`Password presented, renew possible` or `Password is not presented, renew
        impossible`"""
        if self.device.settings["RENEWINTERVALPW"]:
            return "Password presented, renew possible"
        return "Password is not presented, renew impossible"

    def renew(self, request):
        """`Configuration interval renewed`, `Renew password was not setup` or `Invalid renew
        password!`"""
        password = self.device.settings["RENEWINTERVALPW"]
        if not password:
            raise Refusal("Renew password was not setup")
        if not same(request.argument, password):
            raise Refusal("Invalid renew password!")
        self.device.security.open_window(request.now)
        return "Configuration interval renewed"


class TwoPresses(Button):
    """After a long press all LEDs but GSM blink; a second press while they do resets."""

    hint = 0
    _until = 0

    def pressed(self, ms, now):
        if self.asking:
            self.asking = False
            self.device.factory_reset(now)
        elif ms >= _ASK:
            self._until = now + _CONFIRM + 1  # now is a second that has begun
            self.asking = True
        else:
            super().pressed(ms, now)

    def deadline(self):
        return self._until if self.asking else None

    def tick(self, now):
        self.asking = False
