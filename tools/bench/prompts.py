"""Where typed lines come from and shown ones go: a prompt on a terminal, or standard input."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.shortcuts import print_formatted_text

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
            with patch_stdout(raw=True):
                return await self._prompt.prompt_async("> ", handle_sigint=False)
        except (EOFError, KeyboardInterrupt):
            return None

    def show(self, text: str) -> None:
        print_formatted_text(ANSI(text))


class StandardInput:
    """A pipe or a file. Read in a thread that is left behind at the end: a read cannot be ended."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), daemon=True).start()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        line: str | None = ""
        while line is not None:
            data = sys.stdin.buffer.readline()
            line = data.decode("utf-8", "replace") if data else None
            try:
                loop.call_soon_threadsafe(self._lines.put_nowait, line)
            except RuntimeError:  # the loop is closed: the conversation is over
                return

    async def next(self) -> str | None:
        return await self._lines.get()

    def show(self, text: str) -> None:
        print(text, flush=True)
