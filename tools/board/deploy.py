# SPDX-License-Identifier: MIT
"""Copies the firmware to a board with MicroPython: `python -m tools.board.deploy PORT`.

Changed files are copied beside the old ones, under temporary names. Then comes the switch: main.py
is moved out of the way, each new file takes its place, stale files are removed, main.py comes
back. If a deploy is interrupted before the switch, the board still runs the old program; during
the switch, it starts nothing. In both cases the next deploy goes on from there. Settings
(record*.json) and firmware/board.py stay.

A board's flash is slow, so every command to it is a short one, and each file is shown before its
turn.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from mpremote.transport import TransportExecError

from tools.board.deploy_plan import NEW, OWNERS, START, Plan, Step, digest, plan
from tools.board.files import BoardFiles
from tools.board.port import Board, BrokenOff, PortError, board_repl, restart
from tools.build import ROOT, BuildError, shipped_files

OLDEST = (1, 24)
TRIES = 3  # when the connection breaks off
REST = 2  # s before another try: a board that lost its power starts first
STARTS_WITHIN = 40  # s; the imports take some seconds on the chip
STARTED = re.compile(r"\d+ start: ")  # the first line of the firmware's log
FAILED = re.compile(r"crash \d+ in a row|>>> ?$")  # main.py rests after a crash, or is over

NO_MAP = """neither the board nor this folder has a pin map: \
run `make board BOARD=devkit`, which makes firmware/board.py."""
TOO_OLD = """the board has MicroPython {there}; {needed} or later is needed: run `make flash`."""
MAP_KEPT = f"{OWNERS} on the board differs from yours and was kept: OWNERS=1 replaces it"
IN_THE_WAY = """the board has a {kind} {path}, and the firmware has a {other} of that name. \
Remove it: `.venv/bin/mpremote connect {url} rm -r :/{path}`."""
FULL = """the board's flash is full: {needed:,} bytes are needed, {free:,} are free. \
Remove files of your own ({kept}): `.venv/bin/mpremote connect {url} rm :/FILE`; or erase \
everything with `make flash`."""
NOT_STARTED = """the firmware did not start: see the board's output above."""
NOT_HEARD = """{seconds} s after the restart the board has not reported that the firmware runs. \
Press EN (reset) on the board; `make logs LISTEN=1` shows its output."""
# The state in which an interrupted deploy leaves the board.
UNTOUCHED = "Nothing was changed on the board."
KEEPS = """The old program on the board is untouched, and the files copied so far need not be \
copied again. If the board does not start by itself, press EN (reset) on it."""
HALF = """Until then the board's program is incomplete: it starts nothing, and the relay keeps \
its level."""
WHOLE = "The new program is complete on the board."


