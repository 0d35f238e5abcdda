# SPDX-License-Identifier: MIT
"""What the parts of a modem - terminal, service, calls - know of the module that has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from tools.bench.kernel import Event, Kernel
from tools.bench.modem.families import Family
from tools.bench.modem.habits import Habits
from tools.bench.modem.settings import Settings
from tools.bench.modem.sim_card import SimCard
from tools.bench.modem.table import AtError, Latency
from tools.bench.network.operator import Network


class Clocked(Protocol):
    """What a part needs of the service."""

    def local(self) -> datetime: ...


class Whole(Protocol):
    """The module, as a part of it sees it; `Module` says what each is."""

    kernel: Kernel
    family: Family
    settings: Settings
    habits: Habits
    sim: SimCard
    network: Network
    notice: Callable[[str, str], None]
    hung: bool
    hot_plug: bool
    sending: bool
    started: bool

    @property
    def service(self) -> Clocked: ...
    @property
    def radio_on(self) -> bool: ...

    def after(self, ms: int, fn: Callable[[], None]) -> Event: ...
    def delay(self, latency: Latency) -> int: ...
    def take_fault(self, command: str) -> AtError | str | None: ...
    def write(self, data: bytes) -> None: ...
    def urc(self, text: str) -> None: ...
    def boot_urc(self, text: str) -> None: ...
    def line_done(self) -> None: ...
