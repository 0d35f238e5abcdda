# SPDX-License-Identifier: MIT
"""Lives of the device under the judge; and the judge under devices that break rules."""

from __future__ import annotations

import asyncio

import pytest
from powersocket.features.environment_pro import SocketAlarm
from sim800.calls import Calls

from tools.bench.network.operator import Delivered, Network
from tools.bench.scenario import steps as s
from tools.bench.scenario.files import parse, parse_step
from tools.bench.world.board import Board
from tools.proof.soak.life import Verdict, live, ticks_of
from tools.proof.soak.shrink import shrink, write_scenario
from tools.proof.soak.story import OWNERS, write

DAY = 86_400_000
SHORT = """
operator *100# > Your balance is 5.00
wait 2m
+31600000001 > MAKEMEBOSS
wait 1m
+31600000001 > ON
wait 1m
+31600000002 > OFF
wait 5m
+31600000001 > OFF
wait 5m
"""


@pytest.mark.parametrize("seed", (9000, 9003))
def test_a_life_keeps_the_rules(seed):
    verdict = live(write(seed, 1.0), ticks_of(seed))
    assert verdict.failure == ""


def test_a_life_is_made_of_its_seed_alone():
    assert write(7, 2.0) == write(7, 2.0) != write(8, 2.0)


def test_every_step_of_a_life_can_be_written_down():
    for step in write(11, 3.0):
        assert parse_step(step.render()) == step


def test_the_short_life_is_right():
    verdict = live(parse(SHORT))
    assert verdict.failure == "" and verdict.counts["commands"] == 3
    assert verdict.counts["ignored"] == 1 and verdict.counts["messages"] == 3


def _doctored(monkeypatch, owner, name, change):
    old = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda self, *args: change(old, self, *args))


def test_a_lost_reply_is_found(monkeypatch):
    def lose(old, self, submit):
        if submit.text != "Power socket ON":
            old(self, submit)

    _doctored(monkeypatch, Network, "_reach_phone", lose)
    assert live(parse(SHORT)).failure.startswith("owed and not sent to +31600000001")


def test_a_reply_that_comes_twice_is_found(monkeypatch):
    def twice(old, self, submit):
        old(self, submit)
        if submit.text == "Power socket OFF":
            old(self, submit)

    _doctored(monkeypatch, Network, "_reach_phone", twice)
    assert "a message that nothing calls for" in live(parse(SHORT)).failure


def test_an_answer_to_a_stranger_is_found(monkeypatch):
    def answer(old, self, sender, text, *more):
        if sender == OWNERS[1]:
            self.kernel.after(5_000, lambda: self.messages.append(_message(self, sender)))
        return old(self, sender, text, *more)

    def _message(network, to):
        return Delivered(network.kernel.now, to, "Access deny!")

    _doctored(monkeypatch, Network, "deliver", answer)
    assert "a message that nothing calls for, to +31600000002" in live(parse(SHORT)).failure


def test_a_relay_that_does_not_move_is_found(monkeypatch):
    _doctored(monkeypatch, Board, "_out_relay", lambda old, self, arg: None)
    assert live(parse(SHORT)).failure == "the socket is off and must not be"


def test_a_relay_that_moves_by_itself_is_found(monkeypatch):
    def click(old, self, arg):
        old(self, arg)
        self.kernel.after(200_000, lambda: self._set_pin("relay", not self.relay_on))
        self.kernel.after(201_000, lambda: self._set_pin("relay", not self.relay_on))

    _doctored(monkeypatch, Board, "_out_relay", click)
    assert live(parse(SHORT)).failure == "the socket moved and nothing had asked for it"


def test_a_wrong_led_is_found(monkeypatch):
    def swap(old, self, arg):
        old(self, arg.replace("gsm 1/3s", "gsm 1/s"))

    _doctored(monkeypatch, Board, "_out_led", swap)
    assert live(parse(SHORT)).failure.startswith("the gsm LED shows 1/s")


RULE = """
clock 2026-05-29 05:00:{:02} +00:00
wait 2m
+31600000001 > ALERTME
wait 1m
+31600000001 > SWITCHOFFALERT=ON
wait 1m
+31600000001 > THERMOSTATON
wait 1m
+31600000001 > SCHEDULER+05:08,*,ON
wait 5m
"""


@pytest.mark.parametrize("second", (30, 58, 59))
def test_a_rule_and_a_reading_in_one_moment_may_act_in_either_order(second):
    # With 59 the reading is in the rule's first second.
    assert live(parse(RULE.format(second))).failure == ""


