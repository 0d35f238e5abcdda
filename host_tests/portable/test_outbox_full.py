# SPDX-License-Identifier: MIT
"""A full outbox: what goes first, what is folded, and what is never dropped (spec chapter 9.7)."""

from device_kit import Kit
from powersocket.outbox import SENT, TRANSIENT


def outbox():
    kit = Kit()
    return kit, kit.device.outbox


def texts(box):
    return [entry[2] for entry in box.entries]


def give(box, result):
    """Try what is to be sent now; return (number, text)."""
    entry, number = box.next(0)
    box.begin(entry)
    box.result(entry, number, result, 0)
    return number, entry[2]


def test_bounds_drop_the_oldest_of_a_kind():
    kit, box = outbox()
    box.alert("alarm", ["1"], "a")
    for i in range(30):
        box.reply("1", "r%d" % i)
    assert texts(box) == ["a"] + ["r%d" % i for i in range(20, 30)]
    assert box.dropped == 20
    assert "outbox: dropped a message, too many replies" in kit.log
    # Alerts take the places of replies, the oldest first, and only then of each other.
    for i in range(1, 24):
        box.alert("alarm", ["1"], "a%d" % i)
        assert len(box.entries) <= 24
    assert [t for t in texts(box) if t[0] == "r"] == []
    assert [t for t in texts(box) if t[0] == "a"] == ["a"] + ["a%d" % i for i in range(1, 24)]
    assert "outbox: dropped a message, repeated too often" not in kit.log
    for i in range(24, 500):
        box.alert("alarm", ["1"], "a%d" % i)
        assert len(box.entries) == 24
    assert texts(box) == ["a"] + ["a%d" % i for i in range(477, 500)]
    assert "outbox: dropped a message, repeated too often" in kit.log


def test_a_reply_finds_a_place_among_alerts():
    """A number that cannot be reached must not make the device dumb for everybody else."""
    _, box = outbox()
    for i in range(50):
        box.alert("alarm", ["1"], "a%d" % i)
    give(box, TRANSIENT)
    for text in ("r1", "r2"):
        box.reply("2", text)
        assert len(box.entries) == 24
        assert give(box, SENT) == ("2", text)
    box.reply("2", "r3")
    box.reply("2", "r4")
    assert [t for t in texts(box) if t[0] == "r"] == ["r4"]


def filled(*runs):
    """Return the topics that are left of (topic, count) alerts, owed in rounds until all are."""
    _, box = outbox()
    most = max([count for _, count in runs])
    for i in range(most):
        for topic, count in runs:
            if i < count:
                box.alert(topic, ["1"], "%s %d" % (topic, i), i)
    return texts(box)


def test_alerts_that_are_sent_once_are_never_dropped():
    once = ["rise 0", "fall 0", "sensor 0"]
    for topic in ("alarm", "power", "limit", "inf08:00,*,INF"):
        for count in (21, 22, 23, 100):
            left = filled((topic, count), ("rise", 1), ("fall", 1), ("sensor", 1))
            assert [t for t in left if t in once] == once, (topic, count)
            assert left[-1] == "%s %d" % (topic, count - 1)
            if topic[:3] != "inf":
                assert left[0] == topic + " 0"


def test_temperatures_that_come_again_outlast_what_repeats():
    """Each of these is sent once; alerts of the sensor, the mains and the thermostat repeat."""
    left = filled(("rise", 6), ("fall", 6), ("alarm", 50), ("power", 50), ("limit", 50))
    for topic in ("rise", "fall"):
        assert [t for t in left if t.startswith(topic)] == ["%s %d" % (topic, i) for i in range(6)]
    for topic in ("alarm", "power", "limit"):
        kept = [t for t in left if t.startswith(topic)]
        assert kept[0] == topic + " 0" and kept[-1] == topic + " 49", kept


def test_first_and_last_of_everything_always_fit():
    rules = ["inf%02d:00,*,INF" % i for i in range(8)]
    kinds = ["alarm", "power", "limit", "rise", "fall", "sensor"]
    left = filled(*[(topic, 60) for topic in kinds + rules])
    assert len(left) == 24
    for topic in kinds:
        kept = [t for t in left if t.startswith(topic)]
        assert kept[0] == topic + " 0" and kept[-1] == topic + " 59", kept
    for rule in rules:
        assert [t for t in left if t.startswith(rule)] == [rule + " 59"]


def test_the_inf_of_rules_that_are_no_more():
    _, box = outbox()
    box.alert("rise", ["1"], "rise")
    for i in range(40):
        box.alert("inf%02d:00,*,INF" % i, ["1"], "inf %d" % i)
    box.alert("sensor", ["1"], "sensor")
    assert texts(box) == ["rise"] + ["inf %d" % i for i in range(18, 40)] + ["sensor"]


def test_what_is_folded_keeps_its_order_and_its_numbers():
    _, box = outbox()
    for i in range(60):
        box.alert("alarm", ["1", "2"], "alarm %d" % i, i)
        box.alert("power", ["1", "2"], "power %d" % i, i)
    moments = [entry[5] for entry in box.entries]
    assert moments == sorted(moments)
    assert [entry[1] for entry in box.entries] == [["1", "2"]] * 24


def test_a_full_record_is_bounded():
    """Everything that can be set is, every list is full, the longest texts are owed to ten."""
    kit = Kit()
    for i in range(10):
        kit.say_all("SECNUMBER+1%014d" % i, "ALERTNUMBER+1%014d" % i)
    for i in range(8):
        kit.say_all("SCHEDULER+%02d:00,1,INF" % i)
    kit.device.clock.network_time(848476800, 4, 0)
    for i in range(64):
        kit.say("ON65000", id=0x3FFFFFFF - i)
    kit.device.modem.dbm = -113
    status = kit.device.status_text(0) + "\n" + "x" * 60  # of a model with more lines
    numbers = kit.device.addresses()
    for _ in range(60):
        for topic in ("alarm", "power", "limit", "rise", "fall", "sensor"):
            kit.device.outbox.alert(topic, numbers, "x" * 80, 10**9)
        for j in range(8):
            kit.device.outbox.alert("inf%02d:00,1,INF" % j, numbers, status)
    kit.commit()
    assert len(kit.device.outbox.entries) == 24
    assert len(kit.flash) < 12000, len(kit.flash)
    # Replies are one number each: the longest are an operator's answers.
    kit.device.outbox.entries[:] = []
    for _ in range(60):
        kit.device.outbox.reply(numbers[0], "x" * 182)
        kit.device.outbox.alert("alarm", numbers, "x" * 80, 10**9)
    kit.commit()
    assert len(kit.flash) < 12000, len(kit.flash)
