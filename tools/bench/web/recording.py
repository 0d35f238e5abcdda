# SPDX-License-Identifier: MIT
"""What was done and what came of it, as a scenario that `play` accepts.

The scenario begins without power and switches the device on at the instant at which it was
switched on here; waits are to the millisecond. What the device did - messages, calls, the relay -
becomes expectations. It holds passwords as they were sent, for it would not replay without.

No recorded step takes time, so that nothing delays what was clicked meanwhile: a power cycle is
`power off` and, five seconds later, `power on`; the button goes `down` and `up`. `button press`
and `button hold` are written where they are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.bench.modem.families import FAMILIES, FAMILY
from tools.bench.network.operator import DEFAULT_CLOCK
from tools.bench.scenario import observations as o
from tools.bench.scenario.actions import BETWEEN_PRESSES_MS, CYCLE_MS, PRESS_MS
from tools.bench.scenario.expected import Expectation
from tools.bench.scenario.notation import write_duration, write_text
from tools.bench.scenario.player import Setting
from tools.bench.scenario.steps import (
    BeginOff,
    BoardModem,
    ChooseModel,
    Fahrenheit,
    HoldButton,
    KeepRecord,
    ModemFamily,
    ModemHabits,
    PressButton,
    SetClock,
    SetPower,
    Setup,
    Step,
    WaitFor,
)

MOST = 20_000  # lines; a fault found by hand is far shorter
DOWN, UP = "button down", "button up"
AT_ONCE = f"wait {write_duration(0)}"  # what is due in this instant happens

_SECONDS = re.compile(r"(\d\d/\d\d/\d\d,\d\d:\d\d):\d\d")


@dataclass(frozen=True)
class Entry:
    """A line: when it was (ms), whether it does something, and which relay's level it expects.

    takes_ms: of the scenario's time: only a hold takes any.
    """

    at: int
    text: str
    acts: bool = False
    level_of: str = ""
    takes_ms: int = 0


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
            case o.OtherEvent(kind="room"):
                self._add(Entry(seen.at, seen.text, acts=True))
            case o.OtherEvent(kind="button_down"):
                self._add(Entry(seen.at, DOWN, acts=True))
            case o.OtherEvent(kind="button"):
                self._add(Entry(seen.at, UP, acts=True))

    def _begun(self, at: int, step: Step) -> None:
        # Waits follow from the times; what came is expected already, by who notices it, and so is
        # the button, which may go down later than it was asked to.
        if isinstance(step, (WaitFor, Expectation, Setup, PressButton, HoldButton)):
            return
        if isinstance(step, SetPower) and step.what == "cycle":
            self._add(Entry(at, "power off", acts=True))
            self._add(Entry(at + CYCLE_MS, "power on", acts=True))
        else:
            self._add(Entry(at, step.render(), acts=True))

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
        lines = ["# Recorded on the bench page.", *self._head]
        cursor, acted = 0, False
        for entry in self._written(now):
            if entry.at > cursor:
                lines.append(f"wait {write_duration(entry.at - cursor)}")
                acted = False
            elif entry.acts and acted:
                lines.append(AT_ONCE)
            lines.append(entry.text)
            cursor, acted = max(cursor, entry.at + entry.takes_ms), entry.acts
        if self.complete and now > cursor:
            lines.append(f"wait {write_duration(now - cursor)}")
        if not self.complete:
            lines.append(f"# The recording ends here: it holds {MOST} lines at most.")
        return "\n".join(lines) + "\n"

    def _written(self, now: int) -> list[Entry]:
        """Return the entries in their order, the button's put together where nothing is lost."""
        entries = sorted((e for e in self._entries if e.at <= now), key=lambda e: e.at)
        written: list[Entry] = []
        down, up_at = -1, -BETWEEN_PRESSES_MS  # where the button went down; when it went up
        for entry in entries:
            if entry.text == DOWN:
                # The scenario's own presses keep a distance.
                down = len(written) if entry.at - up_at >= BETWEEN_PRESSES_MS else -1
            if entry.text == UP:
                up_at = entry.at
                if down >= 0 and (whole := _press(written[down:], entry)):
                    written[down] = whole
                    continue
            if entry.level_of and written and _overtaken(written[-1], entry):
                written.pop()
            written.append(entry)
        return written


def head(setting: Setting) -> list[str]:
    """Return the steps that set a world up so."""
    steps: list[Step] = [] if setting.model == "EP" else [ChooseModel(setting.model)]
    if setting.us:
        steps.append(Fahrenheit())
    if setting.clock != DEFAULT_CLOCK:
        steps.append(SetClock(setting.clock))
    if setting.record:
        steps.append(KeepRecord(setting.record))
    if setting.habits:
        steps.append(ModemHabits(setting.habits))
    if setting.family and setting.family != FAMILY["default"]:
        steps.append(ModemFamily(FAMILIES[setting.family].name))
    if setting.board_modem:
        steps.append(BoardModem(setting.board_modem))
    steps.append(BeginOff())
    if setting.powered:
        steps.append(SetPower("on"))
    return [step.render() for step in steps]


def _press(since: list[Entry], up: Entry) -> Entry | None:
    """Return one line for a push, first in `since`, and its end; None if there is none."""
    at = since[0].at
    if up.at - at == PRESS_MS:
        return Entry(at, "button press", acts=True)
    if len(since) > 1:  # a hold would delay what was done meanwhile
        return None
    hold = f"button hold {write_duration(up.at - at)}"
    return Entry(at, hold, acts=True, takes_ms=up.at - at)


def _overtaken(before: Entry, entry: Entry) -> bool:
    """True for a level that lasted no time: nobody can see it, and a scenario cannot expect it."""
    return before.level_of == entry.level_of and before.at == entry.at


def _expected(to: str, text: str) -> str:
    """Return the expectation of a message; the seconds of a time in it may be others."""
    pattern = _SECONDS.sub(r"\1:*", text)
    return f"{to} {'<' if pattern == text else '<~'} {write_text(pattern)}"
