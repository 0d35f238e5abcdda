# SPDX-License-Identifier: MIT
"""Hypothesis against the whole firmware: PDUs, the modem's line, texts, stored records, scenarios.

Many inputs are given to one device, on both VMs; then it must still do what its owner says, must
not have restarted, moved or told a stranger anything. FUZZ=20 tries twenty times as much.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tools.bench.scenario.files import ScenarioError, parse
from tools.bench.world.flash import Flash
from tools.bench.world.world import World

OWNER = "+31600000001"
STRANGER = "+447700900001"
TIMES = int(os.environ.get("FUZZ", "1"))
FRAGMENTS = [
    *(b"\r\n+CMTI: ", b"\r\n+CREG: ", b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\n> ", b"\r\n+CMGL: "),
    *(
        b"+CMS ERROR: ",
        b"+CME ERROR: ",
        b"+CUSD: ",
        b"RING\r\n",
        b'+CLIP: "',
        b"RDY\r\n",
        b'"SM",',
    ),
    *(b"+CMGR: ", b"+CSQ: ", b"*PSUTTZ: ", b"NO CARRIER\r\n", b"BUSY\r\n", b"\r\n", b",", b"\x00"),
]
NOISE = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=40)), min_size=1, max_size=12
).map(b"".join)
WORDS = st.sampled_from(
    [
        "ON",
        "OFF",
        "STATUS",
        "PASSWORD",
        "SECNUMBER",
        "+",
        "-",
        "=",
        "?",
        "ALL",
        "MAKEMEBOSS",
        "SCHEDULER",
        "DATE",
        "RELAYTIME",
        "10C",
        ",",
        " ",
        "\n",
        "*100#",
        "SIMCARD",
        "65000",
        "NO",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(WORDS, min_size=1, max_size=6).map("".join),
    st.text("ON0=?", max_size=31),
)  # fmt: skip
GOOD = bytes.fromhex("000B911346610089F60000208062917314080CC8F71D14969741F977FD07")
PDUS = st.one_of(
    st.binary(min_size=1, max_size=169).map(lambda body: bytes(1) + body),
    st.builds(
        lambda at, value, cut: bytes((0,)) + (GOOD[1:at] + bytes((value,)) + GOOD[at + 1 :])[:cut],
        st.integers(1, len(GOOD) - 1), st.integers(0, 255), st.integers(1, 60),
    ),
)  # fmt: skip
INPUTS = st.lists(
    st.one_of(
        st.tuples(st.just("noise"), NOISE),
        st.tuples(st.just("pdu"), PDUS),
        st.tuples(st.just("text"), TEXTS),
    ),
    min_size=8,
    max_size=25,
)


def many(examples: int) -> Callable:
    """Return Hypothesis settings for inputs that each live in a whole world."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
        # The world goes on from input to input: a shorter one would meet another device.
        phases=(Phase.explicit, Phase.generate),
    )


def owned(vm: str) -> World:
    """Return a world whose device obeys its owner alone."""
    world = World(vm=vm)
    world.power_on()
    assert world.run_until(lambda: world.online, 60_000)
    world.network.deliver(OWNER, "MAKEMEBOSS")
    world.run_for(30_000)
    return world


@pytest.fixture(scope="module", params=["cpython", "micropython"])
def world(request: pytest.FixtureRequest) -> World:
    world = owned(request.param)
    yield world
    world.close()


EXAMPLES = {"CPythonChip": 80, "VmChip": 15}


def test_nothing_of_a_stranger_or_of_noise_moves_anything(world: World) -> None:
    @many(EXAMPLES[type(world.chip._chip).__name__])
    @given(INPUTS)
    def play(inputs: list[tuple[str, bytes | str]]) -> None:
        relay, boots, count = world.relay_on, world.boots, len(world.network.messages)
        for kind, value in inputs:
            if kind == "noise":
                world.line.to_device.inject(value)
            elif kind == "pdu":
                world.network.deliver_pdu(value)
            else:
                world.network.deliver(STRANGER, value)
            world.run_for(700)
        world.run_for(70_000)
        assert world.crashes == 0, world.crash_texts
        assert world.boots == boots and world.relay_on == relay
        strange = [m for m in world.network.messages[count:] if m.to != OWNER]
        assert strange == []
        want = "OFF" if relay else "ON"
        world.network.deliver(OWNER, want)
        assert world.run_until(lambda: world.relay_on != relay, 180_000), "the owner is not obeyed"
        world.run_for(10_000)
        assert f"Power socket {want}" in [m.text for m in world.network.messages[count:]]

    play()


