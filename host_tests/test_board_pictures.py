# SPDX-License-Identifier: MIT
"""The schematic and the pictures of the pin maps: current, readable, and as the guide says."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from typing import Any

import pytest

from tools.board.pin_map import GUIDE, MAPS, PINS, maps
from tools.docs import board_picture, schematic
from tools.docs.drawing import Drawing, crossings

DEVKIT = runpy.run_path(str(MAPS / "devkit.py"))


def test_the_schematic_is_current() -> None:
    assert schematic.FILE.read_text(encoding="utf-8") == schematic.svg(), "`make docs` draws it"


@pytest.mark.parametrize("name", maps())
def test_a_picture_is_current(name: str) -> None:
    there = board_picture.file(name).read_text(encoding="utf-8")
    assert there == board_picture.draw(name).svg(), "`make docs` draws it"


def test_no_wires_cross() -> None:
    assert crossings(schematic.draw(DEVKIT)) == []


@pytest.mark.parametrize(
    ("wires", "dots", "found"),
    [
        ([((0, 5), (10, 5)), ((5, 0), (5, 10))], [], [(5, 5)]),
        ([((0, 5), (10, 5)), ((5, 0), (5, 10))], [(5, 5)], []),
        ([((0, 5), (10, 5)), ((5, 5), (5, 10))], [], [(5, 5)]),
        ([((0, 5), (10, 5)), ((10, 5), (20, 5))], [], []),
        ([((0, 5), (10, 5)), ((0, 6), (10, 6))], [], []),
    ],
)
def test_what_a_crossing_is(wires: list[Any], dots: list[Any], found: list[Any]) -> None:
    drawing = Drawing(20, 20, "")
    for wire in wires:
        drawing.wire(*wire)
    for dot in dots:
        drawing.dot(*dot)
    assert crossings(drawing) == found


def test_the_schematic_follows_the_map() -> None:
    pins = {name: 40 + number for number, name in enumerate(schematic.HEIGHTS)}
    drawn = re.findall(r">GPIO(\d+)<", schematic.draw(pins).svg())
    assert sorted(map(int, drawn)) == sorted(pins.values())
    assert set(schematic.HEIGHTS) == {name for name in PINS if DEVKIT[name] is not None}


def test_the_guide_lists_the_parts_of_the_schematic() -> None:
    """Each value as often as it is drawn; the fuses and LEDs by name."""
    guide = GUIDE.read_text(encoding="utf-8")
    parts = guide.partition("## Parts")[2].partition("\n## ")[0]
    for value, count in Counter(schematic.draw(DEVKIT).parts).items():
        found = re.findall(rf"(?:(\d) x )?(?<![\d.]){re.escape(value)}(?!\w)", parts)
        named = {"LED": "3 LEDs", "5 A": "fuse, 5 A", "1 A": "fuse 1 A"}
        if value in named:
            assert named[value] in parts
        else:
            assert sum(int(many or 1) for many in found) == count, value


@pytest.mark.parametrize("name", maps())
def test_a_picture_shows_every_pin_of_its_map(name: str) -> None:
    board = runpy.run_path(str(MAPS / f"{name}.py"))
    rows = " ".join(board_picture.HEADERS[name]).split()
    said = {pin: board_picture.say(pin, board) for pin in rows}
    for key, words in PINS.items():
        if board[key] is not None:
            kind, text = said[str(board[key])]
            assert text.startswith(words.split(", ")[0]), key
            on_board = "TAKEN" in board and key.startswith("MODEM_")
            assert kind == ("board" if on_board else "ours"), key
    for pin in (*board.get("TAKEN", ()), *board["HIGH"], *(board["IP5306"] or ())):
        assert said[str(pin)][0] == "board"
