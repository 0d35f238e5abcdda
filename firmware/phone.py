# SPDX-License-Identifier: MIT
"""Incoming calls, and the errands: outgoing calls and USSD codes, one at a time."""

import asyncio

from powersocket import const
from powersocket.outbox import ALARM, CALL, NOTE, USSD
from sim800.calls import INCOMING
from sim800.errors import ANSWERED, FAILED, NO_ANSWER, NO_VOICE, UNREACHABLE, ModemError

_SETUP = const(30)  # s within which a call has to begin to ring
_AGAIN = const("again")  # the result of an alarm's call that the modem could not make
_PAUSE = const(3)  # s before it is tried again, if nobody has noticed by then what is wrong


class ErrandRunner:
    """Does the device's errands with the modem, one at a time.

    app: the application; modem: a Modem; supervisor: its Supervisor; talk: takes over an answered
    call; if None, the call is ended at once. Set the event `wanted` whenever there may be
    something to do.
    """

    beats = 0
    due: int | None = None  # see App.pause

    def __init__(self, app, modem, supervisor, talk):
        self._app = app
        self._modem = modem
        self._supervisor = supervisor
        self._talk = talk
        self._errand = None  # the one under way, and the task that does it
        self._task: asyncio.Task | None = None
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Do the device's errands as they come."""
        errands = self._app.device.errands
        while True:
            self.beats += 1
            errand = errands.first()
            if errand is None or not self._on_line() or self._must_wait(errand):
                await self._app.pause(self)
                continue
            errands.begin(errand)
            self._app.settle()
            result = await self._do(errand)
            if result == _AGAIN:
                errands.put_off(errand)
                self._app.settle()
                self._modem.tell()  # the supervisor shall see to it
                await asyncio.sleep(_PAUSE)
                continue
            if result is not None:
                errands.done(errand, result, self._app.now())
            self._app.settle()

    def _on_line(self):
        # The supervisor hears later than the modem that this has restarted, or lost the network.
        return self._supervisor.online and self._modem.registered

    def obey(self):
        """Cancel the errand under way if the device has dropped it, or if an alarm has to call."""
        task, entries = self._task, self._app.device.errands.entries
        alarms = [errand for errand in entries if errand[NOTE] == ALARM]
        if task is not None and (
            self._errand not in entries or (alarms and self._errand not in alarms)
        ):
            self._task = None
            task.cancel()

    def _must_wait(self, errand):
        """Only an alarm call may interrupt a listener."""
        kind, _, note, _ = errand
        listening = self._talk is not None and self._talk.going_on()
        return listening and kind == CALL and note != ALARM

    async def _do(self, errand):
        """Return the result of an errand, None if the device has dropped it meanwhile."""
        kind, argument, _, _ = errand
        if kind not in (CALL, USSD):
            return ""  # from another version of the firmware
        work = self._ring if kind == CALL else self._ask_operator
        self._errand = errand
        self._task = task = asyncio.create_task(work(argument))
        try:
            result = await task
        except asyncio.CancelledError:
            if self._task is not None:
                raise  # this task itself is being cancelled
            result = "" if kind == USSD else "failed"  # given up for an alarm
        self._task = None
        entries = self._app.device.errands.entries
        if errand in entries and errand[NOTE] == ALARM:
            if result in (FAILED, UNREACHABLE, NO_VOICE) and not await self._on_network():
                result = _AGAIN  # else a number would be passed over
            entries = self._app.device.errands.entries
        return result if errand in entries else None

    async def _on_network(self):
        """Ask the modem whether it could call somebody now."""
        try:
            await self._supervisor.look_at_registration()
        except ModemError:
            return False
        return self._modem.registered

    async def _ask_operator(self, code):
        """Send a USSD code; return the operator's answer, "" if there is none."""
        try:
            return await self._modem.ussd(code)
        except ModemError as error:
            self._app.log("the operator: " + str(error))
            return ""

    async def _ring(self, argument):
        """Call somebody until they pick up.

        argument: `+number seconds`. Returns "answered", "rejected", "busy", "unanswered",
        "unreachable", "no voice" or "failed". A cancellation ends the call.
        """
        calls, talk = self._modem.calls, self._talk
        number, _, seconds = argument.partition(" ")
        if not seconds.isdigit():
            return "failed"
        if talk is not None and talk.going_on():
            await calls.hang_up()  # see _must_wait
        result = await calls.dial(number, _SETUP, int(seconds))
        if result == ANSWERED and talk is not None:
            talk.begin()
        elif result == ANSWERED:
            calls.release()  # unlike hang_up(), no cancellation of this task interrupts it
        return "unanswered" if result == NO_ANSWER else result


async def take_calls(app, calls, talk):
    """Take incoming calls: those that switch something are rejected, the others ring on.

    What a call switches is committed before the call is rejected. talk: takes over an answered
    call, or None.
    """
    ring = app.device.ring
    while True:
        caller = await calls.incoming()
        if not ring.acts(caller):
            app.log("call: ignored")
            calls.ignore()
        elif ring.take(caller, app.now()):
            if await calls.answer():
                talk.begin()
        else:
            app.settle()
            if calls.state != INCOMING or await calls.reject():
                ring.over()
                app.settle(lazily=True)
