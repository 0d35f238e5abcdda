# SPDX-License-Identifier: MIT
"""Dates as integers: seconds and days since 2000-01-01 00:00 of a local time.

Gregorian, right for any year. Seconds are small integers of MicroPython until 2034; later ones
only take more memory. Time zones are read and written here, but never applied.
"""

from powersocket import const
from powersocket.settings import BLANKS, DIGITS, consists_of

DAY = const(86400)  # s
_WEST = const(-12)
_EAST = const(14)  # hours from GMT that can be set by hand (spec chapter 4)


def days(year, month, day):
    """Return the days from 2000-01-01 to a date; month and day must exist."""
    if month < 3:
        year -= 1
        month += 12
    leaps = year // 4 - year // 100 + year // 400
    return 365 * year + leaps + (153 * month - 457) // 5 + day - 730426


def date(count):
    """Return (year, month, day) of so many days since 2000-01-01."""
    count -= 60  # from 2000-03-01: a leap day is then the last one of its year
    era, day = count // 146097, count % 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5 - 1
    month += 3
    year += 2000 + 400 * era
    return (year, month, day) if month <= 12 else (year + 1, month - 12, day)


def weekday(count):
    """Return 1 for Monday to 7 for Sunday, for so many days since 2000-01-01, a Saturday."""
    return (count + 5) % 7 + 1


def seconds(year, month, day, hour, minute, second):
    """Return the seconds since 2000-01-01 00:00, or None if there is no such date or time."""
    if not (1 <= month <= 12 and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    count = days(year, month, day)
    if date(count) != (year, month, day):
        return None
    return count * DAY + hour * 3600 + minute * 60 + second


def utc(stamp):
    """Return the seconds since 2000-01-01 00:00 GMT of a time stamp, see `Message`, or None."""
    local = None if stamp is None else seconds(*stamp[:6])
    return None if local is None else local - 900 * stamp[6]


def text(local):
    """Return seconds since 2000 as `yy/mm/dd,hh:mm:ss`."""
    year, month, day = date(local // DAY)
    second = local % DAY
    return "%02d/%02d/%02d,%02d:%02d:%02d" % (
        year % 100,
        month,
        day,
        second // 3600,
        second // 60 % 60,
        second % 60,
    )


def zone_text(quarters):
    """Return quarter hours from GMT as `+zz`: whole hours, toward zero (spec chapter 9.6)."""
    hours = abs(quarters) // 4
    return ("-" if quarters < 0 and hours else "+") + "%02d" % hours


def parse(typed):
    """Return (seconds since 2000, quarter hours from GMT) of `yy/mm/dd,hh:mm:ss+zz`, or None.

    Blanks may stand around the comma, as phones put them there.
    """
    day, _, rest = typed.partition(",")
    rest = rest.lstrip(BLANKS)
    ymd = _three(day.rstrip(BLANKS), "/")
    hms = _three(rest[:8], ":")
    zone = rest[9:]
    if ymd is None or hms is None or rest[8:9] not in ("+", "-") or not two_digits(zone):
        return None
    hours = -int(zone) if rest[8] == "-" else int(zone)
    local = seconds(2000 + ymd[0], ymd[1], ymd[2], hms[0], hms[1], hms[2])
    if local is None or not _WEST <= hours <= _EAST:
        return None
    return local, 4 * hours


def two_digits(typed):
    """True for exactly two digits."""
    return len(typed) == 2 and consists_of(typed, DIGITS)


def _three(typed, mark):
    """Return the three numbers of two digits that a mark separates, or None."""
    parts = typed.split(mark)
    if len(parts) != 3 or not all([two_digits(part) for part in parts]):
        return None
    return [int(part) for part in parts]
