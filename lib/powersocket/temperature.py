"""Temperatures in integers: readings in 1/16 degree Celsius, settings as they were typed.

A setting is kept as text, `54F`, because 54F is 12.22 degrees Celsius and no Celsius number of
whole degrees is the same. Both units are compared in 1/144 degree Celsius: a sixteenth has nine of
these, a degree Fahrenheit 80, so nothing is ever rounded but what is shown (spec chapter 4).
"""

from powersocket.parameters import Incorrect, Parameter, whole
from powersocket.texts import BLANKS, upper

LOWEST, HIGHEST = -55 * 16, 125 * 16  # what a DS18B20 can tell, 1/16 degree

DEGREE = 144  # a degree Celsius, in the unit of `exact`

# What a setting may be, by its letter: both ends are the same temperature.
_LIMITS = {"C": (-55, 120), "F": (-67, 248)}


class Temperature(Parameter):
    """Whole degrees and the letter of their unit, `10C` or `50F`; shown in both, `10C(50F)`.

    default: such a text, or "" for OFF: then OFF can be typed, too.
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
        if number != number.rstrip(BLANKS):
            raise Incorrect
        sign = -1 if number[:1] == "-" else 1
        if number[:1] in ("+", "-"):
            number = number[1:]
        degrees = sign * whole(number, 0, max(high, -low))
        if not low <= degrees <= high:
            raise Incorrect
        return str(degrees) + unit

    def show(self, value):
        if not value:
            return "OFF"
        degrees, unit = int(value[:-1]), value[-1]
        if unit == "F":
            return _both((degrees - 32) * 5 // 9, degrees)
        return _both(degrees, _even_fahrenheit(degrees))


def exact(value):
    """Return a setting, `10C` or `50F`, in 1/144 degree Celsius."""
    degrees = int(value[:-1])
    return DEGREE * degrees if value[-1] == "C" else 80 * (degrees - 32)


def exact_reading(value):
    """Return a reading in 1/16 degree Celsius in 1/144 degree Celsius."""
    return 9 * value


def show_reading(value):
    """Return a reading in both units, each to the nearest whole number, halves away from zero.

    value: 1/16 degree Celsius.
    """
    return _both(nearest(value, 16), nearest(9 * value + 32 * 80, 80))


def _both(celsius, fahrenheit):
    return str(celsius) + "C(" + str(fahrenheit) + "F)"


def nearest(number, divisor):
    """Return a division by an even divisor; halves go away from zero."""
    half = divisor // 2
    return (number + half) // divisor if number >= 0 else -((half - number) // divisor)


def _even_fahrenheit(celsius):
    """Return the nearest even Fahrenheit, ties up; the low end of the range is odd, and exact."""
    low = _LIMITS["C"][0]
    return _LIMITS["F"][0] if celsius == low else 2 * ((9 * celsius + 165) // 10)
