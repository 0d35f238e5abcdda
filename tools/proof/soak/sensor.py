# SPDX-License-Identifier: MIT
"""The model of the sensor input and the ALARM function (specification, chapter 4)."""

from __future__ import annotations

import re

from tools.proof.soak.house import MINUTE, SECOND, House, address

PAUSE = 60 * SECOND
NEAR = 2_500  # two events this close (ms) may have been seen in either order
ACTIVE, QUIET = "ALARM! Sensor is active", "ALARM! Sensor is not active"


class Sensor:
    """The contact, and what an activation has to cause.

    Attributes:
        active: the logical value, of a chip that runs; reported: what SMSCHANGE reported last.
        ready: from when on detection is ready; None: a call cycle is under way.
        calls: numbers still to be called; called: the first of them has been.
        vague: not 0: nothing about alarms is required, at least until this time.
        armed: when detection last began.
        hazes: (from, to) of the last times in which alarms could not be told.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.active = False
        self.reported = False
        self.ready: int | None = 0
        self.paused = False
        self.calls: list[str] = []
        self.called = False
        self.vague = 0
        self.changes: list[int] = []
        self.armed = 0
        self._vague_ended = -100_000
        self._vague_since = 0
        self.hazes: list[tuple[int, int]] = []

    @property
    def hazy(self) -> bool:
        """True while alarms cannot be sent, and a moment longer: messages are on their way."""
        return bool(self.vague) or self.house.now - self._vague_ended < 20 * SECOND

    def _certain(self) -> None:
        if self.vague:
            self.vague, self._vague_ended = 0, self.house.now
            self.hazes = [*self.hazes[-4:], (self._vague_since, self.house.now)]

    @property
    def mode(self) -> str:
        return self.house.settings["ALERT"]

    def look(self, closed: bool) -> bool:
        """Return the logical value of a contact."""
        return closed == (self.house.settings["SENSORTYPE"] == "NO")

    # -- what happens ---------------------------------------------------------------------------

    def start(self, closed: bool, arm: bool) -> None:
        """The chip has started; `arm`: by power-up or wake, not by a restart."""
        if arm:
            self._look_again(closed)
            self.calls = []
            told = self.house.enabled and self.mode == "SMSCHANGE" and self.reported
            if told and not self.active:
                self._returned_meanwhile()
            else:
                self.arm(self.mode)
        elif self.look(closed) != self.active:
            self.contact(closed)

    def _look_again(self, closed: bool) -> None:
        self.active = self.look(closed)
        if not self.active:
            self.house.release()

    def _returned_meanwhile(self) -> None:
        """The sensor returned while there was no power: the last report is no longer true."""
        self.armed = self.ready = self.house.now
        self.paused = False
        if self.house.settings["RELAYTIME"] != "0":
            self.house.order(None)
        self.check()

    def arm(self, was: str = "") -> None:
        """Detection begins again; `was`: what ALERT was, if the function was enabled before.

        Calls of which the model knows nothing may be under way. Their cycle goes on, with the
        message at its end.
        """
        cycle = was == "CALL" and self.vague
        self._certain()
        self.reported, self.armed = False, self.house.now
        if not self.active:  # with another SENSORTYPE
            self.house.release()
        if cycle:
            self.house.alert(ACTIVE, required=False, alarm=True)
            self.blur(2 * MINUTE * (1 + len(self.house.alertnumbers)) + PAUSE)
        if not self.calls:
            self.ready, self.paused = self.house.now, False
        if self.house.enabled and self.active and self.mode == "SMSCHANGE":
            self._move(True)
        self.check()

    def off(self) -> None:
        """The ALARM function was disabled: a running cycle is over."""
        house = self.house
        house.enabled = False
        house.release()
        self._certain()
        self.calls, self.ready, self.paused = [], house.now, False
        for owed in house.owed:
            if owed.alarm:
                owed.required = False
        if house.timer is not None and house.timer[2] == "alarm":
            house.end_timer()

    def contact(self, closed: bool) -> None:
        """The contact has another stable level."""
        house = self.house
        self._look_again(closed)
        self.changes = [*self.changes[-9:], house.now]
        if not house.enabled:
            return
        if self.mode == "SMSCHANGE":
            self._move(self.active)
        if not self.active and self.paused and abs(house.now - (self.ready or 0)) < NEAR:
            self._maybe()
        self.check()

    def clear(self) -> None:
        """See whether the alarms that could not be sent are over: the contact is quiet."""
        over = self.vague and self.house.now > self.vague and not self.active
        if over and self.mode != "SMSCHANGE":
            self._certain()
            self.ready, self.paused, self.calls = self.house.now, False, []

    def _maybe(self) -> None:
        """The contact opens while the pause ends: there may have been an alarm, or not."""
        house = self.house
        if self.mode in ("CALL", "SMSCHANGE"):
            house.doubt("the contact and the end of a pause in one moment")
        house.alert(ACTIVE, required=False, alarm=True)
        self.blur(2 * MINUTE)
        self._pause()
        if house.settings["RELAYTIME"] != "0":
            house.order(None, (house.now + 65_100_000, False, "unknown"))

    def told(self, late_ms: int, event: int) -> None:
        """An alert says that the model's last alarm, of the time `event`, was so late or early."""
        if not self.paused or self.ready is None or abs(late_ms) >= 8_000:
            return
        # Once, and no pause that began later than that, as after a cycle of calls.
        if self.ready - PAUSE == event:
            self.ready += late_ms

    def check(self, committed: bool = False) -> None:
        """See whether an alarm, or a report, is due.

        The device counts whole seconds, so a pause may end a second late; `committed`: it has just
        written its record, which is when it acts.
        """
        house = self.house
        if not house.enabled or self.ready is None or house.now < self.ready:
            return
        if self.paused and not committed and house.now < self.ready + NEAR:
            return
        # A change next to the end of the pause may have come before or after it.
        near = any(abs(at - self.ready) < NEAR for at in self.changes) and self.ready > 0
        sure = not self.vague and not near
        if self.mode == "SMSCHANGE":
            if self.active != self.reported:
                self._report(sure)
        elif self.active and self.paused:
            # Alarm after alarm, a minute and up to a second apart: they are counted (`too_many`),
            # but which second each falls into is the device's affair.
            self.blur(2 * MINUTE)
            self._pause()
        elif self.active:
            self._alarm(sure)

    # -- what it causes -------------------------------------------------------------------------

    def _report(self, sure: bool) -> None:
        self.reported = self.active
        self._pause()
        if self.active:
            self._logged(sure)
        text, event = ACTIVE if self.active else QUIET, max([*self.changes[-1:], self.armed])
        self.house.alert(text, required=sure, event=event, alarm=True)

    def _alarm(self, sure: bool) -> None:
        house = self.house
        self._logged(sure)
        self._pause()
        self._move(True)
        if not sure and house.settings["RELAYTIME"] != "0":
            house.order(None, house.timer)
        if self.mode == "SMS":
            house.alert(ACTIVE, required=sure, alarm=True)
        elif self.mode == "CALL" and house.alertnumbers:
            self.calls = [address(number) for number in house.alertnumbers]
            self.began, self.ready, self.called = house.now, None, False

    def _pause(self) -> None:
        self.ready, self.paused = self.house.now + PAUSE, True

    def _logged(self, sure: bool) -> None:
        self.house.log = min(10, self.house.log + 1)
        self.house.log_sure = self.house.log_sure and sure

    def _move(self, active: bool) -> None:
        house = self.house
        match = re.fullmatch(r"(ON|OFF)([0-9]*)", house.settings["RELAYTIME"])
        if match is None:
            return
        level = match[1] == "ON"
        if not active:
            house.order(not level)
        elif match[2]:
            house.timed(level, int(match[2]), "alarm")
        else:
            house.order(level)
            house.holds = True

    # -- the cycle of calls ---------------------------------------------------------------------

    def call_over(self, number: str, answered: bool) -> None:
        """A call of the cycle has ended."""
        if not self.calls or number != self.calls[0]:
            return
        if answered:
            self.calls = []
        else:
            self.calls.pop(0)
            if not self.calls:
                self.house.alert(ACTIVE, event=self.began, alarm=True)
        if not self.calls:
            self._pause()

    def disturbed(self) -> None:
        """Something went wrong while a cycle ran: how it goes on cannot be seen from here."""
        if self.calls:
            self.house.alert(ACTIVE, required=False, event=self.began, alarm=True)
            self.calls, self.ready = [], self.house.now + 30 * MINUTE
            self.blur()

    def blur(self, ms: int = 30 * MINUTE) -> None:
        """The order of events is unknown: require nothing for a while."""
        if not self.vague:
            self._vague_since = self.house.now
        self.vague = self.house.now + ms
        self.house.log_sure = False
