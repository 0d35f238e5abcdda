# SPDX-License-Identifier: MIT
"""Keeps a modem on line: finds, configures, watches and restarts it. See docs/modem.md.

Sole owner of connecting, recovering and resetting the modem. It runs as one task beside the
modem's reader.
"""

import asyncio

from sim800 import const, release
from sim800.errors import AtError, AtTimeout, ModemError
from sim800.link import bounded, fields

_CHECK = const(45)  # s between two looks at a healthy modem: a missing SIM shows in a minute
_SIGNAL = const(4)  # looks between two at the signal, which nobody needs to the minute
_REFRESH = const(7)  # looks between two times that the settings are made again
_DAY = const(1918)  # looks between two times that the radio is switched off and on
_SEARCH = const(20)  # s of rest at most, while changes go on
_ROUND = const(20)  # s more between two rounds, each time that the modem does not stay on line
_LONGEST_ROUND = const(60)  # s
_TIMEOUT = const(15)  # s, the longest of the settings' maximum response times (AT manual, CLIP)


class Supervisor:
    """Brings the modem on line and keeps it there.

    modem: a Modem; power: a port with `reset(ms)` (press RST) and `restart(times)` (press PWRKEY
    twice: ms pressed, ms apart, ms pressed), which return False if the board lacks that line: the
    ladders leave out its step;
    baud: the rate of the UART, at which the modem is made to stay.
    Attributes: `alive` (the modem answers), `ready` (configured, the SIM can be read), `online`
    (ready and registered); `pin`: of the SIM; `refused`: a PIN that the SIM refused, to be given
    back after a restart; `centre`: False if the SIM has no message centre, so nothing can be sent;
    `fault`: the modem is of another family than it was said to be, None until it is known;
    `restarts` (made from here), `reboots` (unexpected), `low` (under-voltage warnings) count;
    `beats` grows while it advances. The modem's `tell()` is called when one of them changes.
    """

    def __init__(self, modem, power, baud=115200):
        self.modem = modem
        self.power = power
        self.baud = baud
        self.reports: list = []  # what the modem has been made to report: "+CREG"
        self.met = False  # it has answered since this side started
        self.failures = 0  # steps of the ladder taken against a modem that fails,
        self.silence = 0  # of these since the last byte was received,
        self.radio = 0  # and against one that finds no network
        self.received = 0
        self.owed = 0  # s of a step's pause that the modem did not need: before the next one
        self._rounds = 0  # times it was brought up, or tried to be, since it stayed on line
        self._haste = 0  # s of rest after a change, the more the oftener it changes
        self.refusals = 0
        self.pin = self.refused = ""
        self.alive = self.ready = self.online = False
        self.centre = True
        self.fault: bool | None = None
        self.restarts = self.reboots = self.low = self.beats = 0
        modem.listen("UNDER-VOLTAGE W", self._on_low)

    async def run_forever(self):
        """Keep the modem on line, for ever. Raises RuntimeError after an hour of silence."""
        modem = self.modem
        while True:
            try:
                self.ready = False
                self.show(self.alive, False)
                modem.restarted = False
                await self.recover("bring up")
                await self._watch()
                self.modem.say("went off line: " + str(modem.registration))
            except (ModemError, ValueError, IndexError) as error:
                self.modem.say(str(error))
                self.ready = False
                self.show(self.alive and not isinstance(error, AtTimeout), False)
                if modem.restarted:
                    self.reboots += self.alive  # POWER DOWN and RDY are one
                elif type(error) is not ModemError:
                    await self.recover("ladder")
                    continue
            # What ends so again and again shall not keep the line busy.
            self.beats += 1
            if self._rounds:
                await asyncio.sleep(min((self._rounds - 1) * _ROUND, _LONGEST_ROUND))
            self._rounds += 1

    def show(self, alive, online):
        """Take a new `alive` and `online`."""
        if (alive, online) != (self.alive, self.online):
            self.alive = alive
            self.online = online
            self.modem.tell()

    def _on_low(self, line, extra):
        self.low += 1  # it may come every second: the next look logs it
        if line.endswith(" POWER DOWN"):
            self.modem.on_restart(line, extra)

    def recover(self, way):
        """Return a coroutine of recovery.py, which is in memory only until that has ended."""
        from sim800.recovery import WAYS

        work = WAYS[way](self)
        release("sim800.recovery")
        release("sim800.setup")  # which it imports,
        release("sim800.families")  # as this
        return work

    async def answers(self):
        """Send ESC, and AT twice (the link does this); return True if the modem answers."""
        self.beats += 1
        try:
            await self.modem.command("AT", None, 1)
            return True
        except ModemError:
            return False

    def _refresh(self, thoroughly):
        """Return the coroutine of setup.py, which is in memory only until that has ended."""
        from sim800.setup import refresh

        work = refresh(self, thoroughly)
        release("sim800.setup")
        return work

    # --- questions ---

    async def optional(self, line, prefix=None, timeout=_TIMEOUT):
        """Run a command that a modem may refuse; return its lines, or None if refused."""
        modem = self.modem
        lines = await modem.ask("AT" + line, prefix, timeout)
        if modem.restarted:
            raise ModemError("restarted")
        if lines is None and modem.dirty:
            await modem.command("AT", None, 1)  # raises if it is no use to go on
        return lines

    async def ask(self, line):
        """Return the fields of the answer to a query, [] if it is refused."""
        lines = await self.optional(line, line.rstrip("?") + ":")
        return fields(lines[-1]) if lines else []

    async def look_at_signal(self):
        """Ask for the signal; `rssi` of the modem has it then."""
        values = await self.ask("+CSQ")
        self.modem.note("rssi", int(values[0]) if values and values[0].isdigit() else 99)

    async def wait(self, seconds):
        """Wait for a change of the modem's state; return True if there was none."""
        self.beats += 1
        self.modem.changed.clear()
        return not await bounded(self.modem.changed, seconds)

    async def pause(self, seconds):
        """Wait as `_wait` does; if changes go on, rest after each. ModemError: it restarted."""
        same = await self.wait(seconds)
        if same:
            self._haste = 0
        elif not self.modem.restarted:
            await asyncio.sleep(self._haste)
            self._haste = min(self._haste + 5, _SEARCH)
        if self.modem.restarted:
            raise ModemError("restarted")
        return same

    # --- SIM and network ---

    async def look_at_sim(self):
        """Ask for the SIM; return True if it is busy: there, and not to blame."""
        modem = self.modem
        try:
            for line in await modem.command("AT+CPIN?", "+CPIN:"):
                modem.handle_urc(line)
        except AtError as error:
            if error.code == 14:
                return True
            modem.note("sim", "NOT INSERTED" if error.code == 10 else "UNKNOWN")
        return False

    async def look_at_registration(self):
        """Ask for the registration. Raises ModemError if the modem has lost its settings."""
        modem = self.modem
        for name in modem.family.registration:
            for line in await self.optional(name + "?", name + ":") or ():
                modem.handle_urc(line)
                if name in self.reports and fields(line)[0] == "0":
                    raise ModemError("settings lost")

    async def network_time(self):
        """Ask for the modem's time."""
        self.modem.moved = False
        for line in await self.optional("+CCLK?", "+CCLK:") or ():
            self.modem.handle_urc(line)

    # --- a modem that is on line ---

    async def _watch(self):
        """Look at a modem that is on line now and then, until something is wrong."""
        modem = self.modem
        looks = 0
        low = self.low
        while modem.registered and modem.sim == "READY":
            await self.pause(_CHECK)
            await self.look_at_sim()
            await self.look_at_registration()
            self.failures = self.owed = self._rounds = 0
            looks += 1
            if modem.moved:
                await self.network_time()
            if low != self.low:
                low = self.low
                self.modem.say("UNDER-VOLTAGE, supply " + ",".join(await self.ask("+CBC")))
            if looks % _SIGNAL == 0:
                await self.look_at_signal()
            if looks % _REFRESH == 0:
                await self._refresh(looks % _DAY == 0)
