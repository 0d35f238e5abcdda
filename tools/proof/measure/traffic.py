# SPDX-License-Identifier: MIT
"""Wake-ups and speed of an idle hour, bytes on the wire, what is written to flash."""

from __future__ import annotations

import time
from collections.abc import Callable

from tools.bench.world.flash import Operations
from tools.bench.world.world import World
from tools.proof.measure.budget import Budget
from tools.proof.measure.device import OWNER, SETTLE

HOUR = 3_600_000
WAKEUPS = 1_000  # most in an idle hour
COMMANDS, WIRE = 3, 231  # AT commands and bytes for ON, answered and deleted


def started(vm: str) -> World:
    """Return a world whose device is on line and has nothing to do."""
    world = World(vm=vm)
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
