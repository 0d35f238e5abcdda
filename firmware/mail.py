"""Messages: from the SIM to the device, and from the outbox to the network.

`+CMTI` is a hint, the sweep of the whole storage is the truth: at every start of the modem, when
a hint could not be followed, and once a minute whatever hints come. A message is deleted right
after the commit; if that fails, the sweep finds it again, and the device knows its id.
"""

import asyncio
import hashlib

from powersocket import calendar, const, outbox
from powersocket.interpreter import Message
from sim800 import errors, release
from sim800.errors import AtError, ModemError
from sim800.link import bounded
from sim800.sms import PduError, decode, encode_submit

_SWEEP = const(60)  # s between sweeps
_RETRY = const(5)  # s until the next one if the modem refused it,
_PATIENCE = const(4)  # so often; then a minute again, and slot by slot
_SLOTS = const(50)  # of the SIM, that are read one by one if it gives no list,
_PORTION = const(8)  # so many with each sweep,
_PAUSE = const(2)  # s between two of them
_LONGEST_TEXT = const(160)  # characters that a message in parts is cut to: no command is that long
_BATCH = const(8)  # messages of a sweep that are held in memory at once
_CHUNK = const(64)  # characters of a text that are encoded at once

# What the driver says of a message that was being sent, in the outbox's words.
_RESULTS = {
    errors.SENT: outbox.SENT,
    errors.TRANSIENT: outbox.TRANSIENT,
    errors.FINAL: outbox.FINAL,
    errors.UNKNOWN: outbox.UNKNOWN,
}


class MailReader:
    """Brings messages from the SIM to the device, and empties the SIM.

    app: the application; modem: what reads the SIM; supervisor: knows whether it can be read.
    """

    def __init__(self, app, modem, supervisor):
        self._app = app
        self._modem = modem
        self._supervisor = supervisor
        self._parts = None  # of messages that are not whole yet
        self._errors = 0  # of the modem, one after another
        self._sweep_at = 0  # uptime in seconds of the next sweep
        self._slot = 0  # the last one that was read without a list
        self._sims = 0  # cards seen: slot numbers mean something only with the present one
        self.beats = 0

    async def run_forever(self):
        """Fetch, hand over, delete, for ever."""
        modem = self._modem
        while True:
            self.beats += 1
            await self._wait()
            if not self._supervisor.ready:
                self._sweep_at = self._app.now() + _SWEEP  # a modem that gets ready asks for one
                continue
            slots, modem.mail_slots = modem.mail_slots, []
            if self._sims != modem.sims:
                self._sims = modem.sims
                self._parts = None
            try:
                followed = slots and await self._follow(slots)
                if not followed or not self._app.until(self._sweep_at):
                    await self._sweep()
                self._errors = 0
            except ModemError as error:
                self._app.log("mail: " + str(error))
                self._errors += 1
                if self._errors < _PATIENCE:
                    self._sweep_at = self._app.now() + _RETRY

    async def _wait(self):
        """Wait for a hint, or until a sweep is due."""
        delay = self._app.until(self._sweep_at)
        if delay:
            await bounded(self._modem.mail, delay / 1000)
        self._modem.mail.clear()

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
        """Read the whole storage."""
        self._sweep_at = self._app.now() + _SWEEP
        await self._modem.command("AT+CMGF=0")
        while True:
            try:
                found = await self._modem.list_messages(_BATCH)
            except AtError:
                if self._errors >= _PATIENCE:  # one bad entry may spoil the list
                    await self._read_slots()
                raise
            deleted = 0
            # The oldest first: a slot that was free again holds what came last.
            for _, slot, pdu in sorted([(_age(pdu), slot, pdu) for slot, pdu in found]):
                deleted += await self._handle(slot, pdu)
            await self._drop_parts()
            if len(found) < _BATCH or not deleted:
                return

    async def _read_slots(self):
        """Read some slots without a list, the next ones with the next sweep; a hint goes first."""
        for _ in range(_PORTION):
            self._slot = self._slot % _SLOTS + 1
            await self._follow([self._slot])
            if await bounded(self._modem.mail, _PAUSE):
                break

    async def _handle(self, slot, pdu, hinted=False):
        """Hand one entry of the SIM to the device; return 1 if its slot is free now, else 0."""
        try:
            entry = decode(pdu)
        except PduError as error:
            if hinted:
                return 0  # the modem may have fallen back to text mode: the sweep judges
            return await self._drop(slot, "an unreadable entry: " + str(error))
        if entry.text is None or entry.ports:
            return await self._drop(slot, "what is no text message")
        slots = [slot]
        if entry.concat is not None:
            whole = self._put_together(entry, slot)
            if whole is None:
                return 0
            entry, slots = whole
        await self._hand_over(entry)
        freed = 1
        for slot in slots:
            freed = min(freed, await self._delete(slot))
        return freed

    def _put_together(self, part, slot):
        """Take a part of a message that lies in a slot; return (the message, its slots) or None.

        What does it is in memory while there are parts: no command is so long that it has any.
        """
        if self._parts is None:
            from sim800.concat import Reassembler

            self._parts = Reassembler(_LONGEST_TEXT)
            release("sim800.concat")
        return self._parts.add(part, slot, self._app.now())

    async def _drop_parts(self):
        """Delete the parts whose message never came whole."""
        if self._parts is not None:
            for slot in self._parts.expired(self._app.now()):
                self._app.log("mail: a part whose message never came whole is dropped")
                await self._delete(slot)
            if self._parts.empty():
                self._parts = None

    async def _hand_over(self, entry):
        """Let the device carry out a message; when this returns, that is on flash."""
        device = self._app.device
        message = Message(entry.sender, entry.kind, entry.text, _identity(entry), entry.scts)
        request = device.read(message, self._app.now())
        if request is not None:
            if request.signal and self._supervisor.online:
                await self._supervisor.look_at_signal()
            device.carry_out(request)
        self._app.settle()

    async def _drop(self, slot, what):
        """Delete what cannot be a command."""
        self._app.log("mail: dropped " + what)
        return await self._delete(slot)

    async def _delete(self, slot):
        try:
            await self._modem.delete_message(slot)
            return 1
        except AtError as error:
            # The sweep finds it again; its id keeps it from being carried out twice.
            self._app.log("mail: " + str(error))
            return 0


