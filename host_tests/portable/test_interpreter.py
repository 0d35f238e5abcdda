# SPDX-License-Identifier: MIT
"""From a message to a reply: the order of the checks, every error text, masks, the length."""

from device_kit import FRIEND, OWNER, STRANGER, Kit
from powersocket.features import Feature
from powersocket.interpreter import mask
from powersocket.outbox import SENT
from powersocket.record import SECTIONS
from powersocket.settings import Number

SMOKE = True

UNKNOWN = " - No such command exists on the device!"
EXPIRED = " - Time for configuration is expired (Conf)!"
DENIED = "Access deny!"
WRONG_PASSWORD = "Invalid access password!"
INCORRECT = "Incorrect value!"


def test_unknown_commands_come_back_as_received_and_trimmed():
    kit = Kit()
    assert kit.say("Hello") == "Hello" + UNKNOWN
    assert kit.say(" \r\n\tHe llo \n") == "He llo" + UNKNOWN
    assert kit.say("two\nlines") == "two\nlines" + UNKNOWN
    hello = "\u041f\u0440\u0438\u0432\u0435\u0442"
    assert kit.say(hello) == hello + UNKNOWN


def test_commands_ignore_case_and_blanks_at_the_ends():
    kit = Kit()
    for text in ("ON", "on", "oN", "  ON", "ON  ", "\tON\r\n", "\n\nON"):
        assert kit.say(text) == "Power socket ON", repr(text)
    for text in ("\u00a0ON", "\u200bON", "ON\x00", "ON\x0b"):
        assert kit.say(text, FRIEND) == text + UNKNOWN, repr(text)


def test_nothing_is_nothing():
    kit = Kit()
    for text in ("", " ", "\n", "\r\n\t "):
        assert kit.say(text) is None, repr(text)


def test_the_length_is_counted_in_characters():
    kit = Kit()
    for letter in ("x", "\u00e4", "\u0436", "\u20ac", "\U0001f4a1"):
        kit.wait(200)
        assert kit.say(letter * 30) == letter * 30 + UNKNOWN
        assert kit.say(letter * 31, FRIEND) is None
    kit = Kit()
    assert kit.say("  " + "x" * 30 + "\n") == "x" * 30 + UNKNOWN
    assert kit.say("ON" + " " * 40) == "Power socket ON"
    assert kit.say("ON" + " " * 30 + "x") is None
    assert kit.say("x" * 5000) is None


def test_the_log_says_why_a_message_was_refused_without_its_text():
    kit = Kit()
    for text in ("ON", "x" * 31, "x" * 700, " ", "Hello"):
        kit.say(text)
    kit.say_all("PASSWORD=12abc")
    for text in ("ON", "xxxxxON"):
        kit.say(text, STRANGER)
    kit.say_all("12abcSECNUMBER" + OWNER, "12abcSECLIST=ON")
    kit.say("12abcON", STRANGER)
    refused = [line[18:] for line in kit.log if line.startswith("message: refused, ")]
    long, password = "longer than 30 characters", "no or wrong password"
    assert refused[:4] == [long, long, "empty", "unknown command"], refused
    assert refused[4:] == [password, password, "not on the list"], refused
    assert "ello" not in str(kit.log) and "12abc" not in str(kit.log)


def test_the_password_is_not_counted():
    kit = Kit()
    kit.say_all("PASSWORD=12abc")
    assert kit.say("12abc" + "x" * 30) == "x" * 30 + UNKNOWN
    assert kit.say("12abc" + "x" * 31) is None
    # If the text does not begin with it, the whole text is counted.
    assert kit.say("x" * 30) == "x" * 30 + UNKNOWN
    assert kit.say("12abdALERTNUMBER+3584012345678") == WRONG_PASSWORD
    assert kit.say("12abdALERTNUMBER+35840123456789") is None


def test_order_of_the_checks():
    """Security list, length, password, command known, window, value, precondition."""
    kit = Kit()
    kit.say_all("MAKEMEBOSS", "PASSWORD=12abc", "12abcSMSCONFIRMUNAUTH=ON")
    long = "x" * 31
    # The list is first: a stranger learns nothing of length, password, command.
    for text in (long, "ON", "12abcON", "12abcHELLO", "HELLO"):
        kit.wait(200)
        assert kit.stranger(text) == DENIED, text
    # Then the length, then the password, then whether the command is known.
    assert kit.say("HELLO" + long) is None
    assert kit.say("12abdRESTARTTIME=0") == WRONG_PASSWORD
    assert kit.say("12abcHELLO") == "HELLO" + UNKNOWN
    assert kit.say("HELLO") == "HELLO" + UNKNOWN
    # Then, where security does not lift it, the window.
    kit = Kit()
    kit.wait(1801)
    assert kit.say("SECLIST=MAYBE") == "SECLIST=MAYBE" + EXPIRED
    assert kit.say("SECLIST=ON") == "SECLIST=ON" + EXPIRED
    assert kit.say("SECLIST?") == "SECLIST=(OFF),ON"
    assert kit.say("SECLISTS=ON") == "SECLISTS=ON" + UNKNOWN + "\nDid you mean SECLIST?"
    # Then the value, and last the precondition.
    kit = Kit()
    assert kit.say("SECLIST=MAYBE") == INCORRECT
    assert kit.say("SECLIST=ON") == "No SECNUMBERs!"


