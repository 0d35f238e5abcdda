# SPDX-License-Identifier: MIT
"""What each command is for: HELP, "Did you mean", SETTINGS (spec chapters 10.7 and 10.8).

The one table of the commands' names: docs/commands.md, the owner's manual and the remote read it,
too. Limits and defaults are those that the features declare. The module is read from flash when it
is asked for, and is released afterwards.
"""

from powersocket import const
from powersocket.settings import (
    LETTERS,
    Choice,
    Incorrect,
    Number,
    NumberList,
    Refusal,
    Secret,
    consists_of,
    upper,
)

_PASSWORD = const(5)  # characters
_SECRET = const(("PASSWORD", "RENEWINTERVALPW", "RENEWINTERVAL"))  # names with one

# A function of the device, then its commands, in the order of the manuals' chapters: names, their
# chapter ("" for what no manual has), what they are for, and how they are written if no parameter
# says that. RING comes after SECLIST, which it needs.
TABLE = (
    (
        "Socket",
        (
            "ON OFF",
            "4.1",
            "Switches the socket until the next order, or for a time.",
            "{name}, {name}1..{name}{longest} {unit}",
        ),
        (
            "RESTART",
            "4.1",
            "Switches over for a moment and back: a router or a pump starts afresh.",
        ),
        ("RESTARTTIME", "4.1", "For how long a restart switches over."),
        (
            "STATUS",
            "4.1",
            "The socket, the signal, and a line for each function. Send it when in doubt.",
        ),
        ("RUNTIME", "4.1", "The time at which the socket went on."),
        ("WHY", "", "Who or what switched the socket, when, and what may switch it next."),
        ("ONM OFFM RESTARTM", "4.1", "Switches the small second relay: a lamp, a bell, a siren."),
        ("ONALL OFFALL", "4.1", "Switches socket and micro relay together."),
    ),
    (
        "Security",
        (
            "MAKEMEBOSS",
            "3",
            "Your phone becomes the only one that the device obeys, and gets its alerts.",
        ),
        ("SECNUMBER", "5.1", "The numbers that may command while the list is on."),
        ("SECLIST", "5.1", "ON: nobody but the numbers on the security list is obeyed."),
        ("PASSWORD", "5.2", "Five letters or digits that then stand before each command."),
        ("ALERTNUMBER", "5.3", "Who gets alerts, in the order of calling."),
        ("ALERTME", "5.3", "Puts your phone on the list for alerts."),
        (
            "NOTICE",
            "",
            "ON: the first alert number hears of every change of lists and passwords by others.",
        ),
        (
            "MAXAGE",
            "",
            "An order that was on its way for longer than so many hours is not carried out.",
        ),
        (
            "RENEWINTERVALPW",
            "5.4",
            "The password of RENEWINTERVAL. It needs the security list or a password.",
        ),
        (
            "RENEWINTERVAL",
            "5.4",
            "Opens another 30 minutes in which settings can be changed.",
            "{name} and its password, {name}?",
        ),
    ),
    (
        "Calls",
        (
            "RING",
            "4.2",
            "What a call from the security list does. It is not picked up, so it costs nothing.",
        ),
    ),
    (
        "Answers",
        ("SMSCONFIRM", "6.1", "OFF saves messages: only questions are answered."),
        ("RINGCONFIRM", "6.2", "If and how the caller hears what a call has done."),
        ("RINGCONFIRMTYPE", "6.2", "Whether that is a message or a call back."),
        ("ERROR", "6.3", "OFF: no message about a command that is wrong."),
        (
            "SMSCONFIRMUNAUTH",
            "6.3",
            "ON: who is not on the security list is told so, at your cost.",
        ),
        ("SMSLIMIT", "", "How many messages a day may be sent; important alerts leave beyond it."),
    ),
    (
        "Temperature",
        ("TEMPERATURE", "7.1", "The temperature at the sensor."),
        (
            "THERMOSTATON THERMOSTATOFF",
            "7.2",
            "Lets the temperature switch the socket, or no longer.",
        ),
        (
            "THERMOSTAT",
            "7.2",
            "HEATING switches on when it is too cold, COOLING when it is too warm.",
        ),
        ("SWITCHOFFTEMP TEMPOFF", "7.2", "The temperature to keep."),
        (
            "HYSTERESIS",
            "",
            "Degrees past the switch-off temperature before it switches on again.",
            "{name}=0C..5C or 0F..9F, {name}?",
        ),
        (
            "MINTIME",
            "",
            "The least time between two switchings; a compressor needs some minutes.",
        ),
        (
            "SENSORFAIL",
            "",
            "What the socket does when the sensor has failed while the thermostat is on.",
        ),
        (
            "SWITCHOFFALERT THERMALERT",
            "7.3",
            "A message each time the thermostat switches the socket off.",
        ),
        (
            "TSENSFAILALERT",
            "7.3",
            "A message when the temperature sensor fails while the thermostat is on.",
        ),
        ("TRISEALERT", "7.3", "A message when it gets warmer than this."),
        ("TFALLALERT", "7.3", "A message when it gets colder than this."),
        (
            "TEMPCAL",
            "7.4",
            "Degrees Celsius that the device warms its own sensor; they are taken off.",
        ),
    ),
    (
        "Clock",
        ("DATESMS", "8", "Sets the clock by the time of this message."),
        (
            "DATE",
            "8",
            "Asks for the time, or sets it by hand. The network sets it, too.",
            "{name}, {name}=yy/mm/dd,hh:mm:ss+zz, zz hours from GMT",
        ),
    ),
    (
        "Alarm",
        ("SENSORTYPE", "9.1", "NO: its contact closes in an alarm. NC: its contact opens."),
        (
            "ALERT",
            "9.2",
            "SMS: a message. CALL: one call after the other, else a message. "
            "SMSCHANGE: also when it ends. OFF: nothing.",
        ),
        ("CALLSMS", "", "ON: with ALERT=CALL everybody gets the message, too, when it begins."),
        (
            "RELAYTIME",
            "9.3",
            "What an alarm does with the socket.",
            "{name}=0, ON, OFF, ON1..ON65000 or OFF1..OFF65000 seconds",
        ),
        (
            "MICRORELAYTIME",
            "9.3",
            "For how long an alarm switches the micro relay on; 0: it does not.",
        ),
        ("ALARMON ALARMOFF", "9.4", "Arms the sensor, or disarms it and ends an alarm."),
        ("ALARM", "9.4", "Whether the alarm is armed, and what the sensor says."),
        ("SHOWALARMLOG", "9.5", "When the last ten alarms were."),
    ),
    (
        "Timetable",
        (
            "SCHEDULER",
            "10",
            "Up to 8 rules: time, day (1 Monday, * all), ON OFF INF AON AOF.",
            "{name}+08:00,*,ON {name}-08:00 {name}-ALL {name}?",
        ),
    ),
    (
        "Microphone",
        ("CALLBACK", "10", "The device calls you, and you hear the room."),
        ("MICLEVEL", "10", "How loud you hear the room; 15 is loudest."),
    ),
    (
        "Power",
        ("POWERSTATE", "11", "What the socket does when power comes back: as it was, on, or off."),
        ("POWERALERT", "11", "A message when power fails, and when it is back."),
    ),
    (
        "Credit",
        (
            "CREDITUMS SALDOUMS",
            "12",
            "The code by which your operator tells the credit, such as *100#.",
            "{name}=*100# or NO, {name}?",
        ),
        ("CREDIT SALDO", "12", "What is left on the device's SIM card."),
        (
            "SIMCARD",
            "12",
            "Any code, for instance to load credit. The operator's answer comes back.",
            "{name}*100#",
        ),
    ),
    (
        "Device",
        ("HARDWARE SERIALNUM FIRMWARE", "13", "What somebody who helps you will ask for."),
        ("HELP", "", "All commands, or how one is used.", "{name}, {name} and a command"),
        ("SETTINGS", "", "What differs from the factory's, to be sent to a new device."),
    ),
)


