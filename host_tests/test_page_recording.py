# SPDX-License-Identifier: MIT
"""What the bench page records of what was done, and that it can be played."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from page_kit import until, with_bench

from tools.bench.__main__ import main
from tools.bench.scenario import observations as o
from tools.bench.scenario import play as playing
from tools.bench.scenario.files import parse, parse_step
from tools.bench.scenario.player import Setting
from tools.bench.web.bench import Bench
from tools.bench.web.recording import MOST, Recording, head

ANNA = "+31600000001"


def begun(recording: Recording, at: int, text: str) -> None:
    recording.notice(o.StepBegun(at, parse_step(text)))


def test_a_recording_keeps_times_and_expects_what_came() -> None:
    recording = Recording(head(Setting(us=True)))
    begun(recording, 8_000, f"{ANNA} > PASSWORD=abc12")
    recording.notice(o.MessageToPhone(12_500, ANNA, "PASSWORD=***** - OK"))
    begun(recording, 12_500, "button hold 5s")
    recording.notice(o.OtherEvent(12_500, "button_down", ""))
    recording.notice(o.RelaySwitched(13_000, "socket", True))
    recording.notice(o.RelaySwitched(14_000, "socket", False))
    begun(recording, 14_000, f"{ANNA} answers")
    recording.notice(o.StepDone(14_000, f"{ANNA} answers", False, "it does not ring"))
    begun(recording, 15_000, "wait 1h")
    begun(recording, 15_000, "socket on within 5m")
    recording.notice(o.OtherEvent(17_500, "button", "5000"))
    begun(recording, 17_500, "power cycle")
    begun(recording, 19_500, "mains off")
    begun(recording, 19_500, "mains on")
    recording.notice(o.OtherEvent(19_500, "button_down", ""))
    recording.notice(o.OtherEvent(19_700, "button", "200"))
    recording.notice(o.OtherEvent(21_000, "button_down", ""))
    recording.notice(o.OtherEvent(22_000, "button", "1000"))
    recording.notice(o.MessageToPhone(22_500, ANNA, "DATE 26/01/05,12:00:20+00"))
    text = recording.text(23_000)
    assert text.splitlines()[1:] == [
        "board fahrenheit",
        "off",
        "power on",
        "wait 8s",
        f"{ANNA} > PASSWORD=abc12",
        "wait 4.5s",
        f"{ANNA} < PASSWORD=***** - OK",
        "button down",
        "wait 0.5s",
        "socket on",
        "wait 1s",
        "socket off",
        "wait 3.5s",
        "button up",
        "wait 0s",
        "power off",
        "wait 2s",
        "mains off",
        "wait 0s",
        "mains on",
        "wait 0s",
        "button press",
        "wait 1.5s",
        "button hold 1s",
        "wait 0.5s",
        "power on",
        f"{ANNA} <~ DATE 26/01/05,12:00:*+00",
        "wait 0.5s",
    ]
    parse(text)


def test_a_recording_says_which_modem_there_was() -> None:
    text = "\n".join(head(Setting(family="a7670", board_modem="SIM7600")))
    assert "modem family A7670\nboard modem SIM7600\n" in text
    assert Setting.of(parse(text)).family == "a7670"
    assert not any("modem" in step for step in head(Setting(family="sim800l")))


def test_a_recording_that_is_full_says_so_and_can_be_read() -> None:
    recording = Recording(head(Setting()))
    for at in range(MOST + 5):
        begun(recording, at * 1000, "contact open")
    assert not recording.complete and len(recording) == MOST
    text = recording.text(10**9)
    assert "The recording ends here" in text and "wait 11" not in text.splitlines()[-2]
    parse(text)


@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_a_busy_hour_is_recorded_and_played(tmp_path: Path, vm: str) -> None:
    """Everything that can be worked, one after the other, in a world that the room moves."""
    steps = (
        *(f"{ANNA} > MAKEMEBOSS", "wait 1m", f"{ANNA} > SWITCHOFFTEMP=22C", "wait 1m"),
        *(f"{ANNA} > THERMOSTATON", "wait 30m", "network lost", f"{ANNA} > STATUS", "wait 5m"),
        *("network back", "wait 5m", "mains off", "wait 2m", "mains on", "wait 2m"),
        *(f"{ANNA} > RING=SWITCH", "wait 1m", f"{ANNA} calls", "wait 1m", "modem restarts"),
        *("wait 2m", "temperature missing", "wait 5m", "temperature 21", f"{ANNA} > ALARMON"),
        *("wait 1m", "contact closed", "wait 2m", "contact open", "wait 1m", "power cycle"),
        *("wait 2m", "chip restarts", "wait 1m", f"{ANNA} > DATE", "wait 1m"),
    )

    async def talk(bench: Bench) -> None:
        await until(lambda: bench.session.online)
        bench.set_room("heater", 5.0)
        for step in steps:
            await bench.do(step)
        await asyncio.sleep(0.1)
        (tmp_path / "hour.scn").write_text(bench.recorded())

    with_bench(talk, vm="cpython" if vm == "cpython" else "micropython-1.24.1")
    text = (tmp_path / "hour.scn").read_text()
    assert text.count("temperature ") > 20 and text.count(f"{ANNA} <") >= 6
    assert main(["play", str(tmp_path / "hour.scn"), "--vm", vm]) == playing.HELD, text
