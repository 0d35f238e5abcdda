# SPDX-License-Identifier: MIT
"""What each command is for, in the owner's words: for the remote, the card and the manual.

Names, limits and values come from the firmware's declarations (forms.py). Here stands only what no
declaration says: in which order a person meets the commands, and why one sends them. A command of
a model that is missing here is an error of `make docs`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """Commands that belong together.

    Attributes:
        title: its heading in the remote.
        purpose: what it is for; one or two sentences.
        labels: pattern of a command -> what its button says; "": the remote has none for it.
    """

    title: str
    purpose: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Group:
    """A chapter of the remote."""

    title: str
    items: tuple[Item, ...]


def _plain(title: str, purpose: str, **labels: str) -> Item:
    return Item(title, purpose, labels)


def _setting(title: str, purpose: str, name: str) -> Item:
    return Item(title, purpose, {f"{name}=": "Set", f"{name}?": "How is it set?"})


def _numbers(title: str, purpose: str, name: str) -> Item:
    labels = {f"{name}+": "Add", f"{name}-": "Remove", f"{name}?": "Who is on it?"}
    return Item(title, purpose, labels)


# What the buttons say that send a fixed value in place of what was typed.
FIXED = {
    "NO": "Remove",
    "OFF": "Switch off",
    "ALL": "Remove all",
}

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

_FIRST = Group(
    "First evening",
    (
        _plain(
            "Make me the boss",
            "Your phone becomes the only one that the device obeys, and gets its alerts.",
            MAKEMEBOSS="Make me the boss",
        ),
    ),
)

_EVERY_DAY = Group(
    "Every day",
    (
        _plain(
            "How is it?",
            "The socket, the signal, and a line for each function. Send it when in doubt.",
            STATUS="Ask for the status",
        ),
        _plain("Switch", "Switches the socket until the next order.", ON="On", OFF="Off"),
        Item(
            "For a time",
            "Switches the socket for a time, then to the other state.",
            {"ON#": "On for", "OFF#": "Off for"},
        ),
        _plain(
            "Restart what is plugged in",
            "Switches over for a moment and back: a router or a pump starts afresh.",
            RESTART="Restart",
        ),
        _setting(
            "How long a restart takes", "For how long a restart switches over.", "RESTARTTIME"
        ),
        _plain(
            "Why is it on or off?",
            "Who or what switched the socket, when, and what may switch it next.",
            WHY="Ask",
        ),
        _plain("Since when is it on?", "The time at which the socket went on.", RUNTIME="Ask"),
        _plain(
            "Micro relay",
            "Switches the small second relay: a lamp, a bell, a siren.",
            ONM="On",
            OFFM="Off",
            RESTARTM="Restart",
        ),
        _plain(
            "Both relays", "Switches socket and micro relay together.", ONALL="On", OFFALL="Off"
        ),
        _setting(
            "What a call does",
            "A call from a number on the security list can switch the socket. The device does not "
            "pick up, so it costs nothing.",
            "RING",
        ),
        _setting(
            "How a caller hears of it",
            "How the caller hears what a call has done.",
            "RINGCONFIRM",
        ),
        _setting(
            "... by message or by call",
            "Whether that is a message or a call back.",
            "RINGCONFIRMTYPE",
        ),
        _plain("Listen", "The device calls you, and you hear the room.", CALLBACK="Call me"),
        _setting("Microphone level", "How loud you hear the room; 15 is loudest.", "MICLEVEL"),
    ),
)

_TIMETABLE = Group(
    "Timetable and clock",
    (
        Item(
            "Timetable",
            "Up to eight rules of a time, a day and what happens then.",
            {"SCHEDULER+": "Add", "SCHEDULER-": "Remove", "SCHEDULER?": "Which are there?"},
        ),
        Item(
            "Clock",
            "The network sets the clock. Ask for it, set it by your message, or by hand.",
            {
                "DATE": "What time is it?",
                "DATE?": "",  # the same as DATE
                "DATESMS": "Set it by this message",
                "DATE=": "Set by hand",
            },
        ),
        _setting(
            "Orders that come too late",
            "An order that was on its way for longer than so many hours is not carried out.",
            "MAXAGE",
        ),
    ),
)

_ALARM = Group(
    "Alarm",
    (
        _plain(
            "Guard",
            "Arms the sensor, or disarms it and ends an alarm.",
            ALARMON="Arm",
            ALARMOFF="Disarm",
        ),
        Item(
            "State of the alarm",
            "Whether the alarm is armed, and what the sensor says.",
            {"ALARM?": "Ask"},
        ),
        _plain("Log", "When the last ten alarms were.", SHOWALARMLOG="Show the log"),
        _setting(
            "How you hear of it",
            "SMS: a message. CALL: it rings one after the other, and writes if nobody picks up. "
            "SMSCHANGE: a message when it begins and when it ends. OFF: nothing.",
            "ALERT",
        ),
        _setting(
            "Kind of sensor",
            "NO: its contact closes in an alarm. NC: its contact opens.",
            "SENSORTYPE",
        ),
        _setting("The socket in an alarm", "What an alarm does with the socket.", "RELAYTIME"),
        _setting(
            "The micro relay in an alarm",
            "For how long an alarm switches the micro relay on; 0: it does not.",
            "MICRORELAYTIME",
        ),
    ),
)

_TEMPERATURE = Group(
    "Temperature",
    (
        _plain("How warm is it?", "The temperature at the sensor.", TEMPERATURE="Ask"),
        _plain(
            "Thermostat",
            "Lets the temperature switch the socket, or no longer.",
            THERMOSTATON="On",
            THERMOSTATOFF="Off",
        ),
        _setting(
            "Heater or cooler",
            "HEATING switches on when it is too cold, COOLING when it is too warm.",
            "THERMOSTAT",
        ),
        _setting("Switch-off temperature", "The temperature to keep.", "SWITCHOFFTEMP"),
        _setting("Switch-off temperature", "The temperature to keep.", "TEMPOFF"),
        _setting(
            "Message when it switches off",
            "A message each time the thermostat switches the socket off.",
            "SWITCHOFFALERT",
        ),
        _setting(
            "Message when it switches off",
            "A message each time the thermostat switches the socket off.",
            "THERMALERT",
        ),
        _setting(
            "How far it lets the temperature go",
            "Degrees past the switch-off temperature before it switches on again.",
            "HYSTERESIS",
        ),
        _setting(
            "How often it may switch",
            "The least time between two switchings; a compressor needs some minutes.",
            "MINTIME",
        ),
        _setting(
            "If the sensor fails",
            "What the socket does when the sensor has failed while the thermostat is on.",
            "SENSORFAIL",
        ),
        _setting("Too warm", "A message when it gets warmer than this.", "TRISEALERT"),
        _setting("Too cold", "A message when it gets colder than this.", "TFALLALERT"),
        _setting(
            "Sensor failed",
            "A message when the temperature sensor fails while the thermostat is on.",
            "TSENSFAILALERT",
        ),
        _setting(
            "Calibrate",
            "Degrees Celsius that the device warms its own sensor; they are taken off.",
            "TEMPCAL",
        ),
    ),
)

_PEOPLE = Group(
    "Who may command, who gets alerts",
    (
        _numbers(
            "Security list", "The numbers that may command while the list is on.", "SECNUMBER"
        ),
        _setting("Use the security list", "ON: nobody else is obeyed.", "SECLIST"),
        _setting(
            "Password",
            "Five letters or digits that then stand before each command.",
            "PASSWORD",
        ),
        _numbers("Alert numbers", "Who gets alerts, in the order of calling.", "ALERTNUMBER"),
        _plain("Alert me", "Puts your phone on the list for alerts.", ALERTME="Alert me"),
        _setting(
            "Password to open the settings",
            "Nine letters or digits. It needs the security list or a password.",
            "RENEWINTERVALPW",
        ),
        Item(
            "Open the settings again",
            "Opens another 30 minutes in which settings can be changed.",
            {"RENEWINTERVAL@": "Open", "RENEWINTERVAL?": "Is it possible?"},
        ),
        _setting(
            "Tell me of changes",
            "ON: the first alert number hears of every change of lists and passwords by others.",
            "NOTICE",
        ),
        _setting(
            "Answer strangers",
            "ON: who is not on the security list gets `Access deny!`, at your cost.",
            "SMSCONFIRMUNAUTH",
        ),
    ),
)

_MESSAGES = Group(
    "Power, messages and credit",
    (
        _setting(
            "When power comes back",
            "What the socket does when power comes back: as it was, on, or off.",
            "POWERSTATE",
        ),
        _setting(
            "Message about power", "A message when power fails, and when it is back.", "POWERALERT"
        ),
        _setting(
            "Confirm commands",
            "OFF saves messages: only questions are answered.",
            "SMSCONFIRM",
        ),
        _setting("Answer mistakes", "OFF: no message about a command that is wrong.", "ERROR"),
        _plain("Credit", "What is left on the device's SIM card.", CREDIT="Ask", SALDO="Ask"),
        Item(
            "Code for the credit",
            "The code by which your operator tells the credit, such as *100#.",
            {
                "CREDITUMS=": "Set",
                "CREDITUMS?": "How is it set?",
                "SALDOUMS=": "Set",
                "SALDOUMS?": "How is it set?",
            },
        ),
        Item(
            "Send a code to the operator",
            "Any code, for instance to load credit. The operator's answer comes back.",
            {"SIMCARD*": "Send"},
        ),
    ),
)

_ABOUT = Group(
    "About the device",
    (
        _plain(
            "Name, number, version",
            "What somebody who helps you will ask for.",
            HARDWARE="Name",
            SERIALNUM="Serial number",
            FIRMWARE="Version",
        ),
    ),
)

GROUPS = (_FIRST, _EVERY_DAY, _TIMETABLE, _ALARM, _TEMPERATURE, _PEOPLE, _MESSAGES, _ABOUT)
