"""Calls that are answered: of the models with a microphone only, so no part of phone.py."""

import asyncio

from powersocket import const
from sim800.calls import ACTIVE
from sim800.errors import ModemError

_LONGEST = const(600)  # s


class Talk:
    """An answered call with the microphone open, until somebody ends it: ten minutes at most.

    app: the application; modem: whose call it is.
    """

    def __init__(self, app, modem):
        self._app = app
        self._modem = modem
        self._begun = asyncio.Event()

    def begin(self):
        """A call was answered."""
        self._begun.set()

    def going_on(self):
        """Tell whether somebody listens now."""
        return self._modem.calls.state == ACTIVE

    async def run_forever(self):
        """Open the microphone for each call, and end those that last too long."""
        calls = self._modem.calls
        while True:
            await self._begun.wait()
            self._begun.clear()
            try:
                # The gain of the main microphone, AT manual 3.2.30.
                await self._modem.command(
                    "AT+CMIC=0," + str(self._app.device.settings["MICLEVEL"])
                )
            except ModemError as error:
                self._app.log("microphone: " + str(error))
            if not await calls.ended(_LONGEST):
                calls.release()
