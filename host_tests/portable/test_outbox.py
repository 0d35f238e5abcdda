"""The outbox: order, bounds, tries, and what a restart leaves of it."""

from device_kit import Kit
from powersocket.outbox import ALERT, FINAL, REPLY, SENT, TRANSIENT, UNKNOWN

SMOKE = True


def outbox():
    kit = Kit()
    return kit, kit.device.outbox


def texts(box):
    return [entry[2] for entry in box.entries]


def give(box, result, now=0):
    """Try what is first; return (number, text) of the try."""
    entry = box.first()
    number = entry[1][0]
    box.begin(entry)
    box.result(entry, number, result, now)
    return number, entry[2]


def test_first_in_first_out_alerts_before_replies():
    _, box = outbox()
    assert box.first() is None
    box.add(REPLY, ["1"], "r1")
    box.add(ALERT, ["2", "3"], "a1")
    box.add(REPLY, ["1"], "r2")
    box.add(ALERT, ["2"], "a2")
    sent = []
    while box.first() is not None:
        sent.append(give(box, SENT))
    assert sent == [("2", "a1"), ("3", "a1"), ("2", "a2"), ("1", "r1"), ("1", "r2")]


def test_nobody_to_tell():
    kit, box = outbox()
    kit.device.dirty = False
    box.add(ALERT, [], "a")
    assert box.first() is None
    assert not kit.device.dirty


def test_the_numbers_are_those_of_the_moment():
    _, box = outbox()
    numbers = ["1", "2"]
    box.add(ALERT, numbers, "a")
    numbers.append("3")
    assert box.first()[1] == ["1", "2"]


def test_bounds_drop_the_oldest_of_a_kind():
    kit, box = outbox()
    box.add(ALERT, ["1"], "a")
    for i in range(30):
        box.add(REPLY, ["1"], "r%d" % i)
    assert texts(box) == ["a"] + ["r%d" % i for i in range(20, 30)]
    assert box.dropped == 20
    for i in range(30):
        box.add(ALERT, ["1"], "a%d" % i)
    assert [t for t in texts(box) if t[0] == "a"] == ["a%d" % i for i in range(10, 30)]
    assert len([t for t in texts(box) if t[0] == "r"]) == 10
    assert [line for line in kit.log if "outbox full" in line]


def test_every_change_is_to_be_committed():
    kit, box = outbox()
    for step in (
        lambda: box.add(REPLY, ["1"], "r"),
        lambda: box.begin(box.first()),
        lambda: box.result(box.first(), "1", SENT, 0),
    ):
        kit.device.dirty = False
        step()
        assert kit.device.dirty


def test_a_reply_that_was_begun_is_not_sent_after_a_restart():
    kit, box = outbox()
    box.add(REPLY, ["1"], "begun")
    box.begin(box.first())
    box.add(REPLY, ["1"], "waiting")
    box.add(ALERT, ["1", "2"], "alert")
    box.begin(box.first())
    kit.commit()
    kit.restart()
    assert texts(kit.device.outbox) == ["waiting", "alert"]
    assert kit.device.outbox.dropped == 1


def test_a_reply_that_waits_survives_every_restart():
    kit, box = outbox()
    box.add(REPLY, ["1"], "waiting")
    kit.commit()
    kit.restart()
    kit.power_cycle()
    assert texts(kit.device.outbox) == ["waiting"]


def test_numbers_that_have_got_an_alert_are_not_told_again():
    kit, box = outbox()
    box.add(ALERT, ["1", "2", "3"], "a")
    give(box, SENT)
    kit.commit()
    kit.restart()
    assert kit.device.outbox.first()[1] == ["2", "3"]


def test_an_unknown_outcome():
    """May have left: a reply is given up, an alert is tried again."""
    _, box = outbox()
    box.add(REPLY, ["1"], "r")
    give(box, UNKNOWN)
    assert box.first() is None
    box.add(ALERT, ["1"], "a")
    give(box, UNKNOWN)
    assert box.first() is not None
    assert box.due() > 0
    give(box, SENT, 100)
    assert box.first() is None


def test_what_will_never_leave_is_given_up():
    kit, box = outbox()
    box.add(ALERT, ["1", "2"], "a")
    box.add(REPLY, ["3"], "r")
    assert give(box, FINAL) == ("1", "a")
    assert give(box, SENT) == ("2", "a")
    assert give(box, FINAL) == ("3", "r")
    assert box.first() is None
    assert box.dropped == 2


def tries(box, result):
    """Try until the outbox is empty; return the pauses."""
    pauses = []
    now = 0
    while box.first() is not None:
        assert len(pauses) < 100
        give(box, result, now)
        pauses.append(max(0, box.due() - now))
        now = max(now, box.due())
    return pauses


def test_a_transient_error_is_tried_again_later_and_less_often():
    _, box = outbox()
    box.add(REPLY, ["1"], "r")
    pauses = tries(box, TRANSIENT)
    assert len(pauses) == 5 and pauses[-1] == 0
    assert pauses[:-1] == sorted(pauses[:-1]) and pauses[0] >= 5
    box.add(ALERT, ["1"], "a")
    pauses = tries(box, TRANSIENT)
    assert len(pauses) == 24 and sum(pauses) > 6 * 3600
    assert pauses[:-1] == sorted(pauses[:-1])
    # .. and what comes then begins with a short pause again.
    box.add(REPLY, ["1"], "r")
    give(box, TRANSIENT, 0)
    assert box.due() <= 60


def test_a_reply_whose_try_failed_surely_may_be_sent_after_a_restart():
    kit, box = outbox()
    box.add(REPLY, ["1"], "r")
    give(box, TRANSIENT)
    kit.device.changed()  # whatever commits next
    kit.commit()
    kit.restart()
    assert texts(kit.device.outbox) == ["r"]


def test_other_numbers_have_their_turn():
    _, box = outbox()
    box.add(ALERT, ["1", "2", "3"], "a")
    assert give(box, TRANSIENT)[0] == "1"
    assert give(box, SENT)[0] == "2"
    assert give(box, SENT)[0] == "3"
    assert give(box, SENT)[0] == "1"
    assert box.first() is None


def test_a_result_of_what_was_dropped_meanwhile():
    _, box = outbox()
    box.add(REPLY, ["1"], "r")
    entry = box.first()
    box.begin(entry)
    for i in range(10):
        box.add(REPLY, ["1"], "r%d" % i)
    before = texts(box)
    box.result(entry, "1", SENT, 0)
    assert texts(box) == before


def test_a_result_after_the_record_was_taken_back():
    """A fault goes back to the record on flash: equal entries, but not the same objects."""
    for numbers in (["1"], ["1", "2"]):
        kit, box = outbox()
        box.add(ALERT, numbers, "a")
        entry = box.first()
        box.begin(entry)
        kit.commit()
        kit.device.fault("TEST", ValueError())
        box.result(entry, "1", SENT, 0)
        left = box.first()
        assert left is None if numbers == ["1"] else left[1] == ["2"], box.entries


def test_two_equal_replies_are_two():
    _, box = outbox()
    box.add(REPLY, ["1"], "r")
    box.add(REPLY, ["1"], "r")
    give(box, SENT)
    assert len(box.entries) == 1
    give(box, SENT)
    assert box.first() is None
