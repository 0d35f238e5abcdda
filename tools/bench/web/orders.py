# SPDX-License-Identifier: MIT
"""What a page may ask for: JSON in, a call of the bench."""

from __future__ import annotations

import json
import math
from typing import Any

from tools.bench.web.bench import Bench, OrderError

LARGEST = 1 << 20  # bytes of an order


async def carry_out(bench: Bench, order: dict[str, Any]) -> None:
    """Do what a page asks for.

    Raises:
        OrderError: it cannot be done, or is none.
    """
    try:
        match order:
            case {"order": "do", "step": str(step)}:
                await bench.do(step)
            case {"order": "speed", "speed": "max"}:
                bench.set_speed(math.inf)
            case {"order": "speed", "speed": int() | float() as speed}:
                bench.set_speed(speed)
            case {"order": "skip"}:
                bench.skip()
            case {"order": "room", "appliance": str(appliance), "outside": int() | float() as c}:
                bench.set_room(appliance, c)
            case {"order": "restart", "model": str(model), "vm": str(vm)}:
                await bench.restart(model, vm, order.get("us") is True)
            case {"order": "show", "story": str(name)}:
                await bench.show(name)
            case {"order": "play", "name": str(name), "text": str(text)}:
                await bench.play_text(name, text)
            case {"order": "end story"}:
                bench.end_story()
            case {"order": "load", "settings": str(settings)}:
                await bench.load(settings)
            case _:
                raise OrderError("the page asked for something that there is not")
    except OSError as error:
        raise OrderError(str(error)) from error


def parse(text: str) -> dict[str, Any]:
    """Return an order as it came. Raises OrderError if it is no JSON object."""
    try:
        order = json.loads(text)
    except ValueError as error:
        raise OrderError("that is no JSON") from error
    if not isinstance(order, dict):
        raise OrderError("an order is a JSON object")
    return order
