"""The calendar (manual chapter 8; spec chapters 4, 8 and 9.6).

The calendar is an offset to the uptime, which runs on through restarts, sleep and battery: so
does the calendar, and it costs a commit only when it is set. Who may set it:

- the network, unless the date was set by hand;
- the time stamp of a message, while the clock is not set;
- the owner, by DATE=; by DATESMS, after which the network may correct it again.
"""

from powersocket import calendar
from powersocket.feature import Feature

# Uptime and the network's time are both whole seconds that have begun: what is measured of their
# difference varies by one second, and that is not worth a commit.
_JITTER = 1


class Clock(Feature):
    """The calendar alone: all that a model without date commands has of it, for RUNTIME."""

    section = "clock"
    # offset: local seconds since 2000 less the uptime; zone: quarter hours from GMT; hand: set by
    # DATE=, so that the network does not correct it.
    defaults = {"set": False, "offset": 0, "zone": 0, "hand": False}
    survives_reset = True  # the time of day is no setting of the factory's

    def __init__(self, device):
        super().__init__(device)
        device.clock = self

    def local(self, now):
        """Return the local seconds since 2000 at an uptime, or None while the clock is not set."""
        state = self.state
        return now + state["offset"] if state["set"] else None

    def text(self, now):
        """Return date and time as `yy/mm/dd,hh:mm:ss`, or None while the clock is not set."""
        local = self.local(now)
        return None if local is None else calendar.text(local)

    def full_text(self, now):
        """Return date, time and zone as `yy/mm/dd,hh:mm:ss+zz`, or None."""
        when = self.text(now)
        return None if when is None else when + calendar.zone_text(self.state["zone"])

    def set(self, local, quarters, now, hand=False):
        """Set the calendar: local seconds since 2000, and quarter hours from GMT."""
        state = self.state
        state["set"] = True
        state["offset"] = local - now
        state["zone"] = quarters
        state["hand"] = hand
        self.device.changed()

    # --- events ---

    def start(self, cause, now):
        """Only a loss of all power, in which the uptime began anew, unsets the clock."""
        state = self.state
        if cause == "power" and (state["set"] or state["hand"]):
            state["set"] = state["hand"] = False
            self.device.changed()

    def network_time(self, local, quarters, now):
        state = self.state
        if state["hand"]:
            return
        known = state["set"] and state["zone"] == quarters
        if not (known and abs(local - now - state["offset"]) <= _JITTER):
            self.set(local, quarters, now)

    def message_time(self, stamp, now):
        if not self.state["set"]:
            self.set_by(stamp, now)

    def set_by(self, stamp, now):
        """Set the clock by a time stamp; return False if it is none."""
        local = None if stamp is None else calendar.seconds(*stamp[:6])
        if local is None:
            return False
        self.set(local, stamp[6], now)
        return True
