# SPDX-License-Identifier: MIT
"""docs/commands.md is what the declarations say, and nothing in it can go wrong unnoticed."""

from __future__ import annotations

import re

import pytest
from powersocket.features import Feature
from powersocket.settings import Choice

from tools.docs import commands as commands_doc
from tools.docs import row_steps


def test_the_page_has_not_drifted():
    difference = commands_doc.check()
    assert not difference, "run `make docs`:\n" + difference


def test_every_command_of_every_model_has_a_row():
    for model in commands_doc.names():
        declared = commands_doc.commands(model)
        keys = [command.name for command in declared]
        assert len(keys) == len(set(keys)), "declared twice"
        rows = [row for row in commands_doc.rows() if model in row.models]
        removals = [command for command in declared if command.form == "-"]
        assert len(rows) == len(declared) + len(removals)  # -n and -ALL are two rows
        for row in rows:
            assert row.reply and row.chapter and row.kind in ("Conf", "Inf", "Ctrl"), row


def test_rows_say_what_the_device_says():
    rows = {row.command: row for row in commands_doc.rows() if "EP" in row.models}
    assert rows["ONn"].reply == "`Power ON for 30 seconds`"
    assert rows["RESTARTTIME="].reply == "`RESTARTTIME=10 - OK`"
    assert rows["RESTARTTIME="].default == "10"
    assert rows["RESTARTTIME="].values == "1..600 seconds"
    assert rows["RESTARTTIME?"].reply == "`RESTARTTIME=10 seconds`"
    assert rows["POWERSTATE?"].reply == "`POWERSTATE=(REMEMBER),ON,OFF`"
    assert rows["PASSWORD="].reply == "`PASSWORD=NO - OK`"
    assert rows["PASSWORD="].values == "5 letters or digits, or NO"
    assert rows["SECNUMBER+"].reply == "`SECNUMBER+358912345678 - OK`"
    assert rows["SECNUMBER-"].reply == "`SECNUMBER-358912345678 - OK`"
    assert rows["SECNUMBER?"].reply == "`SECNUMBERs: 358912345678` or `No SECNUMBERs!`"
    assert rows["SECNUMBER-ALL"].reply == "`SECNUMBER-ALL - OK`"
    assert rows["MAKEMEBOSS"].chapter == "3"
    assert rows["STATUS"].quiet and not rows["ON"].quiet and rows["SECLIST?"].quiet


def test_chapters_are_in_order():
    numbers = [row.order[0] for row in commands_doc.rows()]
    assert numbers == sorted(numbers)


@pytest.fixture
def own_page(tmp_path, monkeypatch):
    page = tmp_path / "commands.md"
    monkeypatch.setattr(commands_doc, "PAGE", page)
    monkeypatch.setattr(commands_doc, "ROOT", tmp_path)
    return page


def test_check_shows_the_difference(own_page, capsys):
    assert commands_doc.main(["--check"]) == 1  # there is none
    assert commands_doc.main([]) == 0
    assert commands_doc.main(["--check"]) == 0
    capsys.readouterr()
    own_page.write_text(own_page.read_text().replace("1..600 seconds", "1..60 seconds"))
    assert commands_doc.main(["--check"]) == 1
    out = capsys.readouterr().out
    assert "-| `RESTARTTIME=` " in out and "+| `RESTARTTIME=` " in out
    assert "1..60 seconds" in own_page.read_text()  # checking writes nothing


def test_print_writes_no_file(own_page, capsys):
    assert commands_doc.main(["--print"]) == 0
    assert capsys.readouterr().out == commands_doc.page()
    assert not own_page.exists()


