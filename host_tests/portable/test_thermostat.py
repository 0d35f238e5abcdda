"""The thermostat and its alerts, on a device without hardware."""

from device_kit import FRIEND, OWNER, Kit

ON = "THERMOSTATON - OK\n%s\n%s\nNote! Thermostat is working now!"
SENSOR = "Temperature sensor failed!"


class Room(Kit):
    """A kit with a thermometer; `alerts` are what its readings told the owner."""

    def read(self, celsius, wanted=()):
        """A minute later, a reading in degrees, None if it fails; check the alerts it makes."""
        self.now += 60
        raw = None if celsius is None else int(celsius * 16)
        assert raw is None or raw == celsius * 16
        self.device.reading(raw, self.now)
        self.committed = self.device.dirty
        alerts = [entry[2] for entry in self.device.record["outbox"]]
        assert alerts == list(wanted), (celsius, alerts)
        self.device.record["outbox"] = []  # sent
        self.commit()

    def control(self, text="10C", kind="HEATING"):
        self.say_all("ALERTME")
        self.say("THERMOSTAT=" + kind)
        self.say("SWITCHOFFTEMP=" + text)
        self.say("THERMOSTATON")

    def fail(self, wanted=()):
        """The sensor fails for good."""
        self.read(None)
        self.read(None)
        self.read(None, wanted)


# --- commands ---


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
    assert kit.say("switchofftemp = - 5 c") == "Incorrect value!"
    assert kit.say("switchofftemp = - 5c") == (
        "SWITCHOFFTEMP=-5C(24F) - OK\nTHERMOSTAT=COOLING\nTHERMOSTAT: Disabled"
    )
    for text in ("THERMOSTAT=ON", "THERMOSTAT=", "SWITCHOFFTEMP=OFF", "SWITCHOFFTEMP=10"):
        assert kit.say(text) == "Incorrect value!"
    assert kit.say("SWITCHOFFALERT=ON") == "SWITCHOFFALERT=ON - OK"
    assert kit.say("TSENSFAILALERT=ON") == "TSENSFAILALERT=ON - OK"
    assert kit.say("SWITCHOFFALERT?") == "SWITCHOFFALERT=OFF,(ON)"


def test_temperature():
    kit = Room()
    assert kit.say("TEMPERATURE") == "TEMPERATURE: No sensor"
    kit.read(25)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 25C(77F)"
    assert "TEMP: 25C(77F)" in kit.say("STATUS").split("\n")
    kit.read(-0.0625)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 0C(32F)"
    kit.read(None)
    kit.read(None)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 0C(32F)"  # the last good value stands
    kit.read(None)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: No sensor"
    assert "TEMP: No sensor" in kit.say("STATUS").split("\n")
    kit.read(36.75)
    assert kit.say("TEMPERATURE") == "TEMPERATURE: 37C(98F)"


def test_what_a_sensor_cannot_tell_is_a_failure():
    kit = Room()
    for value, text in ((-55, "-55C(-67F)"), (125, "125C(257F)"), (85, "85C(185F)")):
        kit.read(value)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: " + text
    for value in (-55.0625, 125.0625, 127.9375, -128):
        kit.read(20)
        kit.read(value)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: 20C(68F)"
        kit.read(value)
        kit.read(value)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: No sensor"


def test_a_good_reading_begins_the_count_anew():
    kit = Room()
    kit.read(20)
    for _ in range(10):
        kit.read(None)
        kit.read(None)
        assert kit.say("TEMPERATURE") == "TEMPERATURE: 20C(68F)"
        kit.read(20)


# --- control ---


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
    kit.device.button(100, kit.now)
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


# --- SWITCHOFFALERT ---


def reached(temperature):
    return "Switch-off temperature reached! TEMP: " + temperature + "\nPower socket OFF"


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


# --- TSENSFAILALERT ---


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


# --- TRISEALERT, TFALLALERT ---


def rise(temperature):
    return ["Temperature rise alert! TEMP: " + temperature]


def fall(temperature):
    return ["Temperature fall alert! TEMP: " + temperature]


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


def test_told_is_remembered():
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
