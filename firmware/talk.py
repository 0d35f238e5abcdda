# SPDX-License-Identifier: MIT
"""Answered calls. Not in phone.py, because only the models with a microphone need the memory."""

import asyncio

from powersocket import const
from sim800.calls import ACTIVE
from sim800.errors import ModemError

_LONGEST = const(600)  # s
_LOUDEST = const(15)  # MICLEVEL


class Talk:
    """An answered call with the microphone open, for ten minutes at most.

    app: the application; modem: the Modem that has the call.
    """

    def __init__(self, app, modem):
        self._app = app
        self._modem = modem
        self._begun = asyncio.Event()

    def begin(self):
        """A call was answered."""
        self._begun.set()

    def going_on(self):
        """Return True while somebody listens."""
        return self._modem.calls.state == ACTIVE

    async def run_forever(self):
        """Open the microphone for each call, and end those that last too long."""
        calls = self._modem.calls
        while True:
            await self._begun.wait()
            self._begun.clear()
            try:
                command, most = self._modem.family.microphone
                level = self._app.device.settings["MICLEVEL"] * most // _LOUDEST
                await self._modem.command("AT" + command + str(level))
            except ModemError as error:
                self._app.log("microphone: " + str(error))
            if not await calls.ended(_LONGEST):
                calls.release()
