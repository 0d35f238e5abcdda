# SPDX-License-Identifier: MIT
"""The rules of the chip in tools/bench/runners/chip, and the pin maps that keep them.

A rule is tried at the chip's REPL; the pin maps are those that `firmware/pins.py` lets pass.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.pins import problems
from host_tests.world_kit import OWNER, on_line
from tools.bench.runners.cpython import DeviceError
from tools.bench.world.board_world import BoardWorld
from tools.build import ROOT

MINUTE = 60_000
BOARDS = ROOT / "firmware" / "boards"
# As in the devkit's map, but with all lines of the modem.
MAP = runpy.run_path(str(BOARDS / "devkit.py")) | {"MODEM_PWRKEY": 4}
# ESP32 data sheet, 2.2 and 3.1: what may be wired to anything; what is an input only.
FREE = (4, 13, 14, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33)
INPUT_ONLY = (34, 35, 36, 37, 38, 39)
NO_PINS = (20, 24, 28, 29, 30, 31)
FLASH = (6, 7, 8, 9, 10, 11)
PSRAM = (16, 17)
REPL = (1, 3)
STRAPPING = (0, 2, 5, 12, 15)
RTC = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27, *range(32, 40))
DRIVEN = (
    "RELAY", "LED_POWER", "LED_GSM", "LED_OUT", "MODEM_TX", "MODEM_PWRKEY", "MODEM_RST",
    "THERMOMETER", "MICRORELAY", "LED_MICROPHONE",
)  # fmt: skip
READ = ("MODEM_RX", "CONTACT", "BUTTON", "MAINS", "JACK")


@pytest.fixture
def chip() -> Iterator[BoardWorld]:
    """A chip at the REPL: nothing was started, but boot.py has set the relay."""
    world = BoardWorld(changes={"MODEM_PWRKEY": 4})
    world.button_held = True
    world.power_on()
    world.run_for(1000)
    world.repl("import machine, esp32, onewire")
    yield world
    world.close()


def typed(world: BoardWorld, line: str) -> str:
    """Return what a line says last: a value, an exception or a broken rule."""
    before, broken = len(world.prints), world.crashes
    world.repl(line)
    world.run_for(1000)
    if world.crashes > broken:
        return world.crash_texts[-1]
    return world.prints[-1] if len(world.prints) > before else ""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("machine.Pin(40)", "ValueError: invalid pin"),
        ("machine.Pin(-1)", "ValueError: invalid pin"),
        ("machine.Pin(34, machine.Pin.OUT)", "ValueError: pin can only be input"),
        ("machine.Pin(39, machine.Pin.OPEN_DRAIN)", "ValueError: pin can only be input"),
        ("machine.Pin(35, machine.Pin.IN, machine.Pin.PULL_UP)", "ValueError: pin can only be in"),
        ("machine.Pin(6, machine.Pin.OUT)", "rule: pin 6 is the flash chip's"),
        ("machine.Pin(11, machine.Pin.IN)", "rule: pin 11 is the flash chip's"),
        ("machine.Pin(1, machine.Pin.OUT)", "rule: pin 1 is the REPL's"),
        ("machine.Pin(3, machine.Pin.IN)", "rule: pin 3 is the REPL's"),
        ("machine.Pin(16, machine.Pin.OUT)", "rule: pin 16 is the PSRAM's"),
        ("machine.UART(2, tx=17, rx=14)", "rule: pin 17 is the PSRAM's"),
        ("machine.Pin(23, machine.Pin.IN).value(1)", "rule: pin 23 is written and no output"),
        ("machine.Pin(23).value(0)", "rule: pin 23 is written and no output"),
        ("machine.UART(2, tx=34, rx=14)", "ValueError: pin can only be input"),
        ("machine.UART(2, tx=26, rx=14)", "rule: pin 26 has two uses, one is UART 2"),
        ("onewire.OneWire(machine.Pin(34))", "ValueError: pin can only be input"),
        ("onewire.OneWire(machine.Pin(26))", "rule: pin 26 has two uses, one is 1-Wire"),
        (
            "machine.UART(2, tx=27, rx=14), onewire.OneWire(machine.Pin(14))",
            "rule: pin 14 has two uses, one is 1-Wire",
        ),
        (
            "machine.UART(2, tx=27, rx=14), machine.Pin(27, machine.Pin.OUT)",
            "rule: pin 27 has two uses, one is UART 2",
        ),
        (
            "machine.I2C(0, sda=machine.Pin(26), scl=machine.Pin(22))",
            "rule: pin 26 has two uses, one is I2C 0",
        ),
        (
            "machine.I2C(0, sda=machine.Pin(21), scl=machine.Pin(22)).writeto_mem(118, 0, b'')",
            "OSError: [Errno 19]",
        ),
        ("esp32.wake_on_ext0(machine.Pin(19), 1)", "ValueError: invalid pin"),
        ("esp32.NVS('a name of sixteen')", "OSError: (-4361"),
        ("esp32.NVS('name').set_i32('a key of sixteen', 1)", "OSError: (-4361"),
        ("esp32.NVS('name').get_i32('none')", "OSError: (-4354"),
        ("machine.UART(2, tx=27, rx=14, txbuf=256).write(bytes(384))", "384"),
        ("machine.UART(2, tx=27, rx=14, txbuf=256).write(bytes(385))", "rule: the UART's write b"),
    ],
)
def test_a_rule(chip: BoardWorld, line: str, says: str) -> None:
    assert typed(chip, line).startswith(says)


def test_what_may_be_done_twice(chip: BoardWorld) -> None:
    """A peripheral may be made again on its pins, as debug and selftest do."""
    line = "machine.UART(2, tx=27, rx=14), machine.UART(2, tx=27, rx=14), onewire.OneWire("
    assert typed(chip, line + "machine.Pin(18)), onewire.OneWire(machine.Pin(18)) and 1") != ""
    typed(chip, "machine.Pin(26, machine.Pin.OUT, value=1)")
    assert typed(chip, "machine.Pin(26).value()") == "1"
    assert chip.crashes == 0


def test_a_uart_loses_what_finds_no_room(chip: BoardWorld) -> None:
    chip.modem.power(False)
    typed(chip, "u = machine.UART(2, tx=27, rx=14, rxbuf=300)")
    chip.input("uart", bytes(range(256)).hex())
    chip.input("uart", bytes(range(256)).hex())
    assert typed(chip, "u.any()") == "300"
    assert typed(chip, "u.read(300)[-1]") == "43"
    assert typed(chip, "u.read()") == ""


def test_nvs_keeps_what_was_committed(chip: BoardWorld) -> None:
    typed(chip, "n = esp32.NVS('name')")
    typed(chip, "n.set_i32('key', 5)")
    assert typed(chip, "esp32.NVS('name').get_i32('key')").startswith("OSError")
    typed(chip, "n.commit()")
    assert typed(chip, "esp32.NVS('name').get_i32('key')") == "5"


@pytest.mark.parametrize(
    ("cause", "number"), [("power", 1), ("restart", 2), ("watchdog", 3), ("wake", 4)]
)
def test_reset_causes(chip: BoardWorld, cause: str, number: int) -> None:
    if cause != "power":
        chip.restart_chip(cause)
    chip.run_for(1000)
    typed(chip, "import machine")
    assert typed(chip, "machine.reset_cause()") == str(number)


def test_the_watchdog_ends_the_run_and_takes_another_time(chip: BoardWorld) -> None:
    typed(chip, "w = machine.WDT(timeout=5000)")
    chip.run_for(3000)
    typed(chip, "w.feed()")
    chip.run_for(3000)
    assert chip.boots == 1
    typed(chip, "machine.WDT(timeout=20000)")
    chip.run_for(18_000)
    assert chip.boots == 1
    chip.run_for(3000)
    assert chip.boots == 2
    typed(chip, "import machine")
    assert typed(chip, "machine.reset_cause()") == "3"
    chip.run_for(10 * MINUTE)
    assert chip.boots == 2  # there is none after a start


def test_deep_sleep_is_an_end(chip: BoardWorld) -> None:
    typed(chip, "esp32.wake_on_ext0(machine.Pin(35, machine.Pin.IN), esp32.WAKEUP_ANY_HIGH)")
    chip.mains.set(False)
    typed(chip, "machine.deepsleep(), machine.Pin(23, machine.Pin.OUT, value=1)")
    assert chip.asleep
    assert chip.pins == {}
    chip.run_for(10 * MINUTE)
    assert chip.boots == 1
    chip.mains.set(True)
    chip.run_for(1000)
    assert chip.boots == 2


def test_a_sleep_that_nothing_ends(chip: BoardWorld) -> None:
    typed(chip, "esp32.wake_on_ext0(machine.Pin(34, machine.Pin.IN), esp32.WAKEUP_ANY_HIGH)")
    with pytest.raises(DeviceError, match="nothing wakes it: '34 1'"):
        typed(chip, "machine.deepsleep()")


@pytest.mark.parametrize("name", ["MODEM_PWRKEY", "MODEM_RST"])
def test_the_modems_lines_are_not_driven_high(chip: BoardWorld, name: str) -> None:
    pin = MAP[name]
    typed(chip, f"machine.Pin({pin}, machine.Pin.OPEN_DRAIN, value=1)")
    with pytest.raises(DeviceError, match=f"{name} is driven high"):
        typed(chip, f"machine.Pin({pin}, machine.Pin.OUT, value=1)")


def changed(**changes: Any) -> SimpleNamespace:
    """A map with other values, and none of its pins used twice by that."""
    return SimpleNamespace(**{**MAP, **changes})


def faults(name: str, pin: Any) -> list[str]:
    """What is said of a name of the map if the pin is this, and no other name has it."""
    others = {key: 90 + n for n, key in enumerate((*DRIVEN, *READ))}  # nobody's
    found = problems(changed(**{**others, name: pin}))
    return [line for line in found if line.startswith(f"{name} = ")]


@pytest.mark.parametrize("name", [*DRIVEN, *READ])
def test_every_pin_for_every_name(name: str) -> None:
    for pin in range(-1, 42):
        good = pin in FREE or (name in READ and pin in INPUT_ONLY)
        if (name, pin) in (("BUTTON", 0), ("MODEM_RST", 5)):
            good = True  # the button of a dev kit; a line that is high by itself
        if pin == 2 and name.startswith("LED_"):
            good = True  # it may be low, and no LED makes it high
        if name == "BUTTON" and pin in INPUT_ONLY:
            good = False  # it has no pull-up there
        if name == "MAINS" and pin not in RTC:
            good = False  # it wakes the chip
        assert (faults(name, pin) == []) == good, (name, pin)


@pytest.mark.parametrize(
    ("pins", "why"),
    [
        (FLASH, "flash chip"),
        (PSRAM, "PSRAM"),
        (REPL, "serial port of the REPL"),
        (STRAPPING, "strapping pin"),
        (INPUT_ONLY, "input-only"),
        ((*NO_PINS, -1, 40, None, "4"), "not a pin of the ESP32"),
    ],
)
def test_why_a_pin_is_refused(pins: tuple[int, ...], why: str) -> None:
    for pin in pins:
        assert [why in line for line in faults("RELAY", pin)] == [True], pin


@pytest.mark.parametrize("family", ["SIM800L", "A7670", "SIM7600"])
def test_a_family_that_there_is_passes(family: str) -> None:
    assert "MODEM" in MAP
    assert problems(changed(MODEM=family)) == []


@pytest.mark.parametrize("family", ["sim800l", "A7670E", None])
def test_a_family_that_there_is_not_is_told_with_those_there_are(family: str | None) -> None:
    found = problems(changed(MODEM=family))
    assert found == [f"MODEM = {family!r} is none of SIM800L, A7670, SIM7600"]


def test_a_map_of_before_has_no_family() -> None:
    before = {name: value for name, value in MAP.items() if name not in ("MODEM", "ACTIVE_HIGH")}
    assert problems(SimpleNamespace(**before)) == []


@pytest.mark.parametrize("active", [(), (4,), (13, 4)])
def test_the_lines_that_high_presses(active: tuple[int, ...]) -> None:
    assert problems(changed(ACTIVE_HIGH=active)) == []


@pytest.mark.parametrize("active", [4, (4, 26), None])
def test_what_high_does_not_press(active: Any) -> None:
    [found] = problems(changed(ACTIVE_HIGH=active))
    assert found.startswith(f"ACTIVE_HIGH = {active}: only pins of MODEM_PWRKEY and MODEM_RST")


def test_the_switch_of_the_modems_supply_may_be_on_12() -> None:
    assert problems(changed(HIGH=(12,))) == []
    assert problems(changed(HIGH=(12, 15)))[0].startswith("HIGH = 15 is a strapping pin")


def test_what_a_board_need_not_have() -> None:
    none = dict.fromkeys(
        ("MODEM_PWRKEY", "MODEM_RST", "JACK", "MICRORELAY", "LED_MICROPHONE"), None
    )
    assert problems(changed(**none)) == []
    assert faults("RELAY", None) and faults("MODEM_TX", None) and faults("MAINS", None)


# What the vendor's pin headers and schematics give to the board itself; 13 is an LED of its own.
ON_BOARD = {
    "devkit": (),
    "tcall_20190610": (4, 5, 21, 22, 23, 26, 27, 35),
    "tcall_20200811": (4, 5, 21, 22, 23, 26, 27, 32, 33, 35),
    "tcall_20200327": (4, 5, 21, 22, 23, 26, 27, 32, 33, 35),
    "tcall_a7670_v10": (4, 12, 13, 14, 25, 26, 27),
    "tcall_a7670_v11": (4, 5, 26, 27, 32, 33),
    "t_a7670": (2, 4, 5, 12, 15, 25, 26, 27, 33, 35, 36),
}


@pytest.mark.parametrize("name", [path.stem for path in BOARDS.glob("*.py")])
def test_a_ready_made_map(name: str) -> None:
    """It is right, and nothing of ours is on a line of the board's own."""
    board = runpy.run_path(str(BOARDS / f"{name}.py"))
    assert problems(SimpleNamespace(**board)) == []
    modem = ("MODEM_TX", "MODEM_RX", "MODEM_PWRKEY", "MODEM_RST")
    ours = {board[key] for key in (*DRIVEN, *READ) if key not in modem}
    assert not ours & set(ON_BOARD[name])
    for pin in ON_BOARD[name]:
        moved = SimpleNamespace(**{**board, "RELAY": pin})
        assert any(line.startswith("RELAY = ") or "by RELAY:" in line for line in problems(moved))


