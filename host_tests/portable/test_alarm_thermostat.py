# SPDX-License-Identifier: MIT
"""Thermostat and alarm on one socket: who goes first, and for how long (spec chapter 4)."""

from alarm_kit import House
from device_kit import Dice

LIMIT = 20  # degrees Celsius
WEEK = 7 * 86400  # s


class Boiler(House):
    """A house whose thermostat heats to 20 degrees; the ALARM function is enabled."""

    def __init__(self, *texts):
        super().__init__("SWITCHOFFALERT=ON", *texts)
        assert "OK" in self.say("SWITCHOFFTEMP=%dC" % LIMIT)
        self.say("THERMOSTATON")
        self.arm()

    def read(self, celsius):
        self.device.reading(16 * celsius, self.now)
        self.commit()


def test_the_thermostat_waits_for_the_time_of_an_alarm():
    for value, level, warm in (("ON300", True, True), ("OFF300", False, False)):
        house = Boiler("RELAYTIME=" + value)
        temperature = LIMIT if warm else LIMIT - 1
        house.read(temperature)
        assert house.on != level
        house.contact(True)
        house.contact(False, 5)
        for _ in range(4):
            house.wait(60)
            house.read(temperature)
            assert house.on == level, value
        house.wait(57)
        assert house.on != level  # its end is what the thermostat wants, too
        house.read(temperature)
        assert house.on != level
        assert len(house.moves) == (3 if warm else 4), house.moves


def test_a_time_that_ends_against_the_thermostat():
    house = Boiler("RELAYTIME=OFF60")
    house.read(LIMIT)
    house.contact(True)
    house.contact(False, 5)
    house.wait(57)
    assert house.on
    house.read(LIMIT)
    assert not house.on


def test_the_thermostat_waits_until_the_sensor_is_inactive():
    for alert in ("SMS", "OFF", "SMSCHANGE", "CALL"):
        house = Boiler("RELAYTIME=ON", "ALERT=" + alert)
        house.read(LIMIT)
        assert not house.on
        house.contact(True)
        for _ in range(30):
            house.wait(60)
            house.read(LIMIT)
            assert house.on, alert
        house.restart(True)
        house.read(LIMIT)
        assert house.on, alert
        house.contact(False, 5)
        assert house.on == (alert != "SMSCHANGE")  # which puts it back itself
        house.read(LIMIT)
        assert not house.on
        # What comes in the pause is no alarm: it holds nothing.
        if alert in ("SMS", "OFF"):
            house.contact(True, 5)
            house.say("ON")
            house.read(LIMIT)
            assert not house.on


def test_the_hold_ends_with_alarmoff():
    for way in ("ALARMOFF", "button"):
        for value in ("ON", "ON600"):
            house = Boiler("RELAYTIME=" + value)
            house.read(LIMIT)
            house.contact(True)
            house.read(LIMIT)
            assert house.on
            if way == "ALARMOFF":
                house.say(way)
            else:
                house.device.button.pressed(100, house.now)
                house.commit()
            assert house.on == (value == "ON")
            house.read(LIMIT)
            assert not house.on
            assert house.stored()["alarm"]["holds"] is False


def test_the_hold_ends_when_the_sensor_is_inactive_by_its_type():
    house = Boiler("RELAYTIME=ON")
    house.contact(True)
    house.say_all("SENSORTYPE=NC")
    house.read(LIMIT)
    assert not house.on
    house.post()
    # A change that leaves it active begins a new alarm: that holds the socket again.
    house.say_all("SENSORTYPE=NO")
    assert house.alerts_after(0) and house.on
    house.say_all("ALERT=OFF")
    house.wait(0)
    house.read(LIMIT)
    assert house.on


def test_the_hold_ends_with_a_return_that_nobody_saw():
    for alert in ("SMS", "SMSCHANGE"):
        for how in ("restart", "power"):
            house = Boiler("RELAYTIME=ON", "ALERT=" + alert)
            house.read(LIMIT)
            house.contact(True)
            if how == "restart":
                house.restart(False)
            else:
                house.power_cycle(False)
            house.read(LIMIT)
            assert not house.on, (alert, how)


def test_an_order_in_a_time_of_the_alarm_ends_it():
    """Whoever orders last acts; the time is the alarm's no more, and the thermostat is back."""
    for order in ("ON", "ON600", "RESTART"):
        house = Boiler("RELAYTIME=ON600")
        house.read(LIMIT)
        house.contact(True)
        house.contact(False, 5)
        house.say(order)
        house.wait(20)
        assert house.on
        house.read(LIMIT)
        assert not house.on


def test_an_order_does_not_end_a_hold_without_a_time():
    house = Boiler("RELAYTIME=ON")
    house.read(LIMIT)
    house.contact(True)
    house.say("OFF")
    house.read(LIMIT - 1)
    assert not house.on
    house.wait(62)
    assert house.on  # the sensor is still active: the next alarm
    house.contact(False, 1)
    house.read(LIMIT)
    assert not house.on


