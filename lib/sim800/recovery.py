"""Brings a modem back on line: ladders of restarts, other baud rates, the SIM, the network.

In memory only while it runs (`Supervisor._recover`). docs/modem.md draws the ladders.
"""

import asyncio

from sim800 import const
from sim800.errors import AtError, ModemError

_SEARCH = const(20)  # s between two looks while the SIM or the network is awaited
_BUSY_PAUSE = const(3)  # s between two tries while the SIM is busy
_BUSY_TRIES = const(60)
_SIM_CYCLE = const(3)  # looks for a SIM before the modem is made to look for one
_SILENT = const(120)  # steps without a byte, an hour: it may be the UART of this side that hangs
_OTHER_RATES = const((9600, 57600, 38400, 19200))

# Steps of the ladders.
_AGAIN = const(0)  # find it once more
_RATES = const(1)  # look for it at other rates; AT+CFUN=1,1 if it is found at none
_CFUN = const(2)  # AT+CFUN=1,1
_RST = const(3)
_PWRKEY = const(4)
_COPS = const(5)  # AT+COPS=0
_RADIO = const(6)  # AT+CFUN=4, AT+CFUN=1
_NAMES = ["once more", "other rates", "CFUN=1,1", "RST", "PWRKEY", "COPS=0", "radio"]
# Against a modem that is silent, or refuses AT+CMGF=0: a step, and the seconds that it gets to
# come back before the next one. From the end it goes on at the third last.
_SILENCE_LADDER = (
    (_AGAIN, 0),
    (_RATES, 8),
    (_RST, 8),
    (_PWRKEY, 12),
    (_RATES, 15),
    (_RST, 25),
    (_PWRKEY, 25),
)
# Against one that finds no network: the looks for one before a step, and the step. From the end it
# goes on at the second last.
_NETWORK_LADDER = (
    (6, _COPS),
    (6, _RADIO),
    (9, _CFUN),
    (15, _PWRKEY),
    (90, _RADIO),
    (180, _PWRKEY),
    (540, _RADIO),
    (540, _PWRKEY),
)
_BLIND = const(b"\rATQ0V1+CREG=0;&W;+CFUN=1,1\r")  # to one that was made to keep its answers


async def climb(supervisor):
    """Take the next step of the ladder against a modem that fails."""
    modem = supervisor.modem
    supervisor.silence += 1
    if modem.received != supervisor.received:
        supervisor.silence = 0
    supervisor.received = modem.received
    if supervisor.silence > _SILENT:
        raise RuntimeError("modem silent")
    await asyncio.sleep(supervisor.owed)
    supervisor.owed = 0
    done = False
    while not done:  # the board may lack the line of a step: then the next one
        step, pause = _SILENCE_LADDER[supervisor.failures]
        if not supervisor.met and step == _AGAIN:  # one that was never heard may be switched off
            step, pause = _PWRKEY, 12
        supervisor.failures += 1
        if supervisor.failures == len(_SILENCE_LADDER):
            supervisor.failures -= 3
        if step == _AGAIN:
            return
        if step == _RATES:
            if await _find_rate(supervisor):
                return
            step = _CFUN
        done = _restart(supervisor, step)
    if not await supervisor.wait(pause):
        supervisor.owed = pause


def _restart(supervisor, how):
    """Restart the modem, whatever it may answer to it; return False if the board cannot."""
    if how == _CFUN:
        supervisor.modem.send_blind(_BLIND)
    elif (supervisor.power.reset() if how == _RST else supervisor.power.restart()) is False:
        return False
    supervisor.restarts += 1
    supervisor.modem.say("restart: " + _NAMES[how])
    return True


async def _find_rate(supervisor):
    """Look for the modem at other rates; return True if it is found at one."""
    modem = supervisor.modem
    if await supervisor.answers():
        return False
    for rate in _OTHER_RATES:
        modem.set_baud(rate)
        if await supervisor.answers():
            supervisor.modem.say("found at " + str(rate) + " baud")
            return True
        modem.send_blind(_BLIND)
        await asyncio.sleep(0.1)  # until it has left at this rate
    modem.set_baud(supervisor.baud)
    return False


async def await_sim(supervisor):
    looks = busy = 0
    entered = False
    while True:
        if await supervisor.look_at_sim() and busy < _BUSY_TRIES:
            busy += 1
            await supervisor.pause(_BUSY_PAUSE)
            continue
        sim = supervisor.modem.sim
        if sim == "READY":
            supervisor.refusals = 0
            return
        # One that has taken it may say SIM PIN for a while.
        entered = sim == "SIM PIN" and not entered and await _enter_pin(supervisor)
        looks += await supervisor.pause(_BUSY_PAUSE if entered else _SEARCH)
        # The SIM800L has no contact that shows a card that was put in.
        if looks == _SIM_CYCLE and supervisor.modem.sim != "READY":
            looks = 0
            await supervisor.cycle(0)


async def _enter_pin(supervisor):
    """Try the PIN, never the last try, and after a refusal not again; True: it is taken.

    All three tries left mean another card, or one that was unlocked elsewhere meanwhile.
    """
    if not supervisor.pin:
        return False
    values = await supervisor.ask("+SPIC")
    left = int(values[0]) if values and values[0].isdigit() else 2
    if left < 2 or supervisor.refusals > 1 or (left == 2 and supervisor.pin == supervisor.refused):
        return False
    try:
        await supervisor.modem.command("AT+CPIN=" + supervisor.pin)
        return True
    except AtError as error:
        supervisor.modem.say("PIN refused: " + error.result)
        supervisor.refusals += 1
        supervisor.refused = supervisor.pin
        supervisor.modem.tell()
    except ModemError:
        raise ModemError("no answer to the PIN")  # whose text shows no PIN
    return False


async def await_network(supervisor):
    modem = supervisor.modem
    looks = 0
    while True:
        await supervisor.look_at_registration()
        if modem.registered:
            supervisor.radio = 0
            return
        patience, step = _NETWORK_LADDER[supervisor.radio]
        if looks >= patience:
            looks = 0
            supervisor.radio += 1
            if supervisor.radio == len(_NETWORK_LADDER):
                supervisor.radio -= 2
            supervisor.modem.say("no network: " + _NAMES[step])
            if step == _COPS:
                await supervisor.optional("+COPS=0", None, 120)
            elif step == _RADIO:
                await supervisor.cycle(4)
            elif _restart(supervisor, step):
                await supervisor.wait(8)
                raise ModemError("restarted")
            continue
        looks += await supervisor.pause(_SEARCH)
        if modem.sim != "READY":
            raise ModemError("SIM: " + modem.sim)


WAYS = {"ladder": climb, "sim": await_sim, "network": await_network}
