# SPDX-License-Identifier: MIT
"""ALERT=CALL: who is rung, in which order, and what becomes of it in mid-cycle."""

from alarm_kit import ACTIVE, House
from device_kit import FRIEND, OWNER

SMOKE = True

FIRST, SECOND = OWNER + " 20", FRIEND + " 20"


def called(*texts):
    """Return a house whose alarm has just been set off."""
    house = House("ALERT=CALL", *texts)
    house.arm()
    assert house.contact(True) == []
    assert house.calls() == [(FIRST, False)]
    return house


def test_answered_ends_it():
    house = called()
    assert house.ring("answered") == FIRST
    assert house.calls() == [] and house.post() == []
    assert house.say("SHOWALARMLOG") == "not set"


def test_nobody_answers():
    for result in ("rejected", "busy", "unanswered", "unreachable", "failed"):
        house = called()
        assert house.ring(result) == FIRST
        assert house.post() == []
        assert house.ring(result) == SECOND
        assert house.calls() == []
        assert house.post() == [(OWNER, ACTIVE), (FRIEND, ACTIVE)]


def test_without_voice_the_messages_leave_at_once():
    house = called()
    assert house.ring("no voice") == FIRST
    assert house.calls() == []
    assert house.post() == [(OWNER, ACTIVE), (FRIEND, ACTIVE)]
    # With CALLSMS they have left already.
    house = House("ALERT=CALL", "CALLSMS=ON")
    house.arm()
    assert house.contact(True) == [ACTIVE]
    house.ring("no voice")
    assert house.calls() == [] and house.post() == []


def test_the_second_answers():
    house = called()
    house.ring()
    house.ring("answered")
    assert house.calls() == [] and house.post() == []


def test_the_pause_begins_when_the_cycle_is_over():
    house = called("RELAYTIME=ON5")
    house.set_clock()
    house.contact(False, 5)
    house.contact(True, 100)
    assert not house.on and house.calls() == [(FIRST, False)]  # nothing new is detected
    house.contact(False)
    house.ring()
    house.contact(True)
    house.ring()
    assert house.alerts() == [ACTIVE + "\nTime: 26/11/20,08:00:00"]
    assert house.alerts_after(59) == [] and house.calls() == []
    house.wait(2)
    assert house.calls() == [(FIRST, False)] and house.on  # active still: again
    assert len(house.say("SHOWALARMLOG").split("\n")) == 2


def test_the_time_is_that_of_the_event():
    house = House("ALERT=CALL")
    house.set_clock()
    house.arm()
    house.contact(True)
    house.ring()
    house.ring()
    assert house.alerts() == [ACTIVE + "\nTime: 26/11/20,08:00:00"]


def test_it_keeps_the_numbers_it_began_with():
    house = called()
    house.say_all("ALERTNUMBER-ALL", "ALERTNUMBER+31600000007")
    assert house.ring() == FIRST
    house.say_all("ALERT=OFF", "SENSORTYPE=NC")
    assert house.ring() == SECOND
    assert house.post() == [(OWNER, ACTIVE), (FRIEND, ACTIVE)]
    house.wait(1000)
    assert house.calls() == [] and house.post() == []


def test_ten_numbers_that_never_answer():
    numbers = ["+3160000001%d" % i for i in range(10)]
    house = House("ALERT=CALL", numbers=numbers)
    house.arm()
    house.contact(True)
    house.contact(False)
    for number in numbers:
        assert house.ring() == number + " 20"
    assert house.calls() == []
    assert house.post() == [(number, ACTIVE) for number in numbers]
    house.wait(86400)
    assert house.calls() == [] and house.post() == []


def test_alarm_off_ends_the_call():
    for begun in (False, True):
        house = called("RELAYTIME=ON60")
        if begun:
            house.begin()
        house.disarm()
        assert house.calls() == [] and not house.on
        house.wait(600)
        assert house.post() == [] and house.calls() == []
        # A report that comes too late begins nothing.
        house.device.errands.done(["call", FIRST, "alarm", True], "unanswered", house.now)
        assert house.calls() == [] and house.post() == []
        # A new alarm is a new cycle.
        house.contact(False)
        house.arm()
        house.contact(True)
        assert house.calls() == [(FIRST, False)]


