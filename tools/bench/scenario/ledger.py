# SPDX-License-Identifier: MIT
"""What the steps of one scenario share: pauses, and what has been expected so far."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.bench.network.calls import InCall, OutCall
    from tools.bench.network.operator import Delivered
    from tools.bench.world.world import World


@dataclass(frozen=True)
class Pause:
    """Let time pass until `until()` is true, but not beyond `deadline` (world time in ms)."""

    until: Callable[[], bool]
    deadline: int


Script = Generator[Pause, bool, None]


class StepFailed(Exception):
    """An expectation that did not hold, or a step that could not be done.

    Attributes:
        expected: what should have come, empty if nothing in particular.
        came: what came instead.
    """

    def __init__(self, came: str, expected: str = "") -> None:
        super().__init__(f"expected {expected}; came {came}" if expected else came)
        self.expected = expected
        self.came = came


class Ledger:
    """What the steps of a scenario have expected so far: messages and calls are expected once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._expected_messages: set[int] = set()
        self._first_open = 0
        self.calls_seen = 0  # how many of the device's calls lie before the last that was expected
        self.call: InCall | OutCall | None = None  # the call that steps are about
        self.calls_ended: list[InCall | OutCall] = []
        self.hung_up: set[str] = set()
        self.button_free_at = 0

    def next_message(self, to: str | None = None) -> Delivered | None:
        """Return the oldest message to an address (or to any) that no step has expected."""
        index = self._find(to)
        return None if index is None else self._world.network.messages[index]

    def take_message(self, to: str) -> Delivered | None:
        """Return it, and count it as expected."""
        index = self._find(to)
        if index is None:
            return None
        self._expected_messages.add(index)
        while self._first_open in self._expected_messages:
            self._expected_messages.discard(self._first_open)
            self._first_open += 1
        return self._world.network.messages[index]

    def open_messages(self) -> list[Delivered]:
        """Return all that no step has expected."""
        messages = self._world.network.messages
        expected = self._expected_messages
        return [messages[i] for i in range(self._first_open, len(messages)) if i not in expected]

    def _find(self, to: str | None) -> int | None:
        messages = self._world.network.messages
        for index in range(self._first_open, len(messages)):
            if index not in self._expected_messages and to in (None, messages[index].to):
                return index
        return None


def sleep(world: World, ms: int) -> Script:
    """Let time pass."""
    yield Pause(lambda: False, world.now + ms)
