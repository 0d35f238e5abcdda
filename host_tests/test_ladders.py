# SPDX-License-Identifier: MIT
"""The supervisor's ladders: which steps, in which order, how often; modems started by PWRKEY."""

from __future__ import annotations

from typing import Any

import pytest

from host_tests.modem_faults import FAULTS, MINUTE
from host_tests.world_kit import OWNER, on_line
from tools.bench.modem.table import AtError
from tools.bench.world.world import World

HOUR = 60 * MINUTE


class Watched:
    """A world, and what the device does to its modem, as (seconds, what)."""

    def __init__(self, *, auto_start: bool = True, **options: Any) -> None:
        self.world = World(**options)
        self.world.modem.auto_start = auto_start
        self.done: list[tuple[int, str]] = []
        self.start = 0
        self.world.observe(self._observe)
        on_line(self.world)
        self.world.run_for(5000)
        self.begin()

    def begin(self) -> None:
        self.done.clear()
        self.start = self.world.now

    def _observe(self, kind: str, text: str) -> None:
        what = ""
        if kind == "modem_power":
            what = {"reset": "RST", "restart": "PWRKEY"}.get(text, text)
        elif kind == "uart_tx":
            for command in ("+COPS=0", "+CFUN=4", "+CFUN=0", "+CFUN=1,1"):
                if command in text:
                    what = command[1:]
        elif kind == "restart":
            what = "chip"
        if what:
            self.done.append(((self.world.now - self.start) // 1000, what))

    def steps(self) -> list[str]:
        return [what for _, what in self.done]

    def well(self) -> bool:
        """Return True if a command is answered within two minutes."""
        network = self.world.network
        before = len(network.messages)
        network.deliver(OWNER, "RESTARTTIME?")
        return self.world.run_until(lambda: len(network.messages) > before, 2 * MINUTE)


def test_a_silent_modem_is_started_ever_more_seldom() -> None:
    watched = Watched()
    FAULTS["no supply for 10 minutes"].start(watched.world)
    watched.world.run_for(30 * MINUTE)
    blind = ["CFUN=1,1"] * 5  # at each rate
    assert watched.steps()[:14] == [*blind, "RST", "PWRKEY", *blind, "RST", "PWRKEY"]
    times = [t for t, what in watched.done if what in ("RST", "PWRKEY")]
    assert 60 < times[0] < 110 and times[1] < 130
    assert 25 <= times[-1] - times[-2] <= 90  # back-off
    assert len(times) < 50
    watched.world.close()


@pytest.mark.parametrize(
    ("lacks", "steps"),
    [
        (["restart"], ["RST", "RST", "RST"]),
        (["reset"], ["PWRKEY", "PWRKEY", "PWRKEY"]),
        (["restart", "reset"], []),
    ],
)
def test_a_board_without_a_line(lacks: list[str], steps: list[str]) -> None:
    """Its step is left out, the others keep their pauses; an hour of silence restarts the chip."""
    watched = Watched(config={"LACKS": lacks})
    world = watched.world
    FAULTS["no supply for 10 minutes"].start(world)
    world.run_for(40 * MINUTE)
    assert [what for what in watched.steps() if what != "CFUN=1,1"][:3] == steps
    blind = [t for t, what in watched.done if what == "CFUN=1,1"]
    assert len(blind) < 40 * 10  # five at a time, at most twice a minute
    assert world.boots == 1
    assert world.run_until(lambda: world.boots == 2, HOUR)
    world.close()


def test_a_board_that_cannot_restart_the_modem_takes_the_other_steps() -> None:
    watched = Watched(config={"LACKS": ["restart"]})
    watched.world.network.lose()
    watched.world.run_for(HOUR)
    assert watched.steps() == ["COPS=0", "CFUN=4", "CFUN=1,1", "CFUN=4"]
    watched.world.network.restore()
    assert watched.world.run_until(lambda: watched.world.online, 2 * MINUTE)
    watched.world.close()


def test_without_a_network_the_steps_come_ever_more_seldom() -> None:
    watched = Watched()
    watched.world.network.lose()
    watched.world.run_for(24 * HOUR)
    steps = watched.steps()
    assert steps[:7] == ["COPS=0", "CFUN=4", "CFUN=1,1", "PWRKEY", "CFUN=4", "PWRKEY", "CFUN=4"]
    times = [t // 60 for t, _ in watched.done]
    assert times[0] in (2, 3) and times[1] in (4, 5) and times[2] in (7, 8)
    assert len(steps) < 16  # ever more seldom: each three hours at last
    assert watched.world.boots == 1
    watched.world.network.restore()
    assert watched.world.run_until(lambda: watched.world.online, 2 * MINUTE)
    assert watched.well()
    watched.world.close()


def test_without_a_sim_only_the_card_is_looked_for() -> None:
    """No ladder: nothing but the look for a card each minute."""
    watched = Watched()
    watched.world.sim.remove()
    watched.world.run_for(3 * HOUR)
    assert set(watched.steps()) == {"CFUN=0"}
    assert 120 < len(watched.done) < 190
    watched.world.close()


def test_what_ath_does_not_cure_is_cured_within_a_day() -> None:
    """Once a day the radio is switched off and on."""
    watched = Watched()
    watched.world.network.deliver(OWNER, "MAXAGE=OFF")
    watched.world.run_for(MINUTE)
    modem, hear = watched.world.modem, watched.world.modem.hear

    def hear_by_radio() -> None:
        if (modem.terminal.running or "").startswith("AT+CFUN"):
            hear()

    modem.hear = hear_by_radio  # type: ignore[method-assign]
    modem.go_deaf()
    watched.world.network.deliver(OWNER, "ON")
    assert watched.world.run_until(lambda: watched.world.relay_on, 25 * HOUR)
    assert watched.steps() == ["CFUN=4"]
    watched.world.close()


@pytest.mark.parametrize(
    "name",
    [
        *("hangs", "hangs, deaf to RST", "powers down by itself", "powers down, low supply"),
        *("browns out", "no supply for 10 minutes", "restarts at 9600 baud", "ATQ1 is saved"),
    ],
)
def test_a_modem_that_only_pwrkey_starts(name: str) -> None:
    watched = Watched(auto_start=False)
    world, fault = watched.world, FAULTS[name]
    fault.start(world)
    world.run_for(int(fault.lasting * MINUTE) + 1000)
    fault.stop(world)
    assert world.run_until(lambda: world.online, 3 * MINUTE)
    assert watched.well()
    world.close()


def test_pwrkey_has_to_be_pressed_twice() -> None:
    watched = Watched(auto_start=False)
    modem, press, presses = watched.world.modem, watched.world.modem.pwrkey, []

    def second(ms: int) -> None:
        presses.append(ms)
        if len(presses) > 2:
            press(ms)

    modem.pwrkey = second  # type: ignore[method-assign]
    modem.reset = lambda ms: None  # type: ignore[method-assign]
    modem.shut_down()
    assert watched.world.run_until(lambda: watched.world.online, 5 * MINUTE)
    assert len(presses) == 4  # to switch it off, and on
    watched.world.close()


@pytest.mark.parametrize("baud", [0, 9600, 19200])
def test_a_modem_that_is_met_for_the_first_time_gets_our_rate(baud: int) -> None:
    """Autobauding from the factory, or of another rate: brought to ours for good."""
    watched = Watched(auto_start=False, modem_baud=baud)
    assert watched.world.modem.memory.after_restart().ipr == 115200
    watched.world.restart_chip()
    assert watched.world.run_until(lambda: watched.world.online, 10_000)
    assert watched.steps() == ["chip"]
    watched.world.close()


def test_a_slow_sim_is_waited_for() -> None:
    """Two minutes until it can be read: CFUN=0 would start them again."""
    world = World()
    world.sim.slow_ms = 120_000
    world.power_on()
    assert world.run_until(lambda: world.modem.service.sms_ready, 3 * MINUTE)
    world.sim.slow_ms = 0
    assert world.run_until(lambda: world.online, MINUTE)
    assert world.modem.boots == 1
    world.close()


def test_a_sim_that_gives_no_list() -> None:
    """Its slots are read one by one; nobody is hammered."""
    watched = Watched()
    world = watched.world
    world.modem.settings.cnmi = (0, 0, 0, 0, 0)  # no hints
    world.modem.fault("+CMGL", *[AtError("CMS", 320)] * 1000)
    world.network.deliver(OWNER, "ON")
    assert world.run_until(lambda: world.relay_on, 3 * MINUTE)
    world.run_for(MINUTE)
    assert world.sim.storage.used == 0
    before = len(world.modem.faults["+CMGL"])
    world.run_for(HOUR)
    assert before - len(world.modem.faults["+CMGL"]) < 130
    world.close()
