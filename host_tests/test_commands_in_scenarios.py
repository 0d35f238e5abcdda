# SPDX-License-Identifier: MIT
"""The scenario to which docs/commands.md links for a command fails if the command is broken."""

from __future__ import annotations

import pytest
from powersocket.interpreter import Interpreter

from tools.bench.scenario.player import Player
from tools.build import ROOT
from tools.docs import commands as commands_doc
from tools.docs.commands_page import scenario


class Broken:
    """In place of a feature: it does nothing."""

    def answer(self, request):
        return "Broken!"


def break_command(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """Let a command do nothing and answer nonsense; the others are as they are."""
    carry_out = Interpreter.carry_out

    def instead(self, request):
        if commands_doc.key(request) == broken:
            request.feature = Broken()
            request.what = "answer"
        carry_out(self, request)

    monkeypatch.setattr(Interpreter, "carry_out", instead)


@pytest.mark.parametrize(
    "row", commands_doc.rows(), ids=lambda row: f"{row.command}-{row.models[0]}"
)
def test_a_scenario_fails_if_the_command_is_broken(row, monkeypatch):
    file = scenario(row)
    assert file is not None
    break_command(monkeypatch, row.key)
    failures = Player().play(ROOT / "host_tests" / file).failures
    assert [failure.came for failure in failures if "Broken!" in failure.came]
