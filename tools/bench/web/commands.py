# SPDX-License-Identifier: MIT
"""Ready commands for the phones, from what the features declare (see tools/docs/commands.py)."""

from __future__ import annotations

import functools
import re
from typing import Any

from powersocket.features import Feature

from tools.bench.runners.vm import versions
from tools.docs import commands as commands_doc


def models() -> list[str]:
    """Return the models that the firmware has, the default one first."""
    return sorted(commands_doc.names(), key=lambda name: (name != "EP", name))


def vms() -> list[str]:
    """Return what can run the firmware."""
    return [*(f"micropython-{version}" for version in versions()), "cpython"]


@functools.cache
def ready(model: str) -> list[dict[str, Any]]:
    """Return the commands of a model in groups: a title, what it is about, and its commands."""
    groups: dict[str, dict[str, Any]] = {}
    for feature, row in commands_doc.rows_of(model):
        title = _title(feature)
        group = groups.setdefault(
            title, {"title": title, "about": _about(feature), "commands": []}
        )
        group["commands"].append(_command(row))
    return list(groups.values())


def _title(feature: Feature) -> str:
    words = re.sub(r"(?<=[a-z])([A-Z])", r" \1", type(feature).__name__)
    return words.capitalize()


def _about(feature: Feature) -> str:
    first = (type(feature).__doc__ or "").strip().split("\n")[0]
    return re.sub(r" \([^)]*\)", "", first)


def _command(row: commands_doc.Row) -> dict[str, Any]:
    typed = row.command
    form = row.key[-1]
    complete = form not in "=+-#@*"
    if form == "#":
        typed, complete = typed.removesuffix("n") + "30", True
    elif form == "=" and row.default:
        # `10C(50F)` is how a temperature is shown; it is typed without what stands in parentheses
        typed, complete = typed + row.default.split("(")[0], True
    return {
        "command": row.command,
        "typed": typed,
        "complete": complete,
        "kind": row.kind,
        "reply": row.reply.replace("`", ""),
        "values": row.values.replace("`", ""),
    }
