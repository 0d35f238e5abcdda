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
        self.listen("+CMTI:", self._on_mail)
        self.listen("+CREG:", self._on_registration)
        self.listen("+CPIN:", self._on_sim)
        self.listen("SMS Ready", lambda line, extra: self.tell())
        self.listen("*PSUTTZ:", self._on_network_time)

    # --- what it says unasked ---

    def _on_mail(self, line, extra):
        self.mail.set()
        slot = line.split(",")[1].strip()
        # An MMS push, or more than fits: the sweep of the whole storage finds it.
        if len(self.mail_slots) < _MOST_HINTS and slot.isdigit() and line.count(",") == 1:
            self.mail_slots.append(int(slot))

    def _on_registration(self, line, extra):
        self.set_registration(int(fields(line)[0]))

    def _on_sim(self, line, extra):
        self.set_sim(line[line.find(":") + 1 :].strip())

    def _on_network_time(self, line, extra):
        self.tell_time(clock.moment(line))

    def on_restart(self, line):
        """The modem has started anew, or is going down."""
        self.restarted = True
        self.calls.reset()
        self._ussd.reset()
        self.set_registration(-1)
        self.tell()

    # --- state ---

    def set_registration(self, stat):
        """Take a +CREG state; tell who waits for a change."""
        if stat != self.registration:
            self.registration = stat
            self.tell()

    def set_sim(self, state):
        """Take a +CPIN state; tell who waits for a change."""
        if state != self.sim:
            self.sim = state
            self.sims += 1
            self.tell()

    def set_rssi(self, rssi):
        """Take a +CSQ level."""
        if rssi != self.rssi:
            self.rssi = rssi
            self._on_change()

    def tell_time(self, moment):
        """Take (local seconds since 2000, quarter hours), or None for no clock."""
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
            infos = await self.prompted(line, "+CMGS:", pdu.encode(), TIMEOUT_SEND, before_send)
        reference = fields(infos[0])[0] if infos else ""
        if not reference.isdigit():
            error = AtTimeout(line + ": OK without a reference")
            error.given = True
            raise error
        return int(reference)

    async def read_message(self, slot):
        """Read one slot; return its PDU in hex, "" if it is empty. Raises AtError."""
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

    # --- USSD ---

    async def ussd(self, code, timeout=30):
        """Send a code such as `*100#`; return the operator's answer.

        timeout: seconds to wait for it. Raises ModemError.
        """
        async with self.turn:
            await self.calls.silence()
            return await self._ussd.ask(code, timeout)
