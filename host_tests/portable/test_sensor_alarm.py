# SPDX-License-Identifier: MIT
"""The sensor alarm: commands, the socket, messages and pauses.

The calls: test_alarm_calls.py; ALERT=SMSCHANGE: test_smschange.py.
"""

from alarm_kit import ACTIVE, RETURNED, House
from device_kit import FRIEND, OWNER, Kit

SMOKE = True


def test_replies():
    kit = Kit()
    assert kit.say("SENSORTYPE?") == "SENSORTYPE=(NO),NC"
    assert kit.say("ALERT?") == "ALERT=(SMS),CALL,SMSCHANGE,OFF"
    assert kit.say("RELAYTIME?") == "RELAYTIME=0"
    off = "ALARM function: Disabled\nSensor(s): Connected\nALARM status: No activity"
    assert kit.say("ALARM?") == off
    assert kit.say("SHOWALARMLOG") == "No alarms!"
    assert kit.say("sensortype = nc") == "SENSORTYPE=NC - OK"
    assert kit.say("SENSORTYPE?") == "SENSORTYPE=NO,(NC)"
    assert kit.say("alert=smschange") == "ALERT=SMSCHANGE - OK"
    assert kit.say("ALERT?") == "ALERT=SMS,CALL,(SMSCHANGE),OFF"
    for text in ("ALERT=ON", "ALERT=", "SENSORTYPE=ON", "SENSORTYPE="):
        assert kit.say(text) == "Incorrect value!"
    assert kit.say("ALARMON") == "ALARMON - OK\nALARM function: Enabled"
    assert kit.say("ALARMON") == "ALARMON - OK\nALARM function: Enabled"
    assert kit.say("alarm?").startswith("ALARM function: Enabled\n")
    kit.restart()
    assert kit.say("ALARM?").startswith("ALARM function: Enabled\n")
    assert kit.say("ALARMOFF") == "ALARMOFF - OK\nALARM function: Disabled"
    assert kit.say("ALARM?") == off


def test_relay_time():
    kit = Kit()
    kit.say("MAKEMEBOSS")
    for typed, kept in (
        ("ON60", "ON60"),
        ("on", "ON"),
        ("OFF060", "OFF60"),
        ("off", "OFF"),
        ("ON65000", "ON65000"),
        ("OFF1", "OFF1"),
        ("00", "0"),
    ):
        assert kit.say("RELAYTIME=" + typed) == "RELAYTIME=" + kept + " - OK"
        assert kit.say("RELAYTIME?") == "RELAYTIME=" + kept
    for typed in (
        "",
        "1",
        "60",
        "ON0",
        "OFF0",
        "ON65001",
        "OFF65001",
        "ON-1",
        "ONx",
        "O",
        "ON1.5",
    ):
        kit.wait(600)
        assert kit.say("RELAYTIME=" + typed) == "Incorrect value!", typed
    assert kit.say("RELAYTIME?") == "RELAYTIME=0"
    for odd in ("on", "ON0", "ON060", "60", "", 0, 60, None):
        kit = Kit({"settings": {"RELAYTIME": odd}})
        assert kit.say("RELAYTIME?") == "RELAYTIME=0"


def test_status():
    house = House()
    assert "ALARMF: Disabled\nALARM status: No act\nTime: not set" in house.say("STATUS")
    house.contact(True)
    assert "ALARMF: Disabled\nALARM status: Active\nTime: not set" in house.say("STATUS")
    assert house.say("ALARM?").endswith("\nALARM status: Active")
    house.say("SENSORTYPE=NC")
    assert "ALARMF: Disabled\nALARM status: No act" in house.say("STATUS")
    house.arm()
    assert "ALARMF: Enabled\nALARM status: No act" in house.say("STATUS")


def test_disabled_it_does_nothing():
    house = House("RELAYTIME=ON")
    writes = house.writes
    assert house.contact(True) == [] and house.contact(False, 5) == []
    assert not house.on and house.writes == writes
    assert house.say("SHOWALARMLOG") == "No alarms!"


def test_one_message_to_each_number():
    house = House()
    house.arm()
    house.device.alarm.contact(True, house.now)
    assert house.post() == [(OWNER, ACTIVE), (FRIEND, ACTIVE)]


def test_the_time_is_that_of_the_event():
    house = House()
    house.set_clock()
    house.arm()
    house.device.alarm.contact(True, house.now)
    house.commit()
    house.wait(50)  # no network
    assert house.alerts() == [ACTIVE + "\nTime: 26/11/20,08:00:00"]
    assert house.say("SHOWALARMLOG") == "26/11/20:08:00"


