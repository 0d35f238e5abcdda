"""Sends what the outbox owes, one message at a time, alerts first."""

import asyncio

from powersocket import outbox
from sim800.modem import AtError, AtTimeout, ModemError, ModemRestarted
from sim800.pdu import PduError, encode_submit

# +CMS ERROR and +CME ERROR after which the same message may well get through later.
_TRANSIENT_CMS = (38, 41, 42, 47, 192, 194, 314, 331, 515, 521, 532)
_TRANSIENT_CME = (14, 30, 31)
# The message may have left all the same.
_AMBIGUOUS_CMS = (224, 225, 226, 332, 500)
_DUPLICATE = 197  # the service centre has it already


class Postman:
    """app: the application; modem, link: what sends and knows whether it can."""

    def __init__(self, app, modem, link):
        self._app = app
        self._modem = modem
        self._link = link
        self._reference = 0
        self.owed = asyncio.Event()

    async def run_forever(self):
        """Send, for ever. `owed` is set whenever there may be something to do."""
        box = self._app.device.outbox
        while True:
            item = box.next(self._app.now()) if self._link.online else None
            if item is None:
                await self._wait(box.due() if self._link.online else None)
            else:
                await self._send(box, item[0], item[1])

    async def _wait(self, due):
        """Wait until there may be something to do, or an entry has rested."""
        try:
            if due is None:
                await self.owed.wait()
            else:
                delay = self._app.until(due)
                await asyncio.wait_for(self.owed.wait(), delay / 1000)
        except asyncio.TimeoutError:
            pass
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
            for octets, pdu in encode_submit(number, entry[2], self._reference):
                await self._modem.send_pdu(octets, pdu, begin)
                given = True
            return outbox.SENT
        except PduError as error:
            self._app.log("postman: " + str(error))
            return outbox.FINAL
        except AtError as error:
            self._app.log("postman: " + str(error))
            return outbox.UNKNOWN if given else classify(error)
        except (AtTimeout, ModemRestarted) as error:
            self._app.log("postman: " + str(error))
            return outbox.UNKNOWN if given or error.given else outbox.TRANSIENT
        except ModemError as error:
            self._app.log("postman: " + str(error))
            return outbox.TRANSIENT


def classify(error):
    """Return what a refusal of CMGS says about the message."""
    if error.kind == "CMS" and error.code == _DUPLICATE:
        return outbox.SENT
    if error.kind == "CMS" and error.code in _AMBIGUOUS_CMS:
        return outbox.UNKNOWN
    codes = _TRANSIENT_CMS if error.kind == "CMS" else _TRANSIENT_CME
    return outbox.TRANSIENT if error.code in codes else outbox.FINAL
