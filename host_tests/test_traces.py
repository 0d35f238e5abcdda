# SPDX-License-Identifier: MIT
"""Serial logs that people posted, played to lib/sim800 in virtual time."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from host_tests.modem_rig import Rig, play
from host_tests.trace_kit import Player, TraceError, read, traces
from host_tests.vm_harness import run_on_cpython
from tools.bench.modem.habits import HABITS

TRACES = {trace.name: trace for trace in traces()}
WITH_HABITS = [name for name, trace in TRACES.items() if "habits" in trace.head]
ON_LINE = 120  # s
MINUTES = 5
MOST_COMMANDS = 30  # a minute

SOURCES = (
    r"[\w.-]+/[\w.-]+#\d+",  # an issue or a pull request
    r"[\w.-]+/[\w.-]+, [\w./-]+",  # a file of a repository
    r'[\w.]+/t/\d+, ".+"',  # a topic of a forum
    r'(Stack Overflow|\S+, Arduino forum) \d+, ".+"',
)


@pytest.mark.parametrize("name", TRACES)
def test_what_the_driver_makes_of_a_log(name: str) -> None:
    async def scenario() -> None:
        await Player(TRACES[name]).play()

    run_on_cpython(scenario)


@pytest.mark.parametrize("name", WITH_HABITS)
def test_a_module_with_the_habits_of_a_log(name: str) -> None:
    """The supervisor brings it on line, and then leaves it in peace."""

    async def scenario(rig: Rig) -> tuple[int, int]:
        await asyncio.wait_for(rig.online(), ON_LINE)
        before = rig.world.modem.terminal.lines
        await asyncio.sleep(60 * MINUTES)
        return rig.world.modem.terminal.lines - before, rig.link.restarts

    commands, restarts = play(scenario, habits=TRACES[name].head["habits"].split()).result
    assert commands <= MOST_COMMANDS * MINUTES
    assert restarts == 0


def test_the_logs_are_found() -> None:
    assert len(TRACES) >= 15


@pytest.mark.parametrize("name", TRACES)
def test_a_log_says_where_it_is_from_and_what_it_shows(name: str) -> None:
    trace = TRACES[name]
    assert {"source", "module", "shows"} <= trace.head.keys()
    source = trace.head["source"]
    assert any(re.fullmatch(pattern, source) for pattern in SOURCES), source
    assert set(trace.head.get("habits", "").split()) <= HABITS.keys()
    kinds = {kind for kind, _ in trace.steps}
    assert "<" in kinds and kinds & {"=", "!"}


@pytest.mark.parametrize("text", ["source x\n\n< OK\n", "source: x\n\n<OK\n"])
def test_what_is_wrong_in_a_log_is_said(tmp_path: Any, text: str) -> None:
    path = tmp_path / "x.trace"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TraceError, match=r"x\.trace"):
        read(path)


@pytest.mark.parametrize("wrong", ["= +CSQ: 8,0", "= OK", "! urc RING", "! dropped 1", "> AT\\r"])
def test_a_log_of_which_the_driver_makes_something_else_fails(tmp_path: Any, wrong: str) -> None:
    path = tmp_path / "x.trace"
    head = "source: x\n\n> AT+CSQ\\r\n< \\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n\n"
    path.write_text(head + wrong + "\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="step 2"):
        run_on_cpython(Player(read(path)).play)
