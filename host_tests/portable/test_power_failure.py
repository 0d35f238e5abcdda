# SPDX-License-Identifier: MIT
"""The power notifier: failure, return, the end of the time on battery, what a start means."""

from device_kit import FRIEND, OWNER, Kit
from powersocket.outbox import SENT, TRANSIENT

SMOKE = True

FAILED = [(OWNER, "Power failed!"), (FRIEND, "Power failed!")]
RESTORED = [(OWNER, "Power restored!"), (FRIEND, "Power restored!")]


def ready(*texts):
    kit = Kit()
    kit.say_all("ALERTNUMBER" + OWNER, "ALERTNUMBER" + FRIEND, *texts)
    return kit


def mains(kit, on, ago=0):
    kit.device.on_battery = not on
    kit.device.mains(on, kit.now - ago)
    kit.commit()


def start(kit, cause, on_battery=False):
    """Start as the application does, which looks at the mains before it says so."""
    device = kit.device
    kit.device = type(device)(kit.model, kit.config, b"\x00" * 6, kit.log.append, kit.load)
    kit.device.on_battery = on_battery
    kit.device.start(cause, kit.now)
    kit.commit()


def test_setting():
    kit = Kit()
    assert kit.say("POWERALERT?") == "POWERALERT=(ON),OFF"
    assert kit.say("POWERALERT=OFF") == "POWERALERT=OFF - OK"
    assert kit.say("POWERALERT?") == "POWERALERT=ON,(OFF)"
    assert kit.say("POWERALERT=") == "Incorrect value!"


def test_failure_and_return():
    kit = ready()
    assert not kit.device.power.may_sleep()
    mains(kit, False)
    assert kit.device.power.failed
    assert not kit.device.power.may_sleep()
    assert kit.post() == FAILED
    assert kit.device.power.may_sleep()
    kit.wait(60)
    mains(kit, True)
    assert not kit.device.power.failed
    assert not kit.device.power.may_sleep()
    assert kit.post() == RESTORED
    assert kit.device.next_deadline() is None


def test_the_time_is_that_of_the_event():
    kit = ready()
    kit.say("DATE=26/01/05,12:00:00+01")
    kit.wait(10)
    mains(kit, False, 2)
    kit.wait(600)
    mains(kit, True)
    assert [text for _, text in kit.post()] == [
        "Power failed!\nTime: 26/01/05,12:00:08",
        "Power failed!\nTime: 26/01/05,12:00:08",
        "Power restored!\nTime: 26/01/05,12:10:10",
        "Power restored!\nTime: 26/01/05,12:10:10",
    ]


def test_both_in_order_if_the_first_could_not_be_sent():
    kit = ready("ALERTNUMBER-" + FRIEND)
    box = kit.device.outbox
    mains(kit, False)
    entry, number = box.next(kit.now)
    box.result(entry, number, TRANSIENT, kit.now)
    kit.wait(3)
    mains(kit, True)
    assert kit.post() == [FAILED[0], RESTORED[0]]


def test_nothing_to_tell():
    for texts in (("POWERALERT=OFF",), ("ALERTNUMBER-ALL",)):
        kit = ready(*texts)
        mains(kit, False)
        assert kit.post() == []
        assert kit.device.power.may_sleep()
        mains(kit, True)
        assert kit.post() == []
        start(kit, "wake")
        assert kit.post() == []
        kit.power_cycle(told=True)
        assert kit.post() == []


def test_what_is_owed_keeps_it_awake():
    kit = ready("POWERALERT=OFF")
    kit.device.outbox.reply(OWNER, "x")
    mains(kit, False)
    assert not kit.device.power.may_sleep()
    kit.post()
    assert kit.device.power.may_sleep()
    kit.device.errands.add("ussd", "*100#", OWNER)
    assert not kit.device.power.may_sleep()
    kit.device.errands.done(kit.device.errands.first(), "", kit.now)
    kit.post()
    assert kit.device.power.may_sleep()


