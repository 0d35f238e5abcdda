# SPDX-License-Identifier: MIT
"""What steps do, what they expect, and how a failure is reported; in a small world of its own."""

from __future__ import annotations

import io
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_world import Device, FakeWorld, mute, switch

from tools.bench.__main__ import main
from tools.bench.scenario import play as playing
from tools.bench.scenario.files import parse
from tools.bench.scenario.player import Player, Setting
from tools.bench.scenario.report import Result
from tools.bench.world.world import DeviceError, NotBuilt


class Played:
    """A scenario that was played with a device."""

    def __init__(self, text: str, device: Device = mute, **changes: object) -> None:
        self.result: Result = Player(lambda setting: self._make(device, setting)).play_steps(
            Path("x.scn"), parse(text, "x.scn")
        )

    def _make(self, device: Device, setting: Setting) -> FakeWorld:
        self.world = FakeWorld(device, setting)
        return self.world  # type: ignore[return-value]

    @property
    def failure(self) -> str:
        assert len(self.result.failures) <= 1
        return "\n".join(str(failure) for failure in self.result.failures)


def holds(text: str, device: Device = mute) -> FakeWorld:
    played = Played(text, device)
    assert played.failure == ""
    assert played.world.closed
    return played.world


def fails(text: str, device: Device = mute) -> str:
    played = Played(text, device)
    assert played.failure
    return played.failure


def replies(*texts: str, after: int = 5_000) -> Device:
    """A device that answers any message with these."""

    def device(world: FakeWorld, sender: str, text: str) -> None:
        for number, reply in enumerate(texts):
            world.network.say(sender, reply, after + number)

    return device


# -- the beginning and the end ------------------------------------------------------------------


def test_the_first_step_runs_when_the_device_is_on_line() -> None:
    world = holds("+1 > ON\n+1 < Power socket ON", switch)
    assert world.powers == [(0, "on")]
    assert world.now == 10_000


def test_a_device_that_does_not_come_up_in_45_s() -> None:
    world = FakeWorld()
    world.online_ms = 46_000
    result = Player(lambda setting: world).play_steps(  # type: ignore[arg-type,return-value]
        Path("x.scn"), parse("# x\n\nsocket off", "x.scn")
    )
    assert "x.scn:3: the start of the device" in str(result.failures[0])
    assert world.now == 45_000


def test_setting_up() -> None:
    world = holds("off\nmodel GSM706\nboard fahrenheit\nclock none\nsocket off")
    assert world.setting == Setting("GSM706", True, None, False)
    assert world.powers == []
    assert Setting.of([]).clock == datetime(2026, 1, 5, 12, 0, 0, tzinfo=UTC)


def test_a_message_that_no_step_expected_fails_at_the_end() -> None:
    told = fails("+1 > ON\nwait 1m\nsocket on\n", switch)
    assert "x.scn:3: the end of the file" in told
    assert '"Power socket ON" to +1 at 0:00:10.000' in told


def test_an_empty_file_holds() -> None:
    holds("# nothing")


# -- steps that do ------------------------------------------------------------------------------


def test_steps_take_no_time_but_the_ones_that_do() -> None:
    world = holds(
        "contact closed\nmains off\nnetwork lost\nsim pin\nmodem browns out\nchip restarts\n"
        "signal none\ntemperature 9.5\noperator *1# > a\\nb\n+1 will reject\nbutton press"
    )
    assert world.now == 5_000
    assert world.network.lost and world.network.signal is None
    assert world.sim.called == ["lock_pin"] and world.modem.called == ["brown_out"]
    assert world.restarts == ["restart"]
    assert world.thermometer.celsius == 9.5
    assert world.network.ussd == {"*1#": "a\nb"}
    assert world.network.treatments == {"+1": "reject"}


def test_waiting_holding_and_cycling_take_their_time() -> None:
    world = holds("wait 1m\nbutton hold 10s\npower cycle\nwait 1s")
    assert world.now == 5_000 + 60_000 + 10_000 + 5_000 + 1_000
    assert world.inputs == [(75_000, "button", "10000")]
    assert world.powers == [(0, "on"), (75_000, "off"), (80_000, "on")]


