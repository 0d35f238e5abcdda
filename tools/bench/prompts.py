# SPDX-License-Identifier: MIT
"""Where typed lines come from and shown ones go: a prompt on a terminal, or standard input."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter

CHUNK = 65536
WORDS = [
    "button press",
    "chip restarts",
    "contact closed",
    "contact open",
    "help",
    "mains off",
    "mains on",
    "network back",
    "network lost",
    "power cycle",
    "quit",
    "socket off",
    "socket on",
    "speed",
    "temperature",
    "trace off",
    "trace on",
    "wait",
]


class Lines(Protocol):
    """A conversation's two directions."""

    async def next(self) -> str | None:
        """Return the next line that is typed, None if there are no more."""
        ...

    def show(self, text: str) -> None:
        """Show text, of one or more lines."""
        ...


class Prompt:
    """A person at a terminal, with history and completion."""

    def __init__(self) -> None:
        completer = WordCompleter(WORDS, sentence=True)
        self._prompt: PromptSession[str] = PromptSession(
            completer=completer, reserve_space_for_menu=0
        )

    async def next(self) -> str | None:
        try:
            return await self._prompt.prompt_async("> ", handle_sigint=False)
        except (EOFError, KeyboardInterrupt):
            return None

    def show(self, text: str) -> None:
        # Above the prompt and what is typed in it. Not by run_in_terminal(): that leaves raw mode
        # for each line, and a key that is struck in that moment is the terminal driver's.
        app = self._prompt.app
        if app.is_running:
            app.renderer.erase()
        app.output.write_raw(text.replace("\n", "\r\n") + "\r\n")
        app.output.flush()
        if app.is_running:
            app.renderer.reset()
            app.renderer.request_absolute_cursor_position()
            app.invalidate()


class StandardInput:
    """A pipe or a file, read in a thread that is left behind: a read cannot be ended."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), daemon=True).start()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        # Not by sys.stdin: its lock, held by a thread that is left behind, aborts the interpreter.
        rest = b""
        while data := os.read(0, CHUNK):
            *lines, rest = (rest + data).split(b"\n")
            if not all(self._put(loop, line) for line in lines):
                return
        if rest:
            self._put(loop, rest)
        self._put(loop, None)

    def _put(self, loop: asyncio.AbstractEventLoop, line: bytes | None) -> bool:
        """Hand a line to the conversation; return False if that is over."""
        text = None if line is None else line.decode("utf-8", "replace")
        try:
            loop.call_soon_threadsafe(self._lines.put_nowait, text)
        except RuntimeError:  # the loop is closed
            return False
        return True

    async def next(self) -> str | None:
        return await self._lines.get()

    def show(self, text: str) -> None:
        print(text, flush=True)
