# SPDX-License-Identifier: MIT
"""Messages: from the SIM to the device, and from the outbox to the network.

`+CMTI` is only a hint. What counts is the sweep of the whole storage: at every start of the
modem, when a hint led to nothing, and once a minute. A message is deleted right after the commit.
If that fails, the next sweep finds it again, and the device knows its id.
"""

import asyncio
import hashlib

from powersocket import calendar, const, outbox
from powersocket.interpreter import Message
from sim800 import release, sms
from sim800.errors import AtError, ModemError
from sim800.link import bounded

_SWEEP = const(60)  # s between sweeps
_RETRY = const(5)  # s until the next one if the modem refused it,
_PATIENCE = const(4)  # refusals; after these once a minute again, and slot by slot
_TIME = const(60)  # s that messages found while the clock is not set wait for the network's time
_SLOTS = const(50)  # that are read one by one if the modem gives no list,
_PORTION = const(8)  # so many with each sweep,
_PAUSE = const(2)  # s between two of them
_LONGEST_TEXT = const(160)  # characters that a message in parts is cut to: no command is that long
_BATCH = const(8)  # messages of a sweep that are in memory at once
_CHUNK = const(64)  # characters of a text that are encoded at once


class MailReader:
    """Brings messages from the SIM to the device, and empties the SIM.

    app: the application; modem: a Modem; supervisor: its Supervisor.
    """

    beats = 0
    due: int | None = None  # see App.pause

    def __init__(self, app, modem, supervisor):
        self._app = app
        self._modem = modem
        self._supervisor = supervisor
        self._parts = None  # a Reassembler, while parts of a message wait for the others
        self._errors = 0  # of the modem, in a row
        self._sweep_at = 0  # uptime in seconds of the next sweep
        self._slot = 0  # the last one that was read without a list
        self._until = 0  # uptime in seconds until which messages found wait for the time
        self._sims = 0  # as Modem.sims: slot numbers are valid for one card only
        self.wanted = modem.mail

    async def run_forever(self):
        """Read messages, hand them over, delete them."""
        app, modem = self._app, self._modem
        while True:
            self.beats += 1
            await app.pause(self, self._sweep_at)
            if not self._supervisor.ready:
                self._sweep_at = app.now() + _SWEEP  # once ready, the supervisor wakes this
                modem.mail_slots = []  # the sweep then finds them, and older ones before them
                continue
            slots, modem.mail_slots = modem.mail_slots, []
            if self._sims != modem.sims:
                self._sims = modem.sims
                self._parts = None
            try:
                followed = slots and app.now() >= self._until and await self._follow(slots)
                if not followed or app.now() >= self._sweep_at:
                    await self._sweep()
                self._errors = 0
            except ModemError as error:
                app.log("mail: " + str(error))
                self._errors += 1
                if self._errors < _PATIENCE:
                    self._sweep_at = app.now() + _RETRY

    async def _follow(self, slots):
        """Read the slots of the hints; return False if one of them still has to be swept."""
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
        app = self._app
        self._sweep_at = app.now() + _SWEEP
        while True:
            found = await self._list()
            if found and app.device.clock.local(app.now()) is None:
                if self._waits():
                    return
                await self._set_clock([slot for slot, _ in found])
            self._until = deleted = 0
            # The oldest first; the order of the slots differs, as a new message takes a free one.
            for _, slot, pdu in sorted([(_age(pdu), slot, pdu) for slot, pdu in found]):
                deleted += await self._handle(slot, pdu)
            await self._drop_parts()
            if len(found) < _BATCH or not deleted:
                return

    async def _list(self):
        """List the storage, in PDU mode."""
        if not self._errors:
            try:
                return await self._modem.list_messages(_BATCH)
            except AtError:
                pass  # it may have refused two commands in one line
        await self._modem.command("AT+CMGF=0")
        try:
            return await self._modem.list_messages(_BATCH, "")
        except AtError:
            if self._errors >= _PATIENCE:  # a single bad entry may make the list fail
                await self._read_slots()
            raise

    def _waits(self):
        """Tell whether messages found have to wait for the time, by which their age is judged."""
        if not self._until:
            self._until = self._app.now() + _TIME
        self._sweep_at = self._until
        return self._app.now() < self._until

    async def _set_clock(self, slots):
        """Set the clock by the newest message in these slots: the network did not give the time.

        There may be more messages than were asked for: then by the newest of all.
        """
        newest, stamp = -1, None
        for slot in slots if len(slots) < _BATCH else range(1, _SLOTS + 1):
            try:
                pdu = await self._modem.read_message(slot)
            except AtError:
                continue
            age, scts = _age(pdu), _stamp(pdu)
            if age > newest:
                newest, stamp = age, scts
        self._app.device.clock.message_time(stamp, self._app.now())

    async def _read_slots(self):
        """Read some slots without a list, the next ones with the next sweep; a hint goes first."""
        for _ in range(_PORTION):
            self._slot = self._slot % _SLOTS + 1
            await self._follow([self._slot])
            if await bounded(self._modem.mail, _PAUSE):
                break

    async def _handle(self, slot, pdu, hinted=False):
        """Hand one entry of the SIM to the device; return 1 if its slot is now free, else 0."""
        try:
            entry = sms.decode(pdu)
        except sms.PduError as error:
            if hinted:
                return 0  # the modem may have fallen back to text mode: the sweep judges
            return await self._drop(slot, "an unreadable entry: " + str(error))
        if entry.text is None or entry.ports:
            return await self._drop(slot, "an entry without text")
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
        """Take a part of a long message; return (the whole message, its slots), or None.

        The Reassembler is in memory only while parts wait: no command is long enough to have any.
        """
        if self._parts is None:
            from sim800.concat import Reassembler

            self._parts = Reassembler(_LONGEST_TEXT)
            release("sim800.concat")
        return self._parts.add(part, slot, self._app.now())

    async def _drop_parts(self):
        """Delete the parts of messages that never became complete."""
        if self._parts is not None:
            for slot in self._parts.expired(self._app.now()):
                self._app.log("mail: dropped a part of an incomplete message")
                await self._delete(slot)
            if self._parts.empty():
                self._parts = None

    async def _hand_over(self, entry):
        """Let the device carry out a message; once this returns, the result is on flash."""
        device = self._app.device
        message = Message(entry.sender, entry.kind, entry.text, _identity(entry), entry.scts)
        request = device.read(message, self._app.now())
        if request is not None:
            if request.signal and self._supervisor.online:
                await self._supervisor.look_at_signal()
            device.carry_out(request)
        self._app.settle()

    async def _drop(self, slot, what):
        """Delete an entry that cannot be a command."""
        self._app.log("mail: dropped " + what)
        return await self._delete(slot)

    async def _delete(self, slot):
        try:
            await self._modem.delete_message(slot)
            return 1
        except AtError as error:
            # The next sweep finds it again; the device knows its id and drops it.
            self._app.log("mail: " + str(error))
            return 0


