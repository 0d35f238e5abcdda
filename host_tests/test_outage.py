# SPDX-License-Identifier: MIT
"""A day without a network, with everything happening: what is owed afterwards, and its bounds.

A stuck contact, mains that come and go, temperatures, a sensor that fails, a thermostat that
switches, scheduler rules, and ten alert numbers (spec chapters 5a and 9.7).
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from host_tests.world_kit import OWNER, ask
from tools.bench.world.world import World

pytestmark = pytest.mark.xdist_group("the outage")

TEN = [f"+3160000{i:07}" for i in range(100_000, 100_010)]
ALARM, RETURNED = "ALARM! Sensor is active", "ALARM! Sensor is not active"
RISE = "Temperature rise alert! TEMP: 36C(97F)"
FALL = "Temperature fall alert! TEMP: 4C(39F)"
FAILED = "Temperature sensor failed!"
REACHED = "Switch-off temperature reached! TEMP: 30C(86F)\nPower socket OFF"
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
MOST_ENTRIES = 24
MOST_BYTES = 12_000


class Outage(World):
    """A world whose device has ten alert numbers.

    Attributes: `written`, bytes of the longest record; `owed`, the most entries of an outbox.
    """

    def __init__(self, *orders: str) -> None:
        super().__init__()
        self.written = self.owed = 0
        self.power_on()
        self.come_on_line()
        self.say("MAKEMEBOSS")
        self.say("ALERTNUMBER-ALL")
        for number in TEN:
            self.say("ALERTNUMBER" + number)
        for order in ("SMSLIMIT=OFF", *orders):
            self.say(order)

    def call(self, name: str, arg: str) -> str:
        result = super().call(name, arg)
        if name == "flash.commit":
            body = self.flash.load(int(arg.split()[0])).partition(b"\n")[2]
            self.written = max(self.written, len(body))
            self.owed = max(self.owed, len(json.loads(body)["outbox"]))
        return result

    def come_on_line(self) -> None:
        assert self.run_until(lambda: self.online, 10 * MINUTE)
        self.run_for(2 * SECOND)

    def say(self, text: str) -> None:
        reply = ask(self, text)
        assert " - OK" in reply or "assigned" in reply, (text, reply)

    def time(self) -> datetime:
        """Return the local time to the second."""
        return self.network.local_time().replace(microsecond=0, tzinfo=None)

    def hear(self) -> dict[str, list[str]]:
        """The network is back: return what each number was sent, in order."""
        seen = len(self.network.messages)
        self.network.restore()
        self.come_on_line()
        self.run_for(HOUR)
        told = defaultdict(list)
        for message in self.network.messages[seen:]:
            told[message.to].append(message.text)
        return told


def split(text: str) -> tuple[str, datetime | None]:
    """Return the text of an alert and the time in its last line."""
    what, _, when = text.rpartition("\nTime: ")
    if not what or what.startswith("Power socket "):  # STATUS has that line, too
        return text, None
    return what, datetime.strptime(when, "%y/%m/%d,%H:%M:%S")


def near(a: datetime | None, b: datetime, seconds: int = 2) -> bool:
    return a is not None and abs(a - b) <= timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def outage():
    """Live through the day once; return (events, the messages to each number, the world)."""
    rules = [f"SCHEDULER+{hour:02}:07,*,INF" for hour in range(8)]
    world = Outage(
        "TRISEALERT=35C",
        "TFALLALERT=5C",
        "TSENSFAILALERT=ON",
        "SWITCHOFFALERT=ON",
        "SWITCHOFFTEMP=30C",
        *rules,
    )
    world.network.deliver(OWNER, "THERMOSTATON")
    world.run_for(30 * SECOND)
    world.network.deliver(OWNER, "ALARMON")
    world.run_for(30 * SECOND)
    events: list[tuple[str, datetime]] = []
    world.network.lose()
    world.run_for(MINUTE)

    def note(what: str) -> None:
        events.append((what, world.time()))

    note(ALARM)
    world.contact.set(True)  # and so it stays
    for hour in range(24):
        world.run_for(10 * MINUTE)
        note("Power failed!")
        world.mains.set(False)
        world.run_for(5 * MINUTE)
        note("Power restored!")
        world.mains.set(True)
        if hour == 6:
            note(RISE)
            world.thermometer.celsius = 36
        elif hour == 12:
            note(FALL)
            world.thermometer.celsius = 4
        elif hour == 15:
            note(FAILED)
            world.thermometer.fail("missing")
        elif hour in (1, 3, 5, 9, 11, 13):
            note(REACHED)
            world.thermometer.celsius = 30
        else:
            world.thermometer.celsius = 20
        world.run_for(45 * MINUTE)
    world.contact.set(False)
    yield events, world.hear(), world
    world.close()


def test_all_ten_numbers_hear_the_same(outage) -> None:
    _, told, _ = outage
    assert sorted(told) == TEN
    assert all(told[number] == told[TEN[0]] for number in TEN)


def test_alerts_sent_once_arrive_in_order_with_their_own_times(outage) -> None:
    events, told, _ = outage
    heard = [split(text) for text in told[TEN[0]]]
    times = [when for _, when in heard if when is not None]
    assert times == sorted(times)
    once = [(what, when) for what, when in events if what in (RISE, FALL, FAILED)]
    found = [(what, when) for what, when in heard if what in (RISE, FALL, FAILED)]
    assert [what for what, _ in found] == [what for what, _ in once] == [RISE, FALL, FAILED]
    for (what, when), (_, event) in zip(found, once, strict=True):
        # One reading a minute, three of them until a sensor has failed.
        assert timedelta(0) <= when - event <= timedelta(minutes=3, seconds=5), (what, when)


def test_of_what_repeats_the_first_and_the_last_arrive(outage) -> None:
    events, told, _ = outage
    heard = [split(text) for text in told[TEN[0]]]
    alarms = [when for what, when in heard if what == ALARM]
    assert near(alarms[0], events[0][1])
    assert len(alarms) >= 2 and alarms[-1] > events[-1][1]
    mains = [
        (what, when) for what, when in heard if what.startswith("Power ") and "\n" not in what
    ]
    wanted = [
        (what, when) for what, when in events if what.startswith("Power ") and "\n" not in what
    ]
    assert mains[0][0] == "Power failed!" and near(mains[0][1], wanted[0][1], 4)
    assert mains[-1][0] == "Power restored!" and near(mains[-1][1], wanted[-1][1], 4)
    reached = [when for what, when in heard if what == REACHED]
    wanted_times = [when for what, when in events if what == REACHED]
    assert len(reached) >= 2
    for got, event in ((reached[0], wanted_times[0]), (reached[-1], wanted_times[-1])):
        assert timedelta(0) <= got - event <= timedelta(seconds=65)


def test_of_each_rule_the_last_arrives(outage) -> None:
    _, told, _ = outage
    status = [text for text in told[TEN[0]] if text.startswith("Power socket ")]
    hours = [text.rpartition(",")[2][:5] for text in status]
    assert hours == [f"{hour:02}:07" for hour in range(8)], status


def test_the_outbox_stays_bounded(outage) -> None:
    """The bounds that docs/storage.md gives."""
    _, told, world = outage
    assert len(told[TEN[0]]) <= MOST_ENTRIES
    assert world.owed == MOST_ENTRIES
    assert world.boots == 1 and not world.crashes
    assert 5000 < world.written < MOST_BYTES, world.written
