"""The ESP32's ports: the one file that knows pins, timers and the chip.

Polling, debouncing, blinking and the 750 ms of a temperature conversion live here, behind the
shapes that `tools/bench/ports.py` builds for the simulated world. Built so far: UART, relay, LEDs,
contact, button, DS18B20, modem power, flash, clock, mains, sleep, watchdog.
"""

import asyncio
import time

import ds18x20
import esp32
import machine
import onewire
from ds18b20 import SensorError, temperature
from machine import UART, Pin
from sim800.stream import StreamUart

from firmware.level import Signal

_POLL = 20  # ms between looks at an input
_BOUNCE = 30  # ms for which a button may bounce
_STABLE = 50  # ms for which a contact must keep its state
_CONVERSION = 750  # ms of a 12-bit conversion, DS18B20 data sheet
_PWRKEY_OFF = 2000  # ms low: switches a running modem off (1.5 to 33 s)
_PWRKEY_ON = 1200  # ms low: switches it on
_BITE = 60_000  # ms without food after which the watchdog restarts the chip
_MODEM_DOWN = 3000  # ms from off to on again

# On and off times in ms of the LED patterns; steady and off have none.
_BLINK = {
    "1/s": (500, 500),
    "1/3s": (100, 2900),
    "3/s": (166, 167),
    "4/s": (125, 125),
    "sim": (125, 125, 125, 125, 125, 125, 125, 125, 2000, 0),
    "flash3": (200, 200, 200, 200, 200, 200),
}


def _uart(config):
    """Return the modem's serial line, 8N1.

    At 115200 baud the UART's FIFO of 128 bytes lasts 11 ms and the buffer of 2 KB 177 ms; the
    interrupt that moves one to the other can stall for as long as a flash erase. The buffer to
    send holds the longest command, so that writing does not block.
    """
    return StreamUart(
        UART(
            2,
            baudrate=config.MODEM_BAUD,
            tx=config.MODEM_TX,
            rx=config.MODEM_RX,
            rxbuf=2048,
            txbuf=1024,
            timeout=0,
        )
    )


class Relay:
    """The relay's pin; NVS keeps the level that `boot.py` gives it before anything else runs."""

    def __init__(self, pin, nvs):
        level = 1 if remembered(nvs) else 0
        # The value is set before the direction: the relay does not click at a start.
        self._pin = Pin(pin, Pin.OUT, value=level)
        self._nvs = nvs

    def set(self, on):
        """Switch."""
        self._pin.value(1 if on else 0)

    def remember(self, on):
        """Store the level for `boot.py`."""
        self._nvs.set_i32("relay", 1 if on else 0)
        self._nvs.commit()

    def remembered(self):
        """Return the stored level, or None if none was ever stored."""
        return remembered(self._nvs)


def remembered(nvs):
    """Return the relay's level in NVS, or None."""
    try:
        return nvs.get_i32("relay") == 1
    except OSError:
        return None


class Led:
    """One LED; a task of its own blinks it while it has to."""

    def __init__(self, pin):
        self._pin = Pin(pin, Pin.OUT, value=0)
        self._task = None

    def show(self, pattern):
        """Show a pattern until the next one."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if pattern in _BLINK:
            self._task = asyncio.create_task(self._blink(_BLINK[pattern], pattern != "flash3"))
        else:
            self._pin.value(1 if pattern == "steady" else 0)

    async def _blink(self, times, forever):
        while True:
            level = 1
            for ms in times:
                self._pin.value(level)
                level = 1 - level
                await asyncio.sleep_ms(ms)
            if not forever:
                return


class Contact(Signal):
    """The opto-isolated 12 V loop: low while current flows. Debounced."""

    def __init__(self, pin):
        self._pin = Pin(pin, Pin.IN)
        super().__init__(self._pin.value() == 0)
        self._task = asyncio.create_task(self._poll())

    async def _poll(self):
        candidate, since = self.value, 0
        while True:
            await asyncio.sleep_ms(_POLL)
            closed = self._pin.value() == 0
            if closed != candidate:
                candidate, since = closed, 0
            elif closed != self.value:
                since += _POLL
                if since >= _STABLE:
                    self.put(closed)


class Mains(Signal):
    """The mains sense: high while there is mains power. Who listens filters short failures."""

    def __init__(self, pin):
        self.pin = Pin(pin, Pin.IN)
        super().__init__(self.pin.value() == 1)
        self._task = asyncio.create_task(self._poll())

    async def _poll(self):
        before = self.value
        while True:
            await asyncio.sleep_ms(_STABLE)
            on = self.pin.value() == 1
            if on == before and on != self.value:
                self.put(on)
            before = on


class Button:
    """The hidden button: low while pressed, with a pull-up. Debounced."""

    def __init__(self, pin):
        self._pin = Pin(pin, Pin.IN, Pin.PULL_UP)
        self._down = Signal(False)
        self._length = Signal(0)
        self._task = asyncio.create_task(self._poll())

    async def pressed(self):
        """Wait for a press."""
        await self._down.changed()

    async def released(self):
        """Wait for the end of a press; return its length in ms."""
        return await self._length.changed()

    async def _poll(self):
        pressed, since = False, 0
        while True:
            await asyncio.sleep_ms(_BOUNCE)
            if (self._pin.value() == 0) == pressed:
                continue
            pressed = not pressed
            if pressed:
                since = time.ticks_ms()
                self._down.put(True)
            else:
                self._length.put(time.ticks_diff(time.ticks_ms(), since))


class Thermometer:
    """A DS18B20 on its own 1-Wire bus."""

    def __init__(self, pin):
        self._bus = ds18x20.DS18X20(onewire.OneWire(Pin(pin)))
        self._rom = None

    async def read(self):
        """Convert and read: 1/16 degree Celsius. Raises SensorError."""
        try:
            if self._rom is None:
                self._rom = self._bus.scan()[0]
            self._bus.convert_temp()
            await asyncio.sleep_ms(_CONVERSION)
            scratch = self._bus.read_scratch(self._rom)
        except (IndexError, onewire.OneWireError):
            self._rom = None
            raise SensorError("presence") from None
        except Exception:  # the driver raises a bare Exception for a bad CRC
            self._rom = None  # which is also what a sensor of another number reads as
            raise SensorError("crc") from None
        return temperature(scratch)


class Flash:
    """Two record slots as files on LittleFS, whose close is the commit."""

    def load(self, slot):
        """Return the bytes of a slot, or None if it was never written."""
        try:
            with open(_path(slot), "rb") as file:
                return file.read()
        except OSError:
            return None

    def commit(self, slot, data):
        """Replace a slot's bytes at once or not at all. Raises OSError."""
        with open(_path(slot), "wb") as file:
            file.write(data)


