"""The modem's settings: made at its start, kept, and found again at whatever rate it listens.

Saved by the modem itself (AT&W): its rate, so that `RDY` tells of a restart, and AT+CLTS, which
counts only if it is set before the modem registers. All others are made at every start.
"""

import asyncio

from sim800.errors import AtError, AtTimeout
from sim800.link import fields

STORAGE = 'AT+CPMS="SM","SM","SM"'
_MODE = "AT+CMGF=0"  # the one setting that is needed
_REGISTRATION = "AT+CREG=1"
_AT_START = ("ATE0", "AT+CMEE=1")
# Before the modem registers; none of them is needed.
_BEFORE = ('AT+CSCS="IRA"', "AT+MORING=1", "AT+CLCC=1")
# When the SIM is there.
_AFTER = ("AT+CNMI=2,1,0,0,0", "AT+CLIP=1")
_RATES = (9600, 57600, 38400, 19200)
_CFUN = 10  # s, AT manual
_RADIO_OFF = 3  # s


class Settings:
    """modem: a Modem; log: called with one line; baud: the rate that the modem shall keep."""

    def __init__(self, modem, log, baud):
        self._modem = modem
        self._log = log
        self._baud = baud
        self._rate = baud  # at which the UART is now
        self._reports = False  # the modem has taken AT+CREG=1

    async def begin(self):
        """Make the settings that do not need a SIM."""
        for command in _AT_START:
            await self.optional(command)
        # In this order: what AT&W saves shall not hide that the rest was lost.
        rate = await self._keep("AT+IPR", self._baud)
        if rate and self._rate != self._baud:
            self._set_rate(self._baud)
        if await self._keep("AT+CLTS", 1) or rate:
            await self.optional("AT&W")
        await self._modem.command(_MODE)
        self._reports = await self.optional(_REGISTRATION)
        for command in _BEFORE:
            await self.optional(command)

    async def finish(self):
        """Make the settings that need one."""
        for command in _AFTER:
            await self.optional(command)

    async def refresh(self):
        """Make anew what a modem may lose without a word."""
        await self._modem.command(_MODE)
        await self.optional(STORAGE, "+CPMS:")
        await self.finish()

    def lost(self, mode):
        """Tell whether the mode that AT+CREG? shows means that the modem has restarted unseen."""
        return self._reports and mode == 0

    async def optional(self, command, prefix=None, timeout=5):
        """Run a command that a modem may refuse; return False if it does."""
        try:
            await self._modem.command(command, prefix, timeout)
            return True
        except AtError as error:
            self._log("modem: refused " + str(error))
        except AtTimeout as error:
            self._log("modem: " + str(error))
            await self._modem.command("AT", timeout=1)  # raises if it is no use to go on
        return False

    async def _keep(self, name, value):
        """See to it that a saved setting has a value; return True if it had another one."""
        try:
            lines = await self._modem.command(name + "?", name[2:] + ":")
        except AtError as error:
            self._log("modem: refused " + str(error))
            return False
        if not lines or fields(lines[-1])[0] == str(value):
            return False
        return await self.optional(name + "=" + str(value))

    async def cycle(self, level):
        """Switch radio (4) or radio and SIM (0) off and on again."""
        self._log("modem: off and on again, AT+CFUN=" + str(level))
        if await self.optional("AT+CFUN=" + str(level), None, _CFUN):
            await asyncio.sleep(_RADIO_OFF)
        await self.optional("AT+CFUN=1", None, _CFUN)

    async def find_rate(self, answers):
        """Look for the modem at other rates; `answers()` tries once. Return False if in vain."""
        for rate in _RATES:
            self._set_rate(rate)
            if await answers():
                self._log("modem: found at " + str(rate) + " baud")
                return True
        self._set_rate(self._baud)
        return False

    def _set_rate(self, rate):
        self._rate = rate
        self._modem.set_baud(rate)
