# SPDX-License-Identifier: MIT
"""The schematic of docs/build.md, drawn from the pin map of the bare dev kit.

`python -m tools.docs.schematic` writes docs/hardware/schematic.svg; `make docs` does.
"""

from __future__ import annotations

import runpy
from typing import Any

from tools.board.pin_map import MAPS
from tools.build import ROOT
from tools.docs.drawing import Drawing

FILE = ROOT / "docs" / "hardware" / "schematic.svg"
WIDTH, HEIGHT = 1720, 1430

# The pins of the ESP32 as they are drawn: name in the map, height.
LEFT = (("MAINS", 360), ("CONTACT", 600), ("THERMOMETER", 775), ("BUTTON", 870))
RIGHT = (
    *(("MODEM_RST", 380), ("MODEM_RX", 440), ("MODEM_TX", 500)),
    *(("LED_POWER", 625), ("LED_GSM", 675), ("LED_OUT", 725), ("RELAY", 800)),
)
LEDS = (("LED_POWER", "POWER, green"), ("LED_GSM", "GSM, blue"), ("LED_OUT", "OUT, red"))
HEIGHTS = dict((*LEFT, *RIGHT))


def draw(board: dict[str, Any]) -> Drawing:
    """Return the schematic of a pin map."""
    d = Drawing(WIDTH, HEIGHT, "powersocket: schematic")
    d.text(
        40, 34, "powersocket: bare ESP32 dev kit and SIM800L breakout (boards/devkit.py)", "head"
    )
    _supply(d)
    _chip(d, board)
    _mains_sense(d)
    _loop(d)
    _thermometer_and_button(d)
    _modem(d)
    _leds(d)
    _relay(d)
    _small_load(d)
    _contactor(d)
    _notes(d)
    return d


def _supply(d: Drawing) -> None:
    d.box(40, 75, 160, 90, "12 V adapter", "2 A, plug-in,", "certified; outside")
    d.wire((200, 120), (250, 120), style="power")
    d.dot(250, 120)
    d.wire((250, 120), (330, 120), style="power")
    d.box(330, 75, 180, 90, "12 V mini-UPS", "Li-ion inside; without", "one: a wire instead")
    d.wire((510, 120), (545, 120), style="power")
    d.wire((545, 120), (585, 120), style="power")
    d.fuse(565, 120, "2 A slow", False, "power")
    d.wire((585, 120), (640, 120), style="power")
    d.dot(640, 120)
    d.wire((640, 120), (640, 95), style="power")
    d.flag(640, 95, "+12 V")
    d.wire((640, 120), (720, 120), style="power")
    d.dot(720, 120)
    d.wire((720, 120), (720, 150), style="power")
    d.box(620, 150, 200, 70, "step-down to 5.0 V", "3 A; set it first")
    d.wire((720, 120), (1150, 120), (1150, 150), style="power")
    d.box(1045, 150, 210, 70, "step-down to 4.0 V", "3 A; set it first")


def _chip(d: Drawing, board: dict[str, Any]) -> None:
    d.box(600, 310, 240, 620, "")
    d.text(612, 462, "ESP32 dev kit", "title")
    d.lines(612, 482, ["5V and USB never", "at the same time"])
    for name, y in LEFT:
        d.text(608, y + 5, f"GPIO{board[name]}", "pin")
    for name, y in RIGHT:
        d.text(832, y + 5, f"GPIO{board[name]}", "pin", "end")
    d.wire((720, 220), (720, 265), style="power")
    d.dot(720, 265)
    d.wire((720, 265), (720, 310), style="power")
    d.wire((720, 265), (670, 265), style="power")
    d.flag(670, 265, "+5 V")
    d.text(720, 332, "5V", "pin", "middle")
    d.wire((800, 310), (800, 285), style="power")
    d.flag(800, 285, "+3.3 V")
    d.text(800, 332, "3V3", "pin", "middle")
    d.text(720, 918, "GND", "pin", "middle")
    d.wire((720, 930), (720, 940))
    d.ground(720, 940)


