# SPDX-License-Identifier: MIT
"""Prints what the firmware costs: memory, wake-ups, speed, bytes on the wire, flash wear.

`make measure`. A budget that does not hold makes the exit status 1. Times are of this machine at
this moment and never fail the run; counts and bytes are the same everywhere.
"""

from __future__ import annotations

import sys

from tools.proof.measure.allocations import allocations
from tools.proof.measure.budget import Budget
from tools.proof.measure.memory import memory
from tools.proof.measure.modules import modules
from tools.proof.measure.traffic import flash, idle, wire

JUDGED = ("EP", "GSM707")  # the models with the most functions of their kind


def main() -> int:
    """Print everything; return the exit status."""
    budget = Budget()
    memory(budget)
    for model in JUDGED:
        modules(model)
        allocations(budget, model)
    for part in (idle, wire, flash):
        part(budget)
    if budget.broken:
        print("over budget: " + ", ".join(budget.broken), file=sys.stderr)
    return 1 if budget.broken else 0


if __name__ == "__main__":
    sys.exit(main())
