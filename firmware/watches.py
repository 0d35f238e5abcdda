"""What the board sees: its button, the sensor input, the mains and the thermometer."""

import asyncio

from powersocket import indicators

_RESET = 30  # s that a factory reset takes, so that it can be seen (manual chapter 14)
_SHORT = 2  # s: a shorter failure of the mains is none
_GRACE = 5  # s without any work before the device sleeps: the next message may be on its way
_MODEM_OFF = 3  # s that the modem's power key takes
_INTERVAL = 60  # s from the begin of one reading to the next
_LONGEST = 5  # s; a conversion takes 0.75 s


class ButtonWatch:
    """Hands over every press, shows when a long one will reset.

    app: the application; button: a port with `pressed()` and `released()`; lights: the LEDs.

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
            device.pressed(ms, self._app.now())
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
                await asyncio.wait_for(self._up.wait(), self._app.device.button.hint / 1000)
            except asyncio.TimeoutError:
                if not self._up.is_set():
                    self._lights.hold(indicators.ONCE)

    async def _reset(self):
        """The settings are the factory's already; nothing is carried out until the restart."""
        self._stop(("reader", "calls", "lights", "button"))
        self._lights.hold(indicators.THRICE)
        await asyncio.sleep(_RESET)
        self._restart("factory reset")


class ContactWatch:
    """app: the application; contact: a port with `value` and `await changed()`, debounced."""

    def __init__(self, app, contact):
        self._app = app
        self._contact = contact

    async def run_forever(self):
        """Watch, for ever."""
        while True:
            self._app.device.contact(self._contact.value, self._app.now())
            self._app.settle()
            await self._contact.changed()


class JackWatch:
    """app: the application; jack: a port like the contact's, True while the jack is plugged in."""

    def __init__(self, app, jack):
        self._app = app
        self._jack = jack

    async def run_forever(self):
        """Watch, for ever."""
        while True:
            self._app.device.sensor_plugged = self._jack.value
            await self._jack.changed()


class MainsWatch:
    """Watches the mains: failures of two seconds and more, their end, and the sleep in between.

    app: the application; board: its `mains`, `modem_power` and `sleep()`.

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


class ThermometerWatch:
    """Reads the thermometer once a minute, and at once when the device wants it.

    app: the application; thermometer: a port with `await read()`.

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
