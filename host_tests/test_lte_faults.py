# SPDX-License-Identifier: MIT
"""The faults of an A7670 and a SIM7600, at the steps of every stage of fault_rig.py.

A sample, each fault on one of the two; `make faults` tries all on both, also on the VM.
"""

from __future__ import annotations

import os

import pytest

from host_tests.family_kit import LTE
from host_tests.fault_rig import STAGES, Run
from host_tests.lte_faults import LTE_FAULTS, faults_of
from host_tests.modem_faults import FAULTS

ALL = os.environ.get("FAULTS") == "all"
NAMES = [*LTE_FAULTS, *(name for name in FAULTS if name in faults_of(LTE[0]))]
FIRST_MS = 9000  # within which something goes over the line in every stage


def _check(name: str, family: str, stage: str, at: int, vm: str = "cpython") -> None:
    outcome = Run(STAGES[stage], vm=vm, family=family).disturbed((name, at))
    if outcome.problems:
        pytest.fail(f"{name}, {family}, {stage}, {at}: {outcome.problems}", pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_of_an_lte_modem(name: str) -> None:
    number = NAMES.index(name)
    for place, stage in enumerate(STAGES):
        for family in LTE if ALL else (LTE[number % 2],):
            if ALL or place == number % len(STAGES) or (name in LTE_FAULTS and place < 3):
                _check(name, family, stage, (number * 13 + place) * 700 % FIRST_MS)


@pytest.mark.parametrize("name", NAMES if ALL else list(LTE_FAULTS)[3:4])
def test_on_the_micropython_vm(name: str) -> None:
    number = NAMES.index(name)
    stage = list(STAGES)[number % len(STAGES)]
    _check(name, LTE[number % 2], stage, number * 700 % FIRST_MS, "micropython")
