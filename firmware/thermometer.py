"""Reads the thermometer once a minute, and at once when the device wants it."""

import asyncio

_INTERVAL = 60  # s from the begin of one reading to the next
_LONGEST = 5  # s; a conversion takes 0.75 s


class Watch:
    """app: the application; thermometer: a port with `await read()`.

    `wanted` is set to have a reading now; the minute begins anew with it.
    """

    def __init__(self, app, thermometer):
        self._app = app
        self._thermometer = thermometer
        self._fault = ""
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Read, for ever."""
        while True:
            begin = self._app.now()
            value = await self._read()
            self.wanted.clear()  # what was wanted meanwhile, too, has this one
            self._app.device.reading(value, self._app.now())
            self._app.settle()
            await self._pause(begin + _INTERVAL)

    async def _read(self):
        """Return 1/16 degree Celsius, or None; log only what is other than last time."""
        try:
            value = await asyncio.wait_for(self._thermometer.read(), _LONGEST)
            fault = ""
        except Exception as error:
            value, fault = None, repr(error)
        if fault != self._fault:
            self._fault = fault
            self._app.log("thermometer: " + (fault or "reads again"))
        return value

    async def _pause(self, deadline):
        delay = self._app.until(deadline)
        if delay:
            try:
                await asyncio.wait_for(self.wanted.wait(), delay / 1000)
            except asyncio.TimeoutError:
                pass
