# SPDX-License-Identifier: MIT
r"""Reads serial logs that people posted (host_tests/traces/*.trace), and plays them to lib/sim800.

A trace begins with `name: value` lines, up to an empty one:

    source    where it was posted: OWNER/REPOSITORY#NUMBER, or the title and address of a page
    module    what said it; shows: what is to be seen in it
    changed   what is not as posted (numbers, mostly); added: what the post does not have
    habits    the habits of the simulated modem that are like it, to try the supervisor with

Then, line by line, with \r, \n, \xHH and \\ for what cannot be written:

    > AT+CSQ\r         the driver gives this command
    >> AT+CGMM\r       the same; its lines come without a prefix
    do ussd *100#      it does something else: send, list, dial NUMBER, ussd CODE
    < \r\nOK\r\n       the modem says this
    later 0.2 OK\r\n   it will say this in so many seconds, whatever else goes on
    wait 3             so many seconds pass
    = OK               what came of the command, line by line; it is over with the last of them
    ! registration 1   what the driver makes of it: see `Player`
    # anything

Posts that show lines and no bytes are framed as the module frames them (gammu-137.trace).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim800 import sms
from sim800.errors import AtError, AtTimeout, ModemError
from sim800.modem import Modem

FOLDER = Path(__file__).parent / "traces"
NUMBER, TEXT = "+358401111111", "Hello"  # what `do send` sends

_ESCAPES = {"r": "\r", "n": "\n", "\\": "\\"}
LONGEST = 100  # s, for what the driver does


class TraceError(ValueError):
    """A line that cannot be read."""


@dataclass
class Trace:
    """One log. `steps`: (kind, argument) of each line; bytes are str, one character a byte."""

    name: str
    head: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)


def _unescape(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] == "x" else _ESCAPES[code]

    return re.sub(r"\\(x[0-9a-f]{2}|[rn\\])", plain, text)


def read(path: Path) -> Trace:
    """Return the trace in a file. Raises TraceError."""
    trace = Trace(path.stem)
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    for line in head.splitlines():
        name, colon, value = line.partition(": ")
        if not colon:
            raise TraceError(f"{path.name}: {line}")
        trace.head[name] = value
    for line in body.splitlines():
        kind, _, rest = line.partition(" ")
        if kind in _STEPS:
            raw = kind in (">", ">>", "<", "later")
            trace.steps.append((kind, _unescape(rest) if raw else rest))
        elif line and not line.startswith("#"):
            raise TraceError(f"{path.name}: {line}")
    return trace


def traces() -> list[Trace]:
    """Return all of them."""
    return [read(path) for path in sorted(FOLDER.glob("*.trace"))]


class PostedUart:
    """A UART port whose other end says what the trace has.

    AT behind an ESC is the link's own, which makes sure of the modem: it gets its OK.

    Attributes:
        sent: the commands written, but for those.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self._received = b""
        self._event = asyncio.Event()
        self._escaped = False

    async def read(self) -> bytes:
        while not self._received:
            self._event.clear()
            await self._event.wait()
        data, self._received = self._received, b""
        return data

    def put(self, text: str) -> None:
        self._received += text.encode("latin-1")
        self._event.set()

    def write(self, data: bytes) -> None:
        escaped, self._escaped = self._escaped, data == b"\x1b\r"
        if escaped and data == b"AT\r":
            self.put("\r\nOK\r\n")
        elif not self._escaped:
            self.sent.append(data.decode("latin-1"))


