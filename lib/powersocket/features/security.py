"""Who may command: SECLIST, SECNUMBER, PASSWORD, the configuration window (manual chapter 5)."""

from powersocket.feature import Feature
from powersocket.parameters import Choice, Incorrect, Parameter, Refusal
from powersocket.phonebook import NumberList
from powersocket.texts import is_alnum, same, upper

_PASSWORD = 5  # letters or digits
_WINDOW = 1800  # s
_TRIES = 8  # wrong passwords that strangers together have at once
_REGAIN = 900  # s until one of them is given back
_TRUSTED = 4  # numbers that used the password last: strangers' tries do not count against them


class Secret(Parameter):
    """`size` letters or digits, or NO. Never shown: stars stand for it."""

    def __init__(self, name, size):
        super().__init__(name, "")
        self.size = size

    @property
    def broken(self):
        return "?" * (self.size + 1)  # too long to be typed: nobody gets in

    def parse(self, text):
        if upper(text) == "NO":
            return ""
        if len(text) != self.size or not is_alnum(text):
            raise Incorrect
        return text

    def show(self, value):
        return "*" * self.size if value else "NO"


class Security(Feature):
    """The guard of the interpreter, and its settings.

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
        self.device.guard = self
        self._wrong = {}  # wrong passwords: who ("" for all strangers) -> [count, since]

    def assign(self, parameter, request):
        if parameter.name == "SECLIST" and parameter.parse(request.argument) == "ON":
            if not self.device.get("SECNUMBER"):
                raise Refusal("No SECNUMBERs!")
        reply = super().assign(parameter, request)
        if parameter.name == "PASSWORD" and self.device.get("PASSWORD"):
            self._trust(request.message.number)  # who set it need not prove that they know it
        return reply

    def parameter_changed(self, name, now):
        device = self.device
        if name == "SECNUMBER" and not device.get(name) and device.get("SECLIST") == "ON":
            device.set("SECLIST", "OFF")
            name = "SECLIST"
        if name == "PASSWORD":
            self.state["trusted"] = []
            self._wrong = {}
        if name in ("SECLIST", "PASSWORD"):
            device.security_changed(now)

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
        if self.device.get("SECLIST") != "ON":
            return True
        return message.number != "" and message.number in self.device.get("SECNUMBER")

    def denies_aloud(self):
        """Tell whether a stranger is told."""
        return self.device.get("SMSCONFIRMUNAUTH") == "ON"

    def take_password(self, message, text, now):
        """Return (True, the text without the password), (False, the text) if it does not begin
        with it, or (None, "") if the sender has no try left."""
        password = self.device.get("PASSWORD")
        if not password:
            return True, text
        who = message.number if message.number in self.state["trusted"] else ""
        wrong = self._wrong.get(who)
        if wrong is not None:
            regained = (now - wrong[1]) // _REGAIN
            if regained > 0:
                wrong[0] = max(0, wrong[0] - regained)
                wrong[1] += regained * _REGAIN
            if wrong[0] >= _TRIES:
                return None, ""
        if same(text[:_PASSWORD], password):
            self._trust(message.number)
            return True, text[_PASSWORD:].strip(" \t\r\n")
        if wrong is None or wrong[0] == 0:
            wrong = self._wrong[who] = [0, now]
        wrong[0] += 1
        return False, text

    def _trust(self, number):
        trusted = self.state["trusted"]
        self._wrong.pop(number, None)
        if number and (not trusted or trusted[-1] != number):
            self.state["trusted"] = ([n for n in trusted if n != number] + [number])[-_TRUSTED:]
            self.device.changed()

    def configured(self):
        """Tell whether a list or a password protects the device."""
        return self.device.get("SECLIST") == "ON" or self.device.get("PASSWORD") != ""

    def configurable(self, now):
        """Tell whether a Conf command is accepted now."""
        if self.configured() and self.device.model.dialect.security_lifts_window:
            return True
        return now < self.state["window"]

    def renew(self, now):
        """A Conf command was recognised: another 30 minutes."""
        self.open_window(now)

    def open_window(self, now):
        """Accept Conf commands for 30 minutes from now."""
        self.state["window"] = now + _WINDOW
        self.device.changed()
