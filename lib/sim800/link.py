"""The link to the modem: one reader, one command at a time, no answer given to the wrong one.

The reader owns the receive line and never issues a command. A command holds the lock until its
final result or its maximum time (AT manual V1.12, "Maximum Response Time"). After a time-out, a
cancellation or a restart the link is *dirty*: before the next command ESC is sent, the line is
drained until it is quiet, what is incomplete is given up, and `AT` must answer OK. So a late
answer never goes to the next command.

No exchange is ever run inside `wait_for`: MicroPython lets the outer coroutine of a cancelled
`wait_for` go on before the inner one has cleaned up. Only an Event is waited for.
"""

import asyncio

from sim800 import at, const
from sim800.errors import AtError, AtTimeout, ModemError

_TIMEOUT_PROMPT = const(10)
_QUIET = const(0.2)  # s without a byte after which a line counts as drained
_DRAIN = const(15)  # such spans at most, then AT is tried all the same
_SYNC_TRIES = const(3)


class Link:
    """The AT protocol on a UART.

    uart: a port with `await read()` -> bytes, `write(bytes)` and `set_baud(rate)`.
    log: called with one line of text.

    `dirty`: what it says next may be the answer to something else.
    Counters: `received` (bytes), `commands`, `unknown_lines`.
    """

    def __init__(self, uart, log):
        self._log = log
        self._uart = uart
        self._parser = at.AtParser()
        self._lock = asyncio.Lock()
        self._done = asyncio.Event()
        self._outcome = None
        self._entries = []
        self._most = 0
        self.dirty = True
        self._handlers = {}
        self.unknown_lines = self.received = self.commands = 0
        for start in ["RDY", "NORMAL", "UNDER-VOLTAGE POWER", "OVER-VOLTAGE POWER"]:
            self.listen(start, self.on_restart)

    def say(self, text):
        """Log something about the modem."""
        self._log("modem: " + text)

    # --- the receiving side ---

    async def read_forever(self):
        """Own the receive line: digest whatever comes, for ever."""
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
            self.handle_urc(line, extra)
        elif kind == at.ENTRY:
            if len(self._entries) < self._most:
                self._entries.append((line, extra))
        elif kind == at.DROPPED:
            self._drop(line)
        else:
            self._outcome = event
            self._done.set()

    def _drop(self, what):
        self.unknown_lines += 1
        self.say("dropped " + repr(what))

    def handle_urc(self, line, extra=None):
        """Give a line to who listens for it."""
        for start in self._handlers:
            if line.startswith(start):
                try:
                    self._handlers[start](line, extra)
                except (ValueError, IndexError):
                    self.say("odd URC " + repr(line))
                return
        self.say(repr(line))

    def on_restart(self, line, extra):
        """The modem has restarted, or is going down: who waits for an answer need not."""
        self.say("restarted (" + line + ")")
        self.dirty = True
        self._parser.end()
        self._outcome = None
        self._done.set()

    # --- the sending side ---

    async def command(self, line, prefix=None, timeout=5, entries=0, body=None, before=None):
        """Run one command; return its information lines.

        prefix: what these lines begin with; "" takes every line. timeout: seconds; 5 where the
        AT manual gives no maximum response time.
        entries: of a CMGR or CMGL: so many messages at most are kept and returned, as (header,
        PDU). body: bytes that the command asks for with a prompt; before: called just before they
        are given, the last moment to turn back.
        Raises ModemError: AtError, AtTimeout, or itself if the modem restarted; its `.given` says
        whether a body had been handed over.
        """
        given = False
        async with self._lock:
            try:
                if self.dirty:
                    await self._clean()
                self._start(line, prefix, entries, body is not None)
                result = await self._wait(line, timeout if body is None else _TIMEOUT_PROMPT)
                if result[0] == at.PROMPT:
                    if before is not None:
                        before()
                    self._done.clear()
                    given = True
                    self._uart.write(body + b"\x1a")  # Ctrl-Z
                    result = await self._wait(line, timeout)
                self.dirty = False
                if result[1] != "OK":
                    raise AtError(line, result[1])
                if body is not None and not given:
                    raise ModemError(line + ": no prompt")
                return self._entries if entries else result[2]
            except ModemError as error:
                error.given = given
                raise
            finally:
                self._parser.end()  # what it may still answer is stray from now on
                self._entries = []

    async def ask(self, line, prefix=None, timeout=5):
        """Run a command as `command` does; return None if it failed, which is logged."""
        try:
            return await self.command(line, prefix, timeout)
        except ModemError as error:
            self.say(str(error))
            return None

    def send_blind(self, data):
        """Send bytes to a modem that may not answer, without waiting for anything."""
        self._uart.write(data)

    def set_baud(self, baud):
        """Change the rate of the UART alone."""
        self._uart.set_baud(baud)

    def _start(self, line, prefix=None, entries=0, prompt=False):
        self._parser.begin(line, prefix, entries > 0, prompt)
        self._most = entries
        self._outcome = None
        self._done.clear()
        # Dirty until the result is in, so that a cancellation at any await leaves it so.
        self.dirty = True
        self.commands += 1
        self._uart.write(line.encode() + b"\r")

    async def _wait(self, line, timeout):
        """Wait for the result or the prompt. A tie of result and time-out is a result."""
        if not await bounded(self._done, timeout):
            raise AtTimeout(line + ": no answer in " + str(timeout) + " s")
        if self._outcome is None:
            raise ModemError(line + ": the modem restarted")
        return self._outcome

    async def _clean(self):
        """Make a dirty link usable: ESC, drain, AT until OK."""
        self._parser.end()
        self._uart.write(b"\x1b\r")
        for _ in range(_DRAIN):
            before = self.received
            await asyncio.sleep(_QUIET)
            if self.received == before:
                break
        rest = self._parser.flush()
        if rest:
            self._drop("cut off: " + rest[:40])
        for _ in range(_SYNC_TRIES):
            self._start("AT")
            try:
                result = await self._wait("AT", 1)
            except AtTimeout:
                continue
            if result[1] == "OK":
                self.dirty = False
                return
        raise AtTimeout("AT: the modem does not answer")


async def bounded(event, seconds):
    """Wait for an asyncio.Event; return False if it is not set after that many seconds."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        pass
    return event.is_set()


def fields(line):
    """Return the comma separated fields after the colon of a line, without blanks and quotes."""
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
        """Wait for bytes; return what has arrived."""
        return await self._reader.read(256)

    def write(self, data):
        """Send bytes; a txbuf for the longest command (400 bytes) keeps this from blocking."""
        self._uart.write(data)

    def set_baud(self, baud):
        """Change the rate."""
        self._uart.init(baudrate=baud)
