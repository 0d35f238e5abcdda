# SPDX-License-Identifier: MIT
"""Deploy, over mpremote's protocol, to MicroPython's own REPL in the VM behind a TCP port."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from mpremote.transport_serial import SerialTransport

from host_tests.deploy_kit import ENDS, JOINED, KEPT, OLD, PROGRAM, Kit
from tools.bench.runners.socket_board import SLOWEST_RENAME_MS, SocketBoard
from tools.board.deploy_plan import OWNERS
from tools.board.port import PortError
from tools.build import shipped_files

FASTER = 10  # times faster than life are clock and flash in a test of a slow flash


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path, monkeypatch)


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the board waits FASTER times shorter, as its flash is faster."""
    wait = SerialTransport.read_until

    def shorter(
        self: Any, least: int, ending: bytes, timeout: float = 10, *more: Any, **named: Any
    ) -> Any:
        return wait(self, least, ending, timeout / FASTER, *more, **named)

    monkeypatch.setattr(SerialTransport, "read_until", shorter)


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    """With the firmware itself."""
    return Kit(tmp_path, monkeypatch, program=None)


def test_empty_board_gets_the_whole_program(whole: Kit) -> None:
    whole.deploy()
    assert whole.listing() == {**shipped_files(), OWNERS: whole.owners.read_bytes()}


def test_what_is_there_is_not_copied_again(kit: Kit) -> None:
    kit.deploy()
    again = kit.deploy()
    assert again.empty
    assert again.unchanged == len(PROGRAM)
    assert again.kept == [OWNERS]
    (kit.flash / "firmware/app.mpy").write_bytes(b"damaged")
    assert kit.deploy().copy == ["firmware/app.mpy"]
    assert kit.listing() == {**PROGRAM, OWNERS: kit.owners.read_bytes()}


def test_over_the_joined_program_that_runs_and_has_a_watchdog(kit: Kit) -> None:
    kit.put(OLD)
    done = kit.deploy(watchdog_ms=2500)
    assert kit.listing() == ENDS
    assert {*JOINED, "firmware/app.py"} <= {*done.remove}  # app.py would win over app.mpy
    assert not (kit.flash / "firmware/old").exists()


def test_the_watchdog_of_the_simulated_board_bites(kit: Kit) -> None:
    kit.put(OLD)
    with SocketBoard(kit.flash, watchdog_ms=300) as board:
        until = time.monotonic() + 20
        while not board.resets and time.monotonic() < until:
            time.sleep(0.05)
        assert board.resets


def test_own_pin_map_gives_way_only_on_request(
    kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.put(OLD)
    kit.deploy()
    assert (kit.flash / OWNERS).read_bytes() == OLD[OWNERS]
    assert "differs from yours and was kept: OWNERS=1 replaces it" in capsys.readouterr().out
    kit.deploy(replace=True)
    assert (kit.flash / OWNERS).read_bytes() == kit.owners.read_bytes()
    kit.deploy()
    assert "differs" not in capsys.readouterr().out


def test_no_pin_map_anywhere(kit: Kit) -> None:
    kit.owners.unlink()
    with pytest.raises(PortError, match=r"make board BOARD=devkit.*Nothing was changed on the"):
        kit.deploy()
    assert kit.listing() == {}


# --- a slow flash ------------------------------------------------------------------------------


def test_a_whole_program_to_a_flash_as_slow_as_the_chips(
    whole: Kit, fast_clock: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """mpremote gives a command up after 10 s of silence: 94 renames in one would take 31 s."""
    whole.put(OLD)
    whole.deploy(speed=FASTER)
    assert "trying again" not in capsys.readouterr().out
    assert whole.listing() == {**shipped_files(), **{path: OLD[path] for path in KEPT}}


def test_each_rename_takes_longer_than_mpremote_waits(
    kit: Kit, fast_clock: None, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.deploy(speed=FASTER, rename_ms=2 * SLOWEST_RENAME_MS)
    assert "trying again" not in capsys.readouterr().out
    assert kit.listing() == {**PROGRAM, OWNERS: kit.owners.read_bytes()}


def test_each_file_is_shown_before_its_turn(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.put(OLD)
    kit.owners.unlink()
    done = kit.deploy()
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "4 of the files are on the board already ...."
    sizes = [f"{path}  {len(PROGRAM[path]):,} bytes" for path in done.copy]
    assert shown[1:8] == [f"  {n}/7  {text}" for n, text in enumerate(sizes, 1)]
    assert shown[8:11] == [
        "switching to the new program",
        f"  1/{len(done.switch)}  removing main.py",
        f"  2/{len(done.switch)}  removing firmware/app.py",
    ]
    assert shown[-3:] == [
        f"  {len(done.switch)}/{len(done.switch)}  main.py",
        "the board restarts; its output:",
        "  0 start: power {'power': 1}",
    ]
