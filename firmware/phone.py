"""Calls both ways, and the errands that take the modem's time: a call, a USSD code."""

import asyncio

from sim800.calls import ACTIVE, ANSWERED, INCOMING, NO_ANSWER
from sim800.modem import ModemError

_SETUP = 30  # s within which a call has to begin to ring
_LONGEST = 600  # s of an answered call


class ErrandRunner:
    """Does the device's errands with the modem, one at a time.

    app: the application; supervisor: knows whether the modem can be used.

    kinds: name of an errand -> async function of its argument that returns a result, never None,
    and raises nothing: each has its own bound of time. Cancelled, it leaves nothing running.
    held: tells of an errand whether it has to wait.
    """

    def __init__(self, app, supervisor, kinds, held):
        self._app = app
        self._supervisor = supervisor
        self._kinds = kinds
        self._held = held
        self._errand = None  # under way ..
        self._task: asyncio.Task | None = None  # .. and who does it
        self.beats = 0
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Run errands, for ever. `wanted` is set whenever there may be something to do."""
        errands = self._app.device.errands
        while True:
            self.beats += 1
            errand = errands.first()
            if errand is None or not self._supervisor.online or self._held(errand):
                await self.wanted.wait()
                self.wanted.clear()
                continue
            errands.begin(errand)
            self._app.settle()
            result = await self._do(errand)
            if result is not None:
                errands.done(errand, result, self._app.now())
            self._app.settle()

    def obey(self):
        """End the errand under way at once if the device has dropped it."""
        task, entries = self._task, self._app.device.errands.entries
        if task is not None and self._errand not in entries:
            self._task = None
            task.cancel()

    async def _do(self, errand):
        """Return the result of an errand, None if it was dropped meanwhile."""
        kind = self._kinds.get(errand[0])
        if kind is None:
            return ""
        self._errand = errand
        self._task = task = asyncio.create_task(kind(errand[1]))
        try:
            result = await task
        except asyncio.CancelledError:
            if self._task is not None:
                raise  # it is this task that is to end
            return None
        if self._task is None:
            return None
        self._task = None
        return result


class Caller:
    """The errand of a call: ring somebody for a while, say nothing.

    calls: the modem's; talk: what goes on with an answered call, None: it is ended at once.
    """

    def __init__(self, calls, talk):
        self._calls = calls
        self._talk = talk

    async def ring(self, argument):
        """Ring a number until somebody picks up. Bounded, raises nothing.

        argument: `+number seconds`. Returns "answered", "rejected", "busy", "unanswered",
        "unreachable" or "failed". A cancellation ends the call.
        """
        number, _, seconds = argument.partition(" ")
        if not seconds.isdigit():
            return "failed"
        if self._talk is not None and self._talk.going_on():
            await self._calls.hang_up()  # an alarm goes before who listens
        result = await self._calls.dial(number, _SETUP, int(seconds))
        if result == ANSWERED and self._talk is not None:
            self._talk.begin()
        elif result == ANSWERED:
            self._calls.release()  # which no cancellation of this task can cut off
        return "unanswered" if result == NO_ANSWER else result


class CallTaker:
    """Takes calls to the device: those that do something are rejected, the others ring on.

    app: the application; modem: who is called; talk: what goes on with an answered call.
    """

    def __init__(self, app, modem, talk):
        self._app = app
        self._modem = modem
        self._talk = talk

    async def run_forever(self):
        """Take calls, for ever. What a call does is done, and on flash, before it is rejected."""
        calls = self._modem.calls
        taker = self._app.device.ring
        while True:
            caller = await calls.incoming()
            if not taker.acts(caller):
                self._app.log("call: ignored")
                continue
            if taker.take(caller, self._app.now()):
                if await calls.answer():
                    self._talk.begin()
                continue
            self._app.settle()
            if calls.state != INCOMING or await calls.reject():
                taker.over()
                self._app.settle(lazily=True)


class Talk:
    """An answered call with the microphone open, until somebody ends it: ten minutes at most.

    app: the application; modem: whose call it is.
    """

    def __init__(self, app, modem):
        self._app = app
        self._modem = modem
        self._begun = asyncio.Event()

    def begin(self):
        """A call was answered."""
        self._begun.set()

    def going_on(self):
        """Tell whether somebody listens now."""
        return self._modem.calls.state == ACTIVE

    async def run_forever(self):
        """Open the microphone for each call, and end those that last too long."""
        calls = self._modem.calls
        while True:
            await self._begun.wait()
            self._begun.clear()
            try:
                # The gain of the main microphone, AT manual 3.2.30.
                await self._modem.command(
                    "AT+CMIC=0," + str(self._app.device.settings["MICLEVEL"])
                )
            except ModemError as error:
                self._app.log("microphone: " + str(error))
            if not await calls.ended(_LONGEST):
                calls.release()
