"""What a model lacks takes no memory: it is not even loaded on the board."""

import pytest
from powersocket import models

from tools.bench.cpython import Host
from tools.bench.hints import MODELS
from tools.bench.vm import VmChip
from tools.bench.world import World

FEATURES = "powersocket.features."
ONLY = {
    "EP": {"relay_alarm", "short_cuts", "power_failure"},
    "GSM707": {"micro_relay", "microphone", "micro_alarm", "own_degrees", "talking_notifier"},
    "GSM706": {"micro_relay", "microphone", "micro_alarm", "own_degrees", "saldo", "power_back"},
    "GSM707-LIGHT": set(),
    "GSM706-LIGHT": {"saldo", "power_back"},
}
NOT_LIGHT = {"scheduler", "thermostat", "thermometer", "sensor_alarm", "alarm_cycle", "date"}


@pytest.mark.parametrize("model", MODELS)
def test_micropython_loads_the_features_of_its_model_alone(model):
    chips = []

    def factory(host: Host) -> VmChip:
        chips.append(VmChip(host))
        return chips[-1]

    world = World(vm="micropython", chip_factory=factory, model=model)
    world.power_on()
    assert world.run_until(lambda: world.online, 60_000)
    modules = chips[-1].modules()
    world.close()
    loaded = {name.removeprefix(FEATURES) for name in modules if name.startswith(FEATURES)}
    assert ONLY[model] <= loaded
    others = set().union(*ONLY.values()) - ONLY[model]
    assert not loaded & others
    if model.endswith("LIGHT"):
        assert not loaded & NOT_LIGHT


def test_the_tools_know_every_model():
    with pytest.raises(ValueError, match="no model 'X'; there are: " + ", ".join(sorted(MODELS))):
        models.load("X")
