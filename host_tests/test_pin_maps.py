# SPDX-License-Identifier: MIT
"""The owner's pin map is made once, and the build guide has the pins of the ready-made one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.board import pin_map
from tools.build import ROOT


@pytest.mark.parametrize("name", pin_map.maps())
def test_the_pin_map_is_made_once(name: str, tmp_path: Path) -> None:
    target = tmp_path / "board.py"
    pin_map.make(name, target)
    assert target.read_bytes() == (pin_map.MAPS / f"{name}.py").read_bytes()
    target.write_text("# mine\n")
    with pytest.raises(pin_map.BoardError, match="already"):
        pin_map.make(name, target)
    assert target.read_text() == "# mine\n"


def test_an_unknown_map_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(pin_map.BoardError, match="devkit"):
        pin_map.make("toaster", tmp_path / "board.py")


def test_the_guide_has_the_wiring_of_the_map() -> None:
    text = pin_map.GUIDE.read_text(encoding="utf-8")
    assert pin_map.guide(text) == text, "`make docs` writes the table anew"


def test_the_table_leaves_out_no_pin() -> None:
    names = {
        name for name, value, _ in pin_map.LINE.findall((pin_map.MAPS / "devkit.py").read_text())
    }
    no_pins = {"MODEL", "MODEM", "MODEM_BAUD", "PIN", "US", "HIGH", "ACTIVE_HIGH", "IP5306"}
    assert names - no_pins <= set(pin_map.PINS)


def test_the_schematic_has_the_pins_of_the_map() -> None:
    text = (ROOT / "docs" / "hardware" / "schematic.svg").read_text(encoding="utf-8")
    drawn = {int(number) for number in re.findall(r">GPIO(\d+)<", text)}
    rows = pin_map.LINE.findall((pin_map.MAPS / "devkit.py").read_text(encoding="utf-8"))
    assert drawn == {int(pin) for name, pin, _ in rows if name in pin_map.PINS and pin != "None"}
