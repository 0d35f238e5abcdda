# SPDX-License-Identifier: MIT
"""A MicroPython board behind a TCP port, for the tools that talk to a board: mpremote's protocol.

The REPL is MicroPython's own, in the WebAssembly VM (vm/board.mjs); the file system is a folder,
as slow as the chip's. A reset starts the VM again.
"""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import threading
from pathlib import Path

from tools.bench.runners.tcp_port import TcpPort
from tools.bench.runners.vm import command, versions

RESET = -signal.SIGTERM  # how the process of a board ends that was reset
# The flash of an ESP32: LittleFS reads 32 bytes at a time. For a rename it reads 3,000 times when
# the whole program is there twice, in the mean (measured with flash.py), and 70,000 at the worst.
READ_MS = 0.11
RENAME_MS = 335
SLOWEST_RENAME_MS = 8000
STARTS = "0 start: power {'power': 1}\r\n"  # the first line of a firmware that starts


class SocketBoard(TcpPort):
    """Serves a board at a TCP port.

    flash: folder that is the board's file system.
    watchdog_ms: 0, or after what time without food a running main.py is restarted.
    cut_after: what comes from the host before the power fails, once: so many bytes, or these.
    capacity: bytes that the file system holds.
    speed: how many times as fast as the chip's its flash is.
    rename_ms: of the chip, for each file that is renamed or removed.
    says: what a main.py prints when it starts.
    """

    def __init__(
        self,
        flash: Path,
        watchdog_ms: int = 0,
        cut_after: int | bytes | None = None,
        capacity: int | None = None,
        speed: float = 1,
        rename_ms: float = RENAME_MS,
        says: str = STARTS,
    ) -> None:
        options = {
            "watchdog": watchdog_ms,
            "capacity": capacity,
            "read": READ_MS / speed,
            "change": rename_ms / speed,
            "says": says,
        }
        self._command = command("board.mjs", versions()[0], flash, json.dumps(options))
        self._cut_after = cut_after
        self._came = b""  # from the host, up to then
        self._closing = False
        self._turn = threading.Lock()
        self.resets = 0
        super().__init__()
        self._start()

    def hang_up(self) -> None:
        """Take it off the port, and switch it off."""
        with self._turn:  # no other is started from here on
            self._closing = True
        super().hang_up()
        self._power_off()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._reader = threading.Thread(target=self._to_host, args=(self._process,), daemon=True)
        self._reader.start()

    def _power_off(self) -> None:
        process = self._process
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join(timeout=10)

    def talk(self, connection: socket.socket) -> None:
        """Give the board what comes from the host, until the host or the power has gone."""
        while True:
            try:
                data = connection.recv(4096)
            except OSError:
                return
            if not data:
                return
            before = self._cut(data)
            self._feed(data[:before])
            if before is not None:
                self._power_off()
                self.disconnect()
                self._start()
                return

    def _cut(self, data: bytes) -> int | None:
        """Return after how many of these bytes the power fails; None: not yet."""
        if self._cut_after is None:
            return None
        begun = len(self._came)
        self._came += data
        if isinstance(self._cut_after, int):
            at = self._cut_after if self._cut_after < len(self._came) else -1
        else:
            at = self._came.find(self._cut_after)
        if at < 0:
            return None
        self._cut_after = None
        return max(0, at - begun)

    def _feed(self, data: bytes) -> None:
        assert self._process.stdin is not None
        # While it is being reset, what comes is lost, as on a board.
        with contextlib.suppress(BrokenPipeError, ValueError):
            self._process.stdin.write(data)

    def _to_host(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        while data := process.stdout.read(4096):
            connection = self._connection
            if connection is not None:
                with contextlib.suppress(OSError):  # nobody listens
                    connection.sendall(data)
        process.stdout.close()
        if process.wait() != RESET:
            return
        with self._turn:
            if not self._closing:
                assert process.stdin is not None
                process.stdin.close()
                self.resets += 1
                self._start()
