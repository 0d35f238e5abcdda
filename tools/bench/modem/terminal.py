# SPDX-License-Identifier: MIT
"""The modem's end of the line: command lines, one running at a time, and framing."""

from __future__ import annotations

import re

from tools.bench.modem import table
from tools.bench.modem.parser import MAX_LINE, parse
from tools.bench.modem.parts import Whole
from tools.bench.modem.table import NO_FINAL, PROMPT, AtError, Request, Steps, UnknownCommand

CTRL_Z, ESC = 0x1A, 0x1B
MAX_BODY = 1024
HISTORY = 200  # command lines that are kept
SLEEP_AFTER_MS = 5000
PLAIN = re.compile(rb"[ -.0-~]+")  # bytes of a command line that are nothing else than that
NUMERIC = {"OK": 0, "CONNECT": 1, "RING": 2, "NO CARRIER": 3, "ERROR": 4, "NO DIALTONE": 6}
NUMERIC.update({"BUSY": 7, "NO ANSWER": 8})

CME_TEXTS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    16: "incorrect password",
    20: "memory full",
    21: "invalid index",
    30: "no network service",
    31: "network timeout",
    100: "unknown",
    772: "SIM powered down",
}
CMS_TEXTS = {
    304: "Invalid PDU mode parameter",
    310: "SIM not inserted",
    311: "SIM PIN required",
    314: "SIM busy",
    316: "SIM PUK required",
    321: "Invalid memory index",
    322: "Memory full",
    330: "SMSC address unknown",
    331: "No network service",
    500: "unknown error",
}