def test_normally_closed():
    house = House("SENSORTYPE=NC")
    house.contact(True)
    assert house.arm() == []
    assert house.contact(False) == [ACTIVE]
    assert house.contact(True, 100) == [ACTIVE]  # it was still active after a minute
    assert house.alerts_after(600) == []


def test_one_alarm_in_a_minute():
    house = House("RELAYTIME=ON10")
    house.arm()
    assert house.contact(True) == [ACTIVE]
    begin = house.now
    assert house.contact(False, 5) == [] and house.contact(True, 5) == []
    assert house.contact(False, 5) == []
    assert house.alerts_after(600) == []  # it had returned by the end of the pause
    assert house.contact(True) == [ACTIVE]
    assert house.alerts_after(58) == []
    assert house.alerts_after(3) == [ACTIVE]  # still active: again, every minute
    assert house.alerts_after(61 * 10) == [ACTIVE] * 10
    assert house.contact(False) == []
    assert house.alerts_after(86400) == []
    ons = [when for when, level in house.moves if level and when >= begin]
    assert len(ons) == 13 and all([ons[i] - ons[i - 1] >= 60 for i in range(1, 13)])


def test_a_contact_that_flaps_for_hours():
    for alert, alarms in (("SMS", 60), ("OFF", 0), ("SMSCHANGE", 60)):
        house = House("ALERT=" + alert)
        house.arm()
        writes = house.writes
        told = 0
        for i in range(1200):  # every 3 s, for an hour
            told += len(house.contact(i % 2 == 0, 3))
        assert told <= alarms and (not alarms or told > 25), (alert, told)
        # An alarm, the sending of its message to two numbers; the rest costs nothing.
        assert house.writes - writes <= 2 * 60, (alert, house.writes - writes)


def test_off_alerts_nobody():
    house = House("ALERT=OFF", "RELAYTIME=ON")
    house.arm()
    assert house.contact(True) == [] and house.on
    assert house.say("SHOWALARMLOG") == "not set"


def test_without_numbers_log_and_relay_act():
    for alert in ("SMS", "CALL", "SMSCHANGE", "OFF"):
        house = House("ALERT=" + alert, "RELAYTIME=ON", numbers=())
        house.arm()
        assert house.contact(True) == [] and house.on and house.calls() == []
        assert house.say("SHOWALARMLOG") == "not set"
        house.contact(False, 5)
        assert house.on == (alert != "SMSCHANGE")


def test_relay_times():
    for value, on, later in (
        ("ON60", True, False),
        ("ON", True, True),
        ("OFF60", False, True),
        ("OFF", False, False),
    ):
        for before in ("ON", "OFF"):
            house = House("RELAYTIME=" + value)
            house.say(before)
            house.arm()
            house.contact(True)
            house.contact(False)
            assert house.on == on
            house.wait(60)
            assert house.on == on
            house.wait(2)
            assert house.on == later
    house = House()
    house.say("ON30")
    house.arm()
    house.contact(True)
    assert house.on
    house.wait(32)
    assert not house.on  # untouched: the owner's timer went on


def test_arming_with_the_sensor_active():
    for alert in ("SMS", "SMSCHANGE"):
        house = House("ALERT=" + alert, "RELAYTIME=ON")
        house.contact(True)
        house.wait(100)
        assert house.arm() == [ACTIVE] and house.on
        assert house.arm() == []  # enabled already: changes nothing
        house.say("OFF")
        house.disarm()
        assert house.arm() == [ACTIVE] and house.on  # at once, too
        house.say("OFF")
        house.disarm()
        house.device.alarm.order(True, house.now, "scheduler 08:00")  # as the scheduler does
        assert house.alerts_after(0) == [ACTIVE] and house.on


def test_a_change_of_settings_arms_again():
    house = House("RELAYTIME=ON")
    house.arm()
    assert house.say("SENSORTYPE=NC") == "SENSORTYPE=NC - OK"
    assert house.alerts_after(0) == [ACTIVE]
    assert house.say("SENSORTYPE=NO") == "SENSORTYPE=NO - OK"
    assert house.alerts_after(600) == []
    house.contact(True)
    assert house.say("SENSORTYPE=NO") == "SENSORTYPE=NO - OK"  # unchanged: nothing begins again
    assert house.alerts_after(0) == []
    assert house.say("ALERT=SMSCHANGE") == "ALERT=SMSCHANGE - OK"
    assert house.alerts_after(0) == [ACTIVE]
    assert house.alerts_after(600) == []
    assert house.say("SENSORTYPE=NC") == "SENSORTYPE=NC - OK"  # not active: no return is reported
    assert house.alerts_after(600) == [] and house.on
    house.disarm()
    assert house.say("SENSORTYPE=NO") == "SENSORTYPE=NO - OK"
    assert house.alerts_after(600) == []


