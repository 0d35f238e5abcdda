# SPDX-License-Identifier: MIT
"""Who may command: list, password, window, the boss. How guessing is slowed: test_guessing.py."""

from device_kit import FRIEND, OWNER, Kit

SMOKE = True

BOSS = (
    "Your phone number has been assigned for all types of alerts and was added to security list"
    " which has been activated"
)
EXPIRED = " - Time for configuration is expired (Conf)!"
WRONG_PASSWORD = "Invalid access password!"


def secured():
    kit = Kit()
    kit.say_all("MAKEMEBOSS")
    return kit


# --- the list ---


def test_strangers_get_nothing_and_do_nothing():
    kit = secured()
    before = kit.flash
    for text in ("ON", "STATUS", "SECNUMBER+31600000009", "MAKEMEBOSS", "HELLO", "", "x" * 500):
        assert kit.stranger(text) is None, text
        kit.hidden(text)
        kit.named(text)
        kit.named(text, "31600000001")  # the owner's digits as a name
        assert kit.send(text, "", "number") == []
    assert kit.flash == before
    assert not kit.on


def test_a_stranger_changes_nothing_also_while_a_reply_is_under_way():
    """What a reply left uncommitted is not written because of a stranger, nor is his message."""
    kit = secured()
    kit.say("ON")
    kit.device.dirty = True
    before = repr(kit.device.record["ids"])
    assert kit.stranger("OFF") is None
    assert repr(kit.device.record["ids"]) == before


def test_numbers_are_compared_digit_for_digit():
    kit = secured()
    for sender in ("+31600000001", "31600000001", "0031600000001"):
        assert kit.say("ON", sender) == "Power socket ON", sender
    near_misses = (
        "+3160000000",
        "+316000000011",
        "+131600000001",
        "0600000001",
        "600000001",
        "+600000001",
        "1",
        "+",
        "00",
        "+ 31600000001",
        "31600000001 ",
        "+\u0663\u0661600000001",
        "31600000001,31600000001",
    )
    for sender in near_misses:
        assert kit.say("OFF", sender) is None, sender
    assert kit.on


def test_a_boss_with_more_zeros_is_not_locked_out():
    """Found by fuzzing: the list had the number without 00, which it then did not match."""
    for sender in ("+0031600000003", "000031600000003"):
        kit = Kit()
        kit.say("MAKEMEBOSS", sender)
        assert kit.say("ON", sender) == "Power socket ON", sender
    assert kit.say("SECNUMBER-000031600000003", sender) == "SECNUMBER-31600000003 - OK"


def test_a_number_in_local_form_is_listed_in_that_form():
    kit = secured()
    assert kit.say("ON", "0600000002") is None
    kit.say_all("SECNUMBER+0600000002")
    assert kit.say("ON", "0600000002") == "Power socket ON"
    assert kit.say("ON", "+31600000002") is None
    kit.say_all("SECNUMBER+5555")
    assert kit.say("OFF", "5555") == "Power socket OFF"


def test_the_list_in_full():
    kit = Kit()
    for i in range(10):
        assert kit.say("SECNUMBER+1%014d" % i) == "SECNUMBER+1%014d - OK" % i
    assert kit.say("SECNUMBER+1") == "List is full!"
    assert kit.say("SECNUMBER+1%014d" % 5) == "SECNUMBER+1%014d - OK" % 5
    reply = kit.say("SECNUMBER?")
    assert reply == "SECNUMBERs: " + ", ".join(["1%014d" % i for i in range(10)])
    assert len(reply) > 160
    assert kit.say("MAKEMEBOSS") == "List is full!"
    assert kit.say("ALERTNUMBER?") == "No ALERTNUMBERs!"
    assert kit.say("SECLIST?") == "SECLIST=(OFF),ON"
    assert kit.say("SECNUMBER-1%014d" % 0) == "SECNUMBER-1%014d - OK" % 0
    assert kit.say("MAKEMEBOSS") == BOSS


def test_the_list_goes_off_with_its_last_number():
    for last in ("SECNUMBER-31600000001", "SECNUMBER-ALL"):
        kit = secured()
        kit.say_all("SECNUMBER+31600000002", "SECNUMBER-31600000002")
        assert kit.device.settings["SECLIST"] == "ON"
        kit.say_all(last)
        assert kit.device.settings["SECLIST"] == "OFF"
        assert kit.stranger("ON") == "Power socket ON"


def test_the_list_cannot_be_switched_on_empty():
    kit = Kit()
    assert kit.say("SECLIST=ON") == "No SECNUMBERs!"
    assert kit.device.settings["SECLIST"] == "OFF"
    kit.say_all("SECLIST=OFF")


