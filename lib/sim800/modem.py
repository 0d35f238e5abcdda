"""The modem: what it has said of itself, its messages, its calls, USSD.

Built on the link, which owns the line. Who sends, dials or asks takes the *turn*, so that these
never mix; and none of them begins while an incoming call rings, for as long as `Calls.silence()`
waits.
"""

import asyncio

from sim800 import clock
from sim800.calls import Calls
from sim800.errors import AtError, AtTimeout, ModemError
from sim800.link import Link, fields, printable
from sim800.ussd import Ussd

__all__ = (
    "AtError",
    "AtTimeout",
    "Modem",
    "ModemError",
    "fields",
    "printable",
)

# Maximum response times in seconds, AT manual V1.12.
TIMEOUT_LIST = 25  # 20, and the time that a full SIM takes on the line
TIMEOUT_SEND = 60
TIMEOUT_DELETE = 5

_MOST_HINTS = 8


class Modem(Link):
    """A modem on a UART.

    uart: a port with `await read()` -> bytes and `write(bytes)`.
    log: called with one line of text.
    on_change: called without arguments when the state that is listed here changed.

    State: `registration` (+CREG stat, -1 unknown), `sim` (+CPIN text), `sims` (counts its
    changes), `rssi` (+CSQ, 99 unknown), `calls.state`, `restarted` (cleared by who has dealt
    with it).
    Events that one task each waits for: `mail` (a message has come; `mail_slots` says where, as
    a hint), `changed` (registration, SIM or settings changed, or the modem restarted).
    on_time: None, or called with (local seconds since 2000, quarter hours east of Greenwich)
    whenever the network tells the time.
    """

    def __init__(self, uart, log, on_change):
        super().__init__(uart, log)
        self._on_change = on_change
        self.on_time = None
        self.mail = asyncio.Event()
        self.mail_slots = []
        self.changed = asyncio.Event()
        self.restarted = False
        self.registration = -1
        self.sim = ""
        self.sims = 0
        self.rssi = 99
        self.turn = asyncio.Lock()
        self.calls = Calls(self, log, on_change)
        self._ussd = Ussd(self, log)
        handler = self._on_urc
        for start in ("+CMTI:", "+CREG:", "+CPIN:", "SMS Ready", "*PSUTTZ:"):
            self.listen(start, handler)

    # --- what it says unasked ---

    def _on_urc(self, line, extra):
        start, _, rest = line.partition(":")
        values = fields(line)
        if start == "+CREG":
            self.note("registration", int(values[0]))
        elif start == "+CPIN":
            self.note("sim", rest.strip())
        elif start == "*PSUTTZ":
            self.tell_time(line)
        elif start == "+CMTI":
            self.mail.set()
            slot = values[1]
            # An MMS push, or more than fits: the sweep of the whole storage finds it.
            if len(self.mail_slots) < _MOST_HINTS and slot.isdigit() and len(values) == 2:
                self.mail_slots.append(int(slot))
        else:
            self.tell()

    def on_restart(self, line):
        """The modem has started anew, or is going down."""
        self.restarted = True
        self.calls.reset()
        self._ussd.reset()
        self.note("registration", -1)
        self.tell()

    # --- state ---

    def note(self, name, value):
        """Take a new `registration`, `sim` or `rssi`; tell who waits for a change."""
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.sims += name == "sim"
            self.tell()

    def tell_time(self, line):
        """Take a line that tells the time. Raises ValueError, IndexError."""
        moment = clock.moment(line)
        if moment is not None and self.on_time is not None:
            self.on_time(moment[0], moment[1])

    def tell(self):
        """Tell that something about the modem changed."""
        self.changed.set()
        self._on_change()

    @property
    def registered(self):
        """True while the modem says it is on a network, at home or roaming."""
        return self.registration in (1, 5)

    def set_baud(self, baud):
        """Change the rate of the UART alone."""
        self._uart.set_baud(baud)

    # --- messages ---

    async def send_pdu(self, octets, pdu, before_send=None):
        """Send one SMS-SUBMIT; return its message reference.

        octets: length of the TPDU; pdu: SMSC and TPDU in hex. before_send: called when the modem
        has asked for the body, just before it is given; the last moment to turn back.
        Success is `+CMGS:` and OK. The `.message` of a ModemError says what became of the message
        otherwise, `.given` whether the body had been handed over at all.
        """
        line = "AT+CMGS=" + str(octets)
        async with self.turn:
            await self.calls.silence()
            infos = await self.command(
                line, "+CMGS:", TIMEOUT_SEND, body=pdu.encode(), before=before_send
            )
        reference = fields(infos[0])[0] if infos else ""
        if not reference.isdigit():
            error = AtTimeout(line + ": OK without a reference")
            error.given = True
            raise error
        return int(reference)

    async def read_message(self, slot):
        """Read one slot; return its PDU in hex, "" if it is empty. Raises AtError."""
        found = await self.command("AT+CMGR=" + str(slot), "+CMGR:", entries=1)
        return found[0][1] if found else ""

    async def list_messages(self, limit):
        """List the SIM's messages as (slot, PDU in hex); at most `limit` are kept in memory.

        The rest is found by the next sweep, when these are dealt with and deleted.
        """
        found = []
        for header, pdu in await self.command("AT+CMGL=4", "+CMGL:", TIMEOUT_LIST, limit):
            slot = fields(header)[0]
            if slot.isdigit():
                found.append((int(slot), pdu))
        return found

    async def delete_message(self, slot):
        """Delete one slot."""
        await self.command("AT+CMGD=" + str(slot), timeout=TIMEOUT_DELETE)

    # --- USSD ---

    async def ussd(self, code, timeout=30):
        """Send a code such as `*100#`; return the operator's answer.

        timeout: seconds to wait for it. Raises ModemError.
        """
        async with self.turn:
            await self.calls.silence()
            return await self._ussd.ask(code, timeout)
