# SPDX-License-Identifier: MIT
"""The conversation: through a pipe, at a terminal, and how it ends."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_world import Device, FakeWorld, mute, switch

from tools.bench.scenario import observations as o
from tools.bench.scenario.files import parse_step
from tools.bench.scenario.session import Session
from tools.bench.scenario.terminal import Conversation
from tools.bench.scenario.view import HELP, WELCOME, Line, describe

ROOT = Path(__file__).parent.parent
RUN = [sys.executable, "-m", "tools.bench", "run"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'lib'}", "TERM": "xterm"}
ON_LINE = "the device is on line"
REPLY = "+31600000001 < Power socket ON"


# -- in this process, with a small world --------------------------------------------------------


class Script:
    """Typed lines, and what was shown."""

    def __init__(self, *lines: str) -> None:
        self._lines = deque(lines)
        self.shown: list[str] = []

    async def next(self) -> str | None:
        return self._lines.popleft() if self._lines else None

    def show(self, text: str) -> None:
        self.shown.append(text)


def converse(*lines: str, device: Device = mute, world: FakeWorld | None = None) -> str:
    """Hold a piped conversation with a device; return what was shown."""
    script = Script(*lines)

    async def main() -> int:
        session = Session(world or FakeWorld(device), 200)  # type: ignore[arg-type]
        return await Conversation(session, script, False, False, False).hold()

    assert asyncio.run(main()) == 0
    return "\n".join(script.shown)


def test_a_reply_is_waited_for() -> None:
    told = converse("+1 > ON", "+2 > OFF", device=switch)
    assert "  +1 > ON" in told
    assert "  +1 < Power socket ON" in told and "  +2 < Power socket OFF" in told
    assert told.index(ON_LINE) < told.index("+1 > ON")


def test_a_conversation_without_replies_ends_too() -> None:
    assert ON_LINE in converse("+1 > ON")
    assert ON_LINE in converse()


def test_steps_from_a_pipe_are_done_one_after_the_other() -> None:
    told = converse(
        "# a comment", "", "+1 > ON", "+1 < Power socket ON", "wait 1h", "socket on", device=switch
    )
    assert "done    +1 < Power socket ON" in told and "  1:0" in told
    assert "FAILED" not in told


def test_a_failed_or_unknown_step_is_reported_without_a_traceback() -> None:
    told = converse("socket on", "socket onn", "model EP", "speed fast", "+1 > \udcff")
    assert "FAILED  socket on\n" in told
    assert "expected socket on within 1s; came socket off" in told
    assert "`socket onn` is not a step; did you mean `socket on`?" in told
    assert "`model EP` stands only before anything else" in told
    assert "'fast' is not a speed" in told
    assert "Traceback" not in told


def test_commands_about_the_conversation() -> None:
    told = converse("help", "trace on", "speed max", "quit", "+1 > never")
    assert HELP in told
    assert "never" not in told


def steps_shown() -> Iterator[str]:
    """Yield each step that the welcome and the first column of the help show."""
    for line in WELCOME.splitlines()[2:-1]:
        yield from re.split(" {2,}", line)[1:]
    for line in HELP.partition("\nspeed")[0].splitlines():
        yield from filter(None, re.split(" {2,}", line)[0].split(", "))


@pytest.mark.parametrize("step", list(dict.fromkeys(steps_shown())))
def test_what_welcome_and_help_show_is_a_step(step: str) -> None:
    assert parse_step(step)


# -- how things look ----------------------------------------------------------------------------


def shown(observation: o.Observation, trace: bool = False) -> str:
    line = describe(observation, trace)
    return "" if line is None else line.text


def test_lines_bear_the_devices_time() -> None:
    assert shown(o.RelaySwitched(3_723_004, "socket", True)) == "  1:02:03.004  socket on"
    named = o.RelaySwitched(3_723_004, "socket", True, "SMS +316")
    assert shown(named) == "  1:02:03.004  socket on by SMS +316"
    assert shown(o.MessageToPhone(0, "+1", "a\nb")) == f"  0:00:00.000  +1 < a\n{' ' * 15}b"
    assert shown(o.CallChanged(0, True, "+1", "ringing")).endswith("the device calls +1: ringing")
    assert shown(o.OtherEvent(0, "mains", "0")).endswith("mains off")


@pytest.mark.parametrize("observation", [o.UartTraffic(0, True, "AT\\r"), o.DeviceLog(0, "x")])
def test_the_trace_is_shown_when_asked_for(observation: o.Observation) -> None:
    assert shown(observation) == ""
    assert shown(observation, trace=True)


def test_a_message_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in shown(o.MessageToPhone(0, "+1", "\x1b[2J"))
    assert Line("x", "bad").render(False) == "x"
    assert Line("x", "bad").render(True) == "\x1b[1;31mx\x1b[0m"


# -- as a program -------------------------------------------------------------------------------


def start(*arguments: str, before: tuple[str, ...] = (), **more: Any) -> subprocess.Popen[bytes]:
    command = [*before, *RUN, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, start_new_session=True, **more)


# Makes standard input the terminal from which Ctrl-C reaches it, then becomes the program.
AT_TERMINAL = (
    sys.executable,
    "-c",
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])",
)


def children(pid: int) -> list[int]:
    """Return the processes that a program has started: its VM is in a group of its own."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def all_are_gone(pids: list[int]) -> bool:
    """True if no such process lives a moment later, which is long where much else runs."""
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def read_until(descriptor: int, text: str, seconds: float = 60) -> str:
    """Read until some text was shown, or the end."""
    got = ""
    end = time.monotonic() + seconds
    while text not in got:
        ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
        assert ready, f"{text!r} was not shown in {seconds} s:\n{got}"
        try:
            data = os.read(descriptor, 65536)
        except OSError:  # the other end of a terminal is gone
            data = b""
        if not data:
            break
        got += data.decode("utf-8", "replace")
    return got


