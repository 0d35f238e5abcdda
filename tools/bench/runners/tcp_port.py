# SPDX-License-Identifier: MIT
"""A serial line as a TCP port of this machine, for the tools that talk to a board."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class TcpPort:
    """Serves one connection after the other; use it as a context manager.

    A subclass has `talk`.
    """

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._connection: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The port as mpremote and esptool take it."""
        return f"socket://127.0.0.1:{self._server.getsockname()[1]}"

    def talk(self, connection: socket.socket) -> None:
        """Serve a connection until it ends; it is closed then."""
        raise NotImplementedError

    def hang_up(self) -> None:
        """End the connection, and take no other."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._server.close()
        self.disconnect()

    def disconnect(self) -> None:
        """End the connection, if there is one."""
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it is gone already
                self._connection.shutdown(socket.SHUT_RDWR)
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while True:
            try:
                self._connection, _ = self._server.accept()
            except OSError:
                return
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._connection:
                self.talk(self._connection)
