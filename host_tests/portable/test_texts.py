"""Text helpers: ASCII alone is folded, counted as digits, and accepted in a secret."""

from powersocket.texts import is_alnum, is_digits, plain_number, same, upper

SMOKE = True


def test_upper_folds_ascii_alone():
    assert upper("Status=on 5?") == "STATUS=ON 5?"
    # A letter of another script, or with an accent, never becomes part of a command.
    for text in ("\u00e4", "\u0451", "\u0131", "\u017f", "\u00df", "\uff4f\uff4e", "\u212a"):
        assert upper(text) == text
    assert upper("") == ""


def test_digits_are_those_of_ascii():
    assert is_digits("0") and is_digits("0123456789")
    for text in ("", " ", "1 ", "-1", "+1", "1.0", "\u0665", "\uff11", "\u00b2", "1\n", "a"):
        assert not is_digits(text), repr(text)


def test_alnum_is_that_of_ascii():
    assert is_alnum("aZ09")
    for text in ("", "a b", "a-b", "\u00e4", "\u0660", "a\n", "_"):
        assert not is_alnum(text), repr(text)


def test_every_character_of_ascii_is_a_digit_a_letter_or_neither():
    texts = [chr(i) for i in range(128)]
    assert "".join([c for c in texts if is_digits(c)]) == "0123456789"
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert "".join([c for c in texts if is_alnum(c)]) == "0123456789" + letters + letters.lower()


def test_plain_numbers():
    for typed in ("+31600000001", "0031600000001", "31600000001"):
        assert plain_number(typed) == "31600000001"
    assert plain_number("0600000001") == "0600000001"
    assert plain_number("+0600000001") == "0600000001"
    for typed in ("", "+", "00"):
        assert plain_number(typed) == ""


def test_secrets_are_compared_whole():
    assert same("12abc", "12abc")
    for guess in ("", "1", "12ab", "12abd", "02abc", "12ABC", "12abc ", "12abcd", "\u00e42abc"):
        assert not same(guess, "12abc"), guess
    assert not same("12abc", "")
    assert same("", "")
