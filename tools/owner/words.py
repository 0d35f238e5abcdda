# SPDX-License-Identifier: MIT
"""The commands in the owner's words: for the remote, the card and the manual.

Names, limits and values come from the firmware's declarations (forms.py), what a command is for
from its handbook. Here stands only in which order a person meets them, and what the buttons say. A
command of a model that is missing here is an error of `make docs`.
"""

from __future__ import annotations

from dataclasses import dataclass

from powersocket.handbook import entry, named


@dataclass(frozen=True)
class Item:
    """Commands that belong together.

    Attributes:
        title: its heading in the remote.
        labels: pattern of a command -> what its button says; "": the remote has none for it.
    """

    title: str
    labels: dict[str, str]

    @property
    def purpose(self) -> str:
        """What it is for, as HELP says it of the first command."""
        purpose: str = entry(named(next(iter(self.labels))))[1]
        return purpose


@dataclass(frozen=True)
class Group:
    """A chapter of the remote."""

    title: str
    items: tuple[Item, ...]


def _plain(title: str, **labels: str) -> Item:
    return Item(title, labels)


def _setting(title: str, name: str) -> Item:
    return Item(title, {f"{name}=": "Set", f"{name}?": "How is it set?"})


def _numbers(title: str, name: str) -> Item:
    labels = {f"{name}+": "Add", f"{name}-": "Remove", f"{name}?": "Who is on it?"}
    return Item(title, labels)


# What the buttons say that send a fixed value in place of what was typed.
FIXED = {"NO": "Remove", "OFF": "Switch off", "ALL": "Remove all"}

# What the values mean, in a list to choose from.
VALUES = {
    "RING": {
        "NOACTION": "nothing",
        "RESTART": "restart what is plugged in",
        "SWITCH": "switch on or off",
        "MIC": "listen to the room",
    },
    "RINGCONFIRM": {"SMS": "a message", "CALL": "a call back", "ON": "yes", "OFF": "nothing"},
    "RINGCONFIRMTYPE": {"SMS": "a message", "CALL": "a call back"},
    "ALERT": {
        "SMS": "a message",
        "CALL": "calls, then a message",
        "SMSCHANGE": "a message at the beginning and at the end",
        "OFF": "nobody hears of it",
    },
    "SENSORTYPE": {"NO": "closes in an alarm", "NC": "opens in an alarm"},
    "RELAYTIME": {"0": "stays as it is", "ON": "goes on", "OFF": "goes off"},
    "POWERSTATE": {"REMEMBER": "as it was", "ON": "on", "OFF": "off"},
    "SENSORFAIL": {"KEEP": "stays as it is", "ON": "goes on", "OFF": "goes off"},
    "THERMOSTAT": {"HEATING": "a heater", "COOLING": "a cooler"},
    "SCHEDULER": {
        "ON": "socket on",
        "OFF": "socket off",
        "INF": "send the status",
        "AON": "arm the alarm",
        "AOF": "disarm the alarm",
        "*": "every day",
        "1": "Monday",
        "2": "Tuesday",
        "3": "Wednesday",
        "4": "Thursday",
        "5": "Friday",
        "6": "Saturday",
        "7": "Sunday",
    },
}

_FIRST = Group("First evening", (_plain("Make me the boss", MAKEMEBOSS="Make me the boss"),))

_EVERY_DAY = Group(
    "Every day",
    (
        _plain("How is it?", STATUS="Ask for the status"),
        _plain("Switch", ON="On", OFF="Off"),
        Item("For a time", {"ON#": "On for", "OFF#": "Off for"}),
        _plain("Restart what is plugged in", RESTART="Restart"),
        _setting("How long a restart takes", "RESTARTTIME"),
        _plain("Why is it on or off?", WHY="Ask"),
        _plain("Since when is it on?", RUNTIME="Ask"),
        _plain("Micro relay", ONM="On", OFFM="Off", RESTARTM="Restart"),
        _plain("Both relays", ONALL="On", OFFALL="Off"),
        _setting("What a call does", "RING"),
        _setting("How a caller hears of it", "RINGCONFIRM"),
        _setting("... by message or by call", "RINGCONFIRMTYPE"),
        _plain("Listen", CALLBACK="Call me"),
        _setting("Microphone level", "MICLEVEL"),
    ),
)

