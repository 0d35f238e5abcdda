"""The main socket: ON, OFF, for a time, RESTART, RUNTIME, POWERSTATE (chapters 4.1, 11)."""

from powersocket.commands import ANSWERED, CTRL, DIGITS, PLAIN
from powersocket.feature import Feature
from powersocket.parameters import Choice, Number, whole


class PowerSocket(Feature):
    """Owns the relay and its one timer; every order of the others goes through here.

    Chapters: RESTARTTIME 4.1; POWERSTATE 11.
    """

    section = "socket"
    # timer: [uptime in seconds at which it ends, level then] or []; a third element is True if it
    # is of RESTART, or says whose it is. since: calendar text of the moment in which the socket
    # went on, "" if the clock was not set then.
    defaults = {"on": False, "timer": [], "since": ""}
    parameters = (
        Number("RESTARTTIME", 10, 1, 600, "seconds"),
        Choice("POWERSTATE", ("REMEMBER", "ON", "OFF")),
    )
    commands = (
        (PLAIN, "ON", CTRL, "switch_on"),
        (PLAIN, "OFF", CTRL, "switch_off"),
        (DIGITS, "ON", CTRL, "on_for"),
        (DIGITS, "OFF", CTRL, "off_for"),
        (PLAIN, "RESTART", CTRL, "restart"),
        (PLAIN, "RUNTIME", CTRL, "runtime", ANSWERED),
    )

    @property
    def on(self):
        """The level that the relay's pin has or is about to get."""
        return self.state["on"]

    # --- orders, by whatever cause ---

    def order(self, on, now):
        """Switch the socket; a running timer is over."""
        self._end_timer()
        self._switch(on, now)

    def order_for(self, on, seconds, now, owner=""):
        """Switch the socket for a time, then to the other state; the owner may end that time."""
        self._switch(on, now)
        self._begin_timer(now + seconds, not on, owner)

    def end(self, owner, now):
        """End a running time now, with the level it ends in; only the owner's."""
        timer = self.state["timer"]
        if timer[2:] == [owner]:
            self.order(timer[1], now)

    def order_restart(self, now):
        """Go to the opposite state for RESTARTTIME; a restart under way begins its time anew."""
        state = self.state
        seconds = self.device.get("RESTARTTIME")
        if state["timer"][2:] == [True]:
            self._begin_timer(now + seconds, state["timer"][1], True)
            return
        level = state["on"]
        self._switch(not level, now)
        self._begin_timer(now + seconds, level, True)

    def _switch(self, on, now):
        state = self.state
        if state["on"] != on:
            state["on"] = on
            state["since"] = self.device.time_text(now) or "" if on else ""
            self.device.changed()

    def _begin_timer(self, deadline, level, owner):
        # Now is a whole second that has begun: one more, so that a time is never cut short.
        self.state["timer"] = [deadline + 1, level] + ([owner] if owner else [])
        self.device.changed()

    def _end_timer(self):
        if self.state["timer"]:
            self.state["timer"] = []
            self.device.changed()

    # --- events ---

    def start(self, cause, now):
        """A restart keeps state and timer."""
        if not _valid_timer(self.state["timer"]):
            self.state["timer"] = []
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
        if state["timer"] or level != state["on"] or state["since"]:
            state["timer"] = []
            state["on"] = level
            state["since"] = ""
            self.device.changed()
        if level:
            # The power-up counts as going on.
            since = self.device.time_text(now) or ""
            if since != state["since"]:
                state["since"] = since
                self.device.changed()

    def deadline(self):
        timer = self.state["timer"]
        return timer[0] if timer else None

    def tick(self, now):
        self.order(self.state["timer"][1], now)

    def status(self, now):
        return ("Power socket " + _word(self.on),)

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
        return "Power " + _word(on) + " for " + str(count) + " " + dialect.unit

    def restart(self, request):
        """4.1 | `Power socket restarted`"""
        self.order_restart(request.now)
        return "Power socket restarted"

    def runtime(self, request):
        """4.1 | `Power socket is ON from: yy/mm/dd,hh:mm:ss` or `Power socket is OFF`"""
        if not self.on:
            return "Power socket is OFF"
        return "Power socket is ON from: " + (self.state["since"] or "unknown")


def _word(on):
    return "ON" if on else "OFF"


def _valid_timer(timer):
    return not timer or (len(timer) in (2, 3) and type(timer[0]) is int and timer[1] in (0, 1))
