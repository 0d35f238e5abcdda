# SPDX-License-Identifier: MIT
"""The notation of scenarios: what is read, what is not, and what is written back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.bench.scenario import expected as e
from tools.bench.scenario import steps as s
from tools.bench.scenario.files import ScenarioError, is_comment, parse, parse_step, read
from tools.bench.scenario.grammar import MODELS, PATTERNS
from tools.bench.scenario.hints import LEDS
from tools.bench.scenario.notation import LONGEST

CET = timezone(timedelta(hours=1))
STAMP = datetime(2026, 11, 19, 23, 0, 0, tzinfo=CET)
STAMPED = "@ 2026-11-19 23:00:00 +01:00"

READ = {
    # setting up
    "model GSM707-LIGHT": s.ChooseModel("GSM707-LIGHT"),
    "board fahrenheit": s.Fahrenheit(),
    "clock 2026-11-19 23:00:00 +01:00": s.SetClock(STAMP),
    "clock none": s.SetClock(None),
    "modem habits ussd-tight cmti-sl": s.ModemHabits(("ussd-tight", "cmti-sl")),
    "modem family A7670": s.ModemFamily("A7670"),
    "board modem SIM7600": s.BoardModem("SIM7600"),
    "off": s.BeginOff(),
    # messages
    "+358401 > ON": s.SendMessage("+358401", "ON"),
    "+358401>ON": s.SendMessage("+358401", "ON"),
    "+358401  >\t ON  ": s.SendMessage("+358401", "ON"),
    '+358401 > " on "': s.SendMessage("+358401", " on "),
    '+358401 > ""': s.SendMessage("+358401", ""),
    '+358401 > """': s.SendMessage("+358401", '"'),
    '+358401 > say "hi" to me': s.SendMessage("+358401", 'say "hi" to me'),
    '+358401 > "hi" he said': s.SendMessage("+358401", '"hi" he said'),
    r"+358401 > a\nb\\n": s.SendMessage("+358401", "a\nb\\n"),
    "Vodafone > ON": s.SendMessage("Vodafone", "ON"),
    "hidden > ON": s.SendMessage("hidden", "ON"),
    "0401 > # no comment": s.SendMessage("0401", "# no comment"),
    "+1 > a > b < c": s.SendMessage("+1", "a > b < c"),
    f"+1 > ON {STAMPED}": s.SendMessage("+1", "ON", STAMP),
    f'+1 > " ON" {STAMPED}': s.SendMessage("+1", " ON", STAMP),
    f'+1 > "ON {STAMPED}"': s.SendMessage("+1", f"ON {STAMPED}"),
    "+1 > ON again": s.SendMessage("+1", "ON", again=True),
    '+1 > "ON" again': s.SendMessage("+1", "ON", again=True),
    '+1 > "ON again"': s.SendMessage("+1", "ON again"),
    "+1 > again": s.SendMessage("+1", "again"),
    f"+1 > ON {STAMPED} again": s.SendMessage("+1", "ON", STAMP, again=True),
    "+1 > mail me @ home": s.SendMessage("+1", "mail me @ home"),
    "+1 > ON within 5m": s.SendMessage("+1", "ON within 5m"),
    # doing
    "+358401 calls": s.Call("+358401"),
    "hidden calls": s.Call("hidden"),
    "+358401 hangs up": s.HangUp("+358401"),
    "+358401 will answer": s.TreatCalls("+358401", "answer"),
    "+358401 will reject": s.TreatCalls("+358401", "reject"),
    "+358401 will not answer": s.TreatCalls("+358401", "ignore"),
    "temperature 9.5": s.SetTemperature(9.5),
    "temperature -10": s.SetTemperature(-10.0),
    "temperature 85": s.SetTemperature(85.0),
    "temperature missing": s.FailThermometer("missing"),
    "temperature corrupt": s.FailThermometer("corrupt"),
    "temperature 85 poweron": s.FailThermometer("poweron"),
    "contact closed": s.SetContact(True),
    "contact open": s.SetContact(False),
    "button press": s.PressButton(),
    "button hold 10s": s.PressButton(10_000),
    "mains off": s.SetMains(False),
    "mains on": s.SetMains(True),
    "power off": s.SetPower("off"),
    "power on": s.SetPower("on"),
    "power cycle": s.SetPower("cycle"),
    "chip restarts": s.RestartChip(),
    "network lost": s.SetNetwork("lost"),
    "network back": s.SetNetwork("back"),
    "network without calls": s.SetOffer("calls", False),
    "network with 2G": s.SetOffer("2G", True),
    "sim missing": s.SetSim("missing"),
    "sim back": s.SetSim("back"),
    "sim pin": s.SetSim("pin"),
    "sim full": s.SetSim("full"),
    "modem hangs": s.DisturbModem("hangs"),
    "modem restarts": s.DisturbModem("restarts"),
    "modem  browns  out": s.DisturbModem("browns out"),
    "operator *100# > Your balance is 5.00": s.SetOperator("*100#", "Your balance is 5.00"),
    "operator *100# silent": s.SetOperator("*100#", None),
    "operator > ON": s.SendMessage("operator", "ON"),
    "signal -67": s.SetSignal(-67),
    "signal none": s.SetSignal(None),
    "wait 90s": s.WaitFor(90_000),
    "wait 1.5m": s.WaitFor(90_000),
    "wait 2h": s.WaitFor(7_200_000),
    "wait 1d": s.WaitFor(86_400_000),
    "wait 0.25s": s.WaitFor(250),
    # expecting
    "+1 < Power socket ON": e.ExpectMessage("+1", "Power socket ON"),
    "+1 < Power socket ON within 5m": e.ExpectMessage("+1", "Power socket ON", within=300_000),
    '+1 < "is it within 5m"': e.ExpectMessage("+1", "is it within 5m"),
    '+1 < "it is" within 5m': e.ExpectMessage("+1", "it is", within=300_000),
    "+1 < Power ON for 30 seconds": e.ExpectMessage("+1", "Power ON for 30 seconds"),
    "+1 < keep within reach": e.ExpectMessage("+1", "keep within reach"),
    r"+1 <~ ALARM!\nTime: *": e.ExpectMessage("+1", "ALARM!\nTime: *", pattern=True),
    "+1 <~ * within 9s": e.ExpectMessage("+1", "*", pattern=True, within=9_000),
    r"+1 <~~ ON*\nOFF*": e.ExpectMessage("+1", "ON*\nOFF*", pattern=True, across=True),
    "+1 <~~ nothing": e.ExpectMessage("+1", "nothing", pattern=True, across=True),
    "+1 < nothing": e.ExpectNoMessage("+1"),
    "Vodafone < nothing": e.ExpectNoMessage("Vodafone"),
    "+1 < nothing for 2h": e.ExpectNoMessage("+1", within=7_200_000),
    "+1 < nothing within 2h": e.ExpectNoMessage("+1", within=7_200_000),
    '+1 < "nothing"': e.ExpectMessage("+1", "nothing"),
    '+1 < "nothing" within 2h': e.ExpectMessage("+1", "nothing", within=7_200_000),
    "+1 < nothing new": e.ExpectMessage("+1", "nothing new"),
    "+1 is called": e.ExpectCall("+1"),
    "+1 is called within 5m": e.ExpectCall("+1", within=300_000),
    "nobody is called": e.ExpectNoCall(),
    "nobody is called for 5m": e.ExpectNoCall(within=300_000),
    "call ends": e.ExpectCallEnd(),
    "call answered within 10s": e.ExpectCallAnswered(within=10_000),
    "socket on": e.ExpectRelay("socket", True),
    "microrelay off": e.ExpectRelay("microrelay", False),
    "led power sim": e.ExpectLed("power", "sim"),
    "led gsm 1/3s within 2m": e.ExpectLed("gsm", "1/3s", within=120_000),
    "asleep": e.ExpectAsleep(),
    "asleep within 20m": e.ExpectAsleep(within=1_200_000),
    "online within 5m": e.ExpectOnline(within=300_000),
}


