# SPDX-License-Identifier: MIT
"""SMSLIMIT: what counts, which day it is, and what still leaves beyond the limit."""

from device_kit import FRIEND, OWNER, Kit
from powersocket.interpreter import NUMBER, Message
from powersocket.outbox import SENT, SPENT

DAY = 86400
REACHED = "SMS limit of today is reached!"


def kit_with(limit, sent=0):
    """A device with a limit that has sent so many messages today."""
    kit = Kit(record={"settings": {"SMSLIMIT": limit}})
    kit.device.outbox.drop("power")
    spend(kit, sent)
    return kit


def spend(kit, sent):
    """So many messages were sent today."""
    kit.device.record["budget"]["sent"] = sent
    kit.device.dirty = True
    kit.commit()


def post(kit, parts=1):
    """Send what the outbox owes, as the mail sender does; return what left, as (to, text)."""
    device, left = kit.device, []
    owed = device.outbox.next(kit.now)
    while owed is not None:
        entry, number = owed
        allowed = device.outbox.allows(entry, parts, kit.now)
        if allowed:
            left.append((number, device.outbox.text(entry).split("\n")[0]))
            device.outbox.count(entry, parts, kit.now)
        device.outbox.result(entry, number, SENT if allowed else SPENT, kit.now)
        owed = device.outbox.next(kit.now)
    kit.commit()
    return left


def say(kit, text):
    kit.send(text)  # its reply leaves uncounted: what is asked below is what the test counted


def receive(kit, text):
    kit.receive(Message(OWNER, NUMBER, text, text + str(kit.now)))


def sent(kit):
    reply = kit.say("SMSLIMIT?")
    return int(reply.split("Sent today: ")[1])


def set_date(kit, date):
    assert kit.say("DATE=" + date).endswith(" - OK")


def test_without_a_clock_a_day_has_24_hours():
    kit = kit_with(10, 7)
    kit.wait(DAY - 1)
    assert sent(kit) == 7
    kit.wait(1)
    assert sent(kit) == 0
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == [(OWNER, "r")]
    kit.wait(DAY - 1)
    assert sent(kit) == 1
    kit.wait(1)
    assert sent(kit) == 0


def test_setting_the_clock_does_not_end_a_day_that_began_without_it():
    kit = kit_with(10, 7)
    set_date(kit, "99/12/31,12:00:00+01")
    assert sent(kit) == 7
    kit.device.outbox.reply(OWNER, "r")
    post(kit)
    assert sent(kit) == 8
    kit.wait(12 * 3600 - 2)
    assert sent(kit) == 8
    kit.wait(2)
    assert sent(kit) == 0


def test_a_clock_that_jumps_begins_a_new_day_and_never_blocks_it():
    kit = kit_with(10)
    set_date(kit, "99/12/31,12:00:00+01")
    for date in ("98/12/31,12:00:00+01", "99/12/31,12:00:00+01", "00/01/01,00:00:00+01"):
        spend(kit, 10)
        kit.device.outbox.reply(OWNER, "r")
        assert post(kit) == []  # on the day of the count
        set_date(kit, date)
        kit.device.outbox.reply(OWNER, "r")
        assert post(kit) == [(OWNER, "r")]
        assert sent(kit) == 1


def test_a_limit_reached_without_a_clock_ends_once_the_clock_has_a_new_day():
    kit = kit_with(10, 10)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == []
    set_date(kit, "26/11/20,23:59:58+01")
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == []
    kit.wait(2)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == [(OWNER, "r")]


def test_all_power_gone_the_count_goes_on_for_24_hours():
    kit = kit_with(10)
    set_date(kit, "26/11/20,12:00:00+01")
    kit.device.outbox.today(kit.now)
    spend(kit, 10)
    kit.commit()
    kit.power_cycle()
    kit.wait(DAY - 1)
    assert sent(kit) == 10
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == []
    kit.wait(1)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == [(OWNER, "r")]


def test_the_limits_own_message_leaves_and_a_part_counts_as_one():
    kit = kit_with(10, 7)
    for _ in range(2):
        kit.device.outbox.reply(OWNER, "r")
    assert post(kit, parts=3) == [(OWNER, "r")]
    assert sent(kit) == 10


def test_a_long_message_is_not_sent_in_half():
    kit = kit_with(10, 8)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit, parts=3) == []
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit, parts=2) == [(OWNER, "r")]


