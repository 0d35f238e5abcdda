"""Deploy, over mpremote's protocol, to MicroPython's own REPL in the VM behind a TCP port."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import serial
from mpremote.transport_serial import SerialTransport

from tools import board_files, board_port
from tools import deploy as deployer
from tools.bench.board import SLOWEST_RENAME_MS, SocketBoard
from tools.bench.board_world import BoardWorld
from tools.board_files import BoardFiles
from tools.board_port import Board, PortError
from tools.build import ROOT, shipped_files
from tools.deploy_plan import NEW, OWNERS, START, Plan

FAST = 50  # times as fast as the chip's is the flash of these boards
PROGRAM: Mapping[str, bytes] = {
    "boot.py": b"# boot 2\n",
    "main.py": b"# main 2\n" * 300,
    "firmware/__init__.mpy": b"package",
    "firmware/app.mpy": bytes(range(256)) * 20,
    "lib/ds18b20.mpy": b"ds18b20" * 99,
    "lib/powersocket/features/alarm.mpy": b"alarm" * 500,
    "lib/sim800/at.mpy": b"at 2" * 900,
}
JOINED = ["firmware/hardware.mpy", "firmware/debug.mpy", "firmware/selftest.mpy"]
JOINED += [f"lib/part_{name}.mpy" for name in ("talk", "contact", "_environment_pro")]
JOINED += [f"lib/cold{number}.mpy" for number in range(1, 20)]
# A board that holds the release before the modules came under their own names.
OLD: Mapping[str, bytes] = {
    "boot.py": b"# boot 1\n",
    "main.py": b"# main 1\n",
    "record0.json": b'{"n": 7}',
    "firmware/app.mpy": b"M\x06\x00\x1f older",
    "firmware/app.py": b"# somebody tried something\n",
    "firmware/board.py": b"MODEL = 'EP'  # mine\n",
    "firmware/old/gone.mpy": b"x",
    "lib/sim800/at.mpy": b"at 1",
    "lib/mine/tool.py": b"# the owner's own\n",
    **dict.fromkeys(JOINED, b"joined"),
}
KEPT = ("record0.json", OWNERS, "lib/mine/tool.py")
ENDS = {**PROGRAM, **{path: OLD[path] for path in KEPT}}  # what OLD becomes


@pytest.fixture
def flash(tmp_path: Path) -> Path:
    folder = tmp_path / "flash"
    folder.mkdir()
    return folder


@pytest.fixture
def owners(tmp_path: Path) -> Path:
    file = tmp_path / "board.py"
    file.write_bytes(b"MODEL = 'EP'  # of the host\n")
    return file


@pytest.fixture(autouse=True)
def small_program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployer, "REST", 0.1)
    if "whole" not in request.function.__name__:
        monkeypatch.setattr(deployer, "shipped_files", lambda: dict(PROGRAM))


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deploy that does not go on by itself."""
    monkeypatch.setattr(deployer, "TRIES", 1)


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the board waits FAST times shorter, as its flash is faster."""
    wait = SerialTransport.read_until

    def shorter(
        self: Any, least: int, ending: bytes, timeout: float = 10, *more: Any, **named: Any
    ) -> Any:
        return wait(self, least, ending, timeout / FAST, *more, **named)

    monkeypatch.setattr(SerialTransport, "read_until", shorter)


def put(flash: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (flash / path).parent.mkdir(parents=True, exist_ok=True)
        (flash / path).write_bytes(data)


def listing(flash: Path) -> dict[str, bytes]:
    return {
        path.relative_to(flash).as_posix(): path.read_bytes()
        for path in flash.rglob("*")
        if path.is_file()
    }


def deploy(flash: Path, owners: Path, replace: bool = False, **options: Any) -> Plan:
    with SocketBoard(flash, **{"speed": FAST, **options}) as board:
        done = deployer.deploy(board.url, owners, replace)
        assert board.resets == 1
    return done


def test_empty_board_gets_the_whole_program(flash: Path, owners: Path) -> None:
    deploy(flash, owners)
    assert listing(flash) == {**shipped_files(), OWNERS: owners.read_bytes()}


def test_what_is_there_is_not_copied_again(flash: Path, owners: Path) -> None:
    deploy(flash, owners)
    again = deploy(flash, owners)
    assert again.empty
    assert again.unchanged == len(PROGRAM)
    assert again.kept == [OWNERS]
    (flash / "firmware/app.mpy").write_bytes(b"damaged")
    assert deploy(flash, owners).copy == ["firmware/app.mpy"]
    assert listing(flash) == {**PROGRAM, OWNERS: owners.read_bytes()}


def test_over_the_joined_program_that_runs_and_has_a_watchdog(flash: Path, owners: Path) -> None:
    put(flash, OLD)
    done = deploy(flash, owners, watchdog_ms=2500)
    assert listing(flash) == ENDS
    assert {*JOINED, "firmware/app.py"} <= {*done.remove}  # app.py would win over app.mpy
    assert not (flash / "firmware/old").exists()


def test_the_watchdog_of_the_simulated_board_bites(flash: Path) -> None:
    put(flash, OLD)
    with SocketBoard(flash, watchdog_ms=300) as board:
        until = time.monotonic() + 20
        while not board.resets and time.monotonic() < until:
            time.sleep(0.05)
        assert board.resets


def test_own_pin_map_gives_way_only_on_request(
    flash: Path, owners: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(flash, OLD)
    deploy(flash, owners)
    assert (flash / OWNERS).read_bytes() == OLD[OWNERS]
    assert "differs from yours and was kept: OWNERS=1 replaces it" in capsys.readouterr().out
    deploy(flash, owners, replace=True)
    assert (flash / OWNERS).read_bytes() == owners.read_bytes()
    deploy(flash, owners)
    assert "differs" not in capsys.readouterr().out


def test_no_pin_map_anywhere(flash: Path, tmp_path: Path) -> None:
    with pytest.raises(PortError, match=r"make board BOARD=devkit.*Nothing was changed on the"):
        deploy(flash, tmp_path / "none.py")
    assert listing(flash) == {}


# --- a slow flash ------------------------------------------------------------------------------


def test_a_whole_program_to_a_flash_as_slow_as_the_chips(
    flash: Path, owners: Path, fast_clock: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """mpremote gives a command up after 10 s of silence: 94 renames in one would take 31 s."""
    put(flash, OLD)
    deploy(flash, owners)
    assert "it goes on by itself" not in capsys.readouterr().out
    assert listing(flash) == {**shipped_files(), **{path: OLD[path] for path in KEPT}}


def test_each_rename_takes_longer_than_mpremote_waits(
    flash: Path, owners: Path, fast_clock: None, capsys: pytest.CaptureFixture[str]
) -> None:
    put(flash, OLD)
    deploy(flash, owners, rename_ms=2 * SLOWEST_RENAME_MS)
    assert "it goes on by itself" not in capsys.readouterr().out
    assert listing(flash) == ENDS


def test_each_file_is_shown_before_its_turn(
    flash: Path, owners: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(flash, OLD)
    done = deploy(flash, owners.parent / "none.py")
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "the board has 4 of the files, comparing them ...."
    sizes = [f"{path}  {len(PROGRAM[path]):,} bytes" for path in done.copy]
    assert shown[1:8] == [f"  {n}/7  {text}" for n, text in enumerate(sizes, 1)]
    assert shown[8:11] == [
        "switching to the new program",
        f"  1/{len(done.switch)}  removing main.py",
        f"  2/{len(done.switch)}  removing firmware/app.py",
    ]
    assert shown[-3:] == [
        f"  {len(done.switch)}/{len(done.switch)}  main.py",
        "the board restarts and says:",
        "  0 start: power {'power': 1}",
    ]


# --- cut off -----------------------------------------------------------------------------------

COPYING, SWITCHING = "The program that the board had is untouched", "has no whole program"


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
def test_power_cut_half_way_and_again(
    flash: Path, owners: Path, cut: int | bytes, says: str, once: None
) -> None:
    put(flash, OLD)
    with (
        SocketBoard(flash, cut_after=cut, speed=FAST) as board,
        pytest.raises(PortError, match=says),
    ):
        deployer.deploy(board.url, owners)
    half = listing(flash)
    if says == SWITCHING:
        assert START not in half  # it starts nothing
    else:
        assert {path: data for path, data in half.items() if not path.endswith(NEW)} == OLD
    brought = deploy(flash, owners)
    assert listing(flash) == ENDS
    whole = [path for path in PROGRAM if half.get(path + NEW) == PROGRAM[path]]
    assert brought.staged == sorted(whole)  # not copied twice


@pytest.mark.parametrize("cut", [b"open('/main.py.new'", b"os.rename('/firmware/app"])
def test_it_goes_on_by_itself_after_a_power_cut(
    flash: Path, owners: Path, cut: int | bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    put(flash, OLD)
    deploy(flash, owners, cut_after=cut)
    assert listing(flash) == ENDS
    assert "it goes on by itself in" in capsys.readouterr().out


def test_the_board_goes_away_for_good(
    flash: Path, owners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port is gone at the second try: it says that, and what the board is left with."""
    put(flash, OLD)
    with SocketBoard(flash, cut_after=b"os.rename('/firmware/app", speed=FAST) as board:

        def rest(seconds: float) -> None:
            board.__exit__(None, None, None)

        monkeypatch.setattr(deployer, "time", SimpleNamespace(sleep=rest))
        with pytest.raises(PortError, match=f"nothing listens at .*{SWITCHING}"):
            deployer.deploy(board.url, owners)


