"""Watches the hidden button: tells the device of every press, shows when a long one will reset."""

import asyncio

from powersocket import indicators

_RUN = 30  # s that a factory reset takes, so that it can be seen (manual chapter 14)


class Watch:
    """app: the application; button: a port with `pressed()` and `released()`; lights: the LEDs.

    restart: called when a reset is over; stop: called with the tasks that go on during it.
    """

    def __init__(self, app, button, lights, stop, restart):
        self._app = app
        self._button = button
        self._lights = lights
        self._stop = stop
        self._restart = restart
        self._up = asyncio.Event()

    async def run_forever(self):
        """Hand over every press, at its end."""
        device = self._app.device
        while True:
            ms = await self._button.released()
            self._up.set()
            device.button(ms, self._app.now())
            self._app.settle()
            if device.restart_wanted:
                await self._reset()
            self._lights.hold("")

    async def watch_presses(self):
        """Show, while the button is held, that it was held for long enough."""
        while True:
            await self._button.pressed()
            self._up.clear()
            try:
                await asyncio.wait_for(self._up.wait(), self._app.device.press_hint / 1000)
            except asyncio.TimeoutError:
                if not self._up.is_set():
                    self._lights.hold(indicators.ONCE)

    async def _reset(self):
        """The settings are the factory's already; nothing is carried out until the restart."""
        self._stop(("reader", "calls", "lights", "button"))
        self._lights.hold(indicators.THRICE)
        await asyncio.sleep(_RUN)
        self._restart("factory reset")
