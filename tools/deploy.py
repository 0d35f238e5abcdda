"""Brings the firmware to a board with MicroPython: `python -m tools.deploy PORT`.

What changed is copied under a name of its own; when all is there the files take their places
and stale ones go, in one command on the board. Cut off before that, the board runs what it ran,
and the next deploy goes on. Settings (record*.json) and firmware/board.py stay.
"""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mpremote.transport import TransportExecError
from mpremote.transport_serial import SerialTransport

from tools.board_port import PortError, board_repl, restart
from tools.build import ROOT, BuildError, shipped_files
from tools.deploy_plan import NEW, OWNERS, Plan, digest, plan

OLDEST = (1, 24)
CHUNK = 1536  # bytes in a command; the board holds it three times while it is read

# Runs on the board. A folder's entries: name, kind (0x4000: folder), ..
INVENTORY = """
import os, hashlib, binascii
def walk(folder):
    for entry in list(os.ilistdir("/" + folder)):
        path = folder + entry[0]
        if entry[1] == 0x4000:
            print(repr((path + "/", "")), end=",")
            if folder or entry[0] in ("firmware", "lib"):
                walk(path + "/")
        else:
            h = hashlib.sha256()
            with open("/" + path, "rb") as f:
                while True:
                    b = f.read(512)
                    if not b:
                        break
                    h.update(b)
            print(repr((path, binascii.hexlify(h.digest()).decode())), end=",")
walk("")
"""
# Runs on the board. Removing comes first: a stale .py would win over the .mpy of its name.
SWITCH = """
import os
for path in {remove}:
    os.remove("/" + path)
for path in {rename}:
    try:
        os.remove("/" + path)
    except OSError:
        pass
    os.rename("/" + path + "{new}", "/" + path)
def prune(folder):
    for entry in list(os.ilistdir(folder)):
        if entry[1] == 0x4000:
            prune(folder + "/" + entry[0])
    if not list(os.ilistdir(folder)):
        os.rmdir(folder)
for folder in ("/firmware", "/lib"):
    try:
        prune(folder)
    except OSError:
        pass
if hasattr(os, "sync"):
    os.sync()
"""
# Runs on the board.
MAKE_FOLDERS = """
import os
for folder in {folders}:
    try:
        os.mkdir("/" + folder)
    except OSError:
        pass
"""


# Runs on the board. What a deploy that was cut off has left is of no use but for `rename`.
MAKE_ROOM = """
import os
for path in {left}:
    os.remove("/" + path)
state = os.statvfs("/")
print(state[0], state[3], end="")
"""
IN_THE_WAY = """nothing was changed: the board has a {kind} {path}, and the firmware has a \
{other} of that name. Take it away: `.venv/bin/mpremote connect {url} rm -r :/{path}`."""
FULL = """the flash of the board is full: {needed:,} bytes are needed, {free:,} are free. The \
program on it was not changed. Take files of yours away ({kept}): \
`.venv/bin/mpremote connect {url} rm :/..`, or `make flash` erases all."""


def inventory(board: SerialTransport) -> dict[str, str]:
    """Return path and hash of the files on the board: in its root, firmware/ and lib/.

    A folder ends in / and has no hash.
    """
    listing = board.exec(INVENTORY).decode()
    return dict(eval(f"[{listing}]", {"__builtins__": {}}))


