# SPDX-License-Identifier: MIT
"""Properties of the device, searched by hypothesis: strangers do nothing, nothing escapes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

sys.path.insert(0, str(Path(__file__).parent / "portable"))

from device_kit import FRIEND, OWNER, Kit, usable
from powersocket.interpreter import ALPHA, HIDDEN, NUMBER, Message
from powersocket.settings import BLANKS
from sim800.sms import Deliver, PduError, decode
from test_security_property import WORDS

from tools.bench.network import tpdu
from tools.bench.network.operator import DEFAULT_CLOCK

# A loaded machine is slow, not wrong.
settings.register_profile("powersocket", deadline=None)
settings.load_profile("powersocket")

SECRET = "q7Zk2"
BOSS_DIGITS = OWNER[1:]

# What a PDU can hold: the decoder leaves no lone surrogates.
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
pieces = st.sampled_from(WORDS) | st.text("0123456789+-=?#*, aZ", max_size=12) | anything
commands = st.lists(pieces, min_size=1, max_size=4).map("".join)
texts = anything | commands

digits = st.text("0123456789", max_size=20)
numbers = st.builds("".join, st.tuples(st.sampled_from(["", "+", "00"]), digits))
near = st.sampled_from(["+316000000011", "0600000001", "600000001", "+3160000000", "+", "", "*1#"])
senders = st.one_of(
    st.tuples(numbers | near, st.just(NUMBER)),
    st.tuples(st.text(max_size=11) | st.just(BOSS_DIGITS), st.just(ALPHA)),
    st.tuples(st.just(""), st.just(HIDDEN)),
)
strangers = senders.filter(
    lambda s: s[1] != NUMBER or Message(s[0], s[1], "", "").number != BOSS_DIGITS
)
gaps = st.integers(0, 4000)


def secured(*more: str) -> Kit:
    kit = Kit()
    kit.say_all("MAKEMEBOSS", *more)
    return kit


@given(st.lists(st.tuples(strangers, texts, gaps), max_size=12))
def test_unlisted_senders_do_nothing(messages):
    kit = secured()
    kit.say("ON600")
    before, moves = kit.flash, list(kit.moves)
    for (sender, kind), text, gap in messages:
        assert kit.send(text, sender, kind) == []
        assert kit.flash == before
        assert not kit.device.dirty
        kit.now += gap
    assert kit.moves == moves


@given(st.lists(st.tuples(strangers, texts, gaps), max_size=12))
def test_unlisted_senders_get_no_other_reply(messages):
    """With SMSCONFIRMUNAUTH=ON, too, they move nothing, and have one text to read."""
    kit = secured("SMSCONFIRMUNAUTH=ON")
    before, socket = kit.stored()["settings"], kit.stored()["socket"]
    for (sender, kind), text, gap in messages:
        assert kit.send(text, sender, kind) in ([], [(sender, "Access deny!")])
        assert kit.stored()["settings"] == before
        assert kit.stored()["socket"] == socket
        kit.now += gap


@given(st.lists(st.tuples(senders | st.just((OWNER, NUMBER)), texts, gaps), max_size=12))
def test_nothing_is_done_without_the_password(messages):
    kit = Kit()
    kit.say_all("PASSWORD=" + SECRET)
    kit.say(SECRET + "ON600")
    before, socket = kit.stored()["settings"], kit.stored()["socket"]
    for (sender, kind), text, gap in messages:
        assume(not text.strip(BLANKS).startswith(SECRET))
        for to, reply in kit.send(text, sender, kind):
            assert to == sender
            assert reply == "Invalid access password!" or reply.endswith("on the device!")
        assert kit.stored()["settings"] == before
        assert kit.stored()["socket"] == socket
        kit.now += gap


@given(
    st.lists(
        st.tuples(
            senders | st.just((OWNER, NUMBER)),
            st.sampled_from(["", SECRET, "PASSWORD=" + SECRET, SECRET + "PASSWORD=" + SECRET]),
            texts,
            gaps,
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_secrets_stay_in_the_settings(messages, listed):
    kit = Kit()
    if listed:
        kit.say_all("MAKEMEBOSS")
    kit.say_all("PASSWORD=" + SECRET)
    for (sender, kind), lead, text, gap in messages:
        assume(SECRET not in text)
        for _, reply in kit.send(lead + text, sender, kind):
            assert SECRET not in reply
        record = kit.stored()
        record.pop("settings")
        assert SECRET not in json.dumps(record)
        kit.wait(gap)
    assert SECRET not in "\n".join(kit.log)


@given(
    st.sampled_from(["+31600000009", "0600000001", "Vodafone", "hidden", "1234"]),
    texts.filter(lambda t: "\0" not in t),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255), st.integers(0, 2)), max_size=6),
)
def test_no_pdu_of_an_unlisted_sender_does_anything(sender, text, changes):
    kit = secured()
    kit.say("ON600")
    before, moves = kit.flash, list(kit.moves)
    for part in tpdu.encode_deliver(sender, text, DEFAULT_CLOCK):
        octets = bytearray(b"\0" + part)
        for at, value, how in changes:
            at %= len(octets) + 1
            octets[at : at + (how != 1)] = bytes((value,)) if how else b""
        try:
            entry = decode(octets.hex())
        except PduError:
            continue
        if not isinstance(entry, Deliver) or entry.text is None:
            continue
        message = Message(entry.sender, entry.kind, entry.text, len(octets))
        assume(message.number != BOSS_DIGITS)
        kit.receive(message)
        assert kit.post() == []
        assert kit.flash == before
    assert kit.moves == moves


@given(senders, texts | st.sampled_from(["STATUS", " status ", "STATUS?"]))
def test_the_signal_is_looked_at_for_status_alone(sender, text):
    """Reading a message carries nothing out, so that there is time for it."""
    kit = Kit()
    before = kit.stored()
    request = kit.device.read(Message(*sender, text, 1), kit.now)
    status = text.strip(BLANKS).upper() == "STATUS"
    assert (request is not None and request.signal) == status
    kit.commit()
    after = kit.stored()
    assert after["settings"] == before["settings"] and after["socket"] == before["socket"]


class Life(RuleBasedStateMachine):
    """Messages, waiting, restarts, losses of power: the device goes on, its record is sound."""

    passwords = st.sampled_from(["", "", SECRET, "aB3dE", "wrong"])

    @initialize(owner=st.booleans(), password=st.booleans())
    def begin(self, owner, password):
        self.kit = Kit()
        if owner:
            self.kit.say_all("MAKEMEBOSS")
        if password:
            self.kit.say_all("PASSWORD=" + SECRET)

    @rule(sender=senders, password=passwords, text=texts)
    def anybody(self, sender, password, text):
        self.kit.send(password + text, *sender)

    @rule(
        sender=st.sampled_from([OWNER, FRIEND]),
        password=passwords,
        word=st.sampled_from(WORDS),
        value=st.sampled_from(["", "5", "NO", "ON", "OFF", "aB3dE", BOSS_DIGITS, "ALL", "x"]),
    )
    def somebody(self, sender, password, word, value):
        self.kit.send(password + word + value, sender)

    @rule(seconds=st.integers(0, 100000))
    def wait(self, seconds):
        self.kit.wait(seconds)

    @rule()
    def restart(self):
        on = self.kit.on
        record = self.kit.stored()
        self.kit.restart()
        assert self.kit.on == on
        assert self.kit.stored() == record

    @rule()
    def power_cycle(self):
        before = self.kit.stored()["settings"]
        self.kit.power_cycle()
        assert self.kit.stored()["settings"] == before

    @invariant()
    def sound(self):
        kit = getattr(self, "kit", None)
        if kit is None:
            return
        record = kit.stored()
        assert record == kit.device.record
        assert not kit.device.dirty
        assert kit.device.faults == 0
        assert len(kit.flash) < 2500
        assert record["outbox"] == []
        assert len(record["ids"]) <= 64
        assert len(record["security"]["trusted"]) <= 4
        for name, value in record["settings"].items():
            assert usable(kit.device.parameter(name), value), (name, value)
        if kit.device.settings["SECLIST"] == "ON":
            assert kit.device.settings["SECNUMBER"]
        timer = record["socket"]["timer"]
        assert kit.device.next_deadline() == (timer[0] if timer else None)


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase
