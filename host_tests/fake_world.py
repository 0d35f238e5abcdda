# SPDX-License-Identifier: MIT
"""A small world for tests of the player: a clock, phones, and a device that is a function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tools.bench.kernel import Kernel
from tools.bench.network.calls import InCall, OutCall
from tools.bench.network.operator import Delivered
from tools.bench.world.peripherals import Button, Contact, Led, Mains, Pin, Thermometer

REPLY_MS = 5_000


class FakeNetwork:
    """Phones: what they sent, and what came to them."""

    def __init__(self, world: FakeWorld) -> None:
        self._world = world
        self.messages: list[Delivered] = []
        self.calls: list[OutCall] = []
        self.incoming: list[InCall] = []
        self.ussd: dict[str, str | None] = {}
        self.signal: int | None = -67
        self.sent: list[tuple[str, str, datetime | None, bool]] = []
        self.treatments: dict[str, str] = {}
        self.lost = False

    def deliver(
        self, sender: str, text: str, scts: datetime | None = None, again: bool = False
    ) -> None:
        if again and (sender, text) not in [(s, t) for s, t, _, _ in self.sent]:
            raise ValueError("no message to repeat")
        self.sent.append((sender, text, scts, again))
        self._world.notify("sms_from", f"{sender} {text}")
        self._world.device(self._world, sender, text)

    def say(self, to: str, text: str, after: int = REPLY_MS) -> None:
        """The device sends a message that arrives after so many ms."""
        self._world.kernel.after(after, lambda: self._arrive(to, text))

    def _arrive(self, to: str, text: str) -> None:
        self.messages.append(Delivered(self._world.now, to, text))
        self._world.notify("sms_to", f"{to} {text}")

    def dial(self, to: str, after: int = 0, ends: str = "") -> None:
        """The device calls a phone; the call ends 20 s later in the given way."""

        def place() -> None:
            call = OutCall(self._world.now, to)
            self.calls.append(call)
            if ends:
                self._world.kernel.after(20_000, lambda: self.end(call, ends))

        self._world.kernel.after(after, place)

    def end(self, call: OutCall | InCall, state: str) -> None:
        call.state, call.ended_at = state, self._world.now

    def call(self, caller: str) -> InCall:
        self.incoming.append(InCall(self._world.now, caller))
        return self.incoming[-1]

    def hang_up(self, caller: str) -> None:
        for call in [*self.incoming, *self.calls]:
            if not call.over:
                self.end(call, "ended")

    def treat_calls(self, number: str, how: str) -> None:
        self.treatments[number] = how

    def lose(self) -> None:
        self.lost = True

    def restore(self) -> None:
        self.lost = False


class Recorder:
    """Stands for a part of which only the methods that were called matter."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str) -> Callable[[], None]:
        return lambda: self.called.append(name)


Device = Callable[["FakeWorld", str, str], None]


def mute(world: FakeWorld, sender: str, text: str) -> None:
    """A device that does nothing."""


def switch(world: FakeWorld, sender: str, text: str) -> None:
    """A device that knows ON and OFF."""
    world.relay.set(text == "ON")
    world.network.say(sender, f"Power socket {text}")


class FakeWorld:
    """The parts of World that steps touch."""

    def __init__(self, device: Device = mute, setting: Any = None) -> None:
        self.setting = setting
        self.device = device
        self.kernel = Kernel()
        self.network = FakeNetwork(self)
        self.relay, self.microrelay = Pin(self.kernel), Pin(self.kernel)
        self.leds = {n: Led(self.kernel) for n in ("power", "gsm", "out", "microphone")}
        self.inputs: list[tuple[int, str, str]] = []
        self.contact = Contact(self.kernel, lambda arg: self._input("contact", arg))
        self.button = Button(self.kernel, lambda arg: None, lambda arg: self._input("button", arg))
        self.mains = Mains(lambda arg: self._input("mains", arg))
        self.thermometer = Thermometer(self.kernel, lambda arg: None)
        self.sim, self.modem = Recorder(), Recorder()
        self.powered = self.asleep = self.online = self.closed = False
        self.powers: list[tuple[int, str]] = []
        self.restarts: list[str] = []
        self.crashes = 0
        self.crash_texts: list[str] = []
        self.online_ms = 5_000
        self._observers: list[Callable[[str, str], None]] = []

    @property
    def now(self) -> int:
        return self.kernel.now

    @property
    def relay_on(self) -> bool:
        return self.relay.on

    @property
    def microrelay_on(self) -> bool:
        return self.microrelay.on

    def _input(self, name: str, arg: str) -> None:
        self.inputs.append((self.now, name, arg))

    def next_time(self) -> int | None:
        return self.kernel.next_time()

    def step(self, limit: int) -> bool:
        t = self.next_time()
        self.kernel.advance(limit if t is None or t > limit else t)
        return not (t is None or t > limit)

    def run_until(self, predicate: Callable[[], bool], timeout: int) -> bool:
        limit = self.now + timeout
        while not predicate():
            if not self.step(limit):
                return predicate()
        return True

    def power_on(self) -> None:
        self.powered = True
        self.powers.append((self.now, "on"))
        self.kernel.after(self.online_ms, lambda: setattr(self, "online", self.powered))

    def power_off(self) -> None:
        self.powered = self.online = False
        self.powers.append((self.now, "off"))

    def restart_chip(self, cause: str = "restart") -> None:
        self.restarts.append(cause)

    def crash(self, text: str) -> None:
        self.crashes += 1
        self.crash_texts.append(text)

    def observe(self, fn: Callable[[str, str], None]) -> None:
        self._observers.append(fn)

    def notify(self, kind: str, text: str) -> None:
        for fn in self._observers:
            fn(kind, text)

    def close(self) -> None:
        self.closed = True
