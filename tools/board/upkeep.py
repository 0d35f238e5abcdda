# SPDX-License-Identifier: MIT
"""Further work with a board: repl, mount, logs, backup, restore, selftest.

`python -m tools.board.upkeep backup /dev/ttyUSB0 --file mine.tar`
"""

from __future__ import annotations

import argparse
import io
import re
import select
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import serial
from mpremote.console import Console
from mpremote.repl import do_repl_main_loop
from mpremote.transport import stdout_write_bytes

from tools.board.deploy_plan import NEW, OWNERS
from tools.board.files import BoardFiles
from tools.board.port import (
    LONG_STAY,
    Board,
    PortError,
    Silent,
    board_repl,
    enter,
    reason_not_open,
    restart,
)
from tools.build import ROOT

RELAY = "nvs-relay"  # in a backup: the relay's remembered level
READ_RELAY = """
import esp32
try:
    print(esp32.NVS("powersocket").get_i32("relay"), end="")
except OSError:
    pass
"""
WRITE_RELAY = """
import esp32
nvs = esp32.NVS("powersocket")
nvs.set_i32("relay", {level})
nvs.commit()
"""
# Run on the board: forgets the modules that the firmware has imported from flash.
FORGET = """
import gc, sys
for name in list(sys.modules):
    if name.split(".")[0] in {ours}:
        del sys.modules[name]
gc.collect()
"""
SOURCES_FIRST = "import sys\nsys.path.insert(0, '/remote/lib')"  # /remote is the current folder
PROGRAM = ("boot.py", "main.py")
COMMANDS = ("repl", "mount", "logs", "backup", "restore", "selftest")
CRASHES = ("crash.old", "crash.log")  # firmware/crash.py writes them; the older one first


def is_owners(path: str) -> bool:
    """Return True for what a backup holds: the pin map, and files in the root but the program."""
    in_root = "/" not in path and path not in PROGRAM and not path.endswith(NEW)
    return path == OWNERS or in_root


def backup(url: str, file: Path) -> list[str]:
    """Save settings, pin map and the relay's level, and restart the board; return the names."""
    if file.exists():  # before the firmware is interrupted for nothing
        raise FileExistsError
    with board_repl(url) as board:
        files = BoardFiles(board)
        names = sorted(path for path in files.listing() if is_owners(path))
        found = {name: files.read(name) for name in names}
        level = board.exec(READ_RELAY)
        if level:
            found[RELAY] = level
        restart(board)
    with tarfile.open(file, "x") as tar:
        for name, data in found.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return list(found)


def restore(url: str, file: Path) -> list[str]:
    """Write a backup's files to the board, and restart it; return the names."""
    found = {}
    with tarfile.open(file) as tar:
        for member in tar.getmembers():
            data = tar.extractfile(member)
            if data is None or not (member.name == RELAY or is_owners(member.name)):
                raise PortError(f"{file} is not a backup: it holds {member.name}")
            found[member.name] = data.read()
    with board_repl(url) as board:
        for name, content in found.items():
            if name == RELAY:
                board.exec(WRITE_RELAY.format(level=int(content)))
            else:
                BoardFiles(board).write(name, content)
        restart(board)
    return list(found)


def repl(url: str) -> None:
    """Interrupt the firmware and give its REPL; the watchdog gets a timeout of 12 hours."""
    _check_terminal()
    with board_repl(url, LONG_STAY) as board:
        board.exit_raw_repl()
        print("Ctrl-] leaves; `from firmware import debug` has tools;")
        print("`import machine; machine.reset()` starts the firmware again")
        _talk(board)


def mount(url: str) -> None:
    """Run the sources of this folder on the board, which reads them over the serial line.

    The board's flash is not changed; the firmware on it runs again when this ends.
    """
    _check_terminal()
    ours = ("main", "firmware", *(path.stem for path in (ROOT / "lib").iterdir()))
    with board_repl(url, LONG_STAY) as board:
        board.exec(FORGET.format(ours=ours))
        board.mount_local(str(ROOT))
        board.exec(SOURCES_FIRST)
        board.exit_raw_repl()
        print("the board runs the sources of this folder: Ctrl-C stops them, Ctrl-] leaves")
        board.serial.write(b"import main\r")
        _talk(board)
        enter(board, url)
        restart(board)


