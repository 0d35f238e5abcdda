# SPDX-License-Identifier: MIT
"""Simulated days of weather: the device and a reference thermostat agree at each minute."""

from __future__ import annotations

import random
from fractions import Fraction
from math import pi, sin
from typing import Any

import pytest

from host_tests.reference_thermostat import Reference
from host_tests.world_kit import OWNER, on_line
from tools.bench.world.world import World

MINUTE = 60_000
DAY = 24 * 60  # minutes
ALERTS = ("Temperature", "Switch-off")
ORDERS = ("ON", "OFF", "THERMOSTATON", "THERMOSTATON", "THERMOSTATOFF")
SETTINGS = ("THERMOSTAT", "SWITCHOFFTEMP", "SWITCHOFFTEMP", "SWITCHOFFALERT", "TSENSFAILALERT")
WISHES = (*ORDERS, *SETTINGS, "TRISEALERT", "TFALLALERT")


class Room(World):
    """A world with a room in it, whose heater or cooler hangs on the socket.

    Attributes:
        readings: (time, Celsius or None) of every answer that the sensor gave the device.
    """

    def __init__(self, dice: random.Random, **options: Any) -> None:
        self.readings: list[tuple[int, Fraction | None]] = []
        super().__init__(**options)
        self._dice = dice
        self._front = 0.0  # what the weather adds to the day's course
        self._faulty = 0  # minutes

    def input(self, name: str, arg: str) -> None:
        if name == "thermometer":
            value = None if arg.startswith("!") else Fraction(int(arg), 16)
            self.readings.append((self.now, value))
        super().input(name, arg)

    def live_a_minute(self, minute: int, machine: float) -> None:
        """Change the weather, the room, and the luck with the sensor."""
        dice = self._dice
        self._front += dice.uniform(-0.2, 0.2) - self._front / 2000
        outside = 9 + 9 * sin(2 * pi * minute / DAY) + self._front
        room = self.thermometer.celsius
        room += (outside - room) / 60 + (machine if self.relay_on else 0)
        self.thermometer.celsius = max(-56.0, min(126.0, room))
        if self._faulty:
            self._faulty -= 1
            if not self._faulty:
                self.thermometer.fail(None)
        elif dice.random() < 0.01:
            self._faulty = dice.randint(1, 8)
            self.thermometer.fail(dice.choice(("missing", "corrupt", "poweron")))