def test_alarm_off_drops_what_is_unsent():
    house = House("RELAYTIME=ON60")
    house.arm()
    house.device.alert("power", "Power failed!", house.now)
    house.device.alarm.contact(True, house.now)
    assert house.on
    sent = [text for _, text in house.send("ALARMOFF")]
    assert sent == ["Power failed!", "Power failed!", "ALARMOFF - OK\nALARM function: Disabled"]
    assert not house.on  # its timer ended, with the end state
    house.say("ON")
    house.wait(100)
    assert house.on


def test_alarm_off_and_the_relay():
    for value, on in (("ON60", False), ("OFF60", True), ("ON", True), ("OFF", False)):
        for restart in (False, True):
            house = House("ALERT=SMSCHANGE", "RELAYTIME=" + value)
            house.arm()
            house.contact(True)
            if restart:
                house.restart(True)
            house.disarm()
            assert house.on == on
            house.contact(False)
            house.wait(100)
            assert house.on == on and house.alerts() == []


def test_alarm_off_leaves_the_owners_timer():
    house = House("RELAYTIME=ON60")
    house.arm()
    house.contact(True)
    house.say("ON60")  # in the same second
    house.disarm()
    assert house.on
    house.wait(62)
    assert not house.on
    house = House("RELAYTIME=ON60")
    house.arm()
    house.contact(True)
    house.say("RESTART")
    house.disarm()
    assert not house.on
    house.wait(12)
    assert house.on


def test_the_log_keeps_ten():
    house = House("ALERT=OFF")
    house.arm()
    house.contact(True)
    house.contact(False)
    house.set_clock()
    for i in range(12):
        house.wait(60 * i + 61)
        house.contact(True)
        house.contact(False)
    lines = house.say("SHOWALARMLOG").split("\n")
    assert len(lines) == 10 and lines == sorted(lines) and "not set" not in lines
    house.restart()
    assert house.say("SHOWALARMLOG").split("\n") == lines
    house.power_cycle()
    house.contact(True)
    assert house.say("SHOWALARMLOG").split("\n") == lines[1:] + ["not set"]
    house.say_all("SMSCONFIRM=OFF")
    assert house.say("SHOWALARMLOG").split("\n") == lines[1:] + ["not set"]
    house.device.factory_reset(house.now)
    house.commit()
    assert house.say("SHOWALARMLOG") == "No alarms!"


def test_a_restart_in_the_pause_is_no_new_alarm():
    house = House()
    house.arm()
    assert house.contact(True) == [ACTIVE]
    house.wait(20)
    assert house.restart(True) == []
    assert house.alerts_after(39) == []
    assert house.alerts_after(3) == [ACTIVE]


def test_power_up():
    house = House("RELAYTIME=ON5")
    house.arm()
    assert house.contact(True) == [ACTIVE]
    assert house.power_cycle(True) == [ACTIVE] and house.on  # at once
    assert house.contact(False, 5) == []
    assert house.power_cycle(False) == []
    assert house.contact(True) == [ACTIVE]  # the pause was of an uptime that is over
    house = House("ALERT=SMSCHANGE", "RELAYTIME=ON")
    house.arm()
    house.contact(True)
    assert house.power_cycle(True) == [ACTIVE] and house.on
    assert house.power_cycle(False) == [RETURNED] and not house.on  # the pump stops
    assert house.power_cycle(False) == []


def test_a_damaged_record():
    for odd in (
        {"on": True, "cycle": [1], "log": [None, 1.5, True, ["x"]], "ready": "x", "moved": 7},
        {"on": True, "cycle": [["1"], 5, "x", 0]},
        {"on": True, "cycle": [[1], 0, "x", 0]},
        {"on": True, "cycle": [["1"], 0, None, 0]},
    ):
        house = House(record={"alarm": odd})
        assert house.say("SHOWALARMLOG") == "No alarms!"
        assert house.contact(True) == [ACTIVE]
        house.disarm()


def test_everybody_wants_the_relay_in_the_same_second():
    house = House("RELAYTIME=ON60")
    house.set_clock()
    house.say_all("SCHEDULER+08:01,*,OFF")
    house.arm()
    house.wait(60)
    assert not house.on
    house.contact(True)
    assert house.on  # the alarm was last
    house.contact(False)
    house.say("THERMOSTATON")
    house.device.reading(16 * 30, house.now)
    house.commit()
    assert house.on  # the thermostat waits until the alarm's time is over
    house.say("ON90")
    house.device.reading(16 * 30, house.now)
    house.commit()
    assert not house.on  # whoever orders last acts: it is the owner's time now
    house.wait(100)
    assert not house.on  # and that timer is gone
