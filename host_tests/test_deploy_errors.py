# SPDX-License-Identifier: MIT
"""What deploy says when something is wrong, with the board or with what it gets."""

from __future__ import annotations

import os
import pty
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from host_tests.deploy_kit import COPYING, ENDS, OLD, PROGRAM, Kit
from tools.bench.runners.socket_board import SocketBoard
from tools.bench.world.board_world import BoardWorld
from tools.board import deploy as deployer
from tools.board import files as board_files
from tools.board import port as board_port
from tools.board.deploy_plan import NEW, OWNERS
from tools.board.port import PortError


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ({"main.py/notes.txt": b"mine"}, r"a folder main\.py, .* a file .* rm -r :/main\.py`"),
        ({"lib": b"mine"}, r"a file lib, .* a folder .* rm -r :/lib`"),
    ],
)
def test_what_is_in_the_way_is_named_and_nothing_changed(
    kit: Kit, there: dict[str, bytes], says: str
) -> None:
    kit.put(there)
    with SocketBoard(kit.flash) as board:
        with pytest.raises(PortError, match=says + r"\. Nothing was changed on the board\."):
            deployer.deploy(board.url, kit.owners)
        until = time.monotonic() + 20
        while not board.resets and time.monotonic() < until:
            time.sleep(0.05)
        assert board.resets == 1  # what runs on it goes on
    assert kit.listing() == there


def test_a_full_flash_is_said_at_the_beginning(kit: Kit) -> None:
    kit.put(OLD | {"photos.bin": b"x" * 60_000})
    says = r"is full: [\d,]+ bytes are needed, [\d,]+ are free.*photos.*Nothing was changed"
    with pytest.raises(PortError, match=says):
        kit.deploy(capacity=65_000)
    assert kit.listing() == OLD | {"photos.bin": b"x" * 60_000}


def test_a_flash_that_gets_full_while_files_are_brought(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system may need more than was reckoned; the next deploy makes room first."""
    kit.put(OLD | {"lib/part_gone.mpy" + NEW: b"x" * 9000})
    room = board_files.ROOM
    monkeypatch.setattr(board_files, "ROOM", 'print(1024, 999, end="")')
    with pytest.raises(PortError, match=f"the board's flash is full.*{COPYING}"):
        kit.deploy(capacity=9_000)
    half = kit.listing()
    assert {path: data for path, data in half.items() if not path.endswith(NEW)} == OLD
    monkeypatch.setattr(board_files, "ROOM", room)
    assert kit.deploy().staged
    assert kit.listing() == ENDS


@pytest.mark.parametrize(
    ("board_says", "says"),
    [
        (
            "board.py: RELAY = 40 is not a pin of the ESP32\r\n>>> ",
            "the firmware did not start: see",
        ),
        ("MemoryError: \r\ncrash 1 in a row: restart in 5 s", "the firmware did not start: see"),
        ("rst:0x1 (POWERON_RESET)\r\n", r"3 s after the restart the board has not reported"),
    ],
)
def test_a_program_that_does_not_start(
    kit: Kit,
    board_says: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(deployer, "STARTS_WITHIN", 3)
    with pytest.raises(PortError, match=says + ".*The new program is complete on the board"):
        kit.deploy(says=board_says)
    assert f"  {board_says.splitlines()[0]}\n" in capsys.readouterr().out
    assert kit.listing() == {**PROGRAM, OWNERS: kit.owners.read_bytes()}


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


def test_what_the_board_says_stands_on_lines_of_its_own(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.put(OLD)
    monkeypatch.setattr(board_files, "STAY", "raise OSError(5)\n")
    with pytest.raises(PortError, match=f"^the board says:\nTraceback (.|\n)*\n{COPYING}"):
        kit.deploy()


def test_an_older_micropython_is_refused(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployer, "OLDEST", (9, 0))
    with pytest.raises(PortError, match=r"has MicroPython 1\.24; 9\.0 or later is needed"):
        kit.deploy()


def test_nothing_listens(kit: Kit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PortError, match="nothing listens"):
        deployer.deploy(f"socket://127.0.0.1:{port}", kit.owners)


def test_no_such_port(kit: Kit) -> None:
    with pytest.raises(PortError, match="is the board plugged in"):
        deployer.deploy("/dev/ttyNOTHING", kit.owners)


def test_no_micropython_answers(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_port, "TRIES", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(PortError, match="MicroPython does not answer"),
    ):
        deployer.deploy(f"socket://127.0.0.1:{server.getsockname()[1]}", kit.owners)


def test_busy_port(kit: Kit) -> None:
    _, slave = pty.openpty()
    name = os.ttyname(slave)
    with serial.Serial(name, exclusive=True), pytest.raises(PortError, match="is in use"):
        deployer.deploy(name, kit.owners)
