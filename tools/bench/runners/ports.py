# SPDX-License-Identifier: MIT
"""The board's ports as the bench builds them; the same code on CPython and on the MicroPython VM.

Each class has the shape of its sibling in `firmware/hardware.py`. What it does goes over a *wire*
to the simulated world, and what happens in the world comes back through `BenchBoard.input`.
MicroPython subset: this file runs inside the device under test.
"""

import asyncio

from firmware.watches import Signal


class FlashError(OSError):
    """The world's file system refused a commit."""


class SensorError(Exception):
    """A reading that failed; the argument says how: presence, crc or poweron."""


class Uart:
    """The modem's serial line; what has arrived is kept until it is read, piece by piece."""

    def __init__(self, wire):
        self._wire = wire
        self._received = []
        self._event = asyncio.Event()

    def put(self, data):
        self._received.append(data)
        self._event.set()

    async def read(self):
        """Wait for bytes; return a piece of what has arrived."""
        while not self._received:
            self._event.clear()
            await self._event.wait()
        return self._received.pop(0)

    def write(self, data):
        self._wire.give(data)
        self._wire.emit("uart", "")

    def set_baud(self, baud):
        self._wire.emit("baud", str(baud))


class Relay:
    """A relay pin. `remembered` is the level that NVS keeps for `boot.py`."""

    def __init__(self, wire, name):
        self._wire = wire
        self._name = name

    def set(self, on):
        self._wire.emit(self._name, "1" if on else "0")

    def remember(self, kept):
        """Store for `boot.py`: 1 is on, 3 is on but off when power comes back."""
        self._wire.call("nvs.set", self._name + " " + str(int(kept)))

    def remembered(self):
        """Return the stored level, or None if none was ever stored."""
        value = self._wire.call("nvs.get", self._name)
        return None if value == "-" else value == "1"


class Led:
    """One LED; blinking is done by the world, as hardware.py does it behind the same shape."""

    def __init__(self, wire, name):
        self._wire = wire
        self._name = name

    def show(self, pattern):
        self._wire.emit("led", self._name + " " + pattern)


class Thermometer:
    """The DS18B20."""

    def __init__(self, wire):
        self._wire = wire
        self._answer = Signal("")

    def put(self, answer):
        self._answer.put(answer)

    async def read(self):
        """Convert and read: 1/16 degree Celsius. Raises SensorError."""
        self._wire.emit("thermometer", "")
        answer = await self._answer.changed()
        if answer.startswith("!"):
            raise SensorError(answer[1:])
        return int(answer)


class Flash:
    """Two record slots on the file system."""

    def __init__(self, wire):
        self._wire = wire

    def load(self, slot):
        """Return a slot as a file to read bytes from, or None if it was never written."""
        return self._wire.load("flash.load", str(slot))

    def commit(self, slot, pieces):
        """Replace a slot's bytes at once or not at all. Raises FlashError.

        If `pieces` raises, what has come is written, as by the board, which closes its file then.
        """
        try:
            for piece in pieces:
                self._wire.give(piece)
        finally:
            answer = self._wire.call("flash.commit", str(slot) + " ")
        if answer:
            raise FlashError(answer)


class Clock:
    """Raw 2^30 ms ticks, and an RTC in seconds that runs on while there is any power."""

    def __init__(self, wire):
        self._wire = wire

    def ticks_ms(self):
        return self._wire.ticks_ms()

    def rtc(self):
        """Return the RTC's seconds, or None if all power was gone since it was set."""
        value = self._wire.call("rtc.get", "")
        return None if value == "-" else int(value)

    def set_rtc(self, seconds):
        self._wire.call("rtc.set", str(seconds))


class ModemPower:
    """PWRKEY and RST of the modem.

    lacks: those of `restart` (with which goes `off`) and `reset` that this board cannot do.
    """

    def __init__(self, wire, lacks):
        self._wire = wire
        self._lacks = lacks

    def restart(self, times):
        """Press PWRKEY to switch the modem off, pause, press it to switch it on: ms of each."""
        return self._do("restart", "restart", times)

    def reset(self, ms):
        """Press RST."""
        return self._do("reset", "reset", (ms,))

    def off(self, ms):
        """Press PWRKEY to switch the modem off."""
        self._do("off", "restart", (ms,))

    def _do(self, what, by, times):
        if by in self._lacks:
            return False
        self._wire.emit("modem_power", " ".join([what] + [str(ms) for ms in times]))
        return True


class Watchdog:
    """Restarts the chip if it is not fed for a minute; it watches from the first feed on."""

    def __init__(self, wire):
        self._wire = wire

    def feed(self):
        self._wire.emit("feed", "")


class BenchBoard:
    """All ports of a board, its configuration and why it started."""

    def __init__(self, wire, info):
        self._wire = wire
        self.config = info["config"]
        self.cause = info["cause"]
        self.reset_cause = info.get("reset_cause", self.cause)
        self.unique_id = bytes.fromhex(info.get("unique_id", "240ac4123456"))
        self.clock = Clock(wire)
        self.uart = Uart(wire)
        self.relay = Relay(wire, "relay")
        self.microrelay = Relay(wire, "microrelay")
        self.leds = {}
        for name in info.get("leds", ("power", "gsm", "out")):
            self.leds[name] = Led(wire, name)
        self.contact = Signal(info["contact"] == "1")
        self.jack = Signal(True) if info["config"].get("JACK") else None
        self.mains = Signal(info["mains"] == "1")
        # A press is None, its end the length in ms.
        self.button = Signal(0)
        self.thermometer = Thermometer(wire)
        self.flash = Flash(wire)
        self.modem_power = ModemPower(wire, info["config"].get("LACKS", ()))
        self.watchdog = Watchdog(wire)

    def input(self, name, arg):
        """Take what happened in the world."""
        if name == "uart":
            self.uart.put(bytes.fromhex(arg))
        elif name == "contact":
            self.contact.put(arg == "1")
        elif name == "jack":
            self.jack.put(arg == "1")
        elif name == "mains":
            self.mains.put(arg == "1")
        elif name == "button_down":
            self.button.put(None)
        elif name == "button":
            self.button.put(int(arg))
        elif name == "thermometer":
            self.thermometer.put(arg)
        else:
            raise ValueError("unknown input " + name)

    def log(self, text):
        """Print one line for whoever debugs."""
        self._wire.emit("log", text)

    def restart(self, cause):
        """Restart the chip; does not return on the board."""
        self._wire.emit("restart", cause)

    def sleep(self):
        """Deep sleep until mains power is back; does not return on the board."""
        self._wire.emit("sleep", "")
