# SPDX-License-Identifier: MIT
"""ALERT=SMSCHANGE: every change of the sensor is reported, and the relay follows it."""

from alarm_kit import ACTIVE, RETURNED, House

SMOKE = True


def test_smschange_reports_every_change():
    house = House("ALERT=SMSCHANGE")
    house.arm()
    assert house.contact(True) == [ACTIVE]
    assert house.alerts_after(86400) == []
    assert house.contact(False) == [RETURNED]
    assert house.alerts_after(86400) == []
    assert house.contact(True) == [ACTIVE]
    assert house.say("SHOWALARMLOG") == "not set\nnot set"


def test_smschange_in_the_pause():
    house = House("ALERT=SMSCHANGE", "RELAYTIME=ON")
    house.set_clock()
    house.arm()
    assert house.contact(True) == [ACTIVE + "\nTime: 26/11/20,08:00:00"]
    # There and back: nothing to tell, but the socket followed.
    assert house.contact(False, 10) == [] and not house.on
    assert house.contact(True, 10) == [] and house.on
    assert house.alerts_after(100) == []
    assert house.contact(False) == [RETURNED + "\nTime: 26/11/20,08:02:00"]
    # A change that lasts is reported when the pause ends, with the time of the change.
    assert house.contact(True, 10) == [] and house.on
    assert house.contact(True, 10) == []  # reported again, but no change
    assert house.alerts_after(39) == []
    assert house.alerts_after(2) == [ACTIVE + "\nTime: 26/11/20,08:02:10"]
    # .. and starts a pause itself.
    assert house.contact(False, 10) == [] and not house.on
    assert house.alerts_after(48) == []
    assert house.alerts_after(3) == [RETURNED + "\nTime: 26/11/20,08:03:11"]
    assert house.say("SHOWALARMLOG") == "26/11/20:08:00\n26/11/20:08:02"


def test_smschange_return_of_the_relay():
    for value, back in (("ON", False), ("ON600", False), ("OFF", True), ("OFF600", True)):
        for between in (None, "ON", "OFF", "ON700", "RESTART"):
            house = House("ALERT=SMSCHANGE", "RELAYTIME=" + value)
            house.arm()
            house.contact(True)
            assert house.on != back
            house.wait(100)
            if between:
                house.say(between)
            house.contact(False)
            assert house.on == back, (value, between)
            house.wait(2000)
            assert house.on == back  # no timer is left
    house = House("ALERT=SMSCHANGE", "RELAYTIME=ON120")
    house.arm()
    house.contact(True)
    house.wait(122)
    assert not house.on
    house.say("ON")
    house.contact(False)
    assert not house.on


def test_other_alerts_have_no_return():
    for alert in ("SMS", "OFF"):
        house = House("ALERT=" + alert, "RELAYTIME=ON")
        house.arm()
        house.contact(True)
        assert house.contact(False, 5) == []
        assert house.on
        assert house.alerts_after(600) == [] and house.on


def test_smschange_over_a_restart():
    house = House("ALERT=SMSCHANGE", "RELAYTIME=ON")
    house.arm()
    house.contact(True)
    house.wait(500)
    house.say("OFF")
    assert house.restart(True) == [] and not house.on  # nothing has changed
    house.say("ON")
    assert house.restart(False) == [RETURNED] and not house.on
    # A change that the pause held back, and one that the restart hid.
    assert house.contact(True, 10) == [] and house.on
    assert house.restart(True) == [] and house.on
    assert house.restart(False) == [] and not house.on
    assert house.restart(True) == [] and house.on
    assert house.alerts_after(61) == [ACTIVE]


def test_a_return_is_kept_although_there_is_no_recipient():
    house = House("ALERT=SMSCHANGE", numbers=())
    house.arm()
    section = house.device.alarm.section
    house.contact(True)
    assert house.stored()[section]["reported"]
    house.contact(False, 100)
    assert not house.stored()[section]["reported"]
    assert house.stored()[section]["ready"] == house.now + 61


def test_an_alert_that_waited_has_the_time_of_the_change():
    house = House("ALERT=SMSCHANGE")
    house.set_clock()
    house.arm()
    assert house.contact(True, 5) == ["ALARM! Sensor is active\nTime: 26/11/20,08:00:05"]
    assert house.contact(False, 10) == []  # the pause of a minute
    told = house.alerts_after(60)
    assert told == ["ALARM! Sensor is not active\nTime: 26/11/20,08:00:15"]


def test_a_return_without_power_is_reported_when_power_is_back():
    for value, before, after in (
        ("ON", True, False),
        ("OFF", False, True),
        ("ON600", True, False),
        ("0", False, False),
    ):
        for how in ("power", "sleep", "chip"):
            house = House("ALERT=SMSCHANGE", "RELAYTIME=" + value)
            house.arm()
            assert house.contact(True) == [ACTIVE]
            house.wait(100)
            assert house.on == before
            if how == "power":
                told = house.power_cycle(False)
            elif how == "sleep":
                house.wait(3000)
                house._start("wake")
                told = house.contact(False)[-1:]
            else:
                told = house.restart(False)
            assert told == [RETURNED], (value, how)
            assert house.on == after, (value, how)
            assert house.contact(False) == [] and house.alerts_after(600) == []
            assert house.contact(True) == [ACTIVE]


def test_a_return_without_power_and_without_a_relay_to_move():
    house = House("ALERT=SMSCHANGE")
    house.arm()
    house.contact(True)
    # It returned within the pause, and power went before that was over.
    house.contact(False, 20)
    assert house.power_cycle(False) == [RETURNED]
    # It returned and came back while there was no power: a new alarm, as at every start.
    house.contact(True, 100)
    assert house.power_cycle(True) == [ACTIVE]
    house.disarm()
    assert house.power_cycle(False) == []


def test_a_return_without_power_is_no_matter_of_other_alerts():
    for alert in ("SMS", "OFF"):
        house = House("ALERT=" + alert, "RELAYTIME=ON")
        house.arm()
        house.contact(True)
        assert house.power_cycle(False) == [] and house.on
        assert house.alerts_after(600) == [] and house.on


def test_the_micro_relay_follows_activations_alone():
    house = House("ALERT=SMSCHANGE", "MICRORELAYTIME=100", model="GSM707")
    house.arm()
    micro = house.device.micro
    assert house.contact(True) == [ACTIVE] and micro.on
    house.contact(False, 70)
    assert micro.on  # a return ends nothing
    house.wait(31)
    assert not micro.on
    house.contact(True, 100)
    assert micro.on
    house.wait(101)
    assert not micro.on
    # A restart is no activation.
    house.restart(True)
    assert not house.device.micro.on
    house.wait(600)
    assert not house.device.micro.on
    assert house.restart(False) == [RETURNED]
    assert not house.device.micro.on
