# SPDX-License-Identifier: MIT
"""CREDIT and SIMCARD: the operator is asked once, and the sender gets the answer."""

from device_kit import FRIEND, LAST_ERROR, OWNER, STRANGER, Kit

SMOKE = True

FAULT = "Execute error!"


def ask(kit, result="Your balance is 5.00"):
    """Do the first errand, as the application does; return (code, the texts that are owed)."""
    errand = kit.device.errands.first()
    kit.device.errands.begin(errand)
    kit.commit()
    kit.device.errands.done(errand, result, kit.now)
    kit.commit()
    return errand[1], kit.post()


def asked(kit):
    return [errand[:2] for errand in kit.device.errands.entries]


def test_the_code():
    kit = Kit()
    assert kit.say("CREDITUMS?") == "CREDITUMS=NO"
    assert kit.say("CREDITUMS=*100#") == "CREDITUMS=*100# - OK"
    assert kit.say("CREDITUMS?") == "CREDITUMS: *100#"
    assert kit.say("CRDITUMS = * 101 #") == "CREDITUMS=*101# - OK"
    assert kit.say("crditums?") == "CREDITUMS: *101#"
    kit.restart()
    assert kit.say("CREDITUMS?") == "CREDITUMS: *101#"
    assert kit.say("creditums=no") == "CREDITUMS=NO - OK"
    assert kit.say("CREDITUMS?") == "CREDITUMS=NO"
    assert kit.say("CREDITUMS=*1*2#3#") == "CREDITUMS=*1*2#3# - OK"
    assert kit.say("CRDITUMS=NO") == "CREDITUMS=NO - OK"


def test_what_is_no_code():
    kit = Kit()
    kit.say("MAKEMEBOSS")
    for odd in ("", "100", "*100", "100#", "#100#", "*#", "**##", "*1a#", '*1"#', "*1#;", "*1,2#"):
        kit.wait(600)
        assert kit.say("CREDITUMS=" + odd) == "Incorrect value!", odd
    for odd in ("*100", "*#", "*1a#", '*1"#', "*"):
        kit.wait(600)
        assert kit.say("SIMCARD" + odd) == "Incorrect value!", odd
    assert kit.say("CREDITUMS?") == "CREDITUMS=NO"
    for unknown in ("SIMCARD", "SIMCARD100#", "SIMCARD?", "CREDIT*100#"):
        kit.wait(600)
        assert kit.say(unknown) == unknown + " - No such command exists on the device!"
    assert asked(kit) == []


def test_a_code_that_is_stored_but_cannot_be_used_counts_as_none():
    for odd in (7, "100", '*1"#'):
        kit = Kit({"settings": {"CREDITUMS": odd}})
        assert kit.say("CREDIT") == "CREDITUMS=NO"


def test_credit():
    kit = Kit()
    assert kit.say("CREDIT") == "CREDITUMS=NO"
    assert asked(kit) == []
    kit.say("CREDITUMS=*100#")
    assert kit.say("CREDIT", FRIEND) is None
    assert asked(kit) == [["ussd", "*100#"]]
    assert ask(kit) == ("*100#", [(FRIEND, "Your balance is 5.00")])
    assert asked(kit) == []


def test_sim_card():
    kit = Kit()
    assert kit.say("simcard * 123*1 #") is None
    assert ask(kit, "Ol\u00e1\nVoc\u00ea tem 5 \u20ac") == (
        "*123*1#",
        [(OWNER, "Ol\u00e1\nVoc\u00ea tem 5 \u20ac")],
    )


def test_answers_are_sent_whatever_smsconfirm_says():
    kit = Kit()
    kit.say_all("CREDITUMS=*100#", "SMSCONFIRM=OFF")
    for text in ("CREDIT", "SIMCARD*100#"):
        assert kit.say(text) is None
        assert ask(kit)[1] == [(OWNER, "Your balance is 5.00")]
    kit.say("CREDITUMS=NO")
    assert kit.say("CREDIT") == "CREDITUMS=NO"


