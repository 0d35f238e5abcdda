"""The command table: which text is which command, with which argument."""

from powersocket.commands import (
    ADD,
    ANSWERED,
    ASSIGN,
    CONF,
    CTRL,
    DIGITS,
    INF,
    PLAIN,
    QUERY,
    REMOVE,
    Command,
    CommandTable,
)

SMOKE = True

ROWS = (
    (PLAIN, "ON", CTRL),
    (DIGITS, "ON", CTRL),
    (PLAIN, "RESTART", CTRL),
    (ASSIGN, "RESTARTTIME", CONF),
    (QUERY, "RESTARTTIME", INF),
    (ADD, "SECNUMBER", CONF),
    (REMOVE, "SECNUMBER", CONF),
    (QUERY, "SECNUMBER", INF),
)


class Rows:
    def rows(self):
        for form, name, kind in ROWS:
            yield form, name, kind, None, ()


def table():
    return CommandTable([Rows()])


def found(text):
    """Return (name and form, argument) of a text, None if it is no command."""
    command, argument = table().find(text)
    if command is None:
        assert argument == ""
        return None
    return command.name + command.form, argument


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


def test_who_is_answered_in_silence():
    assert Command(None, QUERY, "X", INF, None).answered
    assert not Command(None, PLAIN, "X", CTRL, None).answered
    assert not Command(None, ASSIGN, "X", CONF, None).answered
    assert Command(None, PLAIN, "X", CTRL, None, (ANSWERED,)).answered
