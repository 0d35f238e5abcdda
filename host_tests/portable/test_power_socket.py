# SPDX-License-Identifier: MIT
"""The socket: orders, its one timer, restarts of the chip, losses of power."""

from device_kit import Kit

SMOKE = True

NOON = 820929600  # 2026-01-05 12:00:00, local seconds since 2000


def switched(kit, since):
    """Return (seconds from `since`, level) of every move of the socket after `since`."""
    return [(t - since, level) for t, level in kit.moves if t > since]


def near(moves, wanted):
    """True if the moves are those that are wanted, each up to a second late, none early."""
    if len(moves) != len(wanted):
        return False
    return all([w <= t <= w + 1 and m == n for (t, m), (w, n) in zip(moves, wanted)])


def test_on_and_off():
    kit = Kit()
    assert not kit.on
    assert kit.say("ON") == "Power socket ON"
    assert kit.on
    assert kit.say("ON") == "Power socket ON"
    assert kit.on
    assert kit.say("OFF") == "Power socket OFF"
    assert not kit.on
    assert kit.device.next_deadline() is None


def test_for_a_time():
    kit = Kit(now=100)
    assert kit.say("ON30") == "Power ON for 30 seconds"
    assert kit.on
    kit.wait(29)
    assert kit.on
    kit.wait(100)
    assert near(switched(kit, 100), [(30, False)]), kit.moves
    assert kit.device.next_deadline() is None
    start = kit.now
    assert kit.say("OFF30") == "Power OFF for 30 seconds"
    kit.wait(100)
    assert near(switched(kit, start), [(30, True)]), kit.moves


def test_a_time_is_never_cut_short():
    """Now is a second that has begun: 1 second lasts until the second after the next one."""
    kit = Kit()
    kit.say("ON1")
    kit.wait(1)
    assert kit.on
    kit.wait(1)
    assert not kit.on


def test_limits_of_a_time():
    for word in ("ON", "OFF"):
        kit = Kit()
        for count in ("0", "00", "65001", "100000", "9" * 20):
            kit.now += 600
            assert kit.say(word + count) == "Incorrect value!", count
            assert not kit.on
            assert kit.device.next_deadline() is None
        assert kit.say(word + "1") == "Power " + word + " for 1 seconds"
        assert kit.say(word + "00065000") == "Power " + word + " for 65000 seconds"
        begin = kit.now
        kit.wait(65000)
        assert kit.on == (word == "ON")
        kit.wait(1)
        assert kit.on == (word == "OFF")
        assert kit.now == begin + 65001


def test_every_order_ends_a_running_time():
    for order, level in (("ON", True), ("OFF", False)):
        for running in ("ON30", "OFF30", "RESTART"):
            kit = Kit()
            kit.say(running)
            kit.wait(3)
            kit.say(order)
            assert kit.on == level
            assert kit.device.next_deadline() is None
            kit.wait(100)
            assert kit.on == level


def test_a_time_replaces_a_time():
    kit = Kit()
    kit.say("ON30")
    kit.wait(20)
    begin = kit.now
    kit.say("ON60")
    kit.wait(200)
    assert near(switched(kit, begin), [(60, False)])
    begin = kit.now
    kit.say("ON30")
    kit.wait(20)
    kit.say("OFF30")
    kit.wait(200)
    assert near(switched(kit, begin), [(20, False), (50, True)]), kit.moves


def test_restart():
    for level in (False, True):
        kit = Kit()
        kit.say("ON" if level else "OFF")
        kit.wait(5)
        begin = kit.now
        assert kit.say("RESTART") == "Power socket restarted"
        assert kit.on == (not level)
        kit.wait(100)
        assert kit.on == level
        assert near(switched(kit, begin), [(10, level)])


def test_restarttime_is_that_of_the_moment():
    kit = Kit()
    kit.say_all("RESTARTTIME=600")
    kit.say("RESTART")
    begin = kit.now
    kit.say_all("RESTARTTIME=5")
    kit.wait(700)
    assert near(switched(kit, begin), [(600, False)])
    begin = kit.now
    kit.say("RESTART")
    kit.wait(700)
    assert near(switched(kit, begin), [(5, False)])


def test_restart_during_restart_keeps_the_end():
    for level in (False, True):
        kit = Kit()
        kit.say("ON" if level else "OFF")
        kit.wait(5)
        begin = kit.now
        kit.say("RESTART")
        for _ in range(5):
            kit.wait(8)
            assert kit.say("RESTART") == "Power socket restarted"
            assert kit.on == (not level)
        kit.wait(100)
        assert kit.on == level
        assert near(switched(kit, begin), [(50, level)]), kit.moves


