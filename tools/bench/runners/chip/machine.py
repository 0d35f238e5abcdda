# SPDX-License-Identifier: MIT
"""`machine` of an ESP32 as the board world has it: the chip's rules, over the wire. MicroPython.

What a real chip would do silently wrong is an error here: it ends the run with a log line
`rule: ..`. Source: quick reference of the ESP32 port and its machine_pin.c, machine_uart.c,
machine_wdt.c at 1.24.
"""

import asyncio
import time

import wire

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5
_CAUSES = {"power": PWRON_RESET, "watchdog": WDT_RESET, "wake": DEEPSLEEP_RESET}
_EPOCH = 946684800  # s between 1970, the VM's epoch, and 2000, the board's

levels = {}  # what the world puts on inputs, by pin
latches = {}  # the levels given to outputs, by pin
taken = {}  # pins that a peripheral has, and which
started = {"cause": "power"}
uarts = {}  # by port: the one that was made last has the line


class Off(BaseException):
    """The chip was reset or sleeps: nothing runs on."""


def _end(name, arg):
    wire.emit(name, arg)
    wire.end()
    raise Off


def broken(rule):
    """Report a broken rule and end the run."""
    wire.emit("crash", "rule: " + rule)
    wire.end()
    raise Off


def take(number, peripheral):
    """Give a pin to a peripheral: it is no other's, and no output either."""
    if taken.get(number, peripheral) != peripheral or number in latches:
        broken("pin " + str(number) + " has two uses, one is " + peripheral)
    taken[number] = peripheral


def reset():
    """Restart."""
    _end("restart", "machine.reset")


def deepsleep():
    """Sleep until the wake pin is as wanted."""
    _end("sleep", "")


def reset_cause():
    """Return why the chip started; a brown-out is no different from a power-up."""
    return _CAUSES.get(started["cause"], HARD_RESET)


def unique_id():
    """Return the factory's MAC address."""
    return b"\x24\x0a\xc4\x12\x34\x56"


class Pin:
    """A pin; its number alone changes nothing."""

    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2

    def __init__(self, number, mode=None, pull=None, value=None):
        if type(number) is not int or not 0 <= number < 40:
            raise ValueError("invalid pin")
        self.number = number
        if mode is None:
            return
        if 6 <= number <= 11:
            broken("pin " + str(number) + " is the flash chip's")
        if number in (16, 17):
            broken("pin " + str(number) + " is the PSRAM's")
        if number in (1, 3):
            broken("pin " + str(number) + " is the REPL's")
        if number >= 34 and (mode != Pin.IN or pull is not None):
            raise ValueError("pin can only be input")
        if mode != Pin.IN:
            if number in taken:
                broken("pin " + str(number) + " has two uses, one is " + taken[number])
            wire.emit("drive", str(number) + (" low" if mode == Pin.OPEN_DRAIN else " both"))
            latches[number] = int(latches.get(number, 0) if value is None else value)
            wire.emit("pin", str(number) + " " + str(latches[number]))
        elif pull == Pin.PULL_UP:
            levels.setdefault(number, 1)

    def value(self, level=None):
        """Read, or write."""
        if level is None:
            return latches.get(self.number, levels.get(self.number, 0))
        if self.number not in latches:
            broken("pin " + str(self.number) + " is written and no output")
        if latches[self.number] != level:
            latches[self.number] = int(level)
            wire.emit("pin", str(self.number) + " " + str(int(level)))


class UART:
    """Receives into a buffer that overflows silently; a full buffer to send would block."""

    def __init__(self, port, baudrate=115200, tx=17, rx=16, rxbuf=256, txbuf=256, timeout=0):
        Pin(rx, Pin.IN)
        Pin(tx, Pin.IN)
        if tx >= 34:
            raise ValueError("pin can only be input")
        for pin in (tx, rx):
            take(pin, "UART " + str(port))
        self._room, self._txbuf = rxbuf, txbuf + 128  # the FIFO's
        self._received = b""
        self._sending, self._since = 0, time.ticks_ms()
        self.event = asyncio.Event()
        self.init(baudrate)
        uarts[port] = self

    def init(self, baudrate):
        """Change the rate."""
        self._baud = baudrate
        wire.emit("baud", str(baudrate))

    def put(self, data):
        """Bytes arrive; what finds no room is lost."""
        self._received = (self._received + data)[: self._room]
        self.event.set()

    def any(self):
        """Return the number of bytes received."""
        return len(self._received)

    def read(self, size=512):
        """Return bytes received, None if there are none."""
        data, self._received = self._received[:size], self._received[size:]
        return data or None

    def write(self, data):
        """Send."""
        now = time.ticks_ms()
        gone = time.ticks_diff(now, self._since) * self._baud // 10_000
        self._sending = max(0, self._sending - gone) + len(data)
        self._since = now
        if self._sending > self._txbuf:
            broken("the UART's write blocks: " + str(self._sending) + " bytes wait")
        wire.emit("uart", data.hex())
        return len(data)


class StreamReader:
    """What asyncio.StreamReader does with a UART; this VM's asyncio has none."""

    def __init__(self, uart):
        self._uart = uart

    async def read(self, size):
        """Wait for bytes."""
        while not self._uart.any():
            self._uart.event.clear()
            await self._uart.event.wait()
        return self._uart.read(size)


class WDT:
    """The watchdog: once begun it cannot be stopped, only be given another time."""

    def __init__(self, timeout=5000):
        wire.emit("wdt", str(timeout))

    def feed(self):
        """Put it off."""
        wire.emit("feed", "")


class I2C:
    """A bus on which nobody answers but an IP5306."""

    def __init__(self, port, sda, scl):
        for pin in (sda, scl):
            take(pin.number, "I2C " + str(port))

    def writeto_mem(self, address, register, data):
        """Write a register. Raises OSError if nobody answers."""
        if address != 0x75:
            raise OSError(19)
        wire.emit("i2c", str(address) + " " + str(register) + " " + data.hex())


class RTC:
    """The calendar, in the world; it runs on through restarts."""

    def datetime(self, value):
        """Set it: (year, month, day, weekday, hours, minutes, seconds, microseconds)."""
        year, month, day, _, hour, minute, second, _ = value
        seconds = time.mktime((year, month, day, hour, minute, second, 0, 0))
        wire.call("rtc.set", str(seconds))


class Time:
    """`time` of the board: seconds from 2000 on, out of the RTC."""

    def __init__(self, real):
        self._real = real
        self.ticks_ms, self.ticks_diff = real.ticks_ms, real.ticks_diff
        self.ticks_add = real.ticks_add

    def time(self):
        """Return the RTC's seconds; 0 if it was never set."""
        value = wire.call("rtc.get", "")
        return 0 if value == "-" else int(value)

    def gmtime(self, seconds):
        """Return the parts of a time."""
        return self._real.gmtime(seconds + _EPOCH)

    def mktime(self, parts):
        """Return the seconds of a time."""
        return self._real.mktime(parts) - _EPOCH