def named(pattern):
    """Return the name in a command's pattern: its letters."""
    return pattern if consists_of(pattern, LETTERS) else pattern[:-1].rstrip()


def entry(name):
    """Return (chapter, purpose, how it is written or "") of a name. Raises KeyError."""
    for group in TABLE:
        for row in group[1:]:
            if name in row[0].split(" "):
                return row[1], row[2], row[3] if len(row) > 3 else ""
    raise KeyError(name)


def groups(device):
    """Yield the title of each function, and its names that the device has."""
    there = [named(row[0]) for feature in device.features for row in feature.rows()]
    for group in TABLE:
        names = [name for row in group[1:] for name in row[0].split(" ") if name in there]
        if names:
            yield group[0], names


def _letters(text):
    """Return the letters with which a text begins, in upper case, as bytes."""
    word = upper(text).encode()
    size = 0
    while size < len(word) and word[size] in LETTERS:
        size += 1
    return word[:size]


# --- HELP ---


def usage(device, typed):
    """Return all names, or how the command that was typed is used. Raises Incorrect."""
    if not typed:
        lines = [title + ": " + " ".join(names) for title, names in groups(device)]
        return "\n".join(lines)
    name = _letters(typed).decode()
    rows = [row for f in device.features for row in f.rows() if named(row[0]) == name]
    if not rows:
        raise Incorrect
    parameters = [row[1] for row in rows if type(row[1]) is not str]
    lines = [_written(device, name, parameters) or rows[0][0]]
    for parameter in parameters[:1]:
        default = parameter.default
        lines.append("Default: %s" % ("none" if default == [] else parameter.show(default)))
    return "\n".join(lines + [entry(name)[1]])


