# SPDX-License-Identifier: MIT
"""The steps of a scenario that expect something."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.bench.scenario.notation import write_duration, write_text
from tools.bench.scenario.steps import Step

MINUTE = 60_000
SECOND = 1_000


@dataclass(frozen=True)
class Expectation(Step):
    """Something that must come about; `within`: the bound in ms that was written, if any."""

    within: int | None = field(default=None, kw_only=True)

    @property
    def bound(self) -> int:
        """The bound in ms."""
        return MINUTE if self.within is None else self.within

    def render(self) -> str:
        ending = self._ending if self.within is not None else ""
        return self.phrase() + ending

    @property
    def _ending(self) -> str:
        return f" within {write_duration(self.bound)}"

    def phrase(self) -> str:
        """Return the step without the bound."""
        raise NotImplementedError


@dataclass(frozen=True)
class Absence(Expectation):
    """Something that must not come about for as long as the bound."""

    @property
    def _ending(self) -> str:
        return f" for {write_duration(self.bound)}"


@dataclass(frozen=True)
class ExpectMessage(Expectation):
    """The next message to an address.

    pattern: `*` stands for a run within a line; across: and across line ends.
    """

    to: str
    text: str
    pattern: bool = False
    across: bool = False

    @property
    def sign(self) -> str:
        """What stands between address and text."""
        return "<~~" if self.across else "<~" if self.pattern else "<"

    def phrase(self) -> str:
        return f"{self.to} {self.sign} {write_text(self.text)}"


@dataclass(frozen=True)
class ExpectNoMessage(Absence):
    to: str

    def phrase(self) -> str:
        return f"{self.to} < nothing"


@dataclass(frozen=True)
class ExpectCall(Expectation):
    number: str

    def phrase(self) -> str:
        return f"{self.number} is called"


@dataclass(frozen=True)
class ExpectNoCall(Absence):
    def phrase(self) -> str:
        return "nobody is called"


@dataclass(frozen=True)
class ExpectCallEnd(Expectation):
    def phrase(self) -> str:
        return "call ends"


@dataclass(frozen=True)
class ExpectCallAnswered(Expectation):
    def phrase(self) -> str:
        return "call answered"


@dataclass(frozen=True)
class ExpectRelay(Expectation):
    """`relay`: socket or microrelay."""

    relay: str
    on: bool

    @property
    def bound(self) -> int:
        return SECOND if self.within is None else self.within

    def phrase(self) -> str:
        return f"{self.relay} {'on' if self.on else 'off'}"


@dataclass(frozen=True)
class ExpectLed(Expectation):
    """A pattern, seen over 10 s. It may begin up to `bound` ms from now."""

    led: str
    pattern: str

    @property
    def bound(self) -> int:
        return SECOND if self.within is None else self.within

    def phrase(self) -> str:
        return f"led {self.led} {self.pattern}"


@dataclass(frozen=True)
class ExpectAsleep(Expectation):
    def phrase(self) -> str:
        return "asleep"


@dataclass(frozen=True)
class ExpectOnline(Expectation):
    def phrase(self) -> str:
        return "online"
