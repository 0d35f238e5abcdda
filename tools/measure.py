"""Prints what the firmware costs: wake-ups, speed, memory, sizes, bytes on the wire, flash wear.

`python -m tools.measure`. Budgets that must hold make the exit status 1. Times are of this machine
at this moment and never fail the run; counts and bytes are the same everywhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tools.bench.flash import Operations
from tools.bench.hints import MODELS
from tools.bench.vm import VmChip, versions
from tools.bench.world import Host, World
from tools.build import sizes

HOUR = 3_600_000
OWNER = "+31600000001"
SETTLE = 20_000
# Most that is allowed.
WAKEUPS = 4_000  # in an idle hour
# Of EP, bytes: what was reached, so that it is not lost; the aim for HEAP is 81,920.
MPY, HEAP, HEAP_BUSY = 34_000, 88_000, 112 * 1024
MPY_ALL = 106_000
# MicroPython's collector takes every word for a pointer, and some are none: what is live is the
# least of what it tells with the heap at several places.
PLACES = (None, 80 * 1024, 112 * 1024)
TRIED = (
    "STATUS",
    "SECNUMBER+31600000001",
    "SWITCHOFFTEMP=20C",
    "THERMOSTATON",
    "ALARMON",
    "SCHEDULER+07:00,*,ON",
    "SCHEDULER?",
    "SIMCARD*100#",
    "ON",
)
COMMANDS, WIRE = 3, 231  # AT commands and bytes for ON, answered and deleted


class Budget:
    """Prints figures and remembers which were over their limit."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def show(self, what: str, value: int, unit: str, limit: int | None = None) -> None:
        """Print a figure; with a limit it counts."""
        line = f"  {what}: {value:,} {unit}".rstrip()
        if limit is not None:
            line += f" (at most {limit:,})"
            if value > limit:
                self.broken.append(what)
                line += "  OVER BUDGET"
        print(line)


def started(vm: str, factory: Callable | None = None, model: str = "EP") -> World:
    """Return a world whose device is on line and has nothing to do."""
    world = World(vm=vm, chip_factory=factory, model=model)
    world.power_on()
    if not world.run_until(lambda: world.online, 60_000):
        raise SystemExit("measure: the device did not come on line")
    world.run_for(SETTLE)
    return world


def idle(budget: Budget) -> None:
    """An hour in which nothing happens."""
    print("an idle hour")
    for vm in ("cpython", "micropython"):
        world = started(vm)
        before, began = world.wakeups, time.perf_counter()
        world.run_for(HOUR)
        seconds = time.perf_counter() - began
        budget.show(f"wake-ups on {vm}", world.wakeups - before, "", WAKEUPS)
        print(f"  speed on {vm}: {HOUR / 1000 / seconds:,.0f} times as fast as life")
        print(f"  simulated years an hour on {vm}: {HOUR / 1000 / seconds / 8760:.1f}")
        world.close()


def memory(budget: Budget) -> None:
    """Files and heap on the 32-bit VM, started from .mpy files, of each model."""
    print(f"memory, MicroPython {versions()[0]}, 32 bits, from .mpy")
    listing = {}
    for path, size in sizes():
        name = path.removeprefix("lib/").removesuffix(".mpy").removesuffix("/__init__")
        listing[name.replace("/", ".")] = size
    for model in MODELS:
        world, chip = on_vm(model)
        modules = {*chip.modules(), "firmware.hardware"}  # in whose place are the bench's ports
        loaded = sum(size for name, size in listing.items() if name in modules)
        world.close()
        live = [started_heap(model, first) for first in PLACES]
        limits = (MPY, HEAP) if model == "EP" else (None, None)
        budget.show(f".mpy in memory of {model}", loaded, "bytes", limits[0])
        budget.show(f"live after start of {model}", min(live), "bytes", limits[1])
    busy = [busy_heap(first) for first in PLACES]
    budget.show("most live while EP carries out a command", min(busy), "bytes", HEAP_BUSY)
    world, chip = on_vm("EP")
    world.run_for(24 * HOUR)
    budget.show("live after an idle day", chip.measure(), "bytes")
    for number in range(50):
        world.network.deliver(OWNER, "ON" if number % 2 else "OFF")
        world.run_for(SETTLE)
    world.run_for(SETTLE)
    budget.show("live after 50 commands", chip.measure(), "bytes")
    world.close()
    budget.show(".mpy in all", sum(listing.values()), "bytes", MPY_ALL)


def on_vm(model: str, first: int | None = None) -> tuple[World, VmChip]:
    """Return a world whose device is on line on the VM, and has forgotten its start."""
    chips: list[VmChip] = []

    def factory(host: Host) -> VmChip:
        chips.append(VmChip(host, first=first))
        return chips[-1]

    world = started("micropython", factory, model)
    world.run_for(SETTLE)
    return world, chips[-1]


