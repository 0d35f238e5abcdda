# SPDX-License-Identifier: MIT
"""The serial line between ESP32 and modem, timed by the byte.

Ten bits a byte (8N1). Each direction keeps its own backlog at microsecond resolution; what is
written together arrives together, at the first whole millisecond after its last bit.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.bench.kernel import Kernel

BITS_PER_BYTE = 10
ANY_RATE = 0  # a receiver that finds the rate by itself

Sink = Callable[[bytes], None]
Hook = Callable[[bytes], list[bytes] | None]


def garble(data: bytes) -> bytes:
    """Return what a receiver at another baud rate makes of `data`: mostly bytes over 0x7F."""
    return bytes(((byte * 7 + 0x91) & 0xFF) | 0x80 if i % 3 else 0 for i, byte in enumerate(data))


class Direction:
    """One way of the line: a sender with its rate, a receiver with its own.

    Attributes:
        sent: bytes written since the start.
        hook: tests' hand on the wire. It is given each write and returns the bursts to send in its
            place: split anywhere, corrupted, added to; an empty list loses it, None leaves it.
    """

    def __init__(self, kernel: Kernel, baud: int) -> None:
        self._kernel = kernel
        self.send_baud = baud
        self.receive_baud = baud
        self.sent = 0
        self.hook: Hook | None = None
        self.sink: Sink = lambda data: None
        self._free_us = 0
        self._epoch = 0

    @property
    def free_at(self) -> int:
        """Time (ms) at which the last bit written so far has left."""
        return max(self._kernel.now, -(-self._free_us // 1000))

    def write(self, data: bytes) -> None:
        """Send `data`, behind whatever is still on its way."""
        self.sent += len(data)
        bursts = None if self.hook is None else self.hook(data)
        for burst in [data] if bursts is None else bursts:
            self._send(burst)

    def inject(self, data: bytes) -> None:
        """Put noise on the wire that nobody wrote; not seen by the hook, not counted."""
        self._send(data)

    def clear(self) -> None:
        """Lose everything still on its way, as when an end loses its power."""
        self._epoch += 1
        self._free_us = 0

    def _send(self, data: bytes) -> None:
        if not data:
            return
        start = max(self._free_us, self._kernel.now * 1000)
        self._free_us = start + len(data) * BITS_PER_BYTE * 1_000_000 // self.send_baud
        epoch = self._epoch
        rate = self.send_baud

        def arrive() -> None:
            if epoch == self._epoch:
                self.sink(data if self.receive_baud in (rate, ANY_RATE) else garble(data))

        self._kernel.at(-(-self._free_us // 1000), arrive)


class Line:
    """Both directions: `to_modem` and `to_device`. Rates in bits a second."""

    def __init__(self, kernel: Kernel, baud: int = 115200) -> None:
        self.to_modem = Direction(kernel, baud)
        self.to_device = Direction(kernel, baud)

    @property
    def device_baud(self) -> int:
        """The rate of the ESP32's UART."""
        return self.to_modem.send_baud

    @device_baud.setter
    def device_baud(self, baud: int) -> None:
        self.to_modem.send_baud = baud
        self.to_device.receive_baud = baud

    @property
    def modem_baud(self) -> int:
        """The rate of the modem's UART."""
        return self.to_device.send_baud

    @modem_baud.setter
    def modem_baud(self, baud: int) -> None:
        self.to_device.send_baud = baud
        self.to_modem.receive_baud = baud
