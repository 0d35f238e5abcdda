# SPDX-License-Identifier: MIT
"""How an AT command is described: one small function each, registered by name and form.

A handler is given the modem and its `Request`. It writes information lines with `modem.info()`,
raises `AtError`, and returns; "OK" follows by itself. If it takes time on the way it is a
generator: it yields milliseconds, or `PROMPT` to be given the body (None after ESC). `NO_FINAL`,
returned or yielded last, leaves the final result out.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

PROMPT = "prompt"
NO_FINAL = "no final"

EXECUTE, READ, WRITE, TEST = "", "?", "=", "=?"

Steps = Generator[int | str, bytes | None, str | None]
# The first is a `Module`: what it is made of imports this file.
Handler = Callable[[Any, "Request"], "Steps | str | None"]


class AtError(Exception):
    """A command that fails: kind "CME" or "CMS" and its code; kind "" is a bare ERROR."""

    def __init__(self, kind: str = "", code: int = 0) -> None:
        super().__init__(f"{kind} {code}")
        self.kind = kind
        self.code = code


class UnknownCommand(AtError):
    """A command that the modem does not know: CME 100 of a SIM800, a bare ERROR of the others."""

    def __init__(self) -> None:
        super().__init__("CME", 100)


@dataclass(frozen=True)
class Latency:
    """Milliseconds to the answer: what is usual, and the AT manual's maximum response time."""

    typical: int
    maximum: int


LOCAL = Latency(5, 300)  # the manual gives no maximum
SIM = Latency(20, 5000)  # CPIN, CSCA, CMGR, CMGD of one message
CALL = Latency(80, 20000)


@dataclass(frozen=True)
class Request:
    """One command of a command line."""

    name: str
    form: str
    args: str = ""

    def values(self) -> list[str]:
        """Return the parameters: quotes removed, an omitted one is ""."""
        out, current, quoted = [], "", False
        for c in self.args:
            if c == '"':
                quoted = not quoted
            elif c == "," and not quoted:
                out.append(current)
                current = ""
            else:
                current += c
        if quoted:
            raise AtError("CME", 3)
        out.append(current)
        return out

    def ints(self, *allowed: range | tuple[int, ...], least: int = 1) -> list[int | None]:
        """Return the parameters as numbers, each within `allowed`; None where one was left out.

        Raises AtError if there are fewer than `least`, more than were allowed, or one is wrong.
        """
        values = self.values()
        if len(values) > len(allowed) or len(values) < least or not values[0]:
            raise AtError("CME", 3)
        out: list[int | None] = []
        for value, valid in zip(values, allowed, strict=False):
            if value == "":
                out.append(None)
            elif value.isdigit() and int(value) in valid:
                out.append(int(value))
            else:
                raise AtError("CME", 3)
        return out + [None] * (len(allowed) - len(out))

    def number(self, allowed: range | tuple[int, ...]) -> int:
        """Return the only parameter."""
        value = self.ints(allowed)[0]
        assert value is not None
        return value


@dataclass(frozen=True)
class Command:
    """A handler and how long it takes."""

    fn: Handler
    latency: Latency


_TABLE: dict[tuple[str, str], Command] = {}
_TESTS: dict[str, str] = {}


def command(
    name: str, form: str = EXECUTE, latency: Latency = LOCAL, test: str | None = None
) -> Callable[[Handler], Handler]:
    """Register a handler for one form of a command; `test` is what `=?` answers after the name."""

    def register(fn: Handler) -> Handler:
        _TABLE[name, form] = Command(fn, latency)
        if test is not None:
            _TESTS[name] = test
        return fn

    return register


def _test(modem: Any, request: Request) -> None:
    values = _TESTS.get(request.name)
    if values:
        modem.info(f"{request.name}: {values}")


def find(request: Request) -> Command:
    """Return the command. AtError: there is none of that name, or not in that form."""
    found = _TABLE.get((request.name, request.form))
    if found is not None:
        return found
    if request.form == TEST and any((request.name, form) in _TABLE for form in (EXECUTE, WRITE)):
        return Command(_test, LOCAL)
    raise UnknownCommand


def known() -> set[str]:
    """Return the names of all commands, of whatever family."""
    return {name for name, _ in _TABLE}


def setting(
    name: str,
    field: str,
    allowed: range | tuple[int, ...],
    test: str = "",
    before: Callable[[Any], None] = lambda modem: None,
) -> None:
    """Register `name=n`, `name?` and `name=?` for a setting that is one number.

    Args:
        before: called before it is set; it may raise AtError.
    """

    def write(modem: Any, request: Request) -> None:
        before(modem)
        setattr(modem.settings, field, request.number(modem.family.allowed.get(name, allowed)))

    def read(modem: Any, request: Request) -> None:
        modem.info(f"{name}: {getattr(modem.settings, field)}")

    if not test:
        last = max(allowed)
        test = f"({min(allowed)}-{last})" if len(allowed) > 2 else "({},{})".format(*allowed)
    command(name, WRITE, test=test)(write)
    command(name, READ)(read)
