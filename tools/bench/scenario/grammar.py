# SPDX-License-Identifier: MIT
"""The grammar of one step. Raises `Malformed` with a reason; scenario.py knows file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tools.bench.modem.families import FAMILIES
from tools.bench.modem.habits import ALL_HABITS
from tools.bench.network.operator import OFFERS
from tools.bench.scenario import notation as n
from tools.bench.scenario.expected import (
    Absence,
    ExpectAsleep,
    Expectation,
    ExpectCall,
    ExpectCallAnswered,
    ExpectCallEnd,
    ExpectLed,
    ExpectMessage,
    ExpectNoCall,
    ExpectNoMessage,
    ExpectOnline,
    ExpectRelay,
)
from tools.bench.scenario.hints import LEDS, MODELS, PATTERNS, no_step
from tools.bench.scenario.notation import Malformed
from tools.bench.scenario.steps import (
    BeginOff,
    BoardModem,
    Call,
    ChooseModel,
    CutFlash,
    DisturbModem,
    Fahrenheit,
    FailThermometer,
    HangUp,
    HoldButton,
    KeepRecord,
    ModemFamily,
    ModemHabits,
    PickUp,
    PressButton,
    RestartChip,
    SendMessage,
    SetClock,
    SetContact,
    SetMains,
    SetNetwork,
    SetOffer,
    SetOperator,
    SetPower,
    SetSignal,
    SetSim,
    SetTemperature,
    Step,
    TreatCalls,
    WaitFor,
    Where,
)

# Steps that are always the same words.
_FIXED: dict[str, Callable[..., Step]] = {
    "board fahrenheit": Fahrenheit,
    "clock none": lambda where: SetClock(None, where=where),
    "off": BeginOff,
    "temperature missing": lambda where: FailThermometer("missing", where=where),
    "temperature corrupt": lambda where: FailThermometer("corrupt", where=where),
    "temperature 85 poweron": lambda where: FailThermometer("poweron", where=where),
    "contact closed": lambda where: SetContact(True, where=where),
    "contact open": lambda where: SetContact(False, where=where),
    "button press": PressButton,
    "button down": lambda where: HoldButton(True, where=where),
    "button up": lambda where: HoldButton(False, where=where),
    "mains off": lambda where: SetMains(False, where=where),
    "mains on": lambda where: SetMains(True, where=where),
    "power off": lambda where: SetPower("off", where=where),
    "power on": lambda where: SetPower("on", where=where),
    "power cycle": lambda where: SetPower("cycle", where=where),
    "chip restarts": RestartChip,
    "network lost": lambda where: SetNetwork("lost", where=where),
    "network back": lambda where: SetNetwork("back", where=where),
    "sim missing": lambda where: SetSim("missing", where=where),
    "sim back": lambda where: SetSim("back", where=where),
    "sim pin": lambda where: SetSim("pin", where=where),
    "sim full": lambda where: SetSim("full", where=where),
    "modem hangs": lambda where: DisturbModem("hangs", where=where),
    "modem restarts": lambda where: DisturbModem("restarts", where=where),
    "modem browns out": lambda where: DisturbModem("browns out", where=where),
    "signal none": lambda where: SetSignal(None, where=where),
}
# .. and expectations that are.
_EXPECTED: dict[str, Callable[..., Expectation]] = {
    "nobody is called": ExpectNoCall,
    "call ends": ExpectCallEnd,
    "call answered": ExpectCallAnswered,
    "socket on": lambda **more: ExpectRelay("socket", True, **more),
    "socket off": lambda **more: ExpectRelay("socket", False, **more),
    "microrelay on": lambda **more: ExpectRelay("microrelay", True, **more),
    "microrelay off": lambda **more: ExpectRelay("microrelay", False, **more),
    "asleep": ExpectAsleep,
    "online": ExpectOnline,
}
_FAMILIES = tuple(family.name for family in FAMILIES.values())
_TREATMENTS = {"will answer": "answer", "will reject": "reject", "will not answer": "ignore"}

_MESSAGE = re.compile(r"([^ \t<>]+)[ \t]*(<~~|<~|<|>)[ \t]*(.*)", re.DOTALL)
_OPERATOR = re.compile(r"operator[ \t]+([^ \t>]+)[ \t]*(?:>[ \t]*(.*)|[ \t]silent)", re.DOTALL)
_USSD = re.compile(r"[*#0-9]{1,30}")
_AGAIN = re.compile(r"(.*[^ \t])[ \t]+again", re.DOTALL)
_AT = re.compile(r"(.*[^ \t])[ \t]+@[ \t]+([0-9]{4}-[0-9].*)", re.DOTALL)
_WITHIN = re.compile(r"(.*[^ \t])[ \t]+within[ \t]+([0-9][^ \t]*)", re.DOTALL)
_NOTHING = re.compile(r"nothing(?:[ \t]+(?:for|within)[ \t]+([0-9][^ \t]*))?")


def parse_line(line: str, where: Where) -> Step:
    """Return the step of a line without blanks at its ends."""
    if line.startswith("record "):
        return _record(line[7:].strip(n.BLANKS), where)
    match = _MESSAGE.fullmatch(line)
    if match is not None:
        address, operator, rest = match.groups()
        address = n.read_address(address)
        if operator == ">":
            return _send(address, rest, where)
        return _expect_message(address, operator, rest, where)
    if re.match(r"operator[ \t]", line):
        return _operator(line, where)
    words, word, bound = _take_bound(re.split(r"[ \t]+", line))
    step = _expectation(words, bound, where) or _action(words, where)
    if step is None:
        raise Malformed(no_step(words, [*_FIXED, *_EXPECTED]))
    if word and not isinstance(step, Expectation):
        raise Malformed(f"only an expectation can have `{word}`")
    if word == "for" and not isinstance(step, Absence):
        raise Malformed("`for` goes with `nothing` and `nobody is called`; here it is `within`")
    return step


# -- messages -----------------------------------------------------------------------------------


def _send(sender: str, rest: str, where: Where) -> Step:
    stamp, again = None, False
    if not n.is_quoted(rest) and (match := _AGAIN.fullmatch(rest)):
        rest, again = match.group(1), True
    if not n.is_quoted(rest) and (match := _AT.fullmatch(rest)):
        rest, stamp = match.group(1), n.read_stamp(match.group(2))
    return SendMessage(sender, n.read_text(rest), stamp, again, where=where)


def _expect_message(to: str, sign: str, rest: str, where: Where) -> Step:
    match = _NOTHING.fullmatch(rest)
    if match is not None and sign == "<":
        bound = match.group(1)
        within = None if bound is None else n.read_duration(bound)
        return ExpectNoMessage(to, within=within, where=where)
    within = None
    if not n.is_quoted(rest) and (match := _WITHIN.fullmatch(rest)):
        rest, within = match.group(1), n.read_duration(match.group(2))
    text = n.read_text(rest)
    return ExpectMessage(to, text, sign != "<", sign == "<~~", within=within, where=where)


def _record(written: str, where: Where) -> Step:
    try:
        if isinstance(json.loads(written), dict):
            return KeepRecord(written, where=where)
    except ValueError:
        pass
    raise Malformed('write `record` and a JSON object, such as `record {"settings": {}}`')


def _operator(line: str, where: Where) -> Step:
    match = _OPERATOR.fullmatch(line)
    if match is None or not _USSD.fullmatch(match.group(1)):
        raise Malformed("write `operator *100# > TEXT` or `operator *100# silent`")
    answer = match.group(2)
    return SetOperator(match[1], None if answer is None else n.read_text(answer), where=where)


# -- everything else ----------------------------------------------------------------------------


def _take_bound(words: list[str]) -> tuple[list[str], str, int | None]:
    """Take ` within 5m` or ` for 5m` off the end; return the rest, the word and the bound."""
    if len(words) > 2 and words[-2] in ("within", "for"):
        return words[:-2], words[-2], n.read_duration(words[-1])
    return words, "", None


def _expectation(words: list[str], within: int | None, where: Where) -> Expectation | None:
    phrase = " ".join(words)
    if phrase in _EXPECTED:
        return _EXPECTED[phrase](within=within, where=where)
    if words[1:] == ["is", "called"]:
        return ExpectCall(n.read_number(words[0]), within=within, where=where)
    if words[0] == "led" and len(words) == 3:
        led = _one_of(words[1], LEDS, "an LED")
        pattern = _one_of(words[2], PATTERNS, "an LED's pattern")
        return ExpectLed(led, pattern, within=within, where=where)
    return None


def _action(words: list[str], where: Where) -> Step | None:
    phrase, about = " ".join(words), " ".join(words[1:])
    if phrase in _FIXED:
        return _FIXED[phrase](where=where)
    if about == "calls":
        return Call(n.read_caller(words[0]), where=where)
    if about == "hangs up":
        return HangUp(n.read_caller(words[0]), where=where)
    if about == "answers":
        return PickUp(n.read_number(words[0]), where=where)
    if about in _TREATMENTS:
        return TreatCalls(n.read_number(words[0]), _TREATMENTS[about], where=where)
    if words[0] == "clock" and len(words) == 4:
        return SetClock(n.read_stamp(about), where=where)
    if words[:2] == ["modem", "habits"] and len(words) > 2:
        names = tuple(_one_of(word, tuple(ALL_HABITS), "a habit of a modem") for word in words[2:])
        return ModemHabits(names, where=where)
    if words[:2] == ["modem", "family"] and len(words) == 3:
        return ModemFamily(_one_of(words[2], _FAMILIES, "a family of modems"), where=where)
    if words[:2] == ["board", "modem"] and len(words) == 3:
        return BoardModem(_one_of(words[2], _FAMILIES, "a family of modems"), where=where)
    if words[0] == "network" and len(words) == 3 and words[1] in ("with", "without"):
        what = _one_of(words[2], tuple(OFFERS), "something that a network has")
        return SetOffer(what, words[1] == "with", where=where)
    if words[:2] == ["button", "hold"] and len(words) == 3:
        return PressButton(n.read_duration(words[2]), where=where)
    if words[:2] == ["power", "cut"] and len(words) == 5 and words[3] == "flash":
        place = _one_of(words[2], ("before", "within", "after"), "a place in an operation")
        if not re.fullmatch("[0-9]{1,3}", words[4]):
            raise Malformed(f"`{words[4]}` is not a number of flash operations")
        return CutFlash(int(words[4]), place, where=where)
    if len(words) != 2:
        return None
    if words[0] == "model":
        return ChooseModel(_one_of(about, MODELS, "a model"), where=where)
    if words[0] == "temperature":
        return SetTemperature(_celsius(about), where=where)
    if words[0] == "signal":
        return SetSignal(_dbm(about), where=where)
    if words[0] == "wait":
        return WaitFor(n.read_duration(about), where=where)
    return None


def _one_of(word: str, choices: tuple[str, ...], what: str) -> str:
    if word not in choices:
        raise Malformed(f"`{word}` is not {what}; choose from {', '.join(choices)}")
    return word


def _celsius(word: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{1,4})?", word) or not -200 <= float(word) <= 500:
        raise Malformed(f"`{word}` is not a temperature in Celsius, such as `9.5`")
    return float(word)


def _dbm(word: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,3}", word) or not -130 <= int(word) <= 0:
        raise Malformed(
            f"`{word}` is not a signal in dBm from -130 to 0, such as `-67`, or `none`"
        )
    return int(word)