def test_nobody_locks_himself_out_with_the_list():
    kit = Kit()
    kit.say_all("SECNUMBER+31600000002")
    refused = "Your number is not on the list!"
    assert kit.say("SECLIST=ON") == refused
    assert kit.say("SECLIST=ON", "0600000002") == refused  # not in that form
    assert kit.say("SECLIST = on", "+3160000000") == refused
    kit.hidden("SECLIST=ON")
    kit.named("SECLIST=ON", "31600000002")
    assert kit.say("SECLIST?") == "SECLIST=(OFF),ON"
    assert kit.say("SECLIST=OFF") == "SECLIST=OFF - OK"  # which locks nobody out
    assert kit.say("SECLIST=ON", FRIEND) == "SECLIST=ON - OK"
    assert kit.say("ON") is None
    assert kit.say("SECLIST=ON", FRIEND) == "SECLIST=ON - OK"
    # The value is looked at first, and it is an error like others.
    kit = Kit()
    kit.say_all("SECNUMBER+31600000002", "ERROR=OFF")
    assert kit.say("SECLIST=ON") is None
    kit.say_all("ERROR=ON", "SMSCONFIRM=OFF")
    assert kit.say("SECLIST=ON") == refused
    assert kit.say("SECLIST=YES") == "Incorrect value!"


def test_the_list_from_outside_with_the_password():
    """The password alone does not put its user on the list."""
    kit = Kit()
    kit.say_all("SECNUMBER+31600000002", "PASSWORD=12abc")
    assert kit.say("12abcSECLIST=ON") == "Your number is not on the list!"
    assert kit.say("12abcSECNUMBER+31600000001") == "SECNUMBER+31600000001 - OK"
    assert kit.say("12abcSECLIST=ON") == "SECLIST=ON - OK"


def test_numbers_alone_protect_nothing():
    kit = Kit()
    kit.say_all("SECNUMBER+31600000001")
    assert kit.stranger("ON") == "Power socket ON"


# --- the boss ---


def test_only_the_first_becomes_the_boss():
    kit = Kit()
    assert kit.say("MAKEMEBOSS", OWNER) == BOSS
    assert kit.say("MAKEMEBOSS", FRIEND) is None
    assert kit.say("SECNUMBER?") == "SECNUMBERs: 31600000001"
    assert kit.say("ALERTNUMBER?") == "ALERTNUMBERs: 31600000001"
    assert kit.say("MAKEMEBOSS", OWNER) == BOSS
    assert kit.say("SECNUMBER?") == "SECNUMBERs: 31600000001"


def test_who_has_no_number_becomes_nothing():
    for text in ("MAKEMEBOSS", "ALERTME"):
        kit = Kit()
        kit.hidden(text)
        kit.named(text)
        assert kit.send(text, "", "number") == []
        assert kit.send(text, "+", "number") == []
        assert kit.stored()["settings"] == {}


def test_an_address_that_no_list_can_hold_becomes_nothing():
    """A list with something else than numbers in it counts as empty: nobody would be let in."""
    for text in ("MAKEMEBOSS", "ALERTME"):
        for sender in ("+1234567890123456", "12345678901234567890", "*100#", "+31a"):
            kit = Kit()
            kit.send(text, sender)
            assert kit.stored()["settings"] == {}, (text, sender)
            assert kit.say("ON", FRIEND) == "Power socket ON", (text, sender)


def test_full_lists_change_nothing():
    kit = Kit()
    for i in range(10):
        kit.say_all("ALERTNUMBER+%d" % i)
    before = kit.stored()["settings"]
    assert kit.say("MAKEMEBOSS") == "List is full!"
    assert kit.say("ALERTME") == "List is full!"
    assert kit.stored()["settings"] == before
    kit.say_all("ALERTNUMBER-3")
    assert kit.say("MAKEMEBOSS") == BOSS
    assert kit.device.settings["ALERTNUMBER"][-1] == "31600000001"


def test_the_boss_in_local_form():
    kit = Kit()
    assert kit.say("MAKEMEBOSS", "0600000001") == BOSS
    assert kit.say("ON", "0600000001") == "Power socket ON"
    assert kit.say("OFF", OWNER) is None


# --- the window ---


def configurable(kit):
    """Tell whether the window is open; the attempt itself renews it if it is."""
    return kit.say("RESTARTTIME=5") == "RESTARTTIME=5 - OK"


