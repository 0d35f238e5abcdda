# SPDX-License-Identifier: MIT
"""Date and time: DATE, DATE=, DATESMS, MAXAGE (manual chapter 8; spec chapters 4, 8, 9.6, 10.1).

The calendar is an offset to the uptime. So it keeps running through restarts, sleep and battery,
and costs a commit only when it is set. It is set by:

- the network, unless the owner has set it with DATE=;
- the time stamp of any message, while it is not set;
- the owner, with DATE=, or with DATESMS, after which the network may correct it again.
"""

from powersocket import calendar, const
from powersocket.features import Feature
from powersocket.interpreter import FAULT
from powersocket.settings import Incorrect, Limit, Refusal

# Uptime and network time are both cut to whole seconds, so their difference varies by one second.
# That is not worth a commit.
_JITTER = const(1)


class Clock(Feature):
    """The calendar, its commands and its line of STATUS; and what is too old."""

    commands: tuple = (
        ("DATE", "tell", "always"),
        ("DATE?", "tell", "Inf"),
        ("DATE=", "by_hand", "Conf"),
        ("DATESMS", "by_message", "Conf"),
    )

    parameters = (Limit("MAXAGE", 24, 1, 240),)  # hours
    section = "clock"
    survives_reset = True  # the time of day is not a setting

    def local(self, now):
        """Return the local seconds since 2000 at an uptime, or None while the clock is not set.

        now: in seconds; -1 for no time: then None, too.
        """
        state = self.state
        return now + state["offset"] if state["set"] and now >= 0 else None

    def text(self, now):
        """Return `local` as `yy/mm/dd,hh:mm:ss`, or None."""
        local = self.local(now)
        return None if local is None else calendar.text(local)

    def set(self, local, quarters, now, hand=False):
        """Set the calendar: local seconds since 2000, and quarter hours from GMT."""
        self.change(set=True, offset=local - now, zone=quarters, hand=hand)

    def set_by(self, stamp, now):
        """Set the clock by a time stamp; return False if it is none."""
        local = None if stamp is None else calendar.seconds(*stamp[:6])
        if local is None:
            return False
        self.set(local, stamp[6], now)
        return True

    def too_old(self, stamp, now):
        """Return True if a message was sent longer ago than MAXAGE; stamp: see `Message`."""
        local, limit = self.local(now), self.device.settings["MAXAGE"]
        sent = calendar.utc(stamp)
        if not limit or local is None or sent is None:
            return False
        return local - 900 * self.state["zone"] - sent > 3600 * limit

    # --- events ---

    def begin(self, cause, now):
        """Unset the clock if all power was lost: the uptime has begun at 0 again."""
        if cause == "power":
            self.change(set=False, hand=False)

    def network_time(self, local, quarters, now):
        state = self.state
        known = state["set"] and state["zone"] == quarters
        if known and abs(local - now - state["offset"]) <= _JITTER:
            return
        if not state["hand"]:
            self.set(local, quarters, now)

    def message_time(self, stamp, now):
        if not self.state["set"]:
            self.set_by(stamp, now)

    # --- commands ---

    def status(self, now):
        return ("Time: " + (self.text(now) or "not set"),)

    def tell(self, request):
        """`DATE yy/mm/dd,hh:mm:ss+zz` or `DATE not set`"""
        when = self.text(request.now)
        if when is None:
            return "DATE not set"
        return "DATE " + when + calendar.zone_text(self.state["zone"])

    def by_hand(self, request):
        """`DATE=yy/mm/dd,hh:mm:ss+zz - OK`"""
        parsed = calendar.parse(request.argument)
        if parsed is None:
            raise Incorrect
        self.set(parsed[0], parsed[1], request.now, True)
        return self.tell(request).replace(" ", "=") + " - OK"

    def by_message(self, request):
        """`DATE yy/mm/dd,hh:mm:ss+zz - OK`"""
        if not self.set_by(request.message.stamp, request.now):
            raise Refusal(FAULT)
        return self.tell(request) + " - OK"
