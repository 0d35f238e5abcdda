# SPDX-License-Identifier: MIT
"""The four alerts of chapter 7.3, on a device without hardware."""

from device_kit import FRIEND, OWNER
from room_kit import SENSOR, Room, fall, reached, rise


def test_switch_off_alert():
    kit = Room()
    kit.say_all("SWITCHOFFALERT=ON")
    kit.control("10C")
    kit.read(12)  # off already: nothing was switched
    kit.read(5)
    kit.read(10, [reached("10C(50F)")])
    kit.read(11)
    kit.read(9)
    kit.read(10.5, [reached("11C(51F)")])
    kit.say("ON")
    kit.read(11, [reached("11C(52F)")])
    kit.say("ON")
    kit.say("OFF")  # not by the thermostat
    kit.read(11)
    kit.say("SWITCHOFFALERT=OFF")
    kit.read(9)
    kit.read(11)
    kit.say("SWITCHOFFALERT=ON")
    kit.read(9)
    kit.say("THERMOSTATOFF")
    kit.read(11)


def test_sensor_alert():
    kit = Room()
    kit.say_all("TSENSFAILALERT=ON")
    kit.control()
    kit.read(5)
    assert kit.on
    kit.fail([SENSOR])
    assert kit.on  # the relay stays as it is
    kit.read(None)
    kit.say("OFF")
    kit.read(None)
    assert not kit.on  # enabled, but does nothing
    assert kit.say("THERMOSTAT?").startswith("THERMOSTAT: Enabled")
    kit.read(5)
    assert kit.on
    kit.fail()  # no setting was changed
    kit.restart()
    kit.fail()
    kit.read(5)
    kit.say("SWITCHOFFTEMP=11C")
    kit.read(5)
    kit.fail([SENSOR])
    # A setting changed while it is failed: it has to come back first.
    kit.say("THERMOSTAT=HEATING")
    kit.read(None)
    kit.restart()
    kit.fail()
    kit.read(5)
    kit.fail([SENSOR])


def test_every_setting_of_the_thermostat_counts():
    for text in (
        "THERMOSTAT=COOLING",
        "SWITCHOFFTEMP=54F",
        "SWITCHOFFALERT=ON",
        "TSENSFAILALERT=ON",
    ):
        kit = Room()
        kit.say_all("TSENSFAILALERT=ON")
        kit.control()
        kit.fail([SENSOR])
        kit.read(5)
        kit.say(text)
        kit.fail([SENSOR])
    kit.say("THERMOSTATON")  # was on
    kit.read(5)
    kit.fail()
    kit.say("THERMOSTATOFF")
    kit.say("THERMOSTATON")
    kit.fail()
    kit.read(5)
    kit.fail([SENSOR])


def test_sensor_alert_works_only_with_the_thermostat():
    kit = Room()
    kit.say_all("ALERTME", "TSENSFAILALERT=ON")
    kit.fail()
    kit.say("THERMOSTATON")
    kit.read(None, [SENSOR])
    kit = Room()
    kit.control()
    kit.fail()
    kit.say("TSENSFAILALERT=ON")
    kit.read(None, [SENSOR])


def test_no_sensor_from_the_start():
    kit = Room()
    kit.say_all("TSENSFAILALERT=ON")
    kit.control()
    kit.say("ON")
    kit.fail([SENSOR])
    assert kit.on
    kit.power_cycle()
    kit.fail()


def test_nobody_to_tell():
    kit = Room()
    kit.say_all("TSENSFAILALERT=ON", "TRISEALERT=20C", "SWITCHOFFALERT=ON")
    kit.say("THERMOSTATON")
    kit.read(25)
    assert not kit.committed
    kit.fail()
    assert not kit.committed
    kit.say_all("ALERTNUMBER+31600000002")
    kit.read(None, [SENSOR])
    kit.read(25, ["Temperature rise alert! TEMP: 25C(77F)"])


