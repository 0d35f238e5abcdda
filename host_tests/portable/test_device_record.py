# SPDX-License-Identifier: MIT
"""The record: whatever it holds, the device starts, keeps what it can, and stays locked."""

import json

from device_kit import FRIEND, Kit

ODD = (None, True, False, 0, 1, -1, 1.5, "", "ON", "x" * 500, [], {}, [1], [[]], [None], {"a": 1})


def works(kit):
    """The device does its work, and its record is one that can be kept."""
    kit.wait(1)
    kit.say("ON")
    kit.say("STATUS")
    kit.wait(100000)
    kit.restart()
    kit.power_cycle()
    assert kit.say("ON", FRIEND) == "Power socket ON"
    assert json.loads(kit.flash)["socket"]["on"] is True


def test_only_what_differs_from_the_factory_is_kept():
    kit = Kit()
    assert kit.stored()["settings"] == {}
    kit.say_all("RESTARTTIME=5", "POWERSTATE=ON", "ALERTME")
    assert kit.stored()["settings"] == {
        "RESTARTTIME": 5,
        "POWERSTATE": "ON",
        "ALERTNUMBER": ["31600000001"],
    }
    kit.say_all("RESTARTTIME=10", "POWERSTATE=REMEMBER", "ALERTNUMBER-ALL")
    assert kit.stored()["settings"] == {}


def test_everything_set_is_there_after_a_loss_of_power():
    kit = Kit()
    kit.say_all(
        "MAKEMEBOSS",
        "RESTARTTIME=600",
        "POWERSTATE=OFF",
        "SMSCONFIRMUNAUTH=ON",
        "PASSWORD=12abc",
    )
    kit.say("12abcON")
    settings = kit.stored()["settings"]
    kit.restart()
    assert kit.device.record["settings"] == settings
    kit.power_cycle()
    assert kit.device.record["settings"] == settings
    assert kit.say("12abcRESTARTTIME?") == "RESTARTTIME=600 seconds"


def test_a_missing_record_is_the_factory():
    for record in (None, {}):
        kit = Kit(record)
        assert not kit.on
        works(kit)


def test_parts_of_a_wrong_type():
    for name in ("settings", "ids", "outbox", "socket", "security"):
        for odd in ODD:
            works(Kit({name: odd}))


def test_fields_of_a_wrong_type():
    for part, field in (
        ("socket", "on"),
        ("socket", "timer"),
        ("socket", "since"),
        ("security", "window"),
        ("security", "trusted"),
    ):
        for odd in ODD:
            works(Kit({part: {field: odd}}))
            works(Kit({part: {field: odd}}, cause="restart"))


def test_timers_that_are_none():
    for timer in (
        [1],
        ["1", True],
        [1, "ON"],
        [1, 2],
        [1, None],
        [None, True],
        [1.5, True],
        [1, True, True, True],
        [[], True],
        [True, True],
    ):
        for cause in ("power", "restart"):
            kit = Kit({"socket": {"on": False, "timer": timer, "since": ""}}, cause=cause)
            kit.wait(10)
            assert not kit.on, timer
            works(kit)


def test_timers_of_long_ago_end_at_once():
    for due in (-100, 0, 5):
        kit = Kit({"socket": {"on": True, "timer": [due, False]}}, now=1000, cause="restart")
        kit.wait(0)
        assert not kit.on
        works(kit)


def test_settings_of_a_wrong_type_count_as_not_stored():
    names = (
        "RESTARTTIME",
        "POWERSTATE",
        "SECNUMBER",
        "SECLIST",
        "SMSCONFIRMUNAUTH",
        "ALERTNUMBER",
        "SMSCONFIRM",
        "ERROR",
    )
    plain = Kit()
    for name in names:
        for odd in (None, True, -1, 1.5, "?", "x" * 500, {}, [1], [None], ["12", ""], ["1" * 16]):
            kit = Kit({"settings": {name: odd}})
            assert kit.say(name + "?") == plain.say(name + "?"), (name, odd)
            plain.wait(1)
            works(kit)


def test_outbox_entries_of_a_wrong_shape():
    for odd in ODD + (
        [1, [], "text", False],
        [1, ["1"], "text"],
        [1, "1", "text", True],
        [2, ["1"], "text", False],
        ["1", ["1"], "text", False],
        [1, [1], "text", False],
        [1, ["1"], 5, False],
        [True, ["1"], "text", False],
    ):
        kit = Kit({"outbox": [odd, [1, ["31600000001"], "kept", False]]})
        sent = kit.send("ON", FRIEND)
        assert ("31600000001", "kept") in sent, (odd, sent)
        assert (FRIEND, "Power socket ON") in sent, (odd, sent)


def test_lists_that_are_too_long():
    for odd in ("x", 5):
        kit = Kit({"ids": [odd] * 1000})
        works(kit)
        assert len(kit.stored()["ids"]) <= 64
    kit = Kit({"security": {"trusted": ["1"] * 1000}, "settings": {"PASSWORD": "12abc"}})
    assert kit.say("12abcON") == "Power socket ON"
    assert len(kit.stored()["security"]["trusted"]) <= 4
    kit = Kit({"outbox": [[1, ["31600000001"], "r%d" % i, False] for i in range(1000)]})
    kit.device.outbox.reply("31600000001", "last")
    assert len(kit.device.outbox.entries) <= 10
    kit = Kit({"outbox": [[0, ["31600000001"], "a%d" % i, False] for i in range(1000)]})
    kit.device.outbox.alert("power", ["31600000001"], "last")
    assert len(kit.device.outbox.entries) <= 24
    assert kit.device.outbox.entries[-1][2] == "last"