def test_presses_in_one_instant_are_made_one_after_the_other() -> None:
    world = holds("button press\nbutton press\nbutton hold 3s\nwait 5s")
    assert [(name, ms) for _, name, ms in world.inputs] == [
        ("button", "200"),
        ("button", "200"),
        ("button", "3000"),
    ]


def test_a_temperature_repairs_the_sensor() -> None:
    world = holds("temperature 85 poweron")
    assert world.thermometer.fault == "poweron"
    world = holds("temperature missing\ntemperature 5")
    assert world.thermometer.fault is None


def test_messages_go_as_they_were_written() -> None:
    world = holds("a > x @ 2026-11-19 23:00:00 +01:00\na > x again")
    stamp = datetime.fromisoformat("2026-11-19T23:00:00+01:00")
    assert world.network.sent == [("a", "x", stamp, False), ("a", "x", None, True)]
    assert "no message to repeat" in fails("a > x again")


# -- messages -----------------------------------------------------------------------------------


def test_the_next_message_to_that_number_to_the_character() -> None:
    holds("+1 > ?\n+1 < one\n+1 < two", replies("one", "two"))
    told = fails("+1 > ?\n+1 < two\n+1 < one", replies("one", "two"))
    assert told.startswith("x.scn:2: +1 < two\n")
    assert 'expected: "two" to +1 within 1m' in told
    assert 'came:     "one" at 0:00:10.000' in told
    assert fails("+1 > ?\n+1 < One", replies("one"))
    assert fails('+1 > ?\n+1 < "one "', replies("one"))


def test_a_message_that_came_long_ago_or_too_late() -> None:
    holds("+1 > ?\nwait 1h\n+1 < one", replies("one"))
    holds("+1 > ?\n+1 < one", replies("one", after=60_000))
    assert "no message to that number" in fails("+1 > ?\n+1 < one", replies("one", after=60_001))
    holds("+1 > ?\n+1 < one within 5m", replies("one", after=300_000))
    assert fails("+1 > ?\n+1 < one within 5m", replies("one", after=300_001))


def test_numbers_are_distinguished() -> None:
    holds("+2 > ?\n+1 > ?\n+1 < one\n+2 < one", replies("one"))
    told = fails("+2 > ?\n+1 < one", replies("one"))
    assert 'but to +2: "one" at 0:00:10.000' in told


TWO_LINES = "ALARM! (a.b)\nTime: 26/01/05,12:00:00"


@pytest.mark.parametrize("pattern", ["ALARM! (a.b)\\nTime: *", "*\\n*", "*ALARM!*(a.b)\\nT*:*:*"])
def test_a_star_stands_for_a_run_within_a_line(pattern: str) -> None:
    holds(f"+1 > ?\n+1 <~ {pattern}", replies(TWO_LINES))


@pytest.mark.parametrize("pattern", ["ALARM*", "*", "alarm*\\n*", "ALARM! (a?b)\\n*", "*\\n*\\n*"])
def test_nothing_else_is_a_pattern_and_a_star_ends_at_the_line(pattern: str) -> None:
    assert fails(f"+1 > ?\n+1 <~ {pattern}", replies(TWO_LINES))


THREE_LINES = "Socket: ON, OFF\nClock: DATE\nHelp: WHY"


@pytest.mark.parametrize("pattern", ["Socket*", "*", "Socket: ON*\\nHelp: *"])
def test_a_star_crosses_line_ends_only_after_two_tildes(pattern: str) -> None:
    holds(f"+1 > ?\n+1 <~~ {pattern}", replies(THREE_LINES))
    assert fails(f"+1 > ?\n+1 <~ {pattern}", replies(THREE_LINES))


@pytest.mark.parametrize("pattern", ["Socket*DATE", "socket*", "Socket:*\\n*\\n*\\n*"])
def test_the_rest_of_a_pattern_has_to_be_there_after_two_tildes(pattern: str) -> None:
    assert fails(f"+1 > ?\n+1 <~~ {pattern}", replies(THREE_LINES))


