"""The main socket: ON, OFF, for a time, RESTART, RUNTIME, POWERSTATE (chapters 4.1, 11)."""

from powersocket.commands import ANSWERED, CTRL, DIGITS, PLAIN
from powersocket.features.relay import Relay, word
from powersocket.parameters import Choice, Number, whole


class PowerSocket(Relay):
    """The main relay; every order of the others goes through here.

    Chapters: RESTARTTIME 4.1; POWERSTATE 11.
    """

    section = "socket"
    # since: calendar text of the moment in which the socket went on, "" if the clock was not set.
    defaults = {"on": False, "timer": [], "since": ""}
    parameters = (
        Number("RESTARTTIME", 10, 1, 600, "seconds"),
        Choice("POWERSTATE", ("REMEMBER", "ON", "OFF")),
    )

    def commands(self):
        return (
            (PLAIN, "ON", CTRL, "switch_on"),
            (PLAIN, "OFF", CTRL, "switch_off"),
            (DIGITS, "ON", CTRL, "on_for"),
            (DIGITS, "OFF", CTRL, "off_for"),
            (PLAIN, "RESTART", CTRL, "restart"),
            (PLAIN, "RUNTIME", CTRL, "runtime", ANSWERED),
        )

    def _switch(self, on, now):
        if self.on != on:
            self.state["since"] = self.device.time_text(now) or "" if on else ""
        super()._switch(on, now)

    # --- events ---

    def start(self, cause, now):
        """A restart keeps state and timer."""
        super().start(cause, now)
        if cause != "restart":
            self._power_back(now)

    def mains(self, on, now):
        if on:
            self._power_back(now)

    def _power_back(self, now):
        """POWERSTATE says what to do; a running timer is over."""
        state = self.state
        level = state["timer"][1] if state["timer"] else state["on"]
        wish = self.device.get("POWERSTATE")
        if wish != "REMEMBER":
            level = wish == "ON"
        if state["timer"] or level != state["on"]:
            state["timer"] = []
            state["on"] = level
            self.device.changed()
        # The power-up counts as going on.
        since = (self.device.time_text(now) or "") if level else ""
        if since != state["since"]:
            state["since"] = since
            self.device.changed()

    def status(self, now):
        return ("Power socket " + word(self.on),)

    # --- commands ---

    def switch_on(self, request):
        """4.1 | `Power socket ON`"""
        self.order(True, request.now)
        return "Power socket ON"

    def switch_off(self, request):
        """4.1 | `Power socket OFF`"""
        self.order(False, request.now)
        return "Power socket OFF"

    def on_for(self, request):
        """4.1 | `Power ON for 30 seconds`"""
        return self._for(True, request)

    def off_for(self, request):
        """4.1 | `Power OFF for 30 seconds`"""
        return self._for(False, request)

    def _for(self, on, request):
        dialect = self.device.model.dialect
        count = whole(request.argument, 1, dialect.longest)
        self.order_for(on, count * dialect.unit_seconds, request.now)
        return "Power " + word(on) + " for " + str(count) + " " + dialect.unit

    def restart(self, request):
        """4.1 | `Power socket restarted`"""
        self.order_restart(request.now)
        return "Power socket restarted"

    def runtime(self, request):
        """4.1 | `Power socket is ON from: yy/mm/dd,hh:mm:ss` or `Power socket is OFF`"""
        if not self.on:
            return "Power socket is OFF"
        return "Power socket is ON from: " + (self.state["since"] or "unknown")
