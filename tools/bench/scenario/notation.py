# SPDX-License-Identifier: MIT
"""The small parts of a scenario step: texts, durations, time stamps, addresses.

Each `read_..` takes what was written and raises `Malformed` with a reason that can be read aloud;
each `write_..` gives the shortest text that reads back as the same value.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

BLANKS = " \t"
UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
LONGEST = 3660 * UNITS["d"]  # ten years: a longer span is a slip of the pen
NAME_LENGTH = 11  # characters of an alphanumeric address (3GPP 23.040, 9.1.2.5: 10 octets)

_DURATION = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,3}))?([smhd])")
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_NAME = re.compile(r"[A-Za-z0-9&'()*!?/.,:;%=_-]{1,11}")
_STAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ \t]+([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"[ \t]+([+-])([0-9]{2}):([0-9]{2})"
)

HIDDEN = "hidden"


class Malformed(ValueError):
    """Something that cannot be read; the argument is the reason."""


# -- texts --------------------------------------------------------------------------------------


def read_text(written: str) -> str:
    r"""Return the TEXT that was written: quotes taken off, `\n` and `\\` resolved.

    TEXT is quoted if it begins and ends with a double quote; further quotes between the two stand
    for themselves. Anything else is taken as it stands, less the blanks at its ends.

    Raises:
        Malformed: nothing is there, or a backslash that is no escape.
    """
    written = written.strip(BLANKS)
    if not written:
        raise Malformed('the text is missing; an empty one is written ""')
    if is_quoted(written):
        written = written[1:-1]
    return _resolve(written)


def is_quoted(written: str) -> bool:
    """True if TEXT stands in double quotes."""
    return len(written) >= 2 and written[0] == written[-1] == '"'


def _resolve(written: str) -> str:
    parts = []
    at = 0
    while (backslash := written.find("\\", at)) >= 0:
        escape = written[backslash : backslash + 2]
        if escape not in ("\\n", "\\\\"):
            raise Malformed(f"`{escape}` is not an escape; a backslash is written `\\\\`")
        parts += [written[at:backslash], "\n" if escape == "\\n" else "\\"]
        at = backslash + 2
    return "".join(parts) + written[at:]


# What would be read as something else than TEXT if it were not quoted.
_ENDING = re.compile(r"nothing\b.*|.*[ \t](?:again|(?:within|for)[ \t].*|@[ \t].*)", re.DOTALL)


def write_text(text: str) -> str:
    """Return TEXT as `read_text` takes it, quoted where it must be."""
    written = text.replace("\\", "\\\\").replace("\n", "\\n")
    bare = written and written == written.strip() and written[0] != '"' != written[-1]
    return written if bare and not _ENDING.fullmatch(written) else f'"{written}"'


# -- durations ----------------------------------------------------------------------------------


def read_duration(written: str) -> int:
    """Return milliseconds: a number, fractions allowed, and `s`, `m`, `h` or `d`."""
    match = _DURATION.fullmatch(written)
    if match is None:
        raise Malformed(f"`{written}` is not a duration, such as `90s`, `1.5m`, `2h` or `1d`")
    whole, fraction, unit = match.groups()
    thousandths = int(whole) * 1000 + int((fraction or "0").ljust(3, "0"))
    ms = thousandths * (UNITS[unit] // 1000)
    if ms > LONGEST:
        raise Malformed(f"`{written}` is too long; ten years are the limit")
    return ms


def write_duration(ms: int) -> str:
    """Return a duration in the largest unit that gives a whole number, else in seconds."""
    for unit in "dhms":
        if ms % UNITS[unit] == 0 and (ms or unit == "s"):
            return f"{ms // UNITS[unit]}{unit}"
    return f"{ms / 1000:.3f}".rstrip("0") + "s"


# -- time stamps --------------------------------------------------------------------------------


def read_stamp(written: str) -> datetime:
    """Return the aware time of `2026-11-20 08:00:00 +01:00`.

    A message's time stamp has two digits for the year and counts the zone in quarter hours, so
    that is what can be given here.
    """
    match = _STAMP.fullmatch(written)
    if match is None:
        raise Malformed(f"`{written}` is not a time, such as `2026-11-20 08:00:00 +01:00`")
    *fields, sign, hours, minutes = match.groups()
    if int(minutes) not in (0, 15, 30, 45) or int(hours) > 14:
        raise Malformed(f"`{sign}{hours}:{minutes}` is not a time zone in quarter hours")
    offset = ("-" if sign == "-" else "+") + f"{hours}:{minutes}"
    try:
        stamp = datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*fields) + offset)
    except ValueError as error:
        raise Malformed(f"`{written}`: {error}") from None
    if not 2000 <= stamp.year <= 2098:
        raise Malformed(f"`{written}`: the year must be one of 2000 to 2098")
    return stamp


def write_stamp(stamp: datetime) -> str:
    """Return an aware time as `read_stamp` takes it."""
    minutes = (stamp.utcoffset() or timedelta()) // timedelta(minutes=1)
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"{stamp:%Y-%m-%d %H:%M:%S} {zone}"


# -- addresses ----------------------------------------------------------------------------------


def read_number(written: str) -> str:
    """Return a telephone number: digits, perhaps after a plus."""
    if not _NUMBER.fullmatch(written):
        raise Malformed(f"`{written}` is not a telephone number")
    return written


def read_caller(written: str) -> str:
    """Return a telephone number or `hidden`."""
    return written if written == HIDDEN else read_number(written)


def read_address(written: str) -> str:
    """Return a telephone number, `hidden`, or a name of up to 11 characters."""
    if _NUMBER.fullmatch(written) or _NAME.fullmatch(written):
        return written
    raise Malformed(
        f"`{written}` is neither a telephone number nor a name of up to {NAME_LENGTH} letters"
    )
