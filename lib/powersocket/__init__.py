# SPDX-License-Identifier: MIT
"""The socket's behaviour in plain Python: no pins, no UART, no await, no clock of its own."""


def const(value):
    """Return the value.

    MicroPython's compiler replaces a `_NAME = const(...)` by its value throughout the module, so
    that the name takes no memory.
    """
    return value
