"""The link to the modem: one reader, one command at a time, no answer given to the wrong one.

The reader owns the receive line and never issues a command. A command holds the lock until its
final result or its maximum time (AT manual V1.12, "Maximum Response Time"). After a time-out or a
cancellation the link is *dirty*: before the next command ESC is sent, the line is drained until it
is quiet, and `AT` must answer OK. So a late answer never goes to the next command.

No exchange is ever run inside `wait_for`: MicroPython lets the outer coroutine of a cancelled
`wait_for` go on before the inner one has cleaned up. Only an Event is waited for.
"""

import asyncio

from sim800 import at

ESC = b"\x1b"
CTRL_Z = b"\x1a"

# Maximum response times in seconds, AT manual V1.12; where it gives none, 5 s.
TIMEOUT = 5
TIMEOUT_LIST = 20
TIMEOUT_SEND = 60
TIMEOUT_DELETE = 5
TIMEOUT_PROMPT = 10

_QUIET = 0.2  # s without a byte after which a line counts as drained
_DRAIN = 15  # such spans at most, then try AT all the same
_SYNC_TRIES = 3


class ModemError(Exception):
    """Anything that keeps a command from its good end.

    given: of a sending, whether the body had been handed to the modem.
    """

    given = False


class AtError(ModemError):
    """The modem refused a command.

    kind: "CME", "CMS" or "" for a bare ERROR; code: its number, -1 if it gave none.
    """

    def __init__(self, command, result):
        super().__init__(command + ": " + result)
        self.kind = ""
        self.code = -1
        if result.startswith("+CM"):
            self.kind = result[1:4]
            try:
                self.code = int(result[result.find(":") + 1 :])
            except ValueError:
                pass


class AtTimeout(ModemError):
    """No final result within the command's maximum time: what it did is not known."""


class ModemRestarted(ModemError):
    """The modem started anew, or lost its power, while a command was running."""