def test_restart_replaces_a_running_time():
    kit = Kit()
    kit.say("ON30")
    kit.wait(10)
    begin = kit.now
    kit.say("RESTART")
    assert not kit.on
    kit.wait(1000)
    assert kit.on  # the state of the moment, not the end of ON30
    assert near(switched(kit, begin), [(10, True)])


def test_a_time_replaces_restart():
    kit = Kit()
    kit.say("RESTART")
    kit.wait(3)
    begin = kit.now
    kit.say("ON30")
    # .. and RESTART then is a new one, not the old one going on.
    kit.wait(3)
    kit.say("RESTART")
    assert not kit.on
    kit.wait(100)
    assert kit.on
    assert near(switched(kit, begin), [(3, False), (13, True)]), kit.moves


def test_timers_survive_a_restart_of_the_chip():
    for text, first, last in (("ON60", True, False), ("OFF60", False, True)):
        kit = Kit()
        kit.say(text)
        begin = kit.now
        for _ in range(5):
            kit.wait(10)
            kit.restart()
            assert kit.on == first
        kit.wait(100)
        assert kit.on == last
        assert near(switched(kit, begin), [(60, last)])


def test_restart_under_way_survives_a_restart_of_the_chip():
    kit = Kit()
    kit.say_all("RESTARTTIME=60")
    begin = kit.now
    kit.say("RESTART")
    kit.wait(30)
    kit.restart()
    kit.wait(20)
    kit.say("RESTART")  # still a RESTART during RESTART
    kit.wait(200)
    assert near(switched(kit, begin), [(110, False)]), kit.moves
    assert not kit.on


def test_a_timer_that_ended_meanwhile_ends_at_the_start():
    kit = Kit()
    kit.say("ON60")
    kit.now += 3600  # nobody ticked it: the chip was down
    kit.restart()
    kit.wait(0)
    assert not kit.on
    assert kit.device.next_deadline() is None


def test_powerstate_after_a_loss_of_power():
    for wish in ("REMEMBER", "ON", "OFF"):
        for order, level in (
            ("ON", True),
            ("OFF", False),
            ("ON600", False),  # where the timer would have ended
            ("OFF600", True),
        ):
            kit = Kit()
            if wish != "REMEMBER":
                kit.say_all("POWERSTATE=" + wish)
            kit.say(order)
            kit.wait(5)
            # A restart of the chip alone is none, whatever the wish is.
            before = kit.on
            kit.restart()
            assert kit.on == before
            kit.power_cycle()
            expected = level if wish == "REMEMBER" else wish == "ON"
            assert kit.on == expected, (wish, order)
            assert kit.device.next_deadline() is None
            kit.power_cycle()
            assert kit.on == expected


def test_restart_and_a_loss_of_power():
    for level in (False, True):
        kit = Kit()
        kit.say("ON" if level else "OFF")
        kit.say("RESTART")
        assert kit.on != level
        kit.power_cycle()
        assert kit.on == level


def test_runtime():
    kit = Kit()
    kit.device.clock.network_time(NOON, 0, 0)
    assert kit.say("RUNTIME") == "Power socket is OFF"
    kit.say("ON60")
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:00:00"
    kit.wait(30)
    kit.say("ON")  # it is on: that changes nothing
    assert kit.say("runtime") == "Power socket is ON from: 26/01/05,12:00:00"
    kit.restart()
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:00:00"
    # By whatever cause: the end of a time, too.
    kit.say("OFF29")
    kit.wait(40)
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:01:00"
    kit.device.button.pressed(100, kit.now)
    assert kit.say("RUNTIME") == "Power socket is OFF"
    kit.wait(50)
    kit.say("RESTART")  # it goes on for ten seconds
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:02:00"


def test_runtime_counts_from_power_up():
    kit = Kit()
    kit.device.clock.network_time(NOON, 0, 0)
    kit.say("ON")
    kit.power_cycle()
    assert kit.on
    assert kit.say("RUNTIME") == "Power socket is ON from: unknown"
    kit.wait(6)
    kit.device.clock.network_time(NOON, 0, kit.now)
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,11:59:54"
    # The mains alone came back.
    kit.device.mains(False, kit.now)
    kit.wait(54)
    kit.device.mains(True, kit.now)
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:00:54"
