# SPDX-License-Identifier: MIT
"""The link to the modem: one reader, one command at a time, no answer given to the wrong one.

The reader owns the receive line and never issues a command. A command holds the lock until its
final result or its maximum time (AT manual V1.12, "Maximum Response Time"). After a time-out, a
cancellation or a restart the link is *dirty*: before the next command ESC is sent, the line is
drained until it is quiet, what is incomplete is given up, and `AT` must answer OK. So a late
answer never goes to the next command.

Nor does an answer that the modem gives twice. A result is doubtful if it may repeat an earlier
one: the same answer was given a moment ago, or its first line was. A better result that follows
before the line has been quiet for the time of a repetition counts instead; a question is asked
again then. Sending a message takes longer: there a doubtful result counts only if no other one
comes in time. As soon as the modem has given one answer twice, each command waits until the last
answer cannot come again.

No exchange is ever run inside `wait_for`: MicroPython lets the outer coroutine of a cancelled
`wait_for` continue before the inner one has cleaned up. Only an Event is waited for.
"""

import asyncio

from sim800 import at, const
from sim800.errors import AtError, AtTimeout, ModemError

_TIMEOUT_PROMPT = const(10)  # s
_QUIET = const(0.2)  # s without a byte after which a line counts as drained
_REPEATED = const(0.6)  # s within which a modem may repeat an answer
_SPANS = const(15)  # most of these two pauses in a row
_MOST_RECENT = const(8)  # answers that are remembered
_ODD_LINES = const(5)  # logged between two results, so that noise does not fill the log
_SYNC_TRIES = const(2)


