# SPDX-License-Identifier: MIT
"""The scheduler: each rule once in its minute of its date, whatever the clock does."""

from device_kit import OWNER, Dice, Kit
from powersocket import calendar
from powersocket.outbox import ALERT

SMOKE = True

MONDAY = calendar.seconds(2026, 1, 5, 0, 0, 0)
DAY = 86400


class Alarm:
    """Stands in for the sensor alarm, which is a feature of its own."""

    def __init__(self):
        self.orders = []

    def order(self, on, now, by):
        self.orders.append((on, now))


def at(local=MONDAY, *rules):
    """Return a device whose clock is set, with rules."""
    kit = Kit()
    network(kit, local)
    kit.say_all(*["SCHEDULER+" + rule for rule in rules])
    return kit


def network(kit, local, quarters=0):
    kit.device.clock.network_time(local, quarters, kit.now)
    kit.commit()


def hour(text):
    return int(text[:2]) * 3600 + int(text[3:5]) * 60


def test_replies():
    kit = at()
    assert kit.say("SCHEDULER?") == "No rules!"
    assert kit.say("SCHEDULER+08:00,*,ON") == "SCHEDULER+08:00,*,ON - OK"
    assert kit.say("scheduler + 11:59 , * , aon") == "SCHEDULER+11:59,*,AON - OK"
    assert kit.say("SCHEDULER?") == "08:00,*,ON\n11:59,*,AON"
    assert kit.say("SCHEDULER-08:00") == "SCHEDULER-08:00 - OK"
    assert kit.say("SCHEDULER?") == "11:59,*,AON"
    assert kit.say("SCHEDULER-08:00") == "Incorrect value!"
    assert kit.say("scheduler-all") == "SCHEDULER-ALL - OK"
    assert kit.say("SCHEDULER-ALL") == "SCHEDULER-ALL - OK"
    assert kit.say("SCHEDULER?") == "No rules!"


def test_what_is_no_rule():
    kit = at()
    for odd in (
        "",
        "08:00",
        "08:00,*",
        "08:00,*,ON,",
        "8:00,*,ON",
        "08:0,*,ON",
        "0800,*,ON",
        "08-00,*,ON",
        "24:00,*,ON",
        "08:60,*,ON",
        "08:00,,ON",
        "08:00,0,ON",
        "08:00,8,ON",
        "08:00,12,ON",
        "08:00,**,ON",
        "08:00,*,",
        "08:00,*,RESTART",
        "08:00,*,ON30",
        "\u0660\u0668:00,*,ON",
    ):
        kit.wait(600)  # at most 5 error replies in 10 minutes
        assert kit.say("SCHEDULER+" + odd) == "Incorrect value!", odd
    for odd in ("", "*", "8:00", "08:00,*,ON", "24:00", "ALLES"):
        kit.wait(600)
        assert kit.say("SCHEDULER-" + odd) == "Incorrect value!", odd
    assert kit.say("SCHEDULER") == "SCHEDULER - No such command exists on the device!"
    assert kit.say("SCHEDULER?") == "No rules!"


def test_eight_rules_and_no_more():
    rules = ["%02d:59,%s,AON" % (i, "*1234567"[i]) for i in range(8)]
    kit = at(MONDAY, *rules)
    shown = kit.say("SCHEDULER?")
    assert shown == "\n".join(rules) and len(shown) <= 160
    assert kit.say("SCHEDULER+09:00,*,ON") == "List is full!"
    assert kit.say("SCHEDULER+09:00,*,OM") == "Incorrect value!"
    # One that is there already is kept once, also in a full list.
    assert kit.say("SCHEDULER+07:59,7,AON") == "SCHEDULER+07:59,7,AON - OK"
    assert kit.say("SCHEDULER?") == shown
    kit.restart()
    assert kit.say("SCHEDULER?") == shown


def test_all_rules_of_a_time_go():
    kit = at(MONDAY, "08:00,*,ON", "08:00,5,OFF", "08:01,*,OFF", "08:00,1,INF")
    assert kit.say("SCHEDULER-08:00") == "SCHEDULER-08:00 - OK"
    assert kit.say("SCHEDULER?") == "08:01,*,OFF"


