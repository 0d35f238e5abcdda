"""What a deploy copies, removes and keeps: decided from two listings, without a board."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

# In lib/ on a board that has a release from before the modules came under their own names.
_FORMER = re.compile(r"part_\w+|cold\d+")
NEW = ".new"  # a file that is being brought; it takes its name when all are there
OWNERS = "firmware/board.py"  # the owner's pin map: his, never removed


@dataclass
class Plan:
    """Paths as on the board, without the leading slash."""

    copy: list[str] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)  # brought by a deploy that was cut off
    remove: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # as they are on the board
    unchanged: int = 0
    blocked: list[str] = field(default_factory=list)  # a folder where a file must be, or reverse

    @property
    def rename(self) -> list[str]:
        """What takes its name at the end."""
        return sorted(self.copy + self.staged)

    @property
    def empty(self) -> bool:
        """True if the board has it all."""
        return not (self.copy or self.staged or self.remove)


def digest(data: bytes) -> str:
    """Return the hash by which a file is told from another version of it."""
    return hashlib.sha256(data).hexdigest()


def plan(
    wanted: Mapping[str, str], board: Mapping[str, str], ours: set[str], replace_owners: bool
) -> Plan:
    """Return what to do.

    Args:
        wanted: path -> hash of what the board is to have; with OWNERS if there is one here.
        board: path -> hash of every file on the board; a folder ends in / and has any.
        ours: names in lib/ that are or were the project's: what is else there is the owner's.
        replace_owners: whether the board's OWNERS gives way to the one here.
    """
    result = Plan()
    for path in sorted(wanted):
        there = board.get(path)
        if path == OWNERS and there is not None and not replace_owners:
            result.kept.append(path)
        elif there == wanted[path]:
            result.unchanged += 1
        elif board.get(path + NEW) == wanted[path]:
            result.staged.append(path)
        else:
            result.copy.append(path)
    renamed = {path + NEW for path in result.rename}
    result.blocked = _in_the_way({*wanted, *renamed}, board)
    for path in sorted(board):
        if path.endswith("/") or path in wanted or path in renamed or path in result.kept:
            continue
        if path != OWNERS and _is_ours(path, ours):
            result.remove.append(path)
        else:
            result.kept.append(path)
    return result


def _in_the_way(files: set[str], board: Mapping[str, str]) -> list[str]:
    """Return the folders that have a file's name, and files that have a folder's."""
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    return sorted(
        path for path in board if path in folders or (path.endswith("/") and path[:-1] in files)
    )


def _is_ours(path: str, ours: set[str]) -> bool:
    folder, _, rest = path.partition("/")
    if not rest:
        # boot.mpy and main.mpy: of no effect, but not for long if somebody renames them
        return path.removesuffix(NEW) in ("boot.py", "main.py", "boot.mpy", "main.mpy")
    if folder == "lib":
        top = rest.partition("/")[0].partition(".")[0]
        return top in ours or _FORMER.fullmatch(top) is not None
    return folder == "firmware"
