# SPDX-License-Identifier: MIT
"""The model of calls: RING and its confirmation, and the alarm's cycle of calls."""

from __future__ import annotations

from typing import Any

from tools.proof.soak.events import Failed, Owed, exactly
from tools.proof.soak.house import MINUTE, SECOND

OVER = ("rejected", "busy", "unreachable", "unanswered", "cancelled", "ended", "dropped")
# An ATH that was given to the modem this long (ms) before or after a call rang ends that call, and
# the device has not yet heard of it.
BEFORE, AFTER = 150, 3
FIRST_CALL = 10 * SECOND + 1_500  # the device counts whole seconds, and so may its pause end


class Telephone:
    """What calls have to cause, and which calls have a cause."""

    def __init__(self, judge: Any) -> None:
        self._judge = judge
        self._confirm: list[tuple[int, str, bool]] = []  # since when, whom, whether for certain
        self._ringing: tuple[int, str] | None = None
        self._answered = False
        self.hung_up = -100_000  # when the device gave the modem an ATH
        self._cycle_call: str | None = None
        self.cycle_ended = -100_000

    def changed(self, out: bool, number: str, state: str) -> None:
        """A call has another state."""
        if out:
            self._outgoing(number, state)
        else:
            self._incoming(number, state)

    def interrupted(self) -> None:
        """The chip or the modem is gone: calls of the device end."""
        self._cycle_call = None
        self._confirm.clear()
        if self._ringing is not None:
            self._maybe_obeyed()

    # -- to the device --------------------------------------------------------------------------

    def _acts(self, caller: str) -> bool:
        house = self._judge.house
        listed = caller.lstrip("+") in house.secnumbers
        return house.on("SECLIST") and listed and house.settings["RING"] != "NOACTION"

    def _incoming(self, caller: str, state: str) -> None:
        judge = self._judge
        if state == "ringing":
            self._ringing = (judge.world.now, caller)
        elif state == "rejected":
            # Whoever has to call ends a call that rings: an alarm, or a confirmation.
            sensor = judge.sensor
            calling = sensor.calls or self._confirm or (sensor.vague and sensor.mode == "CALL")
            ended = self._crossed or calling
            if not (self._acts(caller) or judge.pending or ended):
                raise Failed(f"a call from {caller} was rejected that had to be ignored")
            if ended:
                self._maybe_obeyed()
            else:
                self._ringing = None
                self._obey(caller)
        elif state == "answered":
            raise Failed(f"a call from {caller} was answered")
        elif self._ringing is not None:
            since, _ = self._ringing
            long = judge.world.now - since > 12 * SECOND and not judge.sensor.calls
            if long and self._acts(caller) and judge.health.calm(since - 2 * MINUTE):
                raise Failed(f"a call from {caller} was not obeyed")
            self._maybe_obeyed()

    @property
    def _crossed(self) -> bool:
        assert self._ringing is not None
        return -BEFORE < self.hung_up - self._ringing[0] <= AFTER

    def _maybe_obeyed(self) -> None:
        """The call ended before it was known whether it acted."""
        judge = self._judge
        assert self._ringing is not None
        _since, caller = self._ringing
        self._ringing = None
        if self._acts(caller):
            house = judge.house
            house.order(None, (house.now + 700 * SECOND, False, "unknown"))
            for text in ("Power socket ON", "Power socket OFF", "Power socket restarted"):
                owed = Owed(caller, exactly(text), text, "reply", house.now, required=False)
                house.owe(owed)
            self._confirm.append((house.now, caller, False))

    def _obey(self, caller: str) -> None:
        judge = self._judge
        house = judge.house
        if house.settings["RING"] == "RESTART":
            judge._physically(house.restart_socket)
            text = "Power socket restarted"
        else:
            judge._physically(house.toggle)
            text = "Power socket ON" if house.relay else "Power socket OFF"
        how = house.settings["RINGCONFIRM"]
        if how == "SMS" and (house.relay is None or judge.pending):
            for text in ("Power socket ON", "Power socket OFF"):
                house.owe(Owed(caller, exactly(text), text, "reply", house.now, required=False))
        elif how == "SMS":
            house.owe(Owed(caller, exactly(text), text, "reply", house.now))
        elif how == "CALL":
            self._confirm.append((house.now, caller, True))

    # -- by the device --------------------------------------------------------------------------

    def _outgoing(self, number: str, state: str) -> None:
        judge = self._judge
        if state == "dialing":
            self._answered = False
            self._dialing(number)
        elif state == "answered":
            self._answered = True
        elif state in OVER and self._cycle_call == number:
            self._cycle_call = None
            if state == "dropped":
                judge.sensor.disturbed()
            else:
                judge.sensor.call_over(number, self._answered)

    def _dialing(self, number: str) -> None:
        judge = self._judge
        if self._begins(number):
            return
        for entry in self._confirm:
            if entry[1] == number:
                self._confirm.remove(entry)
                return
        judge._physically(lambda: judge.agenda.tick(seen=True))
        if self._begins(number):
            return
        if judge.sensor.vague or judge.health.disturbed_since(judge.world.now - 3 * MINUTE):
            return
        raise Failed(f"{number} was called and nothing asks for it")

    def _begins(self, number: str) -> bool:
        """True if this call is the next one of the alarm's cycle."""
        calls = self._judge.sensor.calls
        if calls and number == calls[0]:
            self._cycle_call = number
            self._judge.sensor.called = True
            return True
        return False

    def tick(self) -> None:
        """See whether a call is overdue."""
        judge, now = self._judge, self._judge.world.now
        for entry in list(self._confirm):
            if now - entry[0] > 2 * MINUTE:
                self._confirm.remove(entry)
                calm = judge.health.calm(entry[0] - 3 * MINUTE) and not judge.sensor.calls
                if entry[2] and calm:
                    raise Failed(f"{entry[1]} was not called to confirm its call")
        sensor = judge.sensor
        late = sensor.calls and not sensor.called and now - sensor.began > FIRST_CALL
        if late and judge.health.calm(sensor.began - 3 * MINUTE):
            raise Failed("an alarm, and nobody is called within ten seconds")
        if sensor.calls and now - sensor.began > 2 * MINUTE * (1 + len(judge.house.alertnumbers)):
            if judge.health.calm(sensor.began):
                raise Failed("the cycle of calls does not come to its end")
            sensor.disturbed()
