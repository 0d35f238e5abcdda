# SPDX-License-Identifier: MIT
"""The model of commands: what a message must cause, and what must be answered.

Written from chapters 2 to 4 and 9 of the specification, for the model EP.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tools.proof.soak.agenda import Agenda
from tools.proof.soak.climate import Climate
from tools.proof.soak.events import Letter, Owed, exactly
from tools.proof.soak.house import MINUTE, SECOND, WINDOW, House
from tools.proof.soak.sensor import Sensor
from tools.proof.soak.values import CHOICES, DEFAULTS, OF_THERMOSTAT, RULE, normal, setting_text

BAD = "Incorrect value!"
FULL = "List is full!"
DENIED = "Access deny!"
WRONG = "Invalid access password!"
MOST = 10
CTRL, CONF, TELLS = "ctrl", "conf", "tells"
# Commands of no argument: type of each. CTRL that SMSCONFIRM does not silence are TELLS.
PLAIN = {
    **dict.fromkeys(("ON", "OFF", "RESTART", "THERMOSTATON", "THERMOSTATOFF"), CTRL),
    **dict.fromkeys(("ALARMON", "ALARMOFF"), CTRL),
    **dict.fromkeys(("STATUS", "RUNTIME", "TEMPERATURE", "SHOWALARMLOG", "CREDIT"), TELLS),
    **dict.fromkeys(("HARDWARE", "SERIALNUM", "FIRMWARE", "DATE"), TELLS),
    **dict.fromkeys(("MAKEMEBOSS", "ALERTME", "DATESMS"), CONF),
}
ASKED = (*DEFAULTS, "SECNUMBER", "ALERTNUMBER", "ALARM", "SCHEDULER", "DATE")
STAMP = r"\d\d/\d\d/\d\d,\d\d:\d\d:\d\d"
FIRMWARE = r"v1\.0\.0 [^\n]+"
PRODUCT = {"HARDWARE": "Environment Pro", "SERIALNUM": "S/N: [0-9]{17}", "FIRMWARE": FIRMWARE}


class Refused(Exception):
    """An error reply; the argument is its text."""


@dataclass
class Order:
    """A command as it was understood: its type, and what carries it out and gives the reply."""

    kind: str
    run: Callable[[], str | re.Pattern[str] | None]
    always: bool = False


class Orders:
    """Carries messages out in the model.

    Attributes:
        errors: (time, number, sure) of error replies sent.
        guesses: (time, number) of messages without the right password.
        trusted: who used or set the password last.
    """

    def __init__(self, house: House, climate: Climate, sensor: Sensor, agenda: Agenda) -> None:
        self.house = house
        self.climate = climate
        self.sensor = sensor
        self.agenda = agenda
        self.errors: list[tuple[int, str, bool]] = []
        self.guesses: list[tuple[int, str]] = []
        self.trusted: list[str] = []
        self.restarted = -10_000_000
        self.executed = 0
        self._stray = False

    # -- who, and whether -----------------------------------------------------------------------

    def execute(self, letter: Letter) -> None:
        """The device has taken this message: note all that must follow."""
        house = self.house
        sender = self._digits(letter.sender)
        text = letter.text.strip()
        self._stray = letter.stray or letter.parts > 1 or not text
        if house.on("SECLIST") and sender not in house.secnumbers:
            if house.on("SMSCONFIRMUNAUTH"):
                self._error(letter.sender, DENIED)
            return
        if letter.parts > 1 or not text:
            return
        rest = self._without_password(letter, text)
        if rest is None or len(rest) > 30:
            return
        text = rest
        try:
            order = self._understand(letter, sender, self._compact(text))
            if order is None:
                raise Refused(f"{self._masked(text)} - No such command exists on the device!")
            self._carry_out(letter, order, text)
        except Refused as refusal:
            self._error(letter.sender, str(refusal))

    def _carry_out(self, letter: Letter, order: Order, text: str) -> None:
        house = self.house
        self.executed += 1
        if order.kind == CONF:
            late = house.now - house.window_end
            if not house.secured:
                if abs(late) < 15 * SECOND:
                    house.doubt("at the end of the configuration window")
                if late > 0:
                    late_text = "Time for configuration is expired (Conf)!"
                    raise Refused(f"{self._masked(text)} - {late_text}")
            house.window_end = house.now + WINDOW
        reply = order.run()
        if reply is None or not self._callable(letter.sender, error=False):
            return
        if order.kind in (CTRL, CONF) and not order.always and not house.on("SMSCONFIRM"):
            return
        pattern = exactly(reply) if isinstance(reply, str) else reply
        house.owe(Owed(letter.sender, pattern, pattern.pattern, "reply", house.now))

    def _without_password(self, letter: Letter, text: str) -> str | None:
        """Take the password off; None: it is wrong, and that was dealt with."""
        house, word = self.house, self.house.settings["PASSWORD"]
        if word == "NO":
            return text
        if text.startswith(word):
            if letter.sender not in self.trusted[:4]:
                if self._strangers_left() < 2:
                    house.doubt("a new number's password while guessing is slowed")
                self.trusted = [letter.sender, *self.trusted[:3]]
            return text[len(word) :].strip()
        if len(text) > 30:
            return None
        mine = letter.sender in self.trusted[:4]
        left = 8 - sum(
            1
            for at, who in self.guesses
            if at > house.now - 120 * MINUTE and ((who == letter.sender) if mine else True)
        )
        if mine and left < 2:
            house.doubt("an owner's wrong passwords")
        self.guesses.append((house.now, letter.sender))
        known = self._understand(letter, "", self._compact(text)) is not None
        if not known and len(text) > 5:
            known = self._understand(letter, "", self._compact(text[5:])) is not None
        refusal = WRONG
        if not known:
            refusal = f"{self._masked(text)} - No such command exists on the device!"
        self._error(letter.sender, refusal, sure=left > 1)
        return None

    def _strangers_left(self) -> int:
        since = self.house.now - 120 * MINUTE
        return 8 - sum(1 for at, who in self.guesses if at > since and who not in self.trusted)

    def _error(self, to: str, text: str, sure: bool = True) -> None:
        """An error reply is owed, unless something forbids it; the last one for now says so."""
        house, now = self.house, self.house.now
        if not house.on("ERROR") or not self._callable(to, error=True):
            return
        self.errors = [entry for entry in self.errors if entry[0] > now - 61 * MINUTE]
        last = re.escape("\nNo more error messages for a while!")
        says = ""  # what the text must end with
        for most, span, mine in ((5, 10, True), (20, 60, False)):
            near = far = 0
            for at, who, certain in self.errors:
                if not mine or who == to:
                    near += certain and at > now - span * MINUTE + 5 * SECOND
                    far += at > now - span * MINUTE - 5 * SECOND
            known = self.restarted < now - 61 * MINUTE
            if near >= most and known:
                return
            if near == far == most - 1 and known and not self._stray:
                says = last
            elif far >= most - 1 and not says:
                says = f"({last})?"
            sure = sure and far < most and not self._stray
        self.errors.append((now, to, sure))
        house.owe(Owed(to, re.compile(re.escape(text) + says), text, "error", now, sure))

    @staticmethod
    def _callable(sender: str, error: bool) -> bool:
        number = re.fullmatch(r"\+?[0-9]+", sender)
        return bool(number) and (not error or len(sender.lstrip("+")) >= 5)

    @staticmethod
    def _digits(sender: str) -> str:
        """Return a number as lists hold it."""
        number = sender.removeprefix("+") if sender[0] == "+" else sender.removeprefix("00")
        return number if number.isdigit() else ""

    @staticmethod
    def _compact(text: str) -> str:
        text = re.sub(r"[ \t\n]*([=,])[ \t\n]*", r"\1", text.strip())
        return re.sub(r"([+-])[ \t\n]+", r"\1", text)

    @staticmethod
    def _masked(text: str) -> str:
        match = re.match(r"(?i)(.*PASSWORD[ \t]*=[ \t]*)(.*)", text, re.DOTALL)
        return match[1] + "*" * len(match[2]) if match else text

    # -- which ----------------------------------------------------------------------------------

    def _understand(self, letter: Letter, sender: str, text: str) -> Order | None:
        """Return the command of a text, None if it is none."""
        up = text.upper()
        if up in PLAIN:
            run = getattr(self, "_do_" + up.lower(), None)
            if run is None:
                return Order(TELLS, lambda: re.compile(PRODUCT[up]))
            return Order(PLAIN[up], lambda: run(letter))
        if up.endswith("?") and up[:-1] in ASKED:
            return Order(TELLS, lambda: self._ask(up[:-1]))
        timed = re.fullmatch("(ON|OFF)([0-9]+)", up)
        if timed:
            return Order(CTRL, lambda: self._timed(*timed.groups()))
        name, equals, value = text.partition("=")
        name = name.upper()
        if equals:
            return self._setting(letter, name, value)
        match = re.fullmatch(r"(SECNUMBER|ALERTNUMBER|SCHEDULER)([+-])(.*)", up, re.DOTALL)
        if match:
            what, sign, rest = match.groups()
            if what == "SCHEDULER":
                return Order(CTRL, lambda: self._scheduler(sign, rest))
            return Order(CONF, lambda: self._list(what, sign, rest))
        if up.startswith("SIMCARD"):
            return Order(CONF, lambda: self._ussd(letter, up[7:].replace(" ", "")), always=True)
        return None

    def _setting(self, letter: Letter, name: str, value: str) -> Order | None:
        if name == "CRDITUMS":
            name = "CREDITUMS"
        if name == "PASSWORD":
            return Order(CONF, lambda: self._password(letter, value))
        if name == "DATE":
            return Order(CONF, lambda: self._date(value))
        if name not in DEFAULTS:
            return None
        always = name == "SMSCONFIRM"
        sender = self._digits(letter.sender)
        return Order(CONF, lambda: self._set(sender, name, value.upper()), always)

    # -- settings -------------------------------------------------------------------------------

    def _set(self, sender: str, name: str, value: str) -> str:
        house = self.house
        new = normal(name, value)
        if new is None:
            raise Refused(BAD)
        if name == "RING" and new != "NOACTION" and not house.on("SECLIST"):
            raise Refused("SECLIST is not active!")
        if name == "SECLIST" and new == "ON" and not house.secnumbers:
            raise Refused("No SECNUMBERs!")
        if name == "SECLIST" and new == "ON" and sender not in house.secnumbers:
            raise Refused("Your number is not on the list!")
        old = house.settings[name]
        house.settings[name] = new
        if name == "SECLIST" and new == "OFF":
            house.settings["RING"] = "NOACTION"
        if name in OF_THERMOSTAT or name in self.climate.told:
            self.climate.setting_changed(name)
        if name in ("SENSORTYPE", "ALERT") and new != old:
            self._rearm(name, old if name == "ALERT" else house.settings["ALERT"])
        if name == "THERMOSTAT":
            off = setting_text(house.settings["SWITCHOFFTEMP"])
            return (
                f"THERMOSTAT={new} - OK\nSwitch-off temperature: {off}\nTHERMOSTAT: {self._able}"
            )
        if name == "SWITCHOFFTEMP":
            heating = house.settings["THERMOSTAT"]
            return (
                f"SWITCHOFFTEMP={setting_text(new)} - OK\nTHERMOSTAT={heating}\n"
                f"THERMOSTAT: {self._able}"
            )
        shown = setting_text(new) if name in ("TRISEALERT", "TFALLALERT") else new
        return f"{name}={shown} - OK"

    @property
    def _able(self) -> str:
        return "Enabled" if self.house.thermostat else "Disabled"

    def _rearm(self, name: str, was: str) -> None:
        if name == "SENSORTYPE":
            self.sensor.active = not self.sensor.active
        if self.house.enabled:
            self.sensor.arm(was)

    def _password(self, letter: Letter, value: str) -> str:
        house = self.house
        if value.upper() == "NO":
            house.settings["PASSWORD"] = "NO"
            return "PASSWORD=NO - OK"
        if not re.fullmatch(r"[A-Za-z0-9]{5}", value):
            raise Refused(BAD)
        house.settings["PASSWORD"] = value
        self.trusted = [letter.sender, *[n for n in self.trusted if n != letter.sender][:3]]
        return "PASSWORD=***** - OK"

    def _ask(self, name: str) -> str | re.Pattern[str]:
        house = self.house
        value = house.settings.get(name, "")
        if name in ("SECNUMBER", "ALERTNUMBER"):
            numbers = house.secnumbers if name == "SECNUMBER" else house.alertnumbers
            return f"{name}s: {', '.join(numbers)}" if numbers else f"No {name}s!"
        if name == "THERMOSTAT":
            off = setting_text(house.settings["SWITCHOFFTEMP"])
            return f"THERMOSTAT: {self._able}\nTHERMOSTAT={value}\nSwitch-off temperature: {off}"
        if name in CHOICES:
            return f"{name}=" + ",".join(f"({v})" if v == value else v for v in CHOICES[name])
        if name == "ALARM":
            able = "Enabled" if house.enabled else "Disabled"
            status = "(Active|No activity)" if self._flux() else self._activity("No activity")
            return re.compile(
                f"ALARM function: {able}\nSensor\\(s\\): Connected\nALARM status: {status}"
            )
        if name == "SCHEDULER":
            return "\n".join(",".join(rule) for rule in house.rules) or "No rules!"
        if name == "DATE":
            return self._do_date(None)
        if name == "PASSWORD":
            return f"PASSWORD={'NO' if value == 'NO' else '*****'}"
        if name == "CREDITUMS":
            return "CREDITUMS=NO" if value == "NO" else f"CREDITUMS: {value}"
        if name == "RESTARTTIME":
            return f"RESTARTTIME={value} seconds"
        return (
            f"{name}={setting_text(value) if value[-1] in 'CF' and name != 'RELAYTIME' else value}"
        )

    # -- lists ----------------------------------------------------------------------------------

    def _list(self, name: str, sign: str, value: str) -> str:
        house = self.house
        numbers = house.secnumbers if name == "SECNUMBER" else house.alertnumbers
        if sign == "-" and value == "ALL":
            numbers.clear()
        else:
            value = value.removeprefix("+")
            value = value[2:] if value.startswith("00") else value
            if not re.fullmatch("[0-9]{1,15}", value):
                raise Refused(BAD)
            if sign == "+":
                self._add(numbers, value)
            elif value not in numbers:
                raise Refused(BAD)
            else:
                numbers.remove(value)
        if not house.secnumbers and house.on("SECLIST"):
            house.settings["SECLIST"], house.settings["RING"] = "OFF", "NOACTION"
        return f"{name}{sign}{value} - OK"

    @staticmethod
    def _add(numbers: list[str], number: str) -> None:
        if number not in numbers:
            if len(numbers) >= MOST:
                raise Refused(FULL)
            numbers.append(number)

    def _do_alertme(self, letter: Letter) -> str | None:
        number = self._digits(letter.sender)
        if not number:
            return None
        self._add(self.house.alertnumbers, number)
        return "Your phone number has been assigned for all types of alerts!"

    def _do_makemeboss(self, letter: Letter) -> str | None:
        house, number = self.house, self._digits(letter.sender)
        if not number:
            return None
        for numbers in (house.secnumbers, house.alertnumbers):
            if number not in numbers and len(numbers) >= MOST:
                raise Refused(FULL)
        self._add(house.secnumbers, number)
        self._add(house.alertnumbers, number)
        house.settings["SECLIST"] = "ON"
        return (
            "Your phone number has been assigned for all types of alerts "
            "and was added to security list which has been activated"
        )

    # -- the socket -----------------------------------------------------------------------------

    def _do_on(self, letter: Letter) -> str:
        self.house.order(True)
        return "Power socket ON"

    def _do_off(self, letter: Letter) -> str:
        self.house.order(False)
        return "Power socket OFF"

    def _do_restart(self, letter: Letter) -> str:
        self.house.restart_socket()
        return "Power socket restarted"

    def _timed(self, word: str, figures: str) -> str:
        if not 1 <= int(figures) <= 65000:
            raise Refused(BAD)
        self.house.timed(word == "ON", int(figures), word)
        return f"Power {word} for {int(figures)} seconds"

    def _do_runtime(self, letter: Letter) -> re.Pattern[str]:
        on = rf"Power socket is ON from: ({STAMP}|unknown)"
        off = "Power socket is OFF"
        return re.compile(self._socket(on, off))

    def _socket(self, on: str, off: str) -> str:
        """Return what is said of the socket, either where the last seconds leave it open."""
        house = self.house
        recent = any(at > house.now - 4 * SECOND for at in house.orders)
        pin = any(t > house.now - 4 * SECOND for t, _ in house.world.relay.history[-3:])
        if house.relay is None or recent or pin:
            return f"({on}|{off})"
        return on if house.relay else off

    def _do_status(self, letter: Letter) -> re.Pattern[str]:
        return self.status()

    def status(self) -> re.Pattern[str]:
        """Return what the STATUS text must be like now."""
        able = "Enabled" if self.house.enabled else "Disabled"
        status = "(Active|No act)" if self._flux() else self._activity("No act")
        texts = "|".join(re.escape(text) for text in self._temperatures())
        socket = self._socket("Power socket ON", "Power socket OFF")
        return re.compile(
            rf"{socket}\nSignal: (?P<signal>[^\n]+)\nTEMP: ({texts})\n"
            rf"ALARMF: {able}\nALARM status: {status}\nTime: (?P<status>{STAMP}|not set)"
        )

    # -- temperature and alarm ------------------------------------------------------------------

    def _temperatures(self) -> set[str]:
        now = self.house.now
        recent = self.climate.recent
        last = max(at for at, _ in recent)
        return (
            {self.climate.text}
            | {text for i, (at, text) in enumerate(recent) if i and last > now - 4 * SECOND}
            | ({recent[-2][1]} if last > now - 4 * SECOND and len(recent) > 1 else set())
        )

    def _do_temperature(self, letter: Letter) -> re.Pattern[str]:
        texts = "|".join(re.escape(text) for text in self._temperatures())
        return re.compile(f"TEMPERATURE: ({texts})")

    def _do_thermostaton(self, letter: Letter) -> str:
        house = self.house
        house.thermostat = True
        if self.climate.fail_told is True:
            self.climate.fail_told = None
        off = setting_text(house.settings["SWITCHOFFTEMP"])
        return (
            f"THERMOSTATON - OK\nTHERMOSTAT={house.settings['THERMOSTAT']}\n"
            f"Switch-off temperature: {off}\nNote! Thermostat is working now!"
        )

    def _do_thermostatoff(self, letter: Letter) -> str:
        self.house.thermostat = False
        return "THERMOSTATOFF - OK\nNote! Thermostat was disabled!"

    def _flux(self) -> bool:
        return any(at > self.house.now - 4 * SECOND for at in self.sensor.changes[-1:])

    def _activity(self, quiet: str) -> str:
        return "Active" if self.sensor.active else quiet

    def _do_alarmon(self, letter: Letter) -> str:
        if not self.house.enabled:
            self.house.enabled = True
            self.sensor.arm()
        return "ALARMON - OK\nALARM function: Enabled"

    def _do_alarmoff(self, letter: Letter) -> str:
        self.sensor.off()
        return "ALARMOFF - OK\nALARM function: Disabled"

    def _do_showalarmlog(self, letter: Letter) -> re.Pattern[str]:
        line = r"(\d\d/\d\d/\d\d:\d\d:\d\d|not set)"
        count = self.house.log
        some = rf"{line}(\n{line}){{{count - 1}}}"
        if not self.house.log_sure:
            return re.compile(rf"No alarms!|{line}(\n{line}){{0,9}}")
        return re.compile(some if count else "No alarms!")

    # -- date, rules, credit --------------------------------------------------------------------

    def _do_date(self, letter: Letter | None) -> re.Pattern[str]:
        return re.compile(rf"DATE (?P<date>{STAMP})[+-]\d\d|DATE not set")

    def _do_datesms(self, letter: Letter) -> re.Pattern[str]:
        self.agenda.clock_unknown()
        return re.compile(rf"DATE {STAMP}[+-]\d\d - OK")

    def _date(self, value: str) -> str:
        match = re.fullmatch(rf"({STAMP})([+-]\d\d)", value)
        if match is None or not self.agenda.set_by_hand(match[1], int(match[2])):
            raise Refused(BAD)
        return f"DATE={value} - OK"

    def _scheduler(self, sign: str, value: str) -> str:
        house = self.house
        if sign == "+":
            match = RULE.fullmatch(value)
            if match is None:
                raise Refused(BAD)
            self.agenda.add((f"{match[1]}:{match[2]}", match[3], match[4]), Refused(FULL))
        elif value == "ALL":
            house.rules.clear()
        elif not any(rule[0] == value for rule in house.rules):
            raise Refused(BAD)
        else:
            house.rules[:] = [rule for rule in house.rules if rule[0] != value]
        return f"SCHEDULER{sign}{value} - OK"

    def _do_credit(self, letter: Letter) -> str | None:
        code = self.house.settings["CREDITUMS"]
        return "CREDITUMS=NO" if code == "NO" else self._ussd(letter, code)

    def _ussd(self, letter: Letter, code: str) -> str | None:
        """The operator is asked: his answer is owed, or `Execute error!`."""
        if normal("CREDITUMS", code) is None or code == "NO":
            raise Refused(BAD)
        if self._callable(letter.sender, error=False):
            answer = self.house.world.network.ussd.get(code)
            text = "Execute error!" if answer is None else answer
            pattern = re.compile(f"{re.escape(text)}|Execute error!")
            sure = answer is not None
            self.house.owe(Owed(letter.sender, pattern, text, "reply", self.house.now, sure))
        return None
