# SPDX-License-Identifier: MIT
"""What a model lacks takes no memory: it is not even loaded on the board."""

import pytest
from powersocket import models

from host_tests.world_kit import on_line
from tools.bench.runners.cpython import Host
from tools.bench.runners.vm import VmChip
from tools.bench.scenario.hints import MODELS
from tools.bench.world.world import World

FEATURES = "powersocket.features."
# What only some models load.
SOME = {
    "alarm": ("EP", "GSM707", "GSM706"),
    "credit": ("EP", "GSM706", "GSM706-LIGHT"),
    "gsm70x": ("GSM707", "GSM706", "GSM707-LIGHT", "GSM706-LIGHT"),
    "gsm70x_full": ("GSM707", "GSM706"),
    "scheduler": ("EP", "GSM707", "GSM706"),
    "temperature": ("EP", "GSM707", "GSM706"),
}


@pytest.mark.parametrize("model", MODELS)
def test_micropython_loads_the_features_of_its_model_alone(model):
    chips = []

    def factory(host: Host) -> VmChip:
        chips.append(VmChip(host))
        return chips[-1]

    world = on_line(World(vm="micropython", chip_factory=factory, model=model))
    modules = chips[-1].modules()
    world.close()
    loaded = {name.removeprefix(FEATURES) for name in modules if name.startswith(FEATURES)}
    for module, who in SOME.items():
        assert (module in loaded) == (model in who), module
    assert loaded & set(SOME) != loaded  # the rest is every model's


def test_the_tools_know_every_model():
    with pytest.raises(ValueError, match="no model 'X'; there are: " + ", ".join(sorted(MODELS))):
        models.load("X")
