# SPDX-License-Identifier: MIT
"""The modem's call, one at a time: states, RING, CLIP, CLCC, MO RING."""

from __future__ import annotations

from dataclasses import dataclass

from tools.bench.kernel import Event
from tools.bench.modem.parts import Whole
from tools.bench.network.calls import NORMAL, UNREACHABLE, InCall, OutCall

ACTIVE, HELD, DIALING, ALERTING, INCOMING, WAITING, DISCONNECT = range(7)
REPORT_MS = 20  # of an answered call, behind the OK of its ATA


@dataclass
class ModemCall:
    """The call as +CLCC shows it."""

    outgoing: bool
    stat: int
    number: str
    line: OutCall | InCall
    hidden: bool = False
    began: int | None = None  # since when it is active, as an LTE module counts its time


def kind_of(number: str) -> int:
    """Return the type of a number: international 145, unknown 129."""
    return 145 if number.startswith("+") else 129


class Calls:
    """What the modem knows of its call.

    Attributes:
        call: the present call, if any.
        cause: why the last one ended (AT+CEER).
    """

    def __init__(self, modem: Whole) -> None:
        self._modem = modem
        self.call: ModemCall | None = None
        self.cause = 0
        self._ring: Event | None = None
        self._rings = 0

    def reset(self) -> None:
        self.call = None
        self.cause = 0
        self._rings = 0
        if self._ring is not None:
            self._ring.cancel()
            self._ring = None

    def power_lost(self) -> None:
        """The modem is gone in the middle of it."""
        if self.call is not None:
            self._modem.network.exchange.dropped(self.call.line)
        self.reset()

    def network_lost(self) -> None:
        """Coverage went."""
        if self.call is not None:
            self._modem.network.exchange.dropped(self.call.line)
            self.released("NO CARRIER", NORMAL)

    def fail(self, number: str) -> None:
        """A call was asked for and is over at once: the network has none for the module."""
        line = OutCall(self._modem.kernel.now, number, "unreachable", self._modem.kernel.now)
        self.call = ModemCall(True, DIALING, number, line)
        self._report()
        self._end(UNREACHABLE)

    # -- outgoing -----------------------------------------------------------------------------

    def dial(self, number: str) -> None:
        """Begin a voice call."""
        line = self._modem.network.exchange.place(number)
        self.call = ModemCall(True, DIALING, number, line)
        self._report()

    def alerting(self) -> None:
        """It rings there."""
        if self.call is not None:
            self.call.stat = ALERTING
            if self._modem.settings.moring and not self._modem.family.lte:
                self._modem.urc("MO RING")
            self._report()
            if self._modem.habits.early_voice:
                self.connected()

    def connected(self) -> None:
        """They picked up."""
        if self.call is not None and self.call.stat != ACTIVE:
            self.call.stat = ACTIVE
            if self._modem.settings.moring and not self._modem.family.lte:
                self._modem.urc("MO CONNECTED")
            self._begin(self.call)
            self._report()

    def _begin(self, call: ModemCall) -> None:
        call.began = self._modem.kernel.now
        if self._modem.family.lte:
            self._modem.urc("VOICE CALL: BEGIN")

    # -- incoming -----------------------------------------------------------------------------

    def incoming(self, line: InCall) -> bool:
        """A call comes; False: it cannot be taken, the caller hears busy."""
        modem = self._modem
        if self.call is not None or modem.sending or modem.settings.gsmbusy:
            return False
        hidden = line.caller == "hidden"
        number = "" if hidden else line.caller
        self.call = ModemCall(False, INCOMING, number, line, hidden)
        self._rings = 0
        self._report()
        self._ring_once()
        return True

    def _ring_once(self) -> None:
        call, modem = self.call, self._modem
        if call is None or call.stat != INCOMING:
            return
        self._rings += 1
        how = modem.habits.clip
        if how == "before":
            self._clip(call)
        modem.urc("RING")
        if how == "each" or (how == "second" and self._rings == 2):
            self._clip(call)
        if 0 < modem.settings.s0 <= self._rings:
            modem.after(300, self._auto_answer)
        self._ring = modem.after(modem.family.ring_ms, self._ring_once)

    def _clip(self, call: ModemCall) -> None:
        """Report who calls."""
        if self._modem.settings.clip:
            kind = 128 if call.hidden else kind_of(call.number)
            middle = ",,,," if self._modem.family.lte else ',"",0,"",'
            self._modem.urc(f'+CLIP: "{call.number}",{kind}{middle}{int(call.hidden)}')

    def answer(self) -> bool:
        """Take the incoming call; False: there is none."""
        call = self.call
        if call is None or call.stat != INCOMING:
            return False
        assert isinstance(call.line, InCall)
        call.stat = ACTIVE
        self._modem.network.exchange.answered_by_device(call.line)
        self._begin(call)
        if self._modem.family.lte:
            self._modem.after(REPORT_MS, self._report)
        else:
            self._report()
        return True

    def _auto_answer(self) -> None:
        self.answer()

    # -- end ----------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """End or reject the call, if there is one."""
        call = self.call
        if call is not None:
            self._modem.network.exchange.released_by_device(call.line)
            self._end(NORMAL)

    def released(self, text: str, cause: int) -> None:
        """The other side, or the network, ended it."""
        call, modem = self.call, self._modem
        if call is None:
            return
        missed = call.stat == INCOMING
        self._end(cause)
        if modem.family.lte:
            text = modem.family.call_over
            if missed:
                text = f"MISSED_CALL: {modem.service.local():%I:%M%p} {call.number}".rstrip()
        if text:
            modem.urc(text)

    def _end(self, cause: int) -> None:
        call, modem = self.call, self._modem
        assert call is not None
        call.stat = DISCONNECT
        self._report()
        if modem.family.lte and call.began is not None:
            minutes, seconds = divmod((modem.kernel.now - call.began) // 1000, 60)
            hours, minutes = divmod(minutes, 60)
            modem.urc(f"VOICE CALL: END: {hours:02d}{minutes:02d}{seconds:02d}")
        self.cause = cause
        self.call = None
        if self._ring is not None:
            self._ring.cancel()

    # -- report -------------------------------------------------------------------------------

    def entry(self) -> str | None:
        """Return the call as +CLCC shows it."""
        call = self.call
        if call is None:
            return None
        direction = 0 if call.outgoing else 1
        return f'1,{direction},{call.stat},0,0,"{call.number}",{kind_of(call.number)},""'

    def _report(self) -> None:
        reports = self._modem.settings.clcc and self._modem.habits.reports_calls
        if reports and self.call is not None:
            self._modem.urc(f"+CLCC: {self.entry()}")