class Link:
    """The AT protocol on a UART.

    uart: a port with `await read()` -> bytes, `write(bytes)` and `set_baud(rate)`.
    log: called with one line of text.

    Attribute `dirty`: the next answer may belong to an earlier command.
    Counters: `received` (bytes), `commands`, `unknown_lines`.
    """

    def __init__(self, uart, log):
        self._log = log
        self._uart = uart
        self._parser = at.AtParser()
        self._lock = asyncio.Lock()
        self._done = asyncio.Event()
        self._outcome = None
        self._results: list = []  # that came for the running command: (answer, outcome)
        self._recent: list = []  # answers given a moment ago: (final result, first line or entry)
        self._again = False  # a line of one of these came once more
        self._doubtful = False  # the outcome may be the repetition of an earlier answer
        self._repeats = False  # the modem has given an answer twice since it started
        self._bare_ok = False  # the last message got OK without a reference
        self._forgetting: asyncio.Task | None = None
        self._announced: tuple = ()  # the running command, as the parser knows it
        self._entries = []
        self._most = 0
        self._odd_lines = 0
        self.dirty = True
        self._handlers = {}
        self.unknown_lines = self.received = self.commands = 0
        for start in ["NORMAL", "UNDER-VOLTAGE POWER", "OVER-VOLTAGE POWER"]:
            self.listen(start, self.on_restart)

    def say(self, text):
        """Log something about the modem."""
        self._log("modem: " + text)

    # --- the receiving side ---

    async def read_forever(self):
        """Read the receive line and handle whatever comes."""
        while True:
            data = await self._uart.read()
            self.received += len(data)
            self._parser.feed(data)
            event = self._parser.next()
            while event is not None:
                self._dispatch(event)
                event = self._parser.next()

    def listen(self, start, handler):
        """Call `handler(line, second_line)` for each URC that begins with `start`."""
        self._handlers[start] = handler

    def _dispatch(self, event):
        kind, line, extra = event
        if kind == at.URC:
            for answer in self._recent:
                if answer[1] == line:
                    self._again = True
            self.handle_urc(line, extra)
        elif kind == at.ENTRY:
            if len(self._entries) < self._most:
                self._entries.append((line, extra))
        elif kind == at.DROPPED:
            self._drop(line)
        elif kind == at.PROMPT:
            self._announced = self._announced[:3]
            self._outcome = event
            self._done.set()
        else:
            self._take_result(line, extra)

    def _take_result(self, final, lines):
        """Store a final result; if it may repeat an earlier one, keep listening."""
        first, pdu = lines[0] if lines else "", None
        if self._most:
            lines, self._entries = self._entries, []
            if lines:
                first, pdu = lines[0]
        answer: tuple | None = (final, first, pdu)
        outcome = (at.RESULT, final, lines)
        if self._results:
            self._repeats = True
        if self._again:
            answer = None  # a repetition, whatever it looks like
        self._results.append((answer, outcome))
        if self._again or answer in self._recent:
            self._again = False
            self._parser.begin(*self._announced)
        else:
            self._outcome = outcome
            self._remember(answer)
        self._done.set()

    def _judge(self):
        """Return the most likely outcome of the doubtful ones, once the line is quiet."""
        self._doubtful = True
        recent, self._recent = self._recent, []
        best = None
        for answer, outcome in self._results:
            if answer in recent:
                recent.remove(answer)
            elif answer is not None:
                return outcome  # it came more often than a repetition can
            if best is None or answer is not None:
                best = outcome
        return best

    def _remember(self, answer):
        self._recent = (self._recent + [answer])[-_MOST_RECENT:]
        if self._forgetting is None:
            self._forgetting = asyncio.create_task(self._forget())

    async def _forget(self):
        recent = None
        while recent is not self._recent:
            recent = self._recent
            await asyncio.sleep(_REPEATED)
        self._recent = []
        self._again = False
        self._forgetting = None

    def _drop(self, what):
        self.unknown_lines += 1
        for answer in self._recent:
            if not self.dirty and what.endswith(": " + answer[0]):
                self._repeats = True
        self._odd("dropped " + repr(what))

    def _odd(self, text):
        self._odd_lines += 1
        if self._odd_lines <= _ODD_LINES:
            self.say(text)

    def handle_urc(self, line, extra=None):
        """Call the handler of a URC, if it has one."""
        for start in self._handlers:
            if line.startswith(start):
                try:
                    self._handlers[start](line, extra)
                except (ValueError, IndexError):
                    self._odd("an odd URC: " + repr(line))
                return
        self._odd(repr(line))

    def on_restart(self, line, extra):
        """The modem has restarted, or is going down: nobody need wait for an answer."""
        self.say("restarted (" + line + ")")
        self.dirty = True
        self._repeats = False
        self._parser.end()
        self._outcome = None
        self._results = []
        self._done.set()

    # --- the sending side ---

    async def command(self, line, prefix=None, timeout=5, entries=0, body=None, before=None):
        """Run one command; return its information lines.

        prefix: what these lines begin with; "" takes all that are no URCs. A command that has one
        is a question: if its answer is doubtful, it is asked again. timeout: seconds; 5 where the
        AT manual gives no maximum response time.
        entries: for CMGR and CMGL, how many messages at most are returned, as (header, PDU).
        body: bytes that the command asks for with a prompt; before: called just before they are
        sent, and may still raise to stop it.
        Raises ModemError: AtError, AtTimeout, or itself if the modem restarted; its `.given` says
        whether the body had been sent to the modem.
        """
        given = False
        async with self._lock:
            try:
                if self.dirty:
                    await self._clean()
                if self._repeats:
                    await asyncio.sleep(_REPEATED)
                    if self.dirty:
                        raise ModemError(line + ": the modem restarted")
                self._start(line, prefix, entries, body is not None)
                result = await self._wait(line, timeout if body is None else _TIMEOUT_PROMPT)
                if self._doubtful and prefix is not None and body is None:
                    self._start(line, prefix, entries)
                    result = await self._wait(line, timeout)
                if result[0] == at.PROMPT:
                    if before is not None:
                        before()
                    self._expect()
                    given = True
                    self._uart.write(body + b"\x1a")  # Ctrl-Z
                    # Another OK may come behind a doubtful one, if this modem gives references.
                    span = _REPEATED if self._bare_ok else timeout
                    result = await self._wait(line, timeout, span)
                # A late prompt would take the next command for the text of the message.
                self.dirty = body is not None and not given
                self._odd_lines = 0
                if result[1] != "OK":
                    raise AtError(line, result[1])
                if self.dirty:
                    raise ModemError(line + ": no prompt")
                return result[2]
            except ModemError as error:
                error.given = given
                raise
            finally:
                self._parser.end()  # from now on, any further answer is unknown
                self._entries = []

    async def ask(self, line, prefix=None, timeout=5):
        """Run a command as `command` does; if it fails, log that and return None."""
        try:
            return await self.command(line, prefix, timeout)
        except ModemError as error:
            self.say(str(error))
            return None

    def send_blind(self, data):
        """Send bytes to a modem that may not answer, without waiting for anything."""
        self._uart.write(data)

    def set_baud(self, baud):
        """Change the rate of the UART, not of the modem."""
        self._uart.set_baud(baud)

    def _start(self, line, prefix=None, entries=0, prompt=False):
        self._announced = (line, prefix, entries > 0, prompt)
        self._parser.begin(*self._announced)
        self._most = entries
        self._expect()
        # Dirty until the result has come, so that it stays dirty if cancelled at any await.
        self.dirty = True
        self.commands += 1
        self._uart.write(line.encode() + b"\r")

    def _expect(self):
        self._outcome = None
        self._doubtful = False
        self._results = []
        self._done.clear()

    async def _wait(self, line, timeout, span=_REPEATED):
        """Wait for the result or the prompt. A result at the very moment of the time-out counts.

        span: seconds to wait for a better result after a doubtful one.
        """
        if not await bounded(self._done, timeout):
            raise AtTimeout(line + ": no answer in " + str(timeout) + " s")
        for _ in range(_SPANS):
            if self._outcome is not None or not self._results:
                break
            before = self.received
            self._done.clear()
            came = await bounded(self._done, span)
            if not came and (span > _REPEATED or self.received == before):
                self._outcome = self._judge()
        if self._outcome is None:
            raise ModemError(line + ": the modem restarted")
        return self._outcome

    async def _clean(self):
        """Make a dirty link usable: ESC, drain, AT until OK."""
        self._parser.end()
        self._uart.write(b"\x1b\r")
        for _ in range(_SPANS):
            before = self.received
            await asyncio.sleep(_QUIET)
            if self.received == before:
                break
        rest = self._parser.flush()
        if rest:
            self._drop("was cut off: " + rest[:40])
        for _ in range(_SYNC_TRIES):
            self._start("AT")
            try:
                result = await self._wait("AT", 1)
            except AtTimeout:
                continue
            if result[1] == "OK":
                self.dirty = False
                return
            await asyncio.sleep(1)  # as long as the time-out of a silent modem
        raise AtTimeout("AT: the modem does not answer")


async def bounded(event, seconds):
    """Wait for an asyncio.Event, `seconds` at most; return whether it is set."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        pass
    return event.is_set()


def fields(line):
    """Return the comma-separated fields after a line's colon, without blanks and quotes."""
    found = []
    for field in line[line.find(":") + 1 :].split(","):
        found.append(field.strip(' "'))
    return found


class StreamUart:
    """The UART port that the link wants.

    uart: a machine.UART with `timeout=0` and an rxbuf of 1024 bytes or more.
    """

    def __init__(self, uart):
        self._uart = uart
        self._reader = asyncio.StreamReader(uart)

    async def read(self):
        """Wait for bytes; return those that have arrived."""
        return await self._reader.read(256)

    def write(self, data):
        """Send bytes; a txbuf for the longest command (400 bytes) keeps this from blocking."""
        self._uart.write(data)

    def set_baud(self, baud):
        """Change the rate."""
        self._uart.init(baudrate=baud)
