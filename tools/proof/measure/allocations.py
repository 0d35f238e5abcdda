# SPDX-License-Identifier: MIT
"""The largest piece of memory that each command asks for at once.

The collector of this VM runs between two of its turns, and here not at all: whatever was allocated
is still there when a command is over, and the largest new block is the answer. What the code frees
by itself is not seen, such as the place that a growing buffer has left: its new place is larger.
The chip's heap is in pieces after some days: what is urgent may not ask for more than `LARGEST`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tools.proof.measure.budget import Budget, wrapped
from tools.proof.measure.device import Device, Failed
from tools.proof.measure.occasions import Occasion, fill, occasions, prepare

LARGEST = 1024  # bytes
HEAP = 8 << 20  # bytes: nothing is collected before these are full
SHOWN = 40  # bytes of a block


class Piece(NamedTuple):
    """The largest block of an occasion; `text` shows what is in it."""

    occasion: Occasion
    size: int
    text: str


def allocations(budget: Budget, model: str) -> None:
    """Print the largest piece of each command of a model whose lists are full."""
    print(f"largest piece of memory at once, {model} with full lists")
    with Device(model, first=HEAP) as device:
        prepare(device)
        fill(device)
        pieces = [_largest_of(device, occasion) for occasion in occasions(model)]
    for size, those in by_size(pieces):
        print(f"  {size:,} bytes, such as {those[0].text}")
        print("\n".join(wrapped([piece.occasion.name for piece in those])))
    urgent = [piece for piece in pieces if piece.occasion.urgent]
    most = max(urgent, key=lambda piece: piece.size)
    budget.show(f"{model}, {most.occasion.name}", most.size, "bytes", LARGEST)


def by_size(pieces: Iterable[Piece]) -> list[tuple[int, list[Piece]]]:
    """Return the pieces of each size together, the largest first."""
    found: dict[int, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: -piece.size):
        found.setdefault(piece.size, []).append(piece)
    return list(found.items())


def _largest_of(device: Device, occasion: Occasion) -> Piece:
    for text in occasion.before:
        device.say(text)
    device.chip.keep_garbage()
    before = device.chip.blocks()
    occasion.do(device)
    after = device.chip.blocks()
    if sum(after.values()) > HEAP * 0.9:
        raise Failed(f"{occasion.name}: garbage was collected, give {__name__} more heap")
    address, size = largest_new(before, after)
    shown = readable(device.chip.text(address, min(size, SHOWN)))
    for text in occasion.after:
        device.say(text)
    return Piece(occasion, size, shown)


def largest_new(before: dict[int, int], after: dict[int, int]) -> tuple[int, int]:
    """Return address and bytes of the largest block that is new, or of another size."""
    new = {at: size for at, size in after.items() if before.get(at) != size}
    return max(new.items(), key=lambda item: item[1], default=(0, 0))


def readable(text: str) -> str:
    """Return a block's bytes with a dot for each that is no letter."""
    return "".join(letter if " " <= letter <= "~" else "." for letter in text)
