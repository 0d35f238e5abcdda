# SPDX-License-Identifier: MIT
"""The modem: its state, messages, calls and USSD.

Built on the link, which owns the line. Sending, dialling and USSD take the lock `turn`, so that
they never mix; and none of them begins while an incoming call rings, for as long as
`Calls.silence()` waits.
"""

import asyncio

from sim800 import const
from sim800.calls import Calls
from sim800.errors import AtTimeout
from sim800.link import Link, fields
from sim800.ussd import Ussd

_LIST = const(25)  # s: 20 by the AT manual, and the time that a full SIM takes on the line
_MOST_HINTS = const(8)


class Modem(Link):
    """A modem on a UART.

    uart: a port with `await read()` -> bytes, `write(bytes)` and `set_baud(rate)`.
    log: called with one line of text.
    on_change: called without arguments when the state that is listed here changed.
    family: its Family, see sim800.families; None for the SIM800L's. The supervisor sees which it
    really is.

    State: `registration` (<stat> of +CREG, or of +CEREG if only that is registered; -1 unknown),
    `sim` (+CPIN text), `sims` (counts its
    changes), `rssi` (+CSQ, 99 unknown), `calls.state`, `restarted` (the supervisor clears it).
    Events, each for one waiting task: `mail` (a message has arrived; `mail_slots` are hints to
    its slot), `changed` (registration, SIM or settings changed, or the modem restarted).
    on_time: None, or called with the line whenever the network sends the time, `*PSUTTZ:` or
    `+CCLK:`, which sim800.nitz reads. `moved`: the clock has been set, and nobody has read it.
    """

    def __init__(self, uart, log, on_change, family=None):
        super().__init__(uart, log)
        self._on_change = on_change
        self.on_time = None
        self.mail = asyncio.Event()
        self.mail_slots = []
        self.changed = asyncio.Event()
        self.restarted = False
        self.registration = -1
        self._seen: dict = {}  # <stat> by what reported it
        self.moved = False
        self.sim = ""
        self.sims = 0
        self.rssi = 99
        self.turn = asyncio.Lock()
        self.calls = Calls(self, on_change)
        self._ussd = Ussd(self)
        handler = self._on_urc
        for start in ["+CMTI:", "+CPIN:", "+CCLK:"]:
            self.listen(start, handler)
        if family is None:
            from sim800.families.sim800l import Family as family
        self.take(family)

    def take(self, family):
        """Take the modem for one of this Family from now on."""
        self.family = family
        self.listen(family.start[0], self.on_restart)
        for start in [family.start[-1], family.time] + list(family.registration):
            self.listen(start, self._on_urc)
        self.calls.take(family)

    # --- URCs, and the same lines as answers ---

    def _on_urc(self, line, extra):
        start, _, rest = line.partition(":")
        values = fields(line)
        family = self.family
        if start in family.registration:
            # AT+CREG? is answered with <n> in front: `+CREG: 1,5`; a URC is `+CREG: 5,"00A1",..`.
            values = rest.split(",")
            asked = len(values) > 1 and values[1].strip().isdigit()
            self._seen[start] = int(values[asked])
            stats = [self._seen.get(name, -1) for name in family.registration]
            best = [stat for stat in stats if stat in family.registered]
            self.note("registration", (best or stats)[0])
        elif start == "+CPIN":
            self.note("sim", rest.strip())
        elif start == "+CMTI":
            self.mail.set()
            slot = values[1]
            # An MMS push, or more than fits: the sweep of the whole storage finds it.
            if len(self.mail_slots) < _MOST_HINTS and slot.isdigit() and len(values) == 2:
                self.mail_slots.append(int(slot))
        elif line == family.start[-1]:
            self.tell()
        elif line.startswith("+CTZV:"):
            self.moved = True
            self.tell()
        elif self.on_time is not None:
            self.on_time(line)

    def on_restart(self, line, extra):
        """The modem has restarted, or is going down."""
        super().on_restart(line, extra)
        self.restarted = True
        self._seen = {}
        self.calls.reset()
        self._ussd.reset()
        self.note("registration", -1)
        self.tell()

    # --- state ---

    def note(self, name, value):
        """Set `registration`, `sim` or `rssi`; if it changed, announce that."""
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.sims += name == "sim"
            self.tell()

    def tell(self):
        """Announce that something about the modem changed."""
        self.changed.set()
        self._on_change()

    @property
    def registered(self):
        """True while the modem is registered, at home or roaming."""
        return self.registration in self.family.registered

    # --- messages ---

    async def send_pdu(self, octets, pdu, before_send=None):
        """Send one SMS-SUBMIT; return its message reference, -1 from a modem that gives none.

        octets: length of the TPDU; pdu: SMSC and TPDU in hex; before_send: called when the modem
        has asked for the body, just before that is sent; may still raise to stop it.
        Success is `+CMGS:` and OK. Otherwise the `.fate` of the ModemError says what became of the
        message, and `.given` whether the modem got the body at all.
        """
        line = "AT+CMGS=" + str(octets)
        async with self.turn:
            await self.calls.silence()
            lines = await self.command(
                line, "+CMGS:", self.family.timeout, body=pdu.encode(), before=before_send
            )
        reference = fields(lines[0])[0] if lines else ""
        if reference.isdigit():
            self._bare_ok = False
            return int(reference)
        # The OK of something else, or some modules never give one: the second OK in a row counts.
        if self._bare_ok:
            return -1
        self._bare_ok = True
        error = AtTimeout(line + ": OK without a reference")
        error.given = True
        raise error

    async def read_message(self, slot):
        """Read one slot; return its PDU in hex, "" if it is empty. Raises AtError."""
        found = await self.command("AT+CMGR=" + str(slot), "+CMGR:", entries=1)
        return found[0][1] if found else ""

    async def list_messages(self, limit, mode="+CMGF=0;"):
        """Return the SIM's messages as (slot, PDU in hex), `limit` at most.

        The next sweep finds the others, once these are deleted. `mode` goes before the list in the
        same line; "" for a modem that wants each command in a line of its own. Raises AtError.
        """
        found = []
        line = "AT" + mode + "+CMGL=4"
        for header, pdu in await self.command(line, "+CMGL:", _LIST, limit):
            slot = fields(header)[0]
            if slot.isdigit():
                found.append((int(slot), pdu))
        return found

    async def delete_message(self, slot):
        """Delete one slot."""
        await self.command("AT+CMGD=" + str(slot))

    # --- USSD ---

    async def ussd(self, code, timeout=30):
        """Send a code such as `*100#`; return the operator's answer.

        timeout: seconds to wait for it. Raises ModemError.
        """
        async with self.turn:
            await self.calls.silence()
            return await self._ussd.ask(code, timeout)
