"""A MicroPython board behind a TCP port, for the tools that talk to a board: mpremote's protocol.

The REPL is MicroPython's own, in the WebAssembly VM (vm/board.mjs); the file system is a folder.
A reset starts the VM anew. `cut_after` bytes from the host, the power fails: once.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from pathlib import Path
from types import TracebackType

from tools.bench.vm import command, versions

RESET = 3  # exit status of a board that was reset


class SocketBoard:
    """Serves one connection after the other; use it as a context manager.

    flash: folder that is the board's file system.
    watchdog_ms: 0, or after what time without food a running main.py is restarted.
    cut_after: bytes from the host after which the power fails, or None.
    capacity: bytes that the file system holds.
    """

    def __init__(
        self,
        flash: Path,
        watchdog_ms: int = 0,
        cut_after: int | None = None,
        capacity: int | None = None,
    ) -> None:
        options = {"watchdog": watchdog_ms, "capacity": capacity}
        self._command = command("board.mjs", versions()[0], flash, options)
        self._left = cut_after
        self._closing = False
        self.resets = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self._connection: socket.socket | None = None
        self._start()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The port as mpremote takes it."""
        return f"socket://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> SocketBoard:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._server.close()
        self._disconnect()
        self._power_off()
        self._thread.join(timeout=10)

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

    def _serve(self) -> None:
        while not self._closing:
            try:
                self._connection, _ = self._server.accept()
            except OSError:
                return
            with self._connection:
                self._from_host(self._connection)

    def _from_host(self, connection: socket.socket) -> None:
        while True:
            try:
                data = connection.recv(4096)
            except OSError:
                return
            if not data:
                return
            if self._left is not None and self._left < len(data):
                self._feed(data[: self._left])
                self._left = None
                self._power_off()
                self._disconnect()
                self._start()
                return
            if self._left is not None:
                self._left -= len(data)
            self._feed(data)

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
        status = process.wait()
        if status == RESET and not self._closing:
            assert process.stdin is not None
            process.stdin.close()
            self.resets += 1
            self._start()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it is gone already
                self._connection.shutdown(socket.SHUT_RDWR)
            self._connection.close()
