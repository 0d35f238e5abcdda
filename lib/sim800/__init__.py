# SPDX-License-Identifier: MIT
"""SIM800 modem: AT engine, SMS codec and link. It does not know what the messages are for."""

import sys


def const(value):
    """Return the value.

    MicroPython's compiler replaces a `_NAME = const(...)` by its value throughout the module, so
    that the name takes no memory. CPython calls this function.
    """
    return value


def release(name):
    """Forget a module that is seldom needed, so that the next collection frees its memory.

    Code of the module that is still running keeps what it needs.
    """
    package, _, attribute = name.rpartition(".")
    # MicroPython's dict keeps a deleted key's value until the place is reused: overwrite it first.
    sys.modules[name] = None  # type: ignore[assignment]
    del sys.modules[name]
    setattr(sys.modules[package], attribute, None)
    delattr(sys.modules[package], attribute)
