"""What every feature is made of: parameters, commands, a state, and the events it hears."""

from powersocket.commands import CONF, INF, QUERY


class Feature:
    """A function of the manual as a vertical slice.

    parameters: its settings; each gets `NAME=` and `NAME?` without another word.
    section: the name of its part of the record, "" if it keeps no state; defaults: what a part is
    made of at the factory; survives_reset: a factory reset leaves it. The docstring of a handler
    is its row in `docs/commands.md`: manual chapter, then the reply.
    """

    parameters: tuple = ()
    section = ""
    defaults: dict = {}
    survives_reset = False

    def __init__(self, device):
        self.device = device

    @property
    def state(self):
        """This feature's part of the record; say `device.changed()` after changing it."""
        return self.device.record[self.section]

    # --- events; a feature overrides what it cares for ---

    def start(self, cause, now):
        """The device started: cause is power, restart or wake; now is uptime in seconds."""

    def reset(self, now):
        """All settings went back to the factory's."""

    def parameter_changed(self, name, now):
        """One of this feature's parameters was set by a command."""

    def security_changed(self, now):
        """SECLIST or PASSWORD was changed."""

    def reading(self, value, now):
        """A temperature was read: 1/16 degree Celsius; the last good one if the reading failed.

        None if there is none, or if the sensor counts as failed.
        """

    def contact(self, closed, now):
        """The sensor input's loop changed, or is so at the start."""

    def button(self, ms, now):
        """The hidden button was released after so many milliseconds."""

    def mains(self, on, now):
        """Mains power went, or came back after 2 s or more; now is when it did."""

    def network_time(self, local, quarters, now):
        """The network told the time: local seconds since 2000, quarter hours from GMT."""

    def message_time(self, stamp, now):
        """A message's time stamp, before the message is carried out."""

    def errand_done(self, kind, argument, note, result, now):
        """An errand ended; result is None if a restart cut it off."""

    def deadline(self):
        """Return the uptime in seconds at which `tick` is wanted, or None."""
        return

    def tick(self, now):
        """The deadline, or another feature's, has come."""

    def status(self, now):
        """Return this feature's lines of STATUS."""
        return ()

    # --- commands: its own, and those that follow from a parameter ---

    def commands(self):
        """Return (form, name, kind, method name, flags..) of each command of its own."""
        return ()

    def assign(self, parameter, request):
        """Carry out `NAME=value`, or `+` or `-` of a list; return the reply."""
        name, form = parameter.name, request.command.form
        value, shown = parameter.take(form, request.argument, self.device.get(name))
        self.device.set(name, value)
        self.parameter_changed(name, request.now)
        return name + form + shown + " - OK"

    def query(self, parameter, request):
        """Carry out `NAME?`; return the reply."""
        return parameter.answer(self.device.get(parameter.name))

    def rows(self):
        """Yield (form, name, kind, what, flags) of each command; see `Command`."""
        for row in self.commands():
            yield row[0], row[1], row[2], row[3], row[4:]
        for parameter in self.parameters:
            for name in (parameter.name,) + parameter.aliases:
                for form in parameter.forms:
                    yield form, name, INF if form == QUERY else CONF, parameter, ()
