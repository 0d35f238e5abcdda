# SPDX-License-Identifier: MIT
"""The simulated SIM800L as a process of its own, in real time, for programs that others wrote.

`make test` has a short form of each client, at ten times the speed of life; `make interop` all.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LONG = os.environ.get("INTEROP") == "all"
SPEED = float(os.environ.get("SPEED", 10))
PATIENCE = 90  # s in which a client does what it has to

ANN, BOB = "+358401111111", "+358402222222"
LONG_TEXT = "A text of more than one part, with numbers: " + " ".join(map(str, range(60)))
WIDE_TEXT = "Привет, 5 €"  # not all clients know what is beyond the basic plane

long_form = pytest.mark.skipif(not LONG, reason="part of make interop")


def program(name: str) -> str | None:
    """Return where a program is; also one that only root has in its path."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def needs(name: str, package: str) -> pytest.MarkDecorator:
    """Skip a test where a client is not installed."""
    reason = f"{name} is not installed: apt-get install {package}"
    return pytest.mark.skipif(program(name) is None, reason=reason)


def until(condition: Callable[[], object], what: object, seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; `what`: to be said if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


class ModemProcess:
    """`python -m tools.bench modem`.

    Attributes:
        place: the name of its pty, or the URL of its TCP port.
        lines: what it has reported of the network so far.
    """

    def __init__(self, *arguments: str, speed: float = SPEED) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.bench", "modem", "--speed", str(speed), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT}/lib"},
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        match = re.match(r"\S+ on (\S+);", first)
        assert match is not None, first
        self.place = match[1]
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def __enter__(self) -> ModemProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def do(self, text: str) -> None:
        """Type a line at its prompt."""
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def wait(self, text: str, times: int = 1) -> None:
        """Wait until so many lines say so."""
        until(lambda: sum(text in line for line in self.lines) >= times, (text, self.lines))

    def ready(self, starts: int = 1) -> None:
        """Wait until it is registered and has read its messages, for the so many-th time."""
        self.wait("creg 1", starts)
        self.wait("sms ready", starts)

    def restart(self) -> None:
        """Restart it, and wait until it is ready again."""
        starts = sum("modem boot" in line for line in self.lines)
        self.do("modem restart")
        self.ready(starts + 1)

    def close(self) -> None:
        if self.process.poll() is None:
            self.do("quit")
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


class Daemon:
    """A client that runs until it is terminated."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> Daemon:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
