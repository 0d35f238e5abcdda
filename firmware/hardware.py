# SPDX-License-Identifier: MIT
"""The ESP32's ports: the only file that knows pins, timers and the chip.

Polling, debouncing, blinking and the 750 ms of a temperature conversion are hidden here, behind
the same interfaces that `tools/bench/runners/ports.py` has for the simulated world.
"""

import asyncio
import time

import ds18x20
import esp32
import machine
import onewire
from ds18b20 import SensorError, temperature
from machine import UART, Pin
from powersocket import const
from sim800.link import StreamUart

from firmware.watches import Signal

_POLL = const(25)  # ms between looks at an input
_CONVERSION = const(750)  # ms of a 12-bit conversion, DS18B20 data sheet
_BITE = const(60_000)  # ms without a feed after which the watchdog restarts the chip

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

    At 115200 baud the UART's FIFO of 128 bytes lasts 11 ms and the buffer of 2 KB 177 ms. The
    interrupt that moves one to the other can be blocked for as long as a flash erase takes. The
    transmit buffer holds the longest command, so a write never blocks.
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
    """The relay's pin, and the level in NVS that `boot.py` gives it before anything else runs."""

    def __init__(self, pin, nvs, key):
        self._pin = pin
        self._nvs = nvs
        self._key = key

    def set(self, on):
        """Switch."""
        Pin(self._pin, Pin.OUT, value=on)  # sets the level before the direction: no click

    def remember(self, kept):
        """Store the level for `boot.py`. Bit 0: on; bit 1: off when power comes back."""
        self._nvs.set_i32(self._key, kept)
        self._nvs.commit()


class Led:
    """One LED; while it blinks, a task of its own does that."""

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


class Input(Signal):
    """An input, True at the level `active`; debounced: three equal samples within 50 ms."""

    def __init__(self, pin, active, pull=None):
        self.pin = Pin(pin, Pin.IN, pull)
        self._active = active
        super().__init__(self.pin.value() == active)
        self._task = asyncio.create_task(self._poll())

    async def _poll(self):
        looks = 0
        while True:
            await asyncio.sleep_ms(_POLL)
            looks = looks + 1 if (self.pin.value() == self._active) != self.value else 0
            if looks == 3:
                looks = 0
                self.put(not self.value)


class Button(Input):
    """The hidden button: low while pressed, with a pull-up."""

    def __init__(self, pin):
        self._since = time.ticks_ms()
        self._ms = 0
        super().__init__(pin, 0, Pin.PULL_UP)

    def put(self, value):
        """Take a press or a release, and measure how long it took."""
        now = time.ticks_ms()
        self._ms = time.ticks_diff(now, self._since)
        self._since = now
        super().put(value)

    async def changed(self):
        """Wait for a press, and return None; or for a release, and return the press's ms."""
        return None if await super().changed() else self._ms


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
            self._rom = None  # a bad CRC is also what a sensor with another ROM code gives
            raise SensorError("crc") from None
        return temperature(scratch)


class Flash:
    """Two record slots as files on LittleFS, where closing a file commits it."""

    def load(self, slot):
        """Return a slot as a file to read bytes from, or None if it was never written."""
        try:
            return open(_path(slot), "rb")
        except OSError:
            return None

    def commit(self, slot, pieces):
        """Replace a slot's bytes atomically. Raises OSError.

        If `pieces` raises, the slot is left damaged, and the other one holds the record.
        """
        with open(_path(slot), "wb") as file:
            for piece in pieces:
                file.write(piece)


def _path(slot):
    return "/record" + str(slot) + ".json"


class Clock:
    """Raw ticks, and the RTC, which keeps running through restarts and deep sleep."""

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


class Key:
    """PWRKEY or RST of the modem.

    pin: None if the board lacks it; high: the pin presses it by a high level, over a transistor,
    else it pulls it low, as an open drain.
    """

    def __init__(self, pin, high):
        self._released = int(not high)
        self._pin = None
        if pin is not None:
            self._pin = Pin(pin, Pin.OUT if high else Pin.OPEN_DRAIN, value=self._released)
        self._task = None

    def press(self, times):
        """Press it for so many ms, release it for so many, and so on, in the background.

        Return False if the board lacks it.
        """
        if self._pin is None:
            return False
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._run(self._pin, times))
        return True

    async def _run(self, pin, times):
        level = 1 - self._released
        try:
            for ms in times:
                pin.value(level)
                level = 1 - level
                await asyncio.sleep_ms(ms)
        finally:
            pin.value(self._released)


