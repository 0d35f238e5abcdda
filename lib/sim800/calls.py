# SPDX-License-Identifier: MIT
"""Calls, one at a time, in either direction.

The state of a call comes from four sources: the URCs of its family (`MO RING`, `VOICE CALL: END`),
`+CLCC` (AT+CLCC=1, and polled now and then), the results `BUSY`, `NO ANSWER`, `NO CARRIER`, and
AT+CEER.
Whichever comes first counts; none of the settings is required, and every wait has a limit.

    IDLE -> DIALING -> ALERTING -> ACTIVE -> IDLE      an outgoing call
    IDLE -> INCOMING -> ACTIVE -> IDLE                 an incoming call

An incoming call is over 10 s after its last RING. Its number is in +CLIP or +CLCC, before, with or
after a RING; if neither comes, the modem is asked. A caller is hidden if the modem says so, or if
no number has come by the fourth RING. No message is sent while a call rings that may act, because
the modem rejects calls while it sends a message. An outgoing call ends an incoming one that rings.
AT+CLCC shows whether a BUSY or NO CARRIER belongs to the outgoing call or to an earlier one.
"""

import asyncio

from sim800 import const
from sim800.at import CALL_RESULTS, made_of
from sim800.errors import (
    ANSWERED,
    FAILED,
    NO_ANSWER,
    NO_VOICE,
    UNREACHABLE,
    AtError,
    ModemError,
    cause_number,
    outcome,
)
from sim800.link import bounded, fields

IDLE = "idle"
DIALING = "dialing"
ALERTING = "alerting"
INCOMING = "incoming"
ACTIVE = "active"

_TIMEOUT = const(20)  # s, AT manual: ATD, ATA, ATH
_POLL = const(3)  # s between two looks at +CLCC while a call is set up,
_POLL_ACTIVE = const(10)  # and while it lasts
_RING_GAP = const(10)  # s after the last RING: it rings no more
_SILENCE = const(45)  # s for which a ringing call may hold up what is to be sent
_RESULT_DELAY = const(1)  # s that a result may come after +CLCC has said the end
_HANG_UPS = const(3)
_TRIES = const(4)  # to get the line; each ends a call that has begun to ring
_RINGS_HIDDEN = const(4)  # without a number: the caller is hidden
_MOST_CALLERS = const(4)  # calls that nobody has asked for yet
_ALERTS = const(3)
_MESSAGES_ONLY = const((6, 7))  # registration: no voice, 3GPP 27.007, 7.2
_ACTS = const(0)
_ENDED = const(6)
_RINGS = const(4)  # <stat> of +CLCC


