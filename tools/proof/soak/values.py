# SPDX-License-Identifier: MIT
"""What the manual says of values: the settings, how a temperature is written, what is acceptable.

Written from the specification alone; nothing here looks at the device's code.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

# Parameter -> its values, the factory default first, in the order in which `?` lists them.
CHOICES: dict[str, tuple[str, ...]] = {
    "RING": ("NOACTION", "RESTART", "SWITCH"),
    "SECLIST": ("OFF", "ON"),
    "SMSCONFIRM": ("ON", "OFF"),
    "RINGCONFIRM": ("SMS", "CALL", "OFF"),
    "ERROR": ("ON", "OFF"),
    "SMSCONFIRMUNAUTH": ("OFF", "ON"),
    "POWERSTATE": ("REMEMBER", "ON", "OFF"),
    "POWERALERT": ("ON", "OFF"),
    "THERMOSTAT": ("HEATING", "COOLING"),
    "SWITCHOFFALERT": ("OFF", "ON"),
    "TSENSFAILALERT": ("OFF", "ON"),
    "SENSORTYPE": ("NO", "NC"),
    "ALERT": ("SMS", "CALL", "SMSCHANGE", "OFF"),
}
TEMPERATURES = ("SWITCHOFFTEMP", "TRISEALERT", "TFALLALERT")
OF_THERMOSTAT = ("THERMOSTAT", "SWITCHOFFTEMP", "SWITCHOFFALERT", "TSENSFAILALERT")
DEFAULTS: dict[str, str] = {
    **{name: values[0] for name, values in CHOICES.items()},
    "RESTARTTIME": "10",
    "RELAYTIME": "0",
    "SWITCHOFFTEMP": "10C",
    "TRISEALERT": "OFF",
    "TFALLALERT": "OFF",
    "PASSWORD": "NO",
    "CREDITUMS": "NO",
}
RULE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]),([*1-7]),(ON|OFF|INF|AON|AOF)")


def half_away(value: Fraction) -> int:
    """Return the nearest whole number, halves away from zero."""
    whole = math.floor(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def reading_text(raw: int) -> str:
    """Return a reading of `raw` sixteenths of a degree as a message shows it: `25C(77F)`."""
    celsius = Fraction(raw, 16)
    return f"{half_away(celsius)}C({half_away(celsius * 9 / 5 + 32)}F)"


def setting_text(typed: str) -> str:
    """Return a temperature setting as a reply shows it."""
    if typed == "OFF":
        return typed
    number = int(typed[:-1])
    if typed[-1] == "F":
        return f"{math.floor(Fraction(number - 32) * 5 / 9)}C({number}F)"
    fahrenheit = Fraction(number) * 9 / 5 + 32
    if number == -55:
        return "-55C(-67F)"
    return f"{number}C({2 * math.floor(fahrenheit / 2 + Fraction(1, 2))}F)"


def celsius_of(typed: str) -> Fraction:
    """Return a temperature setting exactly, in Celsius."""
    number = Fraction(int(typed[:-1]))
    return number if typed[-1] == "C" else (number - 32) * 5 / 9


def normal(name: str, value: str) -> str | None:
    """Return the normal form of a parameter's value (upper case), None if it is not acceptable."""
    if name in CHOICES:
        return value if value in CHOICES[name] else None
    if name == "RESTARTTIME":
        return _number(value, 1, 600)
    if name == "RELAYTIME":
        if value in ("ON", "OFF", "0"):
            return value
        match = re.fullmatch(r"(ON|OFF)([0-9]+)", value)
        number = _number(match[2], 1, 65000) if match else None
        return f"{match[1]}{number}" if match and number else None
    if name in TEMPERATURES:
        if value == "OFF" and name != "SWITCHOFFTEMP":
            return value
        match = re.fullmatch(r"(-?[0-9]+)([CF])", value)
        if match is None:
            return None
        low, high = (-55, 120) if match[2] == "C" else (-67, 248)
        degrees = int(match[1])
        return f"{degrees}{match[2]}" if low <= degrees <= high else None
    if name == "CREDITUMS":
        good = value == "NO" or re.fullmatch(r"\*[0-9*#]*[0-9][0-9*#]*#", value)
        return value if good else None
    raise KeyError(name)


def _number(value: str, low: int, high: int) -> str | None:
    if not re.fullmatch(r"[0-9]+", value) or not low <= int(value) <= high:
        return None
    return str(int(value))
