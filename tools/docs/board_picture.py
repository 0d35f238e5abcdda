# SPDX-License-Identifier: MIT
"""A picture of each ready-made pin map: the board's headers from above, and what goes where.

`make docs` writes docs/hardware/<map>.svg. Sources of the headers: Espressif's ESP32-DevKitC V4
guide, LilyGO's pictures and schematics of the T-Call; for the A7670 boards, dimensions/esp32/,
schematic/esp32/ and images/ in https://github.com/Xinyuan-LilyGO/LilyGo-Modem-Series/
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from tools.board.pin_map import MAPS, PINS, maps
from tools.build import ROOT
from tools.docs.drawing import Drawing

FOLDER = ROOT / "docs" / "hardware"

# From the antenna to the other end.
_LEFT = "3V3 EN 36 39 34 35 32 33 25 26 27 14 12 GND 13 9 10 11 5V"
_RIGHT = "GND 23 22 1 3 21 GND 19 18 5 17 16 4 0 2 15 8 7 6"
_TCALL = _RIGHT.replace("17 16", "NC NC")
_SOUND = (_LEFT + " SPK+ SPK-", _TCALL + " MIC- MIC+")
_T_A7670 = (
    "3V3 GND 32 33 34 35 25 26 27 4 2 15 14 13 12 VBAT",
    "1 3 3V3 GND 22 21 23 19 18 5 39 36 0 EN GND VBUS",
)
HEADERS = {
    "devkit": (_LEFT, _RIGHT),
    "tcall_20190610": _SOUND,
    "tcall_20200811": _SOUND,
    "tcall_20200327": (_LEFT, _TCALL),
    "tcall_a7670_v10": (_LEFT, _RIGHT),
    "tcall_a7670_v11": (_LEFT, _RIGHT),
    "t_a7670": _T_A7670,
}
TITLES = {
    "devkit": "bare ESP32 dev kit, 38 pins",
    "tcall_20190610": "LilyGO T-Call 1.3, 2019-06-10",
    "tcall_20200811": "LilyGO T-Call 1.4, 2020-08-11",
    "tcall_20200327": "LilyGO T-Call AXP192, 2020-03-27",
    "tcall_a7670_v10": "LilyGO T-Call A7670 V1.0",
    "tcall_a7670_v11": "LilyGO T-Call A7670 V1.1",
    "t_a7670": "LilyGO T-A7670",
}
OTHER_END = {"t_a7670": "modem"}  # its USB socket is at its side
SILK = {"36": "VP", "39": "VN", "1": "TX", "3": "RX"}  # what is printed instead of the number
CLOSED = {
    **dict.fromkeys(("6", "7", "8", "9", "10", "11"), "flash: leave it alone"),
    **dict.fromkeys(("1", "3"), "USB's serial line: leave it alone"),
    **dict.fromkeys(("16", "17"), "PSRAM of a WROVER: leave it alone"),
    **dict.fromkeys(("0", "2", "5", "12", "15"), "decides how the chip starts: leave it alone"),
}
NAMED = {
    "3V3": ("power", "3.3 V out"),
    "5V": ("power", "5 V"),
    "VBUS": ("power", "5 V, none on battery"),
    "VBAT": ("power", "the cell"),
    "GND": ("power", "ground"),
    "EN": ("closed", "the chip's reset: leave it alone"),
    "NC": ("free", "not connected"),
    **dict.fromkeys(("SPK+", "SPK-", "MIC+", "MIC-"), ("board", "the modem's sound")),
}
FILLS = {
    "ours": "#bfe3c6",
    "board": "#d9dee3",
    "closed": "#f6c7c3",
    "power": "#ffdf9e",
    "free": "#ffffff",
}
LEGEND = (
    *(("ours", "you connect this"), ("board", "wired on the board")),
    *(("power", "supply and ground"), ("closed", "leave it alone"), ("free", "free")),
)
ROW, TOP, EDGE = 30, 100, 470


def uses(board: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return for each pin of a map its kind and what is to be said of it."""
    found = {str(pin): ("board", "used by the board itself") for pin in board.get("TAKEN", ())}
    for pin in board["HIGH"]:
        found[str(pin)] = ("board", "switch of the modem's supply, on the board")
    for pin, line in zip(board["IP5306"] or (), ("SDA", "SCL"), strict=False):
        found[str(pin)] = ("board", f"{line} of the IP5306, on the board")
    for name, words in PINS.items():
        if board[name] is not None:
            on_board = "TAKEN" in board and name.startswith("MODEM_")
            if on_board:
                said = ", ".join(words.split(", ")[:2]) + ", on the board"
                found[str(board[name])] = ("board", said)
            else:
                found[str(board[name])] = ("ours", words)
    return found


def say(pin: str, board: dict[str, Any]) -> tuple[str, str]:
    """Return the kind of a header's pin and what is to be said of it."""
    if pin in NAMED:
        return NAMED[pin]
    found = uses(board).get(pin)
    if found:
        return found
    if pin in CLOSED:
        return "closed", CLOSED[pin]
    return "free", "free, an input only" if int(pin) >= 34 else "free"


def draw(name: str) -> Drawing:
    """Return the picture of a ready-made map."""
    board = runpy.run_path(str(MAPS / f"{name}.py"))
    left, right = (row.split() for row in HEADERS[name])
    height = TOP + ROW * len(left) + 110
    d = Drawing(2 * EDGE + 260, height, TITLES[name])
    d.text(EDGE + 130, 34, f"{TITLES[name]} (boards/{name}.py)", "head", "middle")
    d.rect(EDGE - 6, 52, 272, height - 118)
    d.text(EDGE + 130, 76, "the ESP32's antenna", "small", "middle")
    d.text(EDGE + 130, height - 78, OTHER_END.get(name, "USB"), "title", "middle")
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        y = TOP + ROW * number
        _pin(d, y, one, say(one, board), True)
        _pin(d, y, other, say(other, board), False)
    for number, (kind, words) in enumerate(LEGEND):
        x = 60 + 235 * number
        _cell(d, x, height - 44, kind)
        d.text(x + 62, height - 27, words)
    return d


def _pin(d: Drawing, y: int, pin: str, said: tuple[str, str], left: bool) -> None:
    kind, words = said
    number = f"GPIO{pin}" if pin in SILK else ""
    _cell(d, EDGE if left else EDGE + 208, y, kind)
    d.text(EDGE + 26 if left else EDGE + 234, y + 17, SILK.get(pin, pin), "pin", "middle")
    if number:
        d.text(
            EDGE + 60 if left else EDGE + 200, y + 17, number, "small", "start" if left else "end"
        )
    weight = "pin" if kind == "ours" else "small"
    d.text(EDGE - 18 if left else EDGE + 278, y + 17, words, weight, "end" if left else "start")


def _cell(d: Drawing, x: int, y: int, kind: str) -> None:
    d.raw(f'<rect x="{x}" y="{y}" width="52" height="24" fill="{FILLS[kind]}" stroke="#1a2733"/>')


def file(name: str) -> Path:
    return FOLDER / f"{name}.svg"


if __name__ == "__main__":
    for each in maps():
        file(each).write_text(draw(each).svg(), encoding="utf-8")
