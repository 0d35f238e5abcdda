# SPDX-License-Identifier: MIT
"""Whatever strangers send, nothing of it is done: the same thousand messages on every VM.

Seeded, so that a failure comes back; `test_powersocket_properties.py` searches further on CPython.
"""

import asyncio

from device_kit import OWNER, Dice, Kit
from powersocket.interpreter import ALPHA, HIDDEN, NUMBER

from firmware.mail import MailReader

SECRET = "q7Zk2"
STAMP = (2026, 1, 5, 12, 0, 0, 0)
WORDS = (
    "ON",
    "OFF",
    "ON5",
    "RESTART",
    "RUNTIME",
    "STATUS",
    "MAKEMEBOSS",
    "ALERTME",
    "RESTARTTIME=",
    "POWERSTATE=OFF",
    "SECNUMBER+",
    "SECNUMBER-ALL",
    "SECNUMBER?",
    "SECLIST=OFF",
    "PASSWORD=NO",
    "PASSWORD=",
    "PASSWORD?",
    "ALERTNUMBER+",
    "ALERTNUMBER-ALL",
    "SMSCONFIRM=OFF",
    "ERROR=OFF",
    "SMSCONFIRMUNAUTH=ON",
    "HARDWARE",
    "31600000001",
    "+",
    "=",
    "?",
    " ",
    "\n",
    "\x00",
    "0",
    "65000",
    "12345",
    "\u20ac",
    "\u041eN",
    "\U0001f4a1",
)
STRANGERS = (
    ("+31600000009", NUMBER),
    ("+3160000000", NUMBER),
    ("+316000000011", NUMBER),
    ("0600000001", NUMBER),
    ("600000001", NUMBER),
    ("+", NUMBER),
    ("", NUMBER),
    ("00", NUMBER),
    ("31600000001#", NUMBER),
    ("1234", NUMBER),
    ("31600000001", ALPHA),
    ("+31600000001", ALPHA),
    ("Vodafone", ALPHA),
    ("", ALPHA),
    ("", HIDDEN),
    ("31600000001", HIDDEN),
)


def text_of(dice):
    """Return a text of a few words, sometimes with noise in it."""
    text = "".join([dice.pick(WORDS) for _ in range(1 + dice.roll(3))])
    if dice.roll(4) == 0:
        at = dice.roll(len(text))
        text = text[:at] + chr(1 + dice.roll(255)) + text[at:]
    return text


def secured(*more):
    kit = Kit()
    kit.send("MAKEMEBOSS", stamp=STAMP)
    for text in more:
        kit.send(text, stamp=STAMP)
    kit.send("ON", stamp=STAMP)
    return kit


def test_texts_of_unlisted_senders():
    dice = Dice(1)
    kit = secured()
    before, moves = kit.flash, len(kit.moves)
    assert kit.on
    for _ in range(600):
        sender, kind = dice.pick(STRANGERS)
        text = text_of(dice)
        assert kit.send(text, sender, kind, stamp=STAMP) == [], (text, sender, kind)
        assert kit.flash == before and not kit.device.dirty, (text, sender, kind)
        kit.now += dice.roll(200)
    assert len(kit.moves) == moves
    assert kit.say("OFF") == "Power socket OFF"


def test_texts_without_the_password():
    dice = Dice(2)
    kit = Kit()
    kit.say_all("PASSWORD=" + SECRET, SECRET + "ALERTME")
    kit.say(SECRET + "ON")
    settings, socket = str(kit.stored()["settings"]), str(kit.stored()["socket"])
    guesses = ("", "", "q7Zk", "q7zk2", "Q7ZK2", " ", "00000", "xq7Zk2")
    for _ in range(600):
        sender, kind = dice.pick(STRANGERS + ((OWNER, NUMBER), (OWNER, NUMBER)))
        text = dice.pick(guesses) + text_of(dice)
        if text.strip(" \t\r\n").startswith(SECRET):
            continue
        for to, reply in kit.send(text, sender, kind, stamp=STAMP):
            assert to == sender
            assert reply == "Invalid access password!" or " - No such command" in reply, reply
        assert str(kit.stored()["settings"]) == settings, text
        assert str(kit.stored()["socket"]) == socket, text
        kit.now += dice.roll(200)
    assert kit.say(SECRET + "OFF", "+31600000001") == "Power socket OFF"


