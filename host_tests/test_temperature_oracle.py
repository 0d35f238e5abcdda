# SPDX-License-Identifier: MIT
"""The arithmetic of temperatures over the whole range, against independent fractions."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from powersocket.features.temperature import (
    Temperature,
    Thermometer,
    exact,
    exact_reading,
)
from powersocket.record import setting as stored_setting
from powersocket.settings import Incorrect

LOWEST, HIGHEST = -55 * 16, 125 * 16  # of a DS18B20, 1/16 degree (data sheet)
RANGE = {"C": range(-55, 121), "F": range(-67, 249)}
# A dozen at once: pytest itself takes longer for a test than each of these does.
DOZENS = [
    [f"{n}{unit}" for n in numbers[start : start + 12]]
    for unit, numbers in RANGE.items()
    for start in range(0, len(numbers), 12)
]
PARAMETER = Temperature("TRISEALERT", "")
THERMOMETER = Thermometer(None)


def celsius(text: str) -> Fraction:
    """What was typed, in degrees Celsius."""
    number = Fraction(text[:-1])
    return number if text[-1] == "C" else (number - 32) / Fraction(9, 5)


def fahrenheit(degrees: Fraction) -> Fraction:
    return degrees * Fraction(9, 5) + 32


def nearest(value: Fraction) -> str:
    """To the nearest whole number, halves away from zero, never -0."""
    exactly = Decimal(value.numerator) / Decimal(value.denominator)  # is finite
    whole = int(exactly.quantize(Decimal(1), ROUND_HALF_UP))
    return str(whole)


@pytest.mark.parametrize("unit", RANGE)
def test_every_whole_number_and_nothing_else_is_accepted(unit: str) -> None:
    for number in range(-400, 401):
        for text in (f"{number}{unit}", f"{number:05}{unit}".lower()):
            if number in RANGE[unit]:
                assert PARAMETER.parse(text) == f"{number}{unit}"
            else:
                with pytest.raises(Incorrect):
                    PARAMETER.parse(text)


@pytest.mark.parametrize("settings", DOZENS, ids=lambda settings: settings[0])
def test_a_setting_is_shown_in_both_units(settings: list[str]) -> None:
    for setting in settings:
        check_shown(setting)


def check_shown(setting: str) -> None:
    value = PARAMETER.parse(setting)
    assert stored_setting(PARAMETER, {PARAMETER.name: value}) == value
    shown = re.fullmatch(r"(-?\d+)C\((-?\d+)F\)", PARAMETER.show(value))
    assert shown is not None
    in_c, in_f = int(shown[1]), int(shown[2])
    degrees = celsius(setting)
    if setting.endswith("F"):
        assert in_f == int(setting[:-1])
        assert in_c <= degrees < in_c + 1  # rounded down
        return
    assert in_c == int(setting[:-1])
    exactly = fahrenheit(degrees)
    if in_c in (-55, 120):
        assert in_f == exactly
    else:
        # Of all even numbers the nearest; of two, the greater.
        assert in_f == min(range(-100, 300, 2), key=lambda even: (abs(even - exactly), -even))


@pytest.mark.parametrize("settings", DOZENS, ids=lambda settings: settings[0])
def test_a_reading_is_compared_exactly(settings: list[str]) -> None:
    for setting in settings:
        check_compared(setting)


def check_compared(setting: str) -> None:
    limit = celsius(PARAMETER.parse(setting))
    near = int(limit * 16)
    for value in {*range(near - 40, near + 41), LOWEST, 0, HIGHEST}:
        difference = exact_reading(value) - exact(setting)
        assert (difference > 0) == (Fraction(value, 16) > limit)
        assert (difference < 0) == (Fraction(value, 16) < limit)


def test_a_reading_is_shown_in_both_units() -> None:
    for value in range(LOWEST, HIGHEST + 1):
        degrees = Fraction(value, 16)
        expected = f"{nearest(degrees)}C({nearest(fahrenheit(degrees))}F)"
        assert THERMOMETER.show(value) == expected, value
