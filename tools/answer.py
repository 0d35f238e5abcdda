# SPDX-License-Identifier: MIT
"""`python -m tools.answer PORT`: the example of lib/sim800 on this computer.

PORT is a terminal device: a modem on a USB adapter, or the pty of `python -m tools.bench modem`.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import sys
import tty
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "lib" / "sim800" / "examples" / "answer.py"
READ = 256


class Port:
    """The UART port that the driver wants, at the rate that the device has."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._file)
        self._data: asyncio.Queue[bytes] = asyncio.Queue()
        asyncio.get_running_loop().add_reader(self._file, self._receive)

    def _receive(self) -> None:
        try:
            self._data.put_nowait(os.read(self._file, READ))
        except OSError as error:
            sys.exit(f"the port is gone: {error}")

    async def read(self) -> bytes:
        return await self._data.get()

    def write(self, data: bytes) -> None:
        os.write(self._file, data)

    def set_baud(self, baud: int) -> None:
        """Nothing: the device keeps its rate."""


class NoPower:
    """There is no line to the modem's RST and PWRKEY."""

    def reset(self, times: object) -> bool:
        """Return False, which says so."""
        return False

    restart = reset


async def run(path: str) -> None:
    """Answer messages, for ever."""
    await runpy.run_path(str(EXAMPLE))["main"](Port(path), NoPower())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.answer PORT")
    asyncio.run(run(sys.argv[1]))
