"""SIM800 modem: AT engine, SMS codec and link. Knows nothing of what the messages are for."""

import sys


def const(value):
    """Return the value.

    MicroPython's compiler knows the word: it puts the value of `_NAME = const(..)` wherever the
    name stands, and the name itself takes no memory. CPython calls this function.
    """
    return value


def release(name):
    """Forget a module that is needed seldom, so that the next collection frees its memory.

    What still runs in it keeps what it needs.
    """
    package, _, attribute = name.rpartition(".")
    # MicroPython's dict keeps the value of a deleted key until its place is used again.
    sys.modules[name] = None  # type: ignore[assignment]
    del sys.modules[name]
    setattr(sys.modules[package], attribute, None)
    delattr(sys.modules[package], attribute)