class Calls:
    """The call of a modem.

    state: see above; `on_change` is called when it changed. `run_forever` has to run beside the
    modem's reader.
    """

    def __init__(self, modem, on_change):
        self._modem = modem
        self._on_change = on_change
        self.state = IDLE
        self._moved = asyncio.Event()  # the call went on or ended: for who dials or waits
        self._work = asyncio.Event()  # something for run_forever
        self._quiet = asyncio.Event()  # no incoming call rings
        self._quiet.set()
        self._caller = asyncio.Event()  # there is something in _callers
        self._callers = []
        self._result: str | None = None  # how a call from here ended, "" if no word says it
        self._rings = 0
        self._announced = False  # the caller has been given out
        self._loose = False  # the line may be taken by a call that nobody wants
        self._collided = False
        self._ending = asyncio.Lock()
        handler = self._on_urc
        for start in ["RING", "+CLIP:", "+CLCC:"] + list(CALL_RESULTS):
            modem.listen(start, handler)

    def take(self, family):
        """Take the modem for one of this Family."""
        for start, _ in family.calls:
            self._modem.listen(start, self._on_urc)

    # --- a call from here ---

    async def dial(self, number, setup=30, ring=30):
        """Call a number; return ANSWERED, or how it failed: then the line is free again.

        setup: seconds within which it has to begin to ring there; ring: seconds to let it ring.
        After ANSWERED use `ended()` and `hang_up()`. Never raises a ModemError.
        """
        if not made_of(number, b"+0123456789*#"):
            return FAILED
        if self._modem.registration in _MESSAGES_ONLY:
            return NO_VOICE
        try:
            result = await self._place(number) or await self._follow(setup, ring)
            if result == ANSWERED:
                return result
            if self.state in (DIALING, ALERTING):
                await self.hang_up()
        except asyncio.CancelledError:
            if self.state not in (IDLE, INCOMING):
                self.release()
            raise
        self._modem.say("call to " + number + ": " + result)
        return result

    async def _place(self, number):
        """Take the line and dial; return "", or why the call is over already."""
        async with self._modem.turn:
            for _ in range(_TRIES):
                if self._loose or self.state == INCOMING:
                    await self.hang_up()  # who has to call goes before who rings here
                # Time for the NO CARRIER of a call that has just ended; see _goes_on, too.
                await asyncio.sleep(_RESULT_DELAY)
                async with self._ending:
                    pass  # what hangs up now would end this call, too
                if self.state != IDLE:
                    continue  # one has begun to ring meanwhile
                self._result = None
                self._collided = False
                self._set(DIALING)
                try:
                    await self._modem.command("ATD" + number + ";", timeout=_TIMEOUT)
                    return ""
                except ModemError as error:
                    self._modem.say(str(error))
                    if not isinstance(error, AtError):
                        break
                    if error.result in CALL_RESULTS and await self._goes_on():
                        return ""
                    self._set(IDLE)
                    if error.result in CALL_RESULTS:
                        return outcome(error.result, False, 0)
                    if not self._collided:
                        if error.code in self._modem.family.refused:
                            return NO_VOICE
                        break
                    self._on_ring()  # it was ringing here: end that, and try again
        return FAILED

    async def _follow(self, setup, ring):
        if not await self._while(DIALING, setup):
            return UNREACHABLE
        alerted = self.state == ALERTING
        if alerted and not await self._while(ALERTING, ring):
            return NO_ANSWER
        if self.state == ACTIVE:
            return ANSWERED
        if self._result == "":
            self._moved.clear()
            await bounded(self._moved, _RESULT_DELAY)
        if self._result == "RESTART":
            return NO_ANSWER if alerted else FAILED
        lines = await self._modem.ask("AT+CEER", "+CEER:")
        result = outcome(self._result, alerted, cause_number(lines[-1]) if lines else 0)
        self._set(IDLE)
        return result

    async def _goes_on(self):
        """Ask whether the call from here goes on: a result may have been that of another call."""
        await asyncio.sleep(_RESULT_DELAY)  # a late OK must not end the question
        lines = await self._modem.ask("AT+CLCC", "+CLCC:")
        return any([fields(line)[1:2] == ["0"] for line in lines or ()])

    async def _while(self, state, seconds, poll=_POLL):
        """Wait while the call stays in a state; return False if it did for all that time."""
        while self.state == state:
            if self._result is not None:
                if self._result not in CALL_RESULTS or not await self._goes_on():
                    return True
                self._result = None
            if seconds <= 0:
                return False
            self._moved.clear()
            if not await bounded(self._moved, min(poll, seconds)):
                # For a modem that does not report, and for what was missed.
                lines = await self._modem.ask("AT+CLCC", "+CLCC:")
                for line in lines or ():
                    self._modem.handle_urc(line)
                if lines == [] and self.state == state:
                    self._on_own(_ENDED)
            seconds -= poll
        return True

    async def hang_up(self):
        """End or reject whatever call there is; return True if the line is free for certain."""
        line = "AT" + self._modem.family.hang_up
        async with self._ending:
            for _ in range(_HANG_UPS):
                if await self._modem.ask(line, None, _TIMEOUT) is None:
                    break
                if await self._modem.ask("AT+CLCC", "+CLCC:") == []:
                    self._set(IDLE)
                    return True
        self._modem.say("no end of the call yet")
        self.release()
        return False

    def release(self):
        """End whatever call there is without waiting for it: run_forever sees to it."""
        self._set(IDLE)
        self._loose = True
        self._work.set()

    async def ended(self, seconds):
        """Wait until an answered call has ended; return False if it still lasts after that."""
        return await self._while(ACTIVE, seconds, _POLL_ACTIVE)

    # --- a call to here ---

    async def incoming(self):
        """Wait for a call to here; return the caller's number, "" if it is hidden.

        Each call is given once, when its number is known, also if it is over by then. One task
        may wait.
        """
        while not self._callers:
            self._caller.clear()
            await self._caller.wait()
        return self._callers.pop(0)

    async def answer(self):
        """Take the call that rings; return False if it does not any more."""
        if self.state == INCOMING:
            try:
                await self._modem.command("ATA", timeout=_TIMEOUT)
                self._set(ACTIVE)
            except AtError:
                self._set(IDLE)
            except ModemError as error:
                self._modem.say(str(error))
                self.release()
        return self.state == ACTIVE

    async def reject(self):
        """Reject the call that rings; return False if it does not any more."""
        return self.state == INCOMING and await self.hang_up()

    def ignore(self):
        """The call that rings does nothing: what is to be sent need not wait for its end."""
        self._quiet.set()

    async def silence(self):
        """Wait until no call rings that may do something, but not longer than a call may ring."""
        if self.state == INCOMING:
            await bounded(self._quiet, _SILENCE)

    async def run_forever(self):
        """Notice that it rings no more, and end what nobody wants; never ends."""
        work = self._work
        while True:
            if self.state == INCOMING:
                work.clear()
                if not await bounded(work, _RING_GAP) and self.state == INCOMING:
                    self._set(IDLE)
                elif self._rings > 1 and not self._announced:
                    for line in await self._modem.ask("AT+CLCC", "+CLCC:") or ():
                        self._modem.handle_urc(line)
            elif self._loose and self.state == IDLE:
                if not await self.hang_up():
                    await asyncio.sleep(_RING_GAP)
            else:
                await work.wait()
                work.clear()

    # --- what the modem says ---

    def _on_urc(self, line, extra):
        values = fields(line)
        for start, stat in self._modem.family.calls:
            if line.startswith(start):
                # It may be the end of an earlier call, as a NO CARRIER may.
                self._on_own(stat, "NO CARRIER" if stat == _ENDED else "")
                return
        if line == "RING":
            self._on_ring()
        elif line in CALL_RESULTS:
            self._on_own(_ENDED, line)
        elif line.startswith("+CLIP:"):
            if self.state == IDLE:
                self._on_ring()
            self._work.set()
            if len(values) > 5 and values[5] in ["1", "2"]:
                self._announce("")
            elif values[0]:
                self._announce(_number(values))
        elif values[3] == "0":  # +CLCC of a voice call
            stat = int(values[2])
            if values[1] == "0":
                if self.state != INCOMING or stat == _ENDED:
                    self._on_own(stat)
            elif stat == _RINGS:
                if self.state == IDLE:
                    self._on_ring()
                if len(values) > 5 and values[5]:
                    self._announce(_number(values[5:]))
            elif stat == _ACTS and self.state == INCOMING:
                self._set(ACTIVE)
            elif stat == _ENDED and self.state in (INCOMING, ACTIVE):
                self._set(IDLE)

    def _on_ring(self):
        if self.state == IDLE:
            self._rings = 0
            self._announced = False
            self._set(INCOMING)
        if self.state != INCOMING:
            self._collided = True
            return
        self._work.set()
        self._rings += 1
        if self._rings == _RINGS_HIDDEN:
            self._announce("")

    def _announce(self, number):
        if self.state == INCOMING and not self._announced:
            self._announced = True
            self._callers = (self._callers + [number])[-_MOST_CALLERS:]
            self._caller.set()

    def _on_own(self, stat, result=""):
        """The call from here goes on or ends; its result may come after +CLCC has said the end."""
        if self.state not in (DIALING, ALERTING):
            if stat == _ENDED:
                self._set(IDLE)
            elif self.state == IDLE:
                self.release()  # a call of which nobody knows
        elif stat == _ENDED:
            self._result = result or self._result or ""
            self._moved.set()
        elif stat == _ACTS:
            self._set(ACTIVE)
        elif stat == _ALERTS:
            self._set(ALERTING)

    def reset(self):
        """The modem restarted: no call is left."""
        self._on_own(_ENDED, "RESTART")
        self._set(IDLE)

    def _set(self, state):
        if state != self.state:
            self._announce("")  # it rang too short to know better
        if state == INCOMING:
            self._quiet.clear()
        else:
            self._quiet.set()
        if state == ACTIVE:
            self._result = None
        if state in (IDLE, ACTIVE, INCOMING):
            self._loose = False
        if state != self.state:
            self.state = state
            self._moved.set()
            self._on_change()


def _number(values):
    """Return the number in the fields `number, type`; 145 is international (AT manual, CLIP)."""
    number = values[0]
    if values[1:2] == ["145"] and not number.startswith("+"):
        number = "+" + number
    return number
