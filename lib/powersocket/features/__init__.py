"""One file a chapter of the manual; `powersocket.models` says which models have which of them."""


class Feature:
    """A function of the manual as a vertical slice: its settings, commands, state and events.

    commands: rows of (pattern, name of the method that does it, what kind it is). The last
    character of a pattern says what follows the name: nothing special if it is a letter or `?`;
    `=`, `+`, `-`: an argument; `#`: digits at once (ON30); `@`: letters or digits at once; `*`: an
    argument that begins with the star. Kinds are those of the manual: "Conf" configures and is
    limited by the configuration window; "Inf" tells; "" acts (Ctrl); "always" likewise, and its
    reply is sent with SMSCONFIRM=OFF, too; "signal" likewise, and its reply shows the signal.
    The docstring of a method is its row in docs/commands.md: manual chapter, then the reply.
    parameters: its settings; each gets `NAME=` and `NAME?` without another word.
    section: the name of its part of the record, "" if it keeps no state; record.py says what is in
    it; survives_reset: a factory reset leaves it.

    Events are methods that a feature has if it cares (now: uptime in seconds):

    uptime_ends()                   all power was gone: what is kept as uptime is void from now on
    start(cause, now)               the device started: cause is power, restart or wake
    reset(now)                      all settings went back to the factory's
    parameter_changed(name, now)    one of this feature's parameters was set by a command
    security_changed(now)           SECLIST or PASSWORD was changed
    reading(value, now)             a temperature was read: 1/16 degree Celsius; the last good one
                                    if the reading failed, None if there is none
    mains(on, now)                  mains power went, or came back after 2 s or more
    errand_done(kind, note, result, now)  result is None if a restart cut it off
    deadline()                      the uptime in seconds at which `tick` is wanted, or None
    tick(now)                       the deadline has come
    status(now)                     its lines of STATUS
    """

    commands: tuple = ()
    parameters: tuple = ()
    section = ""
    survives_reset = False

    def __init__(self, device):
        self.device = device

    @property
    def state(self):
        """This feature's part of the record; `change` changes it."""
        return self.device.record[self.section]

    def change(self, **values):
        """Change entries of the state; the record is committed only if one of them differs."""
        state = self.state
        for key in values:
            if state[key] != values[key]:
                state[key] = values[key]
                self.device.dirty = True

    def rows(self):
        """Yield its commands, and those that follow from its parameters; see `Request`."""
        yield from self.commands
        for parameter in self.parameters:
            for form in parameter.forms:
                yield parameter.name + form, parameter, "Inf" if form == "?" else "Conf"

    def assign(self, parameter, request):
        """Carry out `NAME=value`, or `+` or `-` of a list; return the reply."""
        device, name, form = self.device, parameter.name, request.form
        value, shown = parameter.take(form, request.argument, device.settings[name])
        device.set(name, value)
        notify(self, "parameter_changed", name, request.now)
        return name + form + shown + " - OK"

    def query(self, parameter, request):
        """Carry out `NAME?`; return the reply."""
        return parameter.answer(self.device.settings[parameter.name])


def notify(feature, event, *args):
    """Let a feature hear of an event if it cares."""
    handler = getattr(feature, event, None)
    if handler is not None:
        handler(*args)