def test_a_restart_in_mid_call():
    house = called()
    assert house.restart(True) == []
    assert house.calls() == [(FIRST, False)]  # it had not begun
    house.begin()
    assert house.restart(True) == []
    assert house.calls() == [(SECOND, False)]  # it had: never twice
    house.begin()
    assert house.restart(True) == [ACTIVE]
    assert house.calls() == []
    assert house.alerts_after(59) == [] and house.calls() == []
    house.wait(3)
    assert house.calls() == [(FIRST, False)]


def test_a_power_cut_in_mid_call():
    house = called()
    house.begin()
    assert house.power_cycle(True) == []
    assert house.calls() == [(SECOND, False)]
    house.begin()
    assert house.power_cycle(True) == [ACTIVE]  # as nobody has answered
    assert house.calls() == []  # and then the pause
    house.wait(58)
    assert house.calls() == []
    house.wait(3)
    assert house.calls() == [(FIRST, False)]


def test_without_a_network_the_messages_wait_instead():
    house = called()
    house.wait(1199)
    assert house.calls() == [(FIRST, False)] and house.post() == []
    house.wait(1)
    assert house.calls() == []
    assert house.post() == [(OWNER, ACTIVE), (FRIEND, ACTIVE)]
    house.wait(61)
    assert house.calls() == [(FIRST, False)]  # detection is ready again
    # A call that has begun has an end of its own.
    house.begin()
    house.wait(5000)
    assert house.calls() == [(FIRST, True)]
    # Each call may wait as long.
    house = called()
    house.wait(1100)
    house.ring()
    house.wait(1199)
    assert house.calls() == [(SECOND, False)]
    # After a loss of power the time begins at 0 again, as the uptime does.
    house = House("ALERT=CALL")
    house.wait(5000)
    house.arm()
    house.contact(True)
    house.wait(1000)
    house.power_cycle(True)
    house.wait(1199)
    assert house.calls() == [(FIRST, False)]
    house.wait(2)
    assert house.calls() == []


def test_it_goes_before_what_waits():
    house = House("ALERT=CALL")
    for _ in range(6):
        house.say("SIMCARD*100#")
    house.begin()
    house.arm()
    house.contact(True)
    kinds = [errand[0] for errand in house.device.errands.entries]
    assert kinds == ["ussd", "call"] + ["ussd"] * 5


def test_calls_of_others_are_not_its():
    house = called()
    house.device.errands.done(["call", FIRST, "ringconfirm", True], "answered", house.now)
    house.device.errands.cancel("call", "ringconfirm")
    assert house.ring() == FIRST and house.ring() == SECOND


def test_a_cycle_that_lost_its_errand_goes_on():
    cycle = [["31600000001", "31600000002"], 1, ACTIVE, 0]
    house = House(record={"alarm": {"on": True, "cycle": cycle}})
    assert house.ring() == SECOND


def test_a_call_of_an_alarm_waits_twenty_minutes_for_the_network():
    house = House("ALERT=CALL")
    house.arm()
    house.contact(True)
    begin = house.now
    assert house.device.next_deadline() == begin + 1200
    house.wait(1199)
    assert house.calls() and house.alerts() == []
    house.wait(1)
    assert house.calls() == [] and house.alerts() == ["ALARM! Sensor is active"]


def test_a_number_in_local_form_is_called_and_sent_to_as_it_is():
    local = "0600000001"
    house = House("ALERT=CALL", numbers=(local, FRIEND, "0" + local[1:] + "2"))
    assert house.say("ALERTNUMBER?") == "ALERTNUMBERs: 0600000001, 31600000002, 06000000012"
    house.arm()
    house.contact(True)
    house.contact(False)
    assert [house.ring() for _ in range(3)] == [local + " 20", SECOND, "06000000012 20"]
    assert house.post() == [(local, ACTIVE), (FRIEND, ACTIVE), ("06000000012", ACTIVE)]
    # Who becomes the boss with a number in that form can be reached, too.
    house = House(numbers=())
    house.say("MAKEMEBOSS", local)
    house.device.alert("power", "Power failed!", house.now)
    assert house.post() == [(local, "Power failed!")]
    # Two zeros are dropped: that is the international form.
    house = House(numbers=("0031600000001",))
    assert house.say("ALERTNUMBER?") == "ALERTNUMBERs: 31600000001"
    house.device.alert("power", "Power failed!", house.now)
    assert house.post() == [(OWNER, "Power failed!")]
