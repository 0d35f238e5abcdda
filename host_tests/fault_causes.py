# SPDX-License-Identifier: MIT
"""What causes the faults of modem_faults.py in a world: each is a function of the world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from tools.bench.modem.line import garble
from tools.bench.modem.table import AtError
from tools.bench.world.world import World

Act = Callable[[World], Any]
NOISE_BYTES = bytes([(i * 37 + 11) % 256 for i in range(80)])


def until_boot(world: World, undo: Callable[[], None]) -> None:
    """Call `undo` once, when the modem starts next."""
    pending = [True]

    def observe(kind: str, text: str) -> None:
        if kind == "modem" and text == "boot" and pending:
            pending.clear()
            undo()

    world.observe(observe)


def hang_deaf_to_reset(world: World) -> None:
    modem = world.modem
    modem.hang()
    modem.reset = lambda ms: None  # type: ignore[method-assign]
    until_boot(world, lambda: modem.__dict__.pop("reset", None))


def mute(world: World) -> None:
    """It hears, and does what it hears, but nothing comes out of it until it restarts."""
    line = world.line.to_device
    line.hook = lambda data: []
    until_boot(world, lambda: setattr(line, "hook", None))


def unheard(world: World) -> None:
    line = world.line.to_device
    line.hook = lambda data: []
    world.modem.restart()
    world.kernel.after(12_000, lambda: setattr(line, "hook", None))


def dead(world: World) -> None:
    """No supply: whatever the ESP32 does at the modem's pins is in vain."""
    modem = world.modem
    modem.power(False)
    for name in ("power", "reset", "pwrkey"):
        setattr(modem, name, lambda *arguments: None)


def alive(world: World) -> None:
    for name in ("power", "reset", "pwrkey"):
        world.modem.__dict__.pop(name, None)
    world.modem.power(True)


def restart_at(rate: int) -> Act:
    def start(world: World) -> None:
        world.modem.memory.save_ipr(rate)
        world.modem.restart()

    return start


def settings(save: bool = False, **values: Any) -> Act:
    """The modem's settings are others, without a word."""

    def start(world: World) -> None:
        for name, value in values.items():
            setattr(world.modem.settings, name, value)
        if save:
            world.modem.memory.save(world.modem.settings)
        if "cfun" in values:
            world.modem.memory.auto_save(world.modem.settings)
            if values["cfun"] == 0:
                world.modem.service.shut_sim()
            world.modem.service.update()

    return start


def quietly(act: Act) -> Act:
    """Between two exchanges: in the middle of one a modem loses settings only by a restart."""

    def start(world: World) -> None:
        sent = world.line.to_modem.sent

        def look() -> None:
            if world.line.to_modem.sent == sent and world.modem.terminal.running is None:
                act(world)
            else:
                start(world)

        world.kernel.after(500, look)

    return start


def loses_the_way(world: World) -> None:
    """It loses the network and never finds one again until it restarts (firmware B04)."""
    network = world.network
    usual, network.registration_ms = min(network.registration_ms, 10_000), 10**9
    network.lose()
    world.kernel.after(5000, network.restore)
    until_boot(world, lambda: setattr(network, "registration_ms", usual))


def network(**values: Any) -> Act:
    def start(world: World) -> None:
        for name, value in values.items():
            setattr(world.network, name, value)

    return start


def offer(**offers: bool) -> Act:
    """The network has these from now on or no longer."""

    def start(world: World) -> None:
        for what, there in offers.items():
            world.network.offer(what, there)

    return start


def denied(world: World) -> None:
    world.network.denied = True
    world.modem.service.reselect()


def allowed(world: World) -> None:
    world.network.denied = False
    if world.modem.started:
        world.modem.service.reselect()


def fails(*names: str, error: AtError | str, times: int = 1) -> Act:
    def start(world: World) -> None:
        for name in names:
            world.modem.fault(name, *[error] * times)

    return start