class MailSender:
    """Sends what the outbox owes, one message at a time, alerts first.

    app: the application; modem: what sends; supervisor: knows whether it can. `owed` is set
    whenever there may be something to do.
    """

    def __init__(self, app, modem, supervisor):
        self._app = app
        self._modem = modem
        self._supervisor = supervisor
        self._reference = 0  # of the parts of a long text
        self.beats = 0
        self.owed = asyncio.Event()

    async def run_forever(self):
        """Send, for ever."""
        box = self._app.device.outbox
        while True:
            self.beats += 1
            online = self._supervisor.online
            item = box.next(self._app.now()) if online else None
            if item is None:
                await self._wait(box.due() if online else None)
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
        self._app.settle(lazily=entry[outbox.KIND] == outbox.REPLY and result == outbox.SENT)

    async def _try(self, box, entry, number):
        """Send an entry to a number; return one of the outbox's results."""

        def begin():
            box.begin(entry)
            self._app.settle()

        self._reference = (self._reference + 1) % 256
        given = False
        try:
            if entry[outbox.KIND] == outbox.ALERT:  # in text mode it would go to nobody
                await self._modem.command("AT+CMGF=0")
            for octets, pdu in encode_submit(number, box.text(entry), self._reference):
                await self._modem.send_pdu(octets, pdu, begin)
                given = True
            return outbox.SENT
        except PduError as error:
            self._app.log("mail: " + str(error))
            return outbox.FINAL
        except ModemError as error:
            self._app.log("mail: " + str(error))
            # A part that has left cannot be called back.
            return outbox.UNKNOWN if given else _RESULTS[error.fate]


def _age(pdu):
    """Return the seconds since 2000, UTC, at which the service centre got a message, or -1."""
    try:
        scts = decode(pdu).scts
    except PduError:
        return -1
    return -1 if scts is None else calendar.seconds(*scts[:6]) - 900 * scts[6]


def _identity(entry):
    """Name a message: the same for each copy the network delivers, different for the next one."""
    digest = hashlib.sha256((entry.sender + "|" + str(entry.scts) + "|").encode())
    for start in range(0, len(entry.text), _CHUNK):  # a long one is never encoded whole
        digest.update(entry.text[start : start + _CHUNK].encode())
    # Of the 64 that are remembered none is likely to be equal; a small integer takes no memory.
    return int.from_bytes(digest.digest()[:4], "big") & 0x3FFFFFFF
