# SPDX-License-Identifier: MIT
"""Follows what the device commits to its flash: its clock and the thermostat's set point."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tools.bench.world.record import read

if TYPE_CHECKING:
    from tools.bench.world.world import World

EPOCH = datetime(2000, 1, 1)  # the record counts local seconds from here
LIMITS = ("SWITCHOFFTEMP", "TEMPOFF")  # the thermostat's set point, as models call it
DEFAULT_LIMIT = "10C"


def set_point(record: dict[str, Any]) -> float | None:
    """Return the thermostat's set point in Celsius, None while it does not work."""
    if not record.get("thermostat", {}).get("on"):
        return None
    settings = record.get("settings", {})
    typed = str(next((settings[name] for name in LIMITS if name in settings), DEFAULT_LIMIT))
    try:
        figure = float(typed.rstrip("CFcf"))
    except ValueError:
        return None
    return round((figure - 32) / 1.8, 2) if typed[-1:] in "Ff" else figure


class Watch:
    """Keeps up with the record while the world runs: its observer, called in its thread.

    Attributes:
        record: the newest one.
        set_point: Celsius; None while the thermostat does not work.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._clock_offset: int | None = None
        self.set_point: float | None = None
        self.record: dict[str, Any] = {}
        self._look()
        world.observe(self._observe)

    def _observe(self, kind: str, text: str) -> None:
        if kind == "commit":
            self._look()

    def _look(self) -> None:
        record = self.record = read(self._world.flash)
        clock = record.get("clock", {})
        self._clock_offset = clock.get("offset") if clock.get("set") else None
        before, self.set_point = self.set_point, set_point(record)
        if before != self.set_point:
            self._world.notify("setpoint", json.dumps(self.set_point))

    def device_time(self, now: int) -> str | None:
        """Return the device's own date and time at a world time (ms), None while it has none."""
        uptime = self._world.rtc.at(now)
        if uptime is None or self._clock_offset is None or not self._world.powered:
            return None
        return (EPOCH + timedelta(seconds=uptime + self._clock_offset)).isoformat(" ")
