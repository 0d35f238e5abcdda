# SPDX-License-Identifier: MIT
"""Backup, restore, self-test, logs and the REPL of a board, over its port."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tools.bench.runners.socket_board import SocketBoard
from tools.bench.world.board_world import BoardWorld
from tools.board import upkeep
from tools.board.deploy_plan import OWNERS
from tools.board.port import PortError, board_repl
from tools.build import ROOT

FILES = {
    "main.py": b"# program\n",
    "firmware/app.mpy": b"program",
    "firmware/board.py": b"MODEL = 'EP'\n",
    "record0.json": bytes(range(256)) * 9,
    "record1.json": b"",
}
OURS = [OWNERS, "record0.json", "record1.json"]


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_backup_and_restore_to_another_board(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one", FILES), folder(tmp_path / "other", {})
    other.mkdir()
    (other / "firmware").mkdir()
    (tmp_path / "one.nvs").write_text('{"relay": 1}')
    file = tmp_path / "mine.tar"
    with SocketBoard(one) as socket_board:
        assert upkeep.backup(socket_board.url, file) == [*OURS, upkeep.RELAY]
    with SocketBoard(other) as socket_board:
        upkeep.restore(socket_board.url, file)
    for name in OURS:
        assert (other / name).read_bytes() == FILES[name]
    assert not (other / "main.py").exists()
    assert (tmp_path / "other.nvs").read_text() == '{"relay":1}'


def test_backup_overwrites_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.tar"
    file.write_bytes(b"precious")
    with SocketBoard(folder(tmp_path / "one", FILES)) as socket_board:
        assert upkeep.main(["backup", socket_board.url, "--file", str(file)]) == 1
        assert socket_board.resets == 0  # the firmware is not even interrupted
    assert "move it away" in capsys.readouterr().err
    assert file.read_bytes() == b"precious"


def test_another_archive_is_not_restored(tmp_path: Path) -> None:
    file = tmp_path / "other.tar"
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("boot.py"), io.BytesIO())
    with pytest.raises(PortError, match=r"holds boot\.py"):
        upkeep.restore("/dev/ttyNOTHING", file)


def test_a_failing_selftest_says_why(tmp_path: Path) -> None:
    code = b"def run():\n    print('heap: fine')\n    raise ValueError('modem')\n"
    files = {"firmware/__init__.py": b"", "firmware/selftest.py": code}
    one = folder(tmp_path / "one", files)
    with SocketBoard(one) as socket_board, pytest.raises(PortError, match="ValueError: modem"):
        upkeep.selftest(socket_board.url)


@contextmanager
def logs(url: str, *options: str, complains: str = "") -> Iterator[subprocess.Popen[str]]:
    """Run `make logs`; it is left by Ctrl-C, without a word of its own."""
    command = [sys.executable, "-m", "tools.board.upkeep", "logs", url, *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
        assert process.returncode == 0
        assert errors.startswith(complains) if complains else not errors


def lines_up_to(process: subprocess.Popen[str], last: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith(last):
        line = process.stdout.readline()
        assert line, lines
        lines.append(line.rstrip())
    return lines


LISTENS = "--- the firmware's output from now on; Ctrl-C leaves"


def test_logs_begin_with_the_crashes_on_flash(tmp_path: Path) -> None:
    """Of a firmware that crashed, with the places of the source; then the output goes on."""
    world = BoardWorld(changes={"MODEL": "none such"})
    try:
        world.power_on()
        world.run_for(8000)
        crashed = world.files["/crash.log"]
    finally:
        world.close()
    files = {"crash.old": b"crash 7 at 1 s\nMemoryError: \n", "crash.log": crashed}
    one = folder(tmp_path / "one", files)
    with SocketBoard(one) as socket_board, logs(socket_board.url) as process:
        lines = lines_up_to(process, LISTENS)
        assert lines[:3] == ["crash 7 at 1 s", "MemoryError:", "crash 1 at 0 s"]
        assert [line for line in lines if 'File "lib/powersocket/models.py", line ' in line]
        assert [line for line in lines if 'File "firmware/app.py", line ' in line]
        assert not [line for line in lines if ".mpy" in line]
        assert lines_up_to(process, "MicroPython v")  # restarted: the REPL's first line
        assert socket_board.resets == 1
    assert (one / "crash.log").read_bytes() == crashed  # it stays


def test_logs_of_a_board_without_a_crash(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", {"notes.txt": b"no crash"})
    with SocketBoard(one) as socket_board, logs(socket_board.url) as process:
        assert lines_up_to(process, LISTENS)[0] == "no crashes in the board's log"


def test_logs_of_a_board_that_does_not_answer() -> None:
    """One that hangs in a restart, say: what it says is heard all the same."""
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as until_it_is_left:
        port = f"socket://127.0.0.1:{server.getsockname()[1]}"
        with logs(port, complains="the crash log cannot be read: ") as process:
            assert lines_up_to(process, LISTENS) == [LISTENS]
            server.accept()[0].close()  # the connection that tried
            connection = until_it_is_left.enter_context(server.accept()[0])
            connection.sendall(b"Guru Meditation Error\r\n")
            assert lines_up_to(process, "Guru") == ["Guru Meditation Error"]


def test_logs_that_only_listen_leave_the_firmware_alone(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", {**FILES, "crash.log": b"crash 1 at 0 s\n"})
    with SocketBoard(one) as socket_board:
        with logs(socket_board.url, "--listen") as process:
            assert lines_up_to(process, LISTENS) == [LISTENS]
        assert socket_board.resets == 0


@contextmanager
def terminal(code: str, url: str) -> Iterator[Typist]:
    """Run a tool at a terminal; Ctrl-] leaves it, and it ends well."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", code, url]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT) as process:
        os.close(slave)
        try:
            yield Typist(master)
            os.write(master, b"\x1d")
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
            os.close(master)