def test_nothing_takes_its_time_and_sees_what_waits() -> None:
    assert holds("+1 < nothing").now == 65_000
    assert holds("+1 < nothing for 2h").now == 5_000 + 7_200_000
    assert '"one"' in fails("+1 > ?\n+1 < nothing", replies("one", after=60_000))
    assert '"one"' in fails("+1 > ?\nwait 1d\n+1 < nothing for 0s", replies("one"))
    holds("+1 > ?\n+1 < nothing\n+1 < one", replies("one", after=60_001))


# -- calls --------------------------------------------------------------------------------------


def calls(*numbers: str, ends: str = "cancelled") -> Device:
    """A device that calls these numbers, 20 s each, when a message comes."""

    def device(world: FakeWorld, sender: str, text: str) -> None:
        for index, number in enumerate(numbers):
            world.network.dial(number, 5_000 + index * 20_000, ends)

    return device


def test_calls_by_the_device() -> None:
    holds("+9 > ?\n+1 is called\n+2 is called\nnobody is called", calls("+1", "+2"))
    holds("+9 > ?\nwait 5m\n+1 is called\n+2 is called", calls("+1", "+2"))
    assert "calls to +1" in fails("+9 > ?\n+2 is called", calls("+1"))
    assert "no call" in fails("+9 > ?\n+1 is called\n+1 is called", calls("+1"))
    assert "a call to +1 at" in fails("+9 > ?\nnobody is called", calls("+1"))
    holds("+9 > ?\n+1 is called\nnobody is called for 5s\n+2 is called", calls("+1", "+2"))


def test_the_end_of_a_call_is_the_devices() -> None:
    holds("+9 > ?\n+1 is called\ncall ends\n+2 is called\ncall ends", calls("+1", "+2"))
    holds("+9 > ?\n+1 is called\ncall ends within 20s", calls("+1"))
    assert "dialing" in fails("+9 > ?\n+1 is called\ncall ends within 19s", calls("+1"))
    assert "no call" in fails("+9 > ?\n+1 is called\ncall ends\ncall ends", calls("+1"))
    assert "unanswered" in fails("+9 > ?\n+1 is called\ncall ends", calls("+1", ends="unanswered"))
    assert "rejected" in fails("+9 > ?\n+1 is called\ncall ends", calls("+1", ends="rejected"))
    hung_up = "+9 > ?\n+1 is called\n+1 hangs up\ncall ends"
    assert "was ended" in fails(hung_up, calls("+1", ends=""))


def test_calls_to_the_device() -> None:
    def reject(world: FakeWorld, sender: str, text: str) -> None:
        world.kernel.after(
            3_000, lambda: world.network.end(world.network.incoming[-1], "rejected")
        )

    holds("+1 calls\n+9 > ?\ncall ends", reject)
    assert "a call that is paging" in fails("+1 calls\ncall answered")
    assert "no call" in fails("call answered")


# -- what can be seen ---------------------------------------------------------------------------


def later(ms: int, act: str) -> Device:
    """A device that does something some time after a message."""

    def device(world: FakeWorld, sender: str, text: str) -> None:
        acts = {
            "on": lambda: world.relay.set(True),
            "led": lambda: world.leds["out"].show("4/s"),
            "blink": lambda: (
                world.leds["out"].show("4/s"),
                world.kernel.after(8_000, lambda: world.leds["out"].show("off")),
            ),
            "sleep": lambda: setattr(world, "asleep", True),
            "crash": lambda: world.crash("Traceback\n  boom"),
        }
        world.kernel.after(ms, acts[act])

    return device


def test_the_relay_within_a_second() -> None:
    holds("socket off\n+1 > ?\nsocket on", later(1_000, "on"))
    told = fails("+1 > ?\nsocket on", later(1_001, "on"))
    assert "expected: socket on within 1s" in told and "came:     socket off" in told
    holds("+1 > ?\nsocket on within 2s", later(1_001, "on"))
    assert fails("microrelay on")


