# SPDX-License-Identifier: MIT
"""An alarm whose modem hangs, restarts or browns out, or loses the network, in the midst of it.

At seconds of the cycle of calls, with one number and with ten: each phone rings once, in the order
of the list, none is left out, and if nobody picked up everybody has the message. A sample of the
seconds; FAULTS=all (`make faults`) takes every one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest

from host_tests.world_kit import flash_after, on_line
from tools.bench.world.flash import Flash
from tools.bench.world.world import World

SECOND, MINUTE = 1000, 60_000
ACTIVE = "ALARM! Sensor is active"
NUMBERS = tuple(f"+316000000{i:02}" for i in range(1, 11))
ALL = os.environ.get("FAULTS") == "all"


def _lose(world: World) -> None:
    world.network.lose()
    world.kernel.after(90 * SECOND, world.network.restore)


FAULTS: dict[str, Callable[[World], None]] = {
    "hangs": lambda world: world.modem.hang(),
    "restarts": lambda world: world.modem.restart(),
    "browns out": lambda world: world.modem.brown_out(),
    "no network": _lose,
}
# How many numbers there are, whether the last one picks up, and the seconds that the cycle takes.
CROWDS = {
    "one": (1, False, 32),
    "one who picks up": (1, True, 12),
    "ten": (10, False, 300),
    "ten of whom the last picks up": (10, True, 270),
}
STEPS = {"one": 5, "one who picks up": 3, "ten": 97, "ten of whom the last picks up": 131}


def _prepared(count: int) -> bytes:
    """Return the flash of a device that is armed and has so many alert numbers."""
    orders = [f"ALERTNUMBER{number}" for number in NUMBERS[:count]]
    return flash_after("POWERALERT=OFF", *orders, "ALERT=CALL", "ALARMON")


def disturbed(fault: str, count: int, picks_up: bool, second: int) -> list[str]:
    """Live through an alarm with a fault at that second; return what should not be."""
    numbers = list(NUMBERS[:count])
    world = World(flash=Flash(image=_prepared(count)))
    for number in numbers:
        world.network.treat_calls(number, "ignore")
    if picks_up:
        world.network.treat_calls(numbers[-1], "answer")
    on_line(world)
    world.run_for(3 * SECOND)
    rang: list[str] = []

    def listen(kind: str, text: str) -> None:
        if kind == "call" and text.endswith(" ringing"):
            rang.append(text.split(" ")[1])

    world.observe(listen)
    world.contact.set(True)
    world.kernel.after(500, lambda: world.contact.set(False))
    world.kernel.after(second * SECOND, lambda: FAULTS[fault](world))

    def told() -> Counter[str]:
        return Counter(m.to for m in world.network.messages if m.text.startswith(ACTIVE))

    def over() -> bool:
        answered = any(call.state == "ended" for call in world.network.calls)
        return answered or set(told()) == set(numbers)

    world.run_for((second + 1) * SECOND)
    world.run_until(over, 40 * MINUTE)
    world.run_for(3 * MINUTE)
    problems = []
    answered = any(call.state == "ended" for call in world.network.calls)
    if rang != numbers:
        problems.append(f"rang {[number[-2:] for number in rang]}")
    if answered and told():
        problems.append(f"told though somebody picked up: {told()}")
    if not answered and set(told()) != set(numbers):
        problems.append(f"not told: {set(numbers) - set(told())}")
    if any(times > 2 for times in told().values()):
        problems.append(f"told more than twice: {told()}")
    if not all(call.over for call in world.network.calls) or world.crashes or world.boots != 1:
        problems.append(f"{world.boots} starts, or a call that does not end")
    world.close()
    return problems


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("crowd", CROWDS)
def test_an_alarm_and_a_fault_of_the_modem(crowd: str, fault: str) -> None:
    count, picks_up, seconds = CROWDS[crowd]
    step = 1 if ALL else STEPS[crowd]
    for second in range(list(FAULTS).index(fault) % step, seconds, step):
        problems = disturbed(fault, count, picks_up, second)
        if problems:
            pytest.fail(f"{crowd}, {fault} at {second} s: {problems}", pytrace=False)
