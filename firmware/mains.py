"""Watches the mains: failures of two seconds and more, their end, and the sleep in between."""

import asyncio

_SHORT = 2  # s: a shorter failure is none
_GRACE = 5  # s without any work before the device sleeps: the next message may be on its way
_MODEM_OFF = 3  # s that the modem's power key takes


class Watch:
    """app: the application; board: its `mains`, `modem_power` and `sleep()`.

    stop: called with the tasks that go on while the device goes to sleep.
    `quiet` is set whenever the device may have become ready to sleep.
    """

    def __init__(self, app, board, stop):
        self._app = app
        self._board = board
        self._stop = stop
        self.quiet = asyncio.Event()

    async def run_forever(self):
        """Tell the device of the mains, for ever."""
        mains = self._board.mains
        while True:
            self._see()
            failed = self._app.device.power.failed
            if mains.value and failed:
                self._tell(True, self._app.now())
            elif not mains.value and not failed:
                await self._filter()
            else:
                await mains.changed()

    def _see(self):
        """Take what the LEDs show at once, however short the failure is."""
        on_battery = not self._board.mains.value
        if self._app.device.on_battery != on_battery:
            self._app.device.on_battery = on_battery
            self._app.settle()

    async def _filter(self):
        """Tell of a failure if it lasts."""
        mains = self._board.mains
        since = self._app.now()
        try:
            await asyncio.wait_for(mains.changed(), _SHORT)
        except asyncio.TimeoutError:
            if not mains.value:
                self._tell(False, since)

    def _tell(self, on, when):
        self._app.log("mains: back" if on else "mains: failed")
        self._app.device.mains(on, when)
        self._app.settle()

    async def sleep_when_quiet(self):
        """Switch off as soon as the device, on battery, has had nothing to do for a moment."""
        power = self._app.device.power
        while True:
            self.quiet.clear()
            if self._board.mains.value or not power.may_sleep():
                await self.quiet.wait()
            elif power.spent or not await self._work():
                await self._sleep()

    async def _work(self):
        """Wait for something that is done; return False if there is nothing for a moment."""
        try:
            await asyncio.wait_for(self.quiet.wait(), _GRACE)
        except asyncio.TimeoutError:
            pass
        power = self._app.device.power
        return self.quiet.is_set() or self._board.mains.value or not power.may_sleep()

    async def _sleep(self):
        """Switch the modem off, then the chip; if the mains is back by then, it wakes at once."""
        self._app.settle()
        self._app.log("mains: asleep until it is back")
        self._stop(("lights", "sleep"))  # nobody starts the modem again
        self._board.modem_power.off()
        await asyncio.sleep(_MODEM_OFF)
        self._board.sleep()
