# SPDX-License-Identifier: MIT
"""The steps of a scenario: what was written, as typed values.

`render()` gives the step as a line that parses to an equal one; where it stood does not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tools.bench.scenario.notation import write_duration, write_stamp, write_text


@dataclass(frozen=True)
class Where:
    """A place in a scenario file; line 0: typed at a prompt."""

    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else f"line {self.line}"


NOWHERE = Where()


@dataclass(frozen=True)
class Step:
    """Any step. `where` does not take part in comparisons."""

    where: Where = field(default=NOWHERE, compare=False, kw_only=True)

    def render(self) -> str:
        """Return the step as it is written."""
        raise NotImplementedError


# -- setting up ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setup(Step):
    """A step that stands before anything else."""


@dataclass(frozen=True)
class ChooseModel(Setup):
    model: str

    def render(self) -> str:
        return f"model {self.model}"


@dataclass(frozen=True)
class Fahrenheit(Setup):
    def render(self) -> str:
        return "board fahrenheit"


@dataclass(frozen=True)
class SetClock(Setup):
    """The network's local time, aware; None: it gives none."""

    at: datetime | None

    def render(self) -> str:
        return f"clock {'none' if self.at is None else write_stamp(self.at)}"


@dataclass(frozen=True)
class KeepRecord(Setup):
    """What the device finds on its flash: a record (docs/storage.md) as JSON on one line."""

    json: str

    def render(self) -> str:
        return f"record {self.json}"


@dataclass(frozen=True)
class ModemHabits(Setup):
    """The modem differs from others in these ways (`bench/modem/habits.py`)."""

    names: tuple[str, ...]

    def render(self) -> str:
        return f"modem habits {' '.join(self.names)}"


@dataclass(frozen=True)
class ModemFamily(Setup):
    """What kind of module the modem is (`bench/modem/families.py`), as MODEM in a board's map."""

    name: str

    def render(self) -> str:
        return f"modem family {self.name}"


@dataclass(frozen=True)
class BoardModem(Setup):
    """The board configuration's MODEM, where it is not that of the modem."""

    name: str

    def render(self) -> str:
        return f"board modem {self.name}"


@dataclass(frozen=True)
class BeginOff(Setup):
    def render(self) -> str:
        return "off"


# -- doing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SendMessage(Step):
    """A phone sends the device a message; `again`: the network repeats one to the bit."""

    sender: str
    text: str
    stamp: datetime | None = None
    again: bool = False

    def render(self) -> str:
        stamp = "" if self.stamp is None else f" @ {write_stamp(self.stamp)}"
        return f"{self.sender} > {write_text(self.text)}{stamp}{' again' if self.again else ''}"


@dataclass(frozen=True)
class Call(Step):
    caller: str

    def render(self) -> str:
        return f"{self.caller} calls"


@dataclass(frozen=True)
class HangUp(Step):
    caller: str

    def render(self) -> str:
        return f"{self.caller} hangs up"


@dataclass(frozen=True)
class PickUp(Step):
    """A phone answers the device's call."""

    number: str

    def render(self) -> str:
        return f"{self.number} answers"


@dataclass(frozen=True)
class TreatCalls(Step):
    """`how`: answer, reject or ignore."""

    number: str
    how: str

    def render(self) -> str:
        return f"{self.number} will {'not answer' if self.how == 'ignore' else self.how}"


@dataclass(frozen=True)
class SetTemperature(Step):
    celsius: float

    def render(self) -> str:
        return f"temperature {self.celsius:.4f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class FailThermometer(Step):
    """`fault`: missing, corrupt or poweron."""

    fault: str

    def render(self) -> str:
        return f"temperature {'85 poweron' if self.fault == 'poweron' else self.fault}"


@dataclass(frozen=True)
class SetContact(Step):
    closed: bool

    def render(self) -> str:
        return f"contact {'closed' if self.closed else 'open'}"


@dataclass(frozen=True)
class PressButton(Step):
    """`hold`: for how many ms; None: a short press, which takes no time of the scenario's."""

    hold: int | None = None

    def render(self) -> str:
        return "button press" if self.hold is None else f"button hold {write_duration(self.hold)}"


@dataclass(frozen=True)
class HoldButton(Step):
    """The button goes down, or up again: other steps can be done while it is held."""

    down: bool

    def render(self) -> str:
        return f"button {'down' if self.down else 'up'}"


@dataclass(frozen=True)
class SetMains(Step):
    on: bool

    def render(self) -> str:
        return f"mains {'on' if self.on else 'off'}"


@dataclass(frozen=True)
class SetPower(Step):
    """`what`: on, off or cycle."""

    what: str

    def render(self) -> str:
        return f"power {self.what}"


@dataclass(frozen=True)
class RestartChip(Step):
    def render(self) -> str:
        return "chip restarts"


@dataclass(frozen=True)
class CutFlash(Step):
    """All power goes in a flash operation to come: after `after` others, before, within, after."""

    after: int
    where_in: str

    def render(self) -> str:
        return f"power cut {self.where_in} flash {self.after}"


@dataclass(frozen=True)
class SetNetwork(Step):
    """`what`: lost or back."""

    what: str

    def render(self) -> str:
        return f"network {self.what}"


@dataclass(frozen=True)
class SetOffer(Step):
    """The network has `what` from now on or no longer: 2G, LTE; and LTE's calls, LTE's SMS."""

    what: str
    there: bool

    def render(self) -> str:
        return f"network {'with' if self.there else 'without'} {self.what}"


@dataclass(frozen=True)
class SetSim(Step):
    """`what`: missing, back, pin or full."""

    what: str

    def render(self) -> str:
        return f"sim {self.what}"


@dataclass(frozen=True)
class DisturbModem(Step):
    """`what`: hangs, restarts or browns out."""

    what: str

    def render(self) -> str:
        return f"modem {self.what}"


@dataclass(frozen=True)
class SetOperator(Step):
    """What the operator answers to a USSD code; None: it stays silent."""

    code: str
    answer: str | None

    def render(self) -> str:
        answer = "silent" if self.answer is None else f"> {write_text(self.answer)}"
        return f"operator {self.code} {answer}"


@dataclass(frozen=True)
class SetSignal(Step):
    dbm: int | None

    def render(self) -> str:
        return f"signal {'none' if self.dbm is None else self.dbm}"


@dataclass(frozen=True)
class WaitFor(Step):
    ms: int

    def render(self) -> str:
        return f"wait {write_duration(self.ms)}"
