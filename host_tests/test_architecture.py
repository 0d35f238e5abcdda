# SPDX-License-Identifier: MIT
"""docs/architecture.md is true: the way of a message, and one name for one module."""

from __future__ import annotations

import re
import sys
from collections import Counter
from types import FrameType

from host_tests.world_kit import on_line
from tools.bench.world.world import World
from tools.build import ROOT

DOC = ROOT / "docs" / "architecture.md"
ROW = re.compile(r"\| \[`[^`]+`\]\(\.\./([^)]+)\) \| ([^|]+) \|")
MOST_FILES = 12


def the_way() -> list[tuple[str, list[str]]]:
    """Return the files that the page lists for `ON`, each with its functions."""
    section = DOC.read_text(encoding="utf-8").split("## The way of a message")[1].split("\n## ")[0]
    return [
        (file, [name.split(".")[-1] for name in re.findall(r"`([^`]+)`", cell)])
        for file, cell in ROW.findall(section)
    ]


def called_for_on() -> list[tuple[str, str]]:
    """Return file and function of every call from `ON` at the UART to the end of its commit."""
    world = on_line(World())
    world.run_for(20_000)
    calls = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.append((frame.f_code.co_filename, frame.f_code.co_name))

    world.network.deliver("+31600000001", "ON")
    sys.setprofile(note)
    try:
        assert world.run_until(lambda: world.relay_on, 30_000)
    finally:
        sys.setprofile(None)
        world.close()
    return calls


def test_on_passes_the_files_of_the_page_in_their_order() -> None:
    way = the_way()
    assert 8 < len(way) <= MOST_FILES
    calls = called_for_on()
    first = []
    for file, functions in way:
        places = [calls.index((str(ROOT / file), name)) for name in functions]
        first.append(places[0])
    assert first == sorted(first)


def test_no_two_modules_of_the_device_have_one_name() -> None:
    paths = [*(ROOT / "lib").rglob("*.py"), *(ROOT / "firmware").glob("*.py")]
    names = Counter(path.stem for path in paths if path.stem != "__init__")
    assert [name for name, count in names.items() if count > 1] == []
