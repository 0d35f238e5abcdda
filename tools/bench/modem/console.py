# SPDX-License-Identifier: MIT
"""The lines that play the network of a modem that stands alone, such as `ring NUMBER`."""

from __future__ import annotations

from collections.abc import Callable

from tools.bench.modem.habits import ALL_HABITS
from tools.bench.modem.sim800 import Sim800
from tools.bench.modem.sim_card import SimCard
from tools.bench.network.calls import TREATMENTS
from tools.bench.network.operator import OFFERS, Network

HELP = """\
sms NUMBER TEXT        a message arrives (NUMBER: +358.., 0.., a short code, a name, hidden)
flash NUMBER TEXT      the same, of class 0
ring NUMBER            a telephone (or hidden) calls
hang up NUMBER         it ends the call
phone NUMBER HOW       how it treats calls: answer, reject, ignore, busy, unreachable
ussd CODE TEXT         what the operator answers to a code; without TEXT: nothing
network lost|back      signal DBM|none      time none
offer 2G|LTE|calls|SMS on|off               what the network has (calls and SMS: over LTE)
sim out|in|pin|full    modem hang|restart|brown-out|off|on|deaf
habits [NAME ...]      how this module differs (docs/modem.md); without NAME: not at all
trace on|off           help                 quit"""


class CommandError(ValueError):
    """A line that cannot be obeyed; the text says why."""


class Operator:
    """Obeys such lines.

    Args:
        trace: shows the traffic with the client, or no longer.
    """

    def __init__(
        self, network: Network, sim: SimCard, modem: Sim800, trace: Callable[[bool], None]
    ) -> None:
        self._network = network
        self._modem = modem
        self._commands: dict[str, Callable[[str], None]] = {
            "sms": self._sms,
            "flash": lambda rest: self._sms(rest, flash=True),
            "ring": lambda rest: self._number(rest, network.call),
            "hang": self._hang_up,
            "phone": self._phone,
            "ussd": self._ussd,
            "offer": self._offer,
            "network": self._choice(lost=network.lose, back=network.restore),
            "signal": self._signal,
            "time": self._choice(none=lambda: network.set_clock(None)),
            "sim": self._choice(
                out=sim.remove,
                pin=sim.lock_pin,
                full=sim.fill,
                **{"in": sim.insert},
            ),
            "modem": self._choice(
                hang=modem.hang,
                restart=modem.restart,
                deaf=modem.go_deaf,
                off=lambda: modem.power(False),
                on=lambda: modem.power(True),
                **{"brown-out": modem.brown_out},
            ),
            "habits": self._habits,
            "trace": self._choice(on=lambda: trace(True), off=lambda: trace(False)),
        }

    def do(self, text: str) -> None:
        """Obey a line. Raises CommandError."""
        word, _, rest = text.partition(" ")
        command = self._commands.get(word)
        if command is None:
            raise CommandError(f"{word}? See help")
        command(rest.strip())

    def _choice(self, **choices: Callable[[], object]) -> Callable[[str], None]:
        def obey(rest: str) -> None:
            if rest not in choices:
                raise CommandError("one of: " + ", ".join(choices))
            choices[rest]()

        return obey

    def _number(self, rest: str, fn: Callable[[str], object]) -> None:
        if not rest or " " in rest:
            raise CommandError("a number is needed")
        fn(rest)

    def _sms(self, rest: str, flash: bool = False) -> None:
        number, _, text = rest.partition(" ")
        if not number:
            raise CommandError("a number is needed")
        try:
            self._network.deliver(number, text.replace("\\n", "\n"), flash=flash)
        except (ValueError, KeyError) as error:
            raise CommandError(f"that cannot be sent: {error}") from error

    def _hang_up(self, rest: str) -> None:
        self._number(rest.removeprefix("up").strip(), self._network.hang_up)

    def _phone(self, rest: str) -> None:
        number, _, how = rest.partition(" ")
        if how not in TREATMENTS:
            raise CommandError("one of: " + ", ".join(TREATMENTS))
        self._network.treat_calls(number, how)

    def _ussd(self, rest: str) -> None:
        code, _, text = rest.partition(" ")
        if not code:
            raise CommandError("a code is needed")
        self._network.ussd[code] = text or None

    def _signal(self, rest: str) -> None:
        try:
            self._network.signal = None if rest == "none" else int(rest)
        except ValueError as error:
            raise CommandError("dBm, such as -85, or none") from error

    def _offer(self, rest: str) -> None:
        what, _, state = rest.partition(" ")
        if what not in OFFERS or state not in ("on", "off"):
            raise CommandError(f"one of {', '.join(OFFERS)}, and on or off")
        self._network.offer(OFFERS[what], state == "on")

    def _habits(self, rest: str) -> None:
        names = rest.split()
        unknown = [name for name in names if name not in ALL_HABITS]
        if unknown:
            raise CommandError(f"{unknown[0]} is none of: " + ", ".join(ALL_HABITS))
        self._modem.adopt(*names)
