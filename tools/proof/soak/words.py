# SPDX-License-Identifier: MIT
"""What a life says to its device, and the reply that the manual promises to a device at rest.

This table, and what the scenes say of relay and alerts, is all that the soak knows of the manual.
Everything else is found by comparing two lives (compare.py).
"""

from __future__ import annotations

import re

CODE, BALANCE = "*100#", "Your balance is 5.00"
STAMP = r"\d\d/\d\d/\d\d,\d\d:\d\d:\d\d"
ZONED = STAMP + r"[+-]\d\d"
TIME = rf"(\nTime: {STAMP})?"

ON_OFF, OFF_ON = ("ON", "OFF"), ("OFF", "ON")
# Parameter -> its values, the factory default first, in the order in which `?` lists them.
CHOICES = {
    "SMSCONFIRM": ON_OFF,
    "ERROR": ON_OFF,
    "SMSCONFIRMUNAUTH": OFF_ON,
    "POWERSTATE": ("REMEMBER", "ON", "OFF"),
    "RING": ("NOACTION", "RESTART", "SWITCH"),
    "NOTICE": OFF_ON,
}
CHOICES_EP = {
    "RINGCONFIRM": ("SMS", "CALL", "OFF"),
    "POWERALERT": ON_OFF,
    "SWITCHOFFALERT": OFF_ON,
    "TSENSFAILALERT": OFF_ON,
}
CHOICES_70X = {"RINGCONFIRM": ON_OFF, "RINGCONFIRMTYPE": ("SMS", "CALL")}
CHOICES_SENSOR = {
    "THERMOSTAT": ("HEATING", "COOLING"),
    "SENSORTYPE": ("NO", "NC"),
    "ALERT": ("SMS", "CALL", "SMSCHANGE", "OFF"),
    "CALLSMS": OFF_ON,
    "SENSORFAIL": ("KEEP", "ON", "OFF"),
}
# How a reply shows a temperature that was typed (Environment Pro).
SHOWN = {
    "10C": "10C(50F)",
    "20C": "20C(68F)",
    "54F": "12C(54F)",
    "69F": "20C(69F)",
    "22C": "22C(72F)",
    "24C": "24C(76F)",
    "75F": "23C(75F)",
    "17C": "17C(62F)",
    "64F": "17C(64F)",
}
OF_THERMOSTAT = ("THERMOSTAT", "SWITCHOFFTEMP", "TEMPOFF")
UNITS = {"RESTARTTIME": " seconds", "MICRORELAYTIME": " seconds", "MINTIME": " minutes"}


def is_ep(model: str) -> bool:
    """Return True for Environment Pro."""
    return model == "EP"


def is_light(model: str) -> bool:
    """Return True for a model without sensors."""
    return model.endswith("LIGHT")


def choices_of(model: str) -> dict[str, tuple[str, ...]]:
    """Return the parameters of a model that have a fixed set of values."""
    found = CHOICES | (CHOICES_EP if is_ep(model) else CHOICES_70X)
    if not is_light(model):
        found |= CHOICES_SENSOR
        if not is_ep(model):
            found |= {"RING": (*found["RING"], "MIC"), "THERMALERT": OFF_ON}
    return found


def parameters_of(model: str, us: bool) -> dict[str, tuple[str, ...]]:
    """Return each parameter of a model with values to set, its factory default first."""
    found = choices_of(model) | {"RESTARTTIME": ("10", "1", "5", "90")}
    found["MAXAGE"] = ("24", "240", "OFF")
    if not is_light(model):
        found["MINTIME"] = ("0", "10", "3")
    if is_ep(model):
        found["HYSTERESIS"] = ("0C", "2C", "3F")
        found["SWITCHOFFTEMP"] = ("10C", "20C", "22C", "54F", "69F")
        found["TRISEALERT"] = ("OFF", "24C", "75F")
        found["TFALLALERT"] = ("OFF", "17C", "64F")
        found["RELAYTIME"] = ("0", "ON", "ON30", "OFF20", "OFF")
        found["CREDITUMS"] = ("NO", CODE)
    elif not is_light(model):
        found["HYSTERESIS"] = ("0", "3") if us else ("0", "2")
        found["TEMPOFF"] = ("50", "68", "71") if us else ("10", "20", "22")
        found["TRISEALERT"] = ("OFF", "76") if us else ("OFF", "24")
        found["TFALLALERT"] = ("OFF", "62") if us else ("OFF", "17")
        found["TEMPCAL"] = ("5", "4", "6")
        found["MICRORELAYTIME"] = ("0", "20", "90")
        found["MICLEVEL"] = ("15", "0", "7")
    if "706" in model:
        found["SALDOUMS"] = ("NO", CODE)
    if not is_ep(model):
        found["RENEWINTERVALPW"] = ("NO", "abc123XYZ")
    return found


def acknowledged(name: str, value: str, model: str) -> str:
    """Return the pattern of the reply to NAME=value."""
    if name == "RENEWINTERVALPW" and value != "NO":
        value = "*" * 9
    shown = SHOWN.get(value, value) if is_ep(model) else value
    lines = r"(\n[^\n]+){2}" if name in OF_THERMOSTAT else ""
    return re.escape(f"{name}={shown} - OK") + lines