# -- stored records -----------------------------------------------------------------------------

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def slot(content: bytes, sequence: int = 7) -> bytes:
    """Return a record as docs/storage.md has it."""
    crc = zlib.crc32(content, zlib.crc32(b"%d" % sequence))
    return b"PS1 %d %d %d\n%s" % (sequence, len(content), crc, content)


def a_record() -> dict:
    """Return a real one."""
    world = owned("cpython")
    for text in ("ALARMON", "ON600", "SCHEDULER+08:00,*,ON", "TRISEALERT=30C", "PASSWORD=12abc"):
        world.network.deliver(OWNER, text)
        world.run_for(30_000)
    newest = max((world.flash.load(n) or b"" for n in (0, 1)), key=lambda d: int(d.split()[1]))
    world.close()
    return json.loads(newest.split(b"\n", 1)[1])


RECORD = a_record()


def _replaced(value: object, path: list[int], new: object) -> object:
    """Return a copy of a JSON value with the part that `path` leads to replaced."""
    if not path or not isinstance(value, (dict, list)) or not value:
        return new
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _replaced(copy[key], path[1:], new)
    return copy


RECORDS = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: slot(json.dumps(value).encode())),
    st.builds(
        lambda path, new: slot(json.dumps(_replaced(RECORD, path, new)).encode()),
        st.lists(st.integers(0, 20), min_size=1, max_size=4), JSON,
    ),
)  # fmt: skip


def start_with(vm: str, record: bytes) -> None:
    """The device starts with that record, comes on line, and is not in a loop of restarts."""
    flash = Flash()
    flash.commit(0, record)
    world = World(vm=vm, flash=flash)
    try:
        world.power_on()
        assert world.run_until(lambda: world.online, 120_000)
        world.run_for(70_000)
        assert world.crashes == 0, world.crash_texts
        assert world.boots == 1
    finally:
        world.close()


def test_the_record_is_understood_by_this_test() -> None:
    flash = Flash()
    flash.commit(0, slot(json.dumps(RECORD).encode()))
    world = World(flash=flash)
    world.power_on()
    assert world.run_until(lambda: world.leds["power"].pattern == "1/s", 120_000)  # ALARMON
    world.close()


@pytest.mark.parametrize("part", RECORD)
def test_a_part_of_a_wrong_type_takes_its_default(part: str) -> None:
    for value in (None, 5, "x", [], {}, [None], [[1]], {"a": 1}, -1, 2**40, True):
        start_with("cpython", slot(json.dumps({**RECORD, part: value}).encode()))


@many(150)
@given(RECORDS)
def test_any_record_lets_the_device_start(record: bytes) -> None:
    start_with("cpython", record)


@many(12)
@given(RECORDS)
def test_any_record_lets_the_device_start_on_micropython(record: bytes) -> None:
    start_with("micropython", record)


# -- scenario files -----------------------------------------------------------------------------

SCENARIO_WORDS = (
    "+31 > < <~ <~~ ON wait 90s within 5m again @ led power 4/s off model EP clock 2026-01-05",
    "12:00:00 nothing",
    '+01:00 " \\n \\ temperature 9.5 button hold cut flash',
)
LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.lists(
            st.sampled_from(" ".join(SCENARIO_WORDS).split(" ")),
            max_size=7,
        ).map(" ".join),
    ),
    max_size=6,
).map("\n".join)


@many(300)
@given(LINES)
def test_any_scenario_is_read_or_refused_and_reads_back(text: str) -> None:
    try:
        steps = parse(text)
    except ScenarioError:
        return
    again = parse("\n".join(step.render() for step in steps))
    assert again == steps