class Player:
    """A driver that lives through a trace.

    Its `! NAME VALUE` lines hold, at their place: `urc LINE` (came next), `mail` (there is some),
    `hint SLOT`, `unreadable SLOT` (what was listed there is no PDU), `caller NUMBER`,
    `call STATE`, `registration N`, `sim TEXT`, `restarted`, `dropped N` (lines so far).
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._log: list[str] = []
        self._urcs: list[str] = []
        self._callers: list[str] = []
        self._entries: dict[int, str] = {}
        self._results: list[str] | None = None
        self._doing: asyncio.Task[list[str]] | None = None

    async def play(self) -> None:
        """Raises AssertionError where the driver makes something else of it."""
        self.uart = PostedUart()
        modem = self.modem = Modem(self.uart, self._log.append, lambda: None)
        self._record()
        tasks = [
            asyncio.ensure_future(run)
            for run in (modem.read_forever(), modem.calls.run_forever(), self._collect_callers())
        ]
        for number, (kind, rest) in enumerate(self._trace.steps):
            try:
                await getattr(self, "_" + _STEPS[kind])(rest)
            except AssertionError as error:
                place = f"{self._trace.name}, step {number}: {kind} {rest!r}"
                raise AssertionError(f"{place}\n{error}\n" + "\n".join(self._log[-6:])) from None
        for task in (*tasks, self._doing):
            if task is not None:
                task.cancel()

    def _record(self) -> None:
        handle = self.modem.handle_urc

        def record(line: str, extra: str | None) -> None:
            self._urcs.append(line)
            handle(line, extra)

        self.modem.handle_urc = record

    async def _collect_callers(self) -> None:
        while True:
            self._callers.append(await self.modem.calls.incoming())

    # -- what the driver does -------------------------------------------------------------------

    async def _command(self, line: str, plain: bool = False) -> None:
        text = line.removesuffix("\r")
        asks = text.endswith("?") or "=" not in text
        name = re.match(r"AT(\+[A-Z]+)", text)
        prefix = "" if plain else name[1] + ":" if name and asks else None
        await self._begin(lambda: self.modem.command(text, prefix, LONGEST / 2))
        assert self.uart.sent[-1] == text + "\r"

    async def _plain(self, line: str) -> None:
        await self._command(line, plain=True)

    async def _do(self, what: str) -> None:
        verb, _, rest = what.partition(" ")
        await self._begin(lambda: getattr(self, "_" + verb)(rest))

    async def _send(self, _: str) -> list[str]:
        octets, body = sms.encode_submit(NUMBER, TEXT, 0)[0]
        return [f"reference {await self.modem.send_pdu(octets, body)}"]

    async def _list(self, _: str) -> list[str]:
        self._entries = dict(await self.modem.list_messages(8))
        return [*(f"entry {slot} {body}" for slot, body in self._entries.items()), "OK"]

    async def _ussd(self, code: str) -> list[str]:
        return ["text " + await self.modem.ussd(code)]

    async def _dial(self, number: str) -> list[str]:
        return [await self.modem.calls.dial(number)]

    async def _begin(self, what: Callable[[], Awaitable[Any]]) -> None:
        assert self._doing is None, "the last command is not over"

        async def doing() -> list[str]:
            try:
                result = await what()
            except ModemError as error:
                return [self._named(error)]
            return result if isinstance(result, list) and self._ends(result) else [*result, "OK"]

        self._results = None
        sent = len(self.uart.sent)
        self._doing = asyncio.ensure_future(doing())
        while len(self.uart.sent) == sent and not self._doing.done():
            await asyncio.sleep(0.001)

    @staticmethod
    def _ends(result: list[str]) -> bool:
        words = ("reference", "text", "answered", "OK")
        return bool(result) and result[-1].split(" ")[0] in words

    def _named(self, error: ModemError) -> str:
        if error.given or "CMGS" in str(error):
            return "fate " + error.fate
        if "no answer to" in str(error):
            return "no text"
        if isinstance(error, AtTimeout):
            return "no answer"
        return error.result if isinstance(error, AtError) else "restarted"

    # -- what the modem says, and what comes of it ----------------------------------------------

    async def _says(self, text: str) -> None:
        self.uart.put(text)
        await asyncio.sleep(0.01)

    async def _later(self, text: str) -> None:
        seconds, _, said = text.partition(" ")
        asyncio.get_running_loop().call_later(float(seconds), self.uart.put, said)

    async def _wait(self, seconds: str) -> None:
        await asyncio.sleep(float(seconds))

    async def _result(self, line: str) -> None:
        if self._results is None:
            assert self._doing is not None, "nothing is being done"
            self._results = await asyncio.wait_for(self._doing, LONGEST)
        assert self._results and self._results[0] == line, f"it is {self._results}"
        self._results = self._results[1:]
        if not self._results:
            self._results = self._doing = None

    async def _holds(self, what: str) -> None:
        name, _, value = what.partition(" ")
        found, wanted = getattr(self, "_see_" + name)(value)
        assert found == wanted, f"it is {found!r}"

    def _see_urc(self, line: str) -> tuple[Any, Any]:
        return (self._urcs.pop(0) if self._urcs else None), line

    def _see_mail(self, _: str) -> tuple[Any, Any]:
        return self.modem.mail.is_set(), True

    def _see_hint(self, slot: str) -> tuple[Any, Any]:
        return self.modem.mail_slots, [int(slot)]

    def _see_unreadable(self, slot: str) -> tuple[Any, Any]:
        try:
            return sms.decode(self._entries[int(slot)]), None
        except sms.PduError:
            return None, None

    def _see_caller(self, number: str) -> tuple[Any, Any]:
        return self._callers, [number]

    def _see_call(self, state: str) -> tuple[Any, Any]:
        return self.modem.calls.state, state

    def _see_registration(self, stat: str) -> tuple[Any, Any]:
        return self.modem.registration, int(stat)

    def _see_sim(self, text: str) -> tuple[Any, Any]:
        return self.modem.sim, text

    def _see_restarted(self, _: str) -> tuple[Any, Any]:
        return self.modem.restarted, True

    def _see_dropped(self, count: str) -> tuple[Any, Any]:
        return self.modem.unknown_lines, int(count)


_STEPS = {
    ">": "command",
    ">>": "plain",
    "do": "do",
    "<": "says",
    "later": "later",
    "wait": "wait",
    "=": "result",
    "!": "holds",
}
