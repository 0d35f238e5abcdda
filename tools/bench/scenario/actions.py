# SPDX-License-Identifier: MIT
"""The steps that do something to the world; see execution.py for scripts and pauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tools.bench.network.operator import OFFERS
from tools.bench.scenario import steps as s
from tools.bench.scenario.ledger import Ledger, Script, StepFailed, sleep

if TYPE_CHECKING:
    from tools.bench.world.world import World

PRESS_MS = 200  # a short press of the button
BETWEEN_PRESSES_MS = 300
CYCLE_MS = 5_000


def _at_once(fn: Callable[..., None]) -> Callable[..., Script]:
    """Make a script of a function that takes no time."""

    def script(world: World, ledger: Ledger, step: s.Step) -> Script:
        fn(world, ledger, step)
        yield from ()

    return script


def _send(world: World, ledger: Ledger, step: s.SendMessage) -> None:
    try:
        world.network.deliver(step.sender, step.text, step.stamp, step.again)
    except ValueError as error:
        raise StepFailed(str(error)) from error


def _call(world: World, ledger: Ledger, step: s.Call) -> None:
    ledger.call = world.network.call(step.caller)
    ledger.hung_up.discard(step.caller)


def _hang_up(world: World, ledger: Ledger, step: s.HangUp) -> None:
    world.network.hang_up(step.caller)
    ledger.hung_up.add(step.caller)


def _pick_up(world: World, ledger: Ledger, step: s.PickUp) -> None:
    if not world.network.pick_up(step.number):
        raise StepFailed(f"the device is not calling {step.number}")


def _treat(world: World, ledger: Ledger, step: s.TreatCalls) -> None:
    world.network.treat_calls(step.number, step.how)


def _temperature(world: World, ledger: Ledger, step: s.SetTemperature) -> None:
    world.thermometer.fail(None)
    world.thermometer.celsius = step.celsius


def _thermometer_fault(world: World, ledger: Ledger, step: s.FailThermometer) -> None:
    world.thermometer.fail(step.fault)


def _contact(world: World, ledger: Ledger, step: s.SetContact) -> None:
    world.contact.set(step.closed)


def _press(world: World, ledger: Ledger, step: s.PressButton) -> Script:
    # A short press takes no time of the scenario's, so several may be asked for in one instant.
    ms = PRESS_MS if step.hold is None else step.hold
    begin = max(world.now, ledger.button_free_at)
    ledger.button_free_at = begin + ms + BETWEEN_PRESSES_MS
    if step.hold is not None and begin > world.now:
        yield from sleep(world, begin - world.now)
    if begin <= world.now:
        world.button.press(ms)
    else:
        world.kernel.at(begin, lambda: world.button.press(ms))
    if step.hold is not None:
        yield from sleep(world, ms)


def _hold(world: World, ledger: Ledger, step: s.HoldButton) -> None:
    (world.button.push if step.down else world.button.let_go)()


def _mains(world: World, ledger: Ledger, step: s.SetMains) -> None:
    world.mains.set(step.on)


def _power(world: World, ledger: Ledger, step: s.SetPower) -> Script:
    if step.what != "on":
        world.power_off()
    if step.what == "cycle":
        yield from sleep(world, CYCLE_MS)
    if step.what != "off":
        world.power_on()


def _cut_flash(world: World, ledger: Ledger, step: s.CutFlash) -> None:
    world.flash.cut(step.after, step.where_in)


def _restart_chip(world: World, ledger: Ledger, step: s.RestartChip) -> None:
    world.restart_chip()


def _network(world: World, ledger: Ledger, step: s.SetNetwork) -> None:
    (world.network.lose if step.what == "lost" else world.network.restore)()


def _offer(world: World, ledger: Ledger, step: s.SetOffer) -> None:
    world.network.offer(OFFERS[step.what], step.there)


def _sim(world: World, ledger: Ledger, step: s.SetSim) -> None:
    sim = world.sim
    acts = {"missing": sim.remove, "back": sim.insert, "pin": sim.lock_pin, "full": sim.fill}
    acts[step.what]()


def _modem(world: World, ledger: Ledger, step: s.DisturbModem) -> None:
    modem = world.modem
    acts = {"hangs": modem.hang, "restarts": modem.restart, "browns out": modem.brown_out}
    acts[step.what]()


def _operator(world: World, ledger: Ledger, step: s.SetOperator) -> None:
    world.network.ussd[step.code] = step.answer


def _signal(world: World, ledger: Ledger, step: s.SetSignal) -> None:
    world.network.signal = step.dbm


def _wait(world: World, ledger: Ledger, step: s.WaitFor) -> Script:
    yield from sleep(world, step.ms)


HANDLERS: dict[type[s.Step], Callable[..., Script]] = {
    s.SendMessage: _at_once(_send),
    s.Call: _at_once(_call),
    s.HangUp: _at_once(_hang_up),
    s.PickUp: _at_once(_pick_up),
    s.TreatCalls: _at_once(_treat),
    s.SetTemperature: _at_once(_temperature),
    s.FailThermometer: _at_once(_thermometer_fault),
    s.SetContact: _at_once(_contact),
    s.PressButton: _press,
    s.HoldButton: _at_once(_hold),
    s.SetMains: _at_once(_mains),
    s.SetPower: _power,
    s.CutFlash: _at_once(_cut_flash),
    s.RestartChip: _at_once(_restart_chip),
    s.SetNetwork: _at_once(_network),
    s.SetOffer: _at_once(_offer),
    s.SetSim: _at_once(_sim),
    s.DisturbModem: _at_once(_modem),
    s.SetOperator: _at_once(_operator),
    s.SetSignal: _at_once(_signal),
    s.WaitFor: _wait,
}
