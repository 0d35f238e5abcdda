"""SIM800 modem: AT engine, SMS codec and link. Knows nothing of what the messages are for."""


def const(value):
    """Return the value.

    MicroPython's compiler knows the word: it puts the value of `_NAME = const(..)` wherever the
    name stands, and the name itself takes no memory. CPython calls this function.
    """
    return value
