# SPDX-License-Identifier: MIT
"""A device without its hardware, for the portable tests: messages in, replies out, restarts.

What the application does with the real thing is done here in the plainest way: the record is
committed as JSON after every message, replies leave at once, deadlines are kept to the second.
"""

import json

from powersocket import models
from powersocket.device import Device
from powersocket.interpreter import ALPHA, HIDDEN, NUMBER, Message
from powersocket.outbox import SENT
from powersocket.record import complete, setting

OWNER = "+31600000001"
FRIEND = "+31600000002"
STRANGER = "+31600000009"
LAST_ERROR = "\nNo more error messages for a while!"
CHIP = b"\x24\x0a\xc4\x12\x34\x56"


class Kit:
    """A device whose time `wait` sets.

    record: what its flash holds, a dict; features: more of them than the model has;
    model: its name.
    Attributes: `now` (uptime, s), `log` (lines), `moves` ((uptime, level) of the socket).
    """

    def __init__(self, record=None, features=(), config=None, now=0, cause="power", model="EP"):
        self.config = config or {}
        model = models.load(model, self.config.get("US", False))
        more = tuple([(feature, feature.section) for feature in features])
        self.model = models.Model(model.product, model.dialect, model.features + more, model.own)
        self.flash = json.dumps(record or {})
        self.log = []
        self.moves = []
        self.now = now
        self._messages = 0
        self._start(cause)

    def _start(self, cause):
        self.device = Device(self.model, self.config, CHIP, self.log.append, self.load)
        self.device.start(cause, self.now)
        self.commit()

    def load(self, features, record=None):
        """Return a record, the stored one if none is given, complete, and the settings in it."""
        if record is None:
            record = self.stored()
        return record, complete(record, features)

    def stored(self):
        """Return what is on flash."""
        return json.loads(self.flash)

    def commit(self):
        """Write the record if it was changed; note a move of the socket."""
        if self.device.dirty:
            self.flash = json.dumps(self.device.record)
            self.device.dirty = False
        level = self.device.socket.on
        if not self.moves or self.moves[-1][1] != level:
            self.moves.append((self.now, level))

    def restart(self):
        """The chip restarts: uptime runs on, what is not on flash is lost."""
        self._start("restart")

    def power_cycle(self, told=False):
        """All power fails and returns; uptime begins at 0. told: keep the alert about it."""
        self.now = 0
        self._start("power")
        if not told:
            self.device.outbox.drop("power")
            self.commit()

    def wait(self, seconds):
        """Let time pass, deadlines included."""
        end = self.now + seconds
        while True:
            deadline = self.device.next_deadline()
            if deadline is None or deadline > end:
                break
            self.now = max(self.now, deadline)
            self.device.tick(self.now)
            self.commit()
            assert self.device.next_deadline() != deadline, "a deadline was not taken"
        self.now = end

    def send(self, text, sender=OWNER, kind=NUMBER, id=None, stamp=None):
        """Deliver a message; return the texts that it put into the outbox, as (to, text)."""
        self._messages += 1
        self.receive(Message(sender, kind, text, id or self._messages, stamp))
        return self.post()

    def receive(self, message):
        """Hand over a message, as the mail reader does."""
        request = self.device.read(message, self.now)
        if request is not None:
            self.device.carry_out(request)
        self.commit()

    def post(self):
        """Send what the outbox owes; return it as (to, text)."""
        sent = []
        box = self.device.outbox
        owed = box.next(self.now)
        while owed is not None:
            entry, number = owed
            box.begin(entry)
            sent.append((number, box.text(entry)))
            box.result(entry, number, SENT, self.now)
            owed = box.next(self.now)
        self.commit()
        return sent

    def say(self, text, sender=OWNER, id=None, stamp=None):
        """Send from a number; return the reply, None if there is none."""
        sent = self.send(text, sender, NUMBER, id, stamp)
        assert len(sent) < 2, sent
        if not sent:
            return None
        assert sent[0][0] == sender, sent
        return sent[0][1]

    def say_all(self, *texts):
        """Send several commands that have to succeed."""
        for text in texts:
            reply = self.say(text)
            assert reply and (reply.endswith(" - OK") or "has been assigned" in reply), reply

    def stranger(self, text):
        """Send from a number that was never heard of; return the reply."""
        return self.say(text, STRANGER)

    def hidden(self, text):
        """Send without a number; nobody can be answered."""
        assert self.send(text, "", HIDDEN) == []

    def named(self, text, name="Vodafone"):
        """Send from an alphanumeric address; nobody can be answered."""
        assert self.send(text, name, ALPHA) == []

    @property
    def on(self):
        return self.device.socket.on


def raised(kind, function, *args):
    """Return the exception of that kind that a call raises; None if it raises none."""
    try:
        function(*args)
    except kind as error:
        return error
    return None


def usable(parameter, value):
    """Tell whether a stored value of a parameter is taken as it is."""
    taken = setting(parameter, {parameter.name: value})
    return type(taken) is type(value) and taken == value


class Dice:
    """Pseudo-random numbers, the same on every machine (a linear congruential generator)."""

    def __init__(self, seed):
        self._state = seed & 0xFFFF

    def roll(self, sides):
        """Return a number from 0 to sides - 1; at most 256 sides."""
        self._state = (self._state * 25173 + 13849) & 0xFFFF  # fits a small int
        return (self._state >> 8) % sides

    def pick(self, items):
        """Return one of at most 256 items."""
        return items[self.roll(len(items))]
