# SPDX-License-Identifier: MIT
"""Prints figures, and remembers which of them are over their limit."""

from __future__ import annotations

KB = 1024  # bytes
WIDTH = 99  # characters of a line


class Budget:
    """What was printed, as far as it has a limit.

    Attributes:
        broken: what is over its limit.
    """

    def __init__(self) -> None:
        self.broken: list[str] = []

    def show(
        self, what: str, value: int, unit: str, limit: int | None = None, aim: int | None = None
    ) -> None:
        """Print a figure.

        Args:
            limit: the most that it may be.
            aim: what it should be; more is printed as such, and allowed.
        """
        line = f"  {what}: {value:,} {unit}".rstrip()
        if unit == "bytes":
            line += f", {value / KB:.1f} KB"
        if aim is not None:
            line += f" (aim {_amount(aim, unit)}, at most {_amount(limit or aim, unit)})"
        elif limit is not None:
            line += f" (at most {_amount(limit, unit)})"
        if limit is not None and value > limit:
            self.broken.append(what)
            line += "  OVER BUDGET"
        elif aim is not None and value > aim:
            line += "  over its aim"
        print(line, flush=True)


def _amount(value: int, unit: str) -> str:
    return f"{value // KB} KB" if unit == "bytes" and value % KB == 0 else f"{value:,}"


def wrapped(words: list[str]) -> list[str]:
    """Return words with commas as lines."""
    lines = [" "]
    for word in words:
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append(" ")
        lines[-1] += f" {word},"
    return [line.rstrip(",") if line is lines[-1] else line for line in lines]