class Deploy:
    """One deploy, with as many connections as it takes.

    Args:
        url: the port.
        files: path and bytes of what the board is to have, with OWNERS if there is one here.
        replace_owners: whether OWNERS of the board gives way to the one here.
    """

    def __init__(self, url: str, files: Mapping[str, bytes], replace_owners: bool) -> None:
        self._url = url
        self._files = files
        self._hashes = {path: digest(data) for path, data in files.items()}
        self._replace_owners = replace_owners
        self._state = ""  # the board's state, for the message if it ends now

    def run(self) -> Plan:
        """Deploy, and try again if the connection breaks off; return what was done at last.

        Raises:
            PortError: the text says what is wrong, and what state the board is in.
        """
        try:
            for _ in range(TRIES - 1):
                try:
                    return self._connect()
                except BrokenOff as error:
                    if self._state == WHOLE:
                        raise
                    print(f"\n{error}\ntrying again in {REST} s", flush=True)
                    time.sleep(REST)
            return self._connect()
        except PortError as error:
            raise PortError(self._with_state(str(error))) from error
        except KeyboardInterrupt:
            raise PortError(self._with_state("stopped: run it again.")) from None

    def _with_state(self, text: str) -> str:
        between = "\n" if "\n" in text else " "  # output of the board has several lines
        return f"{text}{between}{self._state}".strip()

    def _connect(self) -> Plan:
        with board_repl(self._url) as board:
            self._state = self._state or UNTOUCHED
            _check_version(board)
            files = BoardFiles(board)
            todo, there = self._compare(files)
            if todo.blocked:
                raise PortError(_in_the_way(todo.blocked[0], self._url))
            if not todo.empty:
                self._make_room(files, todo)
                self._state = KEEPS if START in there else HALF
                self._copy(files, todo)
                self._switch(files, todo)
            self._state = WHOLE
            if OWNERS in todo.kept and there[OWNERS] != self._hashes.get(OWNERS, there[OWNERS]):
                print(MAP_KEPT)
            restart(board)
            _wait_for_the_start(board)
        return todo

    def _compare(self, files: BoardFiles) -> tuple[Plan, dict[str, str]]:
        """Return the plan, and the board's files with the hashes that matter."""
        there = dict.fromkeys(files.listing(), "?")
        if OWNERS not in self._files and OWNERS not in there:
            raise PortError(NO_MAP)
        known = [path for path in there if path.removesuffix(NEW) in self._files]
        print(f"{len(known)} of the files are on the board already ", end="", flush=True)
        for path in known:
            there[path] = files.digest(path)
            print(".", end="", flush=True)
        print(flush=True)
        ours = {path.name.partition(".")[0] for path in (ROOT / "lib").iterdir()}
        return plan(self._hashes, there, ours, self._replace_owners), there

    def _make_room(self, files: BoardFiles, todo: Plan) -> None:
        for path in todo.left:
            print(f"  removing {path}, left by an earlier deploy", flush=True)
            files.do("remove", path)
        block, free = files.room()
        if self._needed(todo, block) > block * free:
            raise PortError(self._full(todo, block, free))

    def _needed(self, todo: Plan, block: int) -> int:
        # A file takes whole blocks; one more for the change of its folder.
        return sum(-(-len(self._files[path]) // block) + 1 for path in todo.copy) * block

    def _full(self, todo: Plan, block: int, free: int) -> str:
        kept = ", ".join(path for path in todo.kept if path != OWNERS) or "none"
        needed = self._needed(todo, block)
        return FULL.format(needed=needed, free=free * block, kept=kept, url=self._url)

    def _copy(self, files: BoardFiles, todo: Plan) -> None:
        for folder in todo.folders:
            files.do("mkdir", folder)
        for number, path in enumerate(todo.copy, 1):
            data = self._files[path]
            print(f"  {number}/{len(todo.copy)}  {path}  {len(data):,} bytes", flush=True)
            try:
                files.write(path + NEW, data)
            except TransportExecError as error:
                if "OSError: 28" in error.error_output or "ENOSPC" in error.error_output:
                    raise PortError(self._full(todo, *files.room())) from error
                raise

    def _switch(self, files: BoardFiles, todo: Plan) -> None:
        if todo.switch:
            print("switching to the new program", flush=True)
            self._state = HALF
        for number, step in enumerate(todo.switch, 1):
            print(f"  {number}/{len(todo.switch)}  {_words(step)}", flush=True)
            files.do(*(part for part in step if part))


def _words(step: Step) -> str:
    if step.to == START + NEW:
        return f"moving {START} out of the way"
    return step.to if step.act == "rename" else f"removing {step.path}"


def _in_the_way(path: str, url: str) -> str:
    kind, other = ("folder", "file") if path.endswith("/") else ("file", "folder")
    return IN_THE_WAY.format(kind=kind, other=other, path=path.rstrip("/"), url=url)


def _check_version(board: Board) -> None:
    version = board.eval("tuple(__import__('sys').implementation[1][:2])")
    if version < OLDEST:
        there, needed = (".".join(map(str, one)) for one in (version, OLDEST))
        raise PortError(TOO_OLD.format(there=there, needed=needed))


def _wait_for_the_start(board: Board) -> None:
    """Print the board's output after its restart, up to the firmware's first line.

    Raises PortError if that does not come.
    """
    print("the board restarts; its output:", flush=True)
    board.serial.timeout = 1
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        line = board.serial.readline().decode(errors="replace")
        line = "".join(letter for letter in line if letter.isprintable())
        if line:
            print(f"  {line}", flush=True)
        if STARTED.search(line):
            return
        if FAILED.search(line):
            raise PortError(NOT_STARTED)
    raise PortError(NOT_HEARD.format(seconds=STARTS_WITHIN))


def deploy(url: str, owners: Path, replace_owners: bool = False) -> Plan:
    """Bring the board behind `url` up to date and restart it; return what was done.

    Raises:
        PortError: the board cannot be reached or has the wrong MicroPython.
        BuildError: the program does not compile.
    """
    files = shipped_files()
    if owners.is_file():
        files[OWNERS] = owners.read_bytes()
    return Deploy(url, files, replace_owners).run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.deploy", description=__doc__)
    parser.add_argument("port", help="/dev/ttyUSB0, socket://host:port, rfc2217://host:port")
    parser.add_argument(
        "--replace-board", action="store_true", help=f"replace the board's {OWNERS} by yours"
    )
    options = parser.parse_args(arguments)
    try:
        done = deploy(options.port, ROOT / OWNERS, options.replace_board)
    except (PortError, BuildError) as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    print(
        f"{len(done.brought)} files copied, {len(done.remove)} removed, {done.unchanged} "
        f"unchanged, {len(done.kept)} kept; the board runs the new program"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
