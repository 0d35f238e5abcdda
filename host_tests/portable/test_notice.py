# SPDX-License-Identifier: MIT
"""NOTICE: what the scenarios cannot see - the one commit, and a name that looks like a number."""

from device_kit import FRIEND, OWNER, Kit
from powersocket.interpreter import ALPHA, NUMBER, Message


def ready():
    kit = Kit()
    kit.say_all("ALERTNUMBER+" + OWNER, "NOTICE=ON")
    return kit


def owed(kit):
    """Return the texts of the stored outbox."""
    return [entry[2] for entry in kit.stored()["outbox"]]


def test_the_change_and_its_notice_are_one_commit():
    kit = ready()
    kit.receive(Message(FRIEND, NUMBER, "ALERTNUMBER-ALL", 99))
    assert "ALERTNUMBER" not in kit.stored()["settings"]
    assert owed(kit) == ["ALERTNUMBER-ALL - OK", "Changed by +31600000002: ALERTNUMBER-ALL"]
    kit.restart()
    assert kit.post() == [
        (OWNER, "Changed by +31600000002: ALERTNUMBER-ALL"),
        (FRIEND, "ALERTNUMBER-ALL - OK"),
    ]


def test_a_name_of_digits_is_not_the_first_alert_number():
    kit = ready()
    sent = kit.send("NOTICE=OFF", OWNER[1:], ALPHA)
    assert sent == [(OWNER, "Changed by 31600000001: NOTICE=OFF")]


def test_the_password_in_front_is_left_out():
    kit = ready()
    kit.say_all("PASSWORD=12abc")
    assert kit.send("12abc password = 9zzz9", FRIEND) == [
        (OWNER, "Changed by +31600000002: password =******"),
        (FRIEND, "PASSWORD=***** - OK"),
    ]


def test_a_reset_that_changes_nothing_is_silent():
    kit = Kit()
    kit.say_all("ALERTNUMBER+" + OWNER)
    kit.device.button.pressed(10_000, kit.now)
    kit.commit()
    assert owed(kit) == []
