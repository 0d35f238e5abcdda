# SPDX-License-Identifier: MIT
"""HYSTERESIS, MINTIME and SENSORFAIL: how a thermostat spares what it switches."""

from room_kit import Room, reached


def levels(kit, *readings):
    """Take readings, a minute each; return the level of the socket after each."""
    found = []
    for celsius in readings:
        kit.read(celsius)
        found.append(kit.on)
    return found


def test_replies():
    kit = Room()
    assert kit.say("HYSTERESIS?") == "HYSTERESIS=0C"
    assert kit.say("MINTIME?") == "MINTIME=0 minutes"
    assert kit.say("SENSORFAIL?") == "SENSORFAIL=(KEEP),ON,OFF"
    for text in ("HYSTERESIS=5C", "HYSTERESIS=9F", "HYSTERESIS=0F", "MINTIME=60", "SENSORFAIL=ON"):
        assert kit.say(text) == text + " - OK"
    assert kit.say("hysteresis = 02c") == "HYSTERESIS=2C - OK"
    assert kit.say("HYSTERESIS?") == "HYSTERESIS=2C"
    assert kit.say("MINTIME?") == "MINTIME=60 minutes"
    for text in (
        "HYSTERESIS=6C",
        "HYSTERESIS=10F",
        "HYSTERESIS=1",
        "HYSTERESIS=-1C",
        "HYSTERESIS=",
        "HYSTERESIS=C",
        "HYSTERESIS=OFF",
        "MINTIME=61",
        "SENSORFAIL=YES",
    ):
        kit.wait(150)
        assert kit.say(text) == "Incorrect value!", text


def test_one_unit_without_its_letter():
    for us, widest, shown in ((False, 5, "5"), (True, 9, "9")):
        kit = Room(model="GSM707", config={"US": us})
        assert kit.say("HYSTERESIS?") == "HYSTERESIS=0"
        assert kit.say("HYSTERESIS=%d" % widest) == "HYSTERESIS=" + shown + " - OK"
        kit.restart()
        assert kit.say("HYSTERESIS?") == "HYSTERESIS=" + shown
        for text in ("%d" % (widest + 1), "1C", "1F"):
            assert kit.say("HYSTERESIS=" + text) == "Incorrect value!"
        kit.wait(601)
        assert kit.say("HYSTERESIS=0") == "HYSTERESIS=0 - OK"
        assert "HYSTERESIS" not in kit.stored()["settings"]


def test_heating_waits_until_it_is_colder():
    kit = Room()
    kit.control("10C")
    kit.say_all("HYSTERESIS=2C")
    assert levels(kit, 9, 8.0625) == [False, False]
    assert levels(kit, 8) == [True]  # exactly there included
    assert levels(kit, 9, 9.9375) == [True, True]
    assert levels(kit, 10, 9, 8.0625, 7) == [False, False, False, True]
    # In between, an order by anybody else stands.
    kit.say("OFF")
    assert levels(kit, 9) == [False]
    kit.say("ON")
    assert levels(kit, 9) == [True]


def test_cooling_in_fahrenheit_waits_until_it_is_warmer():
    kit = Room()
    kit.control("72F", "COOLING")  # 22.22 C
    kit.say_all("HYSTERESIS=9F")  # 81F is 27.22 C
    assert levels(kit, 27.1875, 27.25) == [False, True]
    assert levels(kit, 22.25, 22.1875, 22.25, 27.1875) == [True, False, False, False]
    kit.say_all("HYSTERESIS=5C")  # the same 27.22 C
    assert levels(kit, 27.1875, 27.25) == [False, True]


def test_none_is_as_without_it():
    kit = Room()
    kit.control("22C", "COOLING")
    for text in ("HYSTERESIS=0F", "HYSTERESIS=0C"):
        kit.say_all(text)
        assert levels(kit, 22.0625, 22, 22.0625, 22) == [True, False, True, False]


