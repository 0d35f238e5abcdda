# SPDX-License-Identifier: MIT
"""Discrete-event kernel: world time in whole milliseconds, and what is due when.

Deterministic: events of one instant fire in the order in which they were made.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable


class Event:
    """Something that is due; `cancel()` it as often as you like."""

    __slots__ = ("fn",)

    def __init__(self, fn: Callable[[], None]) -> None:
        self.fn: Callable[[], None] | None = fn

    def cancel(self) -> None:
        """Make the event never fire; no effect if it has fired already."""
        self.fn = None

    @property
    def pending(self) -> bool:
        """True until the event has fired or was cancelled."""
        return self.fn is not None


class Kernel:
    """The clock of the world and its queue.

    Attributes:
        now: milliseconds since the world began.
    """

    def __init__(self) -> None:
        self.now = 0
        self._queue: list[tuple[int, int, Event]] = []
        self._sequence = 0

    def at(self, t: int, fn: Callable[[], None]) -> Event:
        """Call `fn` at time `t` (ms); a time that has passed means at the present instant."""
        self._sequence += 1
        event = Event(fn)
        heapq.heappush(self._queue, (t if t > self.now else self.now, self._sequence, event))
        return event

    def after(self, dt: int, fn: Callable[[], None]) -> Event:
        """Call `fn` in `dt` ms."""
        return self.at(self.now + dt, fn)

    def next_time(self) -> int | None:
        """Return when the next event is due, None if nothing is."""
        queue = self._queue
        while queue and queue[0][2].fn is None:
            heapq.heappop(queue)
        return queue[0][0] if queue else None

    def advance(self, t: int) -> None:
        """Fire everything due up to and including `t`, then let it be `t`.

        Raises:
            ValueError: `t` has passed already.
        """
        if t < self.now:
            raise ValueError(f"time runs forward: it is {self.now}, not {t}")
        queue = self._queue
        while queue and queue[0][0] <= t:
            time, _, event = heapq.heappop(queue)
            fn, event.fn = event.fn, None
            if fn is not None:
                self.now = time
                fn()
        self.now = t
