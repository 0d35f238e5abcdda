# SPDX-License-Identifier: MIT
"""The heap runs out at some instant of a command: `Execute error!` or a restart, no half change.

The firmware's heap on the VM is filled but for a few KiB before a command comes. Where in the
command a MemoryError comes then, and how often, depends on what is left.
"""

from __future__ import annotations

from typing import Any

import pytest

from host_tests.world_kit import OWNER, on_line
from tools.bench.runners.vm import DeviceHung, VmChip
from tools.bench.world.world import Host, World

MINUTE = 60_000
HEAP = 400 * 1024
FILLED = 40  # s after the start
LEFT = (1, 3, 5, 9, 14, 48)  # KiB; with the most nothing runs out


class StarvedChip(VmChip):
    """A chip whose heap is filled; a hang ends by the watchdog, here at once.

    asyncio's own queue can break if the memory runs out within it.
    """

    def __init__(self, host: Host) -> None:
        program = "host_tests.vm_app.programs"
        extra = ["host_tests/vm_app/programs.py"]
        super().__init__(host, heap=HEAP, application=program, extra=extra, hang_seconds=3)

    def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None:
        try:
            return super().resume(now, inputs)
        except DeviceHung:
            self.host.output("crash", "the watchdog bites")
            return None


def starved(left: int, order: str) -> World:
    """Return a world whose device is on line, with so many KiB left.

    It has had a message of the same letters: MicroPython keeps a table of those it has seen.
    """
    config: dict[str, Any] = {"program": "starving", "starve": FILLED, "left": left}
    world = on_line(World(chip_factory=StarvedChip, config=config))
    world.network.deliver(OWNER, order + "!")
    world.run_for(FILLED * 1000 + 2000 - world.now)
    world.observe(lambda kind, _: world.config.update(starve=0) if kind == "crash" else None)
    return world


@pytest.mark.parametrize(
    ("order", "reply", "ask", "before", "after"),
    [
        ("SECNUMBER+358401", "SECNUMBER+358401 - OK", "SECNUMBER?", "No SECNUMBERs!", "358401"),
        ("ON600", "Power ON for 600 seconds", "STATUS", "OFF", "ON"),
    ],
)
def test_a_command_is_done_or_refused_and_never_half_done(
    order: str, reply: str, ask: str, before: str, after: str
) -> None:
    crashes = errors = 0
    for left in LEFT:
        world = starved(left, order)
        world.network.deliver(OWNER, order)
        world.run_for(2 * MINUTE)
        assert world.online, left
        texts = [message.text for message in world.network.messages[1:]]
        failed = texts == ["Execute error!"]
        # A reply that was being sent when it came to an end is not sent again.
        assert failed or texts == [reply] or (world.crashes and not texts), (left, texts)
        assert all("Memory" in text or "watchdog" in text for text in world.crash_texts)
        world.network.deliver(OWNER, ask)
        world.run_for(MINUTE)
        answer = world.network.messages[-1].text
        assert (before if failed else after) in answer, (left, answer)
        crashes += world.crashes
        errors += failed
        world.close()
    # Some run out at once, some late, some not at all.
    assert 3 < crashes + errors < len(LEFT)
