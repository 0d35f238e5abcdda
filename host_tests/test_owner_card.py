# SPDX-License-Identifier: MIT
"""The quick-start cards: every command on them is one that the device takes."""

from __future__ import annotations

import re

import pytest
from test_owner_remote import accepted

from tools.board import dist
from tools.owner import card, forms
from tools.owner.files import contents

CARDS = {name: data for name, data in contents().items() if name.startswith("quick-start")}


def test_there_is_one_for_each_model_and_a_release_has_them() -> None:
    assert {f"owner/{name}" for name in contents()} <= dist.contents().keys()
    assert len(CARDS) == len(forms.variants()) - len(forms.US_MODELS) == 5


@pytest.mark.parametrize("variant", [v for v in forms.variants() if not v.us], ids=lambda v: v.key)
def test_every_command_on_it_is_accepted(variant: forms.Variant) -> None:
    said = " ".join([*card.steps(variant), *(typed for typed, _ in card.commands(variant))])
    commands = [text for text in re.findall("`([^`]+)`", said) if not text.endswith("+")]
    assert len(commands) > 12
    before = ["RENEWINTERVALPW=123abc789"] if "RENEWINTERVAL123abc789" in commands else []
    for command in commands:
        assert accepted(variant, [*before, command]), command


def test_it_names_the_lights_that_a_model_has() -> None:
    cards = {name: data.decode() for name, data in CARDS.items()}
    assert "ALARM enabled" in cards["quick-start-ep.html"]
    assert "ALARM enabled" not in cards["quick-start-gsm707-light.html"]
    assert "on battery" in cards["quick-start-gsm707-light.html"]
    assert "on battery" not in cards["quick-start-gsm706.html"]
