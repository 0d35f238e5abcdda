# SPDX-License-Identifier: MIT
"""What was done and what came of it, as a scenario that `play` accepts.

The scenario begins without power and switches the device on at the instant at which it was
switched on here; waits are to the millisecond. What the device did - messages, calls, the relay -
becomes expectations. It holds passwords as they were sent, for it would not replay without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.bench.scenario import observations as o
from tools.bench.scenario.expected import Expectation
from tools.bench.scenario.notation import write_duration, write_text
from tools.bench.scenario.player import Setting
from tools.bench.scenario.steps import PressButton, SetPower, Setup, Step, WaitFor

MOST = 20_000  # lines; a fault found by hand is far shorter
CYCLE_MS = 5_000  # what `power cycle` takes

_SECONDS = re.compile(r"(\d\d/\d\d/\d\d,\d\d:\d\d):\d\d")


@dataclass(frozen=True)
class Entry:
    """A line: when it was (ms), how long it takes, and whether it is about a relay's level."""

    at: int
    text: str
    takes_ms: int = 0
    level_of: str = ""


class Recording:
    """Takes observations in their order; writes the scenario when it is asked for."""

    def __init__(self, head: list[str]) -> None:
        self._head = head
        self._entries: list[Entry] = []
        self.complete = True

    def __len__(self) -> int:
        return len(self._entries)

    def notice(self, seen: o.Observation) -> None:
        """Take note of an observation."""
        match seen:
            case o.StepBegun():
                self._begun(seen.at, seen.step)
            case o.StepDone():
                if not seen.held and not seen.expectation:
                    self._undo(seen.step)
            case o.MessageToPhone():
                self._add(Entry(seen.at, _expected(seen.to, seen.text)))
            case o.RelaySwitched():
                level = f"{seen.relay} {'on' if seen.on else 'off'}"
                self._add(Entry(seen.at, level, level_of=seen.relay))
            case o.CallChanged():
                if seen.by_device and seen.state == "dialing":
                    self._add(Entry(seen.at, f"{seen.number} is called"))
                elif not seen.by_device and seen.state == "answered":
                    self._add(Entry(seen.at, "call answered"))
            case o.OtherEvent():
                if seen.kind == "room":
                    self._add(Entry(seen.at, seen.text))

    def _begun(self, at: int, step: Step) -> None:
        # Waits follow from the times; what came is expected already, by who notices it.
        if isinstance(step, (WaitFor, Expectation, Setup)):
            return
        takes = 0
        if isinstance(step, PressButton):
            takes = step.hold or 0
        elif isinstance(step, SetPower) and step.what == "cycle":
            takes = CYCLE_MS
        self._add(Entry(at, step.render(), takes))

    def _undo(self, text: str) -> None:
        """Forget a step that could not be done."""
        for index in range(len(self._entries) - 1, -1, -1):
            if self._entries[index].text == text:
                del self._entries[index]
                return

    def _add(self, entry: Entry) -> None:
        if len(self._entries) >= MOST:
            self.complete = False
        if self.complete:
            self._entries.append(entry)

    def text(self, now: int) -> str:
        """Return the scenario as it is at world time `now`."""
        lines = ["# Recorded on the bench page.", *self._head, "off", "power on"]
        cursor = 0
        for index, entry in enumerate(self._entries):
            if entry.level_of and self._is_overtaken(index, cursor):
                continue
            if entry.at > cursor:
                lines.append(f"wait {write_duration(entry.at - cursor)}")
                cursor = entry.at
            lines.append(entry.text)
            cursor += entry.takes_ms
        if self.complete and now > cursor:
            lines.append(f"wait {write_duration(now - cursor)}")
        if not self.complete:
            lines.append(f"# The recording ends here: it holds {MOST} lines at most.")
        return "\n".join(lines) + "\n"

    def _is_overtaken(self, index: int, cursor: int) -> bool:
        """True if a relay moved on while a step that takes time went on: its level is history."""
        entry = self._entries[index]
        return any(
            later.level_of == entry.level_of and later.at <= cursor
            for later in self._entries[index + 1 : index + 50]
        )


def head(setting: Setting) -> list[str]:
    """Return the steps that set a world up so."""
    lines = [] if setting.model == "EP" else [f"model {setting.model}"]
    if setting.us:
        lines.append("board fahrenheit")
    if setting.record:
        lines.append(f"record {setting.record}")
    return lines


def _expected(to: str, text: str) -> str:
    """Return the expectation of a message; the seconds of a time in it may be others."""
    pattern = _SECONDS.sub(r"\1:*", text)
    return f"{to} {'<' if pattern == text else '<~'} {write_text(pattern)}"
