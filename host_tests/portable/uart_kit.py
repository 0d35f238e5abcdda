# SPDX-License-Identifier: MIT
"""A UART whose other end is a script, and the link on it: for tests on both VMs."""

import asyncio

from sim800.modem import Modem

OK = b"\r\nOK\r\n"


class FakeUart:
    """Answers each write that its script knows: with bytes, or a list of (pause in s, bytes)."""

    def __init__(self, script):
        self.script = script
        self.sent = []
        self._received = b""
        self._event = asyncio.Event()

    async def read(self):
        while not self._received:
            self._event.clear()
            await self._event.wait()
        data, self._received = self._received, b""
        return data

    def put(self, data):
        self._received += data
        self._event.set()

    def write(self, data):
        self.sent.append(data)
        answer = self.script.get(data)
        if answer is None:
            return
        if isinstance(answer, bytes):
            self.put(answer)
        else:
            self.later = asyncio.create_task(self._put_later(answer))

    async def _put_later(self, answer):
        for pause, data in answer:
            if pause:
                await asyncio.sleep(pause)
            self.put(data)


class Bench:
    """A Modem on such a UART: `modem`, `uart`, `log`, and the URCs that came (`urcs`)."""

    def __init__(self, script):
        base = {b"AT\r": OK, b'AT+CSCS="GSM"\r': OK}
        base.update(script)
        self.uart = FakeUart(base)
        self.log = []
        self.modem = Modem(self.uart, self.log.append, lambda: None)
        self.urcs = []
        self._reader = asyncio.create_task(self.modem.read_forever())

    def record(self, starts):
        """Note all URCs that begin so, in place of what the library would do."""
        give = self.modem.handle_urc

        def note(line, extra=None):
            if any([line.startswith(start) for start in starts]):
                self.urcs.append((line, extra))
            else:
                give(line, extra)

        self.modem.handle_urc = note

    def close(self):
        self._reader.cancel()
