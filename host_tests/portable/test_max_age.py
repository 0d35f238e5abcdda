# SPDX-License-Identifier: MIT
"""MAXAGE to the second, and its place among the other checks."""

from device_kit import FRIEND, OWNER, Kit

OLD = "OFF - Message is too old!"


def at_noon(*texts):
    """Return a device that is on, at noon of 20 November 2026, one hour east of GMT."""
    kit = Kit()
    kit.say_all("DATE=26/11/20,12:00:00+01", *texts)
    kit.say("ON")
    return kit


def test_older_than_a_day_to_the_second():
    kit = at_noon()
    assert kit.say("OFF", stamp=(2026, 11, 19, 11, 59, 59, 4)) == OLD
    assert kit.on
    assert kit.say("OFF", stamp=(2026, 11, 19, 12, 0, 0, 4)) == "Power socket OFF"
    # The same moments half an hour further east, and west of GMT.
    assert kit.say("OFF", FRIEND, stamp=(2026, 11, 19, 12, 29, 59, 6)) == OLD
    assert kit.say("ON", FRIEND, stamp=(2026, 11, 19, 12, 30, 0, 6)) == "Power socket ON"
    assert kit.say("OFF", FRIEND, stamp=(2026, 11, 19, 5, 59, 59, -20)) == OLD
    assert kit.say("OFF", FRIEND, stamp=(2026, 11, 19, 6, 0, 0, -20)) == "Power socket OFF"


def test_its_limits():
    for text, hours in (("1", 1), ("240", 240), ("OFF", 9999)):
        kit = at_noon("MAXAGE=" + text)
        assert kit.say("MAXAGE?") == "MAXAGE=" + text
        kit.restart()
        kit.wait(3600 * hours - 1)
        assert kit.say("ON", stamp=(2026, 11, 20, 12, 0, 0, 4)) == "Power socket ON"
        kit.wait(2)
        old = kit.say("OFF", stamp=(2026, 11, 20, 12, 0, 0, 4))
        assert old == ("Power socket OFF" if text == "OFF" else OLD)
    for text in ("0", "241", "24.5", "-1", "ON", ""):
        assert Kit().say("MAXAGE=" + text) == "Incorrect value!"


def test_no_stamp_a_wrong_one_or_no_clock():
    kit = at_noon()
    assert kit.say("OFF") == "Power socket OFF"
    assert kit.say("ON", stamp=(2026, 13, 1, 0, 0, 0, 0)) == "Power socket ON"
    assert kit.say("OFF", stamp=(2099, 1, 1, 0, 0, 0, 0)) == "Power socket OFF"
    # Without a clock, the stamp of the first message sets it.
    assert Kit().say("ON", stamp=(2001, 1, 1, 0, 0, 0, 0)) == "Power socket ON"


def test_its_place_among_the_checks():
    old = (2026, 11, 1, 12, 0, 0, 4)
    kit = at_noon("PASSWORD=12abc")
    assert kit.say("OFF", FRIEND, stamp=old) == "Invalid access password!"
    assert kit.say("no command", FRIEND, stamp=old) is None
    assert kit.say("12abcno command", FRIEND, stamp=old) is None
    assert kit.say("12abcOFF", FRIEND, stamp=old) == OLD
    assert kit.say("12abcRESTARTTIME=601", FRIEND, stamp=old) == (
        "RESTARTTIME=601 - Message is too old!"
    )
    kit = at_noon()
    kit.wait(1801)
    assert kit.say("RESTARTTIME=7", stamp=old) == "RESTARTTIME=7 - Message is too old!"
    assert kit.say("RESTARTTIME=7").endswith("expired (Conf)!")


def test_a_wrong_date_can_be_put_right():
    kit = at_noon("PASSWORD=12abc")
    old = (2026, 11, 1, 12, 0, 0, 4)
    assert kit.say("12abcDATESMS", stamp=old) == "DATE 26/11/01,12:00:00+01 - OK"


def test_it_is_an_error_and_what_tells_is_none():
    old = (2026, 11, 1, 12, 0, 0, 4)
    kit = at_noon("SMSCONFIRM=OFF")
    assert kit.say("OFF", OWNER, stamp=old) == OLD
    for text in ("STATUS", "WHY", "RUNTIME", "SECLIST?", "CREDIT", "SHOWALARMLOG", "DATE"):
        assert "too old" not in kit.say(text, stamp=old), text
    kit.hidden("OFF")  # no stamp
    assert not kit.on
