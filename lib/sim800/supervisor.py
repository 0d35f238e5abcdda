"""Keeps a modem on line: finds it, configures it, watches it, restarts it. See docs/modem.md.

Sole owner of connecting, recovering and resetting the modem. It runs as one task beside the
modem's reader. Only AT+CMGF=0 is mandatory; everything works without the other settings.
"""

import asyncio

from sim800 import const
from sim800.calls import IDLE
from sim800.errors import AtError, AtTimeout, ModemError
from sim800.link import bounded, fields

_CHECK = const(45)  # s between two looks at a healthy modem: a missing SIM shows in a minute
_SIGNAL = const(4)  # looks between two at the signal, which nobody needs to the minute
_REFRESH = const(7)  # looks between two times that the settings are made again
_DAY = const(1918)  # looks between two times that the radio is switched off and on
_SEARCH = const(20)  # s between two looks while the SIM or the network is awaited
_SIM_CYCLE = const(3)  # looks for a SIM before the modem is made to look for one
_BUSY_PAUSE = const(3)  # s between two tries while the SIM is busy
_BUSY_TRIES = const(60)
_BUSY = const((14, 302, 314, 515))  # CME and CMS, before `SMS Ready`
_ROUND = const(20)  # s more between two rounds, each time that the modem does not stay on line
_LONGEST_ROUND = const(60)  # s
_MOST_ROUNDS = const(10)  # then refusals of AT+CMGF=0 are met with the ladder
_SILENT = const(120)  # steps without a byte, an hour: it may be the UART of this side that hangs
_TIMEOUT = const(15)  # s, the longest of the settings' maximum response times (AT manual, CLIP)
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

# The modem may have been left without radio, or asleep.
_BEFORE = const('E0;+CMEE=1;+CSCLK=0;+CFUN=1;+CSCS="IRA";+MORING=1;+CLCC=1')
_AFTER = const("+CNMI=2,1,0,0,0;+CLIP=1")
_BLIND = const(b"\rATQ0V1+CREG=0;&W;+CFUN=1,1\r")  # to one that was made to keep its answers


