# SPDX-License-Identifier: MIT
"""Who sets the clock, and how long it stands."""

from device_kit import FRIEND, OWNER, Dice, Kit
from powersocket import calendar

SMOKE = True

NOON = calendar.seconds(2026, 1, 5, 12, 0, 0)
STAMP = (2026, 1, 5, 12, 0, 0, 4)


def network(kit, local, quarters):
    """The network sends the time; return whether that made a commit necessary."""
    kit.device.clock.network_time(local, quarters, kit.now)
    dirty = kit.device.dirty
    kit.commit()
    return dirty


def told(kit):
    return kit.say("DATE")


def test_not_set():
    kit = Kit()
    assert told(kit) == "DATE not set"
    assert kit.say("DATE?") == "DATE not set"
    assert kit.say("STATUS").endswith("\nTime: not set")
    kit.say("ON")
    assert kit.say("RUNTIME") == "Power socket is ON from: unknown"
    assert kit.device.clock.text(kit.now) is None


def test_the_network_sets_it():
    kit = Kit()
    assert network(kit, NOON, 4)
    assert told(kit) == "DATE 26/01/05,12:00:00+01"
    kit.wait(3661)
    assert kit.say("date?") == "DATE 26/01/05,13:01:01+01"
    assert kit.say("STATUS").endswith("\nTime: 26/01/05,13:01:01")
    kit.say("ON")
    kit.wait(60)
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,13:01:01"


def test_the_network_corrects_it_and_costs_no_commit_for_nothing():
    kit = Kit()
    assert network(kit, NOON, 4)
    for late in (0, 1, -1):
        kit.wait(100)
        assert not network(kit, NOON + kit.now + late, 4)
    assert told(kit) == "DATE 26/01/05,12:05:00+01"
    assert network(kit, NOON + kit.now + 2, 4)
    assert told(kit) == "DATE 26/01/05,12:05:02+01"
    assert network(kit, NOON + kit.now - 7200, 4)
    assert told(kit) == "DATE 26/01/05,10:05:00+01"


def test_summer_time_is_a_change_of_zone():
    kit = Kit()
    network(kit, calendar.seconds(2026, 3, 29, 1, 59, 50), 4)
    kit.wait(10)
    assert network(kit, calendar.seconds(2026, 3, 29, 3, 0, 0), 8)
    assert told(kit) == "DATE 26/03/29,03:00:00+02"
    network(kit, calendar.seconds(2026, 10, 25, 2, 59, 59), 8)
    assert network(kit, calendar.seconds(2026, 10, 25, 2, 0, 0), 4)
    assert told(kit) == "DATE 26/10/25,02:00:00+01"
    # The zone alone, as where it changes without a jump.
    assert network(kit, calendar.seconds(2026, 10, 25, 2, 0, 0), 5)


def test_half_hours_are_kept_and_shown_in_whole_hours():
    for quarters, shown in ((22, "+05"), (-14, "-03"), (-2, "+00"), (51, "+12")):
        kit = Kit()
        network(kit, NOON, quarters)
        assert told(kit) == "DATE 26/01/05,12:00:00" + shown
        assert kit.stored()["clock"]["zone"] == quarters


def test_the_first_message_sets_it_before_it_is_carried_out():
    kit = Kit()
    assert kit.say("ON", stamp=STAMP) == "Power socket ON"
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:00:00"
    kit.wait(60)
    # The second one does not.
    late = (2026, 1, 5, 11, 0, 0, 4)
    assert kit.say("DATE", stamp=late) == "DATE 26/01/05,12:01:00+01"
    # The network replaces it.
    network(kit, NOON, 8)
    assert told(kit) == "DATE 26/01/05,12:00:00+02"


def test_a_stamp_that_is_no_date_sets_nothing():
    for stamp in (None, (2026, 2, 30, 12, 0, 0, 0), (2025, 2, 29, 12, 0, 0, 0)):
        kit = Kit()
        assert kit.say("DATE", stamp=stamp) == "DATE not set"
        assert kit.say("DATESMS", stamp=stamp) == "Execute error!"
        assert told(kit) == "DATE not set"


def test_by_hand():
    kit = Kit()
    network(kit, NOON, 4)
    assert kit.say("DATE=28/02/29,23:59:50-12") == "DATE=28/02/29,23:59:50-12 - OK"
    kit.wait(10)
    assert told(kit) == "DATE 28/03/01,00:00:00-12"
    # It stands: neither the network nor a message moves it, also after a restart.
    assert not network(kit, NOON, 4)
    kit.restart()
    assert not network(kit, NOON, 4)
    assert kit.say("DATE", stamp=STAMP) == "DATE 28/03/01,00:00:00-12"
    # Until DATESMS ..
    assert kit.say("datesms", stamp=STAMP) == "DATE 26/01/05,12:00:00+01 - OK"
    assert network(kit, NOON + 3600, 8)
    assert told(kit) == "DATE 26/01/05,13:00:00+02"
    # .. or until all power is lost.
    kit.say("DATE=28/02/29,23:59:50+14")
    kit.power_cycle()
    assert told(kit) == "DATE not set"
    assert network(kit, NOON, 4)
    assert told(kit) == "DATE 26/01/05,12:00:00+01"


