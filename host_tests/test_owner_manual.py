# SPDX-License-Identifier: MIT
"""Every conversation of docs/manual.md is what the device says, and no command is left out."""

from __future__ import annotations

import re

import pytest
from powersocket.interpreter import NUMBER, Message
from powersocket.settings import Parameter

from tools.bench.scenario.files import ScenarioError
from tools.bench.scenario.player import Player, Setting
from tools.bench.scenario.steps import SendMessage
from tools.docs import commands as commands_doc
from tools.owner import forms, manual, manual_page

TEXT = manual.PAGE.read_text(encoding="utf-8")
SCENARIOS = manual.scenarios(TEXT)


@pytest.mark.parametrize("steps", SCENARIOS, ids=lambda steps: f"line-{steps[0].where.line}")
def test_a_conversation_is_what_the_device_says(steps) -> None:
    result = Player().play_steps(manual.PAGE, steps)
    assert result.held, "\n".join(map(str, result.failures))


def test_every_command_is_in_a_conversation() -> None:
    """All but the questions for a setting, which are all alike."""
    wanted, sent = set(), set()
    for variant in forms.variants():
        for request in commands_doc.requests(variant.device()):
            if not (isinstance(request.what, Parameter) and request.form == "?"):
                wanted.add(request.name)
    for steps in SCENARIOS:
        interpreter = commands_doc.new_device(Setting.of(steps).model).interpreter
        for step in steps:
            if isinstance(step, SendMessage):
                text = step.text.removeprefix("12abc")
                request = interpreter.find(text, Message(step.sender, NUMBER, text, 1), 0)
                if request:
                    sent.add(request.name)
    assert wanted - sent == {"DATE?"}  # the same as DATE


def test_its_last_chapter_has_not_drifted() -> None:
    assert manual.page(TEXT) == TEXT, "run `make docs`"


def test_its_page_is_one_file_with_every_link_inside() -> None:
    page = manual_page.page()
    assert not re.search(r'src="(?!data:)|href="(?!#)|<!--(?!doctype)', page)
    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in page
    assert page.count("<pre>") == TEXT.count("```sms")
    assert "<td><code>MAKEMEBOSS</code></td>" in page


SOME = """
Some text.
<!-- scenario
model GSM707
-->
```sms
You:     STATUS
Device:  Power socket OFF
         Time: 26/01/05,12:03:19
```
<!-- play
wait 5m
-->
```
not a conversation
```
<!-- scenario -->
```sms
Stranger: SCHEDULER+08:00,*,ON
Device:   SCHEDULER+08:00,*,ON - OK
You:      ON
Device:   Power socket ON
```
"""


def test_a_conversation_becomes_steps_on_the_manuals_lines() -> None:
    one, two = manual.scenarios(SOME)
    assert [(step.where.line, step.render()) for step in one] == [
        (4, "model GSM707"),
        (7, "+31600000001 > STATUS"),
        (8, "+31600000001 <~ Power socket OFF\\nTime: 26/01/05,12:03:*"),
        (12, "wait 5m"),
    ]
    assert [step.render() for step in two] == [
        "+31600000002 > SCHEDULER+08:00,*,ON",
        "+31600000002 <~ SCHEDULER+08:00,*,ON - OK",
        "+31600000001 > ON",
        "+31600000001 < Power socket ON",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("```sms\nYou:  ON\n```\n", "no scenario was begun"),
        ("<!-- scenario -->\n```sms\nSomebody: ON\n```\n", "manual.md:3: nobody says"),
        ("<!-- scenario -->\n<!-- play\nfly away\n-->\n", "is not a step"),
    ],
)
def test_what_cannot_be_played_is_an_error(text: str, told: str) -> None:
    with pytest.raises((manual.ManualError, ScenarioError), match=told):
        manual.scenarios(text)