def test_a_record_of_version_1_0_is_taken_over():
    """An update must not lose what is owed, act twice on a message, or invent a time."""
    record = {
        "ids": ["9f86d081884c", "00ff00ff00ff", "damaged"],
        "outbox": [
            [0, ["+31600000001"], "Power failed!\nTime: 26/01/05,12:00:00", False],
            [1, ["+31600000002"], "reply", False],
            [1, ["+31600000002"], "begun", True],
        ],
        "socket": {"on": True, "timer": [], "since": "26/01/05,12:00:00"},
        "alarm": {"on": True, "log": ["26/01/05:12:00", "not set"]},
    }
    kit = Kit(record, cause="restart")
    assert kit.device.record["ids"][:2] == [0x1F86D081, 0x00FF00FF]
    kit.device.clock.network_time(820929600, 0, kit.now)
    # A copy of what was handled does nothing: what is sent with it was owed.
    assert kit.send("OFF", id=0x1F86D081) == [
        ("+31600000001", "Power failed!\nTime: 26/01/05,12:00:00"),
        ("+31600000002", "reply"),
    ]
    assert kit.on
    assert kit.say("RUNTIME") == "Power socket is ON from: unknown"
    assert kit.say("SHOWALARMLOG") == "26/01/05:12:00\nnot set"


def test_a_cycle_of_calls_of_version_1_0_goes_on():
    text = "ALARM! Sensor is active\nTime: 26/01/05,12:00:00"
    record = {"alarm": {"on": True, "cycle": [["31600000001", "31600000002"], 1, text, 5]}}
    kit = Kit(record, cause="restart")
    kit.device.clock.network_time(820929600, 0, kit.now)
    errand = kit.device.errands.first()
    assert errand[:3] == ["call", "+31600000002 20", "alarm"]
    kit.device.errands.begin(errand)
    kit.device.errands.done(errand, "busy", kit.now)
    assert kit.post() == [("+31600000001", text), ("+31600000002", text)]


def test_a_list_that_cannot_be_used_lets_nobody_in():
    """Better a factory reset than an open door."""
    for numbers in ([str(i) for i in range(11)], ["31600000001", ""], None, "31600000001"):
        kit = Kit({"settings": {"SECLIST": "ON", "SECNUMBER": numbers}})
        for sender in ("+31600000001", "+1", "", "+31600000009"):
            assert kit.send("ON", sender) == []
        assert not kit.on


def test_what_is_not_known_is_kept():
    """A newer version may have been here, and may come back."""
    record = {
        "future": {"a": [1, 2, {"b": None}]},
        "settings": {"NEWTHING": 5, "RESTARTTIME": 7},
        "socket": {"more": "x"},
        "security": {"also": [1]},
        "version": 99,
    }
    kit = Kit(record)
    kit.say_all("RESTARTTIME=8")
    kit.say("ON30")
    kit.wait(60)
    kit.restart()
    kit.power_cycle()
    stored = kit.stored()
    assert stored["future"] == record["future"]
    assert stored["settings"]["NEWTHING"] == 5
    assert stored["settings"]["RESTARTTIME"] == 8
    assert stored["socket"]["more"] == "x"
    assert stored["security"]["also"] == [1]
    assert stored["version"] == 99


def test_factory_values_are_not_shared_between_devices():
    first = Kit()
    first.say_all("PASSWORD=zzzzz")
    first.say("zzzzzALERTME")
    first.device.record["security"]["trusted"].append("x")
    first.device.record["socket"]["timer"].append(1)
    second = Kit()
    assert second.device.record["security"]["trusted"] == []
    assert second.device.record["socket"]["timer"] == []
    assert second.say("ALERTNUMBER?") == "No ALERTNUMBERs!"


def test_the_record_stays_small():
    """All lists full, everything set: far below what one commit of the store may take."""
    kit = Kit()
    for i in range(10):
        kit.say_all("SECNUMBER+1%014d" % i, "ALERTNUMBER+1%014d" % i)
    kit.say_all("RESTARTTIME=600", "POWERSTATE=ON", "SMSCONFIRMUNAUTH=ON", "PASSWORD=12abc")
    for i in range(100):
        kit.say("12abcON", id=0x3FFFFFFF - i)
    assert len(kit.flash) < 2100, len(kit.flash)


def test_a_message_that_changes_nothing_costs_no_write():
    kit = Kit()
    kit.say_all("MAKEMEBOSS")
    before = kit.flash
    for _ in range(100):
        assert kit.stranger("ON") is None
    assert kit.flash == before


def test_a_password_that_cannot_be_read_lets_nobody_in():
    for stored in ("12abcd", 12345, ["1"], "12a c"):
        kit = Kit({"settings": {"PASSWORD": stored}})
        for text in ("ON", "12abcON", "??????ON", "?????ON", "PASSWORD=NO"):
            kit.send(text)
            assert not kit.device.socket.on, (stored, text)
        assert kit.stored()["settings"] == {"PASSWORD": stored}


def test_a_copy_of_a_command_that_changed_nothing_does_nothing():
    kit = Kit({"settings": {"SMSCONFIRM": "OFF"}})
    kit.send("OFF", id=5)  # it is off, and nothing is answered
    kit.send("ON", id=6)
    kit.send("OFF", id=5)
    assert kit.on