def test_a_missing_password_is_reported_only_if_a_command_was_meant():
    kit = Kit()
    kit.say_all("PASSWORD=12abc")
    for text in ("ON", "12ABCON", "xxxxxON", "xxxxx ON", "RESTARTTIME=abc", "xxxxxSTATUS"):
        assert kit.say(text, "+" + str(len(text)) + "00000") == WRONG_PASSWORD, text
    for text in ("HELLO", "xxxxON", "xxxxxxON", "12ab", "12aON", "ON 12abc"):
        assert kit.say(text, "+" + str(len(text)) + "000000") in (text + UNKNOWN, None), text


def test_the_password_is_taken_off_the_echo():
    kit = Kit()
    kit.say_all("PASSWORD=12abc")
    assert kit.say("12abcHELLO") == "HELLO" + UNKNOWN
    assert kit.say(" 12abc HELLO ") == "HELLO" + UNKNOWN
    assert kit.say("12abc12abcHELLO") == "12abcHELLO" + UNKNOWN
    assert kit.say("12abc") is None


def test_masks():
    assert mask("PASSWORD=12abc") == "PASSWORD=*****"
    assert mask("password=1") == "password=*"
    assert mask("PASSWORD=") == "PASSWORD="
    assert mask("PASSWORD = 12abc") == "PASSWORD =******"
    assert mask("xPASSWORD=12abc and more") == "xPASSWORD=**************"
    assert mask("renewintervalPW=123456789") == "renewintervalPW=*********"
    assert mask("PASSWORDPASSWORD=12abc") == "PASSWORDPASSWORD=*****"
    assert mask("PASSWORDS PASSWORD=12abc") == "PASSWORDS PASSWORD=*****"
    for text in ("", "PASSWORD", "PASSWORD?", "PASSWORT=12abc", "PASS WORD=12abc", "=12abc"):
        assert mask(text) == text


def test_masks_begin_at_the_first_secret():
    assert mask("RENEWINTERVALPW=1 PASSWORD=2") == "RENEWINTERVALPW=************"
    assert mask("PASSWORD=1 RENEWINTERVALPW=2") == "PASSWORD=" + "*" * 19


def test_what_follows_renewinterval_is_a_secret():
    assert mask("RENEWINTERVAL123456789") == "RENEWINTERVAL" + "*" * 9
    assert mask("renewinterval 12") == "renewinterval***"
    assert mask("xRENEWINTERVAL=12") == "xRENEWINTERVAL***"
    assert mask("RENEWINTERVALP=1") == "RENEWINTERVAL***"
    assert mask("RENEWINTERVALPW") == "RENEWINTERVAL**"
    assert mask("RENEWINTERVALPW 12") == "RENEWINTERVAL*****"
    assert mask("RENEWINTERVALPW?") == "RENEWINTERVAL***"
    assert mask("RENEWINTERVAL?") == "RENEWINTERVAL?"
    assert mask("RENEWINTERVAL??") == "RENEWINTERVAL**"
    assert mask("RENEWINTERVAL? 12") == "RENEWINTERVAL****"
    assert mask("RENEWINTERVALPW = 12=3") == "RENEWINTERVALPW =*****"
    assert mask("RENEWINTERVALRENEWINTERVALPW=1") == "RENEWINTERVAL" + "*" * 17
    assert mask("PASSWORD=1 RENEWINTERVAL2") == "PASSWORD=" + "*" * 16
    assert mask("RENEWINTERVALx PASSWORD=2") == "RENEWINTERVAL" + "*" * 12
    for text in ("RENEWINTERVAL", "RENEWINTERVA 12", "NEWINTERVALPW=12", "xPW=12"):
        assert mask(text) == text


