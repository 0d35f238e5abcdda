# SPDX-License-Identifier: MIT
"""Makes the modem's settings: each time that it is brought up, and every five minutes.

In memory only while it runs (`Supervisor._refresh`, and with recovery.py). Only AT+CMGF=0 is
mandatory: everything works without the other settings.
"""

from sim800 import const
from sim800.calls import IDLE
from sim800.errors import AtError, ModemError

_TIMEOUT = const(15)  # s, the longest of the settings' maximum response times (AT manual, CLIP)
_BUSY = const((14, 302, 314, 515))  # CME and CMS, before messages can be used
_OF_SIM = const("+CNMI=2,1,0,0,0;+CLIP=1")


async def configure(supervisor):
    """Make the settings that need no SIM."""
    family = supervisor.modem.family
    await _set_all(supervisor, family.settings)
    # Lost, it shows a restart that nobody saw; some modems say OK and show another <n>.
    reports = []
    for name in family.registration:
        await supervisor.optional(name + "=" + "1")
        if (await supervisor.ask(name + "?"))[:1] == ["1"]:
            reports.append(name)
    supervisor.reports = reports


async def configure_sim(supervisor):
    """Make the settings that need a SIM."""
    await _set_all(supervisor, _OF_SIM)
    values = await supervisor.ask("+CSCA?")
    centre = not values or values[0] != ""
    if centre != supervisor.centre:
        supervisor.centre = centre
        if not centre:
            supervisor.modem.say("no message centre")
        supervisor.modem.tell()


async def _set_all(supervisor, lines):
    """Make settings in one command; if it is refused, each in one of its own."""
    if await supervisor.optional(lines) is None:
        for line in lines.split(";"):
            await supervisor.optional(line)


async def open_storage(supervisor, patient=True):
    """Make the settings with which messages are read; return None, or the error.

    patient: one of a busy SIM at AT+CPMS is an error, too; all others there do not matter.
    """
    modem = supervisor.modem
    try:
        await modem.command("AT+CMGF=0")
    except AtError as error:
        return error
    try:
        await modem.command('AT+CPMS="SM","SM","SM"', "+CPMS:", _TIMEOUT)
    except AtError as error:
        if patient and error.code in _BUSY:
            return error
        modem.say(str(error))
    return None


async def refresh(supervisor, thoroughly):
    """Make all settings again, for some modems lose them without a word; then wake the modem.

    One may be registered, but get no calls and no messages. A call that nobody here knows of is
    one cause; hanging up cures others; thoroughly: the radio off and on. Raises ModemError.
    """
    await configure(supervisor)
    error = await open_storage(supervisor, False)
    if error is not None:
        raise ModemError(str(error))
    await configure_sim(supervisor)
    modem = supervisor.modem
    async with modem.turn:
        if modem.calls.state == IDLE:
            if thoroughly:
                await supervisor.recover("radio")
            else:
                await supervisor.optional(modem.family.hang_up)
