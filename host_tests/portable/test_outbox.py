# SPDX-License-Identifier: MIT
"""The outbox: order, bounds, tries, and what a restart leaves of it."""

from device_kit import Kit
from powersocket.outbox import FINAL, SENT, TRANSIENT, UNKNOWN

SMOKE = True


def outbox():
    kit = Kit()
    return kit, kit.device.outbox


def texts(box):
    return [entry[2] for entry in box.entries]


def give(box, result, now=0):
    """Try what is to be sent now; return (number, text) of the try, None if nothing is."""
    owed = box.next(now)
    if owed is None:
        return None
    entry, number = owed
    box.begin(entry)
    box.result(entry, number, result, now)
    return number, entry[2]


def test_first_in_first_out_alerts_before_replies():
    _, box = outbox()
    assert box.next(0) is None
    assert not box.entries
    box.reply("1", "r1")
    box.alert("a", ["2", "3"], "a1")
    box.reply("1", "r2")
    box.alert("a", ["2"], "a2")
    assert box.entries
    sent = []
    while box.entries:
        sent.append(give(box, SENT))
    assert sent == [("2", "a1"), ("3", "a1"), ("2", "a2"), ("1", "r1"), ("1", "r2")]


def test_nobody_to_tell():
    kit, box = outbox()
    kit.device.dirty = False
    box.alert("a", [], "a")
    assert not box.entries
    assert not kit.device.dirty


def test_the_numbers_are_those_of_the_moment():
    _, box = outbox()
    numbers = ["1", "2"]
    box.alert("a", numbers, "a")
    numbers.append("3")
    assert box.entries[0][1] == ["1", "2"]


def test_what_is_logged_of_a_message_is_not_its_text():
    kit, box = outbox()
    for i in range(30):
        box.reply("31600000001", "text of a reply %d" % i)
    give(box, FINAL)
    assert kit.log
    assert not [line for line in kit.log if "text of" in line or "31600000001" in line]


def test_every_change_is_to_be_committed():
    kit, box = outbox()
    for step in (
        lambda: box.reply("1", "r"),
        lambda: box.begin(box.entries[0]),
        lambda: box.result(box.entries[0], "1", TRANSIENT, 0),
        lambda: box.begin(box.entries[0]),
        lambda: box.result(box.entries[0], "1", SENT, 0),
    ):
        kit.device.dirty = False
        step()
        assert kit.device.dirty


def test_a_reply_that_was_begun_is_not_sent_after_a_restart():
    kit, box = outbox()
    box.reply("1", "begun")
    box.begin(box.entries[0])
    box.reply("1", "waiting")
    box.alert("a", ["1", "2"], "alert")
    box.begin(box.entries[2])
    kit.commit()
    for _ in range(2):
        kit.restart()
        assert texts(kit.device.outbox) == ["alert", "waiting"]
        assert kit.device.outbox.dropped == 0  # it may have left: nobody knows
    assert kit.log.count("outbox: dropped a reply that may have been sent already") == 1


def test_what_waits_survives_every_restart():
    kit, box = outbox()
    box.reply("1", "reply")
    box.alert("a", ["1"], "alert")
    kit.commit()
    kit.restart()
    kit.power_cycle()
    assert texts(kit.device.outbox) == ["alert", "reply"]


def test_numbers_that_have_got_an_alert_do_not_get_it_again():
    kit, box = outbox()
    box.alert("a", ["1", "2", "3"], "a")
    give(box, SENT)
    kit.commit()
    kit.restart()
    assert kit.device.outbox.entries[0][1] == ["2", "3"]


def test_an_unknown_outcome():
    """May have left: a reply is given up, an alert is tried again."""
    _, box = outbox()
    box.reply("1", "r")
    give(box, UNKNOWN)
    assert not box.entries
    box.alert("a", ["1"], "a")
    give(box, UNKNOWN)
    assert box.next(0) is None
    assert box.due() > 0
    assert give(box, SENT, box.due()) == ("1", "a")
    assert not box.entries


def test_what_will_never_leave_is_given_up():
    _, box = outbox()
    box.alert("a", ["1", "2"], "a")
    box.reply("3", "r")
    assert give(box, FINAL) == ("1", "a")
    assert give(box, SENT) == ("2", "a")
    assert give(box, FINAL) == ("3", "r")
    assert not box.entries
    assert box.dropped == 2


def tries(box, result):
    """Try until the outbox is empty; return the pauses between the tries."""
    pauses = []
    now = 0
    assert give(box, result, now) is not None
    while box.entries:
        due = box.due()
        pauses.append(due - now)
        assert box.next(due - 1) is None
        now = due
        assert give(box, result, now) is not None
        assert len(pauses) < 1000
    return pauses


def test_a_transient_error_is_tried_again_later_and_less_often():
    _, box = outbox()
    box.reply("1", "r")
    pauses = tries(box, TRANSIENT)
    assert len(pauses) == 4
    assert pauses == sorted(pauses) and pauses[0] >= 5
    assert box.dropped == 1
    box.alert("a", ["1"], "a")
    pauses = tries(box, TRANSIENT)
    assert pauses == sorted(pauses) and max(pauses) <= 3600
    assert sum(pauses) > 24 * 3600  # an alert is worth a day of trying
    # What comes then begins with a short pause again.
    assert box.due() is None
    box.reply("1", "r")
    give(box, TRANSIENT)
    assert box.due() <= 60


