# SPDX-License-Identifier: MIT
"""The heap that is live, at rest and at work, on the VM, whose words have 32 bits as a chip's."""

from __future__ import annotations

from tools.bench.runners.vm import versions
from tools.bench.scenario.hints import MODELS
from tools.build import sizes
from tools.proof.measure.budget import KB, Budget
from tools.proof.measure.device import Device
from tools.proof.measure.occasions import Occasion, occasions, prepare, texts

# An aim is what the board should have; a limit is the most that it may have.
MPY_AIM, MPY = 105 * KB, 114 * KB  # of all files; the handbook has 7 KB, the modems' families 2
# Of EP; what the manuals do not have may take 4 KB of that.
AT_REST, AT_REST_MOST = 124 * KB, 130 * KB
BUSY, BUSY_MOST = 134 * KB, 140 * KB
MORE = {"EP": 0, "GSM707": 5 * KB}  # what a model may take more; the others are not judged
ROUNDS = 50
WARM_UP = 2  # of them: they fill the lists of 64 messages and of 25 lines
GROWTH = 1 * KB
SHOWN = 5  # occasions that take the most


def memory(budget: Budget) -> None:
    """Print what is live, of each model, and that nothing grows."""
    print(f"live heap, MicroPython {versions()[0]}, 32 bits, from .mpy files")
    budget.show(".mpy in all", sum(size for _, size in sizes()), "bytes", MPY, MPY_AIM)
    for model in MODELS:
        with Device(model) as device:
            live = device.chip.measure()
            if model not in MORE:
                budget.show(f"{model} at rest", live, "bytes")
                continue
            most, aim = AT_REST_MOST + MORE[model], AT_REST + MORE[model]
            budget.show(f"{model} at rest", live, "bytes", most, aim)
            _busy(budget, device, model)
    for family in ("a7670", "sim7600"):
        with Device("EP", family=family) as device:
            live = device.chip.measure()
            budget.show(f"EP at rest with a modem {family}", live, "bytes", AT_REST_MOST, AT_REST)
    _growth(budget)


def _busy(budget: Budget, device: Device, model: str) -> None:
    """Print the most that is live while each command, and the rest, is carried out."""
    names, pools = device.chip.names()
    prepare(device)
    # The factory reset is a new start: its VM goes.
    found = sorted((_most_of(device, each) for each in occasions(model)), key=lambda m: -m[1])
    most, aim = BUSY_MOST + MORE[model], BUSY + MORE[model]
    name, live, _ = found[0]
    budget.show(f"{model} at most, in {name}", live, "bytes", most, aim)
    print("    then " + ", ".join(f"{name} {live:,}" for name, live, _ in found[1:SHOWN]))
    name, _, used = max(found, key=lambda most: most[2])
    budget.show(f"{model} with the garbage of one turn, in {name}", used, "bytes")
    # Pools of names double, in one piece, and letters that are looked at one by one are names.
    at_last, grown = device.chip.names()
    print(f"  {model} names at rest: {names:,}, in the end: {at_last:,}")
    budget.show(f"{model} pools of names, more in the end", grown - pools, "bytes", 0)


def _most_of(device: Device, occasion: Occasion) -> tuple[str, int, int]:
    """Return name, most live bytes, and most bytes with garbage."""
    for text in occasion.before:
        device.say(text)
    device.chip.watch()
    occasion.do(device)
    live, used = device.chip.watch()
    for text in occasion.after:
        device.say(text)
    return occasion.name, live, used


def _growth(budget: Budget) -> None:
    """Print how much more is live after many rounds of all commands."""
    with Device("EP") as device:
        prepare(device)
        before = 0
        for number in range(ROUNDS):
            if number == WARM_UP:
                before = device.chip.measure()
            for text in texts("EP"):
                device.say(text)
        after = device.chip.measure()
    budget.show(f"EP after {WARM_UP} rounds of all commands", before, "bytes")
    budget.show(f"more after {ROUNDS}", after - before, "bytes", GROWTH)
