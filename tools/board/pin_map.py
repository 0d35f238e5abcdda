# SPDX-License-Identifier: MIT
"""The owner's pin map: `make board BOARD=devkit` makes firmware/board.py from firmware/boards/.

`python -m tools.board.pin_map --doc` writes the wiring table of docs/build.md from the dev kit's.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.build import ROOT

MAPS = ROOT / "firmware" / "boards"
OWNERS = ROOT / "firmware" / "board.py"
GUIDE = ROOT / "docs" / "build.md"
BEGIN = "<!-- wiring: made by `make docs` from firmware/boards/devkit.py -->"
END = "<!-- wiring: end -->"

# What each name of a map is wired to; what is not here is no pin.
PINS = {
    "RELAY": "relay module, IN; 10 kΩ to ground",
    "LED_POWER": "LED POWER (green), 330 Ω to ground",
    "LED_GSM": "LED GSM (blue), 330 Ω to ground",
    "LED_OUT": "LED OUT (red), 330 Ω to ground",
    "MICRORELAY": "micro relay module, IN (GSM 706, 707)",
    "LED_MICROPHONE": "LED MICROPHONE (yellow), 330 Ω to ground (GSM 706, 707)",
    "MODEM_TX": "modem, RXD, over 1 kΩ; 5.6 kΩ to ground",
    "MODEM_RX": "modem, TXD",
    "MODEM_PWRKEY": "modem, PWRKEY, if it has one",
    "MODEM_RST": "modem, RST",
    "JACK": "switch of the sensor's jack",
    "CONTACT": "opto-coupler, collector; 10 kΩ to 3.3 V",
    "BUTTON": "button to ground",
    "MAINS": "mains sense: divider from the adapter",
    "THERMOMETER": "DS18B20, DQ; 4.7 kΩ to 3.3 V",
}
LINE = re.compile(r"^([A-Z][A-Z0-9_]*) = (\S+)(?:  # (.*))?$", re.MULTILINE)


class BoardError(Exception):
    """The map cannot be made; the text says what to do."""


def maps() -> list[str]:
    """Return the names of the ready-made maps."""
    return sorted(path.stem for path in MAPS.glob("*.py") if path.stem != "__init__")


def make(name: str, target: Path = OWNERS) -> None:
    """Write the owner's pin map.

    Raises:
        BoardError: there is no such map, or the owner has one already.
    """
    if name not in maps():
        raise BoardError(f"no pin map {name!r}: use `make board BOARD={'|'.join(maps())}`")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write((MAPS / f"{name}.py").read_text(encoding="utf-8"))
    except FileExistsError:
        raise BoardError(f"you have a {target.name} already: move it away first") from None


def wiring(text: str) -> str:
    """Return the table of a map's pins as Markdown."""
    rows = ["| GPIO | goes to | name in board.py | note |", "|---|---|---|---|"]
    for name, value, note in LINE.findall(text):
        if name in PINS:
            pin = "-" if value == "None" else value
            rows.append(f"| {pin} | {PINS[name]} | `{name}` | {note} |")
    return "\n".join(rows)


def guide(text: str) -> str:
    """Return the build guide with its table as the map is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = wiring((MAPS / "devkit.py").read_text(encoding="utf-8"))
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the map, or the guide's table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.pin_map", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help=", ".join(maps()))
    parser.add_argument("--doc", action="store_true", help="write the table of docs/build.md")
    options = parser.parse_args(arguments)
    if options.doc:
        GUIDE.write_text(guide(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    try:
        make(options.name)
    except BoardError as error:
        print(f"board: {error}", file=sys.stderr)
        return 1
    print(f"made {OWNERS.relative_to(ROOT)}: check that its pins are those of your board")
    return 0


if __name__ == "__main__":
    sys.exit(main())
