# SPDX-License-Identifier: MIT
"""Checks and completes a record: the only place where stored values are checked.

A record may come from another version of the firmware, or be damaged. This module is needed at a
start, after a fault and for a factory reset, and is released afterwards. docs/storage.md says what
is stored where.
"""

from powersocket.outbox import ALERT, MOST, MOST_REPLIES, REPLY
from powersocket.settings import MOST_NUMBERS, Incorrect, NumberList, Secret

_PARTS = (("settings", dict), ("ids", list), ("outbox", list), ("errands", list), ("starts", dict))
_ERRAND = [str, str, str, bool]

# The parts of the features, by section, as the factory makes them. All times are uptimes in s.
SECTIONS: dict = {
    # timer: [its end, level then, whose it is or ""], or []; since: it was switched, or -1, and by
    # what, see socket.py
    "socket": {"on": False, "timer": [], "since": -1, "by": "power-up"},
    "micro": {"on": False, "timer": [], "since": -1, "by": "power-up"},
    # window: Conf commands are accepted until then; trusted: numbers that used the password last
    "security": {"window": 0, "trusted": []},
    # set: the clock is; offset: local seconds since 2000 less the uptime; zone: quarter hours from
    # GMT; hand: set by DATE=, so that the network does not correct it
    "clock": {"set": False, "offset": 0, "zone": 0, "hand": False},
    # from: first reading after power-up
    "thermometer": {"from": 0},
    # sensor: what became of the alert for a failed one, see temperature.py; switched: the
    # thermostat last switched the socket, or -1
    "thermostat": {"on": False, "sensor": 0, "switched": -1},
    # reported, and not been back since
    "temperature_alerts": {"rise": False, "fall": False},
    # ready: something is detected again from then on; reported, moved: with SMSCHANGE, the value
    # that was reported last, and whether a relay is in the state of an activation; holds: an
    # activation without a time holds the socket; cycle: of calls, or [], [[numbers], index of the
    # one that is called, text of the message if nobody answers or "", time of the alarm or -1, of
    # the call]; log: of the last activations, oldest first, `yy/mm/dd:hh:mm`, or the uptime if the
    # clock was not set then
    "alarm": {
        "on": False,
        "ready": 0,
        "reported": False,
        "moved": False,
        "holds": False,
        "cycle": [],
        "log": [],
    },
    # [minute of the day, index of the day, action, [days since 2000 on which it acted]]
    "scheduler": {"rules": []},
    # taken: [number, time] of a call that was carried out, but rings still; or []
    "calls": {"taken": []},
    # failed: mains power is away; since: it went
    "power": {"failed": False, "since": 0},
    # day: since 2000, that of the count, -1 while the clock was not set; since: the count began;
    # sent: messages; beyond: alerts among them that were sent beyond the limit; told: the alerts
    # of today of the topics that repeat, by their texts
    "budget": {"day": -1, "since": 0, "sent": 0, "beyond": 0, "told": []},
    # reset: the device starts for the first time after a reset: that is a switching on
    "button": {"reset": False},
}


def complete(record, features):
    """Give a record all parts that these features need; return the values of all settings."""
    for name, kind in _PARTS:
        if type(record.get(name)) is not kind:
            record[name] = kind()
    record["errands"] = [e for e in record["errands"] if _types(e) == _ERRAND]
    owed = [e + ["", -1, 1][len(e) - 4 :] for e in record["outbox"] if _is_entry(e)]
    replies = [e for e in owed if e[0] == REPLY][:MOST_REPLIES]
    record["outbox"] = ([e for e in owed if e[0] == ALERT] + replies)[:MOST]
    record["ids"] = [_id(i) for i in record["ids"] if type(i) in (int, str)]
    values = {}
    for feature in features:
        if feature.section:
            _complete_part(record, feature.section)
        for parameter in feature.parameters:
            values[parameter.name] = setting(parameter, record["settings"])
    return values


def _types(value):
    return [type(x) for x in value] if type(value) is list else None


