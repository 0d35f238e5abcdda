# SPDX-License-Identifier: MIT
"""Messages in parts: in any order, doubled, missing, mixed up, too many, over a restart."""

from sim800.concat import Reassembler
from sim800.sms import ALPHA, NUMBER, WIDE, Deliver

SMOKE = True

HOUR = 3600


def part(number, total=3, reference=7, sender="+358401234567", kind=NUMBER, text=None, second=0):
    """Return a part as `decode` does."""
    if text is None:
        text = "<%d>" % number
    scts = (2026, 1, 12, 16, 15, second, 8)
    return Deliver(sender, kind, text, b"", scts, (reference, total, number), None)


def texts(result):
    return None if result is None else (result[0].text, result[1])


def orders(numbers):
    """Return every order of the numbers."""
    if not numbers:
        return [[]]
    found = []
    for first in numbers:
        for rest in orders([n for n in numbers if n != first]):
            found.append([first] + rest)
    return found


def test_every_order():
    for total in (1, 2, 3, 4):
        for order in orders(list(range(1, total + 1))):
            parts = Reassembler()
            for number in order[:-1]:
                assert parts.add(part(number, total, second=number), 10 + number, 0) is None
            whole, slots = parts.add(part(order[-1], total, second=order[-1]), 10 + order[-1], 0)
            assert whole.text == "".join(["<%d>" % n for n in range(1, total + 1)]), order
            assert slots == [10 + n for n in range(1, total + 1)]
            assert whole.concat is None and whole.scts[5] == 1  # as part 1 says, in any order
            assert (whole.sender, whole.kind) == ("+358401234567", NUMBER)
            assert parts.expired(HOUR) == []


def test_the_same_slot_again_changes_nothing():
    parts = Reassembler()
    for _ in range(3):
        assert parts.add(part(1), 1, 0) is None
        assert parts.add(part(3), 3, 0) is None
    assert parts.expired(HOUR - 1) == []
    assert texts(parts.add(part(2), 2, HOUR - 1)) == ("<1><2><3>", [1, 2, 3])


def test_a_copy_is_given_out_for_deletion():
    parts = Reassembler()
    parts.add(part(1), 1, 0)
    assert parts.add(part(1), 5, 0) is None
    assert parts.add(part(1, second=9), 6, 0) is None  # the phone sent it once more
    assert parts.add(part(1), 5, 0) is None  # the sweep sees it before it is deleted
    assert parts.expired(0) == [5, 6]
    assert parts.expired(0) == []
    assert parts.add(part(1), 5, 0) is None  # deleting it had failed
    assert parts.expired(0) == [5]
    parts.add(part(2), 2, 0)
    assert texts(parts.add(part(3), 3, 0)) == ("<1><2><3>", [1, 2, 3])


def test_senders_and_references_are_kept_apart():
    parts = Reassembler()
    parts.add(part(1, 2, text="a"), 1, 0)
    parts.add(part(1, 2, sender="358401234567", text="b"), 2, 0)
    assert parts.add(part(2, 2, reference=WIDE + 7, text="c"), 3, 0) is None
    assert texts(parts.add(part(2, 2, sender="358401234567", text="B"), 4, 0)) == ("bB", [2, 4])
    assert texts(parts.add(part(2, 2, text="A"), 5, 0)) == ("aA", [1, 5])
    assert texts(parts.add(part(1, 2, reference=WIDE + 7, text="C"), 6, 0)) == ("Cc", [6, 3])
    # A sender of letters that look like a number is another one.
    parts.add(part(1, 2, sender="123", text="d"), 1, 0)
    assert parts.add(part(2, 2, sender="123", kind=ALPHA, text="e"), 2, 0) is None


def test_the_number_of_parts_belongs_to_the_reference():
    parts = Reassembler()
    parts.add(part(1, 2), 1, 0)
    assert parts.add(part(2, 3), 2, 0) is None
    assert parts.add(part(3, 3), 3, 0) is None
    assert texts(parts.add(part(2, 2), 4, 0)) == ("<1><2>", [1, 4])


def test_a_reference_used_again_before_the_first_is_whole():
    parts = Reassembler()
    parts.add(part(1, 2, text="old"), 1, 0)
    assert parts.add(part(1, 2, text="new"), 2, 60) is None
    assert texts(parts.add(part(2, 2, text="!"), 3, 61)) == ("new!", [2, 3])
    assert parts.expired(HOUR) == [1]


def test_a_missing_part():
    parts = Reassembler()
    parts.add(part(1), 4, 100)
    parts.add(part(3), 9, 3000)
    assert parts.expired(100 + HOUR - 1) == []
    assert parts.expired(100 + HOUR) == [4, 9]  # an hour after the first one came
    assert parts.expired(100 + HOUR) == []
    assert (parts.timeouts, parts.overflows) == (1, 0)
    # The one that comes too late begins a message of its own, and goes the same way.
    assert parts.add(part(2), 5, 5000) is None
    assert parts.expired(5000 + HOUR) == [5]


