# SPDX-License-Identifier: MIT
"""Calls to the device: RING, and their confirmation, RINGCONFIRM (chapters 4.2 and 6.2).

A call acts once. That it did is recorded before the call is rejected, because after a restart in
between the same call may still be ringing.
"""

from powersocket import const
from powersocket.features import Feature
from powersocket.outbox import CALL
from powersocket.settings import Refusal, plain_number

_LONGEST = const(60)  # s for which a call that could not be rejected may ring on
_CONFIRMING = const(" 10")  # s for which a confirmation call rings


class RingAction(Feature):
    """What a listed caller's call does."""

    section = "calls"

    def assign(self, parameter, request):
        if parameter.name == "RING" and parameter.parse(request.argument) != "NOACTION":
            if self.device.settings["SECLIST"] != "ON":
                raise Refusal("SECLIST is not active!")
        return super().assign(parameter, request)

    # --- events ---

    def start(self, cause, now):
        if cause == "power":
            self.over()

    def security_changed(self, now):
        if self.device.settings["SECLIST"] != "ON":
            self.device.set("RING", "NOACTION")

    # --- what the application calls, in this order ---

    def acts(self, caller):
        """Return True if a call does anything; it is then rejected. All others are left ringing.

        caller: the number as the network shows it, "" if it is hidden.
        """
        settings = self.device.settings
        if settings["SECLIST"] != "ON" or settings["RING"] == "NOACTION":
            return False
        return plain_number(caller) in settings["SECNUMBER"]

    def take(self, caller, now):
        """Carry out a call that acts, and queue its confirmation.

        Return True if the call opens the microphone, and so is to be answered, not rejected.
        """
        if self.device.settings["RING"] == "MIC":  # with a microphone only
            return True
        taken = self.state["taken"]
        if taken and taken[0] == caller and now - taken[1] < _LONGEST:
            return False  # it has acted already, and still rings
        self.change(taken=[caller, now])
        socket = self.device.socket
        if self.device.settings["RING"] == "RESTART":
            socket.order_restart(now, "call " + caller)
            text = "Power socket restarted"
        else:
            socket.order(not socket.on, now, "call " + caller)
            text = "Power socket " + socket.word()
        confirm = self.confirmation()
        if confirm == "SMS":
            self.device.outbox.reply(caller, text)
        elif confirm == "CALL":
            self.device.errands.add(CALL, caller + _CONFIRMING, "ringconfirm")
        return False

    def confirmation(self):
        """Return how a call is confirmed: SMS, CALL or OFF."""
        return self.device.settings["RINGCONFIRM"]

    def over(self):
        """The call that has acted no longer rings."""
        self.change(taken=[])
