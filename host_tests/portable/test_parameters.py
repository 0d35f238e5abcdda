# SPDX-License-Identifier: MIT
"""Parameters: what can be typed, what is kept, what is shown."""

from device_kit import raised, usable
from powersocket.settings import (
    FULL,
    Choice,
    Incorrect,
    Number,
    NumberList,
    Refusal,
    Secret,
    whole,
)

SMOKE = True


def wrong(parameter, text):
    return raised(Incorrect, parameter.parse, text) is not None


def test_whole_numbers():
    assert whole("1", 1, 600) == 1
    assert whole("600", 1, 600) == 600
    assert whole("005", 1, 600) == 5
    assert whole("999999999", 0, 999999999) == 999999999
    wrong_ones = (
        "",
        " ",
        " 5",
        "5\t",
        "0",
        "601",
        "-1",
        "+1",
        "1.0",
        "1e2",
        "0x1",
        "1_0",
        "5s",
        "\u0665",
        "1 2",
    )
    for text in wrong_ones:
        assert raised(Incorrect, whole, text, 1, 600) is not None, repr(text)
    # Longer than any number that there is: refused before it can grow.
    assert raised(Incorrect, whole, "9" * 5000, 1, 600) is not None


def test_number():
    seconds = Number("RESTARTTIME", 10, 1, 600, "seconds")
    assert seconds.parse("005") == 5
    assert seconds.show(5) == "5"
    assert seconds.answer(5) == "RESTARTTIME=5 seconds"
    assert Number("X", 1, 0, 9).answer(0) == "X=0"
    for value in (1, 10, 600):
        assert usable(seconds, value)
    for value in (0, 601, -1, "5", 5.0, None, [5], True, {}):
        assert not usable(seconds, value), repr(value)


def test_choice():
    state = Choice("POWERSTATE", ("REMEMBER", "ON", "OFF"))
    assert state.default == "REMEMBER"
    assert state.parse("on") == "ON"
    for text in ("", "O", "ONN", "ON OFF", "1", "ON,OFF", "\u041eN", "(ON)"):
        assert wrong(state, text), text
    assert state.answer("REMEMBER") == "POWERSTATE=(REMEMBER),ON,OFF"
    assert state.answer("OFF") == "POWERSTATE=REMEMBER,ON,(OFF)"
    assert state.show("ON") == "ON"
    for value in ("ON", "OFF", "REMEMBER"):
        assert usable(state, value)
    for value in ("on", "", None, 1, True, ["ON"], {"ON": 1}):
        assert not usable(state, value), repr(value)


def test_secret():
    secret = Secret("PASSWORD", 5)
    assert secret.default == ""
    assert secret.parse("12abC") == "12abC"
    for text in ("NO", "no", "No"):
        assert secret.parse(text) == ""
    for text in ("", "1234", "123456", "12-bc", "12 bc", "1234\u00e4", "1234\u0665", "*****"):
        assert wrong(secret, text), text
    assert secret.show("12abC") == "*****"
    assert secret.answer("12abC") == "PASSWORD=*****"
    assert secret.answer("") == "PASSWORD=NO"
    assert usable(secret, "12abC") and usable(secret, "")
    for value in (None, 12345, "1234", "12 bc", ["1", "2", "3", "4", "5"], False):
        assert not usable(secret, value), repr(value)


def test_number_list_values():
    numbers = NumberList("SECNUMBER", [])
    assert numbers.default == []
    for text in ("358401", "+358401", "00358401"):
        assert numbers.parse(text) == "358401"
    assert numbers.parse("1") == "1"
    assert numbers.parse("0" + "1" * 14) == "0" + "1" * 14
    assert numbers.parse("+" + "1" * 15) == "1" * 15
    for text in (
        "",
        "+",
        "00",
        "++1",
        "1" * 16,
        "1-2",
        "1 2",
        "ALL",
        "*100#",
        "\u0665",
        "+a",
        " 1",
        "1 ",
        "+ 1",
    ):
        assert wrong(numbers, text), text


def test_number_list_answers():
    numbers = NumberList("ALERTNUMBER", [])
    assert numbers.answer([]) == "No ALERTNUMBERs!"
    assert numbers.answer(["1"]) == "ALERTNUMBERs: 1"
    assert numbers.answer(["1", "2"]) == "ALERTNUMBERs: 1, 2"


def test_number_list_is_bounded():
    numbers = NumberList("SECNUMBER", [])
    value = []
    for i in range(10):
        before = list(value)
        value = numbers.add(value, str(i))
        assert value == before + [str(i)]
    assert usable(numbers, value)
    assert numbers.add(value, "3") == value
    error = raised(Refusal, numbers.add, value, "10")
    assert error is not None and error.args[0] == FULL == "List is full!"
    assert not usable(numbers, value + ["10"])
    for odd in (None, "1", {}, [1], [""], ["1" * 16], ["+1"], [None], [["1"]]):
        assert not usable(numbers, odd), repr(odd)


def test_adding_does_not_touch_what_is_stored():
    numbers = NumberList("SECNUMBER", [])
    stored = ["1"]
    numbers.add(stored, "2")
    numbers.add(numbers.default, "2")
    assert stored == ["1"]
    assert numbers.default == []


def test_nothing_enters_a_list_that_could_not_be_kept_in_it():
    # Also from a sender's address, which nobody typed: a list that is not valid counts as empty.
    numbers = NumberList("SECNUMBER", [])
    for odd in ("", "1" * 16, "*100#", "12a"):
        assert raised(Incorrect, numbers.add, [], odd) is not None, odd


def test_leading_zeros_do_not_count():
    assert whole("0" * 24 + "5", 1, 600) == 5
    assert whole("0" * 4000 + "5", 1, 600) == 5
    assert whole("0" * 24, 0, 600) == 0
    assert raised(Incorrect, whole, "0" * 24, 1, 600)
    assert raised(Incorrect, whole, "9" * 4000, 1, 600)
    assert raised(Incorrect, whole, "0" * 24 + " 5", 1, 600)
