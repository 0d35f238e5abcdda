# SPDX-License-Identifier: MIT
"""One file per chapter of the manual; `powersocket.models` says which model has which features."""


class Feature:
    """A function of the manual as a vertical slice: its settings, commands, state and events.

    commands: rows of (pattern, name of the method, kind). The last character of a pattern says
    what follows the name: a letter or `?`: nothing; `=`, `+`, `-`: an argument; `#`: digits
    without a blank (ON30); `@`: letters or digits without a blank; `*`: an argument that begins
    with the star; a blank: an argument after a blank. The kinds are those of the manual: "Conf"
    configures, and only within the configuration window; "Inf" reports; "" acts (the manual's
    Ctrl); "always" acts, and its reply is sent even with SMSCONFIRM=OFF; "signal" is as "always",
    and its reply shows the signal.
    The docstring of a method is its reply in docs/commands.md; powersocket/handbook.py has what
    else is to be said of a command.
    parameters: its settings; each gets the commands `NAME=` and `NAME?`.
    section: the name of its part of the record, "" if it has none; record.py says what is in it;
    survives_reset: a factory reset leaves it.

    A feature has a method for each event that it handles (now: uptime in seconds):

    uptime_ends()                   all power was lost: stored uptimes are void from now on
    start(cause, now)               the device started: cause is power, restart or wake
    reset(now)                      all settings went back to the factory defaults
    parameter_changed(name, now)    one of this feature's parameters was set by a command
    security_changed(now)           SECLIST or PASSWORD was changed
    reading(value, now)             a temperature was read: 1/16 degree Celsius; the last good one
                                    if the reading failed, None if there is none
    mains(on, now)                  mains power failed, or came back after 2 s or more
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
        """This feature's part of the record; use `change` to change it."""
        return self.device.record[self.section]

    def change(self, **values):
        """Change entries of the state; the record is committed only if one of them differs."""
        state = self.state
        for key in values:
            if state[key] != values[key]:
                state[key] = values[key]
                self.device.dirty = True

    def rows(self):
        """Yield the rows of its commands and of its parameters' commands; see `Request`."""
        yield from self.commands
        for parameter in self.parameters:
            for form in parameter.forms:
                yield parameter.name + form, parameter, "Inf" if form == "?" else "Conf"

    def assign(self, parameter, request):
        """Carry out `NAME=value`, or a list's `NAME+` or `NAME-`; return the reply."""
        device, name, form = self.device, parameter.name, request.form
        value, shown = parameter.take(form, request.argument, device.settings[name])
        device.set(name, value)
        notify(self, "parameter_changed", name, request.now)
        return name + form + shown + " - OK"

    def query(self, parameter, request):
        """Carry out `NAME?`; return the reply."""
        return parameter.answer(self.device.settings[parameter.name])


def notify(feature, event, *args):
    """Call a feature's method for an event, if it has one."""
    handler = getattr(feature, event, None)
    if handler is not None:
        handler(*args)