def deploy(url: str, owners: Path, replace_owners: bool = False) -> Plan:
    """Bring the board behind `url` up to date and restart it; return what was done.

    Raises:
        PortError: the board cannot be reached or has the wrong MicroPython.
        BuildError: the program does not compile.
    """
    files = shipped_files()
    if owners.is_file():
        files[OWNERS] = owners.read_bytes()
    ours = {path.name.partition(".")[0] for path in (ROOT / "lib").iterdir()}
    with board_repl(url) as board:
        _check_version(board)
        there = inventory(board)
        if OWNERS not in files and OWNERS not in there:
            raise PortError(
                "the board has no pin map and there is none here: "
                "`make board BOARD=devkit` makes firmware/board.py"
            )
        hashes = {path: digest(data) for path, data in files.items()}
        todo = plan(hashes, there, ours, replace_owners)
        for path in todo.blocked:
            kinds = ("folder", "file") if path.endswith("/") else ("file", "folder")
            raise PortError(
                IN_THE_WAY.format(kind=kinds[0], other=kinds[1], path=path.rstrip("/"), url=url)
            )
        full = _make_room(board, todo, {path: len(data) for path, data in files.items()}, url)
        _make_folders(board, todo.copy)
        for number, path in enumerate(todo.copy, 1):
            print(f"  {number}/{len(todo.copy)}  {path}  {len(files[path]):,} bytes", flush=True)
            try:
                write_file(board, f"/{path}{NEW}", files[path])
            except TransportExecError as error:
                if "OSError: 28" in error.error_output or "ENOSPC" in error.error_output:
                    raise PortError(full) from error
                raise
        _verify(board, todo, hashes)
        board.exec(SWITCH.format(remove=todo.remove, rename=todo.rename, new=NEW))
        restart(board)
    if OWNERS in todo.kept and OWNERS in files and there[OWNERS] != hashes[OWNERS]:
        print(f"{OWNERS} on the board differs from yours and was kept; OWNERS=1 replaces it")
    return todo


def _check_version(board: SerialTransport) -> None:
    version = board.eval("tuple(__import__('sys').implementation[1][:2])")
    if version < OLDEST:
        raise PortError(
            f"the board has MicroPython {version[0]}.{version[1]}; it needs "
            f"{OLDEST[0]}.{OLDEST[1]} or later: `make flash`"
        )


def _make_room(board: SerialTransport, todo: Plan, sizes: Mapping[str, int], url: str) -> str:
    """Remove what is left of another deploy; return what to say if the flash is full.

    Raises PortError if it is clear from the beginning that it is.
    """
    left = [path for path in todo.remove if path.endswith(NEW)]
    todo.remove = [path for path in todo.remove if path not in left]
    block, free = map(int, board.exec(MAKE_ROOM.format(left=left)).decode().split())
    # A file takes whole blocks; one more for the change of its folder.
    needed = sum(-(-sizes[path] // block) + 1 for path in todo.copy)
    kept = ", ".join(path for path in todo.kept if path != OWNERS) or "none"
    text = FULL.format(needed=needed * block, free=free * block, kept=kept, url=url)
    if needed > free:
        raise PortError(text)
    return text


def _make_folders(board: SerialTransport, paths: Iterable[str]) -> None:
    folders = {
        str(parent) for path in paths for parent in Path(path).parents if str(parent) != "."
    }
    board.exec(MAKE_FOLDERS.format(folders=sorted(folders)))


def write_file(board: SerialTransport, path: str, data: bytes) -> None:
    """Write a file in one go; Base64 takes half the time of the literals that mpremote sends."""
    board.exec(f"from binascii import a2b_base64 as d\nf=open({path!r},'wb')")
    for start in range(0, len(data), CHUNK):
        board.exec(f"f.write(d({base64.b64encode(data[start : start + CHUNK])!r}))")
    board.exec("f.close()")


def _verify(board: SerialTransport, todo: Plan, hashes: dict[str, str]) -> None:
    if todo.copy:
        there = inventory(board)
        for path in todo.rename:
            if there.get(path + NEW) != hashes[path]:
                raise PortError(f"{path} came to the board damaged: run it again")


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.deploy", description=__doc__)
    parser.add_argument("port", help="/dev/ttyUSB0, socket://host:port, rfc2217://host:port")
    parser.add_argument(
        "--replace-board", action="store_true", help=f"{OWNERS} of the board gives way to yours"
    )
    options = parser.parse_args(arguments)
    try:
        done = deploy(options.port, ROOT / OWNERS, options.replace_board)
    except (PortError, BuildError) as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    for path in done.remove:
        print(f"  removed  {path}")
    print(
        f"{len(done.rename)} files brought, {len(done.remove)} removed, "
        f"{done.unchanged} unchanged, {len(done.kept)} kept; the board restarts"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