def test_secrets_stay_where_they_are():
    """Never in the log, a reply, or a part of the record but the settings."""
    dice = Dice(3)
    kit = secured("PASSWORD=" + SECRET)
    for _ in range(600):
        if dice.roll(2):
            sent = kit.send(SECRET + text_of(dice), stamp=STAMP)
        else:
            sender, kind = dice.pick(STRANGERS)
            sent = kit.send("PASSWORD=" + SECRET + text_of(dice), sender, kind, stamp=STAMP)
        for _, reply in sent:
            assert SECRET not in reply, reply
        record = kit.stored()
        settings = record.pop("settings")
        assert SECRET not in str(record)
        kit.now += dice.roll(200)
        if settings.get("SECLIST") != "ON" or settings.get("PASSWORD") != SECRET:
            kit = secured("PASSWORD=" + SECRET)
    assert SECRET not in "\n".join(kit.log)


# --- from the PDU on ---


def deliver(dice, digits, text):
    """Return an SMS-DELIVER in UCS2 as the octets of a PDU without a service centre."""
    padded = digits + "F" * (len(digits) % 2)
    swapped = [padded[i + 1] + padded[i] for i in range(0, len(padded), 2)]
    user = b"".join([bytes((ord(c) >> 8 & 255, ord(c) & 255)) for c in text])[:140]
    return (
        bytes((0, 4, len(digits), 0x91))
        + bytes.fromhex("".join(swapped))
        + bytes((0, 8, 0x62, 0x10, 0x50, 0x21, dice.roll(6) << 4, dice.roll(6) << 4, 0))
        + bytes((len(user),))
        + user
    )


def damage(dice, pdu):
    """Return a PDU with some octets changed, left out or put in."""
    octets = list(pdu)
    for _ in range(dice.roll(4)):
        at = dice.roll(len(octets))
        what = dice.roll(4)
        if what == 0:
            octets = octets[:at] + octets[at + 1 :]
        elif what == 1:
            octets.insert(at, dice.roll(256))
        elif what == 2:
            octets[at] ^= 1 << dice.roll(8)
        else:
            octets[at] = dice.roll(256)
        octets = octets or [0]
    return bytes(octets)


class Sim:
    """A modem that has one message, and the link and application around it."""

    online = False
    ready = True
    sims = 0

    def __init__(self, kit):
        self._kit = kit
        self.device = kit.device
        self.settle = kit.commit
        self.log = kit.log.append
        self.mail = asyncio.Event()
        self.mail_slots = []
        self.entry = None
        self.looked = 0

    def now(self):
        return self._kit.now

    async def pause(self, worker, due):
        if due > self._kit.now:
            await worker.wanted.wait()
        worker.wanted.clear()

    async def command(self, line):
        assert line == "AT+CMGF=0"

    async def list_messages(self, most):
        self.looked += 1
        return [(1, self.entry)] if self.entry is not None else []

    async def delete_message(self, slot):
        self.entry = None

    async def bring(self, pdu):
        """Let the mail reader read a PDU (hex)."""
        self.entry = pdu
        seen = self.looked
        self.mail.set()
        for _ in range(100):
            if self.looked > seen and (self.entry is None or self.looked > seen + 1):
                break
            await asyncio.sleep(0.001)  # virtual
        assert self.looked > seen
        self.entry = None


async def test_pdus_of_unlisted_senders():
    dice = Dice(4)
    kit = secured()
    sim = Sim(kit)
    task = asyncio.create_task(MailReader(sim, sim, sim).run_forever())
    await sim.bring(deliver(dice, "31600000001", "ON").hex())
    assert kit.post() == [(OWNER, "Power socket ON")]
    before, moves = kit.flash, len(kit.moves)
    for _ in range(600):
        pdu = damage(dice, deliver(dice, "31600000009", text_of(dice))).hex()
        await sim.bring(pdu)
        assert kit.post() == [], pdu
        assert kit.flash == before, pdu
        assert not task.done(), pdu
        kit.now += dice.roll(200)
    assert len(kit.moves) == moves
    await sim.bring(deliver(dice, "31600000001", "OFF").hex())
    assert kit.post() == [(OWNER, "Power socket OFF")]
    task.cancel()