def _check_terminal() -> None:
    if not sys.stdin.isatty():
        raise PortError("this needs a terminal to type at")


def _talk(board: Board) -> None:
    """Connect the terminal with the board up to Ctrl-], as mpremote does, but on any port."""
    console = Console()

    def wait(port: Any) -> None:  # mpremote's cannot wait at a socket
        if not port.inWaiting():
            select.select([console.infd, board.file], [], [], 0.02)

    console.waitchar = wait
    console.enter()
    try:
        do_repl_main_loop(
            SimpleNamespace(transport=board),
            console,
            console.write,
            escape_non_printable=False,
            code_to_inject=None,
            file_to_inject=None,
        )
    finally:
        console.exit()
        print()


def selftest(url: str) -> None:
    """Run the board's own tests, print what they say, restart."""
    with board_repl(url) as board:
        code = "from firmware import selftest\nselftest.run()"
        _, error = board.exec_raw(code, timeout=180, data_consumer=stdout_write_bytes)
        if re.search(rb"ImportError:.*(firmware|selftest)", error):
            raise PortError("the board has no firmware with a self-test: run `make deploy`")
        if error:
            raise PortError(f"the self-test failed:\n{error.decode()}")
        restart(board)


def logs(url: str, listen: bool = False) -> None:
    """Print the crashes on flash, then the firmware's output, until Ctrl-C.

    To read the flash, the firmware is interrupted and the board restarted.

    Args:
        url: the port.
        listen: leave out the crashes, and do not touch the firmware.
    """
    if not listen:
        try:
            with board_repl(url) as board:
                print(crashes(board), flush=True)
                restart(board)
                _follow(board.serial)
        except Silent as error:
            print(f"the crash log cannot be read: {error}", file=sys.stderr)
    try:
        port = serial.serial_for_url(url, 115200, exclusive=True)
    except (OSError, ValueError):
        raise PortError(reason_not_open(url)) from None
    with port:
        _follow(port)


def crashes(board: Board) -> str:
    """Return the crashes on flash."""
    there = {entry.name for entry in board.fs_listdir("/")}
    texts = [bytes(board.fs_readfile(f"/{name}")) for name in CRASHES if name in there]
    text = b"".join(texts).decode(errors="replace").strip()
    return text or "no crashes in the board's log"


def _follow(port: serial.Serial) -> NoReturn:
    print("--- the firmware's output from now on; Ctrl-C leaves", flush=True)
    port.timeout = None
    while line := port.readline():
        print(line.decode(errors="replace").rstrip(), flush=True)
    raise PortError("the port was closed at the other end")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.upkeep", description=__doc__)
    parser.add_argument("what", choices=COMMANDS)
    parser.add_argument("port", help="/dev/ttyUSB0, socket://host:port, rfc2217://host:port")
    parser.add_argument("--file", type=Path, default=Path("backup.tar"), help="of the backup")
    parser.add_argument("--listen", action="store_true", help="logs: do not touch the firmware")
    options = parser.parse_args(arguments)
    try:
        if options.what == "logs":
            logs(options.port, options.listen)
        elif options.what in ("backup", "restore"):
            work = backup if options.what == "backup" else restore
            print(f"{options.what}: {', '.join(work(options.port, options.file))}")
        else:
            {"repl": repl, "mount": mount, "selftest": selftest}[options.what](options.port)
    except KeyboardInterrupt:
        return 0
    except FileExistsError:
        text = f"backup: {options.file} exists already: move it away, or add FILE=another.tar"
        print(text, file=sys.stderr)
        return 1
    except (PortError, OSError, tarfile.TarError) as error:
        print(f"{options.what}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
