# SPDX-License-Identifier: MIT
"""What is done while memory is measured: every command, and what else takes the most of it.

The commands come from the declarations of the features. What is typed after a name is the default
of the parameter, or an example from here where that would do nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tools.bench.network.calls import OutCall
from tools.bench.network.operator import Delivered
from tools.docs.commands import EXAMPLE, commands
from tools.proof.measure.device import ANSWER, OWNER, Device, Failed

CODE = "*100#"
BALANCE = "Your balance is 12.34. " * 7  # nearly the longest answer that an operator can give

# What is typed after a name, by the command's pattern.
EXAMPLES = {
    "ON#": "30",
    "OFF#": "30",
    "SECLIST=": "ON",
    "SECNUMBER+": EXAMPLE,
    "SECNUMBER-": EXAMPLE,
    "ALERTNUMBER+": EXAMPLE,
    "ALERTNUMBER-": EXAMPLE,
    "SCHEDULER+": "08:00,*,ON",
    "SCHEDULER-": "08:00",
    "DATE=": "26/11/20,12:00:00+01",
    "SIMCARD*": CODE,
    "CREDITUMS=": CODE,
    "CRDITUMS=": CODE,
    "SALDOUMS=": CODE,
    "RENEWINTERVALPW=": "renewals1",
    "RENEWINTERVAL@": "renewals1",
    "HELP ": "SECNUMBER",
    "SMSLIMIT=": "OFF",
}
LONG = "A long text of someone's. " * 27  # 702 characters, five messages of the network
AT_ONCE = 10  # messages that wait when the device comes to look
NUMBERS, RULES, ALARMS = 9, 7, 10  # with the examples the lists are full
PRESS = 11_000  # ms for which the button is held for a factory reset
MOMENT, MINUTE = 3_000, 60_000  # ms


class Occasion(NamedTuple):
    """Something that a device does.

    Attributes:
        do: has it done, and returns when it is over; raises Failed if it is not.
        before, after: commands.
        urgent: it is on the way of a message, a commit or an alarm.
    """

    name: str
    do: Callable[[Device], object]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    urgent: bool = True


def texts(model: str) -> list[str]:
    """Return what is sent to have every command of a model carried out."""
    found = []
    for command in commands(model):
        pattern, form = command.name, command.form
        if pattern in EXAMPLES:
            found.append(pattern.rstrip("#@*") + EXAMPLES[pattern])
        elif form == "=" and not isinstance(command.what, str):
            found.append(pattern + command.what.typed(command.what.default))
        elif form in "=+-*#@":
            raise Failed(f"what is typed after {pattern}? {__name__} has no example")
        else:
            found.append(pattern)
    return found


def prepare(device: Device) -> None:
    """Protect the device, and have the operator answer, but no phone take a call."""
    device.world.network.ussd[CODE] = BALANCE
    for number in (OWNER, "+" + EXAMPLE, *_others()):
        device.world.network.treat_calls(number, "busy")
    numbers = ("SECNUMBER" + OWNER, "SECLIST=ON", "ALERTNUMBER" + OWNER)
    for command in (*numbers, "SMSLIMIT=OFF", "MAXAGE=OFF"):
        device.say(command)


def fill(device: Device) -> None:
    """Fill the lists of numbers and of rules, and the log of alarms."""
    for number in _others():
        device.say("SECNUMBER" + number)
        device.say("ALERTNUMBER" + number)
    for i in range(RULES):
        device.say(f"SCHEDULER+03:0{i},*,ON")
    device.say("ALERT=OFF")
    device.say("ALARMON")
    for _ in range(ALARMS):
        for closed in (True, False):
            device.world.contact.set(closed)
            device.world.run_for(MOMENT)
        device.world.run_for(MINUTE)
    device.say("ALARMOFF")
    device.say("ALERT=SMS")


def occasions(model: str) -> list[Occasion]:
    """Return every command of a model, and the rest; the factory reset is the last."""
    found = [Occasion(text, _sends(text)) for text in texts(model)]
    alarm = ("ALARMON",)
    return [
        *found,
        Occasion("an alarm", _alarm, alarm, ("ALARMOFF",)),
        Occasion("an alarm call", _alarm_call, ("ALERT=CALL", *alarm), ("ALARMOFF", "ALERT=SMS")),
        Occasion(f"a message of {len(LONG)} letters", _long_message),
        Occasion(f"{AT_ONCE} messages at once", _many_messages),
        Occasion("a factory reset", _factory_reset, urgent=False),
    ]


def _sends(text: str) -> Callable[[Device], object]:
    return lambda device: device.say(text)


def _others() -> list[str]:
    return [f"+4477009000{i:02}" for i in range(NUMBERS - 1)]


def _alarm(device: Device) -> None:
    _disturb(device, device.world.network.messages, "alarm")


def _alarm_call(device: Device) -> None:
    _disturb(device, device.world.network.calls, "alarm call")


def _disturb(device: Device, seen: Sequence[Delivered | OutCall], what: str) -> None:
    """Close the contact for a moment; wait until all that it causes has been seen."""
    before = len(seen)
    for closed in (True, False):
        device.world.contact.set(closed)
        device.world.run_for(MOMENT)
    _wait(device, lambda: seen[before:] and seen[-1].at < device.world.now - MINUTE, what)


def _long_message(device: Device) -> None:
    network, storage = device.world.network, device.world.sim.storage
    network.deliver(OWNER, LONG)
    _wait(device, lambda: not network.waiting, "long message")
    device.world.run_for(MINUTE)
    if storage.used:
        raise Failed("a long message is still on the SIM")


def _many_messages(device: Device) -> None:
    network = device.world.network
    seen = len(network.messages)
    for _ in range(AT_ONCE):
        network.deliver(OWNER, "STATUS")
    _wait(device, lambda: len(network.messages) == seen + AT_ONCE, "answers to many messages")
    device.world.run_for(MINUTE)


def _factory_reset(device: Device) -> None:
    """Press the button for long, and once more, which some models want, but do not restart."""
    world = device.world
    for ms in (PRESS, MOMENT // 10):
        world.button.press(ms)
        world.run_for(ms + MOMENT)
    if world.leds["out"].pattern != "3/s":
        raise Failed("no factory reset")


def _wait(device: Device, done: Callable[[], object], what: str) -> None:
    if not device.world.run_until(lambda: bool(done()), NUMBERS * ANSWER):
        raise Failed(f"no {what}")