def test_twenty_minutes():
    kit = ready()
    mains(kit, False)
    begin = kit.now
    kit.wait(1199)
    assert not kit.device.power.may_sleep()
    # A restart of the chip does not begin it again, and sends no alert.
    start(kit, "restart", on_battery=True)
    assert not kit.device.power.may_sleep()
    assert kit.device.next_deadline() == begin + 1200
    kit.wait(1)
    assert kit.device.power.may_sleep()
    assert kit.device.next_deadline() is None
    # It wakes, and reports both.
    kit.now += 86400
    start(kit, "wake")
    assert not kit.device.power.may_sleep()
    assert kit.post() == FAILED + RESTORED
    # The next failure has its own time.
    mains(kit, False)
    assert not kit.device.power.may_sleep()
    assert kit.device.next_deadline() == kit.now + 1200


def test_which_starts_are_a_return():
    kit = ready()
    start(kit, "restart")
    assert kit.post() == []
    start(kit, "power")
    assert kit.post() == RESTORED
    start(kit, "wake")
    assert kit.post() == RESTORED
    # Not without mains: the battery alone.
    start(kit, "power", on_battery=True)
    start(kit, "wake", on_battery=True)
    assert kit.post() == []


def test_the_battery_went_empty():
    kit = ready()
    kit.wait(5000)
    mains(kit, False)
    kit.post()
    kit.now = 0
    start(kit, "power")
    assert not kit.device.power.failed
    assert kit.post() == RESTORED
    # ... and has power again without mains: uptime has begun at 0 again.
    kit.wait(5000)
    mains(kit, False)
    kit.post()
    kit.now = 0
    start(kit, "power", on_battery=True)
    assert kit.device.power.failed
    assert kit.post() == []
    assert kit.device.power.may_sleep()


def test_a_reset_is_neither():
    for failed in (False, True):
        kit = ready()
        if failed:
            mains(kit, False)
        kit.device.factory_reset(kit.now)
        kit.say_all("ALERTME")
        kit.commit()
        start(kit, "restart", on_battery=failed)
        assert kit.post() == []
        assert kit.device.power.failed == failed
        assert kit.device.switched_on  # as far as the LEDs go


def test_switch_on():
    """What opens the configuration window and makes the LEDs flash."""
    kit = ready()

    def expired():
        kit.wait(1801)
        return kit.say("RESTARTTIME=9").endswith("is expired (Conf)!")

    assert kit.device.switched_on
    assert expired()
    mains(kit, False)
    kit.post()
    assert expired()
    kit.device.switched_on = False
    mains(kit, True)
    assert kit.device.switched_on
    kit.post()
    kit.say_all("RESTARTTIME=9")
    assert expired()
    start(kit, "restart")
    assert not kit.device.switched_on
    assert expired()
    start(kit, "wake")
    assert kit.device.switched_on
    kit.post()
    kit.say_all("RESTARTTIME=9")


def test_powerstate_at_a_return():
    for back in ("mains", "wake"):
        for wish, order, level in (
            ("REMEMBER", "ON", True),
            ("REMEMBER", "OFF", False),
            ("REMEMBER", "ON600", False),
            ("REMEMBER", "OFF600", True),
            ("ON", "OFF", True),
            ("OFF", "ON", False),
        ):
            kit = ready()
            kit.say("POWERSTATE=" + wish)
            kit.say(order)
            before = kit.on
            mains(kit, False)
            kit.wait(30)
            assert kit.on == before  # on battery the socket stays as it is
            if back == "mains":
                mains(kit, True)
            else:
                start(kit, "wake")
            assert kit.on == level, (back, wish, order)
            kit.wait(1000)
            assert kit.on == level


def test_commands_work_on_battery():
    kit = ready()
    mains(kit, False)
    assert kit.post() == FAILED
    assert kit.say("ON30") == "Power ON for 30 seconds"
    kit.wait(40)
    assert not kit.on


def test_a_number_that_cannot_be_reached():
    """The rest of the time it is tried; then the device sleeps all the same."""
    kit = ready()
    box = kit.device.outbox
    mains(kit, False)
    while not kit.device.power.may_sleep():
        owed = box.next(kit.now)
        if owed is None:
            kit.wait(10)
        else:
            box.result(owed[0], owed[1], SENT if owed[1] == OWNER else TRANSIENT, kit.now)
    assert kit.now == 1200
    assert [e[1] for e in box.entries] == [[FRIEND]]


def test_which_models_have_a_battery():
    for name, battery in (("EP", True), ("GSM707", True), ("GSM706", False)):
        assert Kit(model=name).device.power.battery == battery, name