def _is_entry(entry):
    """Tell whether an entry of the outbox can be used; older ones had the first four or six."""
    shape = [int, list, str, bool, str, int, int]
    if _types(entry) not in (shape, shape[:6], shape[:4]) or entry[0] not in (ALERT, REPLY):
        return False
    return entry[1] != [] and _types(entry[1]) == [str] * len(entry[1])


def _id(id):
    """Return the id of a message; version 1.0 stored more digits of the digest, as text."""
    try:
        return int(id[:8], 16) & 0x3FFFFFFF if type(id) is str else id
    except ValueError:
        return -1


# --- the parts of the features ---


def _complete_part(record, section):
    """Give what a part of the record lacks, or has with a wrong type, its default."""
    part = record.get(section)
    if type(part) is not dict:
        part = record[section] = {}
    defaults = SECTIONS[section]
    for key in defaults:
        value = defaults[key]
        if type(part.get(key)) is not type(value):
            part[key] = list(value) if type(value) is list else value
    for name, key, check in _CHECKS:
        if name == section:
            part[key] = check(part[key])


def _timer(timer):
    """Of a relay: [uptime at which it ends, level then, owner]; the owner may be missing."""
    if len(timer) == 2:
        timer = timer + [""]
    if len(timer) == 3 and timer[2] is True:
        timer = timer[:2] + ["restart"]  # as version 1.0 stored it
    if _types(timer) in ([int, bool, str], [int, int, str]) and timer[1] in (0, 1):
        return [timer[0], bool(timer[1]), timer[2]]
    return []


def _taken(taken):
    """Of a call that was carried out but may still ring: [number, uptime]."""
    return taken if _types(taken) == [str, int] else []


def _cycle(cycle):
    """Of an alarm's calls: [[numbers], index, text, uptime of the alarm, .. of the call]."""
    shape = [list, int, str, int, int]
    if _types(cycle) not in (shape, shape[:4]) or _types(cycle[0]) != [str] * len(cycle[0]):
        return []
    if len(cycle) == 4:  # of version 1.0: digits, and the text has the time
        cycle = [["+" + number for number in cycle[0]]] + cycle[1:3] + [-1, cycle[3]]
    return cycle if 0 <= cycle[1] < len(cycle[0]) else []


def _rules(rules):
    """Of the scheduler: [minute of the day, day, action, [days on which it acted]]."""
    actions = ("ON", "OFF", "INF", "AON", "AOF")
    good = []
    for rule in rules:
        if _types(rule) == [int, int, str, list] and rule[2] in actions:
            if 0 <= rule[0] < 1440 and 0 <= rule[1] < 8:
                good.append(rule)
    return good[:8]


def _told(told):
    """Of the budget: texts."""
    return [entry for entry in told if type(entry) is str]


def _log(log):
    """Of the alarm: texts, or uptimes."""
    return [entry for entry in log if type(entry) in (str, int)]


_CHECKS = (
    ("socket", "timer", _timer),
    ("micro", "timer", _timer),
    ("calls", "taken", _taken),
    ("alarm", "cycle", _cycle),
    ("alarm", "log", _log),
    ("scheduler", "rules", _rules),
    ("budget", "told", _told),
)


# --- settings ---


def setting(parameter, stored):
    """Return a setting's stored value, or a safe one in its place if it cannot be used."""
    default = parameter.default
    value = stored.get(parameter.name, default)
    if type(value) is type(default) and (value == default or _usable(parameter, value)):
        return value
    if isinstance(parameter, Secret):
        return "?" * (parameter.size + 1)  # too long to be typed: a damaged secret opens no door
    return default


def _usable(parameter, value):
    try:
        if isinstance(parameter, NumberList):
            numbers = [type(n) is str and parameter.parse(n) == n for n in value]
            return len(value) <= MOST_NUMBERS and all(numbers)
        return parameter.parse(parameter.typed(value)) == value
    except Incorrect:
        return False