def test_a_pin_has_one_use() -> None:
    assert problems(changed()) == []
    names = [name for name in (*DRIVEN, *READ) if MAP[name] is not None]
    for name in names:
        for other in names:
            if name != other:
                found = problems(changed(**{name: MAP[other]}))
                assert any("move one of them" in line for line in found), (name, other)
    assert "HIGH = 26 is also used by RELAY: move one of them to another pin" in problems(
        changed(HIGH=(26,))
    )


@st.composite
def maps(draw: st.DrawFn) -> dict[str, int]:
    """Draw pins for the names, from all that is free for them."""
    driven = [name for name in (*DRIVEN, "BUTTON") if MAP[name] is not None]
    free = draw(st.permutations(FREE))
    pins = dict(zip(driven, free, strict=False))
    rest = draw(st.permutations((*free[len(driven) :], *INPUT_ONLY)))
    return pins | dict(zip(("MODEM_RX", "CONTACT", "MAINS"), rest, strict=False))


@settings(max_examples=6, deadline=None)
@given(maps().filter(lambda pins: not problems(changed(**pins))))
def test_a_map_that_passes_runs(pins: dict[str, int]) -> None:
    """Through on line, a command, sleep and waking, without a broken rule."""
    world = BoardWorld(changes=pins)
    try:
        on_line(world)
        world.network.deliver(OWNER, "ON")
        world.run_for(MINUTE // 2)
        assert world.pins[pins["RELAY"]] == 1
        world.mains.set(False)
        assert world.run_until(lambda: world.asleep, 5 * MINUTE)
        world.mains.set(True)
        assert world.run_until(lambda: world.online, 2 * MINUTE)
        assert world.crashes == 0
    finally:
        world.close()
