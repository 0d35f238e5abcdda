# SPDX-License-Identifier: MIT
"""The hidden button's presses, and what the LEDs show."""

from device_kit import OWNER, Kit

from firmware import lights

SMOKE = True


class Alarm:
    """A sensor alarm that notes its orders."""

    def __init__(self):
        self.enabled = self.active = False
        self.orders = []

    def order(self, on, now, by):
        self.orders.append(on)
        self.enabled = on


def press(kit, ms):
    kit.device.button.pressed(ms, kit.now)
    kit.commit()


def test_a_short_press_switches():
    kit = Kit()
    for ms in (30, 200, 1999, 2000):
        before = kit.on
        press(kit, ms)
        assert kit.on != before, ms
    for ms in (2001, 3000, 5000, 9999):
        before = kit.on
        press(kit, ms)
        assert kit.on == before, ms
        assert not kit.device.restart_wanted


def test_it_ends_a_running_time():
    kit = Kit()
    kit.say("ON60")
    press(kit, 200)
    assert not kit.on
    kit.wait(100)
    assert not kit.on
    assert kit.post() == []


def test_the_alarm_function_goes_first():
    kit = Kit()
    kit.device.alarm = alarm = Alarm()
    alarm.enabled = True
    press(kit, 2001)
    assert alarm.orders == []
    press(kit, 200)
    assert alarm.orders == [False]
    assert not kit.on
    press(kit, 200)
    assert alarm.orders == [False]
    assert kit.on


def test_a_long_press_resets():
    for enabled in (False, True):
        kit = Kit()
        kit.say_all("RESTARTTIME=5", "MAKEMEBOSS")
        kit.say("ON")
        kit.device.alarm = alarm = Alarm()
        alarm.enabled = enabled
        press(kit, 10000)
        assert alarm.orders == []
        assert kit.device.restart_wanted
        assert not kit.on
        assert kit.say("RESTARTTIME?") == "RESTARTTIME=10 seconds"
        assert kit.say("SECLIST?") == "SECLIST=(OFF),ON"
        # The start after it counts as switching on, the next one does not.
        kit.restart()
        assert kit.device.switched_on
        kit.restart()
        assert not kit.device.switched_on
        assert kit.post() == []


def leds(**state):
    """Return the patterns of POWER, GSM, OUT for a state of things."""
    kit = Kit()
    device = kit.device
    device.booting = state.get("booting", False)
    device.modem.alive = state.get("alive", True)
    device.modem.sim = state.get("sim", "READY")
    device.modem.registered = state.get("registered", True)
    device.on_battery = state.get("battery", False)
    device.alarm = alarm = Alarm()
    alarm.enabled = state.get("enabled", False)
    alarm.active = state.get("active", False)
    if state.get("on"):
        kit.say("ON", OWNER)
    patterns = lights.patterns(device, state.get("together", ""))
    assert len(patterns) == 3
    return patterns["power"], patterns["gsm"], patterns["out"]


def test_patterns():
    assert leds() == ("steady", "1/3s", "off")
    assert leds(on=True) == ("steady", "1/3s", "steady")
    assert leds(registered=False) == ("steady", "1/s", "off")
    assert leds(enabled=True) == ("1/s", "1/3s", "off")
    assert leds(enabled=True, active=True) == ("4/s", "1/3s", "off")
    assert leds(active=True) == ("steady", "1/3s", "off")


def test_sim_trouble():
    for sim in ("NOT INSERTED", "SIM PIN", "SIM PUK", "UNKNOWN"):
        for on in (False, True):
            assert leds(sim=sim, registered=False, on=on) == ("sim", "1/s", "4/s")
            assert leds(sim=sim, registered=False, on=on, enabled=True, active=True)[0] == "sim"
    assert leds(sim="", registered=False) == ("steady", "1/s", "off")  # not asked for yet


def test_the_modem_does_not_answer():
    """What is known of the SIM is not known any more."""
    for sim in ("", "READY", "NOT INSERTED"):
        assert leds(alive=False, sim=sim, registered=False, on=True) == ("steady", "off", "4/s")
        assert leds(alive=False, sim=sim, enabled=True)[0] == "1/s"


def test_out_shows_no_trouble_while_the_modem_boots():
    for on, out in ((False, "off"), (True, "steady")):
        for sim in ("", "NOT INSERTED", "SIM PIN"):
            assert leds(booting=True, alive=False, sim=sim, on=on) == ("steady", "off", out)
        # POWER has no such grace.
        assert leds(booting=True, sim="SIM PIN", registered=False, on=on) == ("sim", "1/s", out)


def test_when_it_boots():
    kit = Kit()
    assert kit.device.booting
    kit.restart()
    assert not kit.device.booting
    kit._start("wake")
    assert kit.device.booting
    kit.device.factory_reset(kit.now)
    kit.commit()
    kit.restart()  # the first start after it counts as switching on
    assert kit.device.booting
    kit.restart()
    assert not kit.device.booting


def test_on_battery():
    assert leds(battery=True) == ("off", "1/3s", "off")
    assert leds(battery=True, enabled=True, active=True, on=True) == ("off", "1/3s", "steady")
    assert leds(battery=True, sim="SIM PIN", registered=False) == ("off", "1/s", "4/s")
    assert leds(battery=True, alive=False) == ("off", "off", "4/s")


def test_together():
    """The flash of a switching on and the reset's blinking go before everything else."""
    for pattern in ("flash3", "3/s", "1/s"):
        assert leds(together=pattern, battery=True, on=True) == (pattern, "1/3s", pattern)


def test_a_device_without_an_alarm():
    kit = Kit()
    kit.device.alarm = None
    kit.device.modem.alive = True
    assert lights.patterns(kit.device)["power"] == "steady"