def test_the_window_is_open_for_thirty_minutes():
    kit = Kit()
    kit.wait(1799)
    assert configurable(kit)
    kit = Kit()
    kit.wait(1801)
    assert not configurable(kit)
    assert kit.say("restarttime =x") == "restarttime =x" + EXPIRED


def test_what_renews_the_window():
    for text in ("ALERTME", "RESTARTTIME=0", "SECNUMBER-1", "SECLIST=ON", "PASSWORD=x"):
        kit = Kit()
        kit.wait(1700)
        kit.say(text)
        kit.wait(1700)
        assert configurable(kit), text
    for text in ("ON", "RESTARTTIME?", "HELLO", "STATUS", "x" * 31, "", "ON0"):
        kit = Kit()
        kit.wait(1700)
        kit.say(text)
        kit.wait(200)
        assert not configurable(kit), text


def test_a_command_that_is_refused_does_not_open_it():
    kit = Kit()
    kit.wait(1801)
    assert not configurable(kit)
    assert not configurable(kit)
    kit.wait(100000)
    assert kit.say("ALERTME", FRIEND) == "ALERTME" + EXPIRED


def test_a_restart_neither_opens_nor_closes_it():
    kit = Kit()
    kit.wait(1000)
    kit.restart()
    kit.wait(700)
    assert configurable(kit)
    kit.restart()
    kit.wait(1700)
    assert configurable(kit)
    kit.wait(1801)
    kit.restart()
    assert not configurable(kit)
    kit.power_cycle()
    assert configurable(kit)


def test_the_window_of_a_long_run_does_not_outlive_a_loss_of_power():
    kit = secured()
    kit.wait(1000000)
    kit.say_all("SECLIST=OFF")
    kit.power_cycle()
    kit.wait(1801)
    assert not configurable(kit)


def test_security_lifts_the_window():
    kit = secured()
    kit.wait(10000)
    assert configurable(kit)
    kit.wait(10000)
    kit.say_all("SECLIST=OFF")  # the command that removes it leaves a window
    kit.wait(1700)
    assert configurable(kit)
    kit.wait(1801)
    assert not configurable(kit)
    kit = Kit()
    kit.say_all("PASSWORD=12abc")
    kit.wait(10000)
    assert kit.say("12abcPASSWORD=NO") == "PASSWORD=NO - OK"
    kit.wait(1700)
    assert configurable(kit)
    # Numbers without SECLIST=ON are no security.
    kit.say_all("SECNUMBER+31600000001")
    kit.wait(1801)
    assert not configurable(kit)


def test_a_wrong_password_does_not_renew_it():
    kit = Kit()
    kit.say_all("PASSWORD=12abc")
    kit.wait(100)
    assert kit.say("12abcPASSWORD=NO") == "PASSWORD=NO - OK"
    kit.say_all("PASSWORD=12abc")
    window = kit.device.record["security"]["window"]
    kit.wait(60)
    assert kit.say("RESTARTTIME=5") == WRONG_PASSWORD
    assert kit.device.record["security"]["window"] == window


# --- the password ---


def test_the_password():
    kit = Kit()
    assert kit.say("PASSWORD=12aBc") == "PASSWORD=***** - OK"
    assert kit.say("ON") == WRONG_PASSWORD
    assert kit.say("12abcON") == WRONG_PASSWORD
    assert kit.say("12aBcON") == "Power socket ON"
    assert kit.say(" 12aBcoff\n") == "Power socket OFF"
    assert kit.say("12aBcPASSWORD?") == "PASSWORD=*****"
    assert kit.stranger("12aBcON") == "Power socket ON"
    kit.hidden("12aBcOFF")
    assert not kit.on
    kit.hidden("ON")
    kit.named("ON")
    assert not kit.on
    assert kit.say("12aBcPASSWORD=xyz99") == "PASSWORD=***** - OK"
    assert kit.say("12aBcON") == WRONG_PASSWORD
    assert kit.say("xyz99PASSWORD=no") == "PASSWORD=NO - OK"
    assert kit.say("ON") == "Power socket ON"


def test_a_password_that_looks_like_a_command():
    kit = Kit()
    kit.say_all("PASSWORD=ON300")
    assert kit.say("ON300") is None
    assert not kit.on
    assert kit.say("ON300ON30") == "Power ON for 30 seconds"


def test_list_and_password_are_both_needed():
    kit = secured()
    kit.say_all("PASSWORD=12abc")
    assert kit.stranger("12abcON") is None
    assert kit.say("ON") == WRONG_PASSWORD
    assert not kit.on
    assert kit.say("12abcON") == "Power socket ON"
