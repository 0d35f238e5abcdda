# SPDX-License-Identifier: MIT
"""From a message to a reply: may the sender command, is it a command (spec chapters 2 and 9.3).

`Interpreter.read` makes the checks, in their order, and finds the command; `carry_out` runs it.
Nothing of a message reaches a feature before `read` has let it through. `answer` makes every
reply, and decides whether it is sent.
"""

from powersocket import const
from powersocket.settings import (
    BLANKS,
    DIGITS,
    LETTERS,
    Incorrect,
    Refusal,
    consists_of,
    plain_number,
    upper,
)

_LONGEST = const(30)  # characters of a command, password not counted
_PASSWORD = const(5)
_TOO_LONG = const("longer than 30 characters")

# Kinds of senders.
NUMBER = "number"
ALPHA = "alpha"
HIDDEN = "hidden"

# Error replies, the same on every model.
INCORRECT = "Incorrect value!"
FAULT = "Execute error!"
DENIED = "Access deny!"
WRONG_PASSWORD = "Invalid access password!"
_TOO_OLD = const(" - Message is too old!")

# Never too old: with these a wrong date can always be put right.
_AGELESS = const(("DATE=", "DATESMS", "MAXAGE="))

# Misprints of the manuals, and what they mean.
_MISPRINTS = const(
    (
        ("TERMOSTAT=", "THERMOSTAT="),
        ("RESTARTIME=", "RESTARTTIME="),
        ("CRDITUMS=", "CREDITUMS="),
        ("CRDITUMS?", "CREDITUMS?"),
    )
)
_RENEWAL = const("RENEWINTERVAL")


class Message:
    """A text message.

    sender: address as the network gave it, "+358..", digits, letters or ""; kind: NUMBER, ALPHA
    or HIDDEN; text: str; id: the same for every copy of one message, different for two messages;
    stamp: service centre time stamp as (year, month, day, hour, minute, second, quarter hours
    from GMT), or None.

    Attributes: `number`, the sender in the form of the lists, "" if it has none; `who`, the sender
    as replies name it; `free`: it is answered whatever was sent today.
    """

    free = False

    def __init__(self, sender, kind, text, id, stamp=None):
        self.sender = sender
        self.who = sender or "hidden"
        self.text = text
        self.id = id
        self.stamp = stamp
        self.number = plain_number(sender) if kind == NUMBER else ""

    def can_be_answered(self, error):
        """True if the sender is a number; for an error, one that is not a short code."""
        return consists_of(self.number, DIGITS) and (not error or len(self.number) >= 5)


class Request:
    """A command that passed the checks, as its feature sees it.

    feature: whose command it is; row: (pattern, method or parameter, kind), see `Feature`;
    argument: what follows the name; now: uptime in seconds.

    Attributes: `name`, the pattern; `form`, its last character; `kind`: Conf, Inf or Ctrl;
    `always`: the reply is sent even with SMSCONFIRM=OFF, which a handler may ask for; `signal`:
    the reply shows the signal, so the modem is asked for it first; `changed`: reading the message
    has changed the record already; `text`: all of it, without the access password; `by`: the
    cause of what it does to a relay, see `Relay`.
    """

    text = by = ""

    def __init__(self, message, feature, row, argument, now):
        self.message = message
        self.feature = feature
        self.argument = argument
        self.now = now
        self.name, self.what, kind = row
        self.form = self.name[-1:]
        self.kind = kind if kind == "Conf" or kind == "Inf" else "Ctrl"
        self.signal = kind == "signal"
        self.always = self.signal or kind == "always" or kind == "Inf"
        self.changed = False