ORDER = """
wait 2m
+31600000001 > ALERTME
wait 1m
+31600000001 > SWITCHOFFALERT=ON
wait 1m
+31600000001 > THERMOSTATON
wait 60.{:03}s
+31600000001 > ON30
wait 5m
"""


@pytest.mark.parametrize("ms", (400, 425, 450))
def test_an_order_just_before_a_reading_is_undone_by_it_and_that_is_reported(ms):
    verdict = live(parse(ORDER.format(ms)))
    assert verdict.failure == ""
    told = [text for _, text in verdict.messages if text.startswith("Switch-off temperature")]
    assert len(told) == 1


SIREN = """
temperature 20
wait 2m
+31600000001 > ALERTME
wait 1m
+31600000001 > RELAYTIME={}
wait 1m
+31600000001 > THERMOSTATON
wait 1m
+31600000001 > ALARMON
wait 1m
contact closed
wait 150s
contact open
wait 5m
"""


@pytest.mark.parametrize("relaytime", ("ON", "ON600"))
def test_the_thermostat_leaves_the_relay_to_an_alarm(relaytime, monkeypatch):
    verdict = live(parse(SIREN.format(relaytime)))
    assert verdict.failure == "" and verdict.counts["moves"] == verdict.busiest <= 2
    _doctored(monkeypatch, SocketAlarm, "holds", lambda old, self: False)
    assert "must not be" in live(parse(SIREN.format(relaytime))).failure


MISTAKES = (
    """
wait 2m
"""
    + "+31600000001 > ON0\nwait 10s\n" * 6
)


def test_the_last_error_for_a_while_says_so():
    assert live(parse(MISTAKES)).failure == ""


def test_an_alarm_that_calls_late_is_found(monkeypatch):
    steps = parse(HUNG.replace("modem hangs\nwait 1s\n", "wait 4m\n"))
    assert live(steps).failure == ""
    place = Calls.dial

    async def slow(self, *args):
        await asyncio.sleep(12)
        return await place(self, *args)

    monkeypatch.setattr(Calls, "dial", slow)
    assert live(steps).failure == "an alarm, and nobody is called within ten seconds"


UNSET = """
clock none
wait 3m
+31600000001 > ALERTME
wait 1m
+31600000001 > ALARMON
wait 1m
contact closed
wait 150s
+31600000001 > ALARMOFF
wait 5s
+31600000001 > ALARMON
wait 1h
"""


def test_an_alarm_soon_after_uncertain_ones_is_known_without_a_clock():
    assert live(parse(UNSET)).failure == ""


AWAY = """
wait 3m
+31600000001 > ALERTME
wait 1m
+31600000001 > ALERT=SMSCHANGE
wait 1m
+31600000001 > ALARMON
wait 1m
contact closed
wait 1m
power off
wait 1m
contact open
wait 1m
power on
wait 5m
"""


def test_a_return_of_the_sensor_without_power_is_reported_when_power_is_back():
    verdict = live(parse(AWAY))
    assert verdict.failure == ""
    assert "ALARM! Sensor is not active" in verdict.messages[-1][1]


LATE = """
wait 3m
+31600000001 > ALERTME
wait 1m
+31600000001 > ALARMON
wait 1m
sim pin
wait 10s
contact closed
wait 90s
contact open
wait 4m
sim back
wait 10m
"""


def test_alarms_that_waited_for_the_network_are_known():
    verdict = live(parse(LATE))
    assert verdict.failure == ""
    assert sum(text.startswith("ALARM!") for _, text in verdict.messages) == 2


HUNG = """
wait 3m
+31600000001 > MAKEMEBOSS
wait 1m
+31600000001 > ALERT=CALL
wait 1m
+31600000001 > ALARMON
wait 1m
modem hangs
wait 1s
contact closed
wait 10s
contact open
wait 10m
"""


def test_a_cycle_whose_calls_a_hung_modem_does_not_begin_ends_with_messages():
    verdict = live(parse(HUNG))
    assert verdict.failure == ""
    assert verdict.messages[-1][1].startswith("ALARM!")


CUT = """
wait 2m
+31600000001 > ALERTME
wait 1m
+31600000001 > RELAYTIME=OFF30
wait 1m
+31600000001 > ALARMON
wait 1m
contact closed
wait 3.05s
power off
wait {}s
power on
wait {}s
contact open
wait 3h
"""