def test_on_and_off_every_day():
    kit = at(MONDAY, "08:00,*,ON", "20:30,*,OFF")
    kit.wait(3 * DAY)
    expected = [(0, False)]
    for day in range(3):
        expected += [(day * DAY + hour("08:00"), True), (day * DAY + hour("20:30"), False)]
    assert kit.moves == expected


def test_days_of_the_week():
    for day in range(7):
        kit = at(MONDAY, "00:00,%d,ON" % (day + 1))
        kit.wait(6 * DAY + DAY - 1)
        assert kit.moves[-1] == (day * DAY, True)
    assert calendar.weekday(MONDAY // DAY) == 1


def test_the_alarm_function_is_ordered_if_there_is_one():
    kit = at(MONDAY, "09:00,1,AON", "18:00,5,AOF")
    kit.wait(DAY)
    kit.device.alarm = Alarm()
    kit.wait(10 * DAY)
    assert kit.device.alarm.orders == [
        (False, 4 * DAY + hour("18:00")),
        (True, 7 * DAY + hour("09:00")),
    ]


def test_inf_sends_the_status_to_every_alert_number():
    kit = at(MONDAY, "17:00,6,INF")
    kit.say_all("ALERTNUMBER+358401", "ALERTNUMBER+358402")
    kit.wait(5 * DAY + hour("17:00"))
    owed = kit.device.outbox.entries
    assert [e[0] for e in owed] == [ALERT]
    status = kit.device.status_text(kit.now)
    assert kit.post() == [("+358401", status), ("+358402", status)]
    assert status.endswith("\nTime: 26/01/10,17:00:00")
    assert status.count("Time:") == 1
    # With nobody to tell it to, nothing is owed.
    kit.device.set("ALERTNUMBER", [])
    kit.wait(7 * DAY)
    assert kit.post() == []


def test_rules_of_one_minute_act_in_the_order_added():
    kit = at(MONDAY, "08:00,*,OFF", "08:00,*,ON", "08:01,*,ON", "08:01,1,OFF")
    kit.wait(hour("08:00"))
    assert kit.on
    kit.wait(60)
    assert not kit.on


def test_nobody_gets_a_message_and_a_running_timer_is_over():
    kit = at(MONDAY + hour("07:59"), "08:00,*,OFF")
    kit.say("ON600")
    kit.wait(60)
    assert not kit.on and kit.post() == []
    kit.wait(1200)
    assert not kit.on


def test_never_caught_up():
    kit = at(MONDAY + hour("07:59"), "08:00,*,ON")
    network(kit, MONDAY + hour("08:01"))
    kit.wait(DAY - 120)
    assert not kit.on
    kit.wait(120)
    assert kit.on
    # Nor after the device was off.
    kit = at(MONDAY + hour("07:59"), "08:00,*,ON")
    kit.now += 120
    kit.restart()
    kit.wait(DAY - 300)
    assert not kit.on
    kit.wait(300)
    assert kit.on


def test_late_in_its_minute_is_in_time():
    for late in (0, 1, 30, 59):
        kit = at(MONDAY + hour("07:00"), "08:00,*,ON")
        network(kit, MONDAY + hour("08:00") + late)
        kit.wait(0)
        assert kit.on
        kit = at(MONDAY + hour("07:59"), "08:00,*,ON")
        kit.now += 60 + late
        kit.restart()
        kit.wait(0)
        assert kit.on
        kit = at(MONDAY + hour("08:00") + late)
        kit.say_all("SCHEDULER+08:00,*,ON")
        kit.wait(0)
        assert kit.on
    kit = at(MONDAY + hour("07:00"), "08:00,*,ON")
    network(kit, MONDAY + hour("08:00") + 60)
    kit.wait(0)
    assert not kit.on


def test_once_in_its_minute_over_restarts():
    kit = at(MONDAY + hour("07:59"), "08:00,*,ON")
    kit.wait(60)
    assert kit.on
    kit.say("OFF")
    kit.restart()
    kit.wait(30)
    assert not kit.on
    # All power gone: the clock comes from the network, still in that minute.
    kit.power_cycle()
    network(kit, MONDAY + hour("08:00") + 40)
    kit.wait(3600)
    assert not kit.on


def test_a_minute_that_comes_again_does_nothing():
    kit = at(calendar.seconds(2026, 10, 25, 2, 20, 0), "02:30,*,ON", "02:45,*,OFF")
    kit.wait(3000)
    assert [on for _, on in kit.moves] == [False, True, False]
    network(kit, calendar.seconds(2026, 10, 25, 2, 10, 0), 4)  # summer time is over
    kit.wait(DAY)
    assert [on for _, on in kit.moves] == [False, True, False]
    kit.wait(1800)
    assert [on for _, on in kit.moves] == [False, True, False, True]
    kit.wait(3600)
    assert [on for _, on in kit.moves] == [False, True, False, True, False]


def test_an_hour_that_summer_time_leaves_out():
    kit = at(calendar.seconds(2026, 3, 29, 1, 59, 0), "02:30,*,ON")
    kit.wait(60)
    network(kit, calendar.seconds(2026, 3, 29, 3, 0, 0), 8)
    kit.wait(DAY - 3600)
    assert not kit.on
    kit.wait(3600)
    assert kit.on


def test_a_clock_that_is_not_set_or_set_later():
    kit = Kit()
    kit.say_all("SCHEDULER+08:00,*,ON")
    assert kit.device.next_deadline() is None
    kit.wait(2 * DAY)
    assert not kit.on
    network(kit, MONDAY + hour("07:59"))
    kit.wait(60)
    assert kit.on


def test_dates():
    for before, day in (
        ("26/12/31,23:59:30", 5),  # to a Friday
        ("28/02/28,23:59:30", 2),  # to 29 February
        ("28/02/29,23:59:30", 3),
        ("33/12/31,23:59:30", 7),
        ("38/01/18,23:59:30", 2),
        ("99/12/30,23:59:30", 4),
    ):
        for rule, moves in ((day, True), (day % 7 + 1, False)):
            kit = Kit()
            kit.say_all("DATE=" + before + "+00", "SCHEDULER+00:00,%d,ON" % rule)
            kit.wait(30)
            assert kit.on == moves, (before, rule)
    # Where a second is no small integer any more.
    for before in ("34/01/09,13:36:30", "38/01/19,03:13:30"):
        kit = Kit()
        kit.say_all("DATE=" + before + "+00", "SCHEDULER+%s,*,ON" % (before[9:12] + "37"))
        kit.say_all("SCHEDULER+%s,*,ON" % (before[9:12] + "14"))
        kit.wait(30)
        assert kit.on


def test_wake_ups_and_commits_are_bounded():
    kit = at(MONDAY + hour("12:00"), "08:00,*,ON", "20:30,*,OFF", "09:00,3,ON")
    ticks = commits = 0
    end = 14 * DAY
    while True:
        deadline = kit.device.next_deadline()
        assert deadline > kit.now
        if deadline > end:
            break
        kit.now = deadline
        kit.device.tick(kit.now)
        ticks += 1
        commits += kit.device.dirty
        kit.commit()
    assert ticks == commits == 14 + 14 + 2
    # A tick of another feature, and a late one, change nothing.
    (scheduler,) = [f for f in kit.device.features if f.section == "scheduler"]
    scheduler.tick(kit.now + 100)
    assert not kit.device.dirty


def test_a_record_of_another_version():
    good = [480, 0, "ON", []]
    for odd in (7, [], [480], [480, 0, "ON"], ["08:00", 0, "ON", []], [480, 9, "ON", []]):
        kit = Kit({"scheduler": {"rules": [odd, good, [1440, 0, "ON", []]]}}, cause="restart")
        assert kit.say("SCHEDULER?") == "08:00,*,ON", odd
    kit = Kit({"scheduler": {"rules": [good] * 9}}, cause="restart")
    assert kit.say("SCHEDULER?").count("\n") == 7
    kit = Kit({"scheduler": {"rules": [[480, 0, "OM", []], [480, 0, [], []], good]}})
    assert kit.say("SCHEDULER?") == "08:00,*,ON"


def test_smsconfirm():
    kit = at()
    kit.say("SMSCONFIRM=OFF")
    assert kit.say("SCHEDULER+08:00,*,ON") is None
    assert kit.say("SCHEDULER?") == "08:00,*,ON"
    assert kit.say("SCHEDULER-ALL") is None
    kit.wait(3600)  # Ctrl: also when the configuration window is over
    assert kit.say("SCHEDULER+08:00,*,ON", OWNER) is None
    assert kit.say("SCHEDULER?") == "08:00,*,ON"


def test_against_a_reference_that_looks_every_minute():
    """Jumps within two days, restarts, rules of a few minutes; each (rule, date) acts once."""
    dice = Dice(11)
    total = 0
    for _ in range(15):
        kit = at(MONDAY + hour("12:00"))
        kit.device.alarm = alarm = Alarm()
        rules = []
        for _ in range(8):
            rule = (dice.roll(24) * 60 + dice.roll(60), dice.roll(8), dice.pick(("AON", "AOF")))
            if rule not in rules:
                rules.append(rule)
                text = "SCHEDULER+%02d:%02d,%s,%s"
                kit.say_all(text % (rule[0] // 60, rule[0] % 60, "*1234567"[rule[1]], rule[2]))
        expected, done = [], []
        offset = MONDAY + hour("12:00") - kit.now
        for _ in range(40):
            end = kit.now + dice.roll(240) * 60 + dice.roll(60)
            # It looks at once, and at the beginning of every minute.
            looks = [kit.now] + list(range(kit.now + 60 - (kit.now + offset) % 60, end + 1, 60))
            for now in looks:
                day, minute = (now + offset) // DAY, (now + offset) % DAY // 60
                for rule in rules:
                    if rule[0] == minute and rule[1] in (0, calendar.weekday(day)):
                        if (rule, day) not in done:
                            done.append((rule, day))
                            expected.append((rule[2] == "AON", now))
            kit.wait(end - kit.now)
            if dice.roll(3) == 0:
                offset += (dice.roll(200) - 100) * 120
                network(kit, kit.now + offset)
            elif dice.roll(4) == 0:
                kit.restart()
                kit.device.alarm = alarm
            kit.wait(0)
            # What acted in this very second, the reference sees in its next turn.
            assert alarm.orders[: len(expected)] == expected
            assert all([now == kit.now for _, now in alarm.orders[len(expected) :]])
        total += len(expected)
    assert total > 50


def test_a_rule_remembers_the_last_four_dates_on_which_it_acted():
    monday = calendar.seconds(2026, 1, 5, 7, 59, 0)
    kit = Kit()
    kit.say_all("SCHEDULER+08:00,*,ON")
    for day in range(4):
        kit.device.clock.network_time(monday + day * DAY, 0, kit.now)
        kit.wait(120)
        assert kit.on, day
        kit.say("OFF")
    for day in range(4):  # set back to each of them: it has acted
        kit.device.clock.network_time(monday + day * DAY, 0, kit.now)
        kit.wait(120)
        assert not kit.on, day
    for day in range(4, 40):  # the memory is bounded
        kit.device.clock.network_time(monday + day * DAY, 0, kit.now)
        kit.wait(120)
    assert len(kit.stored()["scheduler"]["rules"][0][3]) == 4


def test_a_rule_that_is_removed_without_a_reply_is_gone():
    kit = Kit()
    kit.say_all("SCHEDULER+08:00,*,ON", "SMSCONFIRM=OFF")
    assert kit.say("SCHEDULER-08:00") is None
    kit.restart()
    assert kit.say("SCHEDULER?") == "No rules!"