class Modem:
    """The AT link and what the modem has said of itself.

    uart: a port with `await read()` -> bytes and `write(bytes)`.
    log: called with one line of text.

    Attributes that others read: `registration` (+CREG stat, -1 unknown), `sim` (+CPIN text),
    `rssi` (+CSQ, 99 unknown), `unknown_lines`, `received` (bytes read since the start).
    Events that one task each waits for: `mail` (a message has come), `changed` (registration or
    SIM changed, or the modem restarted); `on_change()` is called as well.
    """

    def __init__(self, uart, log, on_change):
        self._uart = uart
        self._log = log
        self._on_change = on_change
        self._parser = at.AtParser()
        self._lock = asyncio.Lock()
        self._done = asyncio.Event()
        self._outcome = None
        self._on_entry = None
        self._dirty = True
        self._urcs = {}
        self.mail = asyncio.Event()
        self.mail_slots = []
        self.changed = asyncio.Event()
        self.restarted = False
        self.registration = -1
        self.sim = ""
        self.rssi = 99
        self.unknown_lines = 0
        self.received = 0
        self.commands = 0
        self._listen_to_own()

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
        self._urcs[start] = handler

    def _dispatch(self, event):
        kind, line, extra = event
        if kind == at.URC:
            self._handle_urc(line, extra)
        elif kind == at.ENTRY:
            if self._on_entry is not None:
                self._on_entry(line, extra)
        elif kind == at.DROPPED:
            self.unknown_lines += 1
            self._log("modem: dropped " + printable(line))
        else:
            self._finish(event)

    def _finish(self, outcome):
        self._outcome = outcome
        self._done.set()

    def _handle_urc(self, line, extra):
        for start in self._urcs:
            if line.startswith(start):
                try:
                    self._urcs[start](line, extra)
                except (ValueError, IndexError):
                    self._log("modem: odd URC " + printable(line))
                return
        self._log("modem: " + printable(line))

    def _listen_to_own(self):
        self.listen("+CMTI:", self._on_mail)
        self.listen("+CREG:", self._on_registration)
        self.listen("+CPIN:", self._on_sim)
        self.listen("SMS Ready", lambda line, extra: self.tell())
        for start in ("RDY", "NORMAL POWER", "UNDER-VOLTAGE POWER", "OVER-VOLTAGE POWER"):
            self.listen(start, self._on_restart)

    def _on_mail(self, line, extra):
        slot = line.split(",")[1]
        if len(self.mail_slots) < 8 and slot.isdigit() and line.count(",") == 1:
            self.mail_slots.append(int(slot))
        # An MMS push, or more than fits: the sweep of the whole storage finds it.
        self.mail.set()

    def _on_registration(self, line, extra):
        self.set_registration(int(fields(line)[0]))

    def _on_sim(self, line, extra):
        self.set_sim(line[line.find(":") + 1 :].strip())

    def _on_restart(self, line, extra):
        self._log("modem: restarted (" + line + ")")
        self.restarted = True
        self.set_registration(-1)
        self._parser.end()
        self._finish(None)
        self.tell()

    def set_registration(self, stat):
        """Take a +CREG state; tell who waits for a change."""
        if stat != self.registration:
            self.registration = stat
            self.tell()

    def set_sim(self, state):
        """Take a +CPIN state; tell who waits for a change."""
        if state != self.sim:
            self.sim = state
            self.tell()

    def set_rssi(self, rssi):
        """Take a +CSQ level."""
        if rssi != self.rssi:
            self.rssi = rssi
            self._on_change()

    def tell(self):
        """Tell that something about the modem changed."""
        self.changed.set()
        self._on_change()

    @property
    def registered(self):
        """True while the modem says it is on a network, at home or roaming."""
        return self.registration in (1, 5)

    # --- the sending side ---

    async def command(self, line, prefix=None, timeout=TIMEOUT, on_entry=None):
        """Run one command; return its information lines.

        prefix: what these lines begin with; "" takes every line. timeout: seconds.
        on_entry: called with (header, PDU) for each message of a CMGR or CMGL.
        Raises AtError, AtTimeout, ModemRestarted.
        """
        async with self._lock:
            await self._begin(line, prefix, on_entry, False)
            result = await self._wait(line, timeout)
            return self._end(line, result)

    async def send_pdu(self, octets, pdu, before_send=None):
        """Send one SMS-SUBMIT; return its message reference.

        octets: length of the TPDU; pdu: SMSC and TPDU in hex. before_send: called when the modem
        has asked for the body, just before it is given; the last moment to turn back.
        Success is `+CMGS:` and OK. AtTimeout and ModemRestarted leave it unknown whether the
        message left; their `.given` says if the body had been handed over at all.
        """
        line = "AT+CMGS=" + str(octets)
        given = False
        async with self._lock:
            try:
                await self._begin(line, "+CMGS:", None, True)
                result = await self._wait(line, TIMEOUT_PROMPT)
                if result[0] == at.RESULT:
                    self._end(line, result)
                    raise ModemError(line + ": no prompt")
                if before_send is not None:
                    before_send()
                self._done.clear()
                given = True
                self._uart.write(pdu.encode() + CTRL_Z)
                infos = self._end(line, await self._wait(line, TIMEOUT_SEND))
            except ModemError as error:
                error.given = given
                raise
            if not infos:
                nothing = AtTimeout(line + ": OK without a reference")
                nothing.given = True
                raise nothing
            return int(fields(infos[0])[0])

    async def _begin(self, line, prefix, on_entry, prompt):
        if self._dirty:
            await self._clean()
        self._start(line, prefix, on_entry, prompt)

    def _start(self, line, prefix=None, on_entry=None, prompt=False):
        raw = line.encode()
        self._parser.begin(
            raw,
            None if prefix is None else prefix.encode(),
            on_entry is not None,
            prompt,
        )
        self._on_entry = on_entry
        self._outcome = None
        self._done.clear()
        # Dirty until the result is in, so that a cancellation at any await leaves it so.
        self._dirty = True
        self.commands += 1
        self._uart.write(raw + b"\r")

    async def _wait(self, line, timeout):
        """Wait for the result or the prompt. A tie of result and time-out is a result."""
        try:
            await asyncio.wait_for(self._done.wait(), timeout)
        except asyncio.TimeoutError:
            pass
        if not self._done.is_set():
            self._parser.end()
            raise AtTimeout(line + ": no answer in " + str(timeout) + " s")
        if self._outcome is None:
            raise ModemRestarted(line)
        return self._outcome

    def _end(self, line, result):
        self._dirty = False
        self._on_entry = None
        if result[1] != "OK":
            raise AtError(line, result[1])
        return result[2]

    async def _clean(self):
        """Make a dirty link usable: ESC, drain, AT until OK."""
        self._parser.end()
        self._uart.write(ESC + b"\r")
        for _ in range(_DRAIN):
            before = self.received
            await asyncio.sleep(_QUIET)
            if self.received == before:
                break
        for _ in range(_SYNC_TRIES):
            self._start("AT")
            try:
                result = await self._wait("AT", 1)
            except AtTimeout:
                continue
            if result[1] == "OK":
                self._dirty = False
                return
        raise AtTimeout("AT: the modem does not answer")

    # --- messages in the SIM ---

    async def read_message(self, slot):
        """Read one slot; return its PDU in hex. Raises AtError if it is empty."""
        found: list[str] = []
        await self.command(
            "AT+CMGR=" + str(slot), "+CMGR:", on_entry=lambda header, pdu: found.append(pdu)
        )
        return found[0] if found else ""

    async def list_messages(self, limit):
        """List the SIM's messages as (slot, PDU in hex); at most `limit` are kept in memory.

        The rest is found by the next sweep, when these are dealt with and deleted.
        """
        found: list[tuple[int, str]] = []

        def keep(header, pdu):
            slot = fields(header)[0]
            if len(found) < limit and slot.isdigit():
                found.append((int(slot), pdu))

        await self.command("AT+CMGL=4", "+CMGL:", TIMEOUT_LIST, keep)
        return found

    async def delete_message(self, slot):
        """Delete one slot."""
        await self.command("AT+CMGD=" + str(slot), timeout=TIMEOUT_DELETE)


def fields(line):
    """Return the comma separated fields after the colon of a line, blanks and quotes off."""
    return [f.strip().strip('"') for f in line[line.find(":") + 1 :].split(",")]


def printable(line):
    """Return a line with what no terminal should see as dots."""
    return "".join([c if " " <= c <= "~" else "." for c in line])
