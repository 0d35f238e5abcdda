# SPDX-License-Identifier: MIT
"""Schematic symbols as SVG: wires, resistors, boxes with pins, grounds, flags of a supply.

What conducts is kept as segments, so that a test can tell whether two wires cross.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise

STYLE = """
text{font:14px Arial,Helvetica,sans-serif;fill:#1a2733}
.box{fill:#f3f6f9;stroke:#1a2733;stroke-width:1.6} .part{fill:#fff;stroke:#1a2733;stroke-width:1.6}
.wire{fill:none;stroke:#1a2733;stroke-width:1.6} .power{fill:none;stroke:#b8560b;stroke-width:2.6}
.mains{fill:none;stroke:#c00;stroke-width:3} .dot{fill:#1a2733} .link{fill:none;stroke:#888;
stroke-width:1.4;stroke-dasharray:4 4} .danger{fill:#fff4f4;stroke:#c00;stroke-width:2;
stroke-dasharray:7 5} text.title{font-size:16px;font-weight:bold} text.head{font-size:22px;
font-weight:bold} text.small{font-size:13px} text.pin{font-family:monospace;font-weight:bold}
text.warn{font-size:16px;font-weight:bold;fill:#c00} text.flag{font-weight:bold;fill:#b8560b}
"""

Point = tuple[float, float]
Segment = tuple[Point, Point]


class Drawing:
    """An SVG picture that grows by symbols.

    Attributes:
        segments: of the wires, straight pieces.
        dots: where wires are joined.
        parts: the values of the parts with two ends.
    """

    def __init__(self, width: int, height: int, title: str) -> None:
        self.segments: list[Segment] = []
        self.dots: set[Point] = set()
        self.parts: list[str] = []
        self._body: list[str] = []
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">\n'
            f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n"
            f'<rect width="{width}" height="{height}" fill="#fff"/>'
        )

    def svg(self) -> str:
        """Return the picture."""
        return "\n".join([self._head, *self._body, "</svg>"]) + "\n"

    def raw(self, element: str) -> None:
        self._body.append(element)

    def text(self, x: float, y: float, words: str, style: str = "", anchor: str = "start") -> None:
        self.raw(
            f'<text x="{x}" y="{y}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def lines(
        self, x: float, y: float, words: list[str], style: str = "small", step: int = 18
    ) -> None:
        for number, line in enumerate(words):
            self.text(x, y + number * step, line, style)

    def rect(self, x: float, y: float, width: float, height: float, style: str = "box") -> None:
        self.raw(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" class="{style}"/>'
        )

    def path(self, d: str, style: str = "wire") -> None:
        self.raw(f'<path d="{d}" class="{style}"/>')

    def wire(self, *points: Point, style: str = "wire") -> None:
        """Draw a wire through these points."""
        self.segments += list(pairwise(points))
        self.path("M" + "L".join(f"{x} {y}" for x, y in points), style)

    def dot(self, x: float, y: float) -> None:
        """Join the wires that meet here."""
        self.dots.add((x, y))
        self.raw(f'<circle cx="{x}" cy="{y}" r="4" class="dot"/>')

    def box(self, x: float, y: float, width: float, height: float, title: str, *more: str) -> None:
        """Draw a part with its name and what it is."""
        self.rect(x, y, width, height)
        self.text(x + width / 2, y + 24, title, "title", "middle")
        for number, line in enumerate(more):
            self.text(x + width / 2, y + 44 + 18 * number, line, "small", "middle")

    def flag(self, x: float, y: float, name: str) -> None:
        """Draw a supply's flag: all flags of a name are one net."""
        self.path(f"M{x - 11} {y}h22", "power")
        self.text(x, y - 6, name, "flag", "middle")

    def ground(self, x: float, y: float) -> None:
        """Draw a ground, reached from above; all of them are one net."""
        self.path(f"M{x} {y}v8M{x - 12} {y + 8}h24M{x - 8} {y + 13}h16M{x - 4} {y + 18}h8")

    def across(self, x: float, y: float, to: float, value: str) -> None:
        """Draw a resistor in a horizontal wire from x to `to`."""
        self.parts.append(value)
        middle = (x + to) / 2
        self.wire((x, y), (to, y))
        self.rect(middle - 24, y - 9, 48, 18, "part")
        self.text(middle, y - 15, value, "small", "middle")

    def down(self, x: float, y: float, to: float, value: str, left: bool = False) -> None:
        """Draw a resistor in a vertical wire from y down to `to`; left: where its value stands."""
        self.parts.append(value)
        middle = (y + to) / 2
        self.wire((x, y), (x, to))
        self.rect(x - 9, middle - 24, 18, 48, "part")
        self.text(
            x + (-15 if left else 15), middle + 5, value, "small", "end" if left else "start"
        )

    def fuse(self, x: float, y: float, value: str, upright: bool, style: str) -> None:
        """Draw a fuse on a wire, around this point."""
        self.parts.append(value)
        width, height = (16, 40) if upright else (40, 16)
        self.rect(x - width / 2, y - height / 2, width, height, "part")
        bar = f"M{x} {y - 20}v40" if upright else f"M{x - 20} {y}h40"
        self.path(bar, style)
        if upright:
            self.text(x + 14, y + 5, value, "small")
        else:
            self.text(x, y - 14, value, "small", "middle")

    def capacitor(self, x: float, y: float, to: float, value: str) -> None:
        """Draw a capacitor in a vertical wire from y down to `to`, where ground is."""
        self.parts.append(value)
        middle = (y + to) / 2
        self.wire((x, y), (x, middle - 4))
        self.path(f"M{x - 15} {middle - 4}h30M{x - 15} {middle + 4}h30")
        self.wire((x, middle + 4), (x, to))
        self.ground(x, to)
        self.text(x + 20, middle + 5, value, "small")

    def diode(self, x: float, y: float, angle: int, value: str) -> None:
        """Draw a diode on a wire around this point; angle 0: it conducts to the right."""
        self.parts.append(value)
        self._triangle(x, y, angle, "")
        self.text(x - 16, y + 5, value, "small", "end")

    def led(self, x: float, y: float) -> None:
        """Draw an LED that conducts to the right."""
        self.parts.append("LED")
        self._triangle(x, y, 0, "M-2 -13l7 -9m-4 1l4 -1l0 4M6 -11l7 -9m-4 1l4 -1l0 4")

    def _triangle(self, x: float, y: float, angle: int, rays: str) -> None:
        self.raw(
            f'<path d="M-10 -10L10 0L-10 10ZM10 -10V10{rays}" class="part" '
            f'transform="translate({x} {y}) rotate({angle})"/>'
        )

    def switch(self, x: float, y: float, upright: bool, style: str = "wire") -> None:
        """Draw an open contact of 40 around this point; the wires end at its ends."""
        turn = " rotate(90)" if upright else ""
        self.raw(
            f'<g transform="translate({x} {y}){turn}"><path d="M-20 0L17 -15" class="{style}"/>'
            '<circle cx="-20" cy="0" r="3.5" class="part"/><circle cx="20" cy="0" r="3.5" '
            'class="part"/></g>'
        )


def crossings(drawing: Drawing) -> list[Point]:
    """Return where wires cross or touch that are not joined there by a dot or an end in common."""
    found = []
    for number, one in enumerate(drawing.segments):
        for other in drawing.segments[number + 1 :]:
            point = _meeting(one, other)
            if point is None or point in drawing.dots:
                continue
            if point not in one or point not in other:
                found.append(point)
    return found


def _meeting(one: Segment, other: Segment) -> Point | None:
    """Return a point that two horizontal or vertical segments have in common."""
    spans = []
    for axis in (0, 1):
        low = max(min(p[axis] for p in one), min(p[axis] for p in other))
        high = min(max(p[axis] for p in one), max(p[axis] for p in other))
        if low > high:
            return None
        spans.append((low, high))
    return (spans[0][0], spans[1][0])
