# SPDX-License-Identifier: MIT
"""Brings a modem on line: first settings, SIM, network; other baud rates, the ladders.

In memory only while it runs (`Supervisor.recover`). docs/modem.md draws the ladders.
"""

import asyncio

from sim800 import const
from sim800.calls import IDLE
from sim800.errors import AtError, AtTimeout, ModemError
from sim800.families import load, look_up
from sim800.link import fields
from sim800.setup import configure, configure_sim, open_storage

_SEARCH = const(20)  # s between two looks while SIM, messages or network are awaited
_BUSY_PAUSE = const(3)  # s between two tries while the SIM is busy
_BUSY_TRIES = const(60)
_STORAGE_LOOKS = const(9)  # for a busy SIM to take AT+CPMS; then it is left as it is
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
_NAMES = "once more;other rates;CFUN=1,1;RST;PWRKEY;COPS=0;radio".split(";")
# Against a modem that is silent: a step, and the seconds that it gets to come back before the next
# one. From the end it goes on at the third last.
_SILENCE_LADDER = (
    (_AGAIN, 0),
    (_RATES, 8),
    (_RST, 8),
    (_PWRKEY, 12),
    (_RATES, 15),
    (_RST, 25),
    (_PWRKEY, 25),
)
# Against one that finds no network, or does not let messages be read: the looks before a step, and
# the step. From the end it goes on at the second last.
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


async def bring_up(supervisor):
    """Find the modem, configure it, wait for SIM and network. Raises ModemError."""
    modem = supervisor.modem
    if not (await supervisor.answers() or await supervisor.answers()):
        raise AtTimeout("no answer")
    modem.restarted = False
    supervisor.met = True
    supervisor.show(True, False)
    await _recognise(supervisor)
    await _save_settings(supervisor)
    await configure(supervisor)
    await _end_old_call(modem)
    await _await_sim(supervisor)
    await _await_storage(supervisor)
    await configure_sim(supervisor)
    # The SIM can be read without a network. Sweep: messages may have come unheard.
    supervisor.ready = True
    modem.mail.set()
    await _await_network(supervisor)
    await supervisor.look_at_signal()
    await supervisor.network_time()
    supervisor.show(True, True)
    modem.say("on line")


async def _recognise(supervisor):
    """Until it is known, ask of which family the modem is; use that, whatever was said."""
    modem = supervisor.modem
    said = modem.family.name
    if supervisor.fault is not None:
        return
    for model in await supervisor.optional("+CGMM", "") or ():
        found = look_up(model)
        if found:
            supervisor.fault = found != said
        if supervisor.fault:
            modem.take(load(found))
            modem.say('set MODEM = "%s": this is a %s, no %s' % (found, model, said))
            modem.tell()
            return


async def _save_settings(supervisor):
    """Have the modem save its rate, so that it shows when it starts, and what its family has.

    It comes before all other settings: what shows a restart shall not be saved.
    """
    save = False
    settings = [("+IPR", str(supervisor.baud))]
    if supervisor.modem.family.stored:
        settings.append((supervisor.modem.family.stored, "1"))
    for name, value in settings:
        values = await supervisor.ask(name + "?")
        if values and values[0] != value:
            if await supervisor.optional(name + "=" + value) is not None:
                save = True
                if name == "+IPR":
                    supervisor.modem.set_baud(supervisor.baud)
    if save:
        await supervisor.optional("&W")


async def _end_old_call(modem):
    """End a call that is left from before a restart of the chip, of which nobody knows here.

    One that rings here is none of these.
    """
    if modem.calls.state == IDLE:
        for line in await modem.ask("AT+CLCC", "+CLCC:") or ():
            values = fields(line)
            if len(values) > 2 and "0" in values[1:3]:  # from here, or active
                modem.say("ends an old call")
                await modem.calls.hang_up()
                break


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
    if not await supervisor.wait(pause + supervisor.modem.family.patience):
        supervisor.owed = pause


async def cycle(supervisor, level=4):
    """Switch radio (4) or radio and SIM (0) off and on again."""
    off = "+CFUN=" + str(level)
    supervisor.modem.say("AT" + off)
    if await supervisor.optional(off) is not None:
        await asyncio.sleep(3)
    await supervisor.optional("+CFUN=1")


def _restart(supervisor, how):
    """Restart the modem, whatever it may answer to it; return False if the board cannot."""
    if how == _CFUN:
        supervisor.modem.send_blind(_BLIND)
    elif not _press(supervisor, how):
        return False
    supervisor.restarts += 1
    supervisor.modem.say("restart: " + _NAMES[how])
    return True


def _press(supervisor, key):
    """Press RST or PWRKEY; return False if the board lacks it."""
    power, family = supervisor.power, supervisor.modem.family
    if key == _RST:
        return power.reset(family.reset) is not False
    return power.restart(family.power) is not False


async def _find_rate(supervisor):
    """Look for the modem at other rates; return True if it is found at one."""
    modem = supervisor.modem
    if await supervisor.answers():
        return False
    for rate in _OTHER_RATES:
        modem.set_baud(rate)
        if await supervisor.answers():
            supervisor.modem.say("found at %d baud" % rate)
            return True
        modem.send_blind(_BLIND)
        await asyncio.sleep(0.1)  # until it has left at this rate
    modem.set_baud(supervisor.baud)
    return False


async def _await_sim(supervisor):
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
            await cycle(supervisor, 0)


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


async def _await_storage(supervisor):
    """Wait until messages can be read: before `SMS Ready` some modems refuse that."""
    looks = count = 0
    error = await open_storage(supervisor)
    while error is not None:
        if count == 0:
            supervisor.modem.say(str(error))
        looks = await _look_again(supervisor, looks, "messages refused: ")
        count += 1
        error = await open_storage(supervisor, count < _STORAGE_LOOKS)


async def _await_network(supervisor):
    modem = supervisor.modem
    looks = 0
    await supervisor.look_at_registration()
    while not modem.registered:
        looks = await _look_again(supervisor, looks, "no network: ")
        await supervisor.look_at_registration()
    supervisor.radio = 0


async def _look_again(supervisor, looks, why):
    """Wait for a change, or take the next step; return the looks since the last one."""
    patience, step = _NETWORK_LADDER[supervisor.radio]
    if looks < patience:
        looks += await supervisor.pause(_SEARCH)
        if supervisor.modem.sim != "READY":
            raise ModemError("SIM: " + supervisor.modem.sim)
        return looks
    supervisor.radio += 1
    if supervisor.radio == len(_NETWORK_LADDER):
        supervisor.radio -= 2
    supervisor.modem.say(why + _NAMES[step])
    if step == _COPS:
        await supervisor.optional("+COPS=0", None, 120)
    elif step == _RADIO:
        await cycle(supervisor)
    elif _restart(supervisor, step):
        await supervisor.wait(8 + supervisor.modem.family.patience)
        raise ModemError("restarted")
    return 0


WAYS = {"bring up": bring_up, "ladder": climb, "radio": cycle}
