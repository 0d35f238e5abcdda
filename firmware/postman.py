"""Sends what the outbox owes, one message at a time, alerts first."""

import asyncio

from powersocket import outbox
from sim800.errors import ModemError
from sim800.link import bounded
from sim800.sms import PduError, encode_submit


class Postman:
    """app: the application; modem, link: what sends and knows whether it can."""

    def __init__(self, app, modem, link):
        self._app = app
        self._modem = modem
        self._link = link
        self._reference = 0
        self.beats = 0
        self.owed = asyncio.Event()

    async def run_forever(self):
        """Send, for ever. `owed` is set whenever there may be something to do."""
        box = self._app.device.outbox
        while True:
            self.beats += 1
            item = box.next(self._app.now()) if self._link.online else None
            if item is None:
                await self._wait(box.due() if self._link.online else None)
            else:
                await self._send(box, item[0], item[1])

    async def _wait(self, due):
        """Wait until there may be something to do, or an entry has rested."""
        if due is None:
            await self.owed.wait()
        else:
            await bounded(self.owed, self._app.until(due) / 1000)
        self.owed.clear()

    async def _send(self, box, entry, number):
        result = await self._try(box, entry, number)
        box.result(entry, number, result, self._app.now())
        # A reply that has left needs no commit of its own: it was committed as begun.
        self._app.settle(lazily=entry[0] == outbox.REPLY and result == outbox.SENT)

    async def _try(self, box, entry, number):
        def begin():
            box.begin(entry)
            self._app.settle()

        self._reference = (self._reference + 1) % 256
        given = False
        try:
            if entry[0] == outbox.ALERT:  # in text mode it would go to nobody
                await self._modem.command("AT+CMGF=0")
            for octets, pdu in encode_submit(number, entry[2], self._reference):
                await self._modem.send_pdu(octets, pdu, begin)
                given = True
            return outbox.SENT
        except PduError as error:
            self._app.log("postman: " + str(error))
            return outbox.FINAL
        except ModemError as error:
            self._app.log("postman: " + str(error))
            # A part that has left cannot be called back; else the error tells, in the same words.
            return outbox.UNKNOWN if given else error.fate
