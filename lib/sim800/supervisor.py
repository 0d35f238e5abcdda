"""Keeps a modem on line: starts it, configures it, watches it, restarts it.

The one place that owns life and death of the link. It runs as one task beside the modem's reader.
"""

import asyncio

from sim800.modem import AtError, AtTimeout, ModemError

_SYNC_TRIES = 5  # AT, a second apart, before the modem's power is worked
_BOOT = 5  # s from PWRKEY to a UART that listens (3 s in the hardware manual)
_CHECK = 60  # s between two looks at a healthy modem
_BUSY_PAUSE = 3  # s between two tries while the SIM is busy
_BUSY_TRIES = 20
_BUSY = ((14, "CME"), (314, "CMS"), (302, "CMS"), (515, "CMS"))  # before `SMS Ready`
_SEARCH = 20  # s between two looks while the SIM or the network is awaited
_BACKOFF = (5, 15, 60, 180)  # s between attempts to start a modem that does not answer

# (command, needed): one that is not needed may be refused, as by other modems than the SIM800L.
_SETTINGS = (
    ("ATE0", False),
    ("AT+CMEE=1", False),
    ("AT+CMGF=0", True),
    ("AT+CREG=1", False),
)
_STORAGE = 'AT+CPMS="SM","SM","SM"'
_MESSAGE_SETTINGS = (
    ("AT+CNMI=2,1,0,0,0", False),
    ("AT+CLIP=1", False),
)


class Supervisor:
    """Brings the modem on line and keeps it there.

    modem: a Modem; power: a port with `restart()`; log: called with one line of text.
    Attributes: `alive` (the modem answers), `ready` (configured, the SIM can
    be read), `online` (ready and registered), `restarts`.
    The modem's `tell()` is called whenever one of them changes.
    """

    def __init__(self, modem, power, log):
        self._modem = modem
        self._power = power
        self._log = log
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
        for command, needed in _SETTINGS:
            await self._configure(command, needed)
        await self._await_sim()
        await self._await_storage()
        for command, needed in _MESSAGE_SETTINGS:
            await self._configure(command, needed)
        # The SIM can be read without a network: what came before it was lost is carried out.
        self.ready = True
        modem.mail.set()
        await self._await_network()
        await self.look_at_signal()
        self._failures = 0
        self._set(True, True)
        self._log("modem: on line")
        modem.mail.set()  # sweep: messages may have come while nobody listened

    async def _find(self):
        """AT until OK; if it never comes, work the modem's power, less and less often."""
        for _ in range(_SYNC_TRIES):
            try:
                await self._modem.command("AT", timeout=1)
                return
            except ModemError:
                pass
        self._set(False, False)
        delay = _BACKOFF[min(self._failures, len(_BACKOFF) - 1)]
        self._failures += 1
        self.restarts += 1
        self._log("modem: silent, restarting it; next try in " + str(delay) + " s")
        self._power.restart()
        await asyncio.sleep(max(delay, _BOOT))
        raise AtTimeout("the modem does not answer")

    async def _configure(self, command, needed):
        try:
            await self._modem.command(command)
        except AtError as error:
            if needed:
                raise
            self._log("modem: refused " + str(error))

    async def _await_sim(self):
        modem = self._modem
        while True:
            try:
                lines = await modem.command("AT+CPIN?", "+CPIN:")
                modem.set_sim(lines[0][6:].strip() if lines else "")
            except AtError as error:
                if error.code == 14:  # busy: it is there, and not to blame
                    await self._pause(_BUSY_PAUSE)
                    continue
                modem.set_sim("NOT INSERTED" if error.code == 10 else "UNKNOWN")
            if modem.sim == "READY":
                return
            await self._pause(_SEARCH)

    async def _await_network(self):
        while True:
            await self._look_at_registration()
            if self._modem.registered:
                return
            await self._pause(_SEARCH)
            if self._modem.sim != "READY":
                raise ModemError("the SIM was taken away")

    async def _await_storage(self):
        """Choose the SIM's storage; until `SMS Ready` the modem answers that the SIM is busy."""
        for _ in range(_BUSY_TRIES):
            try:
                await self._modem.command(_STORAGE, "+CPMS:")
                return
            except AtError as error:
                if (error.code, error.kind) not in _BUSY:
                    self._log("modem: refused " + str(error))
                    return
            await self._pause(_BUSY_PAUSE)

    async def _look_at_registration(self):
        modem = self._modem
        lines = await modem.command("AT+CREG?", "+CREG:")
        if lines:
            modem.set_registration(int(lines[0].split(",")[1]))

    async def look_at_signal(self):
        """Ask for the signal; `rssi` of the modem has it then."""
        lines = await self._modem.command("AT+CSQ", "+CSQ:")
        if lines:
            self._modem.set_rssi(int(lines[0][5:].split(",")[0]))

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

    async def _watch(self):
        """Look at a modem that is on line once a minute, until something is wrong."""
        modem = self._modem
        while modem.registered and modem.sim == "READY":
            await self._pause(_CHECK)
            await self._look_at_registration()
            await self.look_at_signal()
        self._log("modem: off line (registration " + str(modem.registration) + ")")
