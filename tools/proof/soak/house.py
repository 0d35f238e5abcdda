# SPDX-License-Identifier: MIT
"""The model's state: what the device has to remember, and its socket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.proof.soak.events import Doubt, Owed, alert_pattern
from tools.proof.soak.values import DEFAULTS

if TYPE_CHECKING:
    from tools.bench.world.world import World

SECOND = 1_000
MINUTE = 60_000
WINDOW = 30 * MINUTE
UNSET, UNKNOWN, NETWORK, BY_HAND = "unset", "unknown", "network", "by hand"


def address(number: str) -> str:
    """Return where messages and calls to a number of a list go: one in local form stays so."""
    return number if number.startswith("0") else "+" + number


class House:
    """The device as the manual describes it. Times are ms of world time.

    Attributes:
        relay: level of the socket; None: either, until the next order that says which.
        timer: (end, level then, who began it); who: "ON", "RESTART" or "alarm".
        holds: an alarm without a time holds the socket; let_go: when that ended.
        orders: times at which something ordered the relay.
        clock: whether the date is known to the model, and from where.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.owed: list[Owed] = []
        self.orders: list[int] = []
        self.relay: bool | None = False
        self.timer_ended = -10_000
        self.timer: tuple[int, bool, str] | None = None
        self.log = 0
        self.log_sure = True
        self.window_end = 0
        self.clock = UNSET
        self.offset: datetime | None = None  # local time at world time 0, if it was set by hand
        self.clock_since = 0
        self.mains_lost: int | None = None
        self.failure_told = False
        self.let_go = -100_000
        self.defaults()

    @property
    def now(self) -> int:
        return self.world.now

    def defaults(self) -> None:
        """Set everything as the factory does (chapter 7 of the specification)."""
        self.settings = dict(DEFAULTS)
        self.secnumbers: list[str] = []
        self.alertnumbers: list[str] = []
        self.thermostat = False
        self.enabled = self.holds = False
        self.rules: list[tuple[str, str, str]] = []
        self.acted: dict[tuple[str, str, str], list[str]] = {}
        self.log, self.log_sure = 0, True

    def on(self, name: str) -> bool:
        """Return True if a setting is ON."""
        return self.settings[name] == "ON"

    @property
    def secured(self) -> bool:
        """True while nothing limits configuration."""
        return self.on("SECLIST") or self.settings["PASSWORD"] != "NO"

    # -- messages that are owed -----------------------------------------------------------------

    def alert(
        self, text: str, required: bool = True, event: int | None = None, alarm: bool = False
    ) -> None:
        """A message to every alert number is owed."""
        at = self.now if event is None else event
        for number in self.alertnumbers:
            self.owe(
                Owed(
                    address(number),
                    alert_pattern(text),
                    text,
                    "alert",
                    self.now,
                    required,
                    at,
                    alarm=alarm,
                )
            )

    def owe(self, owed: Owed) -> None:
        """Take note of a message that is owed."""
        if owed.event is not None:
            owed.local = self.local(owed.event)
        self.owed.append(owed)

    # -- the socket -----------------------------------------------------------------------------

    def order(self, level: bool | None, timer: tuple[int, bool, str] | None = None) -> None:
        """Something orders the relay; None: the model does not know what."""
        self.relay, self.timer = level, timer
        self.orders.append(self.now)
        del self.orders[:-50]

    def release(self) -> None:
        """What an alarm without a time held is free again."""
        if self.holds:
            self.holds, self.let_go = False, self.now

    @property
    def held(self) -> bool:
        """True while an alarm keeps the thermostat away from the socket."""
        return self.holds or (self.timer is not None and self.timer[2] == "alarm")

    def timed(self, level: bool, seconds: int, who: str) -> None:
        """The relay takes a level for a time, then the other."""
        self.order(level, (self.now + seconds * SECOND, not level, who))

    def restart_socket(self) -> None:
        """RESTART: the opposite of what the pin is now, then back."""
        seconds = int(self.settings["RESTARTTIME"])
        if self.relay is None or self.unsettled:
            self.order(None, (self.now + (seconds + 3) * SECOND, False, "unknown"))
        elif self.timer is not None and self.timer[2] == "RESTART":
            end = self.timer[1]
            self.order(not end, (self.now + seconds * SECOND, end, "RESTART"))
        else:
            self.order(not self.relay, (self.now + seconds * SECOND, self.relay, "RESTART"))

    def toggle(self) -> None:
        """The socket goes to the other state."""
        self.order(None if self.relay is None or self.unsettled else not self.relay)

    @property
    def unsettled(self) -> bool:
        """True while a timer ends in this moment: the device counts whole seconds."""
        near = self.timer is not None and abs(self.timer[0] - self.now) < 2_500
        return near or self.now - self.timer_ended < 2_500

    def end_timer(self) -> None:
        """The running timer is over, now."""
        if self.timer is not None:
            _, level, who = self.timer
            self.timer_ended = self.now
            self.order(None if who == "unknown" or self.relay is None else level)

    def power_comes(self) -> None:
        """Power is back: POWERSTATE decides, a running timer is over."""
        state = self.settings["POWERSTATE"]
        if state == "REMEMBER":
            if self.timer is not None:
                self.end_timer()
            else:
                self.order(self.relay)
        else:
            self.order(state == "ON")
        self.window_end = self.now + WINDOW

    # -- the date -------------------------------------------------------------------------------

    def local(self, at: int | None = None) -> datetime | None:
        """Return the device's local time at a world time, None if the model does not know."""
        at = self.now if at is None else at
        if self.clock == BY_HAND and self.offset is not None:
            return self.offset + timedelta(milliseconds=at)
        if self.clock == NETWORK:
            now = self.world.network.local_time()
            return None if now is None else now - timedelta(milliseconds=self.now - at)
        return None

    def doubt(self, why: str) -> None:
        """End this life: the specification allows more than the model can follow."""
        raise Doubt(why)