class Days:
    """Lets a room and the reference live through the same minutes."""

    def __init__(self, seed: int, vm: str) -> None:
        self.dice = random.Random(seed)
        self.world = Room(self.dice, vm=vm)
        self.reference = Reference()
        self.known = 0  # readings that the reference got
        self.longest = 0  # ms between two readings
        self._sorted = self._replies = 0  # messages
        self._alerts: list[str] = []
        self.machine = 0.6  # degrees a minute that the machine at the socket makes

    def begin(self) -> None:
        on_line(self.world)
        self.tell()
        self.say("MAKEMEBOSS")
        for text in ("SMSLIMIT=OFF", "SWITCHOFFALERT=ON", "TSENSFAILALERT=ON", "THERMOSTATON"):
            self.order(text)

    def minute(self, number: int) -> None:
        """Up to the next reading, and whatever the owner does then."""
        self.world.live_a_minute(number, self.machine)
        before = len(self.world.readings)
        assert self.world.run_until(lambda: len(self.world.readings) > before, MINUTE + 1000)
        self.agree()
        if self.dice.random() < 0.05:
            self.do_something()
            self.agree()

    def agree(self) -> None:
        """Two seconds later: is the socket what it has to be, were the alerts of before sent?"""
        owed = list(self.reference.alerts)
        self.world.run_for(2000)
        self.tell()
        where = (self.world.now, self.world.readings[-3:], self.reference.settings)
        assert self.world.relay_on == self.reference.socket, where
        sent = self.alerts()
        assert sent == self.reference.alerts[: len(sent)], where
        assert len(sent) >= len(owed), where

    def tell(self) -> None:
        """Tell the reference what was read."""
        for at, value in self.world.readings[self.known :]:
            if self.known:
                gap = at - self.world.readings[self.known - 1][0]
                self.longest = max(self.longest, gap)
            self.reference.reading(value)
            self.known += 1

    def alerts(self) -> list[str]:
        """Return the alerts that were sent, without their time lines."""
        self.sort()
        return self._alerts

    def sort(self) -> None:
        """Sort the messages that were sent since the last time."""
        for message in self.world.network.messages[self._sorted :]:
            if message.text.startswith(ALERTS):
                self._alerts.append(message.text.split("\nTime: ")[0])
            else:
                self._replies += 1
            self._sorted += 1

    # --- what the owner does ---

    def do_something(self) -> None:
        if self.dice.random() < 0.1:
            self.interrupt(self.dice.choice(("restart", "restart", "power")))
        elif self.dice.random() < 0.2:
            self.world.button.press(200)
            self.world.run_for(1000)
            self.reference.press()
        else:
            self.order(self.wish())

    def wish(self) -> str:
        """Return a command that the reference knows."""
        dice = self.dice
        name = dice.choice(WISHES)
        if name == "THERMOSTAT":
            kind = dice.choice(("HEATING", "COOLING"))
            self.machine = 0.6 if kind == "HEATING" else -0.6
            return f"{name}={kind}"
        if name in ("SWITCHOFFALERT", "TSENSFAILALERT"):
            return f"{name}={dice.choice(('ON', 'ON', 'OFF'))}"
        if name.startswith("T") and name.endswith("ALERT") and dice.random() < 0.1:
            return f"{name}=OFF"
        if "=" not in name and name.endswith(("ALERT", "TEMP")):
            room = round(self.world.thermometer.celsius) + dice.randint(-4, 4)
            inside = max(-55, min(120, room))
            return (
                f"{name}={inside}C" if dice.random() < 0.5 else f"{name}={inside * 9 // 5 + 32}F"
            )
        return name

    def order(self, text: str) -> None:
        """Send a command just after a reading: the next comes after it, or because of it."""
        self.say(text)
        self.reference.command(text)

    def say(self, text: str) -> None:
        """Send a message; wait for its reply."""
        before = self.replies()
        self.world.network.deliver(OWNER, text)
        assert self.world.run_until(lambda: self.replies() > before, 40_000), text
        assert "Incorrect" not in self.world.network.messages[-1].text, text

    def replies(self) -> int:
        self.sort()
        return self._replies

    def interrupt(self, how: str) -> None:
        """Restart the chip or cut all power, while nothing is being sent."""
        self.world.run_until(lambda: self.alerts() == self.reference.alerts, 30_000)
        self.world.run_for(5000)
        self.tell()
        before = len(self.world.readings)
        if how == "power":
            self.world.power_off()
            self.world.run_for(5000)
            self.world.power_on()
        else:
            self.world.restart_chip()
        self.reference.restart()
        assert self.world.run_until(lambda: len(self.world.readings) > before, 3000)
        self.world.run_for(2000)
        self.tell()
        assert self.world.run_until(lambda: self.world.online, MINUTE)


@pytest.mark.parametrize(
    ("vm", "minutes", "seed"),
    [("cpython", DAY, 2), ("micropython", DAY // 12, 3)],
)
def test_the_device_and_the_reference_agree_at_each_minute(
    vm: str, minutes: int, seed: int
) -> None:
    days = Days(seed, vm)
    try:
        days.begin()
        for number in range(minutes):
            days.minute(number)
        days.world.run_for(30_000)
        assert days.alerts() == days.reference.alerts
        assert days.longest <= MINUTE + 1000
        if minutes >= DAY:  # it was no dull day
            kinds = {text.split(" TEMP:")[0] for text in days.alerts()}
            assert len(kinds) == 4, kinds
        assert days.world.crashes == 0
    finally:
        days.world.close()
