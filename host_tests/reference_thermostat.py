# SPDX-License-Identifier: MIT
"""A thermostat with its alerts as the specification has it, in fractions: an oracle for tests.

It shares nothing with the firmware. It is told commands, orders and readings, in the order in
which they happen, and says what the socket must be and which alerts were due.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

LOWEST, HIGHEST = Fraction(-55), Fraction(125)


def degrees(text: str) -> Fraction | None:
    """Return what a setting means in Celsius; None for OFF."""
    if text == "OFF":
        return None
    number = Fraction(text[:-1])
    return number if text.endswith("C") else (number - 32) * Fraction(5, 9)


def rounded(value: Fraction) -> int:
    """Return the nearest whole number, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def both(celsius: Fraction) -> str:
    """Return a reading as replies and alerts show it."""
    return f"{rounded(celsius)}C({rounded(celsius * Fraction(9, 5) + 32)}F)"


class Told(Enum):
    """What is known of the alert for a failed sensor."""

    NOT_YET = 1
    TOLD = 2
    TOLD_THEN_CHANGED = 3


class Reference:
    """Attributes: `socket`; `alerts`, without their time lines; `value`, the usable reading."""

    def __init__(self) -> None:
        self.settings = {
            "THERMOSTAT": "HEATING",
            "SWITCHOFFTEMP": "10C",
            "SWITCHOFFALERT": "OFF",
            "TSENSFAILALERT": "OFF",
            "TRISEALERT": "OFF",
            "TFALLALERT": "OFF",
        }
        self.enabled = False
        self.socket = False
        self.alerts: list[str] = []
        self.value: Fraction | None = None
        self._failures = 0
        self._sensor = Told.NOT_YET
        self._past = {"TRISEALERT": False, "TFALLALERT": False}

    def command(self, text: str) -> None:
        """A command was carried out: a setting, THERMOSTATON or OFF, ON or OFF."""
        name, _, value = text.partition("=")
        if text in ("ON", "OFF"):
            self.socket = text == "ON"
        elif name in self._past:
            self.settings[name] = value
            self._past[name] = False
        elif value:
            self.settings[name] = value
            self._thermostat_changed()
        elif self.enabled != (text == "THERMOSTATON"):
            self.enabled = text == "THERMOSTATON"
            self._thermostat_changed()

    def press(self) -> None:
        """The button was pressed."""
        self.socket = not self.socket

    def restart(self) -> None:
        """The device restarted: readings are forgotten, alerts that were sent are not."""
        self.value = None
        self._failures = 0

    def reading(self, value: Fraction | None) -> None:
        """The sensor was read; None: no presence, a bad checksum, the power-on value."""
        if value is not None and LOWEST <= value <= HIGHEST:
            self._failures = 0
            self.value = value
        else:
            self._failures += 1
            if self._failures >= 3:
                self.value = None
        if self.value is None:
            self._no_reading()
            return
        if self._sensor is Told.TOLD_THEN_CHANGED:
            self._sensor = Told.NOT_YET
        if self.enabled:
            self._control(self.value)
        self._watch("TRISEALERT", "rise", 1, self.value)
        self._watch("TFALLALERT", "fall", -1, self.value)

    def _control(self, value: Fraction) -> None:
        limit = degrees(self.settings["SWITCHOFFTEMP"])
        assert limit is not None
        heating = self.settings["THERMOSTAT"] == "HEATING"
        want = value < limit if heating else value > limit
        if self.socket and not want and self.settings["SWITCHOFFALERT"] == "ON":
            self.alerts.append(
                f"Switch-off temperature reached! TEMP: {both(value)}\nPower socket OFF"
            )
        self.socket = want

    def _watch(self, name: str, word: str, sign: int, value: Fraction) -> None:
        limit = degrees(self.settings[name])
        if limit is None:
            return
        beyond = sign * (value - limit)
        if self._past[name]:
            self._past[name] = beyond > -1
        elif beyond > 0:
            self._past[name] = True
            self.alerts.append(f"Temperature {word} alert! TEMP: {both(value)}")

    def _no_reading(self) -> None:
        wanted = self.enabled and self.settings["TSENSFAILALERT"] == "ON"
        if self._failures >= 3 and wanted and self._sensor is Told.NOT_YET:
            self._sensor = Told.TOLD
            self.alerts.append("Temperature sensor failed!")

    def _thermostat_changed(self) -> None:
        if self._sensor is Told.TOLD:
            self._sensor = Told.NOT_YET if self.value is not None else Told.TOLD_THEN_CHANGED
