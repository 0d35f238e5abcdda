# SPDX-License-Identifier: MIT
"""A device in its world, a thing that it has to do, and faults that come in the middle of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from host_tests.lte_faults import LTE_FAULTS
from host_tests.modem_faults import FAULTS, MINUTE, PIN, Fault
from host_tests.world_kit import OWNER, flash_after, on_line
from tools.bench.modem.habits import Habits
from tools.bench.world.flash import Flash
from tools.bench.world.world import World

SLOW = 3 * MINUTE  # more, if every answer takes its maximum time: start and question 2 min alone
OWED = 60 * MINUTE  # within which what is owed has come, also after the longest rest
PROBE = 90_000  # for a question to be answered; then it is asked again
WATCH = 35 * MINUTE  # two looks of the one who feeds the watchdog
ALL_FAULTS: dict[str, Fault] = FAULTS | LTE_FAULTS
REPLY = "RESTARTTIME=1 seconds"


@dataclass(frozen=True)
class Stage:
    """Something that the device has to do.

    Attributes:
        orders: what the owner has sent before.
        act: sets it off.
        takes: ms in which it is over, undisturbed.
        moves: how often the relay moves; after the orders.
        texts: any of these reaches the owner, as often as `times` says; (least, most).
        called: a call that was put through will do in place of the text.
    """

    orders: tuple[str, ...]
    act: Callable[[World], Any]
    takes: int
    texts: tuple[str, ...]
    times: tuple[int, int]
    moves: int = 0
    called: bool = False


def _trip(world: World) -> None:
    """The sensor is active for a second: one alarm."""
    world.contact.set(True)
    world.kernel.after(1000, lambda: world.contact.set(False))


def _answer(world: World) -> None:
    world.network.ussd["*100#"] = "Balance 5.00"
    world.network.deliver(OWNER, "CREDIT")


STAGES: dict[str, Stage] = {
    # A reply that may have left is not sent again, so there may be none.
    "command": Stage(
        (),
        lambda w: w.network.deliver(OWNER, "RESTART"),
        9000,
        ("Power socket restarted",),
        (0, 1),
        2,
    ),
    # An alert may come twice rather than never.
    "alert": Stage(("ALARMON",), _trip, 6000, ("ALARM!",), (1, 9)),
    "alert call": Stage(
        ("ALERT=CALL", "ALARMON"),
        _trip,
        35_000,
        ("ALARM!",),
        (1, 9),
        called=True,
    ),
    "call": Stage(
        ("SECNUMBER+" + OWNER[1:], "SECLIST=ON", "RING=RESTART"),
        lambda w: w.network.call(OWNER),
        12_000,
        ("Power socket restarted",),
        (0, 1),
        2,
    ),
    "ussd": Stage(
        ("CREDITUMS=*100#",), _answer, 12_000, ("Balance 5.00", "Execute error!"), (0, 1)
    ),
}


def _prepared(orders: tuple[str, ...]) -> bytes:
    """Return the flash of a device that has had these."""
    first = ("POWERALERT=OFF", "RESTARTTIME=1", "ALERTNUMBER+" + OWNER[1:])
    return flash_after(*first, *orders)


@dataclass
class Outcome:
    """What became of a run.

    Attributes:
        problems: what should not be.
        back: ms from the end of the last fault to the answer of a question.
        missing: a reply that may have left has not come.
    """

    problems: list[str] = field(default_factory=list)
    back: int = 0
    missing: bool = False


class Run:
    """One device, ready for a stage."""

    def __init__(self, stage: Stage, vm: str = "cpython", **options: Any) -> None:
        self.stage = stage
        self.moves = 0
        self.traffic: list[int] = []
        flash = Flash(image=_prepared(stage.orders))
        self.world = World(vm=vm, flash=flash, config={"PIN": PIN}, **options)
        on_line(self.world)
        self.world.run_for(3000)
        self.world.network.messages.clear()
        self.world.network.exchange.outgoing.clear()
        self.world.observe(self._observe)
        self.start = self.world.now

    def _observe(self, kind: str, text: str) -> None:
        if kind == "relay":
            self.moves += 1
        elif kind in ("uart_tx", "uart_rx"):
            self.traffic.append(self.world.now - self.start)

    def undisturbed(self) -> list[int]:
        """Do it without a fault; return the ms at which something went over the line."""
        self.stage.act(self.world)
        self.world.run_for(self.stage.takes)
        outcome = Outcome()
        self._judge(outcome)
        assert not outcome.problems and not outcome.missing, outcome
        self.world.close()
        return sorted(set(self.traffic))

    def disturbed(self, *faults: tuple[str, int]) -> Outcome:
        """Do it with faults, as (name, ms after the begin)."""
        try:
            return self._disturbed(faults)
        finally:
            self.world.close()

    def _disturbed(self, faults: Sequence[tuple[str, int]]) -> Outcome:
        world, outcome = self.world, Outcome()
        self.stage.act(world)
        end = world.now
        for name, at in faults:
            fault, begin = ALL_FAULTS[name], self.start + at
            world.kernel.at(begin, lambda f=fault: f.start(world))
            over = begin + int(fault.lasting * MINUTE)
            if fault.lasting:
                world.kernel.at(over, lambda f=fault: f.stop(world))
            end = max(end, over)
        world.run_for(end - world.now)
        bound = int(sum(ALL_FAULTS[name].back for name, _ in faults) * MINUTE)
        if world.modem.family.lte:
            bound += 2 * MINUTE * len(faults)  # each step gets 12 s more: it starts no sooner
        if world.modem.latency == "maximum":
            bound += SLOW
        if world.modem.habits != Habits():
            bound += MINUTE
        self._probe(outcome, bound)
        outcome.back = world.now - end
        if outcome.back > bound:
            outcome.problems.append(f"back after {outcome.back / 1000:.0f} s")
        world.run_until(lambda: self._owed() == 0, OWED)
        world.run_for(WATCH)
        self._judge(outcome, len({at for name, at in faults if ALL_FAULTS[name].chip}))
        return outcome

    def _probe(self, outcome: Outcome, bound: int) -> None:
        """Ask the device something, until it answers; what the bound is for."""
        world = self.world
        limit = world.now + max(bound, PROBE) + 20 * MINUTE
        while world.now < limit:
            if not world.run_until(lambda: world.online, limit - world.now):
                break
            before = len(self._to_owner((REPLY,)))
            world.network.deliver(OWNER, "RESTARTTIME?")
            if world.run_until(lambda n=before: len(self._to_owner((REPLY,))) > n, PROBE):
                return
        outcome.problems.append("never back on line")

    def _to_owner(self, starts: tuple[str, ...]) -> list[str]:
        messages = self.world.network.messages
        return [m.text for m in messages if m.to == OWNER and m.text.startswith(starts)]

    def _rang(self) -> int:
        calls = self.world.network.calls
        return sum(c.state in ("unanswered", "cancelled", "answered", "ended") for c in calls)

    def _owed(self) -> int:
        stage = self.stage
        owed = max(0, stage.moves - self.moves)
        got = len(self._to_owner(stage.texts)) + (self._rang() if stage.called else 0)
        return owed + max(0, max(stage.times[0], 0) - got)

    def _judge(self, outcome: Outcome, restarts: int = 0) -> None:
        stage, world, problems = self.stage, self.world, outcome.problems
        got = len(self._to_owner(stage.texts))
        least, most = stage.times
        if got + (self._rang() if stage.called else 0) < least:
            problems.append("lost: " + stage.texts[0])
        if got > most:
            problems.append(f"{got} times: {stage.texts[0]}")
        moves = stage.moves
        if stage is STAGES["call"] and not self._taken():
            moves = 0 if self.moves == 0 else moves  # the call may not have come through
        if self.moves != moves:
            problems.append(f"the relay moved {self.moves} times")
        outcome.missing = got == 0 and most == 1 and moves == stage.moves
        if world.crashes or world.boots != 1 + restarts:
            problems.append(f"{world.boots} starts: {world.crash_texts[-1:]}")

    def _taken(self) -> bool:
        return any(call.state == "rejected" for call in self.world.network.incoming)
