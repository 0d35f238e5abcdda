# SPDX-License-Identifier: MIT
"""What somebody who watches the world can notice, as typed values with the world's time in ms."""

from __future__ import annotations

from dataclasses import dataclass

from tools.bench.scenario.steps import Step

REFUSED = " message: refused, "  # in the device's log; the reason follows


@dataclass(frozen=True)
class Observation:
    """Anything noticed; `at`: world time in ms."""

    at: int


@dataclass(frozen=True)
class MessageToPhone(Observation):
    """The device's message has reached a phone."""

    to: str
    text: str


@dataclass(frozen=True)
class MessageFromPhone(Observation):
    """Somebody has sent the device a message."""

    sender: str
    text: str


@dataclass(frozen=True)
class RelaySwitched(Observation):
    """`relay`: socket or microrelay; `cause`: in the words of WHY, "" if it is not known."""

    relay: str
    on: bool
    cause: str = ""


@dataclass(frozen=True)
class LedChanged(Observation):
    led: str
    pattern: str


@dataclass(frozen=True)
class CallChanged(Observation):
    """`by_device`: the device made the call; `state`: see network_calls.py."""

    by_device: bool
    number: str
    state: str


@dataclass(frozen=True)
class UartTraffic(Observation):
    """Bytes on the modem's line, readable; `sent`: by the ESP32."""

    sent: bool
    text: str


@dataclass(frozen=True)
class DeviceLog(Observation):
    text: str

    @property
    def refused(self) -> str:
        """Why the device refused the message that it has just read; empty: it is another line."""
        return self.text.partition(REFUSED)[2]


@dataclass(frozen=True)
class DeviceCrashed(Observation):
    """The firmware ended by an exception; it restarts by itself."""

    traceback: str


@dataclass(frozen=True)
class DeviceFault(Observation):
    """What runs the firmware gave up on it: it broke a rule, or hung. The chip was restarted."""

    text: str


@dataclass(frozen=True)
class OnlineChanged(Observation):
    online: bool


@dataclass(frozen=True)
class StepBegun(Observation):
    """A step that was asked for begins. It is as it was given, secrets and all."""

    step: Step


@dataclass(frozen=True)
class StepDone(Observation):
    """A step that was asked for is over.

    `held`: it was done, or what it expected came; else `reason` says why not. `expectation`: the
    step expected something.
    """

    step: str
    held: bool
    reason: str = ""
    expectation: bool = False


@dataclass(frozen=True)
class OtherEvent(Observation):
    """Anything else of `World.observe`: power, mains, restart, sleep, modem, ussd .."""

    kind: str
    text: str


def from_world(at: int, kind: str, text: str, cause: str = "") -> Observation:
    """Return what `World.observe` reported, typed; `cause`: of a relay that was switched."""
    first, _, rest = text.partition(" ")
    if kind == "sms_to":
        return MessageToPhone(at, first, rest)
    if kind == "sms_from":
        return MessageFromPhone(at, first, rest)
    if kind in ("relay", "microrelay"):
        return RelaySwitched(at, "socket" if kind == "relay" else kind, text == "1", cause)
    if kind == "led":
        return LedChanged(at, first, rest)
    if kind == "call":
        number, _, state = rest.partition(" ")
        return CallChanged(at, first == "out", number, state)
    if kind in ("uart_tx", "uart_rx"):
        return UartTraffic(at, kind == "uart_tx", text)
    if kind == "log":
        return DeviceLog(at, text)
    if kind == "crash":
        return DeviceCrashed(at, text.replace("|", "\n"))
    return OtherEvent(at, kind, text)