def test_an_led_is_watched_for_ten_seconds() -> None:
    assert holds("+1 > ?\nled out 4/s", later(50, "led")).now == 15_000
    assert "4/s at 0:00:05.050, off at 0:00:13.050" in fails(
        "+1 > ?\nled out 4/s", later(50, "blink")
    )
    assert "off all the time" in fails("led out steady")
    assert fails("+1 > ?\nled out off", later(5_000, "led"))
    assert fails("+1 > ?\nled out 4/s", later(5_000, "led"))
    assert holds("+1 > ?\nled out 4/s within 1m", later(5_000, "led")).now == 20_000
    assert fails("+1 > ?\nled out 4/s within 1m", later(5_000, "blink"))


def test_asleep_and_on_line() -> None:
    holds("+1 > ?\nasleep", later(1_000, "sleep"))
    assert "it is awake" in fails("asleep")
    holds("off\npower on\nonline within 5s")
    assert fails("off\npower on\nonline within 4s")


# -- failures -----------------------------------------------------------------------------------


def test_a_crash_is_a_failure_at_once() -> None:
    told = fails("+1 > ?\n+1 < nothing", later(1_000, "crash"))
    assert "x.scn:2: +1 < nothing" in told
    assert "the firmware crashed:\n              Traceback\n                boom" in told
    assert "0:00:06.000" in told


def raises(error: Exception) -> Device:
    def device(world: FakeWorld, sender: str, text: str) -> None:
        raise error

    return device


def test_what_is_not_built_and_what_broke_says_so() -> None:
    assert "this is not built yet: faxes" in fails("+1 > ?", raises(NotBuilt("faxes")))
    assert "the firmware was stopped: it hung" in fails("+1 > ?", raises(DeviceError("it hung")))
    assert "the bench failed:" in fails("+1 > ?", raises(KeyError("oops")))


def test_the_newest_log_lines_are_shown() -> None:
    def device(world: FakeWorld, sender: str, text: str) -> None:
        for number in range(20):
            world.notify("log", f"line {number}")

    told = fails("+1 > ?\nsocket on", device)
    assert "log:      0:00:05.000  line 8\n" in told and told.endswith("line 19")


def test_a_file_stops_at_its_first_failure() -> None:
    result = Played("socket on\nsocket off\nsocket off").result
    assert (len(result.failures), result.played, result.steps) == (1, 1, 3)


# -- the command --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(playing, "make_world", lambda setting, **_: FakeWorld(switch, setting))
    (tmp_path / "good.scn").write_text("+1 > ON\n+1 < Power socket ON\nsocket on\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "bad.scn").write_text("socket on\nsocket off\n")
    (tmp_path / "wrong.txt").write_text("socket off\n\ntemprature 9\n")
    return tmp_path


def test_a_play_ends_with_1_if_a_step_has_failed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["play", str(folder / "good.scn")]) == 0
    told = capsys.readouterr().out
    assert told.startswith("1 file, 3 steps: all held; 0:00:10.000 simulated in ")
    assert main(["play", str(folder)]) == 1
    told = capsys.readouterr().out
    assert f"{folder}/sub/bad.scn:1: socket on" in told
    assert "stopped here; 1 step of this file not played" in told
    assert "2 files, 4 steps: 1 failed" in told


def test_a_file_that_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(folder / name) for name in ("wrong.txt", "none.scn", "good.scn")]
    assert main(["play", *files]) == 2
    told = capsys.readouterr()
    assert f"{files[0]}:3: `temprature 9` is not a step; did you mean `temperature`?" in told.err
    assert f"{files[1]}: no such file or directory" in told.err
    assert "1 file, 3 steps: all held" in told.out
    (folder / "empty").mkdir()
    assert main(["play", str(folder / "empty")]) == 2


@pytest.mark.parametrize("arguments", [[], ["play"], ["play", "--vm", "jvm", "x"], ["dance"]])
def test_wrong_arguments_end_with_2_and_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_steps_and_traffic_can_be_shown(folder: Path) -> None:
    out = io.StringIO()
    files = [folder / "good.scn"]
    args = Namespace(files=files, vm="cpython", family="sim800l", trace=True, verbose=True)
    assert playing.play(args, out) == 0
    assert "0:00:05.000  +1 > ON\n" in out.getvalue()
