# SPDX-License-Identifier: MIT
"""Who may command (chapter 5): SECLIST, SECNUMBER, PASSWORD, the configuration window; and
ALERTNUMBER and NOTICE (5.3)."""

from powersocket import const
from powersocket.features import Feature
from powersocket.interpreter import mask
from powersocket.settings import (
    BLANKS,
    OFF_ON,
    Choice,
    NumberList,
    Refusal,
    Secret,
    plain_number,
    same,
)

_PASSWORD = const(5)  # letters or digits
_WINDOW = const(1800)  # s
_SHORTEST_GUESS = const(7)  # characters: the password and the shortest command
_GUESSES = const(8)  # wrong passwords before a sender's messages are ignored
_REGAIN = const(900)  # s until one more is allowed again,
_REGAIN_TRUSTED = const(60)  # and for a trusted number
_TRUSTED = const(4)  # numbers that used the password last
# All numbers that are not trusted share one count, and so do all senders without a number.
_STRANGERS = const("")
_NAMELESS = const("?")


class Security(Feature):
    """Decides who may command, and has the settings for that.

    Guessing a password is slowed down, but strangers' guesses do not lock out the owner: numbers
    on a list, and those that used the password last, are trusted and have a count of their own
    (spec chapter 2.3). While a count is used up, messages of its senders are ignored.

    With NOTICE the first alert number hears when somebody else has changed that (spec chapter
    10.4).
    """

    section = "security"
    parameters = (
        NumberList("SECNUMBER", []),
        Choice("SECLIST", OFF_ON),
        Secret("PASSWORD", _PASSWORD),
        NumberList("ALERTNUMBER", []),  # in the order in which they get the alerts
        Choice("SMSCONFIRMUNAUTH", OFF_ON),
        Choice("NOTICE", OFF_ON),
    )

    _wrong: dict = {}  # passwords: who -> (count, uptime in seconds at which it had that value)

    def assign(self, parameter, request):
        settings = self.device.settings
        if parameter.name == "SECLIST" and parameter.parse(request.argument) == "ON":
            if not settings["SECNUMBER"]:
                raise Refusal("No SECNUMBERs!")
            if request.message.number not in settings["SECNUMBER"]:
                raise Refusal("Your number is not on the list!")  # it would lock the sender out
        reply = super().assign(parameter, request)
        if parameter.name == "PASSWORD" and settings["PASSWORD"]:
            self._trust(request.message.number)  # who sets the password knows it
        return reply

    # --- events ---

    def parameter_changed(self, name, now):
        device = self.device
        if name == "SECNUMBER" and not device.settings[name]:
            if device.settings["SECLIST"] == "ON":
                device.set("SECLIST", "OFF")
                name = "SECLIST"
        if name == "ALERTNUMBER" and not device.settings[name]:
            if "THERMALERT" in device.settings:  # which is OFF then (70x)
                device.set("THERMALERT", "OFF")
        if name == "PASSWORD":
            self.change(trusted=[])
            self._wrong = {}
        if name in ("SECLIST", "PASSWORD"):
            device.notify("security_changed", now)

    def start(self, cause, now):
        if cause != "restart":
            self.open_window(now)

    def mains(self, on, now):
        if on:
            self.open_window(now)

    def reset(self, now):
        self.open_window(now)

    # --- what the interpreter calls, in this order ---

    def admits(self, message):
        """Return True if the sender may command at all."""
        settings = self.device.settings
        return settings["SECLIST"] != "ON" or message.number in settings["SECNUMBER"]

    def denies_aloud(self):
        """Return True if a stranger gets an answer."""
        return self.device.settings["SMSCONFIRMUNAUTH"] == "ON"

    def is_spent(self, message, now):
        """Return True if the sender has no guess of the password left."""
        return self._guesses(self._who(message), now)[0] >= _GUESSES

    def unlock(self, message, text, now):
        """Return the text after the password; None, and count a guess, if that is wrong."""
        password = self.device.settings["PASSWORD"]
        if not password:
            return text
        if not same(text[:_PASSWORD], password):
            if len(text) >= _SHORTEST_GUESS:
                self._count_guess(self._who(message), now)
            return None
        self._trust(message.number)
        return text[_PASSWORD:].strip(BLANKS)

    def _guesses(self, who, now):
        """Return (how many wrong passwords still count, uptime from which on the next expires)."""
        count, since = self._wrong.get(who, (0, now))
        span = _REGAIN if who in (_STRANGERS, _NAMELESS) else _REGAIN_TRUSTED
        regained = (now - since) // span
        return (count - regained, since + regained * span) if regained < count else (0, now)

    def _count_guess(self, who, now):
        """Count one more, and forget the senders whose count has gone down to 0."""
        count, since = self._guesses(who, now)
        self._wrong = {w: self._wrong[w] for w in self._wrong if self._guesses(w, now)[0]}
        self._wrong[who] = (count + 1, since)

    def _who(self, message):
        number, settings = message.number, self.device.settings
        if not number:
            return _NAMELESS
        for trusted in (settings["SECNUMBER"], settings["ALERTNUMBER"], self.state["trusted"]):
            if number in trusted:
                return number
        return _STRANGERS

    def _trust(self, number):
        trusted = self.state["trusted"]
        if number and trusted[-1:] != [number]:
            self.change(trusted=([n for n in trusted if n != number] + [number])[-_TRUSTED:])

    # --- what the device calls before and after an order ---

    def watched(self):
        """Return what NOTICE is about, as it is now: the alert numbers and NOTICE come first."""
        settings = self.device.settings
        names = ("NOTICE", "SECLIST", "SECNUMBER", "PASSWORD", "RENEWINTERVALPW")
        return [self.device.addresses()] + [settings.get(name) for name in names]

    def look(self, before, who, number, text):
        """Alert the first alert number as it was before, if an order of anybody else changed any.

        before: of `watched`; who, number: of the order, as `Message` has them; text: the order,
        which may hold a secret.
        """
        after, addresses = self.watched(), before[0]
        if after == before or not addresses or "ON" not in (before[1], after[1]):
            return
        if number != plain_number(addresses[0]):
            text = "Changed by " + who + ": " + mask(text)
            self.device.outbox.alert("notice", addresses[:1], text)

    # --- the configuration window ---

    def configured(self):
        """Return True if a list or a password protects the device."""
        settings = self.device.settings
        return settings["SECLIST"] == "ON" or settings["PASSWORD"] != ""

    def configurable(self, now):
        """Return True if a Conf command is accepted now."""
        if self.device.dialect.security_lifts_window and self.configured():
            return True
        return now < self.state["window"]

    def open_window(self, now):
        """Accept Conf commands for 30 minutes from now."""
        self.change(window=now + _WINDOW)
