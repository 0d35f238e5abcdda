# SPDX-License-Identifier: MIT
"""Decides from two listings, without a board, what a deploy copies, renames, removes and keeps.

Files are copied under temporary names (NEW) while the old program stays. In the switch, main.py is
moved away first and comes back last. A board that loses power in between therefore starts nothing,
rather than half of each program, and the next deploy goes on from what it finds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

# In lib/ on a board that has a release from before the modules came under their own names.
_FORMER = re.compile(r"part_\w+|cold\d+")
NEW = ".new"  # ending of a copied file until the switch
OWNERS = "firmware/board.py"  # the owner's pin map, never removed
START = "main.py"  # without it a board starts nothing
PROGRAM_FOLDERS = ("firmware", "lib")


class Step(NamedTuple):
    """One command of the switch: "rename" `path` to `to`, "remove" `path`, "rmdir" `path`."""

    act: str
    path: str
    to: str = ""


@dataclass
class Plan:
    """Paths as on the board, without the leading slash."""

    copy: list[str] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)  # copied already, by an interrupted deploy
    left: list[str] = field(default_factory=list)  # by an earlier deploy, and of no use now
    remove: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # as they are on the board
    unchanged: int = 0
    blocked: list[str] = field(default_factory=list)  # a folder where a file must be, or reverse
    folders: list[str] = field(default_factory=list)  # to be made, outer ones first
    switch: list[Step] = field(default_factory=list)  # in this order, after all was copied

    @property
    def brought(self) -> list[str]:
        """What takes its name in the switch."""
        return sorted(self.copy + self.staged)

    @property
    def empty(self) -> bool:
        """True if the board has it all."""
        return not (self.copy or self.left or self.switch)


def digest(data: bytes) -> str:
    """Return the hash by which versions of a file are compared."""
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
    renamed = {path + NEW for path in result.brought}
    result.blocked = _in_the_way({*wanted, *renamed}, board)
    for path in sorted(board):
        if path.endswith("/") or path in wanted or path in renamed or path in result.kept:
            continue
        if path == OWNERS or not _is_ours(path, ours):
            result.kept.append(path)
        elif path.endswith(NEW):
            result.left.append(path)
        else:
            result.remove.append(path)
    result.folders = sorted(_folders(result.copy) - {path.rstrip("/") for path in board})
    result.switch = _switch(result, wanted, board)
    return result


def _switch(todo: Plan, wanted: Mapping[str, str], board: Mapping[str, str]) -> list[Step]:
    remains = {*wanted, *todo.kept}
    empty = _empty_folders(remains, board)
    if not (todo.brought or todo.remove or empty):
        return []
    steps = []
    if START not in todo.brought:
        steps.append(Step("rename", START, START + NEW))
    elif START in board:
        steps.append(Step("remove", START))
    steps += [Step("remove", path) for path in todo.remove]
    steps += [Step("rename", path + NEW, path) for path in todo.brought if path != START]
    steps += [Step("rmdir", path) for path in empty]
    return [*steps, Step("rename", START + NEW, START)]


def _empty_folders(files: set[str], board: Mapping[str, str]) -> list[str]:
    """Return the folders of the program's that hold nothing any more, inner ones first."""
    full = _folders(files)
    there = {path[:-1] for path in board if path.endswith("/")} | _folders(board)
    within = tuple(f"{folder}/" for folder in PROGRAM_FOLDERS)
    return sorted((path for path in there - full if path.startswith(within)), reverse=True)


def _folders(files: Mapping[str, str] | set[str] | list[str]) -> set[str]:
    """Return the folders that files are in, with those that these are in; not the root."""
    paths = (path for path in files if not path.endswith("/"))
    return {str(parent) for path in paths for parent in PurePosixPath(path).parents} - {"."}


def _in_the_way(files: set[str], board: Mapping[str, str]) -> list[str]:
    """Return the folders that have a file's name, and files that have a folder's."""
    folders = _folders(files)
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
