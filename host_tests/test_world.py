# SPDX-License-Identifier: MIT
"""The world: kernel, lock-step, power, peripherals, flash and what the chip may do."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from tools.bench.kernel import Kernel
from tools.bench.world.by_hand import HandChip, ModemUser
from tools.bench.world.flash import PowerCut
from tools.bench.world.world import DeviceError, World


def powered(**options: Any) -> ModemUser:
    user = ModemUser(ready=False, **options)
    user.world.power_on()
    user.world.run_for(1000)
    return user


# -- kernel -----------------------------------------------------------------------------------


def test_events_fire_in_the_order_of_time_then_making() -> None:
    kernel, fired = Kernel(), []
    kernel.after(5, lambda: fired.append("c"))
    kernel.at(3, lambda: fired.append("a"))
    kernel.at(3, lambda: fired.append("b"))
    cancelled = kernel.at(1, lambda: fired.append("never"))
    cancelled.cancel()
    assert kernel.next_time() == 3
    kernel.advance(4)
    assert (fired, kernel.now) == (["a", "b"], 4)
    kernel.advance(10)
    assert (fired, kernel.now, kernel.next_time()) == (["a", "b", "c"], 10, None)
    with pytest.raises(ValueError):
        kernel.advance(9)


def test_an_event_may_make_another_of_the_same_instant() -> None:
    kernel, fired = Kernel(), []
    kernel.at(2, lambda: kernel.after(0, lambda: fired.append(kernel.now)))
    kernel.advance(2)
    assert fired == [2]


# -- chip -------------------------------------------------------------------------------------


class Sleeper(HandChip):
    """Wakes up every 100 ms."""

    def boot(self, now: int, info: dict[str, Any]) -> int | None:
        super().boot(now, info)
        return now + 100

    def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None:
        super().resume(now, inputs)
        return now + 100


def test_the_chip_is_woken_when_it_asked_for() -> None:
    world = World(chip_factory=Sleeper)
    world.power_on()
    world.run_for(1250)
    assert (world.wakeups, world.now, world.boots) == (11, 1250, 1)


def test_run_until_stops_at_the_instant() -> None:
    user = powered()
    user.world.contact.set(True)
    assert user.world.run_until(lambda: bool(user.chip.inputs), 1000)
    assert user.world.now == 1050
    assert not user.world.run_until(lambda: False, 500)
    assert user.world.now == 1550


def test_ticks_and_info_at_boot() -> None:
    user = powered(boot_ticks=(1 << 30) - 100, model="GSM707", us=True)
    info = user.chip.infos[0]
    assert info["ticks"] == 150
    assert (info["cause"], info["contact"], info["mains"]) == ("power", "0", "1")
    assert info["config"] == {"MODEL": "GSM707", "US": True, "MODEM": "SIM800L"}
    assert "microphone" in info["leds"]


def test_a_chip_that_does_not_let_time_go_on_is_a_fault() -> None:
    class Spinner(HandChip):
        def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None:
            return now

        def boot(self, now: int, info: dict[str, Any]) -> int | None:
            super().boot(now, info)
            return now

    world = World(chip_factory=Spinner)
    world.power_on()
    with pytest.raises(DeviceError):
        world.run_for(1000)


def test_an_unknown_output_is_a_fault_that_the_firmware_cannot_catch() -> None:
    class Wrong(HandChip):
        def boot(self, now: int, info: dict[str, Any]) -> int | None:
            self.alive = True
            with contextlib.suppress(Exception):
                self.host.output("smoke", "1")
            return None

    world = World(chip_factory=Wrong)
    world.power_on()
    with pytest.raises(DeviceError, match="smoke"):
        world.run_for(1000)


def test_relay_follows_and_keeps_its_level_over_a_chip_restart() -> None:
    user = powered()
    world = user.world
    user.output("relay", "1")
    assert world.relay_on
    assert world.call("nvs.set", "relay 1") == ""
    world.restart_chip()
    assert world.relay_on
    world.run_for(1000)
    assert world.relay_on
    world.call("nvs.set", "relay 0")
    world.restart_chip()
    assert world.relay_on
    world.run_for(1000)
    assert not world.relay_on  # boot.py
    assert [info["cause"] for chip in user.chips for info in chip.infos] == [
        "power",
        "restart",
        "restart",
    ]


def test_power_off_takes_everything_but_what_lasts() -> None:
    user = powered()
    world = user.world
    user.output("relay", "1")
    world.call("nvs.set", "relay 1")
    world.call("rtc.set", "1000")
    world.call("flash.commit", "0 6869")
    world.run_for(5000)
    assert world.call("rtc.get", "") == "1005"
    world.power_off()
    assert not world.relay_on
    assert not user.chip.alive
    assert not world.modem.on
    world.run_for(5000)
    world.power_on()
    assert not world.relay_on
    world.run_for(1000)
    assert world.relay_on
    assert world.call("rtc.get", "") == "-"
    assert world.call("flash.load", "0") == "6869"
    assert world.call("flash.load", "1") == "-"
    assert world.call("nvs.get", "x") == "-"
    assert world.boots == 2


def test_rtc_runs_on_over_chip_restarts_and_sleep() -> None:
    user = powered()
    world = user.world
    world.call("rtc.set", "100")
    world.restart_chip()
    world.run_for(2000)
    world.mains.set(False)
    world.run_for(1000)
    user.output("sleep")
    world.run_for(60_000)
    assert world.asleep
    world.mains.set(True)
    assert not world.asleep
    world.run_for(1000)
    assert world.call("rtc.get", "") == "164"
    assert user.chip.infos[0]["cause"] == "wake"


def test_a_crash_is_logged_and_restarts_after_a_second() -> None:
    user = powered()
    world = user.world
    seen: list[tuple[str, str]] = []
    world.observe(lambda kind, text: seen.append((kind, text)))
    first = user.chip
    user.output("crash", "Traceback|  boom")
    world.run_for(900)
    assert (world.crashes, world.boots, first.alive) == (1, 1, False)
    world.run_for(1000)
    assert world.boots == 2
    assert ("crash", "Traceback|  boom") in seen
    assert world.crash_texts == ["Traceback\n  boom"]


def test_restart_asked_for_by_the_firmware() -> None:
    user = powered()
    user.output("restart", "update")
    user.output("relay", "1")  # comes too late
    assert not user.world.relay_on
    user.world.run_for(1000)
    assert user.world.boots == 2


def test_watchdog_only_once_fed() -> None:
    user = powered()
    world = user.world
    world.run_for(200_000)
    assert world.boots == 1
    user.output("feed")
    world.run_for(50_000)
    user.output("feed")
    world.run_for(59_000)
    assert world.boots == 1
    world.run_for(2000)
    assert world.boots == 2
    world.run_for(200_000)
    assert world.boots == 2


def test_power_cut_in_a_commit_takes_the_whole_device() -> None:
    user = powered()
    world = user.world
    world.call("flash.commit", "0 " + b"old".hex())
    user.output("relay", "1")
    world.flash.cut(0, "within")
    chip = user.chip
    with pytest.raises(PowerCut):
        chip.host.call("flash.commit", "0 " + b"new".hex())
    assert (world.powered, world.relay_on, world.modem.on, chip.alive) == (False,) * 4
    with pytest.raises(PowerCut):
        chip.host.call("flash.load", "0")
    chip.host.output("relay", "1")
    assert not world.relay_on
    world.power_on()
    world.run_for(1000)
    assert world.call("flash.load", "0") == b"old".hex()
    assert (world.power_cuts, world.boots) == (1, 2)


def test_power_cut_in_the_middle_of_a_turn() -> None:
    class Committer(HandChip):
        def boot(self, now: int, info: dict[str, Any]) -> int | None:
            self.alive = True
            self.host.call("flash.commit", "0 " + "61" * 500)
            return now + 10

    world = World(chip_factory=Committer)
    world.flash.cut(3)
    world.power_on()
    world.run_for(1000)
    assert (world.powered, world.power_cuts, world.wakeups) == (False, 1, 1)
    world.power_on()
    world.run_for(255)
    assert world.flash.load(0) == b"a" * 500


# -- peripherals ------------------------------------------------------------------------------


def test_contact_is_debounced() -> None:
    user = powered()
    world = user.world
    for closed in (True, False, True, False):
        world.contact.set(closed)
        world.run_for(20)
    world.run_for(100)
    assert user.chip.inputs == []
    world.contact.set(True)
    world.run_for(100)
    assert user.chip.inputs == [(world.now - 50, "contact", "1")]


def test_button_mains_and_thermometer() -> None:
    user = powered()
    world = user.world
    start = world.now
    world.button.press(3000)
    world.run_for(5000)
    world.mains.set(False)
    world.run_for(1)
    world.thermometer.celsius = 9.53
    user.output("thermometer")
    world.run_for(1000)
    world.thermometer.celsius = -10.0
    user.output("thermometer")
    world.run_for(1000)
    for kind in ("missing", "corrupt", "poweron"):
        world.thermometer.fail(kind)
        user.output("thermometer")
        world.run_for(1000)
    assert [(t - start, n, a) for t, n, a in user.chip.inputs] == [
        (0, "button_down", ""),
        (3000, "button", "3000"),
        (5000, "mains", "0"),
        (5751, "thermometer", "152"),
        (6751, "thermometer", "-160"),
        (7751, "thermometer", "!presence"),
        (8751, "thermometer", "!crc"),
        (9751, "thermometer", "!poweron"),
    ]
    with pytest.raises(ValueError):
        world.thermometer.fail("tired")


def test_a_device_without_a_battery_goes_with_the_mains() -> None:
    user = powered(battery=False)
    user.world.mains.set(False)
    assert not user.world.powered
    user.world.mains.set(True)
    assert user.world.powered


def test_leds_keep_their_history() -> None:
    user = powered()
    user.output("led", "gsm 1/s")
    user.world.run_for(100)
    user.output("led", "gsm 1/3s")
    led = user.world.leds["gsm"]
    assert (led.pattern, led.history) == ("1/3s", [(1000, "1/s"), (1100, "1/3s")])
    user.world.restart_chip()
    assert led.pattern == "off"


# -- the whole --------------------------------------------------------------------------------


def trace() -> list[tuple[int, str, str]]:
    user = ModemUser(ready=False)
    world = user.world
    out: list[tuple[int, str, str]] = []
    world.observe(lambda kind, text: out.append((world.now, kind, text)))
    world.modem.latency = "seeded"
    world.power_on()
    world.run_for(9000)
    world.network.deliver("+1", "ON")
    for command in ("AT", "AT+CMGL=4", "AT+CMGR=1", "ATD+1;"):
        user.command(command)
    world.modem.brown_out()
    world.run_for(100_000)
    return out


def test_same_inputs_same_trace() -> None:
    first = trace()
    assert first == trace()
    kinds = {kind for _, kind, _ in first}
    assert {"power", "sms_from", "uart_tx", "uart_rx", "call", "modem"} <= kinds


def test_an_idle_world_costs_nothing() -> None:
    user = ModemUser()
    before = user.world.wakeups
    user.world.run_for(24 * 3600 * 1000)
    assert user.world.wakeups == before
