# SPDX-License-Identifier: MIT
"""The files for the owner: what `make owner` writes and `make dist` packs."""

from __future__ import annotations

from tools.owner import card, manual_page, remote
from tools.owner.forms import variants


def contents() -> dict[str, bytes]:
    """Return name and bytes of each file."""
    found = {"remote.html": remote.page().encode(), "manual.html": manual_page.page().encode()}
    for variant in variants():
        if not variant.us:
            found[f"quick-start-{variant.key.lower()}.html"] = card.page(variant).encode()
    return found
