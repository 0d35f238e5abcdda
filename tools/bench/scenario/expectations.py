# SPDX-License-Identifier: MIT
"""How the expectations of a scenario are checked; see execution.py for scripts and pauses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tools.bench.scenario import expected as e
from tools.bench.scenario.ledger import Ledger, Pause, Script, StepFailed
from tools.bench.scenario.notation import write_duration
from tools.bench.scenario.report import clock, quoted
from tools.bench.scenario.steps import Step

if TYPE_CHECKING:
    from tools.bench.network.calls import InCall, OutCall
    from tools.bench.world.world import World

LED_MS = 10_000
BY_THE_DEVICE = ("rejected", "cancelled", "ended")


# -- messages -----------------------------------------------------------------------------------


def _message(world: World, ledger: Ledger, step: e.ExpectMessage) -> Script:
    yield Pause(lambda: ledger.next_message(step.to) is not None, world.now + step.bound)
    message = ledger.take_message(step.to)
    wanted = f"{quoted(step.text)} to {step.to} within {write_duration(step.bound)}"
    if step.pattern:
        wanted = "like " + wanted
    if message is None:
        raise StepFailed("no message to that number" + _others(ledger), wanted)
    if not _matches(step, message.text):
        raise StepFailed(f"{quoted(message.text)} at {clock(message.at)}", wanted)


def _matches(step: e.ExpectMessage, text: str) -> bool:
    if step.pattern:
        return matcher(step.text, step.across).fullmatch(text) is not None
    return text == step.text


def matcher(pattern: str, across: bool = False) -> re.Pattern[str]:
    """Return a `<~` pattern: `*` stands for any run of characters, also none, within a line.

    Args:
        across: the run may cross line ends, as in `<~~`.
    """
    run = ".*" if across else "[^\n]*"
    return re.compile(run.join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def _others(ledger: Ledger) -> str:
    """Tell of messages to other numbers, which may have been meant."""
    lines = [f"\nbut to {m.to}: {quoted(m.text)} at {clock(m.at)}" for m in ledger.open_messages()]
    return "".join(lines)


def _no_message(world: World, ledger: Ledger, step: e.ExpectNoMessage) -> Script:
    came = yield Pause(lambda: ledger.next_message(step.to) is not None, world.now + step.bound)
    message = ledger.take_message(step.to) if came else None
    if message is not None:
        wanted = f"no message to {step.to} for {write_duration(step.bound)}"
        raise StepFailed(f"{quoted(message.text)} at {clock(message.at)}", wanted)


# -- calls --------------------------------------------------------------------------------------


def _called(world: World, ledger: Ledger, step: e.ExpectCall) -> Script:
    def find() -> OutCall | None:
        calls = world.network.calls
        for index in range(ledger.calls_seen, len(calls)):
            if calls[index].to == step.number:
                return calls[index]
        return None

    yield Pause(lambda: find() is not None, world.now + step.bound)
    call = find()
    if call is None:
        others = [f"{c.to} at {clock(c.at)}" for c in world.network.calls[ledger.calls_seen :]]
        came = f"calls to {', '.join(others)}" if others else "no call"
        wanted = f"a call to {step.number} within {write_duration(step.bound)}"
        ledger.calls_seen = len(world.network.calls)
        raise StepFailed(came, wanted)
    # Calls after this one count as made since; so both of two numbers called may be expected late.
    ledger.calls_seen = world.network.calls.index(call, ledger.calls_seen) + 1
    ledger.call = call
    ledger.hung_up.discard(step.number)


def _nobody_called(world: World, ledger: Ledger, step: e.ExpectNoCall) -> Script:
    calls, seen = world.network.calls, ledger.calls_seen
    yield Pause(lambda: len(world.network.calls) > seen, world.now + step.bound)
    calls = world.network.calls
    ledger.calls_seen = len(calls)
    if len(calls) > seen:
        came = ", ".join(f"a call to {c.to} at {clock(c.at)}" for c in calls[seen:])
        raise StepFailed(came, f"no call for {write_duration(step.bound)}")


def _call_ends(world: World, ledger: Ledger, step: e.ExpectCallEnd) -> Script:
    """The call in progress is the one that a step was last about, or one since."""

    def find(over: bool) -> OutCall | InCall | None:
        network = world.network
        calls: list[OutCall | InCall] = [*network.incoming, *network.calls]
        calls.sort(key=lambda call: call.at)
        since = ledger.call.at if ledger.call is not None else 0
        for call in calls:
            known = any(call is done for done in ledger.calls_ended)
            if call.at >= since and not known and (call.over or not over):
                return call
        return None

    yield Pause(lambda: find(over=True) is not None, world.now + step.bound)
    wanted = f"the device to end the call within {write_duration(step.bound)}"
    call = find(over=True)
    if call is None:
        going = find(over=False)
        raise StepFailed(f"a call that is {going.state}" if going else "no call", wanted)
    ledger.calls_ended.append(call)
    if call.state not in BY_THE_DEVICE or _other(call) in ledger.hung_up or _refused(call):
        raise StepFailed(f"a call with {_other(call)} that was {call.state}", wanted)


def _other(call: OutCall | InCall) -> str:
    return call.caller if hasattr(call, "caller") else call.to


def _refused(call: OutCall | InCall) -> bool:
    """True if it was the phone that rejected the device's call."""
    return not hasattr(call, "caller") and call.state == "rejected"


