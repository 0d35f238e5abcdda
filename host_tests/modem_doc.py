# SPDX-License-Identifier: MIT
"""`python -m host_tests.modem_doc`: writes the tables of docs/modem.md (a test compares)."""

from __future__ import annotations

import re
from pathlib import Path

from host_tests.lte_faults import LTE_FAULTS
from host_tests.modem_faults import FAULTS, Fault
from tools.bench.modem.habits import ALL_HABITS

DOC = Path(__file__).parent.parent / "docs" / "modem.md"


def faults(table: dict[str, Fault]) -> str:
    """Return a table of faults."""
    rows = ["| fault | how noticed | what is done | back within |", "|---|---|---|---|"]
    for name, fault in table.items():
        rows.append(f"| {name} | {fault.noticed} | {fault.done} | {fault.back:g} min |")
    return "\n".join(rows) + "\n"


def habits() -> str:
    """Return the table of habits."""
    rows = ["| name | what differs | source |", "|---|---|---|"]
    for name, habit in ALL_HABITS.items():
        rows.append(f"| `{name}` | {habit.what} | {habit.source} |")
    return "\n".join(rows) + "\n"


def written() -> str:
    """Return docs/modem.md with the tables as they have to be."""
    text = DOC.read_text(encoding="utf-8")
    tables = {
        "faults": faults(FAULTS),
        "lte faults": faults(LTE_FAULTS),
        "habits": habits(),
    }
    for name, table in tables.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
        text, found = re.subn(
            f"{begin}.*{end}", lambda _, t=begin + table + end: t, text, flags=re.S
        )
        assert found == 1, f"docs/modem.md has no place for {name}"
    return text


if __name__ == "__main__":
    DOC.write_text(written(), encoding="utf-8")
