# SPDX-License-Identifier: MIT
"""Guessing the password is slow, and slows nobody but who guesses (spec chapter 2.3)."""

from device_kit import FRIEND, OWNER, STRANGER, Kit
from powersocket.interpreter import ALPHA, HIDDEN, NUMBER

DAY = 86400  # s


def locked(*texts):
    """Return a device with a password that OWNER has set."""
    kit = Kit()
    kit.say_all(*texts)
    kit.say_all("PASSWORD=zzzzz")
    return kit


def guess(kit, sender, kind=NUMBER, count=1, text="00000OFF"):
    """Send wrong passwords; return how many of them were looked at."""
    seen = 0
    for _ in range(count):
        counted = repr(kit.device.security._wrong)
        kit.send(text, sender, kind)
        seen += repr(kit.device.security._wrong) != counted
    return seen


def strangers(kit, count):
    """Let strangers guess, each from a number of his own; return how many were looked at."""
    return sum([guess(kit, "+4470000%04d" % i) for i in range(count)])


def test_all_strangers_together_have_eight():
    kit = locked()
    assert strangers(kit, 100) == 8
    assert not kit.on
    # One comes back in a quarter of an hour.
    kit.wait(899)
    assert strangers(kit, 10) == 0
    kit.wait(1)
    assert strangers(kit, 10) == 1
    kit.wait(2 * 900)
    assert strangers(kit, 10) == 2
    kit.wait(DAY)
    assert strangers(kit, 100) == 8


def test_while_they_are_used_up_the_right_one_is_not_looked_at_either():
    """Else a guesser could go on and would only have to watch the relay."""
    kit = locked()
    strangers(kit, 20)
    assert kit.stranger("zzzzzON") is None
    assert kit.stranger("HELLO") is None and kit.stranger("STATUS") is None
    assert not kit.on
    kit.wait(901)
    assert kit.stranger("zzzzzON") == "Power socket ON"


def test_senders_without_a_number_have_eight_of_their_own():
    for spent in ("names", "numbers"):
        kit = locked()
        if spent == "names":
            seen = 0
            for i in range(20):
                seen += guess(kit, "Shop%d" % i, ALPHA) + guess(kit, "", HIDDEN)
            assert seen == 8
            kit.hidden("zzzzzON")
            assert not kit.on
            assert kit.stranger("zzzzzON") == "Power socket ON"
        else:
            strangers(kit, 20)
            kit.named("zzzzzON")
            assert kit.on
            kit.hidden("zzzzzOFF")
            assert not kit.on
    kit.wait(900)
    guess(kit, "Shop", ALPHA, 20)
    kit.wait(900)
    assert guess(kit, "", HIDDEN, 5) == 1


def test_who_is_on_a_list_has_a_count_of_his_own():
    for listed in ("SECNUMBER+31600000002", "ALERTNUMBER+31600000002"):
        kit = locked(listed)
        strangers(kit, 20)
        assert kit.say("zzzzzON", FRIEND) == "Power socket ON"
        assert kit.stranger("zzzzzOFF") is None
        assert guess(kit, FRIEND, count=20) == 8
        assert kit.say("zzzzzOFF", FRIEND) is None
        assert kit.say("zzzzzOFF", OWNER) == "Power socket OFF"
        kit.wait(60)
        assert guess(kit, FRIEND, count=5) == 1  # one comes back every minute
        kit.wait(60)
        assert kit.say("zzzzzON", FRIEND) == "Power socket ON"


def test_with_seclist_on_only_the_list_can_guess():
    kit = Kit()
    kit.say_all("MAKEMEBOSS", "PASSWORD=zzzzz")
    assert strangers(kit, 50) == 0
    assert guess(kit, "Shop", ALPHA) == 0 and guess(kit, "", HIDDEN) == 0
    assert kit.say("zzzzzON") == "Power socket ON"
    assert guess(kit, OWNER, count=20) == 8
    assert kit.say("zzzzzOFF") is None
    kit.wait(60)
    assert kit.say("zzzzzOFF") == "Power socket OFF"


def test_strangers_do_not_lock_out_who_has_used_the_password():
    kit = locked()
    for sender in (OWNER, "+31600000003", "+31600000004", "+31600000005"):
        assert kit.say("zzzzzON", sender) == "Power socket ON"
    for _ in range(3):
        strangers(kit, 50)
        for sender in (OWNER, "+31600000003", "+31600000004", "+31600000005"):
            assert kit.say("zzzzzOFF", sender) == "Power socket OFF"
        kit.restart()
        strangers(kit, 50)
        assert kit.say("zzzzzON") == "Power socket ON"
        kit.power_cycle()


def test_a_fifth_user_is_a_stranger_again_if_others_came_after_him():
    kit = locked()
    for i in range(6):
        kit.say("zzzzzON", "+3160000001%d" % i)
    strangers(kit, 50)
    for i in range(2):
        assert kit.say("zzzzzOFF", "+3160000001%d" % i) is None
    for i in range(2, 6):
        assert kit.say("zzzzzOFF", "+3160000001%d" % i) == "Power socket OFF"


def test_strangers_do_not_lock_out_who_has_set_the_password():
    kit = locked()
    strangers(kit, 50)
    assert kit.say("zzzzzON") == "Power socket ON"
    assert kit.say("zzzzzPASSWORD=yyyyy") == "PASSWORD=***** - OK"
    strangers(kit, 50)
    assert kit.say("yyyyyOFF") == "Power socket OFF"


