# SPDX-License-Identifier: MIT
"""Scenarios on the bench page: the first minute's, files, and one at its failing step."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path

import pytest
from page_kit import with_bench

from tools.bench.__main__ import main
from tools.bench.scenario import play as playing
from tools.bench.scenario.player import Setting
from tools.bench.web import story as story_module
from tools.bench.web.bench import Bench, Choice, OrderError
from tools.bench.web.launch import place
from tools.bench.web.orders import carry_out
from tools.bench.web.story import FOLDER, Story, captions, first_minute

FAILS = """# A lamp that stays dark
+31600000001 > ON

# The answer comes, the lamp stays dark.
+31600000001 < Power socket ON
wait 10m
socket off within 2s
+31600000001 > STATUS
"""


async def over(bench: Bench) -> Story:
    while bench.story is None or not bench.story.over:
        await asyncio.sleep(0.02)
    return bench.story


def test_the_first_minutes_scenarios_have_a_title_and_say_what_happens() -> None:
    stories = first_minute()
    assert [path.stem for path in sorted(FOLDER.glob("*.scn"))] == list(stories)
    assert len(stories) == 3
    for story in stories.values():
        assert len(story["title"]) < 30 < len(story["about"]) < 160
        assert len(captions(story["text"])) >= 4


def test_a_night_of_frost_is_watched_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_module, "WATCHED_S", 0.5)  # a twentieth of what a person is given
    monkeypatch.setattr(story_module, "PACE", 240.0)

    async def talk(bench: Bench) -> None:
        bench.set_speed(0)
        began = time.monotonic()
        await carry_out(bench, {"order": "show", "story": "3-frost"})
        story = await over(bench)
        assert time.monotonic() - began < 20  # 1 s on an idle machine
        assert not story.failed and story.line == story.state()["lines"]
        assert bench.session.now > 5 * 3_600_000 and bench.session.speed == 1
        switched = [p[3] for p in bench.snapshot()["points"]]
        assert sum(a != b for a, b in itertools.pairwise(switched)) >= 6
        with pytest.raises(OrderError, match="no story"):
            await carry_out(bench, {"order": "show", "story": "../x"})

    with_bench(talk, speed=1)


def test_a_file_is_played_at_once_and_stands_still_where_it_fails() -> None:
    async def talk(bench: Bench) -> None:
        await carry_out(bench, {"order": "play", "name": "dark.scn", "text": FAILS})
        story = await over(bench)
        assert story.failed.startswith("line 7: socket off within 2s\n")
        assert story.caption == "The answer comes, the lamp stays dark."
        now = bench.session.now
        assert 600_000 < now < 640_000 and bench.session.speed == 0
        await asyncio.sleep(0.1)
        assert bench.session.now == now
        with pytest.raises(OrderError, match=r"dark.scn:1: .*not a step"):
            await carry_out(bench, {"order": "play", "name": "dark.scn", "text": "hello there"})
        # What was played is recorded, and can be shared in its turn.
        await bench.play(Story("clock", "clock none\nboard fahrenheit\noff\nsignal -99"))
        await over(bench)
        assert bench.recorded().splitlines()[1:5] == [
            *("board fahrenheit", "clock none", "off", "signal -99"),
        ]

    with_bench(talk)


def test_a_story_ends_when_it_is_told_to_and_with_its_world() -> None:
    async def talk(bench: Bench) -> None:
        await carry_out(bench, {"order": "show", "story": "3-frost"})
        await asyncio.sleep(0.2)
        await carry_out(bench, {"order": "end story"})
        assert bench.story and bench.story.over and bench.session.speed == 1
        await carry_out(bench, {"order": "show", "story": "1-by-message"})
        await bench.restart("EP", "cpython", False)
        assert bench.story is None and bench.state()["story"] is None

    with_bench(talk, speed=1)


def test_the_modems_family_stays_from_world_to_world() -> None:
    async def go() -> None:
        bench = Bench(Choice("cpython", Setting(family="a7670")))
        try:
            for begin in (
                bench.start(),
                bench.restart("EP", "cpython", False),
                bench.play_text("s", "wait 1s"),
            ):
                await begin
                assert bench._world.config["MODEM"] == "A7670"
            await bench.play_text("s", "modem family SIM7600\nwait 1s")
            assert bench._world.config["MODEM"] == "SIM7600"
        finally:
            await bench.close()

    asyncio.run(go())


def test_a_failing_play_prints_the_command_that_opens_the_page_at_the_failing_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "dark.scn"
    file.write_text(FAILS)
    assert main(["play", str(file)]) == playing.FAILED
    command = f".venv/bin/python -m tools.bench page {file}:7 --vm cpython"
    assert f"    see it:   {command}\n" in capsys.readouterr().out
    assert main(["play", str(file), "--family", "a7670"]) == playing.FAILED
    assert f"    see it:   {command} --family a7670\n" in capsys.readouterr().out
    assert place(f"{file}:7") == (file, 7)
    assert place(str(file)) == (file, 0)

    async def talk(bench: Bench) -> None:
        await bench.play(Story(file.name, FAILS, before=7))
        story = await over(bench)
        assert (story.next, story.line, story.failed) == ("socket off within 2s", 6, "")
        assert bench.session.speed == 0 and bench.state()["gauges"]["socket"]

    with_bench(talk)


def test_a_scenario_that_cannot_be_read_opens_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.scn"
    file.write_text("socket onn\n")
    assert main(["page", "--no-open", str(file)]) == 2
    assert "bad.scn:1: `socket onn` is not a step; did you mean" in capsys.readouterr().err
    assert main(["page", "--no-open", str(tmp_path / "none.scn")]) == 2
    assert "none.scn: no such file" in capsys.readouterr().err