MOMENTS = {
    "comparing": ("the board has", "Nothing was changed on the board"),
    "copying": ("  3/7  ", COPYING),
    "switching": ("  9/", SWITCHING),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_half_way_and_again(flash: Path, owners: Path, moment: str) -> None:
    put(flash, OLD)
    shown, says = MOMENTS[moment]
    code = """
import sys
from tools import deploy
from host_tests.test_deploy import PROGRAM
deploy.shipped_files = lambda: dict(PROGRAM)
sys.exit(deploy.main([sys.argv[1]]))
"""
    with SocketBoard(flash) as board:
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
        kept = {path: data for path, data in listing(flash).items() if not path.endswith(NEW)}
        assert kept == OLD
    deploy(flash, owners)
    assert listing(flash) == ENDS


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_comes_damaged_is_written_again(
    flash: Path, owners: Path, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, damaged = Board.exec, []

    def noisy(self: Board, command: str, *rest: Any) -> bytes:
        if "at.mpy" in command and "'wb'" in command and len(damaged) < times:
            damaged.append(command)
            command = command.replace("d(b'", "d(b'AAAA")
        return send(self, command, *rest)

    monkeypatch.setattr(Board, "exec", noisy)
    deploy(flash, owners)
    assert len(damaged) == times
    assert (flash / "lib/sim800/at.mpy").read_bytes() == PROGRAM["lib/sim800/at.mpy"]


def test_a_file_that_always_comes_damaged(
    flash: Path, owners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(flash, OLD)
    monkeypatch.setattr(BoardFiles, "digest", lambda self, path: "another")
    with pytest.raises(PortError, match=f"damaged, 3 times: is the cable good.*{COPYING}"):
        deploy(flash, owners)


# --- what is wrong is said ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ({"main.py/notes.txt": b"mine"}, r"a folder main\.py, .* a file .* rm -r :/main\.py`"),
        ({"lib": b"mine"}, r"a file lib, .* a folder .* rm -r :/lib`"),
    ],
)
def test_what_is_in_the_way_is_named_and_nothing_changed(
    flash: Path, owners: Path, there: dict[str, bytes], says: str
) -> None:
    put(flash, there)
    with SocketBoard(flash) as board:
        with pytest.raises(PortError, match=says + r"\. Nothing was changed on the board\."):
            deployer.deploy(board.url, owners)
        until = time.monotonic() + 20
        while not board.resets and time.monotonic() < until:
            time.sleep(0.05)
        assert board.resets == 1  # what runs on it goes on
    assert listing(flash) == there


def test_a_full_flash_is_said_at_the_beginning(flash: Path, owners: Path) -> None:
    put(flash, OLD | {"photos.bin": b"x" * 60_000})
    says = r"is full: [\d,]+ bytes are needed, [\d,]+ are free.*photos.*Nothing was changed"
    with pytest.raises(PortError, match=says):
        deploy(flash, owners, capacity=65_000)
    assert listing(flash) == OLD | {"photos.bin": b"x" * 60_000}


def test_a_flash_that_gets_full_while_files_are_brought(
    flash: Path, owners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system may need more than was reckoned; the next deploy makes room first."""
    put(flash, OLD | {"lib/part_gone.mpy" + NEW: b"x" * 9000})
    room = board_files.ROOM
    monkeypatch.setattr(board_files, "ROOM", 'print(1024, 999, end="")')
    with pytest.raises(PortError, match=f"the flash of the board is full.*{COPYING}"):
        deploy(flash, owners, capacity=9_000)
    half = listing(flash)
    assert {path: data for path, data in half.items() if not path.endswith(NEW)} == OLD
    monkeypatch.setattr(board_files, "ROOM", room)
    assert deploy(flash, owners).staged
    assert listing(flash) == ENDS


@pytest.mark.parametrize(
    ("board_says", "says"),
    [
        ("board.py: RELAY = 40 is no pin of the ESP32\r\n>>> ", "the firmware did not start: see"),
        ("MemoryError: \r\ncrash 1 in a row: restart in 5 s", "the firmware did not start: see"),
        ("rst:0x1 (POWERON_RESET)\r\n", r"nothing says that the firmware started, 1 s after"),
    ],
)
def test_a_program_that_does_not_start(
    flash: Path,
    owners: Path,
    board_says: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(deployer, "STARTS_WITHIN", 1)
    with pytest.raises(PortError, match=says + ".*The new program is on the board, whole"):
        deploy(flash, owners, says=board_says)
    assert f"  {board_says.splitlines()[0]}\n" in capsys.readouterr().out
    assert listing(flash) == {**PROGRAM, OWNERS: owners.read_bytes()}


@pytest.fixture
def world() -> Iterator[BoardWorld]:
    one = BoardWorld()
    yield one
    one.close()


def test_the_firmware_says_that_it_starts(world: BoardWorld) -> None:
    world.power_on()
    world.run_for(3000)
    assert [line for line in world.prints if deployer.STARTED.search(line)]
    assert not [line for line in world.prints if deployer.FAILED.search(line)]


def test_the_firmware_says_that_it_crashed(world: BoardWorld) -> None:
    world.config["changes"] = {"MODEL": "none such"}
    world.power_on()
    world.run_for(3000)
    assert [line for line in world.prints if deployer.FAILED.search(line)]
    assert not [line for line in world.prints if deployer.STARTED.search(line)]


def test_an_older_micropython_is_refused(
    flash: Path, owners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployer, "OLDEST", (9, 0))
    with pytest.raises(PortError, match=r"has MicroPython 1\.24; it needs 9\.0"):
        deploy(flash, owners)


def test_nothing_listens(owners: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PortError, match="nothing listens"):
        deployer.deploy(f"socket://127.0.0.1:{port}", owners)


def test_no_such_port(owners: Path) -> None:
    with pytest.raises(PortError, match="is the board plugged in"):
        deployer.deploy("/dev/ttyNOTHING", owners)


def test_no_micropython_answers(owners: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_port, "TRIES", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(PortError, match="no MicroPython answers"),
    ):
        deployer.deploy(f"socket://127.0.0.1:{server.getsockname()[1]}", owners)


def test_busy_port(owners: Path) -> None:
    _, slave = pty.openpty()
    name = os.ttyname(slave)
    with serial.Serial(name, exclusive=True), pytest.raises(PortError, match="is in use"):
        deployer.deploy(name, owners)