def test_time_between_two_switchings():
    kit = Room()
    kit.control("10C")
    kit.say_all("MINTIME=5")
    assert levels(kit, 9) == [True]  # the first is at once
    assert levels(kit, 11, 11, 11, 11) == [True] * 4
    switched = kit.device.record["thermostat"]["switched"]
    kit.read(11)  # five minutes in whole seconds, but perhaps not quite
    assert kit.on and kit.device.next_deadline() == switched + 301
    kit.wait(1)
    assert kit.device.reading_wanted
    kit.device.reading(11 * 16, kit.now)
    assert not kit.on


def test_others_switch_in_the_meantime():
    kit = Room()
    kit.control("10C")
    kit.say_all("MINTIME=5")
    assert levels(kit, 9, 9) == [True, True]
    assert kit.say("OFF") == "Power socket OFF"
    assert levels(kit, 9, 9, 9, 9) == [False] * 4  # counts from its own last switching
    assert levels(kit, 9) == [True]
    kit.say_all("MINTIME=0")
    assert levels(kit, 10, 9, 10) == [False, True, False]


def test_a_restart_does_not_shorten_it_and_the_clock_has_no_say():
    kit = Room()
    kit.control("10C")
    kit.say_all("MINTIME=5", "DATE=99/12/31,23:59:59+00")
    assert levels(kit, 9, 10) == [True, True]
    kit.restart()
    kit.say_all("DATE=26/01/01,00:00:00+00")
    assert levels(kit, 10, 10, 10) == [True] * 3
    kit.say_all("DATE=25/01/01,00:00:00+00")
    assert levels(kit, 10, 10) == [True, False]


def test_a_loss_of_power_begins_it_anew():
    kit = Room()
    kit.control("10C")
    kit.say_all("MINTIME=5")
    assert levels(kit, 9) == [True]
    kit.power_cycle()
    assert levels(kit, 10, 10, 10, 10, 10, 10) == [True] * 5 + [False]


def test_a_thermostat_that_never_switched_does_not_wait():
    kit = Room()
    kit.say_all("MINTIME=60")
    kit.power_cycle()
    kit.control("10C")
    assert levels(kit, 9) == [True]


def test_a_failed_sensor():
    for wish, before, after in (
        ("ON", False, True),
        ("OFF", True, False),
        ("KEEP", True, True),
        ("KEEP", False, False),
    ):
        kit = Room()
        kit.control("10C")
        kit.say_all("SENSORFAIL=" + wish, "MINTIME=60")
        kit.say("ON" if before else "OFF")
        kit.read(9 if before else 11)
        assert levels(kit, None, None) == [before, before]  # not failed yet
        assert levels(kit, None) == [after], wish
        kit.say("OFF" if after else "ON")  # whoever orders last acts, until the next reading
        assert levels(kit, None) == [kit.on if wish == "KEEP" else after]


def test_only_while_the_thermostat_is_enabled():
    kit = Room()
    kit.control("10C")
    kit.say_all("SENSORFAIL=ON")
    kit.say("THERMOSTATOFF")
    kit.fail()
    assert not kit.on
    kit.say("THERMOSTATON")
    assert levels(kit, None) == [True]


def test_an_alarm_goes_first():
    kit = Room()
    kit.control("10C")
    kit.say_all("ALERT=OFF", "SENSORFAIL=OFF", "RELAYTIME=ON")
    kit.say("ALARMON")
    kit.device.contact = kit.device.alarm.contact
    kit.device.contact(False, kit.now)
    kit.fail()
    assert not kit.on
    kit.device.contact(True, kit.now)
    assert levels(kit, None, None) == [True, True]
    kit.device.contact(False, kit.now)
    assert levels(kit, None) == [False]


def test_switching_off_is_reported_when_it_happens():
    kit = Room()
    kit.control("10C")
    kit.say_all("SWITCHOFFALERT=ON", "MINTIME=2")
    kit.read(9)
    kit.read(10)
    kit.read(10)
    kit.read(10, [reached("10C(50F)")])
    kit.say_all("SENSORFAIL=OFF")
    kit.say("ON")
    kit.fail()  # says nothing of a temperature
    assert not kit.on
