# SPDX-License-Identifier: MIT
"""A deploy that is cut off by the power, the cable or Ctrl-C, and the next one."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host_tests.deploy_kit import COPYING, ENDS, FAST, OLD, PROGRAM, SWITCHING, Kit
from tools.bench.runners.socket_board import SocketBoard
from tools.board import deploy as deployer
from tools.board.deploy_plan import NEW, START
from tools.board.files import BoardFiles
from tools.board.port import Board, PortError
from tools.build import ROOT


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path, monkeypatch)


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deploy that does not go on by itself."""
    monkeypatch.setattr(deployer, "TRIES", 1)


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        (40, "run it again"),
        (b"os.ilistdir(", "Nothing was changed"),
        (b"digest('/main.py')", "Nothing was changed"),
        (b"os.mkdir(", COPYING),
        (b"open('/firmware/app.mpy.new'", COPYING),
        (b"open('/main.py.new'", COPYING),
        (b"os.rename('/firmware/app", SWITCHING),
        (b"os.rmdir(", SWITCHING),
        (b"os.rename('/main.py.new", SWITCHING),
    ],
)
def test_power_cut_half_way_and_again(kit: Kit, cut: int | bytes, says: str, once: None) -> None:
    kit.put(OLD)
    with (
        SocketBoard(kit.flash, cut_after=cut, speed=FAST) as board,
        pytest.raises(PortError, match=says),
    ):
        deployer.deploy(board.url, kit.owners)
    half = kit.listing()
    if says == SWITCHING:
        assert START not in half  # it starts nothing
    else:
        assert {path: data for path, data in half.items() if not path.endswith(NEW)} == OLD
    brought = kit.deploy()
    assert kit.listing() == ENDS
    whole = [path for path in PROGRAM if half.get(path + NEW) == PROGRAM[path]]
    assert brought.staged == sorted(whole)  # not copied twice


@pytest.mark.parametrize("cut", [b"open('/main.py.new'", b"os.rename('/firmware/app"])
def test_it_goes_on_by_itself_after_a_power_cut(
    kit: Kit, cut: int | bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.put(OLD)
    kit.deploy(cut_after=cut)
    assert kit.listing() == ENDS
    assert "trying again in" in capsys.readouterr().out


def test_the_board_goes_away_for_good(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The port is gone at the second try: it says that, and what the board is left with."""
    kit.put(OLD)
    with SocketBoard(kit.flash, cut_after=b"os.rename('/firmware/app", speed=FAST) as board:

        def rest(seconds: float) -> None:
            board.__exit__(None, None, None)

        monkeypatch.setattr(deployer, "time", SimpleNamespace(sleep=rest))
        with pytest.raises(PortError, match=f"nothing listens at .*{SWITCHING}"):
            deployer.deploy(board.url, kit.owners)


MOMENTS = {
    "comparing": ("4 of the files", "Nothing was changed on the board"),
    "copying": ("  3/7  ", COPYING),
    "switching": ("  9/", SWITCHING),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_half_way_and_again(kit: Kit, moment: str) -> None:
    kit.put(OLD)
    shown, says = MOMENTS[moment]
    code = """
import sys
from tools.board import deploy
from host_tests.deploy_kit import PROGRAM
deploy.shipped_files = lambda: dict(PROGRAM)
sys.exit(deploy.main([sys.argv[1]]))
"""
    with SocketBoard(kit.flash) as board:
        process = subprocess.Popen(
            [sys.executable, "-c", code, board.url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        out = ""
        while not re.search(f"^{shown}", out, re.MULTILINE):
            letter = process.stdout.read(1)
            assert letter, out
            out += letter
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert errors.startswith("deploy: stopped: run it again. ")
        assert says in errors
        assert errors.count("\n") == 1
        assert board.resets == 1  # it does not stay at the REPL
    if moment != "switching":
        kept = {path: data for path, data in kit.listing().items() if not path.endswith(NEW)}
        assert kept == OLD
    kit.deploy()
    assert kit.listing() == ENDS


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_comes_damaged_is_written_again(
    kit: Kit, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, damaged = Board.exec, []

    def noisy(self: Board, command: str, *rest: Any) -> bytes:
        if "at.mpy" in command and "'wb'" in command and len(damaged) < times:
            damaged.append(command)
            command = command.replace("d(b'", "d(b'AAAA")
        return send(self, command, *rest)

    monkeypatch.setattr(Board, "exec", noisy)
    kit.deploy()
    assert len(damaged) == times
    assert (kit.flash / "lib/sim800/at.mpy").read_bytes() == PROGRAM["lib/sim800/at.mpy"]


def test_a_file_that_always_comes_damaged(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.put(OLD)
    monkeypatch.setattr(BoardFiles, "digest", lambda self, path: "another")
    with pytest.raises(
        PortError, match=f"damaged on the board 3 times: check the cable.*{COPYING}"
    ):
        kit.deploy()