@pytest.mark.parametrize("away", (2, 60))
def test_an_alarm_sent_again_after_a_power_cut_is_not_the_new_one(away):
    verdict = live(parse(CUT.format(away, 90)))
    assert verdict.failure == ""
    old, again, _power, new = [text for _, text in verdict.messages][3:7]
    assert old == again and "\nTime: " in old
    # The clock is set when it leaves: it has the time of its own event.
    assert new.startswith("ALARM! Sensor is active\nTime: ") and new > old


def test_the_alarm_of_a_start_that_is_lost_is_found(monkeypatch):
    first = []

    def lose(old, self, submit):
        alarm = submit.text.startswith("ALARM!")
        if alarm and not first:
            first.append(submit.text)
        if not alarm or submit.text in first:
            old(self, submit)

    _doctored(monkeypatch, Network, "_reach_phone", lose)
    failure = live(parse(CUT.format(60, 30))).failure
    assert failure.startswith("owed and not sent to +31600000001") and "ALARM!" in failure


AHEAD = """
clock 2026-05-29 05:00:07 +00:00
network lost
wait 60.9s
network back
wait 5m
+31600000001 > ALERTME
wait 1m
+31600000001 > ALERT=CALL
wait 1m
+31600000001 > SCHEDULER+05:12,*,AON
wait 1m
contact closed
wait 10m
"""


def test_a_rule_may_call_somebody_before_its_minute_has_begun_at_the_network():
    verdict = live(parse(AHEAD))
    assert verdict.failure == "" == verdict.doubt


SOON_REJECTED = """
+31600000001 will reject
network lost
wait 60.9s
network back
wait 4m
+31600000001 > ALERTME
wait 1m
+31600000001 > ALERT=CALL
wait 1m
+31600000001 > SMSCONFIRM=OFF
wait 1m
contact closed
wait 1m
+31600000001 > ALARMON
wait 90s
contact open
wait 10m
"""


def test_the_pause_after_a_short_cycle_of_calls_begins_at_its_end():
    assert live(parse(SOON_REJECTED)).failure == ""


CALLS = """
+31600000001 will not answer
wait 2m
+31600000001 > MAKEMEBOSS
wait 1m
+31600000001 > ALERT=CALL
wait 1m
+31600000001 > ALARMON
wait 1m
contact closed
wait 176s
+31600000001 > ALERT=OFF
wait 3h
+31600000001 > STATUS
wait 2h
"""


def test_a_cycle_of_calls_keeps_what_it_began_with_when_alert_changes():
    verdict = live(parse(CALLS))
    assert verdict.failure == ""
    alarms = [text for _, text in verdict.messages if text.startswith("ALARM!")]
    assert len(alarms) == 3  # the third one's call was under way


def test_an_alarm_that_alert_off_forbids_is_found(monkeypatch):
    def tell(old, self, sender, text, *more):
        if text == "STATUS":
            told = Delivered(self.kernel.now, sender, "ALARM! Sensor is active")
            self.kernel.after(60_000, lambda: self.messages.append(told))
        return old(self, sender, text, *more)

    _doctored(monkeypatch, Network, "deliver", tell)
    assert "a message that nothing calls for" in live(parse(CALLS)).failure


def test_a_failing_life_is_made_short_and_can_be_played(monkeypatch, tmp_path):
    _doctored(monkeypatch, Board, "_out_relay", lambda old, self, arg: None)
    steps, verdict = shrink(parse(SHORT), tries=40)
    doing = [step for step in steps if not isinstance(step, s.WaitFor)]
    assert len(doing) <= 2 and any("ON" in step.render() for step in doing)
    path = tmp_path / "found.scn"
    write_scenario(path, steps, verdict, 1, 0)
    text = path.read_text()
    assert parse(text) and text.endswith("\nsocket on\n")


@pytest.mark.parametrize(
    ("failure", "last"),
    (
        ("the gsm LED shows 1/s, not 1/3s", "led gsm 1/3s"),
        ("a message that nothing calls for, to +31: 'A\\nB'", "+31 < nothing"),
        (
            "owed and not sent to +31 since 9 s: 'Power\\\\ socket\\\\ ON'",
            "+31 < Power socket ON",
        ),
        ("owed and not sent to +31 since 9 s: 'Power failed!'", r"+31 <~ Power failed!\nTime: *"),
        ("the firmware crashed: x", r"+31 < A\nB"),
    ),
)
def test_a_found_scenario_ends_with_what_should_have_been(failure, last, tmp_path):
    path = tmp_path / "found.scn"
    write_scenario(path, [], Verdict(failure, messages=[("+31", "A\nB")]), 1, 0)
    assert path.read_text().split("\n")[-2] == last
    assert parse(path.read_text())