def test_a_later_alarm_with_a_time_holds_for_that_time_only():
    house = Boiler("RELAYTIME=ON")
    house.read(LIMIT)
    house.contact(True)
    house.say_all("RELAYTIME=ON10")
    house.read(LIMIT)
    assert house.on
    house.wait(62)  # the next alarm
    house.post()
    house.say("ON")
    house.read(LIMIT)
    assert not house.on


def test_without_a_relaytime_the_alarm_holds_nothing():
    house = Boiler()
    house.contact(True)
    house.read(LIMIT - 1)
    assert house.on
    house.read(LIMIT)
    assert not house.on


class Rule:
    """The rule in few lines: where the socket has to be, and each of its moves.

    follows: the socket follows the sensor (SMSCHANGE); level, seconds: of RELAYTIME, None without
    a time; on: the socket is now.
    """

    def __init__(self, follows, level, seconds, on):
        self.follows, self.level, self.seconds = follows, level, seconds
        self.on = on
        self.moves = []
        self.active = False  # the sensor
        self.alarm_at = 0  # when the next alarm may be
        self.until = None  # when the socket goes back
        self.alarms_time = False  # that is the alarm's doing
        self.held = False  # by an alarm without a time

    def put(self, on, seconds, now):
        """Somebody orders: a running time is over."""
        self.on = on
        self.until = None if seconds is None else now + seconds + 1
        self.alarms_time = False

    def note(self, now):
        """An event is over: what it left is what the relay does."""
        before = self.moves[-1][1] if self.moves else None
        if self.on != before:
            self.moves.append((now, self.on))

    def alarm(self, now):
        self.put(self.level, self.seconds, now)
        self.alarms_time = self.seconds is not None
        self.held = self.seconds is None

    def pass_time(self, now):
        """Do what was due up to now."""
        while True:
            alarm_at = self.alarm_at if self.active and not self.follows else None
            due = [t for t in (self.until, alarm_at) if t is not None and t <= now]
            if not due:
                return
            when = min(due)
            if self.until == when:
                self.put(not self.on, None, when)
            if alarm_at == when:
                self.alarm_at = when + 61
                self.alarm(when)
            self.note(when)

    def contact(self, active, now):
        if active == self.active:
            return
        self.active = active
        if active:
            self.alarm_at = max(self.alarm_at, now)
        else:
            self.held = False
        if self.follows and active:
            self.alarm(now)
        elif self.follows:
            self.put(not self.level, None, now)
        self.note(now)
        self.pass_time(now)

    def reading(self, cold, now):
        if not self.held and not self.alarms_time and cold != self.on:
            self.put(cold, None, now)
            self.note(now)

    def order(self, on, seconds, now):
        self.put(on, seconds, now)
        self.note(now)


def live(house, rule, dice, end):
    """Let the temperature change, the contact tremble, the owner order, the chip restart."""
    celsius = LIMIT
    reading = house.now + 60
    while house.now < end:
        event = house.now + dice.pick((1, 1, 2, 3, 20, 45, 60, 61, 240, 250))
        while reading <= event:
            house.wait(reading - house.now)
            rule.pass_time(house.now)
            celsius = min(LIMIT + 4, max(LIMIT - 4, celsius + dice.roll(3) - 1))
            house.read(celsius)
            rule.reading(celsius < LIMIT, house.now)
            reading += 60
        house.wait(event - house.now)
        rule.pass_time(house.now)
        what = dice.roll(20)
        if what < 12:
            closed = not rule.active
            house.contact(closed)
            rule.contact(closed, house.now)
        elif what == 12:
            closed = dice.roll(2) == 0
            house.restart(closed)
            rule.contact(closed, house.now)
        elif what == 13:
            text, on, seconds = dice.pick(
                (("ON", True, None), ("OFF", False, None), ("ON90", True, 90))
            )
            house.send(text)
            rule.order(on, seconds, house.now)
        house.post()


def test_a_week_with_both():
    for alert, value, level, seconds in (
        ("SMS", "ON60", True, 60),
        ("SMS", "ON", True, None),
        ("SMS", "OFF600", False, 600),
        ("SMSCHANGE", "OFF", False, None),
        ("SMSCHANGE", "ON30", True, 30),
        ("OFF", "OFF", False, None),
    ):
        house = Boiler("RELAYTIME=" + value, "ALERT=" + alert)
        house.moves = []
        house.commit()
        rule = Rule(alert == "SMSCHANGE", level, seconds, house.on)
        rule.note(house.now)
        live(house, rule, Dice(len(value) + 7 * len(alert)), WEEK // 6)
        assert house.moves == rule.moves, (alert, value)
        assert len(rule.moves) > 100, len(rule.moves)
