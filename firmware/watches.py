# SPDX-License-Identifier: MIT
"""Tasks that watch the board's inputs: button, sensor contact, mains and thermometer."""

import asyncio

from powersocket import const
from sim800.link import bounded

_RESET = const(30)  # s that a factory reset takes, so that it can be seen (manual chapter 14)
_SHORT = const(2)  # s; a shorter failure of the mains does not count
_GRACE = const(5)  # s without work before the device sleeps: a message may be on its way
_INTERVAL = const(60)  # s from the start of one reading to the start of the next
_LONGEST = const(5)  # s of a reading; the conversion takes 0.75 s


class Signal:
    """A level whose changes can be awaited: the port of button, contact, jack and mains.

    Attribute `value`: the present level.
    """

    def __init__(self, value):
        self.value = value
        self._event = asyncio.Event()

    def put(self, value):
        """Take a new level."""
        self.value = value
        self._event.set()

    async def changed(self):
        """Wait for the next change; return the new level."""
        await self._event.wait()
        self._event.clear()
        return self.value


async def watch(port, take):
    """Call `take` with the level of a port, at once and at every change."""
    while True:
        take(port.value)
        await port.changed()


async def watch_button(app, board):
    """Report every press of the hidden button, and show when it was held for long enough.

    board: its `button` and `restart()`.
    """
    while True:
        ms = await _press(board.button, app)
        app.device.button.pressed(ms, app.now())
        app.settle()
        if app.device.restart_wanted:
            # Restart after a factory reset; until then no command is carried out.
            app.stop(app.tasks[:2])  # the modem's, which end a call
            app.lights.hold("3/s")
            await asyncio.sleep(_RESET)
            board.restart("factory reset")
        app.lights.hold("")


async def _press(button, app):
    """Wait until the button is released; return the length of the press in ms."""
    hint = app.device.button.hint
    ms = await button.changed()
    while ms is None:  # it is down
        try:
            ms = await asyncio.wait_for(button.changed(), hint / 1000 if hint else None)
        except asyncio.TimeoutError:
            hint = 0
            app.lights.hold("1/s")
    return ms


class MainsWatch:
    """Reports mains failures of two seconds or more and their end, and sleeps in between.

    app: the application; board: its `mains`, `modem_power` and `sleep()`. Set the event `quiet`
    whenever the device may have become ready to sleep.
    """

    def __init__(self, app, board):
        self._app = app
        self._board = board
        self.quiet = asyncio.Event()

    async def run_forever(self):
        """Report the mains to the device."""
        mains = self._board.mains
        while True:
            self._see()
            failed = self._app.device.power.failed
            if mains.value and failed:
                self._report(True, self._app.now())
            elif not mains.value and not failed:
                await self._filter()
            else:
                await mains.changed()

    def _see(self):
        """Update the LEDs at once, however short the failure is."""
        on_battery = not self._board.mains.value
        if self._app.device.on_battery != on_battery:
            self._app.device.on_battery = on_battery
            self._app.settle()

    async def _filter(self):
        """Report a failure if it lasts."""
        mains = self._board.mains
        since = self._app.now()
        try:
            await asyncio.wait_for(mains.changed(), _SHORT)
        except asyncio.TimeoutError:
            if not mains.value:
                self._report(False, since)

    def _report(self, on, when):
        self._app.log("mains: back" if on else "mains: failed")
        self._app.device.mains(on, when)
        self._app.settle()

    async def sleep_when_quiet(self):
        """Go to sleep once the device, on battery, has had nothing to do for a moment."""
        power = self._app.device.power
        while True:
            self.quiet.clear()
            if not self._may_sleep():
                await self.quiet.wait()
            elif power.spent or not await bounded(self.quiet, _GRACE):
                if self._may_sleep():
                    await self._sleep()

    def _may_sleep(self):
        return not self._board.mains.value and self._app.device.power.may_sleep()

    async def _sleep(self):
        """Switch off the modem, then the chip; it wakes at once if the mains is back by then."""
        app, board = self._app, self._board
        app.settle()
        app.log("mains: asleep until they are back")
        app.stop(())  # so that nothing starts the modem again
        press = app.modem.family.power[0]  # ms
        board.modem_power.off(press)
        # It takes half as long again to leave the network; then the chip may take its supply away.
        await asyncio.sleep(press * 3 / 2000)
        board.sleep()


class ThermometerWatch:
    """Reads the thermometer once a minute, and whenever the device wants a reading.

    app: the application; thermometer: a port with `await read()`. Set the event `wanted` for a
    reading now; the minute begins again with it.
    """

    beats = 0
    due: int | None = None  # see App.pause

    def __init__(self, app, thermometer):
        self._app = app
        self._thermometer = thermometer
        self._fault = ""
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Read the thermometer and report the readings."""
        app = self._app
        while True:
            self.beats += 1
            begin = app.now()
            value = await self._read()
            self.wanted.clear()  # this reading also serves requests made during it
            app.device.reading(value, app.now())
            app.settle()
            await app.pause(self, begin + _INTERVAL)

    async def _read(self):
        """Return 1/16 degree Celsius, or None if it failed; log only a change."""
        try:
            value = await asyncio.wait_for(self._thermometer.read(), _LONGEST)
            fault = ""
        except Exception as error:
            value, fault = None, repr(error)
        if fault != self._fault:
            self._fault = fault
            self._app.log("thermometer: " + (fault or "reads again"))
        return value