def _path(slot):
    return "/record" + str(slot) + ".json"


class Clock:
    """Raw ticks, and the RTC, which runs on through restarts and deep sleep."""

    def ticks_ms(self):
        """Return milliseconds, modulo 2^30."""
        return time.ticks_ms()

    def rtc(self):
        """Return the RTC's seconds."""
        return time.time()

    def set_rtc(self, seconds):
        """Set the RTC."""
        t = time.gmtime(seconds)
        machine.RTC().datetime((t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0))


class ModemPower:
    """PWRKEY and RST, both pulled low by open-drain pins."""

    def __init__(self, pwrkey, reset):
        self._pwrkey = Pin(pwrkey, Pin.OPEN_DRAIN, value=1)
        self._reset = Pin(reset, Pin.OPEN_DRAIN, value=1)
        self._task = None

    def restart(self):
        """Switch the modem off and on by PWRKEY; takes about 7 s, in the background."""
        self._start(((self._pwrkey, _PWRKEY_OFF), (None, _MODEM_DOWN), (self._pwrkey, _PWRKEY_ON)))

    def reset(self):
        """Pulse RST (105 ms at least)."""
        self._start(((self._reset, 150),))

    def off(self):
        """Switch the modem off."""
        self._start(((self._pwrkey, _PWRKEY_OFF),))

    def _start(self, steps):
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._run(steps))

    async def _run(self, steps):
        try:
            for pin, ms in steps:
                if pin is not None:
                    pin.value(0)
                await asyncio.sleep_ms(ms)
                if pin is not None:
                    pin.value(1)
        finally:
            self._pwrkey.value(1)
            self._reset.value(1)


class Watchdog:
    """Restarts the chip if it is not fed; it watches from the first feed on, for good."""

    def __init__(self):
        self._timer = None

    def feed(self):
        """Say that all is well."""
        if self._timer is None:
            self._timer = machine.WDT(timeout=_BITE)
        self._timer.feed()


class Board:
    """All ports of the board that a pin map describes.

    config: the module `firmware.board`, made from one of `firmware/boards/`.
    """

    def __init__(self, config):
        self.config = {name: getattr(config, name) for name in dir(config)}
        self.reset_cause = _cause()  # what counts the starts: "watchdog" among them
        self.cause = "restart" if self.reset_cause == "watchdog" else self.reset_cause
        self.unique_id = machine.unique_id()
        nvs = esp32.NVS("powersocket")
        self.clock = Clock()
        self.relay = Relay(config.RELAY, nvs)
        self.leds = {
            "power": Led(config.LED_POWER),
            "gsm": Led(config.LED_GSM),
            "out": Led(config.LED_OUT),
        }
        self.uart = _uart(config)
        self.modem_power = ModemPower(config.MODEM_PWRKEY, config.MODEM_RST)
        self.contact = Contact(config.CONTACT)
        self.jack = None if config.JACK is None else Contact(config.JACK)
        self.button = Button(config.BUTTON)
        self.mains = Mains(config.MAINS)
        self.thermometer = Thermometer(config.THERMOMETER)
        self.flash = Flash()
        self.watchdog = Watchdog()

    def log(self, text):
        """Print one line for whoever debugs."""
        print(text)

    def restart(self, cause):
        """Restart the chip."""
        print("restart:", cause)
        machine.reset()

    def sleep(self):
        """Deep sleep until mains power is back: the chip starts anew then.

        Only a pin of the RTC's (0, 2, 4, 12-15, 25-27, 32-39) can wake it.
        """
        esp32.wake_on_ext0(self.mains.pin, esp32.WAKEUP_ANY_HIGH)
        machine.deepsleep()


def _cause():
    """Return why the chip started: power, wake, watchdog or restart."""
    causes = {
        machine.PWRON_RESET: "power",
        machine.DEEPSLEEP_RESET: "wake",
        machine.WDT_RESET: "watchdog",
    }
    return causes.get(machine.reset_cause(), "restart")