def _mains_sense(d: Drawing) -> None:
    y = HEIGHTS["MAINS"]
    d.down(250, 120, y, "47 kΩ")
    d.dot(250, y)
    d.wire((250, y), (600, y))
    d.down(250, y, y + 90, "15 kΩ")
    d.ground(250, y + 90)
    d.lines(300, 300, ["mains sense: before the battery,", "2.9 V while the adapter is on"])


def _loop(d: Drawing) -> None:
    y = HEIGHTS["CONTACT"]
    low = y + 60
    d.text(40, y - 110, "12 V loop of the sensor", "title")
    d.wire((300, y - 60), (300, y - 85), style="power")
    d.flag(300, y - 85, "+12 V")
    d.across(150, y - 60, 300, "2.2 kΩ")
    d.wire((70, y - 60), (150, y - 60))
    d.wire((70, y - 60), (70, y - 50))
    d.switch(70, y - 30, True)
    d.wire((70, y - 10), (70, y), (340, y))
    d.lines(95, y - 26, ["contact of the sensor,", "NO or NC: SENSORTYPE"])
    d.dot(340, y)
    d.wire((340, y), (410, y))
    d.wire((340, y), (340, low))
    d.diode(340, (y + low) / 2, -90, "1N4148")
    d.dot(340, low)
    d.wire((340, low), (410, low))
    d.wire((340, low), (340, low + 12))
    d.ground(340, low + 12)
    d.rect(410, y - 22, 100, 104)
    d.text(460, y - 30, "PC817", "title", "middle")
    d.text(416, y + 5, "1 A", "pin")
    d.text(416, low + 5, "2 K", "pin")
    d.text(504, y + 5, "C 4", "pin", "end")
    d.text(504, low + 5, "E 3", "pin", "end")
    d.wire((510, low), (540, low))
    d.wire((540, low), (540, low + 12))
    d.ground(540, low + 12)
    d.wire((510, y), (560, y))
    d.dot(560, y)
    d.wire((560, y), (600, y))
    d.down(560, y - 90, y, "10 kΩ", left=True)
    d.flag(560, y - 90, "+3.3 V")


def _thermometer_and_button(d: Drawing) -> None:
    y = HEIGHTS["THERMOMETER"]
    d.box(140, y - 70, 160, 118, "DS18B20", "on its cable")
    for offset, name in ((-12, "VDD"), (0 + 12, "DQ"), (36, "GND")):
        d.text(292, y - 12 + offset + 5, name, "pin", "end")
    d.wire((300, y - 24), (350, y - 24), (350, y - 40))
    d.flag(350, y - 40, "+3.3 V")
    d.wire((300, y), (500, y))
    d.dot(500, y)
    d.wire((500, y), (600, y))
    d.down(500, y - 70, y, "4.7 kΩ")
    d.flag(500, y - 70, "+3.3 V")
    d.wire((300, y + 24), (350, y + 24))
    d.ground(350, y + 24)
    y = HEIGHTS["BUTTON"]
    d.wire((600, y), (480, y))
    d.switch(460, y, False)
    d.text(460, y - 25, "button", "small", "middle")
    d.wire((440, y), (400, y))
    d.ground(400, y)


