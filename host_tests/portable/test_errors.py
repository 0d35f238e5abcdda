"""What a refusal says about the message that was being sent."""

from sim800.errors import FINAL, SENT, TRANSIENT, UNKNOWN, AtError, AtTimeout

SMOKE = True

AGAIN = (38, 41, 42, 47, 192, 194)
PERHAPS = (224, 225, 226, 332, 500)


def test_every_code_of_a_message_service():
    for code in range(600):
        error = AtError("AT+CMGS=20", "+CMS ERROR: %d" % code)
        assert (error.kind, error.code) == ("CMS", code)
        wanted = FINAL
        if code == 197:
            wanted = SENT
        elif code in AGAIN or code >= 300:
            wanted = TRANSIENT
        for given in (False, True):
            error.given = given
            if code in PERHAPS:
                assert error.fate == (UNKNOWN if given else TRANSIENT), code
            else:
                assert error.fate == wanted, code


def test_what_tells_no_code_of_the_message():
    for error, after in (
        (AtError("AT+CMGS=20", "ERROR"), UNKNOWN),
        (AtError("AT+CMGS=20", "+CME ERROR: 100"), UNKNOWN),
        (AtError("AT+CMGS=20", "+CME ERROR: 99"), TRANSIENT),
        (AtError("AT+CMGS=20", "+CME ERROR: 101"), TRANSIENT),
        (AtTimeout("AT+CMGS=20"), UNKNOWN),
    ):
        assert error.fate == TRANSIENT
        error.given = True
        assert error.fate == after, error
