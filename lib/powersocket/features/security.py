"""Who may command (chapter 5): SECLIST, SECNUMBER, PASSWORD, the configuration window; and
MAKEMEBOSS (3), ALERTME and ALERTNUMBER (5.3)."""

from powersocket.features import Feature
from powersocket.settings import Choice, NumberList, Refusal, Secret
from powersocket.texts import BLANKS, same

_PASSWORD = 5  # letters or digits
_WINDOW = 1800  # s
_TRIES = 8  # wrong passwords that strangers together have at once
_REGAIN = 900  # s until one of them is given back
_TRUSTED = 4  # numbers that used the password last: strangers' tries do not count against them
_BOSS = (
    "Your phone number has been assigned for all types of alerts and was added to security list"
    " which has been activated"
)
_ALERTED = "Your phone number has been assigned for all types of alerts!"


class Guesses:
    """Counts wrong passwords: of each number that knew the password last, and of all others."""

    def __init__(self):
        self.clear()

    def clear(self):
        """Forget all wrong passwords."""
        self._wrong = {}  # who ("" for all strangers) -> (count, uptime at which it was so)

    def count(self, who, now):
        """Return the wrong passwords of somebody that still count."""
        count, since = self._wrong.get(who, (0, now))
        return max(0, count - (now - since) // _REGAIN)

    def add(self, who, now):
        """Count one more."""
        count = self.count(who, now)
        since = self._wrong[who][1] if count else now
        since += (now - since) // _REGAIN * _REGAIN
        self._wrong[who] = (count + 1, since)

    def forgive(self, who):
        """Somebody knew the password."""
        self._wrong.pop(who, None)


class Security(Feature):
    """What the interpreter asks before it looks at a command, and its settings.

    Guessing of passwords is slowed for all senders together: strangers share `_TRIES` wrong
    passwords, one of which comes back every `_REGAIN` seconds; while there is none, their messages
    are not looked at. The numbers that used the right password last have a count of their own,
    so nobody can lock the owner out for good.

    Chapters: SECNUMBER 5.1; SECLIST 5.1; PASSWORD 5.2; SMSCONFIRMUNAUTH 6.3.
    """

    section = "security"
    # window: uptime in seconds until which Conf commands are accepted; trusted: see above.
    defaults = {"window": 0, "trusted": []}
    parameters = (
        NumberList("SECNUMBER"),
        Choice("SECLIST", ("OFF", "ON")),
        Secret("PASSWORD", _PASSWORD),
        Choice("SMSCONFIRMUNAUTH", ("OFF", "ON")),
    )

    def __init__(self, device):
        super().__init__(device)
        self._guesses = Guesses()

    def assign(self, parameter, request):
        settings = self.device.settings
        if parameter.name == "SECLIST" and parameter.parse(request.argument) == "ON":
            if not settings["SECNUMBER"]:
                raise Refusal("No SECNUMBERs!")
        reply = super().assign(parameter, request)
        if parameter.name == "PASSWORD" and settings["PASSWORD"]:
            self._trust(request.message.number)  # who set it need not prove that they know it
        return reply

    # --- events ---

    def parameter_changed(self, name, now):
        device = self.device
        if name == "SECNUMBER" and not device.settings[name]:
            if device.settings["SECLIST"] == "ON":
                device.set("SECLIST", "OFF")
                name = "SECLIST"
        if name == "PASSWORD":
            self.change(trusted=[])
            self._guesses.clear()
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

    # --- what the interpreter asks, in this order ---

    def admits(self, message):
        """Tell whether the sender may command at all."""
        settings = self.device.settings
        return settings["SECLIST"] != "ON" or message.number in settings["SECNUMBER"]

    def denies_aloud(self):
        """Tell whether a stranger gets an answer."""
        return self.device.settings["SMSCONFIRMUNAUTH"] == "ON"

    def is_spent(self, message, now):
        """Tell whether the sender has no guess of the password left."""
        return self._guesses.count(self._who(message), now) >= _TRIES

    def unlock(self, message, text, now):
        """Return the text behind the password; None if it is not there: that was a guess."""
        password = self.device.settings["PASSWORD"]
        if not password:
            return text
        if not same(text[:_PASSWORD], password):
            self._guesses.add(self._who(message), now)
            return None
        self._trust(message.number)
        return text[_PASSWORD:].strip(BLANKS)

    def _who(self, message):
        return message.number if message.number in self.state["trusted"] else ""

    def _trust(self, number):
        trusted = self.state["trusted"]
        self._guesses.forgive(number)
        if number and trusted[-1:] != [number]:
            self.change(trusted=([n for n in trusted if n != number] + [number])[-_TRUSTED:])

    def configured(self):
        """Tell whether a list or a password protects the device."""
        settings = self.device.settings
        return settings["SECLIST"] == "ON" or settings["PASSWORD"] != ""

    def configurable(self, now):
        """Tell whether a Conf command is accepted now."""
        if self.device.model.dialect.security_lifts_window and self.configured():
            return True
        return now < self.state["window"]

    def open_window(self, now):
        """Accept Conf commands for 30 minutes from now."""
        self.change(window=now + _WINDOW)


class AlertNumbers(Feature):
    """Who gets the alerts, in the order of the list.

    Chapters: ALERTNUMBER 5.3.
    """

    parameters = (NumberList("ALERTNUMBER"),)

    def parameter_changed(self, name, now):
        """Without an alert number THERMALERT is off, where there is one (70x)."""
        if not self.device.settings[name] and "THERMALERT" in self.device.settings:
            self.device.set("THERMALERT", "OFF")


class ShortCuts(Feature):
    """The sender becomes an alert number, and the boss."""

    commands = (
        ("MAKEMEBOSS", "Conf", "make_me_boss", ""),
        ("ALERTME", "Conf", "alert_me", ""),
    )

    def _with(self, name, number):
        return self.device.parameters[name].add(self.device.settings[name], number)

    def make_me_boss(self, request):
        """3 | `Your phone number has been assigned for all types of alerts and was added to
        security list which has been activated`"""
        device, number = self.device, request.message.number
        if not number:
            return None
        alert, listed = self._with("ALERTNUMBER", number), self._with("SECNUMBER", number)
        device.set("ALERTNUMBER", alert)
        device.set("SECNUMBER", listed)
        device.set("SECLIST", "ON")
        return _BOSS

    def alert_me(self, request):
        """5.3 | `Your phone number has been assigned for all types of alerts!`"""
        number = request.message.number
        if not number:
            return None
        self.device.set("ALERTNUMBER", self._with("ALERTNUMBER", number))
        return _ALERTED
