# SPDX-License-Identifier: MIT
"""Socket: ON, OFF, for a time, RESTART, RUNTIME, STATUS, WHY, POWERSTATE (chapters 4.1, 11)."""

from powersocket import const
from powersocket.features import Feature
from powersocket.settings import Choice, Number, whole

_RESTART = const("restart")  # the owner of RESTART's timer

# A timer is stored as [uptime in seconds at which it ends, level from then on, owner or ""].
_END = const(0)
_LEVEL = const(1)
_OWNER = const(2)


class Relay(Feature):
    """A relay with one timer: what the main socket and the micro relay have in common.

    Every order, whatever its cause, replaces the timer. The cause is kept with the level, for WHY:
    `by` is `SMS +n`, `call +n`, `button`, `scheduler hh:mm`, `thermostat`, `alarm`, `timer`,
    `power-up` or `factory reset`.
    """

    @property
    def on(self):
        """The level that the relay's pin has, or gets at the next commit."""
        return self.state["on"]

    def word(self):
        """Return the word for the level."""
        return "ON" if self.on else "OFF"

    def order(self, on, now, by):
        """Switch, and cancel a running timer."""
        self.change(timer=[])
        self._switch(on, now, by)

    def order_for(self, on, seconds, now, by, owner=""):
        """Switch for a time, then to the other state; `owner` may end that time early."""
        self._switch(on, now, by)
        # `now` is cut to whole seconds: one more, so that the time is never too short.
        self.change(timer=[now + seconds + 1, not on, owner])

    def order_restart(self, now, by):
        """Go to the opposite state for RESTARTTIME; a restart under way starts its time again."""
        timer = self.state["timer"]
        level = timer[_LEVEL] if self.timer_is(_RESTART) else self.on
        self.order_for(not level, self.device.settings["RESTARTTIME"], now, by, _RESTART)

    def end(self, owner, now, by):
        """End a running timer of this owner now, with the level that it would end with."""
        if self.timer_is(owner):
            self.order(self.state["timer"][_LEVEL], now, by)

    def timer_is(self, owner):
        """Return True while a timer of this owner runs."""
        timer = self.state["timer"]
        return timer != [] and timer[_OWNER] == owner

    def _switch(self, on, now, by):
        if self.on != on:
            self.change(on=on, since=now, by=by)

    # --- events ---

    def reset(self, now):
        self.change(since=now, by="factory reset")

    def deadline(self):
        timer = self.state["timer"]
        return timer[_END] if timer else None

    def tick(self, now):
        self.order(self.state["timer"][_LEVEL], now, "timer")


class PowerSocket(Relay):
    """The main relay; every other feature switches it through this class."""

    section = "socket"
    parameters = (
        Number("RESTARTTIME", 10, 1, 600, "seconds"),
        Choice("POWERSTATE", ("REMEMBER", "ON", "OFF")),
    )
    commands = (
        ("ON", "switch", ""),
        ("OFF", "switch", ""),
        ("ON#", "switch_for", ""),
        ("OFF#", "switch_for", ""),
        ("RESTART", "restart", ""),
        ("RUNTIME", "runtime", "always"),
    )

    # --- events ---

    def start(self, cause, now):
        """A restart keeps state and timer."""
        if cause != "restart":
            self.mains(True, now)

    def mains(self, on, now):
        """When power is back, POWERSTATE decides, and a running timer is over."""
        if on:
            state = self.state
            level = state["timer"][_LEVEL] if state["timer"] else state["on"]
            wish = self.device.settings["POWERSTATE"]
            if wish != "REMEMBER":
                level = wish == "ON"
            # The power-up counts as going on.
            self.change(timer=[], on=level, since=now, by="power-up")

    def status(self, now):
        return ("Power socket " + self.word(),)

    # --- commands ---

    def switch(self, request):
        """`Power socket {level}`"""
        self.order(request.name == "ON", request.now, request.by)
        return "Power socket " + request.name

    def switch_for(self, request):
        """`Power {level} for 30 seconds`"""
        level = request.name[:-1]
        dialect = self.device.dialect
        count = whole(request.argument, 1, dialect.longest)
        self.order_for(level == "ON", count * dialect.unit_seconds, request.now, request.by)
        return "Power %s for %d %s" % (level, count, dialect.unit)

    def restart(self, request):
        """`Power socket restarted`"""
        self.order_restart(request.now, request.by)
        return "Power socket restarted"

    def runtime(self, request):
        """`Power socket is ON from: yy/mm/dd,hh:mm:ss` or `Power socket is OFF`"""
        if not self.on:
            return "Power socket is OFF"
        since = self.device.clock.text(self.state["since"])
        return "Power socket is ON from: " + (since or "unknown")


class Status(Feature):
    """STATUS: the lines of all features of the model; the signal's line is its own. And WHY."""

    commands = (
        ("STATUS", "report", "signal"),
        ("WHY", "explain", "always"),
    )

    def status(self, now):
        dbm = self.device.modem.dbm
        if dbm is None:
            return ("Signal: None",)
        quality = ("Weak", "Medium", "Good")[(dbm >= -97) + (dbm >= -83)]
        return ("Signal: %s (%ddBm)" % (quality, dbm),)

    # --- commands ---

    def report(self, request):
        """the socket, the signal and a line of each function"""
        return self.device.status_text(request.now)

    def explain(self, request):
        """`Power socket ON by SMS +358912345678, yy/mm/dd,hh:mm:ss`, and what may switch it
        next"""
        device, now, lines = self.device, request.now, []
        for relay in (device.socket, device.micro):
            if relay is not None:
                since = device.clock.text(relay.state["since"])
                line = relay.status(now)[0] + " by " + relay.state["by"]
                lines.append(line if since is None else line + ", " + since)
        timer, thermostat = device.socket.state["timer"], device.thermostat
        if timer:
            level = "ON" if timer[_LEVEL] else "OFF"
            lines.append("Then %s in %d s" % (level, timer[_END] - now - 1))
        if thermostat is not None and thermostat.state["on"]:
            kind = "THERMOSTAT=" + device.settings["THERMOSTAT"]
            lines.append(kind + " " + thermostat.shown_limit())
        if device.alarm is not None and device.alarm.holds():
            lines.append("Alarm holds the socket")
        return "\n".join(lines)