class MailSender:
    """Sends the messages of the outbox one at a time, alerts first.

    app: the application; modem: a Modem; supervisor: its Supervisor. Set the event `wanted`
    whenever there may be something to send.
    """

    beats = 0
    due: int | None = None  # see App.pause

    def __init__(self, app, modem, supervisor):
        self._app = app
        self._modem = modem
        self._supervisor = supervisor
        self._reference = 0  # of the parts of a long text
        self._left = self._counted = 0  # parts of the message: may have left; are counted as that
        self.wanted = asyncio.Event()

    async def run_forever(self):
        """Send what the outbox holds."""
        box = self._app.device.outbox
        while True:
            self.beats += 1
            online = self._supervisor.online
            item = box.next(self._app.now()) if online else None
            if item is None:
                await self._app.pause(self, box.due() if online else None)
            else:
                await self._send(box, item[0], item[1])

    async def _send(self, box, entry, number):
        self._left = self._counted = 0
        result = await self._try(box, entry, number)
        self._count(entry, self._left)
        box.result(entry, number, result, self._app.now())
        # A reply that was sent needs no commit of its own: it was committed as begun.
        self._app.settle(lazily=entry[outbox.KIND] == outbox.REPLY and result == outbox.SENT)

    async def _try(self, box, entry, number):
        """Send an entry to a number; return one of the outbox's results."""

        def begin():
            box.begin(entry)
            if entry[outbox.KIND] == outbox.REPLY:
                self._count(entry, len(parts))  # in the commit that marks it as begun
            self._app.settle()

        self._reference = (self._reference + 1) % 256
        try:
            parts = sms.encode_submit(number, box.text(entry), self._reference)
            if not box.allows(entry, len(parts), self._app.now()):
                return outbox.SPENT
            if entry[outbox.KIND] == outbox.ALERT:  # in text mode the modem would send it nowhere
                await self._modem.command("AT+CMGF=0")
            result = outbox.SENT
            for octets, pdu in parts:
                try:
                    await self._modem.send_pdu(octets, pdu, begin)
                except ModemError as error:
                    # A reply goes on, as it is not sent again: its part may have left.
                    result = error.fate
                    if result != outbox.UNKNOWN or entry[outbox.KIND] != outbox.REPLY:
                        raise
                self._left += 1
            return result
        except sms.PduError as error:
            self._app.log("mail: " + str(error))
            return outbox.FINAL
        except ModemError as error:
            self._app.log("mail: " + str(error))
            # Parts that were sent already cannot be recalled. The driver's words for what became
            # of a message are the outbox's.
            given, self._left = self._left, self._left + (error.fate == outbox.UNKNOWN)
            return outbox.UNKNOWN if given else error.fate

    def _count(self, entry, left):
        """Count in the day's budget that so many parts of an entry have left or may have left."""
        self._app.device.outbox.count(entry, left - self._counted, self._app.now())
        self._counted = left


def _stamp(pdu):
    """Return when the service centre got a message, see `Message`, or None."""
    try:
        return sms.decode(pdu).scts
    except sms.PduError:
        return None


def _age(pdu):
    """Return the same in UTC seconds since 2000, or -1."""
    moment = calendar.utc(_stamp(pdu))
    return -1 if moment is None else moment


def _identity(entry):
    """Return a message's id: the same for each copy the network delivers, else different."""
    digest = hashlib.sha256((entry.sender + "|" + str(entry.scts) + "|").encode())
    for start in range(0, len(entry.text), _CHUNK):  # a long text is never encoded in one piece
        digest.update(entry.text[start : start + _CHUNK].encode())
    # 30 bits: a small integer takes no heap, and two of the 64 remembered ids rarely collide.
    return int.from_bytes(digest.digest()[:4], "big") & 0x3FFFFFFF
