# SPDX-License-Identifier: MIT
"""Guessing, searched by hypothesis: it slows nobody else, and a day has so many guesses."""

from __future__ import annotations

import sys
from bisect import bisect_left
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "portable"))

from device_kit import OWNER, Kit
from powersocket.interpreter import ALPHA, HIDDEN, NUMBER, Message
from test_powersocket_properties import SECRET, senders, texts

DAY = 86400  # s
USERS = [OWNER] + [f"+3160000010{i}" for i in range(3)]
LISTED = "+31600000200"
ALERTED = "+31600000300"
TRUSTED = [number[1:] for number in (*USERS, LISTED, ALERTED)]

strangers = senders.filter(lambda s: Message(*s, "", 0).number not in TRUSTED)
wrong = st.one_of(
    texts,
    st.sampled_from(
        ["00000ON", SECRET[:4] + "0ON", SECRET.upper() + "OFF", "x" * 35, "PASSWORD=NO"]
    ),
).filter(lambda text: SECRET not in text)
bursts = st.lists(
    st.tuples(
        strangers, wrong, st.sampled_from([1, 2, 9, 20]), st.sampled_from([0, 1, 59, 899, 4000])
    ),
    max_size=8,
)


def locked() -> Kit:
    """Return a device whose password four people use; two more numbers are on its lists."""
    kit = Kit()
    kit.say_all("SECNUMBER" + LISTED, "ALERTNUMBER" + ALERTED, "PASSWORD=" + SECRET)
    for user in USERS:
        assert kit.say(SECRET + "OFF", user) == "Power socket OFF"
    return kit


@pytest.mark.parametrize("user", [*USERS, LISTED, ALERTED])
@settings(max_examples=40)
@given(bursts)
def test_strangers_slow_no_trusted_number(user: str, attack) -> None:
    kit = locked()
    for (sender, kind), text, count, gap in attack:
        for _ in range(count):
            kit.send(text, sender, kind)
        assert not kit.on
        kit.wait(gap)
    assert kit.say(SECRET + "ON", user) == "Power socket ON"


@given(bursts, st.lists(st.sampled_from([*USERS, LISTED]), max_size=30))
def test_nor_do_the_slips_of_others(attack, slips) -> None:
    kit = locked()
    for (sender, kind), text, count, _ in attack:
        for _ in range(count):
            kit.send(text, sender, kind)
    for user in slips:
        kit.say("12345ON", user)
    assert kit.say(SECRET + "ON", ALERTED) == "Power socket ON"


numbers = st.sampled_from([(f"+4477000{i:02}", NUMBER) for i in range(30)] + [("0123", NUMBER)])
nameless = st.sampled_from(
    [("", HIDDEN), ("Shop", ALPHA), ("Bank", ALPHA), ("31600000001", ALPHA)]
)
waits = st.lists(st.integers(0, 5000), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("who", "most"),
    [(numbers, 8 + 96), (nameless, 8 + 96), (st.just((OWNER, NUMBER)), 8 + 1440)],
    ids=["strangers", "nameless", "trusted"],
)
@settings(max_examples=15)
@given(st.data())
def test_a_day_has_so_many_guesses(who, most: int, data) -> None:
    """In any 24 hours, however they are spread; asked of what the interpreter asks."""
    kit = locked()
    senders = data.draw(st.lists(who, min_size=1, max_size=5))
    gaps = data.draw(waits)
    security = kit.device.security
    seen: list[int] = []
    i = 0
    while kit.now < 2 * DAY and i < 3000:
        message = Message(*senders[i % len(senders)], "00000ON", 0)
        if not security.is_spent(message, kit.now):
            seen.append(kit.now)
            assert security.unlock(message, message.text, kit.now) is None
        kit.now += gaps[i % len(gaps)]
        i += 1
    for first, begin in enumerate(seen):
        assert bisect_left(seen, begin + DAY) - first <= most
