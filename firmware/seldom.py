"""Modules that are in memory only while they are used: once a start, or seldom.

Each is imported by a synchronous function that uses it and releases it before it returns: the
locals of a coroutine that waits would keep it alive. So would an object that lives on, if its
class or function were defined there. Nothing that a message or an alarm needs is here: an answer
must not wait for flash.
"""

import sys

# In one string, which takes less memory than nine.
SELDOM = (
    "firmware.compose "  # builds the application
    "firmware.crash "  # writes a crash down
    "firmware.debug "  # for a person at the REPL, who releases it by a restart
    "firmware.pins "  # checks the pin map
    "firmware.selftest "  # likewise
    "firmware.restore "  # reads the record from flash
    "powersocket.models "  # the tables of the models
    "powersocket.record "  # completes and checks a record that was loaded
    "sim800.clock"  # reads the time that the network sends
)


def release(name):
    """Forget a module, so that the next collection frees it."""
    package, _, attribute = name.rpartition(".")
    # MicroPython's dict keeps the value of a deleted key until its place is used again.
    sys.modules[name] = None  # type: ignore[assignment]
    del sys.modules[name]
    setattr(sys.modules[package], attribute, None)
    delattr(sys.modules[package], attribute)
