# SPDX-License-Identifier: MIT
"""What the board's C code does around boot.py and main.py: scripts, Ctrl-C, the REPL. MicroPython.

Here asyncio.run() does not return until it is over, as on the board, so that a KeyboardInterrupt
comes out of it; without that it would end in the VM's own loop. The collector never runs
meanwhile, so this is for minutes of board time. Source: ports/esp32/main.c,
shared/runtime/pyexec.c and extmod/asyncio/core.py at 1.24.
"""

import asyncio
import sys
import time

import micropython
import wire

core = sys.modules["asyncio.core"]


def begin():
    """Give asyncio the board's loop."""
    core._schedule_run_iter = lambda delay: None  # the VM's timer
    asyncio.run = _run
    asyncio.new_event_loop()
    core.cur_task = None


def script(run, name):
    """Run a script; tell whether it ended well. Ctrl-C is heard while it runs."""
    try:
        micropython.kbd_intr(3)
        run(name)
        micropython.kbd_intr(-1)
        return True
    except KeyboardInterrupt as error:
        micropython.kbd_intr(-1)
        sys.print_exception(error)
    except Exception as error:
        micropython.kbd_intr(-1)
        sys.print_exception(error)
    return False


def repl(do):
    """Do lines as they come, for ever; Ctrl-C ends a line."""
    wire.emit("repl", "")
    while True:
        wire.idle(-1)
        while lines:
            script(do, lines.pop(0))


lines: list = []  # typed, to be done


def _run(coro):
    main = core.create_task(coro)
    while True:
        task = core._task_queue.peek()
        delay = -1 if task is None else max(0, time.ticks_diff(task.ph_key, time.ticks_ms()))
        if delay:
            core.cur_task = None
            wire.idle(delay)
            continue
        task = core._task_queue.pop()
        core.cur_task = task
        try:
            _step(task)
        except (asyncio.CancelledError, Exception) as error:
            if task is main:
                core.cur_task = None
                if isinstance(error, StopIteration):
                    return error.value
                raise error
            _over(task, error)


def _step(task):
    error = task.data
    if error:
        task.data = None
        task.coro.throw(error)
    else:
        task.coro.send(None)


def _over(task, error):
    """Wake who waits for a task that has ended."""
    if task.state is None:
        core.Loop.call_exception_handler(
            {"message": "Task exception wasn't retrieved", "exception": error, "future": task}
        )
        return
    waited = False
    if task.state is True:
        task.state = None
    else:
        while task.state.peek():
            core._task_queue.push(task.state.pop())
            waited = True
        task.state = False
    if not waited and not isinstance(error, (asyncio.CancelledError, StopIteration)):
        core._task_queue.push(task)
    task.data = error
