# SPDX-License-Identifier: MIT
"""AT commands: phone books (AT manual V1.09, 3.2.25 and 3.2.26)."""

from __future__ import annotations

from tools.bench.modem import charset
from tools.bench.modem.at_network import require_sim
from tools.bench.modem.calls import kind_of
from tools.bench.modem.module import Module
from tools.bench.modem.sim_card import PHONEBOOKS
from tools.bench.modem.table import READ, TEST, WRITE, AtError, Latency, Request, Steps, command

NUMBER_LENGTH, NAME_LENGTH = 40, 14
SELECT = Latency(20, 3000)
PER_PLACE_MS = 5  # a full phone book of 250 takes seconds


def _book(modem: Module) -> dict[int, tuple[str, str]]:
    """Return the phone book in use. AtError: the SIM is not ready yet, or not there."""
    require_sim(modem)
    if not modem.service.call_ready:
        raise AtError("CME", 14)
    return modem.sim.phonebooks[modem.settings.cpbs]


def _size(modem: Module) -> int:
    return PHONEBOOKS[modem.settings.cpbs]


@command("+CPBS", WRITE, SELECT)
def select_book(modem: Module, request: Request) -> None:
    name = request.values()[0].upper()
    if name not in PHONEBOOKS:
        raise AtError("CME", 3)
    require_sim(modem)
    modem.settings.cpbs = name


@command("+CPBS", READ, SELECT)
def selected_book(modem: Module, request: Request) -> None:
    modem.info(f'+CPBS: "{modem.settings.cpbs}",{len(_book(modem))},{_size(modem)}')


@command("+CPBS", TEST)
def books(modem: Module, request: Request) -> None:
    names = ",".join(f'"{name}"' for name in PHONEBOOKS)
    modem.info(f"+CPBS: ({names})")


@command("+CPBR", TEST, SELECT)
def places(modem: Module, request: Request) -> None:
    _book(modem)
    modem.info(f"+CPBR: (1-{_size(modem)}),{NUMBER_LENGTH},{NAME_LENGTH}")


@command("+CPBR", WRITE, SELECT)
def read_entries(modem: Module, request: Request) -> Steps:
    """The entries from one place to another; an empty place is passed over."""
    book, size = _book(modem), _size(modem)
    first, last = request.ints(range(1, size + 1), range(1, size + 1))
    assert first is not None
    last = first if last is None else last
    yield 0 if modem.latency == "maximum" else PER_PLACE_MS * max(0, last - first)
    lines = []
    for place in range(first, last + 1):
        if place in book:
            number, name = book[place]
            shown = charset.show(modem.settings.cscs, name)
            lines.append(f'+CPBR: {place},"{number}",{kind_of(number)},"{shown}"')
    if lines:
        modem.info("\r\n".join(lines))
    return None