def test_secrets_of_other_models_are_masked_too():
    kit = Kit()
    assert kit.say("RENEWINTERVAL123456789") == "RENEWINTERVAL*********" + UNKNOWN
    assert kit.say("RENEWINTERVALPW=123456789") == "RENEWINTERVALPW=*********" + UNKNOWN
    kit = Kit(model="GSM707")
    assert kit.say("RENEWINTERVAL 12345") == "RENEWINTERVAL****** - Error!"
    kit.wait(1801)
    expired = " - Time for configuration is expired (30min)!"
    assert kit.say("RENEWINTERVALPW=12345678") == "RENEWINTERVALPW=********" + expired


def test_misprints_of_the_manuals():
    kit = Kit()
    assert kit.say("TERMOSTAT=COOLING").startswith("THERMOSTAT=COOLING - OK")
    assert kit.say(" termostat = heating ").startswith("THERMOSTAT=HEATING - OK")
    assert kit.say("RESTARTIME=7") == "RESTARTTIME=7 - OK"
    assert kit.say("RESTARTIME = 008") == "RESTARTTIME=8 - OK"
    assert kit.say("CRDITUMS=*100#") == "CREDITUMS=*100# - OK"
    assert kit.say("crditums?") == "CREDITUMS: *100#"
    kit.wait(3600)
    assert kit.say("RESTARTIME=7") == "RESTARTIME=7" + EXPIRED  # as it was typed
    # Nothing else is taken for a command, and no model gets a command by a misprint.
    for text in ("TERMOSTAT?", "TERMOSTATON", "RESTARTIME?", "RESTARTIME", "CRDIT"):
        kit.wait(200)
        assert kit.say(text).split("\n")[0] == text + UNKNOWN, text
    kit = Kit(model="GSM707-LIGHT")
    assert kit.say("RESTARTIME=7") == "RESTARTTIME=7 - OK"
    assert kit.say("TERMOSTAT=COOLING") == "TERMOSTAT=COOLING - Error!"
    assert kit.say("CRDITUMS=NO") == "CRDITUMS=NO - Error!"


def test_values_of_every_kind_have_no_blanks_and_no_signs():
    kit = Kit()
    kit.say_all("MAKEMEBOSS")
    for good, bad in (
        ("RESTARTTIME = 0000000005", ("5 0", "+5", "-5", "- 5", "5s")),
        ("RELAYTIME = ON0000000000005", ("ON 5", "ON+5", "ON-5", "O N5", "ON5 s")),
        ("TRISEALERT = 0000000000035C", ("+35C", "35 C", "3 5C", "- 5C", "+ 35C")),
        ("SWITCHOFFTEMP=-00000000005C", ("- 5C", "--5C", "-5 C", "+5C")),
        ("ALERT = SMSCHANGE", ("SMS CHANGE", "+SMS")),
        ("PASSWORD = NO", ("N O", "12 ab", "+1234")),
        ("ALERTNUMBER+ 0031600000002", ("+", "31 600000002", "+31 600000002", "++31600000002")),
        ("SECNUMBER- +31600000001", ("31 600000001", "- 31600000001")),
        ("SCHEDULER+ 08:00 , * , ON", ("08: 00,*,ON", "8:00,*,ON", "+08:00,*,ON", "08:00,+1,ON")),
    ):
        mark = min([at for at in [good.find(sign) for sign in "=+-"] if at > 0])
        name = good[: mark + 1]
        for value in bad:
            kit.wait(200)
            assert kit.say(name + value) == INCORRECT, name + value
        assert " - OK" in kit.say(good), good
    kit.wait(600)
    for text in ("ON 30", "ON+30", "ON-30", "OFF 30"):
        assert kit.say(text) == text + UNKNOWN
    assert kit.say("ON00000000000000000000000030") == "Power ON for 30 seconds"


def test_leading_zeros_however_many():
    for model, texts in (
        ("EP", ("RESTARTTIME=", "ON", "OFF", "SWITCHOFFTEMP=", "TRISEALERT=", "TFALLALERT=")),
        ("GSM707", ("ON", "TEMPOFF=", "TRISEALERT=", "TEMPCAL=", "MICRORELAYTIME=", "MICLEVEL=")),
    ):
        for text in texts:
            letter = "C" if model == "EP" and text[1:2] != "N" and "T" in text[1:] else ""
            if text in ("RESTARTTIME=", "OFF"):
                letter = ""
            kit = Kit(model=model)
            few = kit.say(text + "7" + letter)
            size = 30 - len(text) - 1 - len(letter)
            assert kit.say(text + "0" * size + "7" + letter) == few, text
            assert "7" in few and few != INCORRECT, few