def test_every_row_links_to_a_step_that_expects_it():
    steps = commands_doc._steps_of_rows(commands_doc.rows())  # raises if one has none
    assert set(steps) == set(commands_doc.rows())
    table = {row.command: step for row, step in steps.items() if "EP" in row.models}
    for name in ("RING=", "RING?", "SECNUMBER+", "SECNUMBER-", "SECNUMBER?", "SECNUMBER-ALL"):
        file, line = re.fullmatch(r"\[\S+\]\(\.\./(\S+)#L(\d+)\)", table[name]).groups()
        step = (row_steps.ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert re.match(rf"\S+ < {re.escape(name.rstrip('?'))}", step), step
        assert "04-2" in file or "05-1" in file
    assert len(set(table.values())) == len(table)


def test_every_effect_is_expected_by_a_step():
    for effect in row_steps.EFFECTS:
        assert row_steps.place_of(effect), effect


SCENARIO = """
+31600000001 > ON
+31600000002 > ON
+31600000002 < Incorrect value!
+31600000001 <~ Power socket *
+31600000001 > 12abcon
+31600000001 < nothing
+31600000001 > 12abcOFF
+31600000001 > STATUS
+31600000001 < Power socket OFF
+31600000001 > SECLIST=OFF
+31600000001 < SECLIST=OFF - OK
+31600000001 > SECLIST=ON
+31600000001 < SECLIST=ON - OK
+31600000001 > SECLIST?
31600000001 < Access deny!
+31600000001 > SECNUMBER-ALL
+31600000001 < SECNUMBER-ALL - OK
"""


@pytest.fixture
def own_scenarios(tmp_path, monkeypatch):
    """Two files: of another chapter and of the chapter."""
    (tmp_path / "ep").mkdir()
    (tmp_path / "ep" / "04-managing.scn").write_text(SCENARIO)
    (tmp_path / "ep" / "05-1-list.scn").write_text("+1 > SECLIST=OFF\n+1 < SECLIST=OFF - OK\n")
    monkeypatch.setattr(row_steps, "SCENARIOS", tmp_path)
    monkeypatch.setattr(row_steps, "TESTS", tmp_path)
    row_steps.scripts.cache_clear()
    yield tmp_path
    row_steps.scripts.cache_clear()


def test_which_step_is_chosen(own_scenarios):
    replies = row_steps.Replies("EP", commands_doc.new_device("EP").interpreter)

    def line(key, form="", chapter="4.1", told=""):
        place = replies.place(key, form, chapter, told)
        return place and (place.path.name, place.line)

    assert line("ON", told="`Power socket ON`") is None  # a pattern that says too little
    assert line("ON", told="the state") == ("04-managing.scn", 5)
    assert line("OFF") is None  # another message of the sender came in between
    assert line("STATUS") == ("04-managing.scn", 10)
    assert line("STATUS", told="`Signal: x`") is None
    told = "`SECLIST=OFF - OK`"
    assert line("SECLIST=", "=", told=told) == ("04-managing.scn", 14)  # not the default
    assert line("SECLIST=", "=", "5.1", told) == ("05-1-list.scn", 2)
    assert line("SECLIST?", "?") is None  # an error
    assert line("SECNUMBER-", "-") is None
    assert line("SECNUMBER-ALL", "-", told="`SECNUMBER-ALL - OK`") == ("04-managing.scn", 18)


def test_an_effect_follows_its_cause(own_scenarios):
    (own_scenarios / "ep" / "15-leds.scn").write_text(
        "led out off\nsim missing\nled out 4/s\nmodem hangs\nwait 1m\nled out 4/s within 3m\n"
    )
    row_steps.scripts.cache_clear()

    def line(after):
        place = row_steps.place_of(row_steps._led("out", "", "", "4/s", after))
        return place and place.line

    assert line("") == line("sim missing") == 3
    assert line("modem hangs") == 6
    assert line("network lost") is None


def test_a_row_without_a_step_is_an_error(own_scenarios, own_page, capsys):
    assert commands_doc.main(["--check"]) == 1
    error = capsys.readouterr().err
    assert "RING=" in error and "SECNUMBER+" in error and "SECLIST=" not in error


def test_an_effect_without_a_step_is_an_error(monkeypatch, own_page, capsys):
    effect = row_steps.Effect("alert", "`Fire!`", "it burns", "9", r"\S+ < Fire!")
    monkeypatch.setattr(row_steps, "EFFECTS", (effect,))
    assert commands_doc.main(["--check"]) == 1
    assert "Fire!" in capsys.readouterr().err
    gone = row_steps.Effect("LED", "x", "y", "15", "", test="test_commands_doc.py::test_gone")
    assert row_steps.place_of(gone) is None


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
    assert commands_doc.main(["--check"]) == 1
    assert "Undocumented.undocumented" in capsys.readouterr().err


def test_a_command_that_is_not_in_the_handbook_is_an_error(monkeypatch):
    with_feature(monkeypatch, Unnamed)
    with pytest.raises(commands_doc.DocError, match="has nothing on NEW="):
        commands_doc.rows()


def test_what_no_manual_has_comes_last():
    chapters = [row.chapter for row in commands_doc.rows()]
    last = chapters.index(commands_doc.BEYOND)
    assert set(chapters[last:]) == {commands_doc.BEYOND} != set(chapters)