def test_a_restart():
    first = Reassembler()
    first.add(part(1), 1, 5000)
    first.add(part(3), 2, 5001)
    again = Reassembler()
    for slot, number in ((1, 1), (2, 3)):
        assert again.add(part(number), slot, 3) is None
    assert texts(again.add(part(2), 3, 9)) == ("<1><2><3>", [1, 3, 2])


def test_too_many_messages():
    parts = Reassembler(limit_parts=3)
    for i in range(4):
        assert parts.add(part(1, 2, reference=i), i, i) is None
    assert parts.overflows == 1
    assert parts.expired(10) == [0]  # the oldest
    assert texts(parts.add(part(2, 2, reference=1), 9, 10)) == ("<1><2>", [1, 9])


def test_too_many_parts():
    parts = Reassembler(limit_parts=4)
    for number in (1, 2):
        parts.add(part(number, 3, reference=1), number, 0)
    for number in (1, 2):
        parts.add(part(number, 3, reference=2), 10 + number, 1)
    assert parts.overflows == 0
    # What has just got a part is kept, even if it is the oldest.
    assert texts(parts.add(part(3, 3, reference=1), 3, 2)) == ("<1><2><3>", [1, 2, 3])
    for number in (1, 2, 3):
        parts.add(part(number, 4, reference=3), 20 + number, 3)
    assert parts.overflows == 1 and parts.expired(3) == [11, 12]
    assert texts(parts.add(part(4, 4, reference=3), 24, 4)) == ("<1><2><3><4>", [21, 22, 23, 24])


def test_the_oldest_is_spared_if_it_has_just_got_a_part():
    parts = Reassembler(limit_parts=4)
    parts.add(part(1, 4, reference=1), 1, 0)
    parts.add(part(1, 4, reference=2), 2, 0)
    parts.add(part(1, 4, reference=3), 3, 0)
    parts.add(part(2, 4, reference=1), 4, 0)
    assert parts.expired(0) == []
    parts.add(part(3, 4, reference=1), 5, 0)
    assert parts.expired(0) == [2]
    assert texts(parts.add(part(4, 4, reference=1), 6, 0)) == ("<1><2><3><4>", [1, 4, 5, 6])


def test_a_message_longer_than_can_be_held():
    parts = Reassembler(limit_parts=6)
    for number in range(1, 8):
        assert parts.add(part(number, 7), number, 0) is None
        assert parts.add(part(number, 7), number, 0) is None
    assert parts.expired(0) == [1, 2, 3, 4, 5, 6, 7]
    assert parts.overflows == 7
    for number in range(1, 6):
        assert parts.add(part(number, 6), number, 0) is None
    assert parts.add(part(6, 6), 6, 0)[1] == [1, 2, 3, 4, 5, 6]


def test_what_was_dropped_stays_dropped_until_it_is_given_out():
    parts = Reassembler(limit_parts=3)
    for slot, number, reference in ((1, 1, 1), (2, 1, 2), (3, 2, 2), (4, 1, 3)):
        parts.add(part(number, reference=reference), slot, 0)
    parts.add(part(1, reference=1), 1, 0)  # the sweep passes before `expired` is asked
    assert parts.expired(0) == [1]
    assert parts.overflows == 1


def test_another_part_in_the_slot():
    parts = Reassembler()
    parts.add(part(1, 2, reference=1), 1, 0)
    assert parts.add(part(1, 2, reference=2), 1, 0) is None
    assert parts.add(part(2, 2, reference=1), 2, 0) is None  # its part 1 is gone
    assert texts(parts.add(part(2, 2, reference=2), 3, 0)) == ("<1><2>", [1, 3])


def test_a_slot_with_something_else():
    parts = Reassembler()
    parts.add(part(1), 1, 0)
    parts.add(part(1), 2, 0)
    parts.vacate(1)
    parts.vacate(2)
    parts.vacate(3)
    assert parts.expired(HOUR) == []
    parts.add(part(2), 2, 0)
    parts.clear()
    assert parts.expired(HOUR) == []


def test_data_that_is_no_text():
    parts = Reassembler()
    scts = (2026, 1, 12, 16, 15, 0, 8)
    for number, data in ((2, b"\x03"), (1, b"\x01\x02")):
        entry = Deliver("12", NUMBER, None, data, scts, (1, 2, number), (2948, 9200))
        result = parts.add(entry, number, 0)
    assert result == (
        Deliver("12", NUMBER, None, b"\x01\x02\x03", scts, None, (2948, 9200)),
        [1, 2],
    )


def test_the_time_may_be_anything():
    parts = Reassembler(patience=10)
    parts.add(part(1), 1, 2**30 - 5)
    assert parts.expired(2**30 + 4) == []
    assert parts.expired(2**30 + 5) == [1]


def test_what_is_longer_than_anybody_wants_is_cut():
    for longest, wanted in (
        (400, "a" * 150 + "b" * 150),
        (200, "a" * 150 + "b" * 50),
        (99, "a" * 99),
    ):
        parts = Reassembler(longest)
        parts.add(part(2, 2, text="b" * 150), 2, 0)
        assert texts(parts.add(part(1, 2, text="a" * 150), 1, 0)) == (wanted, [1, 2])
