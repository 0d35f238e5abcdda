"""What else is done with a board: repl, logs, backup, restore, selftest.

`python -m tools.board_tools backup /dev/ttyUSB0 --file mine.tar`
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import serial
from mpremote.transport import stdout_write_bytes
from mpremote.transport_serial import SerialTransport

from tools.board_files import BoardFiles
from tools.board_port import LONG_STAY, PortError, Silent, board_repl, reason_not_open, restart
from tools.deploy_plan import NEW, OWNERS

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
PROGRAM = ("boot.py", "main.py")
CRASHES = ("crash.old", "crash.log")  # firmware/crash.py writes them; the older one first


def is_owners(path: str) -> bool:
    """Tell what a backup holds: the pin map, and what lies in the root but is no program."""
    in_root = "/" not in path and path not in PROGRAM and not path.endswith(NEW)
    return path == OWNERS or in_root


def backup(url: str, file: Path) -> list[str]:
    """Save settings, pin map and the relay's level; the board restarts. Return the names."""
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
    """Bring a backup's files to the board, which restarts. Return the names."""
    found = {}
    with tarfile.open(file) as tar:
        for member in tar.getmembers():
            data = tar.extractfile(member)
            if data is None or not (member.name == RELAY or is_owners(member.name)):
                raise PortError(f"{file} is no backup: it holds {member.name}")
            found[member.name] = data.read()
    with board_repl(url) as board:
        for name, content in found.items():
            if name == RELAY:
                board.exec(WRITE_RELAY.format(level=int(content)))
            else:
                BoardFiles(board).write(name, content)
        restart(board)
    return list(found)


def repl(url: str) -> int:
    """Interrupt the firmware and give its REPL, which the watchdog leaves alone for 12 hours."""
    with board_repl(url, LONG_STAY) as board:
        board.exit_raw_repl()
    print("Ctrl-] leaves; `import machine; machine.reset()` starts the firmware again")
    return subprocess.call([sys.executable, "-m", "mpremote", "connect", url, "resume", "repl"])


def selftest(url: str) -> None:
    """Run the board's own tests, print what they say, restart."""
    with board_repl(url) as board:
        code = "from firmware import selftest\nselftest.run()"
        _, error = board.exec_raw(code, timeout=180, data_consumer=stdout_write_bytes)
        if b"ImportError" in error:
            raise PortError("there is no firmware on the board that has one: `make deploy`")
        if error:
            raise PortError(f"the self-test ended:\n{error.decode()}")
        restart(board)


def logs(url: str, listen: bool = False) -> None:
    """Print the crashes on flash, then what the firmware says, until Ctrl-C.

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


def crashes(board: SerialTransport) -> str:
    """Return the crashes on flash."""
    there = {entry.name for entry in board.fs_listdir("/")}
    texts = [bytes(board.fs_readfile(f"/{name}")) for name in CRASHES if name in there]
    text = b"".join(texts).decode(errors="replace").strip()
    return text or "no crash is in the board's log"


def _follow(port: serial.Serial) -> NoReturn:
    print("what the firmware says now; Ctrl-C leaves", flush=True)
    port.timeout = None
    while line := port.readline():
        print(line.decode(errors="replace").rstrip(), flush=True)
    raise PortError("the port was closed at the other end")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one of them from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board_tools", description=__doc__)
    parser.add_argument("what", choices=("repl", "logs", "backup", "restore", "selftest"))
    parser.add_argument("port", help="/dev/ttyUSB0, socket://host:port, rfc2217://host:port")
    parser.add_argument("--file", type=Path, default=Path("backup.tar"), help="of the backup")
    parser.add_argument("--listen", action="store_true", help="logs: do not touch the firmware")
    options = parser.parse_args(arguments)
    try:
        if options.what == "repl":
            return repl(options.port)
        if options.what == "logs":
            logs(options.port, options.listen)
        elif options.what == "selftest":
            selftest(options.port)
        else:
            work = backup if options.what == "backup" else restore
            print(f"{options.what}: {', '.join(work(options.port, options.file))}")
    except KeyboardInterrupt:
        return 0
    except FileExistsError:
        print(f"backup: {options.file} is there: move it away or say FILE=..", file=sys.stderr)
        return 1
    except (PortError, OSError, tarfile.TarError) as error:
        print(f"{options.what}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
