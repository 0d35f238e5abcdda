"""Calls to the device: RING and how the caller is told, RINGCONFIRM.

A call is taken once: that it was is recorded before it is rejected, so that a restart in between
does not make the same call, which still rings then, act a second time.
"""

from powersocket.feature import Feature
from powersocket.parameters import Choice, Refusal
from powersocket.texts import plain_number

NOT_ACTIVE = "SECLIST is not active!"
_RINGS = 60  # s for which a call that could not be rejected may ring on
_CONFIRMING = "10"  # s for which a confirmation rings at the caller's


class Calls(Feature):
    """What a listed caller's call does.

    Chapters: RING 4.2; RINGCONFIRM 6.2.
    """

    section = "calls"
    # taken: [number, uptime in seconds] of a call that was carried out, but rings still; or [].
    defaults = {"taken": []}
    parameters: tuple = (
        Choice("RING", ("NOACTION", "RESTART", "SWITCH")),
        Choice("RINGCONFIRM", ("SMS", "CALL", "OFF")),
    )

    def __init__(self, device):
        super().__init__(device)
        device.calls = self

    def assign(self, parameter, request):
        if parameter.name == "RING" and parameter.parse(request.argument) != parameter.default:
            if self.device.get("SECLIST") != "ON":
                raise Refusal(NOT_ACTIVE)
        return super().assign(parameter, request)

    # --- events ---

    def start(self, cause, now):
        taken = self.state["taken"]
        if taken and (cause == "power" or len(taken) != 2 or type(taken[1]) is not int):
            self.over()

    def security_changed(self, now):
        if self.device.get("SECLIST") != "ON":
            self.device.set("RING", "NOACTION")

    # --- what the application asks and tells, in this order ---

    def acts(self, caller):
        """Tell whether a call does anything: then it is to be rejected, else it is left ringing.

        caller: the number as the network shows it, "" if it is hidden.
        """
        device = self.device
        number = plain_number(caller)
        return (
            number != ""
            and device.get("SECLIST") == "ON"
            and device.get("RING") != "NOACTION"
            and number in device.get("SECNUMBER")
        )

    def take(self, caller, now):
        """Carry out a call that acts, and owe the caller its confirmation.

        Return True if it is to be answered, not rejected: it opens the microphone.
        """
        taken = self.state["taken"]
        if taken and taken[0] == caller and now - taken[1] < _RINGS:
            return False  # it was carried out, and rings still
        self.state["taken"] = [caller, now]
        self.device.changed()
        text = self._act(now)
        confirm = self._way()
        if confirm == "SMS":
            self.device.reply(caller, text)
        elif confirm == "CALL":
            self.device.errands.add("call", caller + " " + _CONFIRMING, "ringconfirm")
        return False

    def _way(self):
        """Return how a caller is told: SMS, CALL or OFF."""
        return self.device.get("RINGCONFIRM")

    def over(self):
        """The call that was taken rings no more."""
        self.state["taken"] = []
        self.device.changed()

    def _act(self, now):
        """Do what RING says; return what the command would have answered."""
        socket = self.device.socket
        if self.device.get("RING") == "RESTART":
            socket.order_restart(now)
            return "Power socket restarted"
        socket.order(not socket.on, now)
        return "Power socket ON" if socket.on else "Power socket OFF"