def line_for(hook: Callable[[bytes], list[bytes]], ms: int) -> Act:
    """Do something to all that goes over the line for so many ms."""

    def start(world: World) -> None:
        for direction in (world.line.to_device, world.line.to_modem):
            direction.hook = hook
            world.kernel.after(ms, lambda d=direction: setattr(d, "hook", None))

    return start


def noise(world: World) -> None:
    world.line.to_device.inject(bytes(range(128, 256)) + b"\0\r\nO\xffK\r\n\x00AT")
    world.line.to_modem.inject(bytes(range(128, 256)))


def urcs(*texts: str, every: int = 1000, times: int = 1) -> Act:
    def start(world: World) -> None:
        for i in range(times):
            for text in texts:
                world.kernel.after(i * every, lambda t=text: world.modem.urc(t))

    return start


def prompt(world: World) -> None:
    """Somebody else's half-given command: the modem waits for the body of a message."""
    terminal = world.modem.terminal
    if terminal.running is None and world.modem.started and not world.modem.hung:
        terminal.receive(b"AT+CMGS=20\r")


def no_final(world: World) -> None:
    """The message is sent, but what the modem says of it is lost."""
    line = world.line.to_device

    def hook(data: bytes) -> list[bytes] | None:
        if b"+CMGS:" not in data:
            return None
        line.hook = None
        return []

    line.hook = hook


def stored(pdu: str) -> Act:
    return lambda world: world.network.deliver_pdu(bytes.fromhex(pdu))


def smsc(number: str) -> Act:
    return lambda world: setattr(world.sim, "smsc", number)


def slow(ms: int) -> Act:
    return lambda world: setattr(world.sim, "slow_ms", ms)


def latency(name: str) -> Act:
    return lambda world: setattr(world.modem, "latency", name)


def keep_text_mode(world: World) -> None:
    """It refuses AT+CMGF until it restarts."""
    modem = world.modem
    modem.settings.cmgf = 1
    modem.fault("+CMGF", *[AtError("CMS", 302)] * 10_000)
    until_boot(world, lambda: modem.faults.pop("+CMGF", None))


# -- what fills the line until it is stopped ---------------------------------------------------


class Repeated:
    """Something that comes again and again from `start` to `stop`."""

    def __init__(self, ms: int, act: Act) -> None:
        self._ms = ms
        self._act = act
        self._worlds: WeakSet[World] = WeakSet()

    def start(self, world: World) -> None:
        if world not in self._worlds:
            self._worlds.add(world)
            self._next(world)

    def stop(self, world: World) -> None:
        self._worlds.discard(world)

    def _next(self, world: World) -> None:
        if world in self._worlds:
            self._act(world)
            world.kernel.after(self._ms, lambda: self._next(world))


RDY = Repeated(20_000, lambda world: world.modem.urc(world.modem.family.boot_words[0]))
NOISE = Repeated(900, lambda world: world.line.to_device.inject(NOISE_BYTES))


def garbage(world: World) -> None:
    """Noise, and nothing that either end sends arrives as it was."""
    for direction in (world.line.to_device, world.line.to_modem):
        direction.hook = lambda data: [garble(data)]
    NOISE.start(world)


def clean_line(world: World) -> None:
    NOISE.stop(world)
    world.line.to_device.hook = world.line.to_modem.hook = None


def refuse_all(world: World) -> None:
    """Each command is answered with ERROR; URCs come as ever."""

    def hook(data: bytes) -> list[bytes]:
        if b"\r" in data:
            world.line.to_device.inject(b"\r\nERROR\r\n")
        return []

    world.line.to_modem.hook = hook


def echo_only(world: World) -> None:
    """All that is sent comes back, and nothing else."""

    def hook(data: bytes) -> list[bytes]:
        world.line.to_device.inject(data)
        return []

    world.line.to_device.hook = lambda data: []
    world.line.to_modem.hook = hook
