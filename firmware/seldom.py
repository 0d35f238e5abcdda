"""Modules that are in memory only while they are used: once a start, or seldom.

Each is imported by a synchronous function that uses it and releases it before it returns (see
`sim800.release`): the locals of a coroutine that waits would keep it alive, and so would an object
that lives on, if its class were defined there. On purpose sim800.recovery is kept by its coroutine
until that has ended, and sim800.concat while parts of a message wait. Nothing that a message or an
alarm needs is here: an answer must not wait for flash.
"""

from powersocket import const
from sim800 import release

__all__ = ("release",)

# For the reader, and for host_tests/test_seldom.py: the compiler drops it.
_SELDOM = const(
    "firmware.compose "  # builds the application
    "firmware.crash "  # writes a crash down
    "firmware.debug "  # for a person at the REPL, who releases it by a restart
    "firmware.pins "  # checks the pin map
    "firmware.selftest "  # likewise
    "firmware.restore "  # reads the record from flash
    "powersocket.models "  # the tables of the models
    "powersocket.record "  # completes and checks a record that was loaded
    "sim800.clock "  # reads the time that the network sends
    "sim800.concat "  # puts messages in parts together: no command is so long
    "sim800.recovery"  # leads the modem on line
)
