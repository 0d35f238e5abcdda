# SPDX-License-Identifier: MIT
"""Which replies are sent: SMSCONFIRM, ERROR, SMSCONFIRMUNAUTH, and the limits of error replies."""

from device_kit import FRIEND, LAST_ERROR, OWNER, STRANGER, Kit
from powersocket.features.confirmation import Confirmation

SMOKE = True

TELLING = ("STATUS", "RUNTIME", "HARDWARE", "SERIALNUM", "FIRMWARE")
QUESTIONS = (
    "RESTARTTIME?",
    "POWERSTATE?",
    "SECNUMBER?",
    "SECLIST?",
    "PASSWORD?",
    "ALERTNUMBER?",
    "SMSCONFIRM?",
    "ERROR?",
    "SMSCONFIRMUNAUTH?",
)
QUIET = (
    "ON",
    "OFF",
    "ON30",
    "OFF30",
    "RESTART",
    "RESTARTTIME=5",
    "POWERSTATE=ON",
    "SECNUMBER+31600000001",
    "SECLIST=ON",
    "SECLIST=OFF",
    "SECNUMBER-31600000001",
    "SECNUMBER-ALL",
    "ALERTNUMBER+31600000001",
    "ALERTNUMBER-ALL",
    "ALERTME",
    "ERROR=ON",
    "SMSCONFIRMUNAUTH=OFF",
    "PASSWORD=NO",
    "MAKEMEBOSS",
)


def test_everything_is_confirmed_by_default():
    kit = Kit()
    for text in TELLING + QUESTIONS + QUIET:
        assert kit.say(text) is not None, text


def test_smsconfirm_off_silences_what_acts_and_configures():
    kit = Kit()
    kit.say("SMSCONFIRM=OFF")
    for text in QUIET:
        assert kit.say(text) is None, text
    for text in TELLING + QUESTIONS:
        assert kit.say(text) is not None, text
    # What was silent was carried out.
    assert kit.device.settings["RESTARTTIME"] == 5
    assert kit.device.settings["SECNUMBER"] == ["31600000001"]


def test_smsconfirm_off_itself_is_confirmed():
    kit = Kit()
    assert kit.say("SMSCONFIRM=OFF") == "SMSCONFIRM=OFF - OK"
    assert kit.say("smsconfirm = off") == "SMSCONFIRM=OFF - OK"
    assert kit.say("SMSCONFIRM?") == "SMSCONFIRM=ON,(OFF)"
    assert kit.say("SMSCONFIRM=ON") == "SMSCONFIRM=ON - OK"
    assert kit.say("SMSCONFIRM?") == "SMSCONFIRM=(ON),OFF"


def test_errors_do_not_follow_smsconfirm():
    kit = Kit()
    kit.say("SMSCONFIRM=OFF")
    assert kit.say("RESTARTTIME=0") == "Incorrect value!"
    assert kit.say("HELLO") == "HELLO - No such command exists on the device!"
    assert kit.say("SECLIST=ON") == "No SECNUMBERs!"


def test_error_off_silences_every_error():
    kit = Kit()
    kit.say_all("ERROR=OFF")
    for text in ("HELLO", "RESTARTTIME=0", "SECNUMBER-1", "SECLIST=ON", "ON0"):
        assert kit.say(text) is None, text
        assert kit.say(text, FRIEND) is None, text
    kit.say_all("PASSWORD=12abc")
    assert kit.say("ON") is None
    assert kit.say("12abcPASSWORD=NO") == "PASSWORD=NO - OK"
    for i in range(10):
        kit.say_all("ALERTNUMBER+%d" % i)
    assert kit.say("ALERTME") is None
    kit.wait(1801)
    assert kit.say("RESTARTTIME=5") is None
    # Answers that say `No ..` are no errors.
    assert kit.say("SECNUMBER?") == "No SECNUMBERs!"
    kit.power_cycle()
    kit.say_all("SMSCONFIRMUNAUTH=ON", "SECNUMBER+31600000001", "SECLIST=ON")
    assert kit.stranger("ON") is None
    kit.say_all("ERROR=ON")
    assert kit.stranger("ON") == "Access deny!"


def test_errors_that_are_not_sent_do_not_count():
    kit = Kit()
    kit.say_all("ERROR=OFF")
    for _ in range(30):
        assert kit.say("HELLO") is None
    kit.say_all("ERROR=ON")
    for _ in range(5):
        assert kit.say("HELLO") is not None
    assert kit.say("HELLO") is None


