"""Keeps a modem on line: finds it, configures it, watches it, restarts it. See docs/modem.md.

The one place that owns life and death of the link. It runs as one task beside the modem's reader.
Of the settings a modem may refuse all but AT+CMGF=0: nothing of what is optional here is missed.
"""

import asyncio

from sim800.calls import IDLE
from sim800.errors import AtError, AtTimeout, ModemError
from sim800.link import fields

_CHECK = 45  # s between two looks at a healthy modem: a missing SIM is shown within a minute
_SIGNAL = 4  # looks between two at the signal, which nobody needs to the minute
_REFRESH = 7  # looks between two times that the settings are made anew
_DAY = 1918  # looks between two times that the radio is switched off and on
_SEARCH = 20  # s between two looks while the SIM or the network is awaited
_SIM_CYCLE = 3  # looks for a SIM before the modem is made to look for one
_BUSY_PAUSE = 3  # s between two tries while the SIM is busy
_BUSY_TRIES = 60
_BUSY = (14, 302, 314, 515)  # CME and CMS, before `SMS Ready`
# Looks for a network before each step of the ladder: COPS, radio, CFUN=1,1, power, radio, power ..
_RADIO = (6, 6, 9, 15, 90, 180, 540)
# Seconds that a modem gets to come back before the next step.
_BACKOFF = (12, 8, 8, 12, 15, 25)
_LAST_STEP = 90  # after an hour of silence it is the UART of this side that may hang
_RADIO_OFF = 3  # s
_TIMEOUT = 15  # s, the longest of the settings' maximum response times (AT manual, CLIP)
_COPS = 120  # s, AT manual
_RATES = (9600, 57600, 38400, 19200)
# The modem may have been left without radio, or asleep.
_BEFORE = 'E0 +CMEE=1 +CSCLK=0 +CFUN=1 +CSCS="IRA" +MORING=1 +CLCC=1'
_REPORTS = "+CREG=1"  # lost, it shows a restart that nobody saw
_AFTER = "+CNMI=2,1,0,0,0 +CLIP=1"
_BLIND = b"\rATQ0V1+CREG=0;&W;+CFUN=1,1\r"  # one that was told to keep its answers
_MODE = "AT+CMGF=0"
_STORAGE = 'AT+CPMS="SM","SM","SM"'


