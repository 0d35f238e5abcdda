# SPDX-License-Identifier: MIT
"""The application that runs portable tests on the MicroPython VM; see vm_harness.py.

`board.config` says what: `folder` (its modules are imported by their bare names, as pytest does),
`module`, `tests`. Each test begins with the call `test.begin` - a call, not an output, so that
the host knows which one runs even if it never becomes idle - and ends with the output
`test.passed` or `test.failed`.
"""

import asyncio
import io
import sys

SETTLE = 5  # rounds of the scheduler after a test in which tasks that it lost are noticed


async def run_forever(board):
    """Run the tests; return when all are through."""
    wire = board._wire
    sys.path.append(board.config["folder"])
    module = __import__(board.config["module"])
    for name in board.config["tests"]:
        wire.call("test.begin", name)
        try:
            result = getattr(module, name)()
            if result is not None:
                await result
            for _ in range(SETTLE):
                await asyncio.sleep(0)
        except Exception as error:
            text = io.StringIO()
            sys.print_exception(error, text)
            wire.emit("test.failed", text.getvalue())
            return  # what the test left behind must not spoil the next: the host restarts the VM
        wire.emit("test.passed", name)
    wire.emit("test.done", "")