def test_reached_in_the_middle_of_an_alarm_to_ten_numbers():
    kit = kit_with(10, 6)
    numbers = ["+3160000000%d" % i for i in range(10)]
    for number in numbers:
        say(kit, "ALERTNUMBER" + number)
    spend(kit, 6)
    kit.device.alert("alarm", "ALARM! Sensor is active", kit.now)
    told = post(kit)
    assert [to for to, text in told if text.startswith("ALARM!")] == numbers
    assert told.count((numbers[0], REACHED)) == 1
    assert len(told) == 11
    assert sent(kit) == 17  # seven of them beyond the limit, 13 are left
    kit.device.alert("alarm", "ALARM! Sensor is active", kit.now)
    assert post(kit) == []  # it repeats the first
    kit.device.alert("sensor", "Temperature sensor failed!", kit.now)
    assert [to for to, _ in post(kit)] == numbers
    kit.device.alert("rise", "Temperature rise alert! TEMP: 36C(97F)", kit.now)
    assert [to for to, _ in post(kit)] == numbers[:3]
    assert sent(kit) == 30  # the limit and twenty


def test_of_what_repeats_the_first_of_a_day_is_told():
    kit = kit_with(10, 10)
    say(kit, "ALERTNUMBER" + OWNER)
    texts = (
        ("alarm", "ALARM! Sensor is active"),
        ("alarm", "ALARM! Sensor is not active"),
        ("power", "Power failed!"),
        ("power", "Power restored!"),
        ("limit", "Switch-off temperature reached! TEMP: %d"),
    )
    for round in range(2):
        left = []
        for topic, text in texts:
            kit.device.alert(topic, text % round if "%" in text else text, kit.now)
            left += [t for _, t in post(kit) if t != REACHED]
        assert len(left) == (0 if round else len(texts)), left
    for _ in range(2):  # once each time that it happens
        kit.device.alert("fall", "Temperature fall alert! TEMP: 1C(34F)", kit.now)
        assert len(post(kit)) == 1
    kit.device.alert("inf08:00,*,INF", "Power socket ON")
    assert post(kit) == []


def test_who_hears_of_it_is_the_first_alert_number_once_a_day():
    kit = kit_with(10, 9)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == [(OWNER, "r")]  # there is no alert number yet
    for number in (FRIEND, OWNER):
        say(kit, "ALERTNUMBER" + number)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == [(FRIEND, REACHED)]
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == []


def test_answers_to_smslimit_leave_in_any_case():
    kit = kit_with(10, 300)
    for text, reply in (
        ("SMSLIMIT?", "SMSLIMIT=10"),
        ("SMSLIMIT=9", "Incorrect value!"),
        ("SMSLIMIT=300", "SMSLIMIT=300 - OK"),
        ("SMSLIMIT=OFF", "SMSLIMIT=OFF - OK"),
    ):
        receive(kit, text)
        assert post(kit) == [(OWNER, reply)]
    receive(kit, "ON")
    assert post(kit) == [(OWNER, "Power socket ON")]
    kit.wait(1800)
    kit.device.settings["SMSLIMIT"] = 10
    receive(kit, "SMSLIMIT=20")  # the window is closed
    assert len(post(kit)) == 1
    receive(kit, "STATUS")
    assert post(kit) == []


def test_a_wrong_password_is_not_answered_beyond_the_limit():
    kit = kit_with(10)
    say(kit, "PASSWORD=12abc")
    spend(kit, 10)
    receive(kit, "SMSLIMIT=20")
    assert post(kit) == []
    receive(kit, "12abcSMSLIMIT=20")
    assert post(kit) == [(OWNER, "SMSLIMIT=20 - OK")]


def test_a_restart_counts_an_alert_that_may_have_left():
    kit = kit_with(10, 3)
    say(kit, "ALERTNUMBER" + OWNER)
    kit.restart()
    assert sent(kit) == 3
    kit.device.alert("alarm", "ALARM! Sensor is active", kit.now)
    kit.device.alert("alarm", "ALARM! Sensor is active", kit.now)
    kit.commit()
    kit.restart()
    kit.device.outbox.drop("alarm")
    assert sent(kit) == 4


def test_off_counts_on():
    kit = kit_with(0, 1000)
    kit.device.outbox.reply(OWNER, "r")
    assert post(kit) == [(OWNER, "r")]
    assert kit.say("SMSLIMIT?") == "SMSLIMIT=OFF\nSent today: 1001"
    assert kit.say("SMSLIMIT=010") == "SMSLIMIT=10 - OK"


def test_a_factory_reset_forgets_no_message():
    kit = kit_with(20, 7)
    kit.device.factory_reset(kit.now)
    assert kit.say("SMSLIMIT?") == "SMSLIMIT=100\nSent today: 7"


def test_a_damaged_part_of_the_record():
    kit = Kit(record={"budget": {"sent": "x", "told": [1, "alarm"]}, "settings": {"SMSLIMIT": 5}})
    assert kit.device.record["budget"]["sent"] == 0
    assert kit.device.record["budget"]["told"] == ["alarm"]
    assert kit.device.settings["SMSLIMIT"] == 100
