# SPDX-License-Identifier: MIT
"""Starts boot.py and main.py on the VM as the board does, with the chip of this folder.

Runs in place of the application (see vm_main.py). asyncio.run() makes a task: on this VM the loop
is the host's; or it blocks, see console.py. Files are the world's, and a file is committed when it
is closed. MicroPython.
"""

import asyncio
import builtins
import io
import sys

import wire

sys.path.append("tools/bench/runners/chip")
import console
import machine

_real_open = open


class File(io.IOBase):
    """A file of the board's that is written: the world has it when it is closed."""

    def __init__(self, path, mode):
        self._path = path
        self._call = "file.append" if mode[0] == "a" else "file.commit"

    def write(self, data):
        """Append."""
        wire.give((data.encode() if type(data) is str else bytes(data)).hex())
        return len(data)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        failed = wire.call(self._call, self._path + " ")
        if failed:
            raise OSError(failed)


def _load(path):
    """Return a file of the board's, None if there is none."""
    loaded = wire.load("file.load", path)
    return _real_open(loaded, "rb") if loaded else None


class Os:
    """`os` over the world's files."""

    def stat(self, path):
        """Return a file's state; its size is number 6."""
        file = _load(path)
        if file is None:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, file.seek(0, 2), 0, 0, 0)

    def remove(self, path):
        """Remove a file."""
        wire.call("file.remove", path)

    def rename(self, old, new):
        """Give a file another name."""
        wire.call("file.rename", old + " " + new)


def _open(path, mode="r"):
    if path[0] != "/":
        return _real_open(path, mode)
    if mode[0] != "r":
        return File(path, mode)
    file = _load(path)
    if file is None:
        raise OSError(2)
    return file if "b" in mode else io.StringIO(file.read().decode())


def _input(name, arg):
    if name == "uart":
        for uart in machine.uarts.values():
            uart.put(bytes.fromhex(arg))
    elif name == "pin":
        number, _, level = arg.partition(" ")
        machine.levels[int(number)] = int(level)
    elif name == "repl":
        if _blocking:
            console.lines.append(arg)
        else:
            asyncio.create_task(_repl(arg))


async def _repl(line):
    """Do a line as the REPL would; log what it would print."""
    try:
        try:
            value = eval(line, _names)
            if isinstance(value, asyncio.Task):  # asyncio.run(), on this VM
                value = await value
            if value is not None:
                wire.emit("log", repr(value))
        except SyntaxError:
            exec(line, _names)
    except Exception as error:
        sys.print_exception(error)


def _do(line):
    """Do a line at the REPL after main.py."""
    try:
        value = eval(line, _names)
        if value is not None:
            wire.emit("log", repr(value))
    except SyntaxError:
        exec(line, _names)


_names: dict = {}
_blocking: list = []


def _run(name):
    with _real_open(name) as file:
        source = file.read()
    exec(compile(source, name, "exec"), {"__name__": "__main__"})


async def run_forever(board):
    """Start the board; `board` is the bench's, of which only the configuration is used."""
    config = board.config
    machine.started["cause"] = board.reset_cause
    for number, level in config["levels"].items():
        machine.levels[int(number)] = level
    real = __import__("time")
    sys.modules["time"] = machine.time = machine.Time(real)
    sys.modules["os"] = Os()
    builtins.open = _open
    if config["blocking"]:
        _blocking.append(True)
        console.begin()
    else:
        asyncio.run = asyncio.create_task
    asyncio.StreamReader = machine.StreamReader
    wire.on_input(_input)
    pins = __import__(config["board"], None, None, ("MODEL",))
    for name, value in config["changes"].items():
        setattr(pins, name, value)
    sys.modules["firmware"].board = sys.modules["firmware.board"] = pins
    if _blocking:
        if console.script(_run, "boot.py"):
            console.script(_run, "main.py")
        console.repl(_do)
    _run("boot.py")
    _run("main.py")
    await asyncio.Event().wait()
