# SPDX-License-Identifier: MIT
"""The table of what the device sends and shows by itself: errors, alerts, LEDs.

docs/commands.md shows it, and the owner's card has the LEDs from here. Each row names a file of
host_tests in which a line with its `cause` is followed by one with what it `expects`.
"""

from __future__ import annotations

from typing import NamedTuple


class Effect(NamedTuple):
    """A row: what it is, its text or pattern, when it comes, the manual's chapter, its test."""

    of: str
    shown: str
    when: str
    chapter: str
    file: str
    cause: str
    expects: str


# How a scenario writes a pattern, and what is seen.
_PATTERNS = {
    "steady": "steady",
    "sim": "4 blinks in a second, then 2 s steady",
    "1/s": "once a second",
    "1/3s": "once every 3 s",
    "3/s": "3 times a second",
    "4/s": "4 times a second",
    "off": "off",
}


def _error(chapter: str, text: str, when: str, file: str, cause: str, before: str = "") -> Effect:
    return Effect("error", f"`{before}{text}`", when, chapter, f"scenarios/{file}", cause, text)


def _silence(chapter: str, when: str, file: str, cause: str) -> Effect:
    return Effect("error", "nothing", when, chapter, f"scenarios/{file}", cause, "< nothing")


def _alert(chapter: str, text: str, when: str, file: str, cause: str) -> Effect:
    expects = f"<~ {text}\\nTime: "
    return Effect("alert", f"`{text}`", when, chapter, f"scenarios/{file}", cause, expects)


def _led(led: str, pattern: str, when: str, cause: str, file: str = "15-indicators") -> Effect:
    of, expects = f"LED {led.upper()}", f"led {led} {pattern}"
    return Effect(of, _PATTERNS[pattern], when, "15", f"scenarios/ep/{file}.scn", cause, expects)


_UNKNOWN = " - No such command exists on the device!"
_EXPIRED = " - Time for configuration is expired (Conf)!"
_NO_MORE = "No more error messages for a while!"
_PASSWORD = "Invalid access password!"
_ACTIVE = "ALARM! Sensor is active"

_LISTS = "ep/05-1-security-list.scn"
_SECRET = "ep/05-2-password.scn"
_FULL = "ep/05-full-lists.scn"
_LIMITS = "ep/07-temperature-alerts.scn"

