# SPDX-License-Identifier: MIT
"""The heap is in pieces on the VM: nothing is half done, and the next command works.

The free memory is cut into holes that are smaller than what the firmware needs, as a chip's heap
may be after some days; see `VmChip.chop`. What fails then restarts the chip.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from host_tests.world_kit import on_line
from tools.bench.runners.vm import VmChip
from tools.bench.world.board_world import BoardWorld
from tools.bench.world.world import World
from tools.proof.measure.device import OWNER, QUIET, Device
from tools.proof.measure.occasions import LONG, prepare

HEAP = 500_000  # bytes: enough for the garbage of a turn in spite of the walls between the holes
HOLE = 256  # a piece of the record has no room, nor has an import
MINUTE = 60_000
ALARM = "ALARM! Sensor is active"


def record(world: World) -> dict[str, Any]:
    """Return the record that a start would find."""
    slots = [world.flash.load(slot) for slot in (0, 1)]
    found = [slot.partition(b"\n") for slot in slots if slot and slot.startswith(b"PS1 ")]
    whole = [(head.split(), body) for head, _, body in found if len(body) == int(head.split()[2])]
    best: dict[str, Any] = json.loads(max(whole, key=lambda slot: int(slot[0][1]))[1])
    return best


def is_sound(device: Device, *values: object) -> None:
    """Check what must be so at every instant: RESTARTTIME is one of these, the relay as stored."""
    kept = record(device.world)
    assert kept["settings"].get("RESTARTTIME") in values
    assert kept["socket"]["on"] == device.world.relay_on


def run_short(device: Device, act: Callable[[], object], wakeups: int = 0) -> None:
    """Let memory run short so many wake-ups after something; the chip restarts, and goes on."""
    world = device.world
    crashes, before = world.crashes, world.wakeups
    act()
    assert world.run_until(lambda: world.wakeups >= before + wakeups, MINUTE)
    device.chip.chop(HOLE)
    assert world.run_until(lambda: world.crashes > crashes, MINUTE)
    assert "MemoryError" in world.crash_texts[-1]


@pytest.mark.parametrize("wakeups", [0, 2], ids=["before its commit", "before its answer"])
def test_a_command_is_carried_out_once_and_answered_once(wakeups: int) -> None:
    """It is carried out once, and answered once."""
    with Device(heap=HEAP) as device:
        prepare(device)
        messages = device.world.network.messages
        before = len(messages)
        run_short(device, lambda: device.world.network.deliver(OWNER, "RESTARTTIME=77"), wakeups)
        is_sound(device, None, 77)
        device.go_on_line()
        is_sound(device, 77)
        assert [m.text for m in messages[before:]] == ["RESTARTTIME=77 - OK"]
        assert device.say("ON") == "Power socket ON"
        assert device.world.relay_on


def test_a_command_that_moves_the_relay() -> None:
    with Device(heap=HEAP) as device:
        run_short(device, lambda: device.world.network.deliver(OWNER, "ON"))
        is_sound(device, None)
        device.go_on_line()
        assert device.world.relay_on
        assert [m.text for m in device.world.network.messages] == ["Power socket ON"]
        assert device.say("OFF") == "Power socket OFF"


def test_an_alarm_is_told_and_switches_the_relay() -> None:
    """The alert comes, and the relay is on."""
    with Device(heap=HEAP) as device:
        prepare(device)
        for command in ("RELAYTIME=ON", "ALARMON"):
            device.say(command)
        before = len(device.world.network.messages)
        run_short(device, lambda: device.world.contact.set(True))
        is_sound(device, None)
        device.go_on_line()
        device.world.contact.set(False)
        device.world.run_for(MINUTE)
        told = {message.text.split("\n")[0] for message in device.world.network.messages[before:]}
        assert told == {ALARM}
        assert device.world.relay_on
        is_sound(device, None)
        assert device.say("ALARMOFF").startswith("ALARMOFF - OK")


def test_a_long_message_goes_and_leaves_nothing_behind() -> None:
    """It is no command: it goes, and leaves nothing behind."""
    with Device(heap=HEAP) as device:
        prepare(device)
        before = record(device.world)
        run_short(device, lambda: device.world.network.deliver(OWNER, LONG))
        device.go_on_line()
        device.world.run_for(MINUTE)
        assert not device.world.sim.storage.used
        assert record(device.world)["settings"] == before["settings"]
        assert device.say("ON") == "Power socket ON"


def test_a_factory_reset_takes_all_settings_or_none() -> None:
    """All settings are the factory's afterwards, or none."""
    with Device(heap=HEAP) as device:
        prepare(device)
        for command in ("RESTARTTIME=77", "ON"):
            device.say(command)
        device.world.button.press(11_000)
        # Not before: a chip that has restarted would see the rest of the press, and reset then.
        device.world.run_for(10_950)
        run_short(device, lambda: None)
        is_sound(device, None, 77)
        kept = record(device.world)["settings"]
        lists = {"SECNUMBER", "SECLIST", "ALERTNUMBER"}
        assert kept == {} or set(kept) == {"RESTARTTIME", "SMSLIMIT", "MAXAGE", *lists}
        device.go_on_line()
        assert device.say("RESTARTTIME?") == f"RESTARTTIME={kept.get('RESTARTTIME', 10)} seconds"


def test_a_command_that_asks_for_too_much_changes_nothing() -> None:
    with Device(heap=HEAP, program="host_tests.vm_app.greedy") as device:
        messages = device.world.network.messages
        device.world.network.deliver(OWNER, "RESTARTTIME=77")
        device.world.run_for(MINUTE)
        assert [message.text for message in messages] == ["Execute error!"]
        assert device.world.crashes == 0
        is_sound(device, None)
        assert device.say("RESTARTTIME?") == "RESTARTTIME=10 seconds"
        assert device.say("RESTARTTIME=78") == "RESTARTTIME=78 - OK"


def test_the_crash_is_logged_on_the_board() -> None:
    # With hardware.py, and what stands in for the chip.
    world = on_line(BoardWorld(heap=HEAP + 100_000))
    world.run_for(MINUTE)
    chip = world.chip._chip
    assert isinstance(chip, VmChip)
    chip.chop(HOLE)
    world.network.deliver(OWNER, "ON")
    assert world.run_until(lambda: world.boots == 2, MINUTE)
    log = world.files["/crash.log"].decode()
    assert log.startswith("crash 1 at ") and "\nMemoryError: " in log
    assert 'File "firmware/mail.py"' in log
    assert world.run_until(lambda: bool(world.network.messages), 2 * MINUTE), world.prints[-20:]
    world.run_for(QUIET)
    assert [message.text for message in world.network.messages] == ["Power socket ON"]
    assert world.relay_on
    world.close()
