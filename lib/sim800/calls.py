"""Calls, one at a time, in either direction.

What is known of a call comes from four sides: `MO RING` / `MO CONNECTED` (AT+MORING=1), `+CLCC`
(AT+CLCC=1, and asked for now and then), the results `BUSY`, `NO ANSWER`, `NO CARRIER`, and
AT+CEER. Whichever comes first counts; none of the settings is needed, and every wait has an end.

    IDLE -> DIALING -> ALERTING -> ACTIVE -> IDLE      a call from here
    IDLE -> INCOMING -> ACTIVE -> IDLE                 a call to here

A call to here is over 10 s after its last RING. No message and no other call is begun while it
rings; the modem itself rejects calls while a message is being sent.
"""

import asyncio

from sim800.causes import (
    ANSWERED,
    FAILED,
    NO_ANSWER,
    UNREACHABLE,
    cause_number,
    outcome,
)
from sim800.errors import AtError, ModemError
from sim800.link import fields

IDLE = "idle"
DIALING = "dialing"
ALERTING = "alerting"
INCOMING = "incoming"
ACTIVE = "active"

_TIMEOUT = 20  # s, AT manual: ATD, ATA, ATH
_POLL = 3  # s between two looks at +CLCC while a call is set up ..
_POLL_ACTIVE = 10  # .. and while it lasts
_RING_GAP = 10  # s after the last RING: it rings no more
_SILENCE = 45  # s for which a ringing call may hold up what is to be sent
_RESULT_DELAY = 1  # s that a result may come after +CLCC has said the end
_RESULTS = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE")
_HANG_UPS = 3
_MOST_CALLERS = 4  # told of calls that nobody has asked for yet