def test_alerts_go_to_the_alert_numbers():
    kit = Room()
    kit.say_all("ALERTNUMBER+31600000002", "ALERTME", "TRISEALERT=20C")
    kit.device.reading(400, kit.now)
    assert kit.device.record["outbox"][0][1] == [FRIEND, OWNER]


def test_rise():
    kit = Room()
    kit.say_all("ALERTME")
    assert kit.say("TRISEALERT?") == "TRISEALERT=OFF"
    assert kit.say("TRISEALERT=35C") == "TRISEALERT=35C(96F) - OK"
    assert kit.say("TRISEALERT?") == "TRISEALERT=35C(96F)"
    kit.read(35)  # not strictly above
    kit.read(35.0625, rise("35C(95F)"))
    kit.read(40)
    kit.read(34.0625)  # not back by a degree
    kit.read(36)
    kit.read(34)
    kit.read(35)
    kit.read(36, rise("36C(97F)"))
    kit.read(-20)
    assert kit.say("TRISEALERT=OFF") == "TRISEALERT=OFF - OK"
    kit.read(125)


def test_fall():
    kit = Room()
    kit.say_all("ALERTME")
    assert kit.say("TFALLALERT=60F") == "TFALLALERT=15C(60F) - OK"  # 15.55..
    kit.read(15.5625)
    kit.read(15.5, fall("16C(60F)"))
    kit.read(-10)
    kit.read(16.5)  # a degree is 16.55..
    kit.read(15)
    kit.read(16.5625)
    kit.read(14, fall("14C(57F)"))


def test_set_while_past_the_value():
    kit = Room()
    kit.say_all("ALERTME")
    kit.read(30)
    kit.say("TRISEALERT=20C")
    assert kit.device.reading_wanted
    kit.read(30, rise("30C(86F)"))
    kit.read(30)
    kit.say("TRISEALERT=25C")  # a new one
    kit.read(30, rise("30C(86F)"))
    kit.say("TFALLALERT=40C")  # the other one's
    kit.read(30, fall("30C(86F)"))


def test_that_an_alert_was_sent_is_remembered():
    kit = Room()
    kit.say_all("ALERTME", "TRISEALERT=20C", "TFALLALERT=-5C")
    kit.read(30, rise("30C(86F)"))
    for again in (kit.restart, kit.power_cycle):
        again()
        kit.read(30)
    kit.read(-6, fall("-6C(21F)"))
    for again in (kit.restart, kit.power_cycle):
        again()
        kit.read(-6)
    kit.read(30, rise("30C(86F)"))


def test_failed_readings_tell_nothing():
    kit = Room()
    kit.say_all("ALERTME", "TFALLALERT=5C", "TRISEALERT=30C")
    kit.read(20)
    kit.fail()
    kit.read(None)
    kit.read(20)
    kit.read(4, fall("4C(39F)"))
    kit.fail()
    kit.read(4)


def test_alerts_tell_the_time():
    kit = Room()
    kit.say_all("ALERTME", "DATE=26/01/05,12:00:00+01", "TRISEALERT=20C")
    kit.read(30, ["Temperature rise alert! TEMP: 30C(86F)\nTime: 26/01/05,12:01:00"])


def test_a_reading_that_changes_nothing_is_not_committed():
    kit = Room()
    kit.say_all("SWITCHOFFALERT=ON", "TSENSFAILALERT=ON", "TRISEALERT=30C", "TFALLALERT=0C")
    kit.control()
    for celsius, alerts, committed in (
        (5, [], True),  # on
        (5, [], False),
        (9.9375, [], False),
        (-1, fall("-1C(30F)"), True),
        (-2, [], False),
        (0.5, [], False),
        (1, [], True),  # armed again
        (None, [], False),
        (None, [], False),
        (5, [], False),
        (None, [], False),
        (None, [], False),
        (None, [SENSOR], True),
        (None, [], False),
        (5, [], False),
        (15, [reached("15C(59F)")], True),
        (15, [], False),
    ):
        kit.read(celsius, alerts)
        assert kit.committed == committed, celsius
