# SPDX-License-Identifier: MIT
"""docs/commands.md is what the declarations say, and nothing in it can go wrong unnoticed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from powersocket.features import Feature
from powersocket.settings import Choice

from tools.build import ROOT
from tools.docs import commands as commands_doc
from tools.docs import commands_page
from tools.docs.effects import EFFECTS, Effect

EP = {row.command: row for row in commands_doc.rows() if "EP" in row.models}
NEAR = 8  # lines: an effect stands so near to its cause


def test_the_page_has_not_drifted():
    assert commands_page.PAGE.read_text("utf-8") == commands_page.page(), "run `make docs`"


@pytest.mark.parametrize("model", commands_doc.names())
def test_every_command_of_a_model_has_a_row(model):
    declared = commands_doc.commands(model)
    keys = [command.name for command in declared]
    assert len(keys) == len(set(keys)), "declared twice"
    rows = [row for row in commands_doc.rows() if model in row.models]
    removals = [command for command in declared if command.form == "-"]
    assert len(rows) == len(declared) + len(removals)  # -n and -ALL are two rows
    for row in rows:
        assert row.reply and row.chapter and row.kind in ("Conf", "Inf", "Ctrl"), row


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("ONn", "`Power ON for 30 seconds`"),
        ("RESTARTTIME=", "`RESTARTTIME=10 - OK`"),
        ("RESTARTTIME?", "`RESTARTTIME=10 seconds`"),
        ("POWERSTATE?", "`POWERSTATE=(REMEMBER),ON,OFF`"),
        ("PASSWORD=", "`PASSWORD=NO - OK`"),
        ("SECNUMBER+", "`SECNUMBER+358912345678 - OK`"),
        ("SECNUMBER-", "`SECNUMBER-358912345678 - OK`"),
        ("SECNUMBER?", "`SECNUMBERs: 358912345678` or `No SECNUMBERs!`"),
        ("SECNUMBER-ALL", "`SECNUMBER-ALL - OK`"),
    ],
)
def test_a_row_says_what_the_device_says(command, reply):
    assert EP[command].reply == reply


def test_a_row_says_what_the_handbook_and_the_parameter_say():
    assert EP["RESTARTTIME="].default == "10"
    assert EP["RESTARTTIME="].values == "1..600 seconds"
    assert EP["PASSWORD="].values == "5 letters or digits, or NO"
    assert EP["MAKEMEBOSS"].chapter == "3"
    assert EP["STATUS"].quiet and not EP["ON"].quiet and EP["SECLIST?"].quiet


def test_chapters_are_in_order():
    numbers = [row.order[0] for row in commands_doc.rows()]
    assert numbers == sorted(numbers)


@pytest.fixture
def own_page(tmp_path, monkeypatch):
    page = tmp_path / "commands.md"
    monkeypatch.setattr(commands_page, "PAGE", page)
    return page


def test_the_page_is_written(own_page):
    assert commands_page.main() == 0
    assert own_page.read_text("utf-8") == commands_page.page()


SCENARIO = """
+31600000001 > ON
+31600000002 > ON
+31600000002 < Power socket ON
+31600000001 <~ Power socket *
+31600000001 > 12abcOFF
+31600000001 < Power socket OFF
+31600000001 > STATUS
+31600000002 < Power socket OFF
+31600000001 > SECLIST=OFF
+31600000001 < SECLIST=OFF - OK
+31600000001 > SECLIST?
31600000001 < Access deny!
+31600000001 > SECNUMBER-ALL
+31600000001 < SECNUMBER-ALL - OK
+31600000001 > RESTART
+31600000001 <~ Power socket *
+31600000001 > ALERTME
+31600000001 < nothing
"""


@pytest.fixture
def own_scenarios(tmp_path, monkeypatch):
    """Two files: of chapter 4 and of chapter 5.1."""
    (tmp_path / "ep").mkdir()
    (tmp_path / "ep" / "04-managing.scn").write_text(SCENARIO)
    (tmp_path / "ep" / "05-1-list.scn").write_text("+1 > SECLIST=OFF\n+1 < SECLIST=OFF - OK\n")
    monkeypatch.setattr(commands_page, "SCENARIOS", tmp_path)
    commands_page.conversations.cache_clear()
    yield tmp_path
    commands_page.conversations.cache_clear()


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("ON", "scenarios/ep/04-managing.scn"),
        ("OFF", "scenarios/ep/04-managing.scn"),  # behind a password
        ("SECLIST=", "scenarios/ep/05-1-list.scn"),  # its chapter's goes before others
        ("SECNUMBER-ALL", "scenarios/ep/04-managing.scn"),
        ("SECNUMBER-", None),  # is not -ALL
        ("STATUS", None),  # somebody else is answered
        ("SECLIST?", None),  # an error
        ("RESTART", None),  # a pattern that says too little
        ("ALERTME", None),  # no answer
        ("RUNTIME", None),  # never sent
    ],
)
def test_a_scenario_of_a_command_expects_its_reply(own_scenarios, command, file):
    (row,) = [r for r in commands_doc.rows() if r.command == command and "EP" in r.models]
    assert commands_page.scenario(row) == file


def test_a_docstring_that_promises_another_reply_has_no_scenario():
    assert commands_page.scenario(EP["ON"])
    assert not commands_page.scenario(replace(EP["ON"], reply="`Power outlet ON`"))


def test_a_command_without_a_scenario_is_an_error(own_scenarios, own_page, capsys):
    assert commands_page.main() == 1
    error = capsys.readouterr().err
    assert "RING= (EP, " in error and "SECNUMBER+" in error and "SECLIST=" not in error
    assert not own_page.exists()


def is_expected(effect: Effect, lines: list[str]) -> bool:
    """Tell whether a line expects an effect, and one shortly before it has its cause."""
    return any(
        effect.expects in line
        and any(effect.cause in before for before in ["", *lines[max(0, i - NEAR) : i]])
        for i, line in enumerate(lines)
    )


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: f"{effect.of}-{effect.when}")
def test_an_effect_is_expected_after_its_cause(effect):
    text = (ROOT / "host_tests" / effect.file).read_text("utf-8")
    assert is_expected(effect, text.splitlines())


@pytest.mark.parametrize(
    ("cause", "expected"),
    [("", True), ("sim missing", True), ("modem hangs", False), ("network lost", False)],
)
def test_an_effect_far_from_its_cause_does_not_count(cause, expected):
    lines = ["led out off", "sim missing", "led out 4/s", "modem hangs"]
    lines += ["wait 1m"] * NEAR + ["led out 4/s"]
    effect = Effect("LED OUT", "4 times a second", "", "15", "", cause, "led out 4/s")
    assert is_expected(effect, lines) == expected
    assert not is_expected(effect, lines[:2])


class Undocumented(Feature):
    commands = (("ONALL", "undocumented", ""),)  # which this model lacks

    def undocumented(self, request):
        return "x"


class Unnamed(Feature):
    parameters = (Choice("NEW", ("A", "B")),)


def with_feature(monkeypatch, feature):
    load = commands_doc.models.load

    def more(name, us=False):
        model = load(name, us)
        return model._replace(features=(*model.features, (feature, feature.__name__)))

    monkeypatch.setattr(commands_doc.models, "load", more)


def test_a_handler_without_its_row_is_an_error(monkeypatch, own_page, capsys):
    with_feature(monkeypatch, Undocumented)
    assert commands_page.main() == 1
    assert not own_page.exists()
    assert "Undocumented.undocumented" in capsys.readouterr().err


def test_a_command_that_is_not_in_the_handbook_is_an_error(monkeypatch):
    with_feature(monkeypatch, Unnamed)
    with pytest.raises(commands_doc.DocError, match="has nothing on NEW="):
        commands_doc.rows()


def test_what_no_manual_has_comes_last():
    chapters = [row.chapter for row in commands_doc.rows()]
    last = chapters.index(commands_doc.BEYOND)
    assert set(chapters[last:]) == {commands_doc.BEYOND} != set(chapters)