def test_no_error_to_who_cannot_be_called_back():
    kit = Kit()
    kit.hidden("HELLO")
    kit.named("HELLO")
    kit.named("HELLO", "12345")  # digits, but alphanumeric by its type
    for sender in ("1", "1234", "+1234", "001234"):
        assert kit.say("HELLO", sender) is None, sender
        assert kit.say("ON", sender) == "Power socket ON", sender
    for sender in ("12345", "+12345", "0012345"):
        assert kit.say("HELLO", sender) is not None, sender


def test_five_errors_to_a_number_in_ten_minutes():
    limits = Confirmation(None)
    assert [limits.errors_left("1", t) for t in (0, 100, 200, 300, 400)] == [5, 4, 3, 2, 1]
    assert limits.errors_left("1", 400) == 0
    assert limits.errors_left("1", 599) == 0
    assert limits.errors_left("1", 601) == 1  # the one of 0 is forgotten
    assert limits.errors_left("1", 602) == 0
    assert limits.errors_left("1", 699) == 0
    assert limits.errors_left("1", 701) == 1
    # Others are not concerned.
    assert [limits.errors_left("2", 602) for _ in range(6)] == [5, 4, 3, 2, 1, 0]


def test_refused_errors_do_not_count():
    limits = Confirmation(None)
    for _ in range(5):
        assert limits.errors_left("1", 0) > 0
    for t in range(1, 599, 7):
        assert limits.errors_left("1", t) == 0
    assert [limits.errors_left("1", 601) for _ in range(6)] == [5, 4, 3, 2, 1, 0]


def test_twenty_errors_to_all_in_an_hour():
    limits = Confirmation(None)
    left = [limits.errors_left(str(i), i * 10) for i in range(20)]
    assert left == [5] * 16 + [4, 3, 2, 1]
    assert limits.errors_left("new", 200) <= 0
    assert limits.errors_left("new", 3599) <= 0
    assert limits.errors_left("new", 3601) == 1
    assert limits.errors_left("newer", 3602) <= 0
    assert limits.errors_left("newer", 3611) == 1


def test_the_limits_is_bounded():
    limits = Confirmation(None)
    for t in range(0, 100000, 3):
        limits.errors_left(str(t), t)
    assert len(limits._sent) <= 20


def test_the_last_error_says_that_it_is_the_last():
    for text, error in (
        ("HELLO", "HELLO - No such command exists on the device!"),
        ("ON0", "Incorrect value!"),
        ("SECLIST=ON", "No SECNUMBERs!"),
    ):
        kit = Kit()
        for i in range(5):
            assert kit.say(text) == error + (LAST_ERROR if i == 4 else ""), text
        assert kit.say(text) is None
        assert kit.say("ON") == "Power socket ON"  # no error: nothing is added
        assert kit.say(text, FRIEND) == error
        kit.wait(601)
        assert kit.say(text) == error


def test_the_last_error_of_all_in_an_hour_says_so_too():
    kit = Kit()
    error = "HELLO - No such command exists on the device!"
    for i in range(20):
        wanted = error + (LAST_ERROR if i == 19 else "")
        assert kit.say("HELLO", "+3160000010%02d" % i) == wanted, i
    assert kit.say("HELLO", "+31600000200") is None
    kit.wait(3601)
    assert kit.say("HELLO", "+31600000200") == error


def test_one_number_in_several_forms_is_one_number():
    kit = Kit()
    forms = ("+31600000009", "31600000009", "0031600000009")
    for i in range(5):
        assert kit.say("HELLO", forms[i % 3]) is not None
    for form in forms:
        assert kit.say("HELLO", form) is None


def test_denials_count_as_errors():
    kit = Kit()
    kit.say_all("MAKEMEBOSS", "SMSCONFIRMUNAUTH=ON")
    for i in range(5):
        assert kit.stranger("ON") == "Access deny!" + (LAST_ERROR if i == 4 else "")
    assert kit.stranger("ON") is None
    kit.hidden("ON")
    kit.named("ON")
    assert kit.say("ON", "1234") is None
    assert not kit.on


def test_smsconfirmunauth_does_nothing_without_the_list():
    kit = Kit()
    kit.say_all("SMSCONFIRMUNAUTH=ON")
    assert kit.stranger("ON") == "Power socket ON"
    kit.say("SMSCONFIRM=OFF")
    kit.say("MAKEMEBOSS")
    # SMSCONFIRM has no say in it.
    assert kit.say("OFF", STRANGER) == "Access deny!"
    assert kit.say("OFF", OWNER) is None
