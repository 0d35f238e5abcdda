"""The UART port that the link wants, around what `machine.UART` gives."""

import asyncio


class StreamUart:
    """uart: a machine.UART with `timeout=0` and an rxbuf of 1024 bytes or more."""

    def __init__(self, uart):
        self._uart = uart
        self._reader = asyncio.StreamReader(uart)

    async def read(self):
        """Wait for bytes; return all that have arrived."""
        return await self._reader.read(512)

    def write(self, data):
        """Send bytes; a txbuf for the longest command (400 bytes) keeps this from blocking."""
        self._uart.write(data)

    def set_baud(self, baud):
        """Change the rate."""
        self._uart.init(baudrate=baud)
