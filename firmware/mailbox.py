"""Brings messages from the SIM to the device, and empties the SIM.

`+CMTI` is a hint, the sweep of the whole storage is the truth: at every start of the link, when
a hint could not be followed, and once a minute. A message is deleted right after the commit; if
that fails, the sweep finds it again, and the device knows its id.
"""

import binascii
import hashlib

from powersocket.message import Message
from sim800.concat import Reassembler
from sim800.errors import AtError, ModemError
from sim800.link import bounded
from sim800.sms import PduError, decode

_SWEEP = 60  # s between sweeps
_RETRY = 5  # s until the next one if the modem refused it ..
_PATIENCE = 4  # .. so often; then a minute again, and slot by slot
_SLOTS = 51  # one more than the SIM's that are read one by one if it gives no list
_BATCH = 8  # messages of a sweep that are held in memory at once


class Mailbox:
    """app: the application; modem, link: what reads the SIM and knows whether it can be read."""

    def __init__(self, app, modem, link):
        self._app = app
        self._modem = modem
        self._link = link
        self._parts = Reassembler()
        self._errors = 0  # of the modem, one after another
        self.beats = 0
        self._sims = 0  # cards seen: slot numbers mean something only with the present one

    async def run_forever(self):
        """Fetch, hand over, delete, for ever."""
        modem = self._modem
        while True:
            self.beats += 1
            hinted = await self._wait()
            if not self._link.ready:
                continue
            slots, modem.mail_slots = modem.mail_slots, []
            if self._sims != modem.sims:
                self._sims = modem.sims
                self._parts.clear()
            try:
                if not (hinted and slots and await self._follow(slots)):
                    await self._sweep()
                self._errors = 0
            except ModemError as error:
                self._app.log("mailbox: " + str(error))
                self._errors += 1

    async def _wait(self):
        hinted = await bounded(
            self._modem.mail, _RETRY if 0 < self._errors < _PATIENCE else _SWEEP
        )
        self._modem.mail.clear()
        return hinted

    async def _follow(self, slots):
        """Read the slots of the hints; return False if one of them held nothing that is done."""
        good = True
        for slot in slots:
            try:
                pdu = await self._modem.read_message(slot)
            except AtError:
                pdu = ""
            good = bool(pdu and await self._handle(slot, pdu, True)) and good
        return good

    async def _sweep(self):
        await self._modem.command("AT+CMGF=0")
        while True:
            try:
                found = await self._modem.list_messages(_BATCH)
            except AtError:
                if self._errors >= _PATIENCE:  # one bad entry may spoil the list
                    await self._follow(range(1, _SLOTS))
                raise
            deleted = 0
            for slot, pdu in found:
                deleted += await self._handle(slot, pdu)
            for slot in self._parts.expired(self._app.now()):
                self._app.log("mailbox: a part whose message never came whole is dropped")
                await self._delete(slot)
            if len(found) < _BATCH or not deleted:
                return

    async def _handle(self, slot, pdu, hinted=False):
        """Hand one entry of the SIM to the device; return 1 if its slot is free now, else 0."""
        try:
            entry = decode(pdu)
        except PduError as error:
            if hinted:
                return 0  # the modem may have fallen back to text mode: the sweep judges
            return await self._drop(slot, "unreadable entry: " + str(error))
        if entry.text is None or entry.ports:
            return await self._drop(slot, "no text message")
        slots = [slot]
        if entry.concat is not None:
            whole = self._parts.add(entry, slot, self._app.now())
            if whole is None:
                return 0
            entry, slots = whole
        message = Message(entry.sender, entry.kind, entry.text, _identity(entry), entry.scts)
        if self._app.device.signal_wanted(message) and self._link.online:
            await self._link.look_at_signal()
        self._app.receive(message)
        freed = 1
        for slot in slots:
            freed = min(freed, await self._delete(slot))
        return freed

    async def _drop(self, slot, why):
        """Delete what cannot be a command."""
        self._app.log("mailbox: dropped " + why)
        return await self._delete(slot)

    async def _delete(self, slot):
        try:
            await self._modem.delete_message(slot)
            return 1
        except AtError as error:
            # The sweep finds it again; its id keeps it from being carried out twice.
            self._app.log("mailbox: " + str(error))
            return 0


def _identity(entry):
    """Name a message: the same for each copy the network delivers, different for the next one."""
    text = entry.sender + "|" + str(entry.scts) + "|" + entry.text
    digest = hashlib.sha256(text.encode()).digest()
    return binascii.hexlify(digest[:6]).decode()