EFFECTS = (
    _error("4.1", _UNKNOWN, "unknown command", "ep/04-length.scn", "> 1234567890", "{text}"),
    _error("5.2", "PASSWORD=*****" + _UNKNOWN, "a secret in an unknown command", _SECRET, "> xyZ"),
    _error("5.2", _PASSWORD, "password missing", _SECRET, "> ON"),
    _error("5.2", _PASSWORD, "password wrong", _SECRET, "> 12abd"),
    _error("4.1", "Incorrect value!", "value not acceptable", "ep/04-managing.scn", "TIME=0"),
    _error(
        "4.1", _EXPIRED, "Conf outside of the window", "ep/04-window.scn", "wait 10m", "{text}"
    ),
    _error(
        "12",
        "Execute error!",
        "a fault, or an operator who does not answer",
        "ep/12-credit.scn",
        "silent",
    ),
    _error(
        "6.3",
        "Access deny!",
        "not on the security list, SMSCONFIRMUNAUTH=ON",
        "ep/06-unauthorised.scn",
        "> MAKEMEBOSS",
    ),
    _error("5.1", "List is full!", "an eleventh number", _FULL, "> SECNUMBER+"),
    _error("5.3", "List is full!", "an eleventh number", _FULL, "> ALERTNUMBER+"),
    _error("10", "List is full!", "a ninth rule", "ep/10-scheduler-limits.scn", "> SCHEDULER+"),
    _error("5.1", "No SECNUMBERs!", "SECLIST=ON with an empty list", _LISTS, "> SECLIST=ON"),
    _error(
        "5.1",
        "Your number is not on the list!",
        "SECLIST=ON by somebody else",
        "owner/i-nearly-locked-myself-out.scn",
        "> SECLIST=ON",
    ),
    _error(
        "6.3",
        _NO_MORE,
        "the last error message for now",
        "ep/06-error-limits.scn",
        "> E5",
        "{error}\\n",
    ),
    _error(
        "4.2", "SECLIST is not active!", "RING= without the list", "ep/04-2-calls.scn", "> RING="
    ),
    _silence("5.1", "not on the list", _LISTS, "2 > SECLIST=OFF"),
    _silence("6.3", "ERROR=OFF", "ep/06-confirmation.scn", "2 > SECLIST=ON"),
    _alert("9", _ACTIVE, "alarm", "ep/09-sensors.scn", "contact closed"),
    _alert("9.2", _ACTIVE, "ALERT=CALL, nobody took the call", "ep/09-2-calls.scn", "is called"),
    _alert(
        "9.3",
        "ALARM! Sensor is not active",
        "ALERT=SMSCHANGE, on return",
        "ep/09-3-examples.scn",
        "contact open",
    ),
    _alert("11", "Power failed!", "power failure", "ep/11-power.scn", "mains off"),
    _alert("11", "Power restored!", "power is back", "ep/11-power.scn", "mains on"),
    Effect(
        "alert",
        "`Power restored!`",
        "the same if the clock is still not set when it leaves: no time",
        "11",
        "scenarios/owner/it-tells-when-the-power-came-back.scn",
        "network back",
        "< Power restored! within",
    ),
    _alert("7.3", "Temperature rise alert! TEMP: 36C(97F)", "TRISEALERT", _LIMITS, "temperature"),
    _alert("7.3", "Temperature fall alert! TEMP: 16C(60F)", "TFALLALERT", _LIMITS, "temperature"),
    _alert(
        "7.3",
        "Switch-off temperature reached! TEMP: 10C(50F)\\nPower socket OFF",
        "SWITCHOFFALERT",
        _LIMITS,
        "temperature",
    ),
    _alert("7.3", "Temperature sensor failed!", "TSENSFAILALERT", _LIMITS, "temperature corrupt"),
    Effect(
        "alert",
        "the STATUS text alone",
        "scheduler INF",
        "10",
        "scenarios/ep/10-scheduler.scn",
        "wait",
        "ALARM status: No act\\nTime: 26/11/21,17:00:00",
    ),
    _led("power", "steady", "power is fine", ""),
    _led("power", "sim", "SIM missing", "sim missing"),
    _led("power", "sim", "SIM asks for a PIN", "sim pin"),
    _led("power", "1/s", "ALARM enabled, sensor not active", "> ALARMON"),
    _led("power", "4/s", "ALARM enabled, sensor active", "contact closed"),
    _led("power", "off", "on battery", "mains off"),
    _led("power", "3/s", "factory reset", "button hold", "14-factory-reset"),
    _led("gsm", "1/s", "not on the network, searching", "network lost"),
    _led("gsm", "1/s", "SIM asks for a PIN", "sim pin"),
    _led("gsm", "1/3s", "on the network", ""),
    _led("gsm", "off", "the modem does not answer", "modem hangs"),
    _led("out", "off", "socket off", ""),
    _led("out", "steady", "socket on", "> ON"),
    _led("out", "4/s", "SIM trouble", "sim missing"),
    _led("out", "4/s", "the modem does not answer", "modem hangs"),
    _led("out", "3/s", "factory reset", "button hold", "14-factory-reset"),
    Effect(
        "LED POWER, OUT",
        "three flashes together",
        "switch-on",
        "15",
        "test_power_calls_lights.py",
        "",
        "def test_leds_flash_at_switch_on",
    ),
)
# How replies end that refuse.
ERRORS = tuple(e.expects for e in EFFECTS if e.of == "error" and e.shown != "nothing")
