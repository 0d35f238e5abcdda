# SPDX-License-Identifier: MIT
"""The thermostat: its commands, and what it does with a reading."""

from room_kit import Room

ON = "THERMOSTATON - OK\n%s\n%s\nNote! Thermostat is working now!"


def test_replies():
    kit = Room()
    assert kit.say("THERMOSTAT?") == (
        "THERMOSTAT: Disabled\nTHERMOSTAT=HEATING\nSwitch-off temperature: 10C(50F)"
    )
    assert kit.say("SWITCHOFFTEMP?") == "SWITCHOFFTEMP=10C(50F)"
    assert kit.say("SWITCHOFFALERT?") == "SWITCHOFFALERT=(OFF),ON"
    assert kit.say("TSENSFAILALERT?") == "TSENSFAILALERT=(OFF),ON"
    assert kit.say("THERMOSTATON") == ON % (
        "THERMOSTAT=HEATING",
        "Switch-off temperature: 10C(50F)",
    )
    assert kit.say("THERMOSTAT=COOLING") == (
        "THERMOSTAT=COOLING - OK\nSwitch-off temperature: 10C(50F)\nTHERMOSTAT: Enabled"
    )
    assert kit.say("SWITCHOFFTEMP=72F") == (
        "SWITCHOFFTEMP=22C(72F) - OK\nTHERMOSTAT=COOLING\nTHERMOSTAT: Enabled"
    )
    assert kit.say("THERMOSTATOFF") == "THERMOSTATOFF - OK\nNote! Thermostat was disabled!"
    assert kit.say("switchofftemp = - 5c") == "Incorrect value!"
    assert kit.say("switchofftemp = -5c") == (
        "SWITCHOFFTEMP=-5C(24F) - OK\nTHERMOSTAT=COOLING\nTHERMOSTAT: Disabled"
    )
    for text in ("THERMOSTAT=ON", "THERMOSTAT=", "SWITCHOFFTEMP=OFF", "SWITCHOFFTEMP=10"):
        kit.wait(150)
        assert kit.say(text) == "Incorrect value!"
    assert kit.say("SWITCHOFFALERT=ON") == "SWITCHOFFALERT=ON - OK"
    assert kit.say("TSENSFAILALERT=ON") == "TSENSFAILALERT=ON - OK"
    assert kit.say("SWITCHOFFALERT?") == "SWITCHOFFALERT=OFF,(ON)"


def test_heating():
    kit = Room()
    kit.control("10C")
    for celsius, on in (
        (15, False),
        (10, False),
        (9.9375, True),
        (9, True),
        (9.9375, True),
        (10, False),  # at or above: off
        (9.9375, True),
        (-55, True),
        (125, False),
    ):
        kit.read(celsius)
        assert kit.on == on, celsius


def test_cooling():
    kit = Room()
    kit.control("22C", "COOLING")
    for celsius, on in (
        (15, False),
        (22, False),
        (22.0625, True),
        (30, True),
        (22, False),  # at or below: off
        (22.0625, True),
        (21.9375, False),
    ):
        kit.read(celsius)
        assert kit.on == on, celsius


def test_fahrenheit_is_not_rounded():
    kit = Room()
    kit.control("54F")  # 12.22..
    kit.read(12.1875)
    assert kit.on
    kit.read(12.25)
    assert not kit.on
    kit.say("THERMOSTAT=COOLING")
    kit.read(12.25)
    assert kit.on
    kit.read(12.1875)
    assert not kit.on


def test_limits():
    for text, below, at in (
        ("-67F", None, -55),
        ("-55C", None, -55),
        ("248F", 119.9375, 120),
        ("120C", 119.9375, 120),
    ):
        kit = Room()
        kit.control(text)
        if below is not None:
            kit.read(below)
            assert kit.on
        kit.read(at)
        assert not kit.on


def test_disabled_it_leaves_the_socket_alone():
    kit = Room()
    kit.read(5)
    assert not kit.on
    kit.control()
    assert not kit.on
    assert kit.device.reading_wanted  # at once
    kit.read(5)
    assert not kit.device.reading_wanted
    assert kit.on
    kit.say("THERMOSTATOFF")
    assert kit.on
    kit.read(50)
    assert kit.on


def test_a_change_acts_at_the_next_reading():
    kit = Room()
    kit.control("10C")
    kit.read(15)
    kit.say("SWITCHOFFTEMP=20C")
    assert not kit.on
    kit.read(15)
    assert kit.on
    kit.say("THERMOSTAT=COOLING")
    assert kit.on
    kit.read(15)
    assert not kit.on
    kit.say("SWITCHOFFTEMP=10C")
    kit.read(15)
    assert kit.on


def test_whoever_orders_last_acts():
    kit = Room()
    kit.control("10C")
    kit.read(5)
    assert kit.on
    kit.say("OFF")
    assert not kit.on
    kit.read(5)
    assert kit.on
    kit.device.button.pressed(100, kit.now)
    kit.commit()
    assert not kit.on
    kit.read(5)
    assert kit.on
    # A time that agrees goes on ..
    kit.say("ON100")
    kit.read(5)
    assert kit.device.next_deadline() is not None
    kit.wait(50)
    assert not kit.on
    kit.read(5)
    assert kit.on
    # .. and one that does not is over.
    kit.say("OFF600")
    kit.read(5)
    assert kit.on
    kit.wait(1000)
    assert kit.on
    assert kit.device.next_deadline() is None
    kit.say("RESTART")
    assert not kit.on
    kit.read(5)
    assert kit.on


def test_it_survives_a_restart_and_a_loss_of_power():
    kit = Room()
    kit.control("72F", "COOLING")
    for again in (kit.restart, kit.power_cycle):
        again()
        assert kit.say("THERMOSTAT?") == (
            "THERMOSTAT: Enabled\nTHERMOSTAT=COOLING\nSwitch-off temperature: 22C(72F)"
        )
        kit.read(30)
        assert kit.on
        kit.read(20)
        assert not kit.on
    kit.say("THERMOSTATOFF")
    kit.restart()
    kit.read(30)
    assert not kit.on


def test_factory_reset():
    kit = Room()
    kit.control("72F", "COOLING")
    kit.say_all("TRISEALERT=30C", "SWITCHOFFALERT=ON", "TSENSFAILALERT=ON")
    kit.device.factory_reset(kit.now)
    kit.commit()
    kit.restart()
    assert kit.say("THERMOSTAT?") == (
        "THERMOSTAT: Disabled\nTHERMOSTAT=HEATING\nSwitch-off temperature: 10C(50F)"
    )
    for name, value in (
        ("SWITCHOFFTEMP", "10C(50F)"),
        ("TRISEALERT", "OFF"),
        ("TFALLALERT", "OFF"),
        ("SWITCHOFFALERT", "(OFF),ON"),
        ("TSENSFAILALERT", "(OFF),ON"),
    ):
        assert kit.say(name + "?") == name + "=" + value


def test_a_damaged_record():
    record = {
        "settings": {"SWITCHOFFTEMP": 10, "THERMOSTAT": "WARMING", "TRISEALERT": "300C"},
        "thermostat": {"on": 1, "sensor": "?"},
        "temperature_alerts": [],
    }
    kit = Room(record)
    assert kit.say("THERMOSTAT?") == (
        "THERMOSTAT: Disabled\nTHERMOSTAT=HEATING\nSwitch-off temperature: 10C(50F)"
    )
    kit.say("THERMOSTATON")
    kit.read(5)
    assert kit.on