def _modem(d: Drawing) -> None:
    d.box(1060, 320, 190, 240, "")
    d.text(1118, 385, "SIM800L", "title")
    d.text(1118, 405, "breakout", "small")
    d.lines(1118, 466, ["antenna,", "SIM without PIN"])
    d.wire((1150, 220), (1150, 265), style="power")
    d.dot(1150, 265)
    d.wire((1150, 265), (1150, 320), style="power")
    d.text(1150, 340, "VCC", "pin", "middle")
    d.wire((1150, 265), (1310, 265), style="power")
    d.dot(1310, 265)
    d.capacitor(1310, 265, 330, "1000 µF")
    d.wire((1310, 265), (1430, 265), style="power")
    d.capacitor(1430, 265, 330, "100 nF")
    d.lines(1290, 235, ["4.0 V, bursts of 2 A: short, thick wires, capacitors at its pins"])
    for name, other in (("MODEM_RST", "RST"), ("MODEM_RX", "TXD")):
        y = HEIGHTS[name]
        d.wire((840, y), (1060, y))
        d.text(1068, y + 5, other, "pin")
    d.text(950, HEIGHTS["MODEM_RST"] - 10, "open drain: only pulled low", "small", "middle")
    y = HEIGHTS["MODEM_TX"]
    d.across(840, y, 960, "1 kΩ")
    d.dot(960, y)
    d.wire((960, y), (1060, y))
    d.text(1068, y + 5, "RXD", "pin")
    d.down(960, y, y + 75, "5.6 kΩ")
    d.ground(960, y + 75)
    d.text(978, y - 10, "2.8 V", "small")
    d.text(1155, 550, "GND", "pin", "middle")
    d.wire((1155, 560), (1155, 570))
    d.ground(1155, 570)


def _leds(d: Drawing) -> None:
    for name, words in LEDS:
        y = HEIGHTS[name]
        d.wire((840, y), (860, y))
        d.across(860, y, 950, "330 Ω")
        d.wire((950, y), (1040, y))
        d.led(985, y)
        d.ground(1040, y)
        d.text(1062, y + 6, words, "small")


def _relay(d: Drawing) -> None:
    y = HEIGHTS["RELAY"]
    d.box(1060, 745, 170, 150, "relay module", "5 V, high = on")
    d.wire((840, y), (910, y))
    d.dot(910, y)
    d.wire((910, y), (1060, y))
    d.text(1068, y + 5, "IN", "pin")
    d.down(910, y, y + 80, "10 kΩ")
    d.ground(910, y + 80)
    d.text(1068, 845, "VCC", "pin")
    d.wire((1060, 840), (1035, 840), style="power")
    d.flag(1024, 840, "+5 V")
    d.text(1145, 887, "GND", "pin", "middle")
    d.wire((1145, 895), (1145, 905))
    d.ground(1145, 905)
    d.text(1222, 805, "COM", "pin", "end")
    d.wire((1230, 800), (1255, 800), (1255, 785), style="power")
    d.flag(1255, 785, "+12 V")
    d.text(1222, 845, "NO", "pin", "end")
    d.wire((1230, 840), (1265, 840), style="power")
    d.dot(1265, 840)
    d.wire((1265, 840), (1320, 840), (1320, 865), style="power")
    d.wire((1265, 840), (1265, 940))
    d.diode(1265, 920, -90, "1N4007")
    d.rect(1296, 865, 48, 46, "part")
    d.text(1320, 894, "K1", "title", "middle")
    d.wire((1320, 911), (1320, 940))
    d.dot(1320, 940)
    d.wire((1265, 940), (1320, 940))
    d.wire((1320, 940), (1320, 950))
    d.ground(1320, 950)
    d.lines(1175, 990, ["K1: interface relay,", "coil 12 V DC, 16 A"])


def _small_load(d: Drawing) -> None:
    d.rect(1370, 420, 320, 620, "danger")
    d.text(1388, 448, "MAINS: unplug it first", "warn")
    d.lines(1388, 470, ["up to 4 A; no motor, no heater"])
    d.box(1410, 490, 250, 80, "plug", "on a socket with RCD 30 mA")
    d.rect(1410, 950, 250, 70)
    d.text(1535, 1005, "socket", "title", "middle")
    for x, name in ((1440, "L"), (1535, "N"), (1630, "PE")):
        d.text(x, 563, name, "pin", "middle")
        d.text(x, 969, name, "pin", "middle")
    d.wire((1535, 570), (1535, 950), style="mains")
    d.wire((1630, 570), (1630, 950), style="mains")
    d.wire((1440, 570), (1440, 868), style="mains")
    d.fuse(1440, 660, "5 A", True, "mains")
    d.switch(1440, 888, True, "mains")
    d.wire((1440, 908), (1440, 950), style="mains")
    d.path("M1344 888H1432", "link")
    d.text(1462, 893, "K1", "small")


