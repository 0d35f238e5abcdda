# SPDX-License-Identifier: MIT
"""The device's board: its power, the life of its ESP32, what the firmware does with its pins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.bench.kernel import Event, Kernel
from tools.bench.modem.line import Line
from tools.bench.modem.sim800 import Sim800
from tools.bench.runners.cpython import DeviceError, PowerCut
from tools.bench.world.chip import Chip, ChipSlot, Host
from tools.bench.world.flash import Flash
from tools.bench.world.peripherals import Button, Contact, Led, Mains, Nvs, Pin, Rtc, Thermometer
from tools.bench.world.secrets import Secrets

TICKS = 1 << 30
BOOT_MS = 250  # reset to the first line of boot.py
CRASH_MS = 1000  # main.py waits so long before it restarts the chip
WATCHDOG_MS = 60_000
BAUD = 115200
LEDS = ("power", "gsm", "out", "microphone")
UART_PIECE = 64  # bytes that the firmware is given at once at most; the board's port reads 256
LOG_LINES = 1000

Observer = Callable[[str, str], None]


def readable(data: bytes) -> str:
    """Return bytes as ASCII with escapes, so that a line stays a line."""
    return data.decode("latin-1").encode("unicode_escape").decode("ascii")


class Board:
    """Everything on the board, without power at first; see `World` for its parameters."""

    def __init__(
        self,
        kernel: Kernel,
        line: Line,
        modem: Sim800,
        flash: Flash,
        make: Callable[[Host], Chip],
        config: dict[str, Any],
        *,
        boot_ticks: int,
        battery: bool,
    ) -> None:
        self.kernel = kernel
        self.line = line
        self.modem = modem
        self.flash = flash
        self.config = config
        self.battery = battery
        self.chip = ChipSlot(make, self)
        self.nvs = Nvs()
        self.rtc = Rtc(kernel)
        self.relay = Pin(kernel)
        self.microrelay = Pin(kernel)
        self.leds = {name: Led(kernel) for name in LEDS}
        self.contact = Contact(kernel, lambda level: self._sensed("contact", level))
        self.button = Button(
            kernel,
            lambda arg: self._sensed("button_down", arg),
            lambda ms: self._sensed("button", ms),
        )
        self.mains = Mains(self._mains_changed)
        self.thermometer = Thermometer(kernel, lambda raw: self._sensed("thermometer", raw))
        self.powered = False
        self.asleep = False
        self.boots = self.crashes = self.power_cuts = 0
        self.crash_texts: list[str] = []
        self.logs: list[str] = []
        self._boot_ticks = boot_ticks
        self._observers: list[Observer] = []
        self._secrets = Secrets()
        self._booting: Event | None = None
        self._modem_start: Event | None = None
        self._watchdog: Event | None = None
        self._fed_at = 0
        line.to_device.sink = self._uart_received

    # -- power --------------------------------------------------------------------------------

    def power_on(self) -> None:
        """Give the device power: the modem starts, and the chip."""
        if self.powered:
            return
        self.powered = True
        self.notify("power", "on")
        self.modem.power(True)
        self._boot_later("power", BOOT_MS)

    def power_off(self) -> None:
        """Take all power away, the battery's too."""
        if not self.powered:
            return
        self.powered = self.asleep = False
        self._end_chip()
        self._cancel_modem_start()
        self.modem.power(False)
        self.line.to_modem.clear()
        self.rtc.lose_power()
        self._set_pin("relay", False)
        self._set_pin("microrelay", False)
        self._leds_off()
        self.notify("power", "off")

    def restart_chip(self, cause: str = "restart") -> None:
        """Restart the ESP32 alone. The relay pin keeps its level until boot.py sets it."""
        if not self.powered:
            return
        self.asleep = False
        self._end_chip()
        self._leds_off()
        self.notify("restart", cause)
        self._boot_later(cause if cause in ("wake", "watchdog") else "restart", BOOT_MS)

    def _boot_later(self, cause: str, ms: int) -> None:
        if self._booting is not None:
            self._booting.cancel()
        self._booting = self.kernel.after(ms, lambda: self._boot(cause))

    def _boot(self, cause: str) -> None:
        self._booting = None
        self._start_pins(cause)
        self.line.device_baud = BAUD
        self.flash.drop()
        self.boots += 1
        now = self.kernel.now
        info = {
            "ticks": (self._boot_ticks + now) % TICKS,
            "cause": cause if cause in ("power", "wake") else "restart",
            "reset_cause": cause,
            "contact": "1" if self.contact.stable else "0",
            "mains": "1" if self.mains.on else "0",
            "config": dict(self.config),
            "leds": list(LEDS if self.config["MODEL"].startswith("GSM70") else LEDS[:3]),
        }
        self.chip.boot(now, info)

    def _start_pins(self, cause: str) -> None:
        """Do what boot.py does before anything else."""
        for name in ("relay", "microrelay"):
            kept = self.nvs.get(name) or 0
            self._set_pin(name, kept == 1 or (kept == 3 and cause != "power"))

    def _end_chip(self) -> None:
        for event in (self._booting, self._watchdog):
            if event is not None:
                event.cancel()
        self._booting = self._watchdog = None
        self.chip.end()
        self.flash.drop()

    # -- what the firmware does ---------------------------------------------------------------

    def output(self, name: str, arg: str) -> None:
        """Take an output of the device."""
        handler = getattr(self, "_out_" + name, None)
        if handler is None:
            raise DeviceError(f"unknown output {name} {arg}")
        handler(arg)

    def _out_uart(self, arg: str) -> None:
        data = bytes.fromhex(arg)
        self._traffic("uart_tx", data)
        self.line.to_modem.write(data)

    def _out_relay(self, arg: str) -> None:
        self._set_pin("relay", arg == "1")

    def _out_microrelay(self, arg: str) -> None:
        self._set_pin("microrelay", arg == "1")

    def _out_led(self, arg: str) -> None:
        name, _, pattern = arg.partition(" ")
        if self.leds[name].show(pattern):
            self.notify("led", arg)

    def _out_thermometer(self, arg: str) -> None:
        self.thermometer.convert()

    def _out_modem_power(self, arg: str) -> None:
        what, *times = arg.split()
        ms = [int(time) for time in times]
        self.notify("modem_power", what)
        self._cancel_modem_start()
        if what == "reset" and len(ms) == 1:
            self.modem.reset(ms[0])
        elif what == "off" and len(ms) == 1:
            self.modem.pwrkey(ms[0])
        elif what == "restart" and len(ms) == 3:
            off, pause, on = ms
            self.modem.pwrkey(off)
            self._modem_start = self.kernel.after(off + pause, lambda: self.modem.pwrkey(on))
        else:
            raise DeviceError(f"unknown modem_power {arg}")

    def _cancel_modem_start(self) -> None:
        if self._modem_start is not None:
            self._modem_start.cancel()
            self._modem_start = None

    def _out_baud(self, arg: str) -> None:
        self.line.device_baud = int(arg)

    def _out_log(self, arg: str) -> None:
        self.logs.append(arg)
        del self.logs[:-LOG_LINES]
        self.notify("log", arg)

    def _out_crash(self, arg: str) -> None:
        self.crashes += 1
        self.crash_texts.append(arg.replace("|", "\n"))
        self._end_chip()
        self.notify("crash", arg)
        self._boot_later("restart", CRASH_MS + BOOT_MS)

    def _out_restart(self, arg: str) -> None:
        self.restart_chip(arg or "restart")

    def _out_sleep(self, arg: str) -> None:
        self._end_chip()
        self._leds_off()
        self.asleep = True
        self.notify("sleep", "")
        if self.mains.on:  # the wake-up input works by level
            self.restart_chip("wake")

    def _out_feed(self, arg: str) -> None:
        self._fed_at = self.kernel.now
        if self._watchdog is None:
            self._watchdog = self.kernel.after(WATCHDOG_MS, self._check_watchdog)

    def _check_watchdog(self) -> None:
        due = self._fed_at + WATCHDOG_MS
        if self.kernel.now >= due:
            self._watchdog = None
            self.restart_chip("watchdog")
        else:
            self._watchdog = self.kernel.at(due, self._check_watchdog)

    # -- what it calls ------------------------------------------------------------------------

    def passed(self, now: int, turns: int) -> None:
        """Hear from the chip that it went on by itself so many times, and that it is `now`."""
        self.kernel.advance(now)
        self.chip.wakeups += turns

    def call(self, name: str, arg: str) -> str:
        """Answer a synchronous call of the device. Raises PowerCut if the power goes in it."""
        if name == "flash.load":
            data = self._flash(lambda: self.flash.load(int(arg)))
            return "-" if data is None else data.hex()
        if name == "flash.commit":
            slot, _, text = arg.partition(" ")
            data = bytes.fromhex(text)
            try:
                self._flash(lambda: self.flash.commit(int(slot), data))
            except OSError as error:
                return f"!{error}"
            self.notify("commit", f"{slot} {len(data)}")
            return ""
        if name == "nvs.get":
            value = self.nvs.get(arg)
            return "-" if value is None else str(value)
        if name == "nvs.set":
            key, _, number = arg.partition(" ")
            self.nvs.set(key, int(number))
            return ""
        if name == "rtc.get":
            seconds = self.rtc.get()
            return "-" if seconds is None else str(seconds)
        if name == "rtc.set":
            self.rtc.set(int(arg))
            return ""
        raise DeviceError(f"unknown call {name} {arg}")

    def _flash(self, operation: Callable[[], Any]) -> Any:
        try:
            return operation()
        except PowerCut:
            self.power_cuts += 1
            self.power_off()
            raise

    # -- what the world does to the device ----------------------------------------------------

    def input(self, name: str, arg: str) -> None:
        """Give the device an input, at this instant; a chip that does not run misses it."""
        self.chip.input(name, arg)

    def _sensed(self, name: str, arg: str) -> None:
        self.notify(name, arg)
        self.input(name, arg)

    def _uart_received(self, data: bytes) -> None:
        self._traffic("uart_rx", data)
        for start in range(0, len(data), UART_PIECE):
            self.input("uart", data[start : start + UART_PIECE].hex())

    def _traffic(self, kind: str, data: bytes) -> None:
        if self._observers:
            self.notify(kind, readable(data))

    def _mains_changed(self, level: str) -> None:
        self.notify("mains", level)
        if not self.battery:
            if level == "1":
                self.power_on()
            else:
                self.power_off()
        elif self.asleep and level == "1":
            self.restart_chip("wake")
        else:
            self.input("mains", level)

    def _set_pin(self, name: str, on: bool) -> None:
        pin: Pin = getattr(self, name)
        if pin.set(on):
            self.notify(name, "1" if on else "0")

    def _leds_off(self) -> None:
        for name, led in self.leds.items():
            if led.show("off"):
                self.notify("led", f"{name} off")

    # -- what a person can tell ---------------------------------------------------------------

    @property
    def relay_on(self) -> bool:
        """The level at the main relay's pin."""
        return self.relay.on

    @property
    def microrelay_on(self) -> bool:
        """The level at the micro relay's pin."""
        return self.microrelay.on

    def observe(self, fn: Observer) -> None:
        """Call `fn(kind, text)` for every event that a person could see or a page would show.

        Kinds: sms_to, sms_from ("<number> <text>"), call ("out|in <number> <state>"), ussd, relay,
        microrelay, led ("<name> <pattern>"), log, crash, power, mains, restart, sleep, modem,
        modem_power, commit ("<slot> <bytes>"), contact, button_down, button (ms held, when let
        go), thermometer (its answer), uart_tx (from the ESP32), uart_rx (to it), sms_taken (by
        the modem), sms_read (and deleted by the firmware; both: "<number>").
        """
        self._observers.append(fn)

    def notify(self, kind: str, text: str) -> None:
        """Tell the observers, no passwords among it."""
        if kind == "sms_from":
            self._secrets.learn(text)
        if self._observers:
            text = self._secrets.clean(kind, text)
        for fn in self._observers:
            fn(kind, text)
