# SPDX-License-Identifier: MIT
"""What the judge keeps of messages: those on their way to the device, and those that it owes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

TIME = r"(?:\nTime: (?P<time>\d\d/\d\d/\d\d,\d\d:\d\d:\d\d))?"


class Failed(Exception):
    """The device broke a rule of the manual; the argument says which."""


class Doubt(Exception):
    """The model cannot tell any more what the device must do; the life ends without a verdict."""


@dataclass
class Letter:
    """A message to the device.

    Attributes:
        done: it was carried out (the model's view); arrived: when it came into the SIM.
        in_sim: how many of its parts and copies lie there; stray: nobody knows if it is new.
    """

    sender: str
    text: str
    parts: int
    done: bool = False
    stray: bool = False
    arrived: int | None = None
    in_sim: int = 0


@dataclass
class Owed:
    """A message that the device owes.

    Attributes:
        kind: "reply", "error" or "alert".
        pattern: what it must match; required: False: it may come or not.
        event: when it happened, ms of world time; local: the same as its time line must tell it.
        alarm: it is about the sensor, so ALARMOFF drops it.
    """

    to: str
    pattern: re.Pattern[str]
    what: str
    kind: str
    at: int
    required: bool = True
    event: int | None = None
    alarm: bool = False
    local: datetime | None = None


def exactly(text: str) -> re.Pattern[str]:
    """Return a pattern for one text."""
    return re.compile(re.escape(text))


def alert_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern for an alert: a text and a time line, which may be missing."""
    return re.compile(re.escape(text) + TIME)
