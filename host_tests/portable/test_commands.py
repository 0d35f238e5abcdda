# SPDX-License-Identifier: MIT
"""The command table: which text is which command, with which argument."""

from powersocket.interpreter import Interpreter, Request

SMOKE = True

PATTERNS = (
    ("ON", ""),
    ("ON#", ""),
    ("RESTART", ""),
    ("RESTARTTIME=", "Conf"),
    ("RESTARTTIME?", "Inf"),
    ("SECNUMBER+", "Conf"),
    ("SECNUMBER-", "Conf"),
    ("SECNUMBER?", "Inf"),
    ("SIMCARD*", "Conf"),
    ("RENEW@", ""),
)


class Device:
    """A device of one feature, which is this object, too."""

    def __init__(self):
        self.features = [self]

    def rows(self):
        for pattern, kind in PATTERNS:
            yield pattern, None, kind


def found(text):
    """Return (pattern, argument) of a text, None if it is no command."""
    request = Interpreter(Device()).find(text, None, 0)
    return None if request is None else (request.name, request.argument)


def test_plain_commands_and_questions():
    assert found("ON") == ("ON", "")
    assert found("on") == ("ON", "")
    assert found("RestartTime?") == ("RESTARTTIME?", "")
    for text in ("ON?", "RESTARTTIME", "RESTARTTIME ?", "SECNUMBER", "?", "", "ONN", "O N", "ON="):
        assert found(text) is None, text


def test_digits_follow_at_once():
    assert found("ON30") == ("ON#", "30")
    assert found("on0") == ("ON#", "0")
    assert found("ON0000000000000000000001") == ("ON#", "0000000000000000000001")
    for text in ("ON 30", "ON30s", "ON-30", "ON+30", "ON3.0", "ON\u0665", "ON#", "RESTART30"):
        assert found(text) is None, text


def test_assignments():
    assert found("RESTARTTIME=5") == ("RESTARTTIME=", "5")
    assert found("restarttime = 5") == ("RESTARTTIME=", "5")
    assert found("RESTARTTIME\t=\n5") == ("RESTARTTIME=", "5")
    assert found("RESTARTTIME=") == ("RESTARTTIME=", "")
    assert found("RESTARTTIME=a=b+c-d") == ("RESTARTTIME=", "a=b+c-d")
    assert found("RESTARTTIME=-5") == ("RESTARTTIME=", "-5")
    for text in ("=", "=5", "RESTART=5", "RESTARTTIME+5", "RESTARTTIME-5", "RESTART TIME=5"):
        assert found(text) is None, text


def test_the_argument_keeps_its_letters():
    assert found("restarttime=AbC\u00e4") == ("RESTARTTIME=", "AbC\u00e4")


def test_lists():
    assert found("SECNUMBER+358401") == ("SECNUMBER+", "358401")
    assert found("SECNUMBER+ 358401") == ("SECNUMBER+", "358401")
    assert found("SECNUMBER++358401") == ("SECNUMBER+", "+358401")
    assert found("SECNUMBER-all") == ("SECNUMBER-", "all")
    assert found("SECNUMBER-") == ("SECNUMBER-", "")
    assert found("SECNUMBER=1") is None


def test_letters_of_other_scripts_make_no_command():
    for text in ("\u041eN", "\uff2f\uff2e", "\u00d6N", "RE\u017fTART", "\u200bON", "ON\u00a0"):
        assert found(text) is None, repr(text)


def test_letters_or_digits_follow_at_once():
    assert found("RENEWabc123") == ("RENEW@", "abc123")
    assert found("renewABC") == ("RENEW@", "ABC")
    for text in ("RENEW", "RENEW abc", "RENEW=abc", "RENEW\u00e4"):
        assert found(text) is None, text


def test_a_star_belongs_to_the_argument():
    assert found("simcard*100#") == ("SIMCARD*", "*100#")
    assert found("SIMCARD *100#") == ("SIMCARD*", "*100#")
    assert found("SIMCARD100#") is None


def always(row):
    return Request(None, None, row, "", 0).always


def test_who_is_answered_in_silence():
    assert always(("X?", None, "Inf"))
    assert not always(("X", None, ""))
    assert not always(("X=", None, "Conf"))
    assert always(("X", None, "always"))
    assert always(("X", None, "signal"))


def test_which_reply_shows_the_signal():
    assert Request(None, None, ("X", None, "signal"), "", 0).signal
    assert not Request(None, None, ("X", None, "always"), "", 0).signal