def _call_answered(world: World, ledger: Ledger, step: e.ExpectCallAnswered) -> Script:
    def answered() -> bool:
        calls = world.network.incoming
        return bool(calls) and calls[-1].answered_at is not None

    if not (yield Pause(answered, world.now + step.bound)):
        calls = world.network.incoming
        came = f"a call that is {calls[-1].state}" if calls else "no call"
        raise StepFailed(came, f"the device to answer within {write_duration(step.bound)}")


# -- what can be seen ---------------------------------------------------------------------------


def _relay(world: World, ledger: Ledger, step: e.ExpectRelay) -> Script:
    def on() -> bool:
        return world.relay_on if step.relay == "socket" else world.microrelay_on

    if not (yield Pause(lambda: on() == step.on, world.now + step.bound)):
        wanted = f"{step.relay} {_onoff(step.on)} within {write_duration(step.bound)}"
        raise StepFailed(f"{step.relay} {_onoff(on())}", wanted)


def _onoff(on: bool) -> str:
    return "on" if on else "off"


def _led(world: World, ledger: Ledger, step: e.ExpectLed) -> Script:
    """The pattern begins within the bound, 1 s by default, and is seen to the end of the 10 s."""
    led, began = world.leds[step.led], world.now
    latest = began + step.bound
    while (yield Pause(lambda: led.pattern == step.pattern, latest)):
        end = (began if step.within is None else world.now) + LED_MS
        if not (yield Pause(lambda: led.pattern != step.pattern, end)):
            return
        if world.now >= latest:
            break
    seen = [f"{pattern} at {clock(t)}" for t, pattern in led.history if t >= began]
    wanted = f"the {step.led} LED {step.pattern}, seen over 10 s"
    raise StepFailed(", ".join(seen) or f"{led.pattern} all the time", wanted)


def _asleep(world: World, ledger: Ledger, step: e.ExpectAsleep) -> Script:
    if not (yield Pause(lambda: world.asleep, world.now + step.bound)):
        wanted = f"the device asleep within {write_duration(step.bound)}"
        raise StepFailed("it is awake" if world.powered else "it is without power", wanted)


def _online(world: World, ledger: Ledger, step: e.ExpectOnline) -> Script:
    if not (yield Pause(lambda: world.online, world.now + step.bound)):
        raise StepFailed("it is not", f"the device on line within {write_duration(step.bound)}")


HANDLERS: dict[type[Step], Callable[..., Script]] = {
    e.ExpectMessage: _message,
    e.ExpectNoMessage: _no_message,
    e.ExpectCall: _called,
    e.ExpectNoCall: _nobody_called,
    e.ExpectCallEnd: _call_ends,
    e.ExpectCallAnswered: _call_answered,
    e.ExpectRelay: _relay,
    e.ExpectLed: _led,
    e.ExpectAsleep: _asleep,
    e.ExpectOnline: _online,
}
