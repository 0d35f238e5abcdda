"""The time that the network gives: `*PSUTTZ` (UTC and zone) and `+CCLK` (local time and zone).

A moment is (local seconds since 2000-01-01, quarter hours east of Greenwich). Seconds from 2000
are small integers of MicroPython until 2034.
"""

# A modem that was never told the time counts from 2004 (others from 1970 or 1980): no clock.
_FIRST_YEAR = 2020
_LAST_YEAR = 2079
_DAYS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def seconds(year, month, day, hour, minute, second):
    """Return the seconds from 2000-01-01 to a date and time of 2000 to 2099. Raises ValueError."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        raise ValueError("no such time")
    year -= 2000
    days = year * 365 + (year + 3) // 4 + _DAYS[month - 1] + day - 1
    if month > 2 and year % 4 == 0:
        days += 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _numbers(text, separators):
    """Split a text at any of the separators; return integers, blanks and quotes off."""
    for separator in separators:
        text = text.replace(separator, ",")
    return [int(part.strip().strip('"')) for part in text.split(",")]


def from_psuttz(line):
    """Return the moment of `*PSUTTZ: y,M,d,h,m,s,"+zz",dst`, None for no clock. ValueError."""
    values = _numbers(line[line.find(":") + 1 :], "")
    year = values[0] + 2000 if values[0] < 100 else values[0]
    quarters = values[6]
    return _moment(year, values[1:6], quarters, quarters * 900)


def from_cclk(line):
    """Return the moment of `+CCLK: "yy/MM/dd,hh:mm:ss+zz"`, None for no clock. ValueError."""
    text = line[line.find(":") + 1 :].strip().strip('"')
    at = max(text.rfind("+"), text.rfind("-"))
    quarters = int(text[at:]) if at > 0 else 0
    values = _numbers(text[:at] if at > 0 else text, "/:")
    return _moment(2000 + values[0], values[1:6], quarters, 0)


def _moment(year, rest, quarters, shift):
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not -48 <= quarters <= 56:
        return None
    return seconds(year, rest[0], rest[1], rest[2], rest[3], rest[4]) + shift, quarters