class Supervisor:
    """Brings the modem on line and keeps it there.

    modem: a Modem; power: a port with `reset()` (RST) and `restart()` (PWRKEY or supply);
    baud: the rate of the UART, at which the modem is made to stay.
    Attributes: `alive` (the modem answers), `ready` (configured, the SIM can be read), `online`
    (ready and registered); `pin`: of the SIM; `refused`: a PIN that the SIM refused, to be given
    back after a restart; `centre`: False if the SIM has no message centre, so nothing can be sent;
    `restarts` (made from here), `reboots` (unexpected), `low` (under-voltage warnings) count;
    `beats` grows while it advances. The modem's `tell()` is called when one of them changes.
    """

    def __init__(self, modem, power, baud=115200):
        self._modem = modem
        self._power = power
        self._baud = baud
        self._reports = False  # the modem has taken AT+CREG=1
        self._met = False  # it has answered since this side started
        self._failures = 0  # steps of the ladder taken against a modem that fails,
        self._silence = 0  # of these since the last byte was received,
        self._radio = 0  # and against one that finds no network
        self._received = 0
        self._owed = 0  # s of a step's pause that the modem did not need: before the next one
        self._rounds = 0  # times it was brought up, or tried to be, since it stayed on line
        self._haste = 0  # s of rest after a change, the more the oftener it changes
        self._refusals = 0
        self.pin = self.refused = ""
        self.alive = self.ready = self.online = False
        self.centre = True
        self.restarts = self.reboots = self.low = self.beats = 0
        modem.listen("UNDER-VOLTAGE W", self._on_low)

    async def run_forever(self):
        """Keep the modem on line; never ends, but after an hour of silence: RuntimeError."""
        modem = self._modem
        while True:
            try:
                await self._bring_up()
                await self._watch()
                self._modem.say("off line: " + str(modem.registration))
            except (ModemError, ValueError, IndexError) as error:
                self._modem.say(str(error))
                self.ready = False
                self._set(self.alive and not isinstance(error, AtTimeout), False)
                if modem.restarted:
                    self.reboots += self.alive  # POWER DOWN and RDY are one
                elif type(error) is not ModemError:
                    await self._climb()
                    continue
            # What ends so again and again shall not keep the line busy.
            self.beats += 1
            if self._rounds:
                await asyncio.sleep(min((self._rounds - 1) * _ROUND, _LONGEST_ROUND))
            self._rounds += 1

    def _set(self, alive, online):
        if (alive, online) != (self.alive, self.online):
            self.alive = alive
            self.online = online
            self._modem.tell()

    def _on_low(self, line, extra):
        self.low += 1  # it may come every second: the next look logs it

    async def _bring_up(self):
        modem = self._modem
        self.ready = False
        self._set(self.alive, False)
        modem.restarted = False
        if not (await self._answers() or await self._answers()):
            raise AtTimeout("no answer")
        modem.restarted = False
        self._met = True
        self._set(True, False)
        await self._configure()
        await modem.calls.clear()
        await self._await_sim()
        await self._configure_sim()
        # The SIM can be read without a network. Sweep: messages may have come unheard.
        self.ready = True
        modem.mail.set()
        await self._await_network()
        await self.look_at_signal()
        for line in await self._optional("+CCLK?", "+CCLK:") or ():
            modem.handle_urc(line)
        self._set(True, True)
        self._modem.say("on line")

    # --- a modem that does not answer, or not as it should ---

    async def _answers(self):
        """ESC, and AT twice (the link does it); return True if it answers."""
        self.beats += 1
        try:
            await self._modem.command("AT", None, 1)
            return True
        except ModemError:
            return False

    async def _climb(self):
        """Take the next step of the ladder against a modem that fails."""
        modem = self._modem
        self._silence += 1
        if modem.received != self._received:
            self._silence = 0
        self._received = modem.received
        if self._silence > _SILENT:
            raise RuntimeError("modem silent")
        await asyncio.sleep(self._owed)
        self._owed = 0
        step, pause = _SILENCE_LADDER[self._failures]
        if not self._met and step == _AGAIN:  # one that was never heard may be switched off
            step, pause = _PWRKEY, 12
        self._failures += 1
        if self._failures == len(_SILENCE_LADDER):
            self._failures -= 3
        if step == _RATES:
            if await self._find_rate():
                return
            step = _CFUN
        if step != _AGAIN:
            self._restart(step)
            if not await self._wait(pause):
                self._owed = pause

    def _restart(self, how):
        """Restart the modem, whatever it may answer to it."""
        self.restarts += 1
        self._modem.say("restart: " + _NAMES[how])
        if how == _CFUN:
            self._modem.send_blind(_BLIND)
        elif how == _RST:
            self._power.reset()
        else:
            self._power.restart()

    async def _find_rate(self):
        """Look for the modem at other rates; return True if it is found at one."""
        modem = self._modem
        if await self._answers():
            return False
        for rate in _OTHER_RATES:
            modem.set_baud(rate)
            if await self._answers():
                self._modem.say("found at " + str(rate) + " baud")
                return True
            modem.send_blind(_BLIND)
            await asyncio.sleep(0.1)  # until it has left at this rate
        modem.set_baud(self._baud)
        return False

    # --- questions and settings ---

    async def _optional(self, line, prefix=None, timeout=_TIMEOUT):
        """Run a command that a modem may refuse; return its lines, None if it does."""
        modem = self._modem
        lines = await modem.ask("AT" + line, prefix, timeout)
        if modem.restarted:
            raise ModemError("restarted")
        if lines is None and modem.dirty:
            await modem.command("AT", None, 1)  # raises if it is no use to go on
        return lines

    async def _ask(self, line):
        """Return the fields of what a question is answered with, [] if it is refused."""
        lines = await self._optional(line, line.rstrip("?") + ":")
        return fields(lines[-1]) if lines else []

    async def _configure(self):
        """Make the settings that need no SIM.

        AT&W saves the rate, so that `RDY` shows a restart, and CLTS, which counts only if it is
        set before the modem registers. It comes first: what shows a restart shall not be saved.
        """
        save = False
        for name, value in (("+IPR", str(self._baud)), ("+CLTS", "1")):
            values = await self._ask(name + "?")
            if values and values[0] != value:
                if await self._optional(name + "=" + value) is not None:
                    save = True
                    if name == "+IPR":
                        self._modem.set_baud(self._baud)
        if save:
            await self._optional("&W")
        await self._set_all(_BEFORE)
        # Lost, it shows a restart that nobody saw; some modems say OK and show another <n>.
        await self._optional("+CREG=1")
        self._reports = (await self._ask("+CREG?"))[:1] == ["1"]

    async def _configure_sim(self):
        """Make the settings that need one."""
        modem = self._modem
        # Until `SMS Ready` some modems refuse it, with whatever error.
        error = await self._insist("AT+CMGF=0")
        if error is not None:
            raise error if self._rounds > _MOST_ROUNDS else ModemError(str(error))
        await self._insist('AT+CPMS="SM","SM","SM"', "+CPMS:", _BUSY)
        await self._set_all(_AFTER)
        values = await self._ask("+CSCA?")
        centre = not values or values[0] != ""
        if centre != self.centre:
            self.centre = centre
            if not centre:
                self._modem.say("no message centre")
            modem.tell()

    async def _set_all(self, lines):
        """Make settings, in one command; if one of them is refused, each by itself."""
        if await self._optional(lines) is None:
            for line in lines.split(";"):
                await self._optional(line)

    async def _insist(self, line, prefix=None, codes=None):
        """Run a command until the modem takes it, for three minutes; return None or the error.

        codes: of the errors that may pass; None: all may.
        """
        last = None
        for _ in range(_BUSY_TRIES):
            try:
                await self._modem.command(line, prefix, _TIMEOUT)
                return None
            except AtError as error:
                last = error
            if codes is not None and last.code not in codes:
                break
            await self._pause(_BUSY_PAUSE)
        self._modem.say(str(last))
        return last

    async def _cycle(self, level):
        """Switch radio (4) or radio and SIM (0) off and on again."""
        off = "+CFUN=" + str(level)
        self._modem.say("AT" + off)
        if await self._optional(off) is not None:
            await asyncio.sleep(3)
        await self._optional("+CFUN=1")

    async def look_at_signal(self):
        """Ask for the signal; `rssi` of the modem has it then."""
        values = await self._ask("+CSQ")
        self._modem.note("rssi", int(values[0]) if values and values[0].isdigit() else 99)

    async def _wait(self, seconds):
        """Wait for a change of the modem's state; return True if there was none."""
        self.beats += 1
        self._modem.changed.clear()
        return not await bounded(self._modem.changed, seconds)

    async def _pause(self, seconds):
        """Wait as `_wait` does; if changes go on, rest after each. ModemError: it restarted."""
        same = await self._wait(seconds)
        if same:
            self._haste = 0
        elif not self._modem.restarted:
            await asyncio.sleep(self._haste)
            self._haste = min(self._haste + 5, _SEARCH)
        if self._modem.restarted:
            raise ModemError("restarted")
        return same

    # --- SIM and network ---

    async def _look_at_sim(self):
        """Ask for the SIM; return True if it is busy: there, and not to blame."""
        modem = self._modem
        try:
            for line in await modem.command("AT+CPIN?", "+CPIN:"):
                modem.handle_urc(line)
        except AtError as error:
            if error.code == 14:
                return True
            modem.note("sim", "NOT INSERTED" if error.code == 10 else "UNKNOWN")
        return False

    async def _await_sim(self):
        looks = busy = 0
        entered = False
        while True:
            if await self._look_at_sim() and busy < _BUSY_TRIES:
                busy += 1
                await self._pause(_BUSY_PAUSE)
                continue
            sim = self._modem.sim
            if sim == "READY":
                self._refusals = 0
                return
            # One that has taken it may say SIM PIN for a while.
            entered = sim == "SIM PIN" and not entered and await self._enter_pin()
            looks += await self._pause(_BUSY_PAUSE if entered else _SEARCH)
            # The SIM800L has no contact that shows a card that was put in.
            if looks == _SIM_CYCLE and self._modem.sim != "READY":
                looks = 0
                await self._cycle(0)

    async def _enter_pin(self):
        """Try the PIN, never the last try, and after a refusal not again; True: it is taken.

        All three tries left mean another card, or one that was unlocked elsewhere meanwhile.
        """
        if not self.pin:
            return False
        values = await self._ask("+SPIC")
        left = int(values[0]) if values and values[0].isdigit() else 2
        if left < 2 or self._refusals > 1 or (left == 2 and self.pin == self.refused):
            return False
        try:
            await self._modem.command("AT+CPIN=" + self.pin)
            return True
        except AtError as error:
            self._modem.say("PIN refused: " + error.result)
            self._refusals += 1
            self.refused = self.pin
            self._modem.tell()
        except ModemError:
            raise ModemError("no answer to the PIN")  # whose text shows no PIN
        return False

    async def _look_at_registration(self):
        for line in await self._optional("+CREG?", "+CREG:") or ():
            self._modem.handle_urc(line)
            if self._reports and fields(line)[0] == "0":
                raise ModemError("settings lost")

    async def _await_network(self):
        modem = self._modem
        looks = 0
        while True:
            await self._look_at_registration()
            if modem.registered:
                self._radio = 0
                return
            patience, step = _NETWORK_LADDER[self._radio]
            if looks >= patience:
                looks = 0
                self._radio += 1
                if self._radio == len(_NETWORK_LADDER):
                    self._radio -= 2
                self._modem.say("no network: " + _NAMES[step])
                if step == _COPS:
                    await self._optional("+COPS=0", None, 120)
                elif step == _RADIO:
                    await self._cycle(4)
                else:
                    self._restart(step)
                    await self._wait(8)
                    raise ModemError("restarted")
                continue
            looks += await self._pause(_SEARCH)
            if modem.sim != "READY":
                raise ModemError("SIM: " + modem.sim)

    # --- a modem that is on line ---

    async def _watch(self):
        """Look at a modem that is on line now and then, until something is wrong."""
        modem = self._modem
        looks = 0
        low = self.low
        while modem.registered and modem.sim == "READY":
            await self._pause(_CHECK)
            await self._look_at_sim()
            await self._look_at_registration()
            self._failures = self._owed = self._rounds = 0
            looks += 1
            if low != self.low:
                low = self.low
                self._modem.say("UNDER-VOLTAGE, supply " + ",".join(await self._ask("+CBC")))
            if looks % _SIGNAL == 0:
                await self.look_at_signal()
            if looks % _REFRESH == 0:
                # Some modems lose settings without a word.
                await self._configure()
                await self._configure_sim()
                await self._revive(looks % _DAY == 0)

    async def _revive(self, thoroughly):
        """Wake a modem that is registered, but gets no calls and no messages.

        A call that nobody here knows of is one cause; ATH cures others; once a day the radio.
        """
        async with self._modem.turn:
            if self._modem.calls.state == IDLE:
                if thoroughly:
                    await self._cycle(4)
                else:
                    await self._optional("H")
