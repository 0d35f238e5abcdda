"""Single questions and settings of the modem."""

from sim800 import clock
from sim800.errors import AtError
from sim800.link import fields


def _integers(lines):
    """Return the fields of the last line as integers, up to the first that is none."""
    values = []
    if lines:
        for field in fields(lines[-1]):
            try:
                values.append(int(field))
            except ValueError:
                break
    return values


async def registration(modem):
    """Ask for the registration, tell the modem's state; return the mode of +CREG, -1 if odd."""
    values = _integers(await modem.command("AT+CREG?", "+CREG:"))
    if len(values) < 2:
        return -1
    modem.set_registration(values[1])
    return values[0]


async def signal(modem):
    """Ask for the signal; return +CSQ 0..31, 99 unknown (the modem's state has it then too)."""
    try:
        values = _integers(await modem.command("AT+CSQ", "+CSQ:"))
    except AtError:
        values = []
    modem.set_rssi(values[0] if values else 99)
    return modem.rssi


async def sim(modem):
    """Ask for the SIM, tell the modem's state; return it as +CPIN has it. Raises AtError."""
    lines = await modem.command("AT+CPIN?", "+CPIN:")
    if lines:
        modem.set_sim(lines[-1][6:].strip())
    return modem.sim


async def time(modem):
    """Ask for the modem's clock; return (local seconds since 2000, quarter hours) or None.

    None as well for a modem that was never told the time, or cannot tell it.
    """
    try:
        lines = await modem.command("AT+CCLK?", "+CCLK:")
        return clock.from_cclk(lines[-1])
    except (AtError, ValueError, IndexError):
        return None


async def battery(modem):
    """Return the supply as (charging state, percent, millivolts), None if the modem has none."""
    values = _integers(await modem.command("AT+CBC", "+CBC:"))
    return (values[0], values[1], values[2]) if len(values) == 3 else None


async def set_microphone_gain(modem, gain, channel=0):
    """Set the gain 0..15 (1.5 dB steps) of a channel 0..3; both are needed (manual, AT+CMIC)."""
    await modem.command("AT+CMIC=" + str(channel) + "," + str(gain))
