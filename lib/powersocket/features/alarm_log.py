"""The log of the sensor's activations: SHOWALARMLOG (manual chapter 9.5)."""

_MOST = 10  # entries
_UNSET = "not set"  # in place of the time while the clock was not set


def add(log, when):
    """Return the log with one more entry, its oldest dropped if they are too many.

    log: texts, oldest first; when: `yy/mm/dd,hh:mm:ss`, None while the clock is not set.
    """
    entry = _UNSET if when is None else when[:8] + ":" + when[9:14]
    return (log + [entry])[-_MOST:]


def show(log):
    """Return the log, a line an entry, the newest last; damaged entries are left out."""
    lines = [entry for entry in log if type(entry) is str]
    return "\n".join(lines) or "No alarms!"
