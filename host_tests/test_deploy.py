"""Deploy, over mpremote's protocol, to MicroPython's own REPL in the VM behind a TCP port."""

from __future__ import annotations

import os
import pty
import socket
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import serial

from tools import deploy as deployer
from tools.bench.board import SocketBoard
from tools.board_port import PortError
from tools.build import shipped_files
from tools.deploy_plan import NEW, OWNERS, Plan

OLD: Mapping[str, bytes] = {
    "boot.py": b"# an older one\n",
    "main.py": b"# an older one\n",
    "record0.json": b'{"n": 7}',
    "firmware/app.mpy": b"M\x06\x00\x1f older",
    "firmware/app.py": b"# somebody tried something\n",
    "firmware/board.py": b"MODEL = 'EP'  # mine\n",
    "firmware/gone.mpy": b"x",
    "firmware/old/gone.mpy": b"x",
    "lib/sim800/at.mpy": b"x",
    "lib/part_of_old.mpy": b"x",
    "lib/cold3.mpy": b"x",
    "lib/mine/tool.py": b"# the owner's own\n",
}
KEPT = ("record0.json", OWNERS, "lib/mine/tool.py")


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


def shipped() -> dict[str, bytes]:
    """The program's files, cut short: the line is slow."""
    return {path: data[:6000] for path, data in shipped_files().items()}


@pytest.fixture(autouse=True)
def short_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "whole" not in request.function.__name__:
        monkeypatch.setattr(deployer, "shipped_files", shipped)


def kept() -> dict[str, bytes]:
    return {path: OLD[path] for path in KEPT}


def deploy(flash: Path, owners: Path, watchdog_ms: int = 0, replace: bool = False) -> Plan:
    with SocketBoard(flash, watchdog_ms) as board:
        return deployer.deploy(board.url, owners, replace)


def test_empty_board_gets_the_whole_program(flash: Path, owners: Path) -> None:
    deploy(flash, owners)
    assert listing(flash) == {**shipped_files(), OWNERS: owners.read_bytes()}


def test_what_is_there_is_not_copied_again(flash: Path, owners: Path) -> None:
    deploy(flash, owners)
    again = deploy(flash, owners)
    assert again.empty
    assert again.unchanged == len(shipped())
    assert again.kept == [OWNERS]
    one = flash / "firmware/app.mpy"
    one.write_bytes(b"damaged")
    assert deploy(flash, owners).copy == ["firmware/app.mpy"]
    assert listing(flash) == {**shipped(), OWNERS: owners.read_bytes()}


def test_an_older_version_that_runs_and_has_a_watchdog(flash: Path, owners: Path) -> None:
    put(flash, OLD)
    done = deploy(flash, owners, watchdog_ms=2500)
    assert listing(flash) == {**shipped(), **kept()}
    assert "firmware/app.py" in done.remove  # it would win over app.mpy
    assert not (flash / "firmware/old").exists()


def test_the_watchdog_of_the_simulated_board_bites(flash: Path) -> None:
    put(flash, OLD)
    with SocketBoard(flash, watchdog_ms=300) as board:
        until = time.monotonic() + 20
        while not board.resets and time.monotonic() < until:
            time.sleep(0.05)
        assert board.resets


def test_own_pin_map_gives_way_only_on_request(flash: Path, owners: Path) -> None:
    put(flash, OLD)
    deploy(flash, owners, replace=True)
    assert (flash / OWNERS).read_bytes() == owners.read_bytes()


def test_no_pin_map_anywhere(flash: Path, tmp_path: Path) -> None:
    with pytest.raises(PortError, match="make board BOARD=devkit"):
        deploy(flash, tmp_path / "none.py")
    assert listing(flash) == {}


@pytest.mark.parametrize("sent", [40, 900, 5_000, 12_000, 20_000])
def test_power_cut_half_way_and_again(flash: Path, owners: Path, sent: int) -> None:
    put(flash, OLD)
    with SocketBoard(flash, cut_after=sent) as board, pytest.raises(PortError):
        deployer.deploy(board.url, owners)
    half = listing(flash)
    old = {path: data for path, data in half.items() if not path.endswith(NEW)}
    assert old == OLD  # it runs what it ran
    brought = deploy(flash, owners)
    assert listing(flash) == {**shipped(), **kept()}
    if sent == 20_000:
        assert brought.staged  # not copied twice


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
        with pytest.raises(PortError, match=says):
            deployer.deploy(board.url, owners)
        until = time.monotonic() + 20
        while not board.resets and time.monotonic() < until:
            time.sleep(0.05)
        assert board.resets == 1  # what runs on it goes on
    assert listing(flash) == there


def test_a_full_flash_is_said_at_the_beginning(flash: Path, owners: Path) -> None:
    put(flash, OLD | {"photos.bin": b"x" * 60_000})
    with (
        SocketBoard(flash, capacity=80_000) as board,
        pytest.raises(
            PortError, match=r"is full: [\d,]+ bytes are needed, [\d,]+ are free.*photos"
        ),
    ):
        deployer.deploy(board.url, owners)
    assert listing(flash) == OLD | {"photos.bin": b"x" * 60_000}


def test_a_flash_that_gets_full_while_files_are_brought(
    flash: Path, owners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system may need more than was reckoned; the next deploy makes room first."""
    put(flash, OLD | {"lib/part_gone.mpy" + NEW: b"x" * 9000})
    room = deployer.MAKE_ROOM
    monkeypatch.setattr(deployer, "MAKE_ROOM", 'print(1024, 999, end="")')
    with (
        SocketBoard(flash, capacity=20_000) as board,
        pytest.raises(PortError, match="the flash of the board is full"),
    ):
        deployer.deploy(board.url, owners)
    half = listing(flash)
    assert {path: data for path, data in half.items() if not path.endswith(NEW)} == OLD
    monkeypatch.setattr(deployer, "MAKE_ROOM", room)
    assert deploy(flash, owners).staged
    assert listing(flash) == {**shipped(), **kept()}


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
    monkeypatch.setattr("tools.board_port.TRIES", 1)
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