class Interpreter:
    """Finds, checks and carries out the command of a message, with the features of `device`."""

    def __init__(self, device):
        self._device = device

    def read(self, message, now):
        """Return the Request of a message; None if it was refused, whether answered or not."""
        security = self._device.security
        if not security.admits(message):
            if security.denies_aloud():
                self.answer(message, DENIED, now, True)
            return self._refuse("not on the list")
        text = message.text.strip(BLANKS)
        # Check the length first, so that a text of 700 letters costs no memory.
        if len(text) > _LONGEST + _PASSWORD:
            return self._refuse(_TOO_LONG)
        if security.is_spent(message, now):
            return self._refuse("too many wrong passwords")
        behind = security.unlock(message, text, now)
        unlocked = behind is not None
        if unlocked:
            text = behind
        if not 0 < len(text) <= _LONGEST:
            return self._refuse(_TOO_LONG if text else "empty")
        request = self.find(text, message, now)
        message.free = unlocked and request is not None and request.name.startswith("SMSLIMIT")
        if request is None and not unlocked:
            request = self.find(text[_PASSWORD:].strip(BLANKS), message, now)
        old = self._device.clock.too_old(message.stamp, now)
        if request is None:
            if old:
                return self._refuse("too old")
            error = self._device.look_up("unknown", mask(text), unlocked)
            why = "unknown command"
        elif not unlocked:
            error, why = WRONG_PASSWORD, "no or wrong password"
        elif old and not request.always and request.name not in _AGELESS:
            error, why = mask(text) + _TOO_OLD, "too old"
        elif request.kind == "Conf" and not security.configurable(now):
            error, why = mask(text) + self._device.dialect.expired, "too late for settings"
        else:
            request.text, request.by = text, "SMS " + message.who
            return request
        self.answer(message, error, now, True)
        return self._refuse(why)

    def _refuse(self, why):
        """Log why a message is not carried out, without its text: the sender may get no answer."""
        self._device.log("message: refused, " + why)

    def find(self, text, message, now):
        """Return the Request of a trimmed text, or None if it is no command of this model.

        Names are not case sensitive; the argument keeps its letters. Blanks around the `=` and
        after `+` and `-` are dropped.
        """
        word = upper(text)
        marks = [word.find("="), word.find("+"), word.find("-"), word.find("*")]
        mark = min([at for at in marks if at >= 0] or [len(word)])  # where the first of these is
        head = word[:mark].rstrip(BLANKS) + word[mark : mark + 1]
        for misprint, meant in _MISPRINTS:
            head = meant if head == misprint else head
            word = meant if word == misprint else word
        for feature in self._device.features:
            for row in feature.rows():
                pattern = row[0]
                size = len(pattern) - 1
                form = pattern[size:]
                argument = None
                if form in "#@":
                    characters = DIGITS if form == "#" else DIGITS + LETTERS
                    if word[:size] == pattern[:size] and consists_of(word[size:], characters):
                        argument = text[size:]
                elif form == " ":
                    if word[:size] == pattern[:size] and word[size : size + 1] in BLANKS:
                        argument = text[size:].strip(BLANKS)
                elif pattern == word and form not in "=+-*":
                    argument = ""
                elif pattern == head and form in "=+-*":
                    argument = text[mark + (form != "*") :].strip(BLANKS)
                if argument is not None:
                    return Request(message, feature, row, argument, now)
        return None

    def carry_out(self, request):
        """Carry out a command and answer it."""
        feature, what = request.feature, request.what
        error = True
        try:
            if request.kind == "Conf":
                self._device.security.open_window(request.now)
            if type(what) is str:
                text = getattr(feature, what)(request)
            elif request.form == "?":
                text = feature.query(what, request)
            else:
                text = feature.assign(what, request)
            error = False
            # Remembered even if it changed nothing: a late copy must not act after other orders.
            self._device.dirty = True
        except Incorrect:
            text = INCORRECT
        except Refusal as refusal:
            text = refusal.args[0]
        except Exception as fault:
            self._device.fault(request.name, fault)
            text = FAULT
        if text is not None:
            self.answer(request.message, text, request.now, error, request.always)

    def answer(self, message, text, now, error=False, always=False):
        """Put the answer to a message into the outbox, if the settings allow it (spec chapter 2).

        error: ERROR and the limits decide; else SMSCONFIRM does, unless `always`.
        """
        device = self._device
        if not message.can_be_answered(error):
            return
        if error:
            if device.settings["ERROR"] == "OFF":
                return
            left = device.confirmation.errors_left(message.number, now)
            if not left:
                return
            if left == 1:
                text += "\nNo more error messages for a while!"
        elif device.settings["SMSCONFIRM"] == "OFF" and not always:
            return
        device.outbox.reply(message.sender, text, message.free)


def mask(text):
    """Return a text with stars in place of a secret.

    A secret is what follows the first `PASSWORD=` or `RENEWINTERVALPW=`, or else RENEWINTERVAL,
    except a single `?` (spec chapter 2, Errors).
    """
    word = upper(text)
    secret = len(text)  # where it begins
    renewal = word.find(_RENEWAL) + len(_RENEWAL)
    if renewal >= len(_RENEWAL) and word[renewal:] != "?":
        secret = renewal
    at = word.find("=")
    while at >= 0:
        name = word[:at].rstrip(BLANKS)
        if name.endswith("PASSWORD"):
            secret = min(secret, at + 1)
        elif name[renewal:] == "PW" and secret == renewal:
            secret = at + 1
        at = word.find("=", at + 1)
    return text[:secret] + "*" * (len(text) - secret)