def test_silence_is_an_error():
    kit = Kit()
    for text in ("CREDIT", "SIMCARD*100#"):
        kit.say("CREDITUMS=*100#")
        kit.say(text)
        assert ask(kit, "")[1] == [(OWNER, FAULT)]
    # Errors are ruled by ERROR alone ..
    kit.say_all("SMSCONFIRM=OFF")
    kit.say("SIMCARD*100#")
    assert ask(kit, "")[1] == [(OWNER, FAULT)]
    kit.say("ERROR=OFF")
    kit.say("SIMCARD*100#")
    assert ask(kit, "")[1] == []
    kit.say("SIMCARD*100#")
    assert ask(kit)[1] == [(OWNER, "Your balance is 5.00")]
    # .. and are few.
    kit.say("ERROR=ON")
    for last in ("", LAST_ERROR):
        kit.say("SIMCARD*100#")
        assert ask(kit, "")[1] == [(OWNER, FAULT + last)]
    kit.say("SIMCARD*100#")
    assert ask(kit, "")[1] == []


def test_an_errand_that_a_restart_cut_off_is_not_begun_again():
    kit = Kit()
    kit.say("SIMCARD*100#")
    kit.restart()
    assert asked(kit) == [["ussd", "*100#"]]  # it had not begun
    kit.device.errands.begin(kit.device.errands.first())
    kit.commit()
    kit.restart()
    assert asked(kit) == []
    assert kit.post() == [(OWNER, FAULT)]


def test_nobody_to_answer():
    kit = Kit()
    kit.hidden("SIMCARD*100#")
    assert ask(kit)[1] == []
    kit.named("SIMCARD*100#")
    assert ask(kit, "")[1] == []
    # A short code gets the answer, but no error.
    assert kit.send("SIMCARD*100#", "1234") == []
    assert ask(kit)[1] == [("1234", "Your balance is 5.00")]
    kit.send("SIMCARD*100#", "1234")
    assert ask(kit, "")[1] == []


def test_the_same_message_again_asks_once():
    kit = Kit()
    kit.say("SIMCARD*100#", id="one")
    kit.say("SIMCARD*100#", id="one")
    assert len(asked(kit)) == 1


def test_too_many_at_once():
    kit = Kit()
    while kit.say("SIMCARD*100#") is None:
        assert len(asked(kit)) < 10
    assert kit.say("SIMCARD*100#") == FAULT
    assert len(asked(kit)) >= 4


def test_who_may_and_when():
    kit = Kit()
    kit.say_all("CREDITUMS=*100#", "MAKEMEBOSS")
    assert kit.send("SIMCARD*100#", STRANGER) == [] and kit.send("CREDIT", STRANGER) == []
    assert asked(kit) == []
    kit.say_all("SECLIST=OFF")
    kit.wait(1801)
    expired = "SIMCARD*100# - Time for configuration is expired (Conf)!"
    assert kit.say("SIMCARD*100#") == expired
    assert kit.say("CREDIT") is None and len(asked(kit)) == 1


def test_with_a_password():
    kit = Kit()
    kit.say_all("PASSWORD=12abc")
    assert kit.say("SIMCARD*100#") == "Invalid access password!"
    assert kit.say("12abcSIMCARD*100#") is None
    assert asked(kit) == [["ussd", "*100#"]]


def test_errands_of_others_are_not_its():
    kit = Kit()
    kit.device.errands.add("call", "+358401", OWNER)
    assert ask(kit, "answered")[1] == []


def test_the_operators_answer_is_no_error():
    kit = Kit()
    kit.say_all("CREDITUMS=*100#", "SMSCONFIRM=OFF")
    assert kit.say("ERROR=OFF") is None
    assert kit.say("CREDIT") is None
    errand = kit.device.errands.first()
    kit.device.errands.begin(errand)
    kit.device.errands.done(errand, "Your balance is 5.00", kit.now)
    assert [text for _, text in kit.post()] == ["Your balance is 5.00"]