class ModemPower:
    """What the modem is switched and reset with, for as long as its family says."""

    def __init__(self, config):
        high = getattr(config, "ACTIVE_HIGH", ())
        self._pwrkey = Key(config.MODEM_PWRKEY, config.MODEM_PWRKEY in high)
        self._reset = Key(config.MODEM_RST, config.MODEM_RST in high)

    def restart(self, times):
        """Press PWRKEY twice, to switch off and on: ms pressed, apart, pressed.

        Return False if there is none.
        """
        return self._pwrkey.press(times)

    def reset(self, ms):
        """Press RST; False: there is none."""
        return self._reset.press((ms,))

    def off(self, ms):
        """Press PWRKEY, if there is one, for long enough to switch the modem off."""
        self._pwrkey.press((ms,))


class Watchdog:
    """Restarts the chip if it is not fed. It starts at the first feed and cannot be stopped."""

    def __init__(self):
        self._timer = None

    def feed(self):
        """Start the timer again; at the first call, create it."""
        if self._timer is None:
            self._timer = machine.WDT(timeout=_BITE)
        self._timer.feed()


class Board:
    """All ports of the board that a pin map describes.

    config: the module `firmware.board`, a copy of one of `firmware/boards/`.
    """

    def __init__(self, config):
        self.config = {name: getattr(config, name) for name in dir(config)}
        self.reset_cause = _cause()  # by which starts are counted: "watchdog" is one of its own
        self.cause = "restart" if self.reset_cause == "watchdog" else self.reset_cause
        self.unique_id = machine.unique_id()
        for pin in config.HIGH:
            Pin(pin, Pin.OUT, value=1)
        if config.IP5306 is not None:
            _keep_supply(*config.IP5306)
        self.clock = Clock()
        nvs = esp32.NVS("powersocket")
        self.relay = Relay(config.RELAY, nvs, "relay")
        self.microrelay = None
        if config.MICRORELAY is not None:
            self.microrelay = Relay(config.MICRORELAY, nvs, "microrelay")
        self.leds = {
            "power": Led(config.LED_POWER),
            "gsm": Led(config.LED_GSM),
            "out": Led(config.LED_OUT),
        }
        if config.LED_MICROPHONE is not None:
            self.leds["microphone"] = Led(config.LED_MICROPHONE)
        self.uart = _uart(config)
        self.modem_power = ModemPower(config)
        self.contact = Input(config.CONTACT, 0)  # low while current flows
        self.jack = None if config.JACK is None else Input(config.JACK, 0)
        self.button = Button(config.BUTTON)
        self.mains = Input(config.MAINS, 1)
        self.thermometer = Thermometer(config.THERMOMETER)
        self.flash = Flash()
        self.watchdog = Watchdog()

    def log(self, text):
        """Print one line on the serial port."""
        print(text)

    def restart(self, cause):
        """Restart the chip."""
        print("restart:", cause)
        machine.reset()

    def sleep(self):
        """Sleep deeply until mains power is back; the chip then starts again.

        Only an RTC pin (0, 2, 4, 12-15, 25-27, 32-39) can wake it.
        """
        esp32.wake_on_ext0(self.mains.pin, esp32.WAKEUP_ANY_HIGH)
        machine.deepsleep()


def _keep_supply(sda, scl):
    """Make the IP5306 stay on when little current flows: register SYS_CTL0, bit 1."""
    try:
        machine.I2C(0, sda=Pin(sda), scl=Pin(scl)).writeto_mem(0x75, 0, b"\x37")
    except OSError as error:
        print("IP5306 does not answer:", error)


def _cause():
    """Return why the chip started: power, wake, watchdog or restart."""
    causes = {
        machine.PWRON_RESET: "power",
        machine.DEEPSLEEP_RESET: "wake",
        machine.WDT_RESET: "watchdog",
    }
    return causes.get(machine.reset_cause(), "restart")
