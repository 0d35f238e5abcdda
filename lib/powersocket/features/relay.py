"""A relay with one timer: the orders that the main socket and a micro relay have in common."""

from powersocket.feature import Feature


class Relay(Feature):
    """The level of a relay's pin; every order, by whatever cause, replaces its timer."""

    # timer: [uptime in seconds at which it ends, level then] or []; a third element is True if it
    # is of RESTART, or says whose it is.
    defaults: dict = {"on": False, "timer": []}

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
        if self.on != on:
            self.state["on"] = on
            self.device.changed()

    def _begin_timer(self, deadline, level, owner):
        # Now is a whole second that has begun: one more, so that a time is never cut short.
        self.state["timer"] = [deadline + 1, level] + ([owner] if owner else [])
        self.device.changed()

    def _end_timer(self):
        if self.state["timer"]:
            self.state["timer"] = []
            self.device.changed()

    def start(self, cause, now):
        timer = self.state["timer"]
        if timer and (
            len(timer) not in (2, 3) or type(timer[0]) is not int or timer[1] not in (0, 1)
        ):
            self.state["timer"] = []

    def deadline(self):
        timer = self.state["timer"]
        return timer[0] if timer else None

    def tick(self, now):
        self.order(self.state["timer"][1], now)


def word(on):
    """Return the word for a level."""
    return "ON" if on else "OFF"