_TIMETABLE = Group(
    "Timetable and clock",
    (
        Item(
            "Timetable",
            {"SCHEDULER+": "Add", "SCHEDULER-": "Remove", "SCHEDULER?": "Which are there?"},
        ),
        Item(
            "Clock",
            {
                "DATE": "What time is it?",
                "DATE?": "",  # the same as DATE
                "DATESMS": "Set it by this message",
                "DATE=": "Set by hand",
            },
        ),
        _setting("Orders that come too late", "MAXAGE"),
    ),
)

_ALARM = Group(
    "Alarm",
    (
        _plain("Guard", ALARMON="Arm", ALARMOFF="Disarm"),
        Item("State of the alarm", {"ALARM?": "Ask"}),
        _plain("Log", SHOWALARMLOG="Show the log"),
        _setting("How you hear of it", "ALERT"),
        _setting("... and by message, too", "CALLSMS"),
        _setting("Kind of sensor", "SENSORTYPE"),
        _setting("The socket in an alarm", "RELAYTIME"),
        _setting("The micro relay in an alarm", "MICRORELAYTIME"),
    ),
)

_TEMPERATURE = Group(
    "Temperature",
    (
        _plain("How warm is it?", TEMPERATURE="Ask"),
        _plain("Thermostat", THERMOSTATON="On", THERMOSTATOFF="Off"),
        _setting("Heater or cooler", "THERMOSTAT"),
        _setting("Switch-off temperature", "SWITCHOFFTEMP"),
        _setting("Switch-off temperature", "TEMPOFF"),
        _setting("Message when it switches off", "SWITCHOFFALERT"),
        _setting("Message when it switches off", "THERMALERT"),
        _setting("How far it lets the temperature go", "HYSTERESIS"),
        _setting("How often it may switch", "MINTIME"),
        _setting("If the sensor fails", "SENSORFAIL"),
        _setting("Too warm", "TRISEALERT"),
        _setting("Too cold", "TFALLALERT"),
        _setting("Sensor failed", "TSENSFAILALERT"),
        _setting("Calibrate", "TEMPCAL"),
    ),
)

_PEOPLE = Group(
    "Who may command, who gets alerts",
    (
        _numbers("Security list", "SECNUMBER"),
        _setting("Use the security list", "SECLIST"),
        _setting("Password", "PASSWORD"),
        _numbers("Alert numbers", "ALERTNUMBER"),
        _plain("Alert me", ALERTME="Alert me"),
        _setting("Password to open the settings", "RENEWINTERVALPW"),
        Item(
            "Open the settings again",
            {"RENEWINTERVAL@": "Open", "RENEWINTERVAL?": "Is it possible?"},
        ),
        _setting("Tell me of changes", "NOTICE"),
        _setting("Answer strangers", "SMSCONFIRMUNAUTH"),
    ),
)

_MESSAGES = Group(
    "Power, messages and credit",
    (
        _setting("When power comes back", "POWERSTATE"),
        _setting("Message about power", "POWERALERT"),
        _setting("Confirm commands", "SMSCONFIRM"),
        _setting("Answer mistakes", "ERROR"),
        _setting("Messages a day", "SMSLIMIT"),
        _plain("Credit", CREDIT="Ask", SALDO="Ask"),
        Item(
            "Code for the credit",
            {
                "CREDITUMS=": "Set",
                "CREDITUMS?": "How is it set?",
                "SALDOUMS=": "Set",
                "SALDOUMS?": "How is it set?",
            },
        ),
        Item("Send a code to the operator", {"SIMCARD*": "Send"}),
    ),
)

_ABOUT = Group(
    "About the device",
    (
        Item("What can I send?", {"HELP": "All commands", "HELP ": "How is this used?"}),
        _plain("How is it set?", SETTINGS="Show all that was changed"),
        _plain(
            "Name, number, version", HARDWARE="Name", SERIALNUM="Serial number", FIRMWARE="Version"
        ),
    ),
)

GROUPS = (_FIRST, _EVERY_DAY, _TIMETABLE, _ALARM, _TEMPERATURE, _PEOPLE, _MESSAGES, _ABOUT)
