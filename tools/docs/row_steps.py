# SPDX-License-Identifier: MIT
"""Finds, for each row of docs/commands.md, the step of a scenario that fails if the row is broken.

A command's step is the expectation of its reply: after a step that sends the command, with or
without a password of five characters, the next that the sender gets, and no error. A file of the
row's chapter goes before others, a text to the character before a pattern. What is no command -
errors, alerts, LEDs - is declared here, as the phrase of the step that has to expect it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from powersocket.interpreter import Interpreter, Request
from powersocket.settings import BLANKS, plain_number, upper

from tools.bench.scenario.expected import Expectation, ExpectMessage, ExpectNoMessage
from tools.bench.scenario.files import read
from tools.bench.scenario.steps import ChooseModel, SendMessage, Step
from tools.build import ROOT

TESTS = ROOT / "host_tests"
SCENARIOS = TESTS / "scenarios"
PASSWORD = 5  # characters
NEAR = 8  # steps: the reply stands so near to the command, an effect to its cause
ALL = "ALL"  # SECNUMBER-ALL is a row of its own

ERRORS = (
    " - No such command exists on the device!",
    "Invalid access password!",
    "Incorrect value!",
    " - Time for configuration is expired (Conf)!",
    "Execute error!",
    "Access deny!",
    "List is full!",
    "SECLIST is not active!",
    "Your number is not on the list!",
    "No more error messages for a while!",
)


@dataclass(frozen=True)
class Place:
    """A step in a scenario file, or a test."""

    path: Path
    line: int

    def link(self) -> str:
        """Return the link to it from a page in docs/."""
        file = self.path.relative_to(TESTS).as_posix()
        shown = file.removeprefix("scenarios/")
        return f"[{shown}:{self.line}](../host_tests/{file}#L{self.line})"


@dataclass(frozen=True)
class Script:
    """A scenario file of a model."""

    path: Path
    model: str
    steps: Sequence[Step]

    def place(self, step: Step) -> Place:
        return Place(self.path, step.where.line)

    def distance(self, chapter: str) -> int:
        """Return how far its chapter is from another: 0 the same, 3 not even near."""
        match = re.match(r"0*(\d+)(?:-(\d+)(?=[-.]))?", self.path.name)
        if match is None:
            return 3
        own = match[1] if match[2] is None else f"{match[1]}.{match[2]}"
        if own == chapter:
            return 0
        if match[1] != chapter.split(".")[0]:
            return 3
        return 1 if match[2] is None else 2


@cache
def scripts() -> tuple[Script, ...]:
    """Return all scenario files, read once."""
    found = []
    for path in sorted(SCENARIOS.rglob("*.scn")):
        steps = read(path)
        chosen = [step.model for step in steps if isinstance(step, ChooseModel)]
        found.append(Script(path, chosen[0] if chosen else "EP", steps))
    return tuple(found)


# --- commands ----------------------------------------------------------------------------------


class Replies:
    """The expected replies to every command of a model, in all its scenarios."""

    def __init__(self, model: str, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._found: dict[str, list[tuple[Script, ExpectMessage]]] = {}
        for script in scripts():
            if script.model == model:
                self._read(script)

    def _read(self, script: Script) -> None:
        for i, step in enumerate(script.steps):
            if isinstance(step, SendMessage) and not step.again:
                key = self._key(step.text)
                reply = _reply(step.sender, script.steps[i + 1 : i + 1 + NEAR])
                if key and reply and not _refuses(reply.text):
                    self._found.setdefault(key, []).append((script, reply))

    def _key(self, text: str) -> str:
        text = text.strip(BLANKS)
        for words in (text, text[PASSWORD:]):
            request = self._interpreter.find(words, None, 0)
            if request is not None:
                return key(request)
        return ""

    def place(self, key: str, form: str, chapter: str, told: str) -> Place | None:
        """Return the best step that expects the reply to a command.

        key: see `key`; form: the command's; chapter: of the manual; told: its row's reply.
        """
        ranked = [
            (script.distance(chapter), rank, step.pattern, str(script.path), line)
            for script, step in self._found.get(key, [])
            for rank, line in [(_rank(step, form, told), step.where.line)]
            if rank is not None
        ]
        return Place(Path(min(ranked)[3]), min(ranked)[4]) if ranked else None


def key(request: Request, argument: str = "") -> str:
    """Return the name of a row: `ON#`, `SECLIST=`, and for `-ALL` another than for `-n`."""
    name: str = request.name
    argument = argument or request.argument
    return name + ALL if request.form == "-" and upper(argument) == ALL else name


def _reply(sender: str, after: Sequence[Step]) -> ExpectMessage | None:
    """Return what a sender is expected to get, if no other message of his comes in between."""
    number = plain_number(sender)
    for step in after:
        if isinstance(step, SendMessage) and plain_number(step.sender) == number:
            return None
        if isinstance(step, ExpectNoMessage) and plain_number(step.to) == number:
            return None
        if isinstance(step, ExpectMessage) and plain_number(step.to) == number:
            return step
    return None


def _refuses(text: str) -> bool:
    return text.endswith(ERRORS)


def _rank(step: ExpectMessage, form: str, told: str) -> int | None:
    """Return which of its row's replies an expected text is; None if it is none of them.

    The first one says most; the others are `No rules!` and the like.
    """
    first = step.text.split("\n")[0]
    if form in ("=", "+", "-") and not first.endswith(" - OK"):
        return None
    begins = step.text.split("*")[0] if step.pattern else step.text
    stems = [_stem(text) for text in re.findall(r"`([^`]+)`", told)]
    if not told.startswith("`"):
        stems.insert(0, "")  # described in words: any text
    ranks = [(-len(stem), rank) for rank, stem in enumerate(stems) if begins.startswith(stem)]
    if not ranks:
        return None
    is_default = form == "=" and f"`{first}" in told  # it would hold if nothing were stored
    return min(ranks)[1] + is_default


def _stem(text: str) -> str:
    """Return how a reply begins, up to its first value."""
    return re.split(r"[=:+(\d]|-\d|yy/|\\n| - ", text)[0]


# --- what is no command ------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """A row of the second table.

    of: what kind; shown: the text or pattern; when: in words; chapter: of the manual; expects: the
    whole phrase of the expecting step; after: what stands in one of the steps before it; test:
    `file::name` of a test instead, for what a scenario cannot see.
    """

    of: str
    shown: str
    when: str
    chapter: str
    expects: str
    after: str = ""
    test: str = ""


def _error(chapter: str, shown: str, when: str, text: str = "", after: str = "") -> Effect:
    phrase = rf"\S+ < {text or re.escape(shown)}"
    return Effect("error", f"`{shown}`", when, chapter, phrase, after)


def _alert(chapter: str, shown: str, when: str, text: str, after: str) -> Effect:
    phrase = rf"\S+ <~ {text}\\nTime: .+"
    return Effect("alert", f"`{shown}`", when, chapter, phrase, after)


def _led(led: str, shown: str, when: str, pattern: str, after: str = "") -> Effect:
    return Effect(f"LED {led.upper()}", shown, when, "15", f"led {led} {pattern}", after)


_DEGREES = r"-?\d+C\(-?\d+F\)"
_ANY = r"[^*]+"

_UNKNOWN = " - No such command exists on the device!"
_EXPIRED = " - Time for configuration is expired (Conf)!"
_ACTIVE = "ALARM! Sensor is active"

EFFECTS = (
    _error("4.1", "{text}" + _UNKNOWN, "unknown command", _ANY + re.escape(_UNKNOWN)),
    _error(
        "5.2",
        "PASSWORD=*****" + _UNKNOWN,
        "a secret in an unknown command",
        r"\w*PASSWORD=\*+" + re.escape(_UNKNOWN),
    ),
    _error("5.2", "Invalid access password!", "password missing", after="> (ON|OFF)$"),
    _error("5.2", "Invalid access password!", "password wrong", after="> 12abd"),
    _error("4.1", "Incorrect value!", "value not acceptable"),
    _error("4.1", "{text}" + _EXPIRED, "Conf outside of the window", _ANY + re.escape(_EXPIRED)),
    _error("12", "Execute error!", "a fault, or an operator who does not answer", after="silent"),
    _error("6.3", "Access deny!", "not on the security list, SMSCONFIRMUNAUTH=ON"),
    _error("5.1", "List is full!", "an eleventh number", after=r"> SECNUMBER\+"),
    _error("5.3", "List is full!", "an eleventh number", after=r"> ALERTNUMBER\+"),
    _error("10", "List is full!", "a ninth rule", after=r"> SCHEDULER\+"),
    _error("5.1", "No SECNUMBERs!", "SECLIST=ON with an empty list", after="> SECLIST=ON"),
    _error("5.1", "Your number is not on the list!", "SECLIST=ON by somebody else"),
    _error(
        "6.3",
        "{error}\\nNo more error messages for a while!",
        "the last error message for now",
        r".+ - No such command exists on the device!\\nNo more error messages for a while!",
    ),
    _error("4.2", "SECLIST is not active!", "RING= without the list", after="> RING="),
    Effect("error", "nothing", "not on the list", "5.1", r"\S+ < nothing", "2 > SECLIST=OFF"),
    Effect("error", "nothing", "ERROR=OFF", "6.3", r"\S+ < nothing", "2 > SECLIST=ON"),
    _alert("9", _ACTIVE, "alarm", _ACTIVE, "contact closed"),
    _alert("9.2", _ACTIVE, "ALERT=CALL, nobody took the call", _ACTIVE, "is called"),
    _alert(
        "9.3",
        "ALARM! Sensor is not active",
        "ALERT=SMSCHANGE, on return",
        "ALARM! Sensor is not active",
        "contact open",
    ),
    _alert("11", "Power failed!", "power failure", "Power failed!", "mains off"),
    _alert("11", "Power restored!", "power is back", "Power restored!", "mains on"),
    Effect(
        "alert",
        "`Power restored!`",
        "the same if the clock is still not set when it leaves: no time",
        "11",
        r"\S+ < Power restored!",
        "network back",
    ),
    _alert(
        "7.3",
        "Temperature rise alert! TEMP: 36C(97F)",
        "TRISEALERT",
        rf"Temperature rise alert! TEMP: {_DEGREES}",
        "temperature",
    ),
    _alert(
        "7.3",
        "Temperature fall alert! TEMP: 14C(57F)",
        "TFALLALERT",
        rf"Temperature fall alert! TEMP: {_DEGREES}",
        "temperature",
    ),
    _alert(
        "7.3",
        "Switch-off temperature reached! TEMP: 10C(50F)\\nPower socket OFF",
        "SWITCHOFFALERT",
        rf"Switch-off temperature reached! TEMP: {_DEGREES}\\nPower socket OFF",
        "temperature",
    ),
    _alert(
        "7.3",
        "Temperature sensor failed!",
        "TSENSFAILALERT",
        "Temperature sensor failed!",
        "temperature corrupt",
    ),
    Effect(
        "alert",
        "the STATUS text alone",
        "scheduler INF",
        "10",
        r"\S+ <~ Power socket ON\\nSignal: .+\\nTime: \S+:00",
        "wait",
    ),
    _led("power", "steady", "power is fine", "steady"),
    _led("power", "4 blinks in a second, then 2 s steady", "SIM missing", "sim", "sim missing"),
    _led("power", "4 blinks in a second, then 2 s steady", "SIM asks for a PIN", "sim", "sim pin"),
    _led("power", "once a second", "ALARM enabled, sensor not active", "1/s", "> ALARMON"),
    _led("power", "4 times a second", "ALARM enabled, sensor active", "4/s", "contact closed"),
    _led("power", "off", "on battery", "off", "mains off"),
    _led("power", "3 times a second", "factory reset", "3/s", "button hold"),
    _led("gsm", "once a second", "not on the network, searching", "1/s", "network lost"),
    _led("gsm", "once a second", "SIM asks for a PIN", "1/s", "sim pin"),
    _led("gsm", "once every 3 s", "on the network", "1/3s"),
    _led("gsm", "off", "the modem does not answer", "off", "modem hangs"),
    _led("out", "off", "socket off", "off"),
    _led("out", "steady", "socket on", "steady", "> ON$"),
    _led("out", "4 times a second", "SIM trouble", "4/s", "sim missing"),
    _led("out", "4 times a second", "the modem does not answer", "4/s", "modem hangs"),
    _led("out", "3 times a second", "factory reset", "3/s", "button hold"),
    Effect(
        "LED POWER, OUT",
        "three flashes together",
        "switch-on",
        "15",
        "",
        test="test_power_calls_lights.py::test_leds_flash_at_switch_on",
    ),
)


def place_of(effect: Effect) -> Place | None:
    """Return the step that expects an effect next to its cause, or the test that looks at it."""
    if effect.test:
        return _place_of_test(effect.test)
    phrase = re.compile(effect.expects)
    found = []
    for script in scripts():
        for i, step in enumerate(script.steps):
            if isinstance(step, Expectation) and phrase.fullmatch(_phrase(step)):
                gap = _gap(effect.after, script.steps[max(0, i - NEAR) : i])
                if gap is not None:
                    far = script.distance(effect.chapter)
                    found.append((far, gap, str(script.path), step.where.line))
    return Place(Path(min(found)[2]), min(found)[3]) if found else None


def _phrase(step: Expectation) -> str:
    """Return what a step expects, as it is written, but never in quotes."""
    if isinstance(step, ExpectMessage):
        text = step.text.replace("\\", "\\\\").replace("\n", "\\n")
        return f"{step.to} {step.sign} {text}"
    return step.phrase()


def _gap(cause: str, before: Sequence[Step]) -> int | None:
    """Return how many steps back a cause is; 0 if none is wanted, None if there is none."""
    if not cause:
        return 0
    for gap, step in enumerate(reversed(before), 1):
        if re.search(cause, step.render()):
            return gap
    return None


def _place_of_test(test: str) -> Place | None:
    file, name = test.split("::")
    path = TESTS / file
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        if line.startswith(f"def {name}("):
            return Place(path, number)
    return None
