# SPDX-License-Identifier: MIT
"""boot.py, main.py and hardware.py on the VM, on a chip with an ESP32's rules, in the world."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from host_tests.world_kit import MakeBoard, ask, boards, on_line
from tools.bench.world.board_world import BoardWorld

MINUTE = 60_000


@pytest.fixture
def make() -> Iterator[MakeBoard]:
    with boards() as make:
        yield make


def at_the_repl(make: MakeBoard, **options: Any) -> BoardWorld:
    world = make(**options)
    world.button_held = True
    world.power_on()
    world.run_for(1000)
    assert world.prints == ["not started because the button is held; this is the REPL"]
    return world


def typed(world: BoardWorld, line: str, ms: int = 2000) -> list[str]:
    before = len(world.prints)
    world.repl(line)
    world.run_for(ms)
    return world.prints[before:]


@pytest.mark.parametrize(
    "board", ["devkit", "tcall_20190610", "tcall_20200327", "tcall_a7670_v10"]
)
def test_a_text_moves_the_pin(make: MakeBoard, board: str) -> None:
    world = on_line(make(board))
    relay = world.map["RELAY"]
    assert world.pins[relay] == 0
    assert ask(world, "ON") == "Power socket ON"
    assert world.pins[relay] == 1
    assert all(world.pins[pin] == 1 for pin in world.map["HIGH"])
    assert world.i2c == (["117 0 37"] if board == "tcall_20190610" else [])
    assert world.crashes == 0


@pytest.mark.parametrize(
    ("lines", "worked"),
    [
        ({"MODEM_PWRKEY": None, "MODEM_RST": 13}, "RST"),
        ({"MODEM_PWRKEY": 4, "MODEM_RST": None}, "PWRKEY"),
    ],
)
def test_only_the_lines_that_there_are_are_pulled(
    make: MakeBoard, lines: dict[str, int | None], worked: str
) -> None:
    """The ladder works what the board has; the sleep on battery goes without PWRKEY, too."""
    world = on_line(make(changes=lines))
    world.modem.hang()
    assert world.run_until(lambda: world.online, 5 * MINUTE)
    steps = [line.partition("restart: ")[2] for line in world.prints if "restart: " in line]
    assert steps == ["CFUN=1,1", worked]
    world.mains.set(False)
    assert world.run_until(lambda: world.asleep, 5 * MINUTE)
    world.run_for(10_000)
    assert world.modem.on == (lines["MODEM_PWRKEY"] is None)
    world.mains.set(True)
    assert world.run_until(lambda: world.online, 2 * MINUTE)
    assert world.crashes == 0


def test_the_keys_of_an_lte_modem_are_pressed_by_a_high_level(make: MakeBoard) -> None:
    """PWRKEY starts one that is off, and RST one that hangs: for as long as the A7670 wants."""
    world = make("t_a7670")
    world.modem.auto_start = False
    pwrkey, reset = world.map["MODEM_PWRKEY"], world.map["MODEM_RST"]
    assert world.map["ACTIVE_HIGH"] == (pwrkey, reset)
    on_line(world)
    assert world.modem.family.name == "A7670"
    assert presses(world, pwrkey) == [3000, 200] and presses(world, reset) == []
    assert ask(world, "ON") == "Power socket ON"
    world.edges.clear()
    world.modem.hang()
    assert world.run_until(lambda: world.online, 5 * MINUTE)
    assert presses(world, pwrkey) == [] and presses(world, reset) == [2500]
    assert world.crashes == 0


def presses(world: BoardWorld, key: int) -> list[int]:
    """Return for how many ms each a pin was high."""
    edges = [(at, level) for at, pin, level in world.edges if pin == key]
    return [end - at for (at, level), (end, _) in itertools.pairwise(edges) if level]


def test_the_sensor_and_its_faults(make: MakeBoard) -> None:
    world = on_line(make())
    world.thermometer.celsius = -12
    world.run_for(2 * MINUTE)
    assert "-12C" in ask(world, "TEMPERATURE")
    for fault in ("missing", "corrupt", "poweron"):
        world.thermometer.fail(fault)
        world.run_for(3 * MINUTE)
        assert "85" not in ask(world, "TEMPERATURE")
        assert "-12C" not in world.network.messages[-1].text
        world.thermometer.fail(None)
        world.run_for(2 * MINUTE)
        assert "-12C" in ask(world, "TEMPERATURE")
    assert world.crashes == 0


@pytest.mark.parametrize(
    ("wish", "after_power", "after_watchdog"), [("REMEMBER", 1, 1), ("OFF", 0, 1), ("ON", 1, 1)]
)
def test_the_relay_at_a_start(
    make: MakeBoard, wish: str, after_power: int, after_watchdog: int
) -> None:
    """boot.py gives the pin its level once; it does not go on for a moment and off again."""
    world = on_line(make())
    relay = world.map["RELAY"]
    ask(world, "POWERSTATE=" + wish)
    ask(world, "ON")
    world.edges.clear()
    world.restart_chip("watchdog")
    world.run_for(MINUTE)
    assert [level for _, pin, level in world.edges if pin == relay] == [after_watchdog]
    world.power_off()
    world.edges.clear()
    world.power_on()
    world.run_for(MINUTE)
    assert [level for _, pin, level in world.edges if pin == relay] == [after_power]


def test_the_watchdog_ends_a_program_that_hangs(make: MakeBoard) -> None:
    world = on_line(make())
    ask(world, "ON")
    world.chip.inputs.clear()
    world.chip.wake = None  # it sleeps for ever
    world.line.to_device.sink = lambda data: None
    boots = world.boots
    assert "/crash.log" not in world.files
    world.run_for(61_000)
    assert world.boots == boots + 1
    assert world.relay_on
    assert re.fullmatch(
        rb"watchdog at \d+ s: the firmware hung, or the REPL was left open\n",
        world.files["/crash.log"],
    )
    world.restart_chip()
    world.run_for(MINUTE)
    assert world.files["/crash.log"].count(b"\n") == 1


def test_what_is_needed_once_leaves_the_memory(make: MakeBoard) -> None:
    world = on_line(make(blocking=True))
    world.restart_chip("watchdog")
    world.run_for(MINUTE)
    world.ctrl_c()
    world.run_for(1000)
    typed(world, "import sys, firmware")
    for name in ("crash", "pins"):
        assert typed(world, f"'firmware.{name}' in sys.modules, hasattr(firmware, '{name}')") == [
            "(False, False)"
        ]


def test_it_sleeps_on_battery_and_wakes_with_the_mains(make: MakeBoard) -> None:
    world = on_line(make())
    ask(world, "ON")
    world.mains.set(False)
    assert world.run_until(lambda: world.asleep, 5 * MINUTE)
    assert world.wake_on == "35 1"
    world.mains.set(True)
    assert world.run_until(lambda: world.online, 2 * MINUTE)
    assert world.crashes == 0


def test_crashes_are_logged_and_rest_longer_each(make: MakeBoard) -> None:
    world = make(changes={"MODEL": "none such"})
    world.power_on()
    world.run_for(5 * MINUTE)
    rests = [line for line in world.prints if "in a row" in line]
    seconds = [line.split(" in ")[2].split(" s")[0] for line in rests]
    assert seconds == [
        "5",
        "10",
        "20",
        "40",
        "80",
        "160",
    ]
    log = world.files["/crash.log"].decode()
    assert "crash 1 at" in log
    assert "Traceback" in log
    assert "line" in log
    assert world.nvs.get("crashes") == 6
    world.files["/crash.log"] = b"x" * 4001
    world.run_for(2 * MINUTE)  # the rest of 160 s is over
    assert world.files["/crash.old"] == b"x" * 4001
    assert len(world.files["/crash.log"]) < 4000


def test_a_wrong_pin_map_is_explained_and_nothing_starts(make: MakeBoard) -> None:
    pins = {"MODEM_PWRKEY": 4, "MODEM_RST": 4, "LED_OUT": 39, "LED_GSM": 6, "MAINS": 23}
    world = make(changes=pins)
    world.power_on()
    world.run_for(MINUTE)
    text = "\n".join(world.prints)
    assert "MODEM_RST = 4 is also used by MODEM_PWRKEY" in text
    assert "LED_OUT = 39 is input-only" in text
    assert "LED_GSM = 6 is wired to the flash chip" in text
    assert "MAINS = 23 cannot wake the chip" in text
    assert "not started: fix firmware/board.py" in text
    assert list(world.pins) == [world.map["RELAY"]]  # boot.py's


def test_debug_at_the_repl(make: MakeBoard) -> None:
    world = at_the_repl(make)
    assert typed(world, "from firmware import debug") == []
    assert "'Power socket ON'" in typed(world, 'debug.sms("ON")')
    assert world.pins[world.map["RELAY"]] == 1
    assert "'AT+CSQ', '+CSQ: 23,0', 'OK']" in typed(world, 'debug.at("AT+CSQ")')[-1]
    assert typed(world, 'debug.at("AT+NONE")')[-1].endswith("'ERROR']")
    assert any(line.startswith("heap used") for line in typed(world, "debug.status()"))
    assert "RELAY 26 1" in typed(world, "debug.pins()")
    typed(world, "debug.run()", 60_000)
    assert world.online
    assert ask(world, "OFF") == "Power socket OFF"
    assert world.network.messages[0].text == "Power socket OFF"  # debug's reply was not sent
    assert "security list" in ask(world, "MAKEMEBOSS")
    assert typed(world, 'debug.sms("STATUS", "+31699999999")')[-1] == "''"  # not on the list
    assert "Power socket OFF" in typed(world, 'debug.sms("STATUS")')[-1]  # as the boss


def test_the_selftest_names_what_fails(make: MakeBoard) -> None:
    world = at_the_repl(make)
    typed(world, "from firmware import selftest")
    lines = typed(world, "selftest.run()", 20_000)
    good = [line.split()[1].rstrip(":") for line in lines if line.startswith("ok ")]
    good.remove("heap") if "heap" in good else None
    assert good == [
        "pin",
        "flash",
        "NVS",
        "asyncio",
        "sensor",
        "modem",
    ], lines
    world.thermometer.fail("missing")
    world.modem.hang()
    lines = typed(world, "selftest.run()", 40_000)
    failed = [line.split()[1].rstrip(":") for line in lines if line.startswith("FAILED")]
    assert [x for x in failed if x != "heap"] == ["sensor", "modem"]