def started_heap(model: str, first: int | None) -> int:
    """Return the bytes that are live after the start."""
    world, chip = on_vm(model, first)
    live = chip.measure()
    world.close()
    return live


def busy_heap(first: int | None) -> int:
    """Return the most bytes that are live at any moment of some commands."""
    world, chip = on_vm("EP", first)
    most = 0
    for text in TRIED:
        world.network.deliver(OWNER, text)
        for _ in range(60):
            world.run_for(250)
            most = max(most, chip.measure())
    world.close()
    return most


def wire(budget: Budget) -> None:
    """One command, from its arrival to its deletion and the answer's end."""
    print('"ON" received, answered, deleted')
    world = started("cpython")
    trace: list[tuple[str, str]] = []
    world.observe(lambda kind, text: trace.append((kind, text)))
    line = world.line
    before = line.to_modem.sent, line.to_device.sent
    world.network.deliver(OWNER, "ON")
    world.run_for(SETTLE)
    sent, received = line.to_modem.sent - before[0], line.to_device.sent - before[1]
    commands = [text for kind, text in trace if kind == "uart_tx" and text.startswith("AT")]
    budget.show("AT commands", len(commands), "", COMMANDS)
    budget.show("bytes to the modem", sent, "")
    budget.show("bytes from the modem", received, "")
    budget.show("bytes on the wire", sent + received, "", WIRE)
    kinds = [kind for kind, _ in trace]
    order = kinds.index("relay") < next(
        i for i, (kind, text) in enumerate(trace) if kind == "uart_tx" and "CMGS" in text
    )
    print(f"  the relay moves before the reply is sent: {'yes' if order else 'NO'}")
    if not order:
        budget.broken.append("relay before reply")
    world.close()


def flash(budget: Budget) -> None:
    """What each kind of event writes."""
    print("flash, for each kind of event: commits, programs, erases, bytes programmed")
    world = started("cpython")
    number = [0]
    commits: list[str] = []

    def send(text: str) -> Callable[[], object]:
        return lambda: world.network.deliver(OWNER, text)

    def stranger() -> None:
        world.network.deliver("+31699999999", "ON")

    def temperature() -> None:
        number[0] += 1
        world.thermometer.celsius = 20 + number[0] % 7

    def thermostat() -> None:
        world.thermometer.celsius = 5

    events: list[tuple[str, Callable[[], object], int]] = [
        ("a reading", temperature, 60_000),
        ("THERMOSTATON, answered", send("THERMOSTATON"), 90_000),
        ("the thermostat switches", thermostat, 120_000),
        ("a command that changes nothing (STATUS)", send("STATUS"), SETTLE),
        ("a setting", send("RESTARTTIME=33"), SETTLE),
        ("ON, answered", send("ON"), SETTLE),
        ("OFF, answered", send("OFF"), SETTLE),
        ("RESTART, answered, and back", send("RESTART"), 60_000),
        ("the button", lambda: world.button.press(200), SETTLE),
        ("MAKEMEBOSS", send("MAKEMEBOSS"), SETTLE),
        ("a stranger's message", stranger, SETTLE),
        ("an idle day", lambda: None, 24 * HOUR),
    ]
    world.observe(lambda kind, text: commits.append(text) if kind == "commit" else None)
    for name, act, wait in events:
        commits.clear()
        before = _copy(world.flash.ops)
        act()
        world.run_for(wait)
        ops = world.flash.ops
        print(
            f"  {name}: {len(commits)}, {ops.programs - before.programs},"
            f" {ops.erases - before.erases}, {ops.program_bytes - before.program_bytes:,}"
        )
    record = world.flash.load(0) or b""
    began = time.perf_counter()
    for _ in range(200):
        world.flash.commit(0, record)
    each = (time.perf_counter() - began) * 1000 / 200
    print(
        f"  a commit of a record of {len(record):,} bytes: {each:.3f} ms in the simulated LittleFS"
        " (its code alone; the chip's own times come on top)"
    )
    world.close()


def _copy(ops: Operations) -> Operations:
    return Operations(ops.reads, ops.read_bytes, ops.programs, ops.program_bytes, ops.erases)


def main() -> int:
    """Print everything; return the exit status."""
    budget = Budget()
    for part in (idle, memory, wire, flash):
        part(budget)
    if budget.broken:
        print("over budget: " + ", ".join(budget.broken), file=sys.stderr)
    return 1 if budget.broken else 0


if __name__ == "__main__":
    sys.exit(main())
