# SPDX-License-Identifier: MIT
"""One life: a list of steps in a world, judged after every instant."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from tools.bench.scenario import steps as s
from tools.bench.scenario.execution import perform
from tools.bench.scenario.ledger import Ledger, StepFailed
from tools.bench.scenario.player import Setting
from tools.bench.scenario.steps import Step
from tools.bench.world.world import DeviceError, World
from tools.proof.soak.events import Doubt, Failed
from tools.proof.soak.judge import Judge

WRAP = 1 << 30


@dataclass
class Verdict:
    """What came of a life.

    Attributes:
        failure: which rule was broken, "" if none; doubt: why it ended early, "" if it did not.
        step: how many steps were done.
        ms: simulated time; busiest: the most moves of the relay in an hour.
    """

    failure: str = ""
    doubt: str = ""
    step: int = 0
    ms: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    messages: list[tuple[str, str]] = field(default_factory=list)
    record: int = 0
    busiest: int = 0


def live(steps: list[Step], ticks: int = 0, vm: str = "cpython") -> Verdict:
    """Live through the steps up to the first broken rule; `ticks`: the chip's at the start."""
    setting = Setting.of(steps)
    world = World(
        vm=vm,
        model=setting.model,
        clock=setting.clock,
        boot_ticks=ticks,
        habits=setting.habits,
    )
    world.flash.garbage = True
    judge = Judge(world)
    ledger = Ledger(world)
    verdict = Verdict()
    try:
        world.power_on()
        for step in steps:
            if isinstance(step, s.Setup):
                continue
            verdict.step += 1
            _do(world, judge, ledger, step)
    except Failed as failure:
        verdict.failure = str(failure)
    except DeviceError as error:
        verdict.failure = f"the device broke a rule of its runner: {error}"
    except Doubt as doubt:
        verdict.doubt = str(doubt)
    finally:
        verdict.ms = world.now
        verdict.record, verdict.busiest = judge.largest, judge.busiest
        counts = verdict.counts
        counts.update(judge.judged)
        counts.update({f"fault: {k}": v for k, v in judge.health.count.items()})
        counts.update({f"fault: modem habit {name}": 1 for name in setting.habits})
        counts["power cuts in flash operations"] = world.power_cuts
        counts["boots"] = world.boots
        counts["wake-ups"] = world.wakeups
        verdict.messages = [(m.to, m.text) for m in world.network.messages]
        world.close()
    return verdict


def _do(world: World, judge: Judge, ledger: Ledger, step: Step) -> None:
    judge.health.step(step)
    if isinstance(step, s.SendMessage):
        try:
            pdus = world.network.deliver(step.sender, step.text, step.stamp, step.again)
        except ValueError:
            return  # `again` of nothing: the shrinker has taken the first one away
        judge.sent(step.sender, step.text, pdus)
        return
    if isinstance(step, s.SetPower) and step.what == "on":
        world.flash.no_cut()
    script = perform(world, ledger, step)
    try:
        pause = next(script)
        while True:
            # A step that does something pauses for a time, never for a condition.
            pause = script.send(world.run_until(judge.tick, pause.deadline - world.now))
    except StopIteration:
        judge.tick()
    except StepFailed:
        pass


def ticks_of(seed: int) -> int:
    """Return the chip's ticks at the start of a life: in half of them they wrap on the way."""
    rng = random.Random(seed + 1_000_003)
    return WRAP - rng.randrange(5 * 86_400_000) if rng.random() < 0.5 else 0
