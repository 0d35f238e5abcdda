# SPDX-License-Identifier: MIT
"""Text helpers: ASCII alone is folded, counted as digits, and accepted in a secret."""

from powersocket.settings import DIGITS, LETTERS, consists_of, plain_number, same, upper

SMOKE = True


def test_upper_folds_ascii_alone():
    assert upper("Status=on 5?") == "STATUS=ON 5?"
    # A letter of another script, or with an accent, never becomes part of a command.
    for text in ("\u00e4", "\u0451", "\u0131", "\u017f", "\u00df", "\uff4f\uff4e", "\u212a"):
        assert upper(text) == text
    assert upper("") == ""


def test_digits_are_those_of_ascii():
    assert consists_of("0", DIGITS) and consists_of("0123456789", DIGITS)
    for text in ("", " ", "1 ", "-1", "+1", "1.0", "\u0665", "\uff11", "\u00b2", "1\n", "a"):
        assert not consists_of(text, DIGITS), repr(text)


def test_alnum_is_that_of_ascii():
    assert consists_of("aZ09", DIGITS + LETTERS)
    for text in ("", "a b", "a-b", "\u00e4", "\u0660", "a\n", "_"):
        assert not consists_of(text, DIGITS + LETTERS), repr(text)


def test_every_character_of_ascii_is_a_digit_a_letter_or_neither():
    texts = [chr(i) for i in range(128)]
    assert "".join([c for c in texts if consists_of(c, DIGITS)]) == "0123456789"
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert (
        "".join([c for c in texts if consists_of(c, DIGITS + LETTERS)])
        == "0123456789" + letters + letters.lower()
    )


def test_plain_numbers():
    for typed in ("+31600000001", "0031600000001", "31600000001"):
        assert plain_number(typed) == "31600000001"
    assert plain_number("0600000001") == "0600000001"
    assert plain_number("+0600000001") == "0600000001"
    for typed in ("", "+", "00"):
        assert plain_number(typed) == ""


def test_a_plain_number_stays_as_it_is():
    """It is stored so, and checked again when it is loaded."""
    for typed in ("+0031600000001", "000031600000001", "00031600000001", "+00", "0000"):
        plain = plain_number(typed)
        assert plain_number(plain) == plain, typed


def test_secrets_are_compared_whole():
    assert same("12abc", "12abc")
    for guess in ("", "1", "12ab", "12abd", "02abc", "12ABC", "12abc ", "12abcd", "\u00e42abc"):
        assert not same(guess, "12abc"), guess
    assert not same("12abc", "")
    assert same("", "")