def test_what_is_too_short_is_no_guess():
    """Password and the shortest command have seven characters."""
    kit = locked()
    for text in ("", "x", "ON", "STATUS", "zzzzON", "zzzzz", "\u20ac" * 6, " zzzzON  "):
        for sender, kind in ((STRANGER, NUMBER), ("Shop", ALPHA), ("", HIDDEN), (OWNER, NUMBER)):
            assert guess(kit, sender, kind, 20, text) == 0, text
    assert kit.stranger("zzzzzON") == "Power socket ON"
    assert guess(kit, STRANGER, text="zzzzyON") == 1


def test_what_is_too_long_to_be_a_command_is_no_guess():
    """A password and 30 characters more might open the door, one more never can."""
    kit = locked()
    assert guess(kit, STRANGER, text="a" * 36, count=20) == 0
    assert guess(kit, STRANGER, text="a" * 700, count=20) == 0
    assert guess(kit, STRANGER, text="a" * 35) == 1
    assert guess(kit, STRANGER, text="a" * 31) == 1
    assert kit.stranger("zzzzzSECNUMBER+" + "0" * 5 + "123456789012345") is not None


def test_the_owners_own_slips():
    kit = locked()
    for _ in range(50):
        kit.say("OFF")  # forgotten: no guess
    assert kit.say("zzzzzON") == "Power socket ON"
    assert guess(kit, OWNER, text="STATUS?", count=20) == 8
    assert kit.say("zzzzzOFF") is None
    kit.wait(59)
    assert kit.say("zzzzzOFF") is None
    kit.wait(1)
    assert kit.say("zzzzzOFF") == "Power socket OFF"
    kit.wait(8 * 60)
    assert guess(kit, OWNER, count=7) == 7
    assert kit.say("zzzzzON") == "Power socket ON"


def test_the_right_one_gives_no_guess_back():
    """Else who shares a number with somebody who knows it could guess for ever."""
    kit = locked()
    for _ in range(7):
        kit.say("00000OFF")
    assert kit.say("zzzzzON") == "Power socket ON"
    assert guess(kit, OWNER, count=5) == 1


def in_a_day(kit, senders, gap):
    """Return how many guesses are looked at in a day, if one comes every `gap` seconds."""
    seen = 0
    for i in range(DAY // gap + 1):
        sender, kind = senders[i % len(senders)]
        seen += guess(kit, sender, kind)
        kit.wait(gap)
    return seen


def test_the_guesses_of_a_day():
    numbers = [("+4470000%04d" % i, NUMBER) for i in range(50)]
    nameless = [("", HIDDEN), ("Shop", ALPHA), ("Bank", ALPHA)]
    for senders, most in ((numbers, 8 + 96), (nameless, 8 + 96), ([(OWNER, NUMBER)], 8 + 1440)):
        seen = in_a_day(locked(), senders, 20)
        assert most - 1 <= seen <= most, (senders[0], seen)


def test_waiting_saves_nothing_up():
    kit = locked()
    strangers(kit, 50)
    kit.wait(10 * DAY)
    assert strangers(kit, 50) == 8


def test_who_guesses_under_a_known_number_is_slowed_on_its_own():
    kit = locked()
    kit.say("zzzzzON", OWNER)
    kit.say("zzzzzON", FRIEND)
    for _ in range(50):
        kit.say("00000OFF", FRIEND)
    assert kit.say("zzzzzOFF", FRIEND) is None
    assert kit.say("zzzzzOFF", OWNER) == "Power socket OFF"
    assert kit.stranger("zzzzzON") == "Power socket ON"


def test_few_numbers_are_known():
    kit = locked()
    for i in range(20):
        kit.say("zzzzzON", "+3160000010%02d" % i)
    trusted = kit.stored()["security"]["trusted"]
    assert len(trusted) == 4
    assert trusted[-1] == "316000001019"


def test_what_is_counted_is_bounded():
    """Numbers come and go on the lists: who has nothing to regain is forgotten."""
    kit = locked()
    for i in range(200):
        number = "+3160000%04d" % i
        kit.say("zzzzzALERTNUMBER" + number)
        guess(kit, number)
        kit.say("zzzzzALERTNUMBER-" + number[1:])
        kit.wait(20)
    assert len(kit.device.security._wrong) <= 8


def test_using_the_password_again_writes_nothing():
    """One flash write a command is enough."""
    kit = locked()
    kit.say("zzzzzON")
    before = kit.stored()["security"]
    kit.say("zzzzzON")
    assert kit.stored()["security"] == before


def test_a_new_password_forgets_who_knew_the_old_one():
    kit = locked()
    kit.say("zzzzzON", FRIEND)
    kit.say("zzzzzPASSWORD=yyyyy", OWNER)
    strangers(kit, 50)
    assert kit.say("yyyyyOFF", FRIEND) is None
    assert kit.on
    assert kit.stored()["security"]["trusted"] == ["31600000001"]


def test_a_new_password_begins_with_all_guesses():
    kit = locked()
    strangers(kit, 50)
    assert kit.say("zzzzzPASSWORD=NO") == "PASSWORD=NO - OK"
    assert kit.stranger("ON") == "Power socket ON"
    kit.say_all("PASSWORD=yyyyy")
    assert strangers(kit, 50) == 8