def _written(device, name, parameters):
    """Return how a command is written, "" if that is its name alone."""
    written = entry(name)[2]
    if parameters and hasattr(parameters[0], "low"):  # the limits of this model
        written = ""
    for parameter in [] if written else parameters[:1]:
        if isinstance(parameter, NumberList):
            written = "{name}+n, {name}-n, {name}-ALL, {name}?; " + values(parameter)
        else:
            written = "{name}=%s; {name}?" % values(parameter)
    dialect = device.dialect
    return written.format(name=name, unit=dialect.unit, longest=dialect.longest)


def values(parameter):
    """Return in words what a parameter takes."""
    if isinstance(parameter, NumberList):
        return "at most 10 numbers of 1 to 15 digits"
    if isinstance(parameter, Secret):
        return str(parameter.size) + " letters or digits, or NO"
    if isinstance(parameter, Choice):
        return ", ".join(parameter.choices)
    if not hasattr(parameter, "low"):
        written = entry(parameter.name)[2] or "-55C..120C or -67F..248F"
        text = written.replace("{name}=", "").replace(", {name}?", "")
    else:
        text = "%d..%d" % (parameter.low, parameter.high)
        if isinstance(parameter, Number):
            text = (text + " " + parameter.unit).rstrip()
    try:
        parameter.parse("OFF")
        return text if "OFF" in text else text + " or OFF"
    except Incorrect:
        return text


# --- Did you mean ---


def unknown(device, text, unlocked):
    """Return the error for a text that is no command, with the name that may have been meant.

    unlocked: the sender may command; nobody else gets a hint. Secrets have their stars already,
    but for those behind a name that is misspelt.
    """
    names = _neighbours(device, text)
    secret = names if unlocked else names + _neighbours(device, text[_PASSWORD:])
    hint = "\nDid you mean " + names[0] + "?" if unlocked and names else ""
    at = text.find("=") + 1
    if at and any([name in secret for name in _SECRET]):
        text = text[:at] + "*" * (len(text) - at)
    return text + device.dialect.unknown + hint


def _neighbours(device, text):
    """Return the names that the leading letters of a text may stand for, none if they are one."""
    word = _letters(text)
    names = [name for _, found in groups(device) for name in found]
    if word.decode() in names:
        return []
    return [name for name in names if near(name.encode(), word)]


def near(a, b):
    """Tell whether one letter is missing, wrong or too many, or two neighbours are swapped."""
    at = 0
    while at < len(a) and at < len(b) and a[at] == b[at]:
        at += 1
    rest, other = a[at:], b[at:]
    if rest[1:] == other or rest == other[1:] or rest[1:] == other[1:]:
        return rest != other
    swapped = rest[:1] == other[1:2] and rest[1:2] == other[:1]
    return swapped and rest[2:] == other[2:]


# --- SETTINGS ---


def settings(device, number):
    """Return the commands that make a new device into this one, a line each; secrets as stars.

    ALARMON and THERMOSTATON come after the settings of their function. number: of the sender, who
    has used the password if there is one. Raises Refusal for a stranger.
    """
    if not device.settings["PASSWORD"] and number not in device.settings["SECNUMBER"]:
        raise Refusal("No security setup!")
    parameters = {p.name: p for feature in device.features for p in feature.parameters}
    stored = device.record["settings"]
    lines = []
    for _, names in groups(device):
        for name in names:
            if name in stored and name in parameters:
                lines += _commands(parameters[name], device.settings[name])
            elif name == "SCHEDULER" and device.record["scheduler"]["rules"]:
                request = device.interpreter.find("SCHEDULER?", None, 0)
                rules = request.feature.show(request).split("\n")
                lines += ["SCHEDULER+" + rule for rule in rules]
        for name, section in (("THERMOSTATON", "thermostat"), ("ALARMON", "alarm")):
            if name in names and device.record[section]["on"]:
                lines.append(name)
    return "\n".join(lines)


def _commands(parameter, value):
    name = parameter.name
    if isinstance(parameter, NumberList):
        return [name + "+" + number for number in value]
    shown = parameter.show(value) if isinstance(parameter, Secret) else parameter.typed(value)
    return [name + "=" + shown]
