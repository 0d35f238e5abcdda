"""Temperatures in integers: readings in 1/16 degree Celsius, settings as they were typed.

A setting is stored as text, `54F`, because no whole number of degrees Celsius is the same: 54F is
12.22 C. Values are compared in 1/144 degree Celsius. A sixteenth of a degree is nine of these, a
degree Fahrenheit is 80, so only what is shown is ever rounded (spec chapter 4).
"""

from powersocket import const
from powersocket.settings import Incorrect, Parameter, upper, whole

LOWEST, HIGHEST = -55 * 16, 125 * 16  # what a DS18B20 can report, 1/16 degree

DEGREE = const(144)  # a degree Celsius, in the unit of `exact`

# The limits of a setting in each unit; they are the same temperatures.
_LIMITS = {"C": (-55, 120), "F": (-67, 248)}


class Temperature(Parameter):
    """Whole degrees and the letter of their unit, `10C` or `50F`; shown in both, `10C(50F)`.

    default: such a text; or "" for OFF, and then OFF can be typed, too.
    """

    def parse(self, text):
        word = upper(text)
        if word == "OFF" and self.default == "":
            return ""
        unit = word[-1:]
        if unit not in _LIMITS:
            raise Incorrect
        low, high = _LIMITS[unit]
        number = word[:-1]
        if number[:1] == "-":
            degrees = -whole(number[1:], 0, -low)
        else:
            degrees = whole(number, 0, high)
        if not low <= degrees <= high:
            raise Incorrect
        return str(degrees) + unit

    def show(self, value):
        if not value:
            return "OFF"
        degrees = int(value[:-1])
        if value[-1] == "F":
            return _both((degrees - 32) * 5 // 9, degrees)
        if degrees == _LIMITS["C"][0]:  # the low end is odd in Fahrenheit, and exact
            return _both(degrees, _LIMITS["F"][0])
        return _both(degrees, 2 * ((9 * degrees + 165) // 10))  # the nearest even, ties up


def exact(value):
    """Return a setting, `10C` or `50F`, in 1/144 degree Celsius."""
    degrees = int(value[:-1])
    return DEGREE * degrees if value[-1] == "C" else 80 * (degrees - 32)


def exact_reading(value):
    """Return a reading in 1/16 degree Celsius in 1/144 degree Celsius."""
    return 9 * value


def celsius(value):
    """Return a reading in 1/16 degree Celsius to the nearest whole degree Celsius."""
    return _nearest(value, 16)


def fahrenheit(value):
    """Return a reading in 1/16 degree Celsius to the nearest whole degree Fahrenheit."""
    return _nearest(9 * value + 32 * 80, 80)


def show_reading(value):
    """Return a reading in both units."""
    return _both(celsius(value), fahrenheit(value))


def _both(celsius, fahrenheit):
    return str(celsius) + "C(" + str(fahrenheit) + "F)"


def _nearest(number, divisor):
    """Return a quotient rounded to the nearest, halves away from zero; the divisor is even."""
    half = divisor // 2
    return (number + half) // divisor if number >= 0 else -((half - number) // divisor)
