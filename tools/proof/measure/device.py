# SPDX-License-Identifier: MIT
"""A device of the bench that is on line, and its owner, who sends it commands."""

from __future__ import annotations

from types import TracebackType

from powersocket import models

from tools.bench.runners.vm import FIRMWARE, VmChip
from tools.bench.world.world import Host, World
from tools.docs.effects import ERRORS

OWNER = "+31600000001"
SETTLE = 20_000  # ms in which all is done that a start causes
FIRST_AREA = 1 << 20  # bytes
ANSWER = 120_000  # ms in which any command is answered
QUIET = 2_500  # ms in which all is done that comes after an answer


class Failed(Exception):
    """The device did not do what is measured; the text says what."""


class Device:
    """A device whose firmware runs on the VM; it is on line and has nothing to do.

    Args:
        model: of the socket.
        heap: bytes, a hard limit for the heap; 0: it grows as it needs.
        first: bytes of its first area, if it may grow.
        program: module whose `run_forever(board)` runs.
        wait: until it is on line.
        family: of its modem.

    Attributes:
        world, chip: the world and the VM of the present boot.
    """

    def __init__(
        self,
        model: str = "EP",
        heap: int = 0,
        first: int = FIRST_AREA,
        program: str = FIRMWARE,
        wait: bool = True,
        family: str = "sim800l",
    ) -> None:
        dialect = models.load(model).dialect
        self._errors = (*ERRORS, dialect.unknown, dialect.expired)
        self._heap, self._first = heap or None, first
        self._program = program
        self.world = World(chip_factory=self._make, model=model, family=family)
        self.world.power_on()
        if wait:
            self.go_on_line()

    def _make(self, host: Host) -> VmChip:
        own = self._program != FIRMWARE
        extra = [self._program.replace(".", "/") + ".py"] if own else []
        self.chip = VmChip(
            host, heap=self._heap, first=self._first, application=self._program, extra=extra
        )
        return self.chip

    def go_on_line(self) -> None:
        """Wait until the device is on line, and has forgotten its start."""
        if not self.world.run_until(lambda: self.world.online, ANSWER):
            raise Failed("the device did not come on line")
        self.world.run_for(2 * SETTLE)

    def say(self, text: str) -> str:
        """Send a command; return its answer when all is done.

        A command whose answer is a call rings the owner, who does not take it.

        Raises:
            Failed: there is no answer, or it is an error.
        """
        network = self.world.network
        messages, calls = len(network.messages), len(network.calls)

        def answered() -> bool:
            called = len(network.calls) > calls and network.calls[-1].over
            return called or len(network.messages) > messages

        network.deliver(OWNER, text)
        if not self.world.run_until(answered, ANSWER):
            raise Failed(f"{text}: no answer")
        self.world.run_for(QUIET)
        answer = network.messages[-1].text if len(network.messages) > messages else ""
        if answer.endswith(self._errors):
            raise Failed(f"{text}: {answer}")
        return answer

    def close(self) -> None:
        """End the VM."""
        self.world.close()

    def __enter__(self) -> Device:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