def test_other_numbers_and_messages_have_their_turn():
    """One number that cannot be reached holds nobody else up."""
    _, box = outbox()
    box.alert("a", ["1", "2", "3"], "a")
    box.reply("4", "r")
    assert give(box, TRANSIENT) == ("1", "a")
    assert give(box, SENT) == ("2", "a")
    assert give(box, SENT) == ("3", "a")
    assert give(box, SENT) == ("4", "r")
    assert give(box, SENT) is None
    box.reply("1", "r")
    assert give(box, SENT) == ("1", "r")
    assert give(box, SENT, box.due()) == ("1", "a")
    assert not box.entries
    assert box.due() is None


def test_rests_are_bounded():
    """What is gone rests no longer."""
    _, box = outbox()
    for i in range(100):
        box.reply("%d" % i, "r")
        give(box, TRANSIENT)
        box.alert("a", ["%d" % i], "a")
        give(box, TRANSIENT)
    assert len(box._rests) <= 30


def test_a_reply_whose_try_surely_failed_is_owed_after_a_restart():
    kit, box = outbox()
    box.reply("1", "r")
    give(box, TRANSIENT)
    kit.commit()
    kit.restart()
    assert texts(kit.device.outbox) == ["r"]
    assert kit.device.outbox.next(kit.now) is not None  # at once: the rests are forgotten


def test_a_result_of_what_was_dropped_meanwhile():
    _, box = outbox()
    for result in (SENT, TRANSIENT, FINAL, UNKNOWN):
        box.reply("1", "r")
        entry = box.entries[0]
        box.begin(entry)
        for i in range(10):
            box.reply("1", "r%d" % i)
        before = texts(box)
        box.result(entry, "1", result, 0)
        assert texts(box) == before
        assert box.due() is None
        while give(box, SENT):
            pass


def test_alerts_that_are_owed_no_more():
    _, box = outbox()
    box.alert("alarm", ["1"], "ALARM! Sensor is active")
    box.alert("power", ["1"], "Power failed!")
    box.alert("alarm", ["2"], "ALARM! Sensor is not active")
    box.reply("1", "ALARM! Sensor is active")
    box.drop("alarm")
    assert texts(box) == ["Power failed!", "ALARM! Sensor is active"]


def test_a_result_after_the_record_was_taken_back():
    """A fault goes back to the record on flash: equal entries, but not the same objects."""
    for numbers in (["1"], ["1", "2"]):
        for result in (SENT, FINAL):
            kit, box = outbox()
            box.alert("a", numbers, "a")
            entry, number = box.next(0)
            box.begin(entry)
            kit.commit()
            kit.device.fault("TEST", ValueError())
            box.result(entry, number, result, 0)
            left = [e[1] for e in box.entries]
            assert left == ([] if numbers == ["1"] else [["2"]]), (result, left)


def test_two_equal_replies_are_two():
    _, box = outbox()
    box.reply("1", "r")
    box.reply("1", "r")
    give(box, SENT)
    assert len(box.entries) == 1
    give(box, SENT)
    assert not box.entries


def test_alerts_of_several_kinds_that_are_owed_no_more():
    _, box = outbox()
    for topic in ("alarm", "power", "rise"):
        box.alert(topic, ["1"], topic)
    box.drop("alarm")
    box.drop("rise")
    assert texts(box) == ["power"]


def test_alerts_to_one_number_keep_their_order():
    _, box = outbox()
    box.alert("a", ["1", "2"], "a1")
    assert give(box, TRANSIENT) == ("1", "a1")
    assert give(box, SENT) == ("2", "a1")
    for now in (10, 40):  # it rests for 10 s, 30 s, 2 min
        assert give(box, TRANSIENT, now) == ("1", "a1")
    # News is tried at once, but what is owed from before goes first, and holds it up again.
    box.alert("a", ["1", "2"], "a2")
    assert give(box, TRANSIENT, 41) == ("1", "a1")
    assert give(box, SENT, 41) == ("2", "a2")
    assert give(box, SENT, 42) is None
    assert box.due() == 41 + 600
    assert give(box, SENT, 41 + 600) == ("1", "a1")
    assert give(box, SENT, 41 + 600) == ("1", "a2")
    assert not box.entries and box.due() is None


def test_rests_of_several_numbers_and_entries():
    """What is blocked by an earlier alert does not count when the next try is due."""
    _, box = outbox()
    box.alert("a", ["1"], "a1")
    assert give(box, TRANSIENT, 0) == ("1", "a1")
    assert give(box, TRANSIENT, 10) == ("1", "a1")
    box.alert("a", ["3", "1"], "a2")
    box.reply("1", "r")
    assert give(box, TRANSIENT, 10) == ("1", "a1")
    assert give(box, TRANSIENT, 10) == ("3", "a2")
    assert give(box, SENT, 10) == ("1", "r")
    assert give(box, SENT, 10) is None
    assert box.due() == 20
    assert give(box, SENT, 20) == ("3", "a2")
    assert give(box, SENT, 20) is None
    assert box.due() == 130


def test_a_record_that_owes_too_much_is_cut_kind_by_kind():
    entries = [[kind, ["1"], "%d-%d" % (kind, i), False] for i in range(18) for kind in (0, 1)]
    box = Kit(record={"outbox": entries}, cause="restart").device.outbox
    assert texts(box) == ["0-%d" % i for i in range(18)] + ["1-%d" % i for i in range(6)]
    entries = entries[1:24:2]
    box = Kit(record={"outbox": entries}, cause="restart").device.outbox
    assert texts(box) == ["1-%d" % i for i in range(10)]


def test_what_is_dropped_leaves_no_pause_behind():
    _, box = outbox()
    for i in range(50):
        box.alert("a", ["1"], "a%d" % i)
        give(box, TRANSIENT)
        box.drop("a")
    assert not box.entries and box.due() is None
    assert box._rests == []
