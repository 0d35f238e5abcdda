# SPDX-License-Identifier: MIT
"""The network's time (NITZ): `*PSUTTZ` (UTC and zone) and `+CCLK` (local time and zone).

A moment is (local seconds since 2000-01-01, quarter hours east of Greenwich). Seconds from 2000
are small integers of MicroPython until 2034.
"""

from sim800 import const

# A modem that never got the time counts from 2004, others from 1970 or 1980, which two figures
# make 2070 and 2080: not a time.
_FIRST_YEAR = const(2020)
_LAST_YEAR = const(2069)


def moment(line):
    """Return the moment in a line, None if the modem's clock is not set.

    line: `*PSUTTZ: y,M,d,h,m,s,"+zz",dst` or `+CCLK: "yy/MM/dd,hh:mm:ss+zz"`; the quotes may be
    missing, and so may the zone of +CCLK. Raises ValueError, IndexError.
    """
    text = line[line.find(":") + 1 :].replace("-", ",-")
    for mark in '/:"+':
        text = text.replace(mark, ",")
    values = [int(part) for part in text.split(",") if part.strip()]
    in_utc = line[0] == "*"
    if not in_utc:
        values.append(0)  # the zone, if there is none
    year, month, day, hour, minute, second, quarters = values[:7]
    if year < 100:
        year += 2000
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        raise ValueError("no such time")
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not -48 <= quarters <= 56:
        return None
    # Days since 2000, with years that begin in March, so that a leap day is the last of its year.
    year -= 2000
    if month < 3:
        year -= 1
        month += 12
    days = year * 365 + year // 4 + (153 * month - 457) // 5 + day + 59
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds + quarters * 900 if in_utc else seconds, quarters
