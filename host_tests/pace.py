# SPDX-License-Identifier: MIT
"""How busy the device keeps its modem: commands of each minute, restarts of each hour."""

from __future__ import annotations

from tools.bench.world.world import World

MINUTE = 60_000
MOST = 30  # commands of a minute, for longer than a minute
MOST_RESTARTS = 166  # of an hour: the silence ladder, three of them in 15, 25 and 25 s
SHORTEST = 7_500  # ms between two restarts
BLIND = 6_000  # ms: one step sends AT+CFUN=1,1 blindly at several rates


class Pace:
    """Counts what a world's device says to its modem from now on.

    Attributes:
        commands: when each was sent, ms.
        restarts: when the modem was made to restart, ms.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.start = world.now
        self.commands: list[int] = []
        self.restarts: list[int] = []
        self._blind = -BLIND
        world.observe(self._observe)

    def _observe(self, kind: str, text: str) -> None:
        now = self.world.now
        if kind == "modem_power" and text in ("reset", "restart"):
            self.restarts.append(now)
        elif kind == "uart_tx" and "AT" in text:
            self.commands.append(now)
            if "+CFUN=1,1" in text:
                if self._blind + BLIND < now:
                    self.restarts.append(now)
                self._blind = now

    def problems(self) -> list[str]:
        """Return what is too much: two minutes in a row, an hour, or two restarts at once."""
        found = []
        minutes = self._counts(self.commands, MINUTE)
        for i in range(len(minutes) - 1):
            if min(minutes[i : i + 2]) > MOST:
                found.append(f"minute {i}: {minutes[i]}, then {minutes[i + 1]} commands")
        for i, count in enumerate(self._counts(self.restarts, 60 * MINUTE)):
            if count > MOST_RESTARTS:
                found.append(f"hour {i}: {count} restarts")
        for first, second in zip(self.restarts, self.restarts[1:], strict=False):
            if second - first < SHORTEST:
                found.append(f"restarts {second - first} ms apart, at {first} ms")
        return found

    def _counts(self, moments: list[int], span: int) -> list[int]:
        counts = [0] * ((self.world.now - self.start) // span + 1)
        for moment in moments:
            counts[(moment - self.start) // span] += 1
        return counts
