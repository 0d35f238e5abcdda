# SPDX-License-Identifier: MIT
"""The network's exchange: calls between the device and phones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tools.bench.kernel import Event, Kernel

SETUP_MS = 2500
ANSWER_MS = 5000
REJECT_MS = 4000
UNREACHABLE_MS = 6000
NO_ANSWER_MS = 60000
PAGING_MS = 1500
CALLER_GIVES_UP_MS = 30000

# Causes as AT+CEER counts them.
NORMAL, BUSY, NO_ANSWER, REJECTED, UNREACHABLE = 16, 17, 19, 21, 27
TREATMENTS = ("answer", "reject", "ignore", "busy", "unreachable")


@dataclass
class OutCall:
    """A call that the device made.

    `state`: dialing, ringing, answered, then how it ended: rejected, busy, unreachable,
    unanswered, cancelled (the device hung up before an answer), ended, dropped (no network or
    power any more).
    """

    at: int
    to: str
    state: str = "dialing"
    ended_at: int | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None


@dataclass
class InCall:
    """A call to the device.

    `state`: paging, ringing, answered, then: busy (the device could not take it), rejected,
    unreachable, missed (the caller gave up), ended, dropped.
    """

    at: int
    caller: str
    state: str = "paging"
    answered_at: int | None = None
    ended_at: int | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None


class ModemCalls(Protocol):
    """The modem's side of a call."""

    def incoming(self, line: InCall) -> bool: ...
    def alerting(self) -> None: ...
    def connected(self) -> None: ...
    def released(self, text: str, cause: int) -> None: ...


class Handset(Protocol):
    """What a call needs of a modem."""

    @property
    def callable(self) -> bool: ...
    @property
    def calls(self) -> ModemCalls: ...


class Cell(Protocol):
    """What a call needs of the network around it."""

    kernel: Kernel

    @property
    def notice(self) -> Callable[[str, str], None]: ...
    @property
    def coverage(self) -> bool: ...
    @property
    def modem(self) -> Handset | None: ...


class Exchange:
    """Sets calls up and ends them; the modem's side is `Sim800.calls`."""

    def __init__(self, network: Cell) -> None:
        self._network = network
        self._kernel = network.kernel
        self.outgoing: list[OutCall] = []
        self.incoming: list[InCall] = []
        self._treatments: dict[str, str] = {}
        self._timer: Event | None = None

    def treat_calls(self, number: str, how: str) -> None:
        if how not in TREATMENTS:
            raise ValueError(f"no such treatment of calls: {how}")
        self._treatments[number] = how

    def _set(self, call: OutCall | InCall, state: str, over: bool = False) -> None:
        call.state = state
        if over:
            call.ended_at = self._kernel.now
            if self._timer is not None:
                self._timer.cancel()
        if isinstance(call, OutCall):
            self._network.notice("call", f"out {call.to} {state}")
        else:
            if state == "answered":
                call.answered_at = self._kernel.now
            self._network.notice("call", f"in {call.caller} {state}")

    # -- by the device ------------------------------------------------------------------------

    def place(self, number: str) -> OutCall:
        """The device calls `number`."""
        call = OutCall(self._kernel.now, number)
        self.outgoing.append(call)
        self._set(call, "dialing")
        how = self._treatments.get(number, "ignore")
        if how == "busy":
            self._later(SETUP_MS, lambda: self._fail(call, "busy", "BUSY", BUSY))
        elif how == "unreachable":
            self._later(
                UNREACHABLE_MS, lambda: self._fail(call, "unreachable", "NO CARRIER", UNREACHABLE)
            )
        else:
            self._later(SETUP_MS, lambda: self._ring(call, how))
        return call

    def _later(self, ms: int, fn: object) -> None:
        assert callable(fn)
        self._timer = self._kernel.after(ms, fn)

    def _ring(self, call: OutCall, how: str) -> None:
        self._set(call, "ringing")
        self._modem_calls().alerting()
        if how == "answer":
            self._later(ANSWER_MS, lambda: self._answer(call))
        elif how == "reject":
            # A handset's "reject" is cause 17, user busy (24.008); the ringing tells it from busy.
            self._later(REJECT_MS, lambda: self._fail(call, "rejected", "BUSY", BUSY))
        else:
            self._later(
                NO_ANSWER_MS, lambda: self._fail(call, "unanswered", "NO ANSWER", NO_ANSWER)
            )

    def _answer(self, call: OutCall) -> None:
        self._set(call, "answered")
        self._modem_calls().connected()

    def pick_up(self, number: str) -> bool:
        """The phone `number` answers the call that rings there; return False if none does."""
        for call in self.outgoing:
            if call.to == number and call.state == "ringing":
                if self._timer is not None:
                    self._timer.cancel()
                self._answer(call)
                return True
        return False

    def _fail(self, call: OutCall, state: str, text: str, cause: int) -> None:
        self._set(call, state, over=True)
        self._modem_calls().released(text, cause)

    def released_by_device(self, call: OutCall | InCall) -> None:
        """The device hung up or rejected."""
        if not call.over:
            before = "cancelled" if isinstance(call, OutCall) else "rejected"
            self._set(call, "ended" if call.state == "answered" else before, over=True)

    def dropped(self, call: OutCall | InCall) -> None:
        """The device is gone."""
        if not call.over:
            self._set(call, "dropped", over=True)

    def answered_by_device(self, call: InCall) -> None:
        """The device took the call."""
        if self._timer is not None:
            self._timer.cancel()
        self._set(call, "answered")

    # -- to the device ------------------------------------------------------------------------

    def call(self, caller: str) -> InCall:
        call = InCall(self._kernel.now, caller)
        self.incoming.append(call)
        self._kernel.after(PAGING_MS, lambda: self._page(call))
        return call

    def _page(self, call: InCall) -> None:
        modem = self._network.modem
        if call.over:
            return
        if modem is None or not modem.callable or not self._network.coverage:
            call.state, call.ended_at = "unreachable", self._kernel.now
        elif not modem.calls.incoming(call):
            call.state, call.ended_at = "busy", self._kernel.now
        else:
            self._set(call, "ringing")
            self._later(CALLER_GIVES_UP_MS, lambda: self._give_up(call))
            return
        self._network.notice("call", f"in {call.caller} {call.state}")

    def _give_up(self, call: InCall) -> None:
        if not call.over and call.state == "ringing":
            self._set(call, "missed", over=True)
            self._modem_calls().released("NO CARRIER", NORMAL)

    def hang_up(self, number: str) -> None:
        """The phone `number` ends its call."""
        for call in self.incoming:
            if call.caller == number and not call.over:
                on_line = call.state in ("ringing", "answered")
                state = "ended" if call.state == "answered" else "missed"
                self._set(call, state, over=on_line)
                call.ended_at = self._kernel.now
                if on_line:
                    self._modem_calls().released("NO CARRIER", NORMAL)
        for out in self.outgoing:
            if out.to == number and not out.over:
                state = "ended" if out.state == "answered" else "rejected"
                self._fail(out, state, "NO CARRIER", NORMAL)

    def _modem_calls(self) -> ModemCalls:
        modem = self._network.modem
        assert modem is not None
        return modem.calls