def _contactor(d: Drawing) -> None:
    d.rect(600, 1060, 1090, 345, "danger")
    d.text(
        620,
        1088,
        "Instead, for a motor, a heater or more than 4 A: a contactor, by an electrician",
        "warn",
    )
    d.rect(620, 1105, 150, 275)
    d.text(640, 1180, "fixed supply", "title")
    d.lines(640, 1204, ["circuit breaker", "for the load,", "RCD 30 mA"])
    high, low, earth = 1130, 1320, 1360
    for y, name in ((high, "L"), (low, "N"), (earth, "PE")):
        d.text(762, y + 5, name, "pin", "end")
    d.wire((770, high), (880, high), style="mains")
    d.dot(880, high)
    d.wire((880, high), (1110, high), style="mains")
    d.wire((770, low), (880, low), style="mains")
    d.dot(880, low)
    d.wire((880, low), (1110, low), style="mains")
    d.wire((770, earth), (1500, earth), style="mains")
    d.wire((880, high), (880, 1192), style="mains")
    d.fuse(880, 1160, "1 A", True, "mains")
    d.switch(880, 1212, True, "mains")
    d.lines(902, 1206, ["contact", "of K1"])
    d.wire((880, 1232), (880, 1245), style="mains")
    d.rect(850, 1245, 60, 40, "part")
    d.text(880, 1270, "K2", "title", "middle")
    d.lines(918, 1262, ["coil 230 V, with", "its RC snubber"])
    d.wire((880, 1285), (880, low), style="mains")
    for y in (high, low):
        d.switch(1130, y, False, "mains")
    d.path(f"M1130 {high - 8}V{low - 8}", "link")
    d.text(1140, 1230, "K2, two poles", "small")
    d.wire((1150, high), (1290, high), style="mains")
    d.box(1290, 1095, 170, 76, "thermal cut-out", "opens when too hot,", "is reset by hand")
    d.wire((1460, high), (1500, high), style="mains")
    d.wire((1150, low), (1500, low), style="mains")
    d.rect(1500, 1105, 160, 275)
    d.text(1525, 1180, "load", "title")
    d.lines(1525, 1204, ["with a thermostat", "of its own"])
    for y, name in ((high, "L"), (low, "N"), (earth, "PE")):
        d.text(1508, y + 5, name, "pin")


def _notes(d: Drawing) -> None:
    d.text(40, 1000, "Reading it", "title")
    d.lines(
        40,
        1026,
        [
            "Flags of one name (+3.3 V, +5 V, +12 V) are one net; so are all grounds.",
            "A dot joins wires. Wires without a dot do not touch.",
            "Orange: supply. Red: mains, never on a breadboard.",
            "Nothing of the mains comes nearer than 10 mm to anything else;",
            "K1: 6 kV and 8 mm between coil and contacts (docs/build.md, Mains).",
            "GND of the two step-downs, of adapter and UPS: to ground.",
            "Minus and plus of the sensor's wires do not matter.",
            "A T-Call carries modem, 4.0 V and battery: leave out the UPS and",
            "the step-down to 4.0 V; the one to 5.0 V feeds its USB-C.",
        ],
        step=22,
    )


def svg() -> str:
    """Return the file's contents."""
    return draw(runpy.run_path(str(MAPS / "devkit.py"))).svg()


if __name__ == "__main__":
    FILE.write_text(svg(), encoding="utf-8")
