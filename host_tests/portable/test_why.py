# SPDX-License-Identifier: MIT
"""WHY: what switched the socket, and what may switch it next."""

from alarm_kit import House
from device_kit import FRIEND, OWNER, Kit
from room_kit import Room

SOCKET = "Power socket "
BY_OWNER = " by SMS " + OWNER


def why(kit):
    """Return the lines of WHY; the time is checked, and left out."""
    lines = kit.say("WHY").split("\n")
    for i in range(len(lines)):
        if " by " in lines[i]:
            state = kit.device.socket.state if i == 0 else kit.device.micro.state
            when = kit.device.clock.text(state["since"])
            if when is not None:
                assert lines[i].endswith(", " + when), lines[i]
                lines[i] = lines[i][: -len(when) - 2]
    return lines


def test_every_sender_has_a_name():
    kit = Kit()
    assert kit.say("WHY") == "Power socket OFF by power-up"
    kit.say("ON")
    assert why(kit) == ["Power socket ON by SMS +31600000001"]
    kit.say("OFF", FRIEND)
    assert why(kit) == ["Power socket OFF by SMS +31600000002"]
    kit.hidden("ON")
    assert why(kit) == ["Power socket ON by SMS hidden"]
    kit.named("OFF", "Vodafone")
    assert why(kit) == ["Power socket OFF by SMS Vodafone"]


def test_the_time_is_known_once_the_clock_is_set():
    kit = Kit()
    kit.wait(100)
    kit.say("ON")
    kit.wait(60)
    kit.say("DATE=26/01/05,12:01:00+00")
    assert kit.say("WHY") == "Power socket ON by SMS +31600000001, 26/01/05,12:00:00"
    kit.say("DATE=99/01/05,12:01:00+00")
    assert kit.say("WHY") == "Power socket ON by SMS +31600000001, 99/01/05,12:00:00"


def test_an_order_that_changes_nothing_is_no_cause():
    kit = Kit()
    kit.say("ON")
    kit.wait(10)
    for text in ("ON", "ON30"):
        kit.say(text, FRIEND)
        assert why(kit)[0] == SOCKET + "ON" + BY_OWNER
    kit.wait(31)
    assert why(kit) == ["Power socket OFF by timer"]


def test_a_timer():
    kit = Kit()
    kit.say("ON30")
    assert why(kit) == [SOCKET + "ON" + BY_OWNER, "Then OFF in 30 s"]
    kit.wait(5)
    assert why(kit) == [SOCKET + "ON" + BY_OWNER, "Then OFF in 25 s"]
    kit.restart()
    assert why(kit) == [SOCKET + "ON" + BY_OWNER, "Then OFF in 25 s"]
    kit.say("RESTART", FRIEND)
    assert why(kit) == ["Power socket OFF by SMS +31600000002", "Then ON in 10 s"]
    kit.wait(11)
    assert why(kit) == ["Power socket ON by timer"]


def test_button_call_and_timetable():
    kit = Kit()
    kit.device.button.pressed(100, kit.now)
    assert why(kit) == ["Power socket ON by button"]
    kit.say_all("SECNUMBER" + OWNER, "SECLIST=ON", "RING=SWITCH", "RINGCONFIRM=OFF")
    kit.device.ring.take(OWNER, kit.now)
    assert why(kit) == ["Power socket OFF by call +31600000001"]
    kit.device.ring.over()
    kit.say_all("RING=RESTART")
    kit.device.ring.take(OWNER, kit.now)
    assert why(kit) == ["Power socket ON by call +31600000001", "Then OFF in 10 s"]
    kit.say_all("DATE=26/01/05,07:59:00+00", "SCHEDULER+08:00,*,ON")
    kit.wait(61)
    assert why(kit) == ["Power socket ON by scheduler 08:00"]


