# SPDX-License-Identifier: MIT
"""Cuts a command line of the SIM800 (V.250) into its commands."""

from __future__ import annotations

import functools
import re

from tools.bench.modem.table import EXECUTE, READ, TEST, WRITE, AtError, Request, UnknownCommand

MAX_LINE = 556
MAX_COMMANDS = 39

_EXTENDED = re.compile(r"[+*^%$][A-Z0-9_]+")
_REGISTER = re.compile(r"S(\d+)(=\d*|\?|=\?)?")
_BASIC = re.compile(r"(&[A-Z]|[A-Z])(\d*)")


def _upper_unquoted(line: str) -> str:
    """Return the line in capitals and without blanks, but for what stands in quotes."""
    out, quoted = "", False
    for c in line:
        if c == '"':
            quoted = not quoted
        if quoted or c == '"':
            out += c
        elif c not in " \t":
            out += c.upper()
    return out


def _end_of_parameters(line: str, start: int) -> int:
    quoted = False
    for i in range(start, len(line)):
        if line[i] == '"':
            quoted = not quoted
        elif line[i] == ";" and not quoted:
            return i
    return len(line)


def _extended(line: str, at: int) -> tuple[Request, int]:
    match = _EXTENDED.match(line, at)
    if match is None:
        raise UnknownCommand
    end = _end_of_parameters(line, match.end())
    rest = line[match.end() : end]
    if rest == "":
        request = Request(match[0], EXECUTE)
    elif rest == "?":
        request = Request(match[0], READ)
    elif rest == "=?":
        request = Request(match[0], TEST)
    elif rest[0] == "=":
        request = Request(match[0], WRITE, rest[1:])
    else:
        raise UnknownCommand
    return request, end


def _basic(line: str, at: int) -> tuple[Request, int]:
    if line[at] == "D":
        return Request("D", EXECUTE, line[at + 1 :]), len(line)
    match = _REGISTER.match(line, at)
    if match is not None:
        form = match[2] or ""
        args = form[1:] if form[:1] == "=" and form != TEST else ""
        return Request("S" + match[1], WRITE if args else form[:2], args), match.end()
    match = _BASIC.match(line, at)
    if match is None:
        raise UnknownCommand
    return Request(match[1], EXECUTE, match[2]), match.end()


@functools.lru_cache(maxsize=256)
def parse(line: str) -> tuple[Request, ...]:
    """Return the commands behind "AT". AtError: the line cannot be read.

    Args:
        line: what followed "AT", without the carriage return.
    """
    line = _upper_unquoted(line)
    requests: list[Request] = []
    at = 0
    while at < len(line):
        if line[at] == ";":
            at += 1
            continue
        if line[at] in "+*^%$":
            request, at = _extended(line, at)
        else:
            request, at = _basic(line, at)
        requests.append(request)
    if len(requests) > MAX_COMMANDS:
        raise AtError
    return tuple(requests)
