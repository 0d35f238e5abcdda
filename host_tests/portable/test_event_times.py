# SPDX-License-Identifier: MIT
"""The time of an event, worked out when it is shown: alerts, the alarm log, RUNTIME."""

from alarm_kit import ACTIVE, RETURNED, House
from device_kit import Kit

EIGHT = 848476800  # 2026-11-20 08:00:00, local seconds since 2000


def test_what_is_sent_has_the_time_of_its_event():
    kit = Kit()
    box = kit.device.outbox
    box.alert("alarm", ["1"], "event", 100)
    box.alert("inf", ["1"], "status")
    box.reply("1", "reply")
    assert [box.text(entry) for entry in box.entries] == ["event", "status", "reply"]
    kit.device.clock.network_time(EIGHT, 4, 160)
    timed = "event\nTime: 26/11/20,07:59:00"
    assert [box.text(entry) for entry in box.entries] == [timed, "status", "reply"]
    kit.commit()
    kit.restart()
    box = kit.device.outbox
    assert [box.text(entry) for entry in box.entries] == [timed, "status", "reply"]


def test_a_time_is_not_lost_with_the_uptime():
    """All power goes: the old uptime means nothing then, nor does the clock of before."""
    for known in (True, False):
        kit = Kit()
        kit.wait(100)
        kit.device.outbox.alert("alarm", ["1"], "event", 40)
        if known:
            kit.device.clock.network_time(EIGHT, 4, 100)
        kit.device.dirty = True
        kit.commit()
        kit.power_cycle()
        kit.device.clock.network_time(EIGHT + 3600, 4, 0)
        kit.power_cycle()
        box = kit.device.outbox
        wanted = "event\nTime: 26/11/20,07:59:00" if known else "event"
        assert [box.text(entry) for entry in box.entries] == [wanted]


def test_every_alert_gets_the_time_that_comes_later():
    """The network gives it six seconds after power has come back, as networks do."""
    for model in ("EP", "GSM707", "GSM706", "GSM707-LIGHT", "GSM706-LIGHT"):
        kit = Kit(model=model)
        kit.say("ALERTNUMBER+31600000001")
        kit.now = 0
        kit._start("power")
        kit.wait(6)
        kit.device.clock.network_time(EIGHT, 4, kit.now)
        assert kit.post() == [("+31600000001", "Power restored!\nTime: 26/11/20,07:59:54")]


def test_calls_that_nobody_took_before_the_clock_was_set():
    house = House("ALERT=CALL")
    house.arm()
    house.contact(True)
    house.contact(False)
    house.ring()
    house.ring()  # 50 s in all
    house.wait(70)
    house.set_clock()
    assert house.alerts() == [ACTIVE + "\nTime: 26/11/20,07:58:00"]
    assert house.say("SHOWALARMLOG") == "26/11/20:07:58"


def test_an_alarm_that_waits_with_the_clock_set_meanwhile():
    house = House("ALERT=SMSCHANGE")
    house.arm()
    house.device.alarm.contact(True, house.now)
    house.commit()
    house.wait(100)
    house.device.alarm.contact(False, house.now)
    house.commit()
    house.wait(20)
    house.set_clock()
    assert house.alerts() == [
        ACTIVE + "\nTime: 26/11/20,07:58:00",
        RETURNED + "\nTime: 26/11/20,07:59:40",
    ]


def test_the_log_shows_times_as_soon_as_there_are_some():
    house = House("ALERT=OFF")
    house.arm()
    house.contact(True)
    house.contact(False, 5)
    house.contact(True, 3600)
    house.contact(False, 5)
    assert house.say("SHOWALARMLOG") == "not set\nnot set"
    house.restart()
    assert house.say("SHOWALARMLOG") == "not set\nnot set"
    house.set_clock()
    shown = "26/11/20:06:59\n26/11/20:07:59"
    assert house.say("SHOWALARMLOG") == shown
    # What has its time keeps it, whatever becomes of clock and power.
    house.power_cycle()
    assert house.say("SHOWALARMLOG") == shown
    house.contact(True)
    house.contact(False, 5)
    assert house.say("SHOWALARMLOG") == shown + "\nnot set"
    house.power_cycle()
    house.set_clock()
    assert house.say("SHOWALARMLOG") == shown + "\nnot set"  # of an uptime that is over


def test_an_entry_that_was_made_with_the_clock_set_stays_as_it_is():
    house = House("ALERT=OFF")
    house.set_clock()
    house.arm()
    house.contact(True)
    house.say_all("DATE=26/11/21,20:00:00+01")
    assert house.say("SHOWALARMLOG") == "26/11/20:08:00"


def test_a_cycle_of_calls_keeps_its_time_through_a_loss_of_power():
    house = House("ALERT=CALL")
    house.set_clock()
    house.arm()
    house.contact(True)
    house.wait(10)
    house.power_cycle(True)
    house.device.clock.network_time(EIGHT + 86400, 4, house.now)
    house.ring()
    house.ring()
    assert house.alerts() == [ACTIVE + "\nTime: 26/11/20,08:00:00"]


def test_runtime_is_worked_out_once_the_clock_is_set():
    for model in ("EP", "GSM707", "GSM706", "GSM707-LIGHT", "GSM706-LIGHT"):
        kit = Kit(model=model)
        kit.wait(40)
        kit.say("ON")
        kit.wait(6)
        assert kit.say("RUNTIME") == "Power socket is ON from: unknown"
        kit.device.clock.network_time(EIGHT, 4, kit.now)
        kit.commit()
        assert kit.say("RUNTIME") == "Power socket is ON from: 26/11/20,07:59:54"
        kit.wait(1000)
        kit.say("ON")  # it is on: that changes nothing
        kit.restart()
        assert kit.say("RUNTIME") == "Power socket is ON from: 26/11/20,07:59:54"