def told(name: str, value: str, model: str) -> str:
    """Return the pattern of the reply to NAME?"""
    if name == "THERMOSTAT":
        return rf"THERMOSTAT: (Enabled|Disabled)\nTHERMOSTAT={value}\n[^\n]+"
    if name in choices_of(model):
        values = choices_of(model)[name]
        return re.escape(f"{name}=" + ",".join(f"({v})" if v == value else v for v in values))
    if name in ("CREDITUMS", "SALDOUMS") and value != "NO":
        return re.escape(f"{name}: {value}")
    if name == "RENEWINTERVALPW" and value != "NO":
        value = "*" * 9
    shown = SHOWN.get(value, value) if is_ep(model) else value
    return re.escape(f"{name}={shown}" + UNITS.get(name, ""))


def level(on: bool) -> str:
    """Return how replies say it."""
    return "ON" if on else "OFF"


def status(model: str, on: bool | None, armed: bool | None) -> str:
    """Return the pattern of STATUS; None: either will do."""
    socket = "(ON|OFF)" if on is None else level(on)
    lines = [f"Power socket {socket}"]
    if is_light(model):
        return lines[0] + r"\nSignal: [^\n]+"
    if not is_ep(model):
        lines.append("Microrelay (ON|OFF)")
    lines.append(r"Signal: (Good|Medium|Weak) \(-\d+dBm\)")
    lines.append(r"TEMP: (No sensor|No data yet|-?\d+C\(-?\d+F\)|-?\d+[CF])")
    state = {None: "(Enabled|Disabled)", True: "Enabled", False: "Disabled"}
    rest = "No act" if is_ep(model) else "No activity"
    lines += [f"ALARMF: {state[armed]}", f"ALARM status: ({rest}|Active)"]
    lines.append(rf"Time: ({STAMP}|not set)")
    return r"\n".join(lines)


def questions(model: str, on: bool | None, armed: bool | None) -> dict[str, str]:
    """Return what only reports, and the pattern of its reply."""
    product = {"EP": "Environment Pro"}.get(model, "GSM 70[67]( Light)?, Hardware v1\\.1")
    running = {
        True: rf"Power socket is ON from: ({STAMP}|unknown)",
        False: "Power socket is OFF",
        None: "Power socket is (ON|OFF).*",
    }
    found = {
        "STATUS": status(model, on, armed),
        " status ": status(model, on, armed),
        "RUNTIME": running[on],
        "HARDWARE": product,
        "SERIALNUM": r"S/N: \d{17}",
        "FIRMWARE": r"v1\.0\.0 .+",
    }
    if is_light(model):
        return found
    word = "Enabled" if armed else "Disabled"
    return found | {
        "TEMPERATURE": r"TEMPERATURE: (No sensor|No data yet|-?\d+C\(-?\d+F\)|-?\d+[CF])",
        "DATE": rf"DATE ({ZONED}|not set)",
        "DATE?": rf"DATE ({ZONED}|not set)",
        "ALARM?": rf"ALARM function: {word}\nSensor\(s\): Connected\nALARM status: No activity"
        + ("" if is_ep(model) else r"\nMicro relay: (Enabled|Disabled)"),
        "SHOWALARMLOG": r"No alarms!|((\d\d/\d\d/\d\d:\d\d:\d\d|not set)\n?)+",
        "SCHEDULER?": r"No rules!|(\d\d:\d\d,[*1-7],(ON|OFF|INF|AON|AOF)\n?)+",
    }


def why(model: str, word: str, cause: str) -> str:
    """Return the pattern of WHY; word: ON or OFF, cause: a pattern of what switched the socket."""
    first = f"Power socket {word} by {cause}"
    rest = "" if is_ep(model) or is_light(model) else r"\nMicrorelay (ON|OFF) by [^\n]+"
    return first + rest + r"(\nAlarm holds the socket)?"


def listed(lines: list[str]) -> str:
    """Return the pattern of these lines and no others, in any order."""
    each = "".join(rf"(?=(.*\n)*{re.escape(line)}(\n|$))" for line in lines)
    return each + rf"[^\n]+(\n[^\n]+){{{len(lines) - 1}}}"


def help_on(name: str, model: str) -> str:
    """Return the pattern of HELP, with the name of a parameter that has a fixed set of values."""
    if not name:
        return r"Socket: ON OFF RESTART [^\n]+(\n[A-Z]\w+: [^\n]+){4,}"
    values = choices_of(model)[name]
    return rf"{name}={', '.join(values)}; {name}\?\nDefault: {values[0]}\n[^\n]+"


def lacks(model: str) -> tuple[str, ...]:
    """Return commands that other models have and this one lacks."""
    if is_ep(model):
        return ("ONM", "SALDO", "CALLBACK", "MICLEVEL?")
    found: tuple[str, ...] = ("MAKEMEBOSS", "ALERTME", "CREDIT")
    found += () if "706" in model else ("SALDO",)
    return found + (("DATE", "THERMOSTATON", "ALARM?", "ONM") if is_light(model) else ())
