"""The device without its hardware: told the time and what happened, asked what is to be done.

Every public method may change the record; `dirty` then says that it has to be committed before
anything is done in the world (the relay moved, the message deleted, a reply sent).
"""

from powersocket.commands import CommandTable
from powersocket.confirmation import Limiter
from powersocket.errands import Errands
from powersocket.interpreter import Interpreter
from powersocket.outbox import ALERT, REPLY, Outbox
from powersocket.texts import BLANKS

_IDS = 32  # handled messages that are remembered
_ERRAND = [str, str, str]  # kind, argument, note of a stored errand
_PARTS = (("settings", dict), ("ids", list), ("outbox", list), ("errands", list), ("starts", dict))


class Link:
    """What is known of the modem: `alive`, `sim` (+CPIN), `registered`, `dbm` (None: unknown)."""

    def __init__(self):
        self.alive = False
        self.sim = ""
        self.registered = False
        self.dbm = None


class Device:
    """A model, its features and their record.

    model: of `powersocket.models`; config: the board configuration, a dict; unique_id: the chip's,
    bytes; record: a dict as it was loaded, empty at first; log: called with one line; reload:
    returns the last committed record, to go back to it after a fault. The first feature of every
    model is its socket.
    """

    def __init__(self, model, config, unique_id, record, log, reload):
        self.model = model
        self.config = config
        self.unique_id = unique_id
        self.log = log
        self.record = record
        self.link = Link()
        self.guard = None
        self.dirty = False
        self.restart_wanted = False
        self.faults = 0
        self.clock = None  # the clock feature, if the model has one
        self.thermometer = None  # the thermometer feature, likewise
        self.alarm = None  # the sensor alarm, if the model has one; takes `order(on, now)`
        self.calls = None  # what calls to the device do, likewise
        self.power = None  # the power notifier, likewise
        self.micro = None  # the micro relay, likewise
        self.microphone = None  # likewise
        self.press_hint = 0  # ms of a press of the button after which the LEDs show it
        self.asking = False  # the button asked for a reset, and is to confirm it
        self.battery = True  # it goes on without mains
        self.on_battery = False  # there is no mains power, however short that may be
        self.switched_on = False  # the LEDs have to show it
        self.sensor_plugged = True  # False only if the board has a pin that says so
        self.reading_wanted = False  # a feature wants a temperature now, not in a minute
        self.outbox = Outbox(self)
        self.errands = Errands(self)
        self._reload = reload
        self._limiter = Limiter()
        self._parameters = {}
        self._sound = {}  # name -> a stored value that was found valid
        self.features = [cls(self) for cls in model.features]
        self.table = CommandTable(self.features)
        self.socket = self.features[0]
        for feature in self.features:
            for parameter in feature.parameters:
                self._parameters[parameter.name] = parameter
        self._complete()
        self._interpreter = Interpreter(self, self.table, model.dialect)

    def _complete(self):
        """Give a record, whatever version it is of, all parts that this version needs."""
        record = self.record
        for name, kind in _PARTS:
            if type(record.get(name)) is not kind:
                record[name] = kind()
        record["errands"] = [
            e
            for e in record["errands"]
            if type(e) is list and [type(x) for x in e[:3]] == _ERRAND and len(e) == 4
        ]
        for feature in self.features:
            if feature.section:
                _complete_part(record, feature.section, feature.defaults)

    # --- settings ---

    def get(self, name):
        """Return a parameter's value; what is stored but cannot be used is its `broken` one."""
        settings = self.record["settings"]
        if name not in settings:
            return self._parameters[name].default
        value = settings[name]
        # Asked for every minute, and changed once a year.
        if self._sound.get(name, self) is not value:
            if not self._parameters[name].valid(value):
                return self._parameters[name].broken
            self._sound[name] = value
        return value

    def set(self, name, value):
        """Change a parameter's value. Only what differs from the factory default is stored."""
        settings = self.record["settings"]
        if value == self._parameters[name].default:
            settings.pop(name, None)
        else:
            settings[name] = value
        self.changed()

    def parameter(self, name):
        """Return the declaration of a parameter."""
        return self._parameters[name]

    def has(self, name):
        """True if this model has the parameter."""
        return name in self._parameters

    def changed(self):
        """The record has to be committed."""
        self.dirty = True

    def time_text(self, now):
        """Return date and time as `yy/mm/dd,hh:mm:ss`, or None while the clock is not set."""
        return None if self.clock is None else self.clock.text(now)

    def alert(self, text, now):
        """Owe an alert to every alert number; its last line is the time of this event."""
        when = self.time_text(now)
        if when is not None:
            text += "\nTime: " + when
        self.tell(text)

    def tell(self, text):
        """Owe a text, as it is, to every alert number."""
        self.outbox.add(ALERT, ["+" + n for n in self.get("ALERTNUMBER")], text)

    def reply(self, address, text):
        """Owe a text to one address, outside of the rules of confirmation."""
        self.outbox.add(REPLY, [address], text)

    def answer(self, answer, message, now):
        """Owe the answer to a message, if the rules of confirmation want it sent."""
        if self._wanted(answer, message, now):
            self.reply(message.sender, answer.text)

    def status_text(self, now):
        """Return STATUS: the lines of every feature, in the order of the model."""
        lines = []
        for feature in self.features:
            lines.extend(feature.status(now))
        return "\n".join(lines)

    # --- events ---

    def security_changed(self, now):
        """SECLIST or PASSWORD was changed: features whose settings hang on it follow."""
        for feature in self.features:
            feature.security_changed(now)

    def start(self, cause, now):
        """The device started: cause is power, restart or wake; now is uptime in seconds."""
        self.switched_on = cause != "restart"
        self.outbox.clean()
        self.errands.cut_off(now)
        if self.clock is not None:
            self.clock.start(cause, now)  # first: the others ask it for the time
        for feature in self.features:
            if feature is not self.clock:
                feature.start(cause, now)

    def receive(self, message, now):
        """A text message came; now is uptime in seconds."""
        ids = self.record["ids"]
        if message.id in ids:
            self.log("message: a copy of one that was handled")
            return
        # Only what this message changes makes it one that was handled.
        before, self.dirty = self.dirty, False
        if message.stamp is not None:
            for feature in self.features:
                feature.message_time(message.stamp, now)
        answer = self._interpreter.carry_out(message, now)
        if answer is not None:
            self.answer(answer, message, now)
        if self.dirty:
            ids = self.record["ids"]
            ids.append(message.id)
            self.record["ids"] = ids[-_IDS:]
        self.dirty = self.dirty or before

    def factory_reset(self, now):
        """Forget every setting, list, rule and log; the chip is to be restarted then.

        What was handled is remembered: a copy of an old message must not act on a new device.
        """
        kept = {"ids": self.record["ids"]}
        for feature in self.features:
            if feature.section and feature.survives_reset:
                kept[feature.section] = feature.state
        self.record = kept
        self._complete()
        for feature in self.features:
            feature.reset(now)
        self.changed()
        self.restart_wanted = True

    def signal_wanted(self, message):
        """Tell whether the reply to a message would tell the signal; nothing is carried out."""
        text = message.text.strip(BLANKS)
        for start in (0, 5):  # behind a password
            command = self.table.find(text[start:].strip(BLANKS))[0]
            if command is not None:
                return command.signal
        return False

    def _wanted(self, answer, message, now):
        """Tell whether an answer is to be sent (spec chapter 2, Which replies are sent)."""
        if not message.answerable:
            return False
        if answer.error:
            if self.has("ERROR") and self.get("ERROR") == "OFF":
                return False
            return message.callable and self._limiter.allows(message.number, now)
        return answer.always or not self.has("SMSCONFIRM") or self.get("SMSCONFIRM") == "ON"

    def reading(self, value, now):
        """A temperature was read: 1/16 degree Celsius, or None if the reading failed."""
        self.reading_wanted = False
        if self.thermometer is None:
            return
        value = self.thermometer.take(value, now)
        for feature in self.features:
            feature.reading(value, now)

    def contact(self, closed, now):
        """The sensor input's loop changed (or is so at the start)."""
        for feature in self.features:
            feature.contact(closed, now)

    def button(self, ms, now):
        """The hidden button was released after so many milliseconds."""
        for feature in self.features:
            feature.button(ms, now)

    def mains(self, on, now):
        """Mains power went, or came back after 2 s or more; now is when it did."""
        self.switched_on = self.switched_on or on
        for feature in self.features:
            feature.mains(on, now)

    def network_time(self, local, quarters, now):
        """The network told the time: local seconds since 2000, quarter hours from GMT."""
        for feature in self.features:
            feature.network_time(local, quarters, now)

    def next_deadline(self):
        """Return the uptime in seconds at which `tick` is wanted, or None."""
        first = None
        for feature in self.features:
            deadline = feature.deadline()
            if deadline is not None and (first is None or deadline < first):
                first = deadline
        return first

    def tick(self, now):
        """A deadline has come."""
        for feature in self.features:
            deadline = feature.deadline()
            if deadline is not None and deadline <= now:
                feature.tick(now)

    def fault(self, what, error):
        """A handler failed: go back to the last commit, so that nothing is half done."""
        self.faults += 1
        # The kind of the error alone: its text may hold what the message said.
        self.log("fault in " + what + ": " + type(error).__name__)
        self.record = self._reload()
        self._complete()
        self.outbox.clean()
        self.changed()


def _complete_part(record, name, defaults):
    """Fill what a part of the record lacks, or has of a wrong type, with its default."""
    part = record.get(name)
    if type(part) is not dict:
        part = record[name] = {}
    for key in defaults:
        value = defaults[key]
        if type(part.get(key)) is not type(value):
            part[key] = list(value) if type(value) is list else value
