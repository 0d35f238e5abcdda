"""Checks a record that was loaded and completes it: the one place where stored values are judged.

A record may come from another version of the firmware, or be damaged. Needed at a start, after a
fault and for a factory reset only: who imports it releases it again. What is stored where:
docs/storage.md.
"""

from powersocket.outbox import ALERT, MOST, REPLY
from powersocket.settings import MOST_NUMBERS, Incorrect, NumberList, Secret

_PARTS = (("settings", dict), ("ids", list), ("outbox", list), ("errands", list), ("starts", dict))
_ERRAND = [str, str, str, bool]


def complete(record, features):
    """Give a record all parts that these features need; return the values of all settings."""
    for name, kind in _PARTS:
        if type(record.get(name)) is not kind:
            record[name] = kind()
    record["errands"] = [e for e in record["errands"] if _types(e) == _ERRAND]
    owed = [e for e in record["outbox"] if _is_entry(e)]
    for what in (ALERT, REPLY):
        too_many = [e for e in owed if e[0] == what][MOST[what] :]
        owed = [e for e in owed if not any([e is other for other in too_many])]
    record["outbox"] = owed
    values = {}
    for feature in features:
        if feature.section:
            _complete_part(record, feature.section, feature.defaults)
        for parameter in feature.parameters:
            values[parameter.name] = setting(parameter, record["settings"])
    return values


def _types(value):
    return [type(x) for x in value] if type(value) is list else None


def _is_entry(entry):
    """Tell whether an entry of the outbox can be used: [kind, [numbers], text, begun]."""
    if type(entry) is not list or len(entry) != 4 or entry[0] not in (ALERT, REPLY):
        return False
    numbers = _types(entry[1])
    return bool(numbers) and numbers == [str] * len(numbers) and type(entry[2]) is str


# --- the parts of the features ---


def _complete_part(record, section, defaults):
    """Fill what a part of the record lacks, or has of a wrong type, with its default."""
    part = record.get(section)
    if type(part) is not dict:
        part = record[section] = {}
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
    """Of an alarm's calls: [[numbers], index, text, uptime at which the call was ordered]."""
    if _types(cycle) != [list, int, str, int] or not 0 <= cycle[1] < len(cycle[0]):
        return []
    return cycle if all([type(number) is str for number in cycle[0]]) else []


def _rules(rules):
    """Of the scheduler: [minute of the day, day, action, [days on which it acted]]."""
    actions = ("ON", "OFF", "INF", "AON", "AOF")
    good = []
    for rule in rules:
        if _types(rule) == [int, int, str, list] and rule[2] in actions:
            if 0 <= rule[0] < 1440 and 0 <= rule[1] < 8:
                good.append(rule)
    return good[:8]


def _log(log):
    """Of the alarm: texts."""
    return [entry for entry in log if type(entry) is str]


_CHECKS = (
    ("socket", "timer", _timer),
    ("micro", "timer", _timer),
    ("calls", "taken", _taken),
    ("alarm", "cycle", _cycle),
    ("alarm", "log", _log),
    ("scheduler", "rules", _rules),
)


# --- settings ---


def setting(parameter, stored):
    """Return a setting's stored value if it can be used, else what stands in for it."""
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
        typed = str(value)
        return parameter.parse(typed[: len(typed) - len(parameter.suffix)]) == value
    except Incorrect:
        return False