def test_by_hand_to_the_second():
    kit = Kit()
    kit.say("DATE=26/01/05,12:00:00+00")
    for typed in ("26/01/05,12:00:01+00", "26/01/05,12:00:00+00", "26/01/05,12:00:00-00"):
        shown = typed.replace("-00", "+00")
        assert kit.say("DATE=" + typed) == "DATE=" + shown + " - OK"
        assert told(kit) == "DATE " + shown


def test_by_hand_refused():
    kit = Kit()
    for odd in (
        "",
        "NO",
        "26/01/05",
        "26/02/29,12:00:00+01",
        "26/01/05,12:00:00+15",
        "26/01/05,12:00:00+ 1",
        "26/01/05,12:00:00 +01",
        "26 /01/05,12:00:00+01",
    ):
        kit.wait(150)
        assert kit.say("DATE=" + odd) == "Incorrect value!"
    assert told(kit) == "DATE not set"


def test_datesms_of_one_who_may_not_does_nothing():
    kit = Kit()
    network(kit, NOON, 0)
    kit.say("MAKEMEBOSS")
    assert kit.say("DATESMS", FRIEND, stamp=STAMP) is None
    assert told(kit) == "DATE 26/01/05,12:00:00+00"
    assert kit.say("DATESMS", OWNER, stamp=STAMP) == "DATE 26/01/05,12:00:00+01 - OK"


def test_types_of_commands():
    kit = Kit()
    network(kit, NOON, 0)
    kit.say("SMSCONFIRM=OFF")
    assert told(kit) and kit.say("DATE?")
    assert kit.say("DATESMS", stamp=STAMP) is None
    assert kit.say("DATE=26/01/05,12:00:00+00") is None
    kit.wait(1801)
    expired = "DATE=26/01/05,12:00:00+00 - Time for configuration is expired (Conf)!"
    assert kit.say("DATE=26/01/05,12:00:00+00") == expired
    assert kit.say("DATESMS", stamp=STAMP).startswith("DATESMS - Time for")
    assert kit.say("DATE").startswith("DATE 26/01/05,12:30:01")


def test_restart_keeps_it_and_power_up_unsets_it():
    kit = Kit()
    network(kit, NOON, 4)
    kit.say("ON")
    kit.wait(90)
    kit.restart()
    assert told(kit) == "DATE 26/01/05,12:01:30+01"
    assert kit.say("RUNTIME") == "Power socket is ON from: 26/01/05,12:00:00"
    kit.power_cycle()
    # The power-up counts as going on, at a time that nobody knows.
    assert kit.say("RUNTIME") == "Power socket is ON from: unknown"
    assert told(kit) == "DATE not set"


def test_a_factory_reset_keeps_the_time():
    kit = Kit()
    network(kit, NOON, 4)
    kit.device.factory_reset(kit.now)
    kit.commit()
    kit.restart()
    assert told(kit) == "DATE 26/01/05,12:00:00+01"


def test_no_commit_without_need():
    kit = Kit()
    kit.device.start("restart", kit.now)
    assert not kit.device.dirty
    kit.device.start("power", kit.now)
    kit.device.dirty = False
    kit.device.clock.begin("power", kit.now)
    assert not kit.device.dirty


def test_turns_of_years_and_of_small_integers():
    for before, after in (
        ("26/12/31,23:59:59", "27/01/01,00:00:00"),
        ("28/02/28,23:59:59", "28/02/29,00:00:00"),
        ("34/01/09,13:37:03", "34/01/09,13:37:04"),
        ("38/01/19,03:14:07", "38/01/19,03:14:08"),
        ("68/01/19,03:14:07", "68/01/19,03:14:08"),
        ("99/12/31,23:59:58", "99/12/31,23:59:59"),
    ):
        kit = Kit()
        kit.say("DATE=" + before + "+00")
        kit.wait(1)
        kit.restart()
        assert told(kit) == "DATE " + after + "+00"


def test_a_record_of_another_version():
    for odd in ({"clock": 7}, {"clock": {"set": 1}}, {"clock": {"offset": "x"}}):
        kit = Kit(odd, cause="restart")
        assert told(kit) == "DATE not set"


def test_any_order_of_events_keeps_the_rules():
    """A reference of few lines: what was set last by whoever may set it, and the time since."""
    dice = Dice(7)
    for _ in range(20):
        kit = Kit()
        base, hand = None, False
        for _ in range(30):
            kit.wait(dice.roll(200))
            local = NOON + dice.roll(250) * 1000
            event = dice.roll(6)
            if event == 0 and not hand:
                base = local - kit.now
            if event == 0:
                network(kit, local, 0)
            elif event == 1:
                kit.say("DATE=" + calendar.text(local) + "+00")
                base, hand = local - kit.now, True
            elif event == 2:
                stamp = calendar.date(local // 86400)
                second = local % 86400
                stamp += (second // 3600, second // 60 % 60, second % 60, 0)
                if dice.roll(2):
                    kit.say("DATESMS", stamp=stamp)
                    base, hand = local - kit.now, False
                else:
                    kit.say("ON", stamp=stamp)
                    base = local - kit.now if base is None else base
            elif event == 3:
                kit.restart()
            elif event == 4 and dice.roll(4) == 0:
                kit.power_cycle()
                base, hand = None, False
            expected = "not set" if base is None else calendar.text(base + kit.now) + "+00"
            assert told(kit) == "DATE " + expected