class Terminal:
    """Reads commands and runs them.

    Attributes:
        ignored: bytes that came while a command was running; a good driver leaves this at 0.
        lines: number of command lines run.
        history: the command lines run, newest last (bounded).
    """

    def __init__(self, modem: Whole) -> None:
        self._modem = modem
        self.ignored = 0
        self.lines = 0
        self.history: list[str] = []
        self.reset()

    def reset(self) -> None:
        """Forget what was being typed and run."""
        self._typed = bytearray()
        self._body = bytearray()
        self._process: Steps | None = None
        self._prompting = False
        self._last_line = ""
        self._answer = ""
        self._said = ""  # of the answer so far
        self._echo = bytearray()
        self._last_activity = 0
        self.running: str | None = None

    @property
    def prompting(self) -> bool:
        return self._prompting

    # -- characters ---------------------------------------------------------------------------

    def receive(self, data: bytes) -> None:
        """Take what came over the line."""
        if self._asleep():
            return
        at = 0
        while at < len(data):
            plain = self._take_plain(data, at)
            at += plain
            if not plain:
                self._byte(data[at])
                at += 1
        self._flush_echo()

    def _byte(self, byte: int) -> None:
        if self._prompting:
            self._body_byte(byte)
        elif self._process is not None:
            if byte not in (ESC, 0x0A):
                self.ignored += 1
        else:
            self._command_byte(byte)

    def _take_plain(self, data: bytes, at: int) -> int:
        """Take as many bytes of a command line as need no look at each; return how many."""
        registers = self._modem.settings.registers
        controls = registers[3] < 32 and registers[5] < 32
        if self._prompting or self._process is not None or not controls:
            return 0
        match = PLAIN.match(data, at, at + max(0, MAX_LINE - len(self._typed)))
        if match is None:
            return 0
        self._typed += match[0]
        if self._modem.settings.echo:
            self._echo += match[0]
        return len(match[0])

    def _flush_echo(self) -> None:
        """Send back what was typed: before anything that it calls for."""
        echo, self._echo = bytes(self._echo), bytearray()
        self._modem.write(echo)

    def _asleep(self) -> bool:
        """Slow clock 2: the first burst after 5 s of rest only wakes the modem up."""
        modem = self._modem
        now = modem.kernel.now
        rested = now - self._last_activity > SLEEP_AFTER_MS
        self._last_activity = now
        return modem.settings.csclk == 2 and rested and self._process is None

    def _command_byte(self, byte: int) -> None:
        if byte == 0 or byte >= 0x80:
            return
        settings = self._modem.settings
        if settings.echo:
            self._echo.append(byte)
        if byte == settings.registers[3]:
            line = self._typed.decode("ascii")
            self._typed.clear()
            self._flush_echo()
            self._line(line)
        elif byte == settings.registers[5]:
            del self._typed[-1:]
        elif byte != 0x0A:
            if len(self._typed) <= MAX_LINE + 8:
                self._typed.append(byte)
            if self._typed[-2:].upper() == b"A/":
                self._typed.clear()
                self._flush_echo()
                if self._last_line:
                    self._run(self._last_line)

    def _body_byte(self, byte: int) -> None:
        if byte in (CTRL_Z, ESC):
            self._flush_echo()
            body = bytes(self._body)
            self._body.clear()
            self._prompting = False
            self._advance(None if byte == ESC else body)
            return
        if self._modem.settings.echo:
            self._echo.append(byte)
        if byte == self._modem.settings.registers[5]:
            del self._body[-1:]
        elif len(self._body) < MAX_BODY:
            self._body.append(byte)
            if byte == 0x0D and self._modem.settings.cmgf == 1:
                self._flush_echo()
                self._modem.write(b"\r\n> ")

    def _line(self, line: str) -> None:
        at = line.upper().find("AT")
        if at < 0:
            return
        self._run(line[at + 2 :])

    # -- commands -----------------------------------------------------------------------------

    def _run(self, line: str) -> None:
        self._last_line = line
        self.lines += 1
        self.running = "AT" + line
        self.history.append(self.running)
        del self.history[:-HISTORY]
        self._process = self._command_line(line)
        self._advance(None)

    def _command_line(self, line: str) -> Steps:
        if len(line) + 2 > MAX_LINE:
            raise AtError
        requests = parse(line)
        if not requests:
            yield self._modem.delay(table.LOCAL)
        for request in requests:
            result = yield from self._command(request)
            if result is not None:
                return result
        return None

    def _command(self, request: Request) -> Steps:
        modem = self._modem
        if request.name in modem.family.lacks:
            raise UnknownCommand
        command = table.find(request)
        fault = modem.take_fault(request.name)
        yield modem.delay(command.latency)
        if fault == "silent":
            return NO_FINAL
        if isinstance(fault, AtError):
            raise fault
        result = command.fn(modem, request)
        if result is None or isinstance(result, str):
            return result
        return (yield from result)

    def _advance(self, value: bytes | None) -> None:
        """Run the command line on to its next wait, or to its end."""
        process = self._process
        if process is None:
            return
        try:
            step = process.send(value)
        except StopIteration as end:
            self._finish(None if end.value == NO_FINAL else end.value or "OK")
        except AtError as error:
            self._finish(self._error(error))
        else:
            if step == PROMPT:
                self._flush("\r\n> ")
                self._said = ""
                self._prompting = True
            else:
                assert isinstance(step, int)
                self._flush("")
                self._modem.after(step, lambda: self._advance(None))

    def _finish(self, final: str | None) -> None:
        self._process = None
        self.running = None
        self._last_activity = self._modem.kernel.now
        if final is None or self._modem.settings.quiet:
            self._flush("")
        else:
            self._flush(self._result(final))
        self._say_again()
        self._modem.line_done()

    def _say_again(self) -> None:
        """Some give an answer twice."""
        again_ms, said = self._modem.habits.again_ms, self._said
        self._said = ""
        if again_ms is not None:
            self._modem.after(again_ms, lambda: self._send(said))

    def _result(self, text: str) -> str:
        if self._modem.settings.verbose:
            return f"\r\n{text}\r\n"
        return f"{NUMERIC.get(text, text)}\r"

    def _error(self, error: AtError) -> str:
        level, lte = self._modem.settings.cmee, self._modem.family.lte
        if not error.kind or level == 0 or (lte and isinstance(error, UnknownCommand)):
            return "ERROR"
        texts = CME_TEXTS if error.kind == "CME" else CMS_TEXTS
        code = str(error.code) if level == 1 else texts.get(error.code, str(error.code))
        if lte and error.code == 500:
            code = code.capitalize()  # T-SIM7600X#85
        return f"+{error.kind} ERROR: {code}"

    # -- answers ------------------------------------------------------------------------------

    def info(self, text: str) -> None:
        """Add an information line (or several, joined by CR LF) to the answer."""
        ends = "\r\n" if self._modem.settings.verbose else ""
        self._answer += f"{ends}{text}\r\n"

    def unsolicited(self, text: str) -> None:
        """Send an unsolicited result code at once, whatever else is going on."""
        self._last_activity = self._modem.kernel.now
        if self._modem.settings.quiet and text in NUMERIC:
            return
        self._send(self._result(text))

    def _flush(self, more: str) -> None:
        text, self._answer = self._answer + more, ""
        self._said += text
        self._send(text)

    def _send(self, text: str) -> None:
        """Send a text, one character a byte."""
        self._modem.write(text.encode("latin-1"))
