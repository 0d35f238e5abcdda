# SPDX-License-Identifier: MIT
"""Is the device where it must be: on line, in time, with the right LEDs, nothing overdue?"""

from __future__ import annotations

import re
from typing import Any

from tools.bench.scenario import steps as s
from tools.proof.soak.events import Failed
from tools.proof.soak.house import MINUTE, SECOND

ONLINE = 200 * SECOND  # 3 minutes, and what the modem's start takes
BLINK = 60 * SECOND  # a loss of the network that the device makes itself, once a day
REPLY = 150 * SECOND
ALERT = 45 * MINUTE  # a number that could not be reached rests for 30 minutes at most
ASLEEP = 20 * MINUTE + 30 * SECOND


class Health:
    """Disturbances, and what has to be right when there was none for a while.

    Attributes:
        faults: what is broken at present.
        read_at: time of the last answer of the thermometer.
    """

    def __init__(self, judge: Any) -> None:
        self._judge = judge
        self.faults: set[str] = set()
        self.disturbances: list[int] = [0]
        self.count: dict[str, int] = {}
        self.read_at = 0
        self.boots_sure = True
        self._offline_since: int | None = 0
        self._online_since = 0
        self._event = 0
        self._waiting_since = 0
        self._allow_restart = False
        self._sim_out: int | None = None
        self.signals: list[tuple[int, int | None]] = [(0, -67)]
        self._led_wrong: dict[str, int] = {}

    # -- disturbances ---------------------------------------------------------------------------

    def step(self, step: s.Step) -> None:
        """A step of the story is about to be done."""
        self.noticed()
        name = type(step).__name__
        if isinstance(step, s.SetNetwork):
            self._fault("network", step.what == "lost")
        elif isinstance(step, s.SetSim):
            self._fault("sim", step.what in ("missing", "pin"))
            name = "sim " + step.what
        elif isinstance(step, s.SetSignal):
            self.signals = [*self.signals[-20:], (self._judge.world.now, step.dbm)]
            self._fault("signal", step.dbm is None)
        elif isinstance(step, (s.DisturbModem, s.CutFlash)):
            self.disturb()
        elif isinstance(step, s.RestartChip):
            self._allow_restart = True
        elif not isinstance(step, (s.SetPower, s.SetMains)):
            return
        what = getattr(step, "what", "")
        if what not in ("back", "on"):
            key = f"{name} {what}".strip()
            self.count[key] = self.count.get(key, 0) + 1

    def _fault(self, name: str, on: bool) -> None:
        if on:
            self.faults.add(name)
        elif name in self.faults:
            self.faults.discard(name)
        elif name == "signal":
            return
        self.disturb()

    def disturb(self) -> None:
        """Something happens that may cut off what is under way."""
        now = self._judge.world.now
        if self.disturbances[-1] != now:
            self.disturbances = [*self.disturbances[-200:], now]
        self._judge.sensor.disturbed()
        self.noticed()

    def noticed(self) -> None:
        """Anything happens: LEDs may change."""
        self._event = self._judge.world.now

    def disturbed_since(self, at: int) -> bool:
        """Return True if something was broken or disturbed since `at`."""
        return bool(self.faults) or self.disturbances[-1] >= at or self._online_since > at

    def calm(self, since: int) -> bool:
        """Return True if the device is on line and undisturbed since `since`."""
        return self._offline_since is None and not self.disturbed_since(since)

    def restart_allowed(self) -> bool:
        """Return True if the restart of the chip is the story's."""
        allowed, self._allow_restart = self._allow_restart, False
        # After an hour without any answer of the modem the chip restarts (docs/modem.md).
        long = self._offline_since is not None and self._judge.world.now - self._offline_since
        return allowed or bool(long and long > 55 * MINUTE)

    def fell_asleep(self) -> None:
        """The device sleeps."""
        self.disturb()

    # -- what must be right ---------------------------------------------------------------------

    def tick(self) -> None:
        """Look at everything that has a bound."""
        judge, world, now = self._judge, self._judge.world, self._judge.world.now
        awake = judge.running and world.powered and not world.asleep
        if awake and world.online:
            if self._offline_since is not None:
                if now - self._offline_since > 10 * SECOND:
                    self._online_since = now
                self._offline_since = None
        elif self._offline_since is None:
            self._offline_since = now
        if awake:
            self._check_online()
            self._check_owed()
            self._check_leds()
            judge.telephone.tick()
            lost = judge.house.mains_lost
            if lost is not None and now - lost > ASLEEP and not judge.telephone._confirm:
                raise Failed("not asleep 20 minutes after the power failed")
            if now - max(self.read_at, self.disturbances[-1]) > 65 * SECOND:
                raise Failed("no reading of the temperature for more than a minute")

    def _check_online(self) -> None:
        if self._offline_since is None or self.faults:
            return
        now = self._judge.world.now
        if now > max(self.disturbances[-1] + ONLINE, self._offline_since + BLINK):
            raise Failed("not on line, and nothing is in its way for 3 minutes")

    def _check_owed(self) -> None:
        judge, now = self._judge, self._judge.world.now
        house = judge.house
        if self._offline_since is not None:
            return
        calm = max(self.disturbances[-1], self._online_since)
        crowd = 10 * SECOND * len(house.owed)
        for owed in list(house.owed):
            if not owed.required:
                if now - max(owed.at, calm) > 2 * ALERT:
                    house.owed.remove(owed)
                continue
            shaken = calm > owed.at
            if owed.kind != "alert" and shaken:
                owed.required = False  # whether it left is not known: it is not sent again
            elif len(house.owed) > 18 and not owed.what.startswith("Temperature "):
                owed.required = False  # the outbox has its bounds, but for what is told once
            elif now - max(owed.at, calm) > (ALERT if shaken else REPLY + crowd):
                raise Failed(
                    f"owed and not sent to {owed.to} since {owed.at // 1000} s: {owed.what!r}"
                )
        if self.faults or now - calm < 12 * MINUTE:
            self._waiting_since = now
            return
        if judge.world.network.waiting == 0:
            self._waiting_since = now
        elif now - self._waiting_since > 12 * MINUTE:
            raise Failed("messages wait at the network and are not taken")
        for letter in judge.letters.values():
            if (
                letter.in_sim > 0
                and letter.parts == 1
                and now - (letter.arrived or 0) > 12 * MINUTE
            ):
                raise Failed(f"not dealt with: {letter.text!r} from {letter.sender}")

    # -- LEDs -----------------------------------------------------------------------------------

    def _check_leds(self) -> None:
        judge, now = self._judge, self._judge.world.now
        house, sensor = judge.house, judge.sensor
        if now - max(self._event, self.disturbances[-1]) < 90 * SECOND:
            return
        if self._offline_since is None and not self.faults:
            if house.mains_lost is not None:
                power = "off"
            elif not house.enabled:
                power = "steady"
            else:
                power = "4/s" if sensor.active else "1/s"
            self._led("power", power)
            self._led("gsm", "1/3s")
            if house.relay is not None:
                self._led("out", "steady" if judge.world.relay_on else "off")
        elif self.faults == {"sim"} and house.mains_lost is None:
            self._led("power", "sim")
            self._led("out", "4/s")
        elif self.faults == {"network"}:
            self._led("gsm", "1/s", "off")

    def _led(self, name: str, *patterns: str) -> None:
        judge = self._judge
        pattern = judge.world.leds[name].pattern
        if pattern in patterns:
            self._led_wrong.pop(name, None)
            return
        since = self._led_wrong.setdefault(name, judge.world.now)
        if judge.world.now - since > 30 * SECOND:
            raise Failed(f"the {name} LED shows {pattern}, not {' or '.join(patterns)}")

    def check_signal(self, text: str) -> None:
        """Check the signal line of a STATUS."""
        match = re.fullmatch(r"(Good|Medium|Weak) \((-[0-9]+)dBm\)|None", text)
        if match is None:
            raise Failed(f"no signal line: {text!r}")
        if match[2] is None:
            return
        dbm = int(match[2])
        word = "Good" if dbm >= -83 else "Medium" if dbm >= -97 else "Weak"
        now = self._judge.world.now
        at = [i for i, (t, _) in enumerate(self.signals) if t < now - 4 * MINUTE]
        levels = [level for _, level in self.signals[max(at, default=0) :]]
        near = any(level is not None and abs(level - dbm) <= 3 for level in levels)
        if word != match[1] or not near:
            raise Failed(f"wrong signal: {text!r}")