class Supervisor:
    """Brings the modem on line and keeps it there.

    modem: a Modem; power: a port with `reset()` (RST) and `restart()` (PWRKEY or supply); log:
    called with one line of text; baud: the rate of the UART, at which the modem is made to stay.
    Attributes: `alive` (the modem answers), `ready` (configured, the SIM can be read), `online`
    (ready and registered); `pin`: of the SIM; `refused`: a PIN that the SIM refused, to be given
    back after a restart; `centre`: False if the SIM has no message centre, so nothing can be sent;
    `restarts` (made from here), `reboots` (unexpected), `low` (under-voltage warnings) count;
    `beats` grows while it advances. The modem's `tell()` is called when one of them changes.
    """

    def __init__(self, modem, power, log, baud=115200):
        self._modem = modem
        self._power = power
        self._log = log
        self._baud = baud
        self._reports = False  # the modem has taken AT+CREG=1
        self._met = False  # it has answered since this side started
        self._failures = 0  # steps of the ladder taken against a modem that fails
        self._silence = 0  # .. since the last byte was received
        self._received = 0
        self._radio = 0  # .. against one that finds no network
        self._refusals = 0
        self.pin = self.refused = ""
        self.alive = self.ready = self.online = False
        self.centre = True
        self.restarts = self.reboots = self.low = self.beats = 0
        modem.listen("UNDER-VOLTAGE WARN", self._on_low)

    def _say(self, text):
        self._log("modem: " + text)

    async def run_forever(self):
        """Keep the modem on line; never ends, but after an hour of silence: RuntimeError."""
        modem = self._modem
        while True:
            try:
                await self._bring_up()
                await self._watch()
                self._say("off line, registration " + str(modem.registration))
            except (ModemError, ValueError, IndexError) as error:
                self._say(str(error))
                self.ready = False
                self._set(self.alive and not isinstance(error, AtTimeout), False)
                if modem.restarted:
                    self.reboots += self.alive  # POWER DOWN and RDY are one
                elif type(error) is not ModemError:
                    await self._climb()

    def _set(self, alive, online):
        if (alive, online) != (self.alive, self.online):
            self.alive = alive
            self.online = online
            self._modem.tell()

    def _on_low(self, line, extra):
        self.low += 1
        self._say(line)
        self._modem.changed.set()

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
        # The SIM can be read without a network: what came before it was lost is carried out.
        self.ready = True
        modem.mail.set()
        await self._await_network()
        await self.look_at_signal()
        await self._tell_time()
        self._set(True, True)
        self._say("on line")
        modem.mail.set()  # sweep: messages may have come while nobody listened

    # --- a modem that does not answer, or not as it should ---

    async def _answers(self):
        """ESC, and AT three times (the link does it); return True if it answers."""
        self.beats += 1
        try:
            await self._modem.command("AT", None, 1)
            return True
        except ModemError:
            return False

    async def _climb(self):
        """Take the next step: once more; then by turns other rates, AT+CFUN=1,1; RST; PWRKEY."""
        modem = self._modem
        step = self._failures
        self._failures += 1
        self._silence += 1
        if modem.received != self._received:
            self._silence = 0
        self._received = modem.received
        if self._silence > _LAST_STEP:
            raise RuntimeError("modem silent")
        if step % 3 == 1 and await self._find_rate():
            return
        if step or not self._met:  # one that was never heard may be switched off
            self._restart((2, 0, 1)[step % 3])
            await self._wait(_BACKOFF[min(step, len(_BACKOFF) - 1)])

    def _restart(self, how):
        """AT+CFUN=1,1 (0), RST (1), PWRKEY (2): whatever the modem may answer to it."""
        self.restarts += 1
        self._say("restart by " + ("AT+CFUN=1,1", "RST", "PWRKEY")[how])
        if how:
            (self._power.reset if how == 1 else self._power.restart)()
        else:
            self._modem._uart.write(_BLIND)

    async def _find_rate(self):
        """Look for the modem at other rates; return True if it is found at one."""
        modem = self._modem
        if await self._answers():
            return False
        for rate in _RATES:
            modem.set_baud(rate)
            if await self._answers():
                self._say("found at " + str(rate) + " baud")
                return True
            modem._uart.write(_BLIND)
            await asyncio.sleep(0.1)  # until it has left at this rate
        modem.set_baud(self._baud)
        return False

    # --- questions and settings ---

    async def _optional(self, line, prefix=None, timeout=_TIMEOUT):
        """Run a command that a modem may refuse; return its lines, None if it does."""
        try:
            return await self._modem.command("AT" + line, prefix, timeout)
        except AtError as error:
            self._say("refused " + str(error))
        except AtTimeout as error:
            self._say(str(error))
            await self._modem.command("AT", None, 1)  # raises if it is no use to go on
        return None

    async def _ask(self, line):
        """Return the fields of what a question is answered with, [] if it is refused."""
        lines = await self._optional(line, line.rstrip("?") + ":")
        return fields(lines[-1]) if lines else []

    async def _configure(self):
        """Make the settings that need no SIM.

        AT&W saves the rate, so that `RDY` tells of a restart, and CLTS, which counts only if it is
        set before the modem registers. It comes first: what shows a restart shall not be saved.
        """
        rate = await self._keep("+IPR", str(self._baud))
        if rate:
            self._modem.set_baud(self._baud)
        if await self._keep("+CLTS", "1") or rate:
            await self._optional("&W")
        for line in _BEFORE.split(" "):
            await self._optional(line)
        self._reports = await self._optional(_REPORTS) is not None

    async def _keep(self, name, value):
        """See to it that a saved setting has a value; return True if it had another one."""
        values = await self._ask(name + "?")
        if not values or values[0] == value:
            return False
        return await self._optional(name + "=" + value) is not None

    async def _configure_sim(self):
        """Make the settings that need one; until `SMS Ready` the modem says that it is busy."""
        modem = self._modem
        for _ in range(_BUSY_TRIES):
            try:
                await modem.command(_STORAGE, "+CPMS:", _TIMEOUT)
                break
            except AtError as error:
                if error.code not in _BUSY:
                    self._say("refused " + str(error))
                    break
            await self._pause(_BUSY_PAUSE)
        await modem.command(_MODE)
        for line in _AFTER.split(" "):
            await self._optional(line)
        values = await self._ask("+CSCA?")
        centre = not values or values[0] != ""
        if centre != self.centre:
            self.centre = centre
            if not centre:
                self._say("no message centre (AT+CSCA): nothing can be sent")
            modem.tell()

    async def _cycle(self, level):
        """Switch radio (4) or radio and SIM (0) off and on again."""
        self._say("off and on, AT+CFUN=" + str(level))
        if await self._optional("+CFUN=" + str(level)) is not None:
            await asyncio.sleep(_RADIO_OFF)
        await self._optional("+CFUN=1")

    async def look_at_signal(self):
        """Ask for the signal; `rssi` of the modem has it then."""
        values = await self._ask("+CSQ")
        self._modem.note("rssi", int(values[0]) if values and values[0].isdigit() else 99)

    async def _tell_time(self):
        try:
            self._modem.tell_time(":" + ",".join(await self._ask("+CCLK?")))
        except (ValueError, IndexError):
            pass

    async def _wait(self, seconds):
        """Wait for a change of the modem's state; return True if there was none."""
        self.beats += 1
        changed = self._modem.changed
        changed.clear()
        try:
            await asyncio.wait_for(changed.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        return not changed.is_set()

    async def _pause(self, seconds):
        same = await self._wait(seconds)
        if self._modem.restarted:
            raise ModemError("restarted by itself")
        return same

    # --- SIM and network ---

    async def _look_at_sim(self):
        """Ask for the SIM; return True if it is busy: there, and not to blame."""
        modem = self._modem
        try:
            lines = await modem.command("AT+CPIN?", "+CPIN:")
            if lines:
                modem.note("sim", lines[-1][6:].strip())
        except AtError as error:
            if error.code == 14:
                return True
            modem.note("sim", "NOT INSERTED" if error.code == 10 else "UNKNOWN")
        return False

    async def _await_sim(self):
        looks = busy = 0
        while True:
            if await self._look_at_sim() and busy < _BUSY_TRIES:
                busy += 1
                await self._pause(_BUSY_PAUSE)
                continue
            sim = self._modem.sim
            if sim == "READY":
                self._refusals = 0
                return
            if sim == "SIM PIN" and self.pin and await self._enter_pin():
                continue
            looks += await self._pause(_SEARCH)
            # The SIM800L has no contact that tells of a card that was put in.
            if looks == _SIM_CYCLE and self._modem.sim != "READY":
                looks = 0
                await self._cycle(0)

    async def _enter_pin(self):
        """Try the PIN, never the last try, and after a refusal not again; True: it is taken.

        All three tries left tell of another card, or of one that was unlocked elsewhere meanwhile.
        """
        values = await self._ask("+SPIC")
        left = int(values[0]) if values else 2
        if left < 2 or self._refusals > 1 or (left == 2 and self.pin == self.refused):
            return False
        try:
            await self._modem.command("AT+CPIN=" + self.pin)
            return True
        except AtError as error:
            self._say("PIN refused, " + error.result)
            self._refusals += 1
            self.refused = self.pin
            self._modem.tell()
        except ModemError:
            raise ModemError("no answer to the PIN")  # whose text tells no PIN
        return False

    async def _look_at_registration(self):
        values = await self._ask("+CREG?")
        if len(values) > 1:
            self._modem.note("registration", int(values[1]))
            if self._reports and values[0] == "0":
                raise ModemError("settings lost")

    async def _await_network(self):
        modem = self._modem
        looks = 0
        while True:
            await self._look_at_registration()
            if modem.registered:
                self._radio = 0
                return
            step = self._radio
            if looks >= _RADIO[min(step, len(_RADIO) - 1)]:
                looks = 0
                self._radio += 1
                self._say("no network, step " + str(step))
                if step == 0:
                    await self._optional("+COPS=0", None, _COPS)
                elif step == 1 or (step > 3 and step % 2 == 0):
                    await self._cycle(4)
                else:
                    self._restart(0 if step == 2 else 2)
                    await self._wait(_BACKOFF[1])
                    raise ModemError("restarted")
                continue
            looks += await self._pause(_SEARCH)
            if modem.sim != "READY":
                raise ModemError("the SIM is " + modem.sim)

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
            self._failures = 0
            looks += 1
            if low != self.low:
                low = self.low
                self._say("supply " + ",".join(await self._ask("+CBC")))
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