@pytest.mark.parametrize("line", READ)
def test_each_step_of_the_grammar(line: str) -> None:
    assert parse_step(line) == READ[line]
    assert parse_step(READ[line].render()) == READ[line]


WRONG = {
    "temprature 9": "`temprature 9` is not a step; did you mean `temperature`?",
    "socket onn": "did you mean `socket on`?",
    "Socket on": "did you mean `socket on`?",
    "+1 cals": "did you mean `+1 calls`?",
    "+1 ON": "did you mean `+1 > TEXT`?",
    "sim gone": "`sim missing` or `sim back`",
    "+1 >": 'the text is missing; an empty one is written ""',
    "+1 <": "the text is missing",
    "+1 > a\\tb": "`\\t` is not an escape",
    "+1 > a\\": "`\\` is not an escape",
    "+1 < ON within 5x": "`5x` is not a duration",
    "+1 < nothing for 5x": "`5x` is not a duration",
    "+35a > ON": "neither a telephone number nor a name",
    "TwelveLetter > ON": "neither a telephone number nor a name",
    "+1 > ON @ 2026-02-30 23:00:00 +01:00": "day is out of range",
    "+1 > ON @ 2026-02-28": "is not a time",
    "+1 > ON @ 2026-02-28 23:00:00 +01:10": "quarter hours",
    "clock 1999-12-31 23:00:00 +01:00": "2000 to 2098",
    "clock": "clock none",
    "wait": "`wait 90s`",
    "wait 5": "`5` is not a duration",
    "wait -5s": "is not a duration",
    "wait ٥s": "is not a duration",
    "wait 5000d": "ten years",
    "wait 5m within 3m": "only an expectation",
    "contact closed within 5m": "only an expectation",
    "socket on for 5m": "`for` goes with `nothing`",
    "led out blue": "choose from steady",
    "led roof on": "choose from power",
    "model EQ": "choose from EP",
    "modem habits late": "`late` is not a habit of a modem",
    "modem habits": "`modem habits NAME ...`",
    "modem family": "`modem family A7670`",
    "modem family sim900": "`sim900` is not a family of modems",
    "board modem A7670 SIM7600": "`board modem A7670`",
    "network without fax": "`fax` is not something that a network has",
    "temperature warm": "not a temperature",
    "temperature 20 poweron": "85 poweron",
    "temperature 1e2": "not a temperature",
    "signal 5": "not a signal",
    "button hold": "button hold 10s",
    "operator *100#": "operator *100# > TEXT",
    "operator x > y": "operator *100# > TEXT",
    "Vodafone calls": "not a telephone number",
    "hidden is called": "not a telephone number",
    "within 5m": "is not a step",
    "is called": "is not a step",
    "x": "is not a step",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_step_is_reported_with_file_line_and_reason(line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(f"# first\n\nsocket on\n{line}\n", "some.scn")
    assert (caught.value.file, caught.value.line) == ("some.scn", 4)
    assert WRONG[line] in caught.value.reason
    assert str(caught.value) == f"some.scn:4: {caught.value.reason}"


def test_setting_up_stands_before_anything_else_and_once() -> None:
    steps = parse("# here\nclock none\nmodel GSM706\n\nsocket on", "f")
    assert [type(step) for step in steps] == [s.SetClock, s.ChooseModel, e.ExpectRelay]
    assert [step.where.line for step in steps] == [2, 3, 5]
    with pytest.raises(ScenarioError, match="f:2: `off` sets up and must stand before"):
        parse("socket on\noff", "f")
    with pytest.raises(ScenarioError, match="f:3: the model was given in line 1 already"):
        parse("model EP\n\nmodel EP", "f")


def test_lines_end_at_line_feeds_alone() -> None:
    assert parse("socket on\r\n+1 > a\x85b\u2028c\vd\r\n") == [
        e.ExpectRelay("socket", True),
        s.SendMessage("+1", "a\x85b\u2028c\vd"),
    ]
    assert parse("+1 > \u00a0ON\u3000") == [s.SendMessage("+1", "\u00a0ON\u3000")]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        read(tmp_path / "none.scn")
    with pytest.raises(ScenarioError, match="is a directory"):
        read(tmp_path)
    latin = tmp_path / "latin.scn"
    latin.write_bytes(b"socket on\n+1 > \xe4\n")
    with pytest.raises(ScenarioError, match=r"latin.scn:2: this is not UTF-8"):
        read(latin)
    marked = tmp_path / "marked.scn"
    marked.write_bytes(b"\xef\xbb\xbfsocket on\r\n")
    assert read(marked) == [e.ExpectRelay("socket", True)]


@pytest.mark.parametrize("line", ["", "  ", "# x", "\t# x", "\n"])
def test_a_blank_line_and_one_that_begins_with_a_hash_are_no_steps(line: str) -> None:
    assert is_comment(line)


def test_a_hash_in_a_step_begins_no_comment() -> None:
    assert not is_comment("+1 > # x")


# -- whatever is written ------------------------------------------------------------------------

words = st.sampled_from(
    " ".join([*READ, *WRONG, '"', "\\", "@ 2026-11-19", "for 5m", "\n", "#"]).split(" ")
)


@given(st.one_of(st.text(), st.lists(words, max_size=8).map(" ".join)))
def test_reading_raises_nothing_but_scenario_errors(text: str) -> None:
    try:
        steps = parse(text, "f")
    except ScenarioError as error:
        assert error.reason
        return
    again = parse("\n".join(step.render() for step in steps), "f")
    assert again == steps


texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(words | st.sampled_from(["again", "within", "nothing", "  "])).map(" ".join),
)
numbers = st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True)
addresses = numbers | st.sampled_from(["Vodafone", "hidden", "operator", "T-Mobile", "12"])
spans = st.integers(0, LONGEST) | st.integers(0, 3660).map(lambda days: days * 86_400_000)
bounds = st.none() | spans
zones = st.integers(-14 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q)))
stamps = st.datetimes(datetime(2000, 1, 1), datetime(2098, 12, 31), timezones=zones).map(
    lambda stamp: stamp.replace(microsecond=0)
)
some_steps = st.one_of(
    st.builds(s.ChooseModel, st.sampled_from(MODELS)),
    st.builds(s.SetClock, st.none() | stamps),
    st.builds(s.SendMessage, addresses, texts, st.none() | stamps, st.booleans()),
    st.builds(s.Call, numbers | st.just("hidden")),
    st.builds(s.TreatCalls, numbers, st.sampled_from(["answer", "reject", "ignore"])),
    st.builds(s.SetTemperature, st.integers(-2_000_000, 5_000_000).map(lambda n: n / 10_000)),
    st.builds(s.PressButton, bounds),
    st.builds(s.SetOperator, st.from_regex(r"[*#0-9]{1,30}", fullmatch=True), texts),
    st.builds(s.SetSignal, st.none() | st.integers(-130, 0)),
    st.builds(s.WaitFor, spans),
    st.builds(e.ExpectMessage, addresses, texts, st.booleans(), within=bounds),
    st.builds(e.ExpectNoMessage, addresses, within=bounds),
    st.builds(e.ExpectCall, numbers, within=bounds),
    st.builds(e.ExpectNoCall, within=bounds),
    st.builds(e.ExpectRelay, st.sampled_from(["socket", "microrelay"]), st.booleans()),
    st.builds(e.ExpectLed, st.sampled_from(LEDS), st.sampled_from(PATTERNS), within=bounds),
    st.builds(e.ExpectOnline, within=bounds),
)


@given(some_steps)
def test_a_step_that_is_written_reads_back_as_the_same(step: s.Step) -> None:
    line = step.render()
    assert "\n" not in line
    assert parse(line + "\n") == [step]
