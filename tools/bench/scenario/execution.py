# SPDX-License-Identifier: MIT
"""Carries out a step in the world.

A step becomes a *script*: a generator that yields a `Pause` whenever it wants time to pass and is
sent whether the pause ended by its condition. Whoever runs it owns the time: the player lets it
fly by, a session paces it and runs several scripts side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tools.bench.scenario import actions, expectations
from tools.bench.scenario.ledger import Ledger, Script, StepFailed
from tools.bench.scenario.steps import Step

if TYPE_CHECKING:
    from tools.bench.world.world import World

_HANDLERS: dict[type[Step], Callable[..., Script]] = {**actions.HANDLERS, **expectations.HANDLERS}


def perform(world: World, ledger: Ledger, step: Step) -> Script:
    """Return the script of a step.

    Raises (when it runs):
        StepFailed: it does not hold, or cannot be done.
        NotBuilt: the world cannot do that yet.
    """
    handler = _HANDLERS.get(type(step))
    if handler is None:
        raise StepFailed(f"`{step.render()}` stands only before anything else, in a file")
    yield from handler(world, ledger, step)
