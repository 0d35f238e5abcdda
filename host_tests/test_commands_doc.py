"""docs/commands.md is what the declarations say, and nothing in it can go wrong unnoticed."""

from __future__ import annotations

import pytest
from powersocket.commands import CTRL, PLAIN
from powersocket.feature import Feature
from powersocket.parameters import Choice

from tools import commands_doc


def test_the_page_has_not_drifted():
    difference = commands_doc.check()
    assert not difference, "run `make docs`:\n" + difference


def test_every_command_of_every_model_has_a_row():
    for model in commands_doc.names():
        table = commands_doc._new_device(model).table
        rows = [row for row in commands_doc.rows() if model in row.models]
        assert len(rows) == len(table.all())
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
    assert rows["SECNUMBER?"].reply == "`No SECNUMBERs!`"
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


def test_check_tells_the_difference(own_page, capsys):
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


class Undocumented(Feature):
    commands = ((PLAIN, "UNDOCUMENTED", CTRL, "undocumented"),)

    def undocumented(self, request):
        return "x"


class Documented(Feature):
    """Chapters: FIRST 4.1; SECOND 11."""

    parameters = (Choice("FIRST", ("A", "B")), Choice("SECOND", ("A", "B")))


def with_feature(monkeypatch, feature):
    load = commands_doc.models.load

    def more(name):
        model = load(name)
        model.features = (*model.features, feature)
        return model

    monkeypatch.setattr(commands_doc.models, "load", more)


def test_a_handler_without_its_row_is_an_error(monkeypatch, own_page, capsys):
    with_feature(monkeypatch, Undocumented)
    assert commands_doc.main(["--check"]) == 1
    assert "Undocumented.undocumented" in capsys.readouterr().err


def test_a_parameters_chapter_is_in_its_features_docstring(monkeypatch):
    with_feature(monkeypatch, Documented)
    rows = {row.command: row for row in commands_doc.rows()}
    assert rows["FIRST="].chapter == rows["FIRST?"].chapter == "4.1"
    assert rows["SECOND="].chapter == "11"


def test_a_parameter_without_a_chapter_is_an_error(monkeypatch):
    monkeypatch.setattr(Documented, "__doc__", "Of no chapter.")
    with_feature(monkeypatch, Documented)
    with pytest.raises(commands_doc.DocError, match="Documented"):
        commands_doc.rows()
