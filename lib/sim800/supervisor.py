"""Keeps a modem on line: starts it, configures it, watches it, restarts it.

The one place that owns life and death of the link. It runs as one task beside the modem's reader.
Nothing of what is optional here is missed on a modem that refuses it.
"""

import asyncio

from sim800 import startup, status
from sim800.calls import IDLE
from sim800.errors import AtError, AtTimeout, ModemError

_SYNC_TRIES = 5  # AT, a second apart, before the modem's power is worked
_BOOT = 5  # s from PWRKEY to a UART that listens (3 s in the hardware manual)
_CHECK = 45  # s between two looks at a healthy modem: a missing SIM is shown within a minute
_SIGNAL = 4  # looks between two at the signal, which nobody needs to the minute
_REFRESH = 13  # looks between two times that the settings are made anew
_BUSY_PAUSE = 3  # s between two tries while the SIM is busy
_BUSY_TRIES = 20
_BUSY = ((14, "CME"), (314, "CMS"), (302, "CMS"), (515, "CMS"))  # before `SMS Ready`
_SEARCH = 20  # s between two looks while the SIM or the network is awaited
_CYCLE_SIM = 3  # looks for a SIM before the modem is made to look for one
_CYCLE_RADIO = 15  # looks for a network before the radio is switched off and on
_CYCLE_POWER = 60  # .. before the modem is restarted
_BACKOFF = (5, 15, 60, 180)  # s between attempts to start a modem that does not answer


class Supervisor:
    """Brings the modem on line and keeps it there.

    modem: a Modem; power: a port with `restart()`; log: called with one line of text;
    baud: the rate of the UART, at which the modem is made to stay.
    Attributes: `alive` (the modem answers), `ready` (configured, the SIM can be read), `online`
    (ready and registered), `restarts`.
    The modem's `tell()` is called whenever one of them changes.
    """

    def __init__(self, modem, power, log, baud=115200):
        self._modem = modem
        self._power = power
        self._log = log
        self._settings = startup.Settings(modem, log, baud)
        self._failures = 0
        self.alive = False
        self.ready = False
        self.online = False
        self.restarts = 0

    async def run_forever(self):
        """Keep the modem on line; never ends."""
        while True:
            try:
                await self._bring_up()
                await self._watch()
            except ModemError as error:
                self._log("modem: " + str(error))
            self.ready = False
            self._set(self.alive and self._modem.restarted, False)

    def _set(self, alive, online):
        self.ready = self.ready and alive
        if (alive, online) != (self.alive, self.online):
            self.alive = alive
            self.online = online
            self._modem.tell()

    async def _bring_up(self):
        await self._find()
        modem = self._modem
        modem.restarted = False
        self._set(True, False)
        await self._settings.begin()
        await modem.calls.clear()
        await self._await_sim()
        await self._await_storage()
        await self._settings.finish()
        # The SIM can be read without a network: what came before it was lost is carried out.
        self.ready = True
        modem.mail.set()
        await self._await_network()
        await self.look_at_signal()
        modem.tell_time(await status.time(modem))
        self._failures = 0
        self._set(True, True)
        self._log("modem: on line")
        modem.mail.set()  # sweep: messages may have come while nobody listened

    # --- a modem that does not answer ---

    async def _find(self):
        """AT until OK; if it never comes, work the modem's power, less and less often."""
        for _ in range(_SYNC_TRIES):
            if await self._answers():
                return
        if self._failures and await self._settings.find_rate(self._answers):
            return
        delay = _BACKOFF[min(self._failures, len(_BACKOFF) - 1)]
        self._failures += 1
        await self._restart("silent, restarting it; next try in " + str(delay) + " s", delay)
        raise AtTimeout("the modem does not answer")

    async def _answers(self):
        try:
            await self._modem.command("AT", timeout=1)
            return True
        except ModemError:
            return False

    async def _restart(self, why, delay):
        self._set(False, False)
        self.restarts += 1
        self._log("modem: " + why)
        self._power.restart()
        await asyncio.sleep(max(delay, _BOOT))

    # --- SIM, storage, network ---

    async def _await_sim(self):
        modem = self._modem
        looks = 0
        while True:
            try:
                await status.sim(modem)
            except AtError as error:
                if error.code == 14 and looks < _BUSY_TRIES:  # it is there, and not to blame
                    looks += 1
                    await self._pause(_BUSY_PAUSE)
                    continue
                modem.set_sim("NOT INSERTED" if error.code == 10 else "UNKNOWN")
            if modem.sim == "READY":
                return
            looks += 1
            await self._pause(_SEARCH)
            # The SIM800L has no contact that tells of a card that was put in.
            if looks % _CYCLE_SIM == 0 and modem.sim != "READY":
                await self._settings.cycle(0)

    async def _await_storage(self):
        """Choose the SIM's storage; until `SMS Ready` the modem answers that the SIM is busy."""
        for _ in range(_BUSY_TRIES):
            try:
                await self._modem.command(startup.STORAGE, "+CPMS:")
                return
            except AtError as error:
                if (error.code, error.kind) not in _BUSY:
                    self._log("modem: refused " + str(error))
                    return
            await self._pause(_BUSY_PAUSE)

    async def _await_network(self):
        looks = 0
        while True:
            await self._look_at_registration()
            if self._modem.registered:
                return
            looks += 1
            if looks % _CYCLE_POWER == 0:
                await self._restart("no network for long, restarting it", _BOOT)
                raise ModemError("restarted")
            if looks % _CYCLE_RADIO == 0:
                await self._settings.cycle(4)
            await self._pause(_SEARCH)
            if self._modem.sim != "READY":
                raise ModemError("the SIM was taken away")

    async def _look_at_registration(self):
        if self._settings.lost(await status.registration(self._modem)):
            raise ModemError("the modem has lost its settings")

    async def look_at_signal(self):
        """Ask for the signal; `rssi` of the modem has it then."""
        await status.signal(self._modem)

    async def _look_at_sim(self):
        """Ask for the SIM: one that was pulled out may not be noticed."""
        modem = self._modem
        try:
            await status.sim(modem)
        except AtError as error:
            if error.code != 14:
                modem.set_sim("NOT INSERTED" if error.code == 10 else "UNKNOWN")

    async def _pause(self, seconds):
        """Wait for a change of the modem's state, `seconds` at most."""
        modem = self._modem
        modem.changed.clear()
        try:
            await asyncio.wait_for(modem.changed.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        if modem.restarted:
            raise ModemError("restarted by itself")

    # --- a modem that is on line ---

    async def _watch(self):
        """Look at a modem that is on line now and then, until something is wrong."""
        modem = self._modem
        looks = 0
        while modem.registered and modem.sim == "READY":
            await self._pause(_CHECK)
            await self._look_at_sim()
            await self._look_at_registration()
            looks += 1
            if looks % _SIGNAL == 0:
                await self.look_at_signal()
            if looks % _REFRESH == 0:
                await self._refresh()
        self._log("modem: off line (registration " + str(modem.registration) + ")")

    async def _refresh(self):
        """Make the settings anew, which some modems lose without a word.

        ATH as well: it cures one that is registered, but gets no calls and no messages.
        """
        await self._settings.refresh()
        if self._modem.calls.state == IDLE:
            await self._settings.optional("ATH")
