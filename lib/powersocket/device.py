# SPDX-License-Identifier: MIT
"""The device without its hardware: it takes events with their times, and decides what to do.

Every public method may change the record. `dirty` then says that the record has to be committed
before anything happens outside: the relay moves, the message is deleted, a reply is sent.
"""

from powersocket import const
from powersocket.features import notify
from powersocket.interpreter import Interpreter
from powersocket.outbox import Errands, Outbox

_IDS = const(64)  # messages carried out whose ids are remembered


class ModemStatus:
    """The modem's state: `alive`, `sim` (+CPIN), `registered`, `dbm` (None: unknown)."""

    alive = False
    sim = ""
    registered = False
    dbm: int | None = None


class Device:
    """A model, its features and their record.

    model: of `powersocket.models`; config: the board configuration, a dict; unique_id: the chip's,
    bytes; log: called with one line; load: load(features) returns the last committed record, and
    load(features, record) that record, in both cases checked and completed, together with the
    values of all settings (see record.py).

    Attributes: `settings`, name -> value of every parameter of this model; `dirty`: the record has
    to be committed; `faults` counts the commands that failed. The model's table says which feature
    plays which role for the others: `socket`, `clock`, `security`, `ring`, `power`, `button`,
    `confirmation`, and `thermometer`, `thermostat`, `alarm`, `micro`, `microphone`, which may be
    None.
    """

    dirty = False
    restart_wanted = False
    faults = 0
    on_battery = False  # no mains power, even for less than the two seconds of a failure
    switched_on = False  # the LEDs have yet to show it
    booting = False  # switched on a moment ago, so the modem need not answer yet
    sensor_plugged = True  # False only if the board has a pin that says so
    reading_wanted = False  # a feature wants a temperature now, not in a minute

    def release(self, name):
        """Forget a module; the application sets this to what really does."""

    def __init__(self, model, config, unique_id, log, load):
        self.product = model.product
        self.dialect = model.dialect
        self.config = config
        self.unique_id = unique_id
        self.log = log
        self.modem = ModemStatus()
        self.outbox = Outbox(self)
        self.errands = Errands(self)
        self.features = []
        roles: dict = {}
        for kind, role in model.features:
            feature = roles[role] = kind(self)
            own = model.own.get(role, {})
            for name in own:
                setattr(feature, name, own[name])
            self.features.append(feature)
        self.socket = roles["socket"]
        self.clock = roles["clock"]
        self.security = roles["security"]
        self.ring = roles["ring"]
        self.power = roles["power"]
        self.button = roles["button"]
        self.confirmation = roles["confirmation"]
        for role in ("thermometer", "thermostat", "alarm", "micro", "microphone"):
            roles.setdefault(role, None)
        self.thermometer = roles["thermometer"]
        self.thermostat = roles["thermostat"]
        self.alarm = roles["alarm"]
        self.micro = roles["micro"]
        self.microphone = roles["microphone"]
        self._load = load
        self.record, self.settings = load(self.features)
        self.interpreter = Interpreter(self)

    # --- what features call ---

    def set(self, name, value):
        """Change a setting. Only what differs from the factory default is stored."""
        self.settings[name] = value
        stored = self.record["settings"]
        stored[name] = value
        if value == self.parameter(name).default:
            del stored[name]
        self.dirty = True

    def parameter(self, name):
        """Return the parameter of a setting."""
        for feature in self.features:
            for parameter in feature.parameters:
                if parameter.name == name:
                    return parameter
        raise KeyError(name)

    def stamped(self, text, when):
        """Return a text with the time of an event as its last line, if the clock is set.

        when: uptime in seconds, -1 for no time.
        """
        time = self.clock.text(when)
        return text if time is None else text + "\nTime: " + time

    def addresses(self):
        """Return the alert numbers in their order, in the form that is dialled.

        A number in national form, with a single 0 in front, is used as it is (spec chapter 3).
        """
        return [n if n[0] == "0" else "+" + n for n in self.settings["ALERTNUMBER"]]

    def alert(self, topic, text, when=-1):
        """Owe an alert to every alert number; see `Outbox.alert`."""
        self.outbox.alert(topic, self.addresses(), text, when)

    def look_up(self, what, *args):
        """Call a function of the handbook, which is in memory only meanwhile."""
        import powersocket.handbook as handbook

        try:
            return getattr(handbook, what)(self, *args)
        finally:
            self.release("powersocket.handbook")

    def status_text(self, now):
        """Return STATUS: the lines of every feature, in the order of the model."""
        lines = []
        for feature in self.features:
            if getattr(feature, "status", None):
                lines.extend(feature.status(now))
        return "\n".join(lines)

    # --- events ---

    def notify(self, event, *args):
        """Pass an event to every feature; see `Feature`."""
        for feature in self.features:
            notify(feature, event, *args)

    def start(self, cause, now):
        """The device started: cause is power, restart or wake; now is uptime in seconds."""
        self.switched_on = self.booting = cause != "restart"
        if cause == "power":
            self.outbox.uptime_ends()
            self.notify("uptime_ends")
        self.outbox.clean(True)
        self.errands.cut_off(now)
        self.clock.begin(cause, now)  # first, as the others ask it for the time
        self.notify("start", cause, now)

    def read(self, message, now):
        """Read a message; return the Request to be carried out, or None if nothing is left to do.

        now: uptime in seconds.
        """
        if message.id in self.record["ids"]:
            self.log("message: refused, a copy of an earlier one")
            return None
        # What changes nothing and is no command need not be remembered.
        before, self.dirty = self.dirty, False
        if message.stamp is not None:
            self.clock.message_time(message.stamp, now)
        request = self.interpreter.read(message, now)
        if request is not None:
            request.changed = self.dirty
        elif self.dirty:
            self._remember(message)
        self.dirty = self.dirty or before
        return request

    def carry_out(self, request):
        """Carry out what `read` returned."""
        before, self.dirty = self.dirty, request.changed
        message = request.message
        watched = self.security.watched()
        self.interpreter.carry_out(request)
        self.security.look(watched, message.who, message.number, request.text)
        if self.dirty:
            self._remember(message)
        self.dirty = self.dirty or before

    def _remember(self, message):
        self.record["ids"] = (self.record["ids"] + [message.id])[-_IDS:]

    def factory_reset(self, now):
        """Forget every setting, list, rule and log; the caller then restarts the chip.

        The ids of messages stay: a late copy of an old one must not act on the reset device.
        """
        kept = {"ids": self.record["ids"]}
        for feature in self.features:
            if feature.survives_reset:
                kept[feature.section] = feature.state
        watched = self.security.watched()
        self.record, self.settings = self._load(self.features, kept)
        self.notify("reset", now)
        self.security.look(watched, "button", "", "factory reset")
        self.dirty = self.restart_wanted = True

    def reading(self, value, now):
        """Take a temperature reading: 1/16 degree Celsius, or None if it failed."""
        self.reading_wanted = False
        if self.thermometer is not None:
            self.notify("reading", self.thermometer.take(value, now), now)

    def mains(self, on, now):
        """Mains power failed, or came back after 2 s or more. now: when it did."""
        self.switched_on = self.switched_on or on
        self.notify("mains", on, now)

    def next_deadline(self):
        """Return the uptime in seconds at which `tick` is wanted, or None."""
        deadlines = [deadline for _, deadline in self._deadlines()]
        return min(deadlines) if deadlines else None

    def tick(self, now):
        """Call the features whose deadline has come."""
        for feature, deadline in self._deadlines():
            if deadline <= now:
                feature.tick(now)

    def _deadlines(self):
        """Yield (feature, deadline) of every feature that has a deadline."""
        for feature in self.features:
            if hasattr(feature, "deadline"):
                deadline = feature.deadline()
                if deadline is not None:
                    yield feature, deadline

    def fault(self, what, error):
        """A handler failed: go back to the last commit, so that nothing is half done."""
        self.faults += 1
        # Only the error's type: its text may quote the message.
        self.log("fault in " + what + ": " + type(error).__name__)
        self.record, self.settings = self._load(self.features)
        self.outbox.clean()
        self.dirty = True