class Typist:
    """Who sits at the terminal."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._seen = ""

    def sees(self, text: str) -> str:
        until = time.monotonic() + 20
        while text not in self._seen:
            assert time.monotonic() < until, self._seen
            if select.select([self._file], [], [], 0.1)[0]:
                self._seen += os.read(self._file, 4096).decode(errors="replace").replace("\r", "")
        before, _, self._seen = self._seen.partition(text)
        return before

    def types(self, text: str) -> None:
        os.write(self._file, text.encode())


TOOL = """
import sys
from tools.board import upkeep
sys.exit(upkeep.main([{tool!r}, sys.argv[1]]))
"""


def test_repl_over_a_socket(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", FILES)
    with SocketBoard(one, watchdog_ms=1500) as socket_board:
        with terminal(TOOL.format(tool="repl"), socket_board.url) as typist:
            typist.sees("Ctrl-] leaves")
            typist.sees(">>> ")
            time.sleep(2)  # the watchdog lets it live
            typist.types("print(6 * 7)\r")
            typist.sees("\n42\n>>> ")
            typist.types("what is this\x03")  # Ctrl-C goes to the board
            typist.sees(">>> ")
        assert socket_board.resets == 0


@pytest.mark.parametrize("command", ["repl", "mount"])
def test_what_is_typed_at_needs_a_terminal(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upkeep.main([command, "/dev/ttyNOTHING"]) == 1
    assert "needs a terminal" in capsys.readouterr().err


# The VM cannot wait for the host in the midst of an import: what is mounted is on the flash here.
MOUNT = """
from tools.board.port import Board
Board.mount_local = lambda self, path: self.exec("import os; os.chdir('/remote')")
"""


def test_mounted_sources_win_over_what_is_deployed(tmp_path: Path) -> None:
    files = {
        "firmware/app.py": b"print('deployed app')\n",
        "lib/powersocket/device.py": b"print('deployed device')\n",
        "main.py": b"print('deployed main')\n",
        "remote/firmware/app.py": b"print('app of the sources')\n",
        "remote/lib/powersocket/device.py": b"print('device of the sources')\n",
        "remote/main.py": b"import firmware.app, powersocket.device\n",
    }
    one = folder(tmp_path / "one", files)
    with SocketBoard(one) as socket_board:
        with board_repl(socket_board.url) as repl:  # what ran has been imported
            repl.exec("import firmware.app, powersocket.device")
        with terminal(MOUNT + TOOL.format(tool="mount"), socket_board.url) as typist:
            typist.sees("the board runs the sources of this folder: Ctrl-C stops them")
            typist.sees("import main")
            typist.sees("\napp of the sources\ndevice of the sources\n>>> ")
        assert socket_board.resets == 1  # then runs what is deployed


def test_a_selftest_without_a_firmware(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", {"notes.txt": b""})
    with SocketBoard(one) as socket_board, pytest.raises(PortError, match="`make deploy`"):
        upkeep.selftest(socket_board.url)
