"""Single questions and settings of the modem."""

from sim800 import clock
from sim800.link import fields


async def registration(modem):
    """Ask for the registration, tell the modem's state; return the mode of +CREG, -1 if odd."""
    lines = await modem.command("AT+CREG?", "+CREG:")
    if not lines:
        return -1
    values = fields(lines[-1])
    modem.set_registration(int(values[1]))
    return int(values[0])


async def signal(modem):
    """Ask for the signal; return +CSQ 0..31, 99 unknown (the modem's state has it then too)."""
    lines = await modem.command("AT+CSQ", "+CSQ:")
    if lines:
        modem.set_rssi(int(fields(lines[-1])[0]))
    return modem.rssi


async def sim(modem):
    """Ask for the SIM, tell the modem's state; return it as +CPIN has it. Raises AtError."""
    lines = await modem.command("AT+CPIN?", "+CPIN:")
    if lines:
        modem.set_sim(lines[-1][6:].strip())
    return modem.sim


async def time(modem):
    """Ask for the modem's clock; return (local seconds since 2000, quarter hours) or None."""
    lines = await modem.command("AT+CCLK?", "+CCLK:")
    try:
        return clock.from_cclk(lines[-1]) if lines else None
    except (ValueError, IndexError):
        return None


async def battery(modem):
    """Return the supply as (charging state, percent, millivolts), None if the modem has none."""
    lines = await modem.command("AT+CBC", "+CBC:")
    try:
        values = [int(value) for value in fields(lines[-1])]
        return values[0], values[1], values[2]
    except (ValueError, IndexError):
        return None


async def set_microphone_gain(modem, gain, channel=0):
    """Set the gain 0..15 (1.5 dB steps) of a channel 0..3; both are needed (manual, AT+CMIC)."""
    await modem.command("AT+CMIC=" + str(channel) + "," + str(gain))