def test_thermostat():
    kit = Room()
    kit.control("10C")
    assert why(kit) == ["Power socket OFF by power-up", "THERMOSTAT=HEATING 10C(50F)"]
    kit.read(9)
    assert why(kit) == ["Power socket ON by thermostat", "THERMOSTAT=HEATING 10C(50F)"]
    kit.say("OFF")
    assert why(kit)[0] == SOCKET + "OFF" + BY_OWNER
    kit.say_all("SENSORFAIL=ON")
    kit.fail()
    assert why(kit)[0] == "Power socket ON by thermostat"
    kit.say("THERMOSTATOFF")
    assert why(kit) == ["Power socket ON by thermostat"]


def test_alarm():
    kit = House("ALERT=OFF", "RELAYTIME=ON")
    kit.arm()
    kit.contact(True)
    kit.alerts_after(0)
    assert why(kit) == ["Power socket ON by alarm", "Alarm holds the socket"]
    kit.restart(closed=True)
    assert why(kit) == ["Power socket ON by alarm", "Alarm holds the socket"]
    kit.disarm()
    assert why(kit) == ["Power socket ON by alarm"]


def test_who_ends_an_alarm_is_the_cause():
    kit = House("ALERT=OFF", "RELAYTIME=ON60")
    kit.arm()
    kit.contact(True)
    kit.alerts_after(0)
    assert why(kit) == ["Power socket ON by alarm", "Then OFF in 60 s", "Alarm holds the socket"]
    assert kit.say("ALARMOFF", FRIEND).endswith("Disabled")
    assert why(kit) == ["Power socket OFF by SMS +31600000002"]
    kit.arm()
    assert why(kit)[0] == "Power socket ON by alarm"
    kit.contact(False)
    kit.wait(61)
    assert why(kit) == ["Power socket OFF by timer"]


def test_the_return_of_the_sensor():
    kit = House("ALERT=SMSCHANGE", "RELAYTIME=OFF")
    kit.say("ON")
    kit.arm()
    kit.contact(True)
    assert why(kit) == ["Power socket OFF by alarm", "Alarm holds the socket"]
    kit.contact(False)
    assert why(kit) == ["Power socket ON by alarm"]


def test_power_and_factory_reset():
    kit = Kit()
    kit.say("ON")
    kit.power_cycle()
    assert why(kit) == ["Power socket ON by power-up"]
    kit.say("OFF")
    kit.device.mains(False, kit.now)
    kit.device.mains(True, kit.now + 10)
    assert why(kit) == ["Power socket OFF by power-up"]
    kit.say("ON")
    kit.device.button.pressed(10_000, kit.now)
    kit.commit()
    kit.restart()
    assert why(kit) == ["Power socket OFF by factory reset"]


def test_micro_relay():
    kit = House("ALERT=OFF", "MICRORELAYTIME=60", model="GSM707")
    kit.say("ONALL")
    assert why(kit) == [SOCKET + "ON" + BY_OWNER, "Microrelay ON" + BY_OWNER]
    kit.say("OFFM", FRIEND)
    assert why(kit)[1] == "Microrelay OFF by SMS +31600000002"
    kit.arm()
    kit.contact(True)
    kit.alerts_after(0)
    assert why(kit) == [SOCKET + "ON" + BY_OWNER, "Microrelay ON by alarm"]
    kit.say("ALARMOFF")
    assert why(kit)[1] == "Microrelay OFF" + BY_OWNER
    kit.say("ONM")
    kit.power_cycle()
    assert why(kit) == ["Power socket ON by power-up", "Microrelay OFF by power-up"]
    kit.say("RESTARTM")
    kit.wait(11)
    assert why(kit)[1] == "Microrelay OFF by timer"


def test_it_is_answered_without_confirmations():
    kit = Kit(model="GSM706-LIGHT")
    kit.say("SMSCONFIRM=OFF")
    assert kit.say("ON60") is None
    assert kit.say("WHY") == "Power socket ON by SMS +31600000001\nThen OFF in 3600 s"