class Calls:
    """The call of a modem.

    state: see above; number: the other side's, "" if it is hidden or unknown. `on_change` is
    called when the state changed. `run_forever` has to run beside the modem's reader.
    """

    def __init__(self, modem, log, on_change):
        self._modem = modem
        self._log = log
        self._on_change = on_change
        self.state = IDLE
        self.number = ""
        self._moved = asyncio.Event()  # the call went on or ended: for who dials or waits
        self._work = asyncio.Event()  # something for run_forever
        self._quiet = asyncio.Event()  # no incoming call rings
        self._caller = asyncio.Event()  # there is something in _callers
        self._callers = []
        self._result = ""  # how a call from here ended
        self._gone = False
        self._rings = 0
        self._loose = False  # the line may be taken by a call that nobody wants
        self._collided = False
        self._quiet.set()
        modem.listen("RING", lambda line, extra: self._on_ring())
        modem.listen("+CLIP:", self._on_clip)
        modem.listen("+CLCC:", self._on_clcc)
        modem.listen("MO RING", lambda line, extra: self._on_alerting())
        modem.listen("MO CONNECTED", lambda line, extra: self._on_connected())
        for result in _RESULTS:
            modem.listen(result, lambda line, extra: self._on_end(line))

    # --- a call from here ---

    async def dial(self, number, setup=30, ring=30):
        """Call a number; return ANSWERED, or how it failed: then the line is free again.

        setup: seconds within which it has to begin to ring there; ring: seconds to let it ring.
        After ANSWERED use `ended()` and `hang_up()`. Never raises a ModemError.
        """
        if not number or not all([c in "0123456789*#" for c in number[1:]]):
            return FAILED
        try:
            result = await self._place(number)
            if not result:
                result = await self._follow(setup, ring)
            if result == ANSWERED:
                return result
            if self.state in (DIALING, ALERTING):
                await self.hang_up()
        except asyncio.CancelledError:
            if self.state in (DIALING, ALERTING, ACTIVE):
                self._give_up()
            raise
        self._log("modem: call to " + number + ": " + result)
        return result

    async def _place(self, number):
        """Take the line and dial; return "", or why the call is over already."""
        async with self._modem.turn:
            for _ in range(2):
                await self.silence()
                if self._loose:
                    await self.hang_up()
                if self.state != IDLE:
                    return FAILED
                self._result = ""
                self._gone = self._collided = False
                self._set(DIALING, number)
                try:
                    await self._modem.command("ATD" + number + ";", timeout=_TIMEOUT)
                    return ""
                except AtError as error:
                    self._end()
                    if error.result in _RESULTS:
                        return outcome(error.result, False, 0)
                    self._log("modem: " + str(error))
                    if not self._collided:
                        return FAILED
                    self._on_ring()  # it was ringing here: wait, and try again
                except ModemError as error:
                    self._log("modem: " + str(error))
                    return FAILED
        return FAILED

    async def _follow(self, setup, ring):
        alerted = False
        if not await self._while(DIALING, setup):
            return UNREACHABLE
        if self.state == ALERTING:
            alerted = True
            if not await self._while(ALERTING, ring):
                return NO_ANSWER
        if self.state == ACTIVE:
            return ANSWERED
        if self._gone and not self._result:
            await self._wait(_RESULT_DELAY)
        if self._result == "RESTART":
            return FAILED
        result = outcome(self._result, alerted, await self._cause())
        self._end()
        return result

    async def _while(self, state, seconds, poll=_POLL):
        """Wait while the call stays in a state; return False if it did for all that time."""
        while seconds > 0:
            if self.state != state or self._gone or self._result:
                return True
            if not await self._wait(min(poll, seconds)):
                await self._poll()
            seconds -= poll
        return self.state != state or self._gone or self._result != ""

    async def _wait(self, seconds):
        """Wait until the call moves; return False after `seconds`."""
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        return self._moved.is_set()

    async def _poll(self):
        """Ask which calls there are: for a modem that does not tell, and for what was missed."""
        state = self.state
        try:
            lines = await self._modem.command("AT+CLCC", "+CLCC:")
        except ModemError:
            return
        for line in lines:
            try:
                self._on_clcc(line, None)
            except (ValueError, IndexError):
                pass
        if not lines and self.state == state:
            self._on_gone()

    async def _cause(self):
        try:
            lines = await self._modem.command("AT+CEER", "+CEER:")
        except ModemError:
            return 0
        return cause_number(lines[-1]) if lines else 0

    async def hang_up(self):
        """End or reject whatever call there is; return True if the line is free for certain."""
        try:
            for _ in range(_HANG_UPS):
                await self._modem.command("ATH", timeout=_TIMEOUT)
                if not await self._modem.command("AT+CLCC", "+CLCC:"):
                    self._end()
                    return True
        except ModemError as error:
            self._log("modem: " + str(error))
        self._log("modem: the call could not be ended yet")
        self._give_up()
        return False

    async def clear(self):
        """End a call that is left from before a restart of the chip, of which nobody knows here.

        One that rings here is none of these. Raises ModemError.
        """
        if self.state != IDLE:
            return
        try:
            lines = await self._modem.command("AT+CLCC", "+CLCC:")
        except AtError:
            return  # it needs a SIM
        for line in lines:
            values = fields(line)
            if len(values) > 2 and (values[1] == "0" or values[2] == "0"):
                self._log("modem: ends a call that was left")
                await self.hang_up()
                return

    def release(self):
        """End whatever call there is without waiting for it: run_forever sees to it."""
        self._give_up()

    def _give_up(self):
        """Leave the call to run_forever, which ends it as soon as the modem lets it."""
        self._end()
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
        if self.state != INCOMING:
            return False
        try:
            await self._modem.command("ATA", timeout=_TIMEOUT)
        except AtError:
            self._end()
            return False
        except ModemError as error:
            self._log("modem: " + str(error))
            self._give_up()
            return False
        self._on_connected()
        return self.state == ACTIVE

    async def reject(self):
        """Reject the call that rings; return False if it does not any more."""
        if self.state != INCOMING:
            return False
        return await self.hang_up()

    async def silence(self):
        """Wait until no incoming call rings, but not longer than a call may ring."""
        if self.state == INCOMING:
            try:
                await asyncio.wait_for(self._quiet.wait(), _SILENCE)
            except asyncio.TimeoutError:
                pass

    async def run_forever(self):
        """Notice that it rings no more, and end what nobody wants; never ends."""
        while True:
            if self.state == INCOMING:
                self._work.clear()
                try:
                    await asyncio.wait_for(self._work.wait(), _RING_GAP)
                except asyncio.TimeoutError:
                    pass
                if not self._work.is_set() and self.state == INCOMING:
                    self._end()
            elif self._loose and self.state == IDLE:
                if not await self.hang_up():
                    await asyncio.sleep(_RING_GAP)
            else:
                await self._work.wait()
                self._work.clear()

    # --- what the modem says ---

    def _on_ring(self):
        if self.state == IDLE:
            self._rings = 0
            self._loose = False
            self._set(INCOMING, "")
        if self.state != INCOMING:
            self._collided = True
            return
        self._work.set()
        self._rings += 1
        if self._rings == 2:
            self._announce("")  # a modem or network that does not tell the number

    def _announce(self, number):
        if self.state == INCOMING and self._rings < 100:
            self._rings = 100  # given once
            self.number = number
            self._callers = (self._callers + [number])[-_MOST_CALLERS:]
            self._caller.set()

    def _on_clip(self, line, extra):
        values = fields(line)
        if self.state == IDLE:
            self._on_ring()
        self._work.set()
        hidden = len(values) > 5 and values[5] in ("1", "2")
        self._announce("" if hidden else values[0])

    def _on_clcc(self, line, extra):
        values = fields(line)
        stat, voice = int(values[2]), values[3] == "0"
        if not voice:
            return
        if values[1] == "0":
            self._on_own(stat)
        elif stat == 4:
            if self.state == IDLE:
                self._on_ring()
            if len(values) > 5 and values[5]:
                self._announce(values[5])
        elif stat == 0 and self.state == INCOMING:
            self._on_connected()
        elif stat == 6 and self.state in (INCOMING, ACTIVE):
            self._end()

    def _on_own(self, stat):
        if stat == 3:
            self._on_alerting()
        elif stat == 0 and self.state != INCOMING:
            self._on_connected()
        elif stat == 6:
            self._on_gone()

    def _on_alerting(self):
        if self.state == DIALING:
            self._set(ALERTING, self.number)

    def _on_connected(self):
        if self.state in (DIALING, ALERTING, INCOMING):
            self._loose = False
            self._set(ACTIVE, self.number)

    def _on_gone(self):
        """A call is not listed any more; one from here may have its result still to come."""
        if self.state in (DIALING, ALERTING):
            self._gone = True
            self._moved.set()
        else:
            self._end()

    def _on_end(self, result):
        if self.state in (DIALING, ALERTING):
            self._result = result
            self._moved.set()
        else:
            self._end()

    def reset(self):
        """The modem restarted: no call is left."""
        if self.state in (DIALING, ALERTING):
            self._result = "RESTART"
        self._end()

    def _end(self):
        self._loose = False
        self._set(IDLE, "")

    def _set(self, state, number):
        if state == INCOMING:
            self._quiet.clear()
        else:
            self._quiet.set()
        changed = state != self.state
        self.state = state
        self.number = number
        if changed:
            self._moved.set()
            self._work.set()
            self._on_change()
