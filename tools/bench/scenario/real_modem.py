# SPDX-License-Identifier: MIT
"""A real modem in the place of the simulated one: the firmware talks to a serial port.

`python -m tools.bench run --modem URL`, a pyserial URL: /dev/ttyUSB0, socket://127.0.0.1:12345.
The rest of the world stays simulated, and runs in real time. Nobody but the firmware itself can
work a real modem's power.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import serial

from tools.bench.kernel import Kernel
from tools.bench.modem.line import Line
from tools.bench.network.operator import Network
from tools.bench.scenario.ledger import StepFailed
from tools.bench.world.world import World

POLL_MS = 10
RETRY_MS = 1000
READ = 4096
REGISTERED = re.compile(rb"\+CREG: (?:\d,)?(\d)")
LISTED = b"+CMGL="
REAL = "the modem and its network are real ones: use a telephone"


class RealModem:
    """What the world needs of a modem, for one on a serial port.

    Attributes:
        auto_start: it cannot be started from here.
        online: it said that it is registered, and the firmware has looked at its messages.
    """

    auto_start = True

    def __init__(self, kernel: Kernel, line: Line, url: str) -> None:
        self.notice: Callable[[str, str], None] = lambda kind, text: None
        self._kernel = kernel
        self._line = line
        self._url = url
        self._port: Any = None
        self._registered = self._listed = False
        self._tail = b""
        line.to_modem.sink = self._write
        self._open()
        kernel.after(POLL_MS, self._poll)

    @property
    def online(self) -> bool:
        return self._registered and self._listed and self._port is not None

    def power(self, on: bool) -> None:
        """Nothing: it has a supply of its own."""

    def reset(self, ms: int) -> None:
        """Nothing, likewise."""

    def pwrkey(self, ms: int) -> None:
        """Nothing, likewise."""

    def close(self) -> None:
        """Give the port back."""
        if self._port is not None:
            self._port.close()
            self._port = None

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise StepFailed(REAL)

    def _open(self) -> None:
        """Open the port. Raises serial.SerialException."""
        self._port = serial.serial_for_url(
            self._url, baudrate=self._line.device_baud, timeout=0, write_timeout=1
        )

    def _lost(self, error: Exception) -> None:
        self.close()
        self._registered = self._listed = False
        self.notice("modem", f"no connection: {error}")

    def _poll(self) -> None:
        delay = POLL_MS
        try:
            if self._port is None:
                self._open()
                self.notice("modem", "connected again")
            data = self._port.read(READ)
            if data:
                self._sniff(data)
                self._line.to_device.sink(data)
        except (serial.SerialException, OSError) as error:
            if self._port is not None:
                self._lost(error)
            delay = RETRY_MS
        self._kernel.after(delay, self._poll)

    def _sniff(self, data: bytes) -> None:
        """See by the way whether it is registered."""
        self._tail = (self._tail + data)[-200:]
        for match in REGISTERED.finditer(self._tail):
            self._registered = match[1] in b"1567"  # 6, 7: messages only

    def _write(self, data: bytes) -> None:
        if self._port is None:
            return
        if LISTED in data:
            self._listed = True
        try:
            if self._port.baudrate != self._line.device_baud:
                self._port.baudrate = self._line.device_baud
            self._port.write(data)
        except (serial.SerialException, OSError) as error:
            self._lost(error)


class RealNetwork(Network):
    """Stands for a network that nobody here can do anything about."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise StepFailed(REAL)

    deliver = call = hang_up = treat_calls = lose = restore = _refuse


class RealModemWorld(World):
    """A world with a real modem. Raises serial.SerialException if its port cannot be opened.

    Args:
        url: of the port, as pyserial has them.
        options: of the world.
    """

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(**options)
        self.network = RealNetwork(self.kernel)
        self._real = RealModem(self.kernel, self.line, url)
        self.modem = self._real  # type: ignore[assignment]
        self._real.notice = self.network.notice = self.notify

    def close(self) -> None:
        super().close()
        self._real.close()