def test_masked_errors():
    kit = Kit()
    assert kit.say("MYPASSWORD=12abc") == "MYPASSWORD=*****" + UNKNOWN
    kit.wait(1801)
    assert kit.say("Password= 12abc") == "Password=******" + EXPIRED
    assert "12abc" not in kit.flash


class Faulty(Feature):
    """Commands that fail half-way."""

    section = "faulty"
    parameters = (Number("LEVEL", 1, 1, 9),)

    commands = (
        ("BREAK", "break_it", ""),
        ("BREAKCONF", "break_it", "Conf"),
        ("SILENT", "silent", ""),
    )

    def break_it(self, request):
        self.device.set("LEVEL", 7)
        self.state["count"] += 1
        self.device.socket.order(True, request.now, request.by)
        raise ValueError("unexpected")

    def silent(self, request):
        return None


def faulty_kit():
    """Return a device whose commands fail half-way, with the section that they keep."""
    SECTIONS["faulty"] = {"count": 0}
    return Kit(features=(Faulty,))


def test_an_unexpected_fault_leaves_nothing_half_done():
    kit = faulty_kit()
    kit.say_all("LEVEL=3")
    assert kit.say("BREAK") == "Execute error!"
    assert not kit.on
    assert kit.device.settings["LEVEL"] == 3
    assert kit.device.record["faulty"]["count"] == 0
    assert kit.stored()["settings"] == {"LEVEL": 3}
    assert kit.device.faults == 1
    assert kit.say("LEVEL?") == "LEVEL=3"
    assert kit.say("BREAKCONF") == "Execute error!"
    assert kit.say("SILENT") is None
    assert kit.say("ON") == "Power socket ON"


def test_a_fault_is_an_error_and_is_not_tried_again():
    kit = faulty_kit()
    assert kit.say("BREAK", id=71) == "Execute error!"
    assert kit.say("BREAK", id=71) is None
    assert kit.device.faults == 1
    kit.say_all("ERROR=OFF")
    assert kit.say("BREAK") is None
    assert kit.device.faults == 2


def test_a_reply_that_has_left_does_not_come_back_with_the_record():
    """The record before a fault may still hold a reply that has left since it was written."""
    kit = faulty_kit()
    device = kit.device
    box = device.outbox
    box.reply(OWNER, "Power socket ON")
    entry, number = box.next(kit.now)
    box.begin(entry)
    kit.commit()
    box.result(entry, number, SENT, kit.now)  # not committed: it is not worth the flash
    assert kit.say("BREAK", FRIEND) == "Execute error!"


def test_the_same_message_is_carried_out_once():
    kit = Kit()
    assert kit.say("ON", id=71) == "Power socket ON"
    assert kit.say("OFF", FRIEND, id=72) == "Power socket OFF"
    assert kit.say("ON", id=71) is None
    kit.restart()
    assert kit.say("ON", id=71) is None
    kit.power_cycle()
    assert kit.say("ON", id=71) is None
    assert not kit.on


def test_the_last_64_messages_are_remembered():
    kit = Kit()
    for i in range(1, 66):
        assert kit.say("ON", id=i) == "Power socket ON"
    assert kit.stored()["ids"] == list(range(2, 66))
    assert kit.say("ON", id=2) is None
    kit.restart()
    assert kit.say("ON", id=65) is None
    assert kit.say("ON", id=1) == "Power socket ON"


def test_replies_go_where_the_message_came_from():
    kit = Kit()
    for sender in ("+31600000001", "31600000001", "0031600000001", "0600000001", "1234"):
        assert kit.say("ON", sender) == "Power socket ON"
    kit.hidden("OFF")
    assert not kit.on
    kit.named("ON")
    assert kit.on
    # An address that cannot be dialled is carried out, but not answered.
    assert kit.send("OFF", "*123#") == []
    assert not kit.on


def test_two_devices_fall_silent():
    """What one device says is never a command of the other, and errors end the talk."""
    for first in ("ON", "STATUS", "HELLO", "RESTARTTIME=0", "SECNUMBER?", "PASSWORD=12abc"):
        kits = [Kit(), Kit()]
        text, turn = kits[0].say(first, STRANGER), 1
        rounds = 0
        while text is not None:
            text, turn = kits[turn].say(text, STRANGER), 1 - turn
            rounds += 1
            assert rounds < 4, first
        assert kits[1].stored()["settings"] == {}
        assert not kits[1].on


def test_so_many_handled_messages_are_remembered():
    kit = Kit()
    for i in range(100):
        kit.say("ON%d" % (i + 1))
        assert len(kit.stored()["ids"]) == min(i + 1, 64)
    assert kit.stored()["ids"][0] == 37
