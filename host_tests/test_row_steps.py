# SPDX-License-Identifier: MIT
"""Each command links in docs/commands.md to a step that does fail if the command is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from powersocket.interpreter import Interpreter

from tools.bench.scenario.files import read
from tools.bench.scenario.player import Player, make_world
from tools.docs import commands as commands_doc
from tools.docs import row_steps

ROWS = [row for row in commands_doc.rows() if "EP" in row.models]


def place_of(row: commands_doc.Row) -> row_steps.Place:
    replies = row_steps.Replies("EP", commands_doc.new_device("EP").interpreter)
    place = replies.place(row.key, row.form, row.chapter, row.reply)
    assert place is not None
    return place


class Broken:
    """In place of a feature: it does nothing."""

    def answer(self, request):
        return "Broken!"


def break_command(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """Let a command do nothing and answer nonsense; the others are as they are."""
    carry_out = Interpreter.carry_out

    def instead(self, request):
        if row_steps.key(request) == broken:
            request.feature = Broken()
            request.what = "answer"
        carry_out(self, request)

    monkeypatch.setattr(Interpreter, "carry_out", instead)


@pytest.mark.parametrize("row", ROWS, ids=[row.command for row in ROWS])
def test_the_step_of_a_row_fails_if_the_row_is_broken(row, monkeypatch):
    place = place_of(row)
    steps = [step for step in read(place.path) if step.where.line <= place.line]
    break_command(monkeypatch, row.key)
    failures = Player(make_world).play_steps(Path(place.path), steps).failures
    assert len(failures) == 1
    assert "Broken!" in failures[0].came
    assert 0 < failures[0].where.line <= place.line
