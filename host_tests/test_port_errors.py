# SPDX-License-Identifier: MIT
"""What flash, deploy, repl, selftest and logs say when the port is not what it should be."""

from __future__ import annotations

import os
import pty
import socket
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial

from host_tests.image_kit import stock
from tools.board import deploy, flash, upkeep

SHOWS = "`ls /dev/ttyUSB* /dev/ttyACM*` lists"


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def image(tmp_path: Path) -> Path:
    file = tmp_path / "image.bin"
    file.write_bytes(stock())
    return file


@pytest.fixture
def silent() -> Iterator[str]:
    """A serial line whose other end reads nothing and says nothing."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def run(tool: str, port: str, image: Path) -> int:
    """Do what `make flash`, `make deploy`, .. do; return the exit status."""
    if tool == "flash":
        return flash.main([port, "--image", str(image)])
    if tool == "deploy":
        return deploy.main([port])
    name, _, option = tool.partition(" ")
    return upkeep.main([name, port, *([option] if option else [])])


TOOLS = ["flash", "deploy", "repl", "mount", "selftest", "backup", "logs", "logs --listen"]
Check = Callable[[str, str], None]


@pytest.fixture
def check(
    request: pytest.FixtureRequest,
    image: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Check:
    """Run the test's tool on a port: it fails with one line, which says this."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    tool = request.node.callspec.params["tool"]

    def one(port: str, says: str) -> None:
        assert run(tool, port, image) == 1
        output = capsys.readouterr()
        assert says in output.err
        assert output.err.startswith(tool.partition(" ")[0] + ": ")
        assert output.err.count("\n") == 1
        assert "Errno" not in output.err + output.out
        assert "Traceback" not in output.err + output.out

    return one


@pytest.mark.parametrize("tool", TOOLS)
def test_a_port_that_cannot_be_opened(
    check: Check, tool: str, image: Path, tmp_path: Path
) -> None:
    check("/dev/ttyNOTHING", "there is no /dev/ttyNOTHING: is the board plugged in")
    check("COM7", f"a cable that carries data? {SHOWS}")
    check(str(image), f"{image} is not a serial port: {SHOWS}")
    check(str(tmp_path), f"{tmp_path} is not a serial port: {SHOWS}")
    check("/dev/null", f"/dev/null is not a serial port: {SHOWS}")
    check("nonsense://x", "PORT= is a device like /dev/ttyUSB0, or socket://host:port")
    check("socket://here", "PORT= is a device like /dev/ttyUSB0, or socket://host:port")
    check(f"socket://127.0.0.1:{closed_port()}", "nothing listens at")
    check(f"rfc2217://127.0.0.1:{closed_port()}", "nothing listens at")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_port_that_another_program_has(check: Check, tool: str, silent: str) -> None:
    with serial.Serial(silent, exclusive=True):
        check(silent, f"{silent} is in use: close the program")


@pytest.mark.parametrize("tool", ["deploy", "backup"])
def test_nobody_answers(
    check: Check, tool: str, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.board.port.TRIES", 1)
    check(silent, "MicroPython does not answer. Is it on the board (`make flash`)?")