@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_a_message_through_a_pipe(vm: str) -> None:
    program = start("--vm", vm, "--speed", "20", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = program.communicate(b"+31600000001 > ON", timeout=60)
    assert program.returncode == 0
    assert REPLY in out.decode() and "socket on by SMS +31600000001" in out.decode()
    assert "\x1b" not in out.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_ends_it_cleanly(number: int) -> None:
    program = start(
        "--speed", "20", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert program.stdin is not None and program.stdout is not None
    told = read_until(program.stdout.fileno(), ON_LINE)
    started = children(program.pid)
    assert started
    os.killpg(program.pid, number)
    told += program.communicate(timeout=20)[0].decode()
    assert program.returncode == 0, told
    assert "Traceback" not in told and "stopped" not in told
    assert all_are_gone(started)


def test_a_reader_that_goes_away_ends_it() -> None:
    program = start(
        "--vm",
        "cpython",
        "--trace",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    program.stdout.close()
    assert program.wait(timeout=20) == 0
    _, told = program.communicate()
    assert told == b""


@pytest.mark.parametrize("ending", [b"\x03", b"\x04", b"quit\r"])
def test_at_a_terminal(ending: bytes) -> None:
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    program = start("--speed", "20", before=AT_TERMINAL, **streams)
    os.close(theirs)
    try:
        told = read_until(ours, ON_LINE)
        os.write(ours, b"+31600000001 > ON\r")
        told += read_until(ours, REPLY)
        os.write(ours, b"socket onn\r")
        told += read_until(ours, "did you mean")
        started = children(program.pid)
        assert started
        os.write(ours, ending)
        told += read_until(ours, "no such text")
        assert program.wait(timeout=20) == 0, told
        assert all_are_gone(started)
    finally:
        program.kill()
        program.wait()
        os.close(ours)
    assert "\x1b[" in told and "Traceback" not in told
