# SPDX-License-Identifier: MIT
"""A world around the chip itself: boot.py, main.py and hardware.py run, and pins are what it sees.

`World` gives the firmware ports of the bench's own. Here it gets the pins of `chip/`: what it does
with them works the relay, PWRKEY and RST of the modem, the LEDs; contact, button and mains come
back as levels; records and the crash log are files.
"""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tools.bench.runners.cpython import DeviceError
from tools.bench.runners.vm import BENCH_SOURCES, VmChip
from tools.bench.world.chip import Chip, Host
from tools.bench.world.world import World
from tools.board.deploy_plan import OWNERS
from tools.build import ROOT

CHIP = tuple(
    f"tools/bench/runners/chip/{name}.py"
    for name in ("machine", "esp32", "onewire", "ds18x20", "console", "start")
)
SLOTS = {"/record0.json": 0, "/record1.json": 1}
POWER_ON = 85 * 16


class BoardChip(VmChip):
    """The VM with the chip's modules, running boot.py and main.py.

    Args:
        host: the world.
        board, heap, tree: see BoardWorld; the bench's own modules are added to the tree.
    """

    def __init__(
        self, host: Host, board: str, heap: int | None = None, tree: Path | None = None
    ) -> None:
        super().__init__(
            host,
            heap=heap,
            application="tools.bench.runners.chip.start",
            extra=(*CHIP, f"firmware/boards/{board}.py"),
        )
        self._given = tree

    def _tree(self) -> Path:
        built = super()._tree()
        if self._given is None:
            return built
        for source in (*BENCH_SOURCES, *CHIP):
            path = Path(source).with_suffix(".mpy")
            (self._given / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(built / path, self._given / path)
        return self._given


class BoardWorld(World):
    """A world with a real board.

    Args:
        board: a map of firmware/boards; the modem is of the family that it names.
        changes: names of the map that have other values here.
        heap: bytes of the chip's heap, None: as it needs.
        blocking: asyncio.run() blocks and the REPL comes after main.py (chip/console.py).
        strikes: a Ctrl-C comes at these of the chip's effects on the world, counted from its
            start; with `blocking`.
        tree: a folder with what is on the board's flash, its pin map too, in place of what is
            built; `board` is of no use then.

    Attributes:
        pins: the level of each output that was set since the chip started.
        edges: (time in ms, pin, level) of each change of an output.
        files: what else than the records is on flash.
        prints: what the board printed, newest last.
        at_repl: main.py is over (with `blocking`).
    """

    def __init__(
        self,
        board: str = "devkit",
        changes: dict[str, Any] | None = None,
        heap: int | None = None,
        blocking: bool = False,
        strikes: Iterable[int] = (),
        tree: Path | None = None,
        **options: Any,
    ) -> None:
        pins = f"firmware/boards/{board}.py" if tree is None else OWNERS

        def make(host: Host) -> Chip:
            return BoardChip(host, board, heap, tree)

        factory: Callable[[Host], Chip] = make
        changes = changes or {}
        self.map = runpy.run_path(str((tree or ROOT) / pins)) | changes
        options.setdefault("family", self.map.get("MODEM", "SIM800L").lower())
        super().__init__(chip_factory=factory, **options)
        module = pins.removesuffix(".py").replace("/", ".")
        self.config.update(board=module, changes=changes, blocking=blocking, strikes=list(strikes))
        self.pins: dict[int, int] = {}
        self.edges: list[tuple[int, int, int]] = []
        self.files: dict[str, bytes] = {}
        self.i2c: list[str] = []
        self.wake_on = ""
        self._pressed_at: dict[int, int] = {}
        self._bite = 0
        self.button_held = False
        self.at_repl = False

    @property
    def prints(self) -> list[str]:
        return self.logs

    def _boot(self, cause: str) -> None:
        self.pins = {}  # they float until boot.py sets them
        self.at_repl = False
        self._bite = 0
        self.config["levels"] = {
            str(self.map["CONTACT"]): 0 if self.contact.closed else 1,
            str(self.map["MAINS"]): int(self.mains.on),
            str(self.map["BUTTON"]): 0 if self.button_held or self.button.down else 1,
        }
        self._boot_ticks = -self.now  # ticks begin at 0 at every start
        super()._boot(cause)

    def _start_pins(self, cause: str) -> None:
        """boot.py itself sets the relay; what is on it stays so for the moment."""

    def input(self, name: str, arg: str) -> None:
        """Give an input as the chip sees it: bytes, or the level of a pin."""
        if name == "contact":
            self._level("CONTACT", arg == "0")
        elif name == "mains":
            self._level("MAINS", arg == "1")
        elif name in ("button_down", "button"):
            self._level("BUTTON", name == "button")
        elif name != "thermometer":
            super().input(name, arg)

    def repl(self, line: str) -> None:
        """Type a line at the REPL."""
        super().input("repl", line)

    def ctrl_c(self, after: int = 0) -> None:
        """Press Ctrl-C, now or after so many effects on the world (with `blocking`)."""
        super().input("ctrl_c", str(after))

    def _level(self, name: str, high: bool) -> None:
        super().input("pin", f"{self.map[name]} {int(high)}")

    def _out_drive(self, arg: str) -> None:
        """PWRKEY and RST are pulled up to another voltage: only pull them down.

        A transistor in between does that, if the pin is in ACTIVE_HIGH: it needs both levels.
        """
        number, _, how = arg.partition(" ")
        for name in ("MODEM_PWRKEY", "MODEM_RST"):
            if int(number) == self.map[name]:
                transistor = int(number) in self.map.get("ACTIVE_HIGH", ())
                if transistor != (how == "both"):
                    wrong = "is not driven high" if transistor else "is driven high"
                    raise DeviceError(f"{name} {wrong}")

    def _out_pin(self, arg: str) -> None:
        number, level = map(int, arg.split())
        before = self.pins.get(number)
        if before == level:
            return
        self.pins[number] = level
        self.edges.append((self.now, number, level))
        if number == self.map["RELAY"]:
            self._out_relay(str(level))
        pressed = 1 if number in self.map.get("ACTIVE_HIGH", ()) else 0
        if level == pressed:
            self._pressed_at[number] = self.now
            if number == self.map["MODEM_PWRKEY"]:
                self.modem.press_pwrkey()
        elif before == pressed:
            if number == self.map["MODEM_PWRKEY"]:
                self.modem.release_pwrkey()
            elif number == self.map["MODEM_RST"]:
                self.modem.reset(self.now - self._pressed_at[number])

    def _out_repl(self, arg: str) -> None:
        self.at_repl = True

    def _out_i2c(self, arg: str) -> None:
        self.i2c.append(arg)

    def _out_wake_on(self, arg: str) -> None:
        self.wake_on = arg

    def _out_sleep(self, arg: str) -> None:
        if self.wake_on != f"{self.map['MAINS']} 1":
            raise DeviceError(f"it sleeps and nothing wakes it: {self.wake_on!r}")
        self.pins = {}
        super()._out_sleep(arg)

    def _out_wdt(self, arg: str) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        self._bite = int(arg)
        self._out_feed("")

    def _out_feed(self, arg: str) -> None:
        if not self._bite:
            raise DeviceError("a watchdog is fed that was not made")
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._watchdog = self.kernel.after(self._bite, self._bites)

    def _bites(self) -> None:
        self._watchdog = None
        self.restart_chip("watchdog")

    def call(self, name: str, arg: str) -> str:
        """Answer a synchronous call of the chip."""
        path, _, rest = arg.partition(" ")
        if name == "ds.scratch":
            return self._scratch()
        if name == "file.load":
            if path in SLOTS:
                return super().call("flash.load", str(SLOTS[path]))
            return self.files[path].hex() if path in self.files else "-"
        if name == "file.commit":
            if path in SLOTS:
                return super().call("flash.commit", f"{SLOTS[path]} {rest}")
            self.files[path] = bytes.fromhex(rest)
            return ""
        if name == "file.append":
            self.files[path] = self.files.get(path, b"") + bytes.fromhex(rest)
            return ""
        if name == "file.remove":
            del self.files[path]
            return ""
        if name == "file.rename":
            self.files[rest] = self.files.pop(path)
            return ""
        return super().call(name, arg)

    def _scratch(self) -> str:
        """Return what the DS18B20 answers: nine bytes, or what the driver finds wrong."""
        fault = self.thermometer.fault
        if fault in ("missing", "corrupt"):
            return "!presence" if fault == "missing" else "!crc"
        raw = POWER_ON if fault == "poweron" else self.thermometer.raw
        reserved = 0x0C if fault == "poweron" else 16 - (raw & 15)
        scratch = [raw & 255, raw >> 8 & 255, 0x4B, 0x46, 0x7F, 0xFF, reserved, 0x10, 0]
        return bytes(scratch).hex()
