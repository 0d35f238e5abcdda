# SPDX-License-Identifier: MIT
"""When a piped conversation is over: its messages were answered, or will not be."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from tools.bench.scenario.observations import (
    MessageFromPhone,
    MessageToPhone,
    Observation,
    StepDone,
)

ANSWER_MS = 15_000  # the device's time that a reply may take at most
AFTER_MS = 1_000  # .. and that goes by after the last one, for what follows it
POLL_S = 0.05


class Settling:
    """Keeps count of messages that were sent to the device and not answered yet."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._last_event = 0

    def notice(self, observation: Observation) -> None:
        """Take note of an observation."""
        match observation:
            case MessageFromPhone():
                self._open[observation.sender] += 1
            case MessageToPhone():
                self._open[observation.to] -= 1
                self._open += Counter()  # nothing below zero: an alert is no answer in advance
            case StepDone():
                pass
            case _:
                return
        self._last_event = observation.at

    async def settled(self, now: Callable[[], int]) -> None:
        """Return when nothing is expected to come any more; `now` tells world time in ms."""
        while now() - self._last_event < (ANSWER_MS if self._open else AFTER_MS):
            await asyncio.sleep(POLL_S)
