# SPDX-License-Identifier: MIT
"""SMS-SUBMIT: what the modem is given, bit for bit, and where long texts are cut."""

from sim800.sms import PduError, decode, encode_submit

TO = "+358401234567"


def parts(text, to=TO):
    """Return the text, header and dcs of each part, as a receiver of it reads them.

    An SMS-SUBMIT without validity becomes an SMS-DELIVER by its type and a time stamp.
    """
    found = []
    for length, line in encode_submit(to, text, 0x7B):
        octets = bytes.fromhex(line)
        assert octets[0] == 0 and length == len(octets) - 1
        assert octets[1] & 0x9F == 0x01 and octets[2] == 0
        end = 5 + (octets[3] + 1) // 2
        body = octets[end:]
        head = bytes((0, octets[1] & 0x40)) + octets[3:end] + body[:2]
        entry = decode((head + bytes(7) + body[2:]).hex())
        assert len(body) - 3 <= 140
        assert entry.sender == to and entry.text is not None
        found.append((entry.text, entry.concat, body[1]))
    return found


def whole(text):
    """Return the parts of a text after a check that they are the text, numbered in order."""
    found = parts(text)
    assert "".join([part[0] for part in found]) == text
    for i in range(len(found)):
        assert found[i][1] == ((0x7B, len(found), i + 1) if len(found) > 1 else None)
    return found


def refused(number, text="ON"):
    try:
        encode_submit(number, text, 0)
    except PduError:
        return True
    return False


def test_a_short_reply():
    # 01 SMS-SUBMIT, 00 reference, number, 00 protocol, 00 alphabet, 0F septets.
    wanted = "0001000C915348103254760000"
    ((length, line),) = encode_submit(TO, "Power socket ON", 0)
    assert line.startswith(wanted + "0F")
    assert length == 27 and len(line) == 56  # 28 octets with the service centre
    assert whole("Power socket ON") == [("Power socket ON", None, 0)]
    # "hellohello" is in every tutorial.
    ((length, line),) = encode_submit("+46708251358", "hellohello", 0)
    assert line == "0001000B916407281553F800000AE8329BFD4697D9EC37"
    assert length == 22


def test_numbers():
    for number, field in (
        ("+1", "0191F1"),
        ("0401234567", "0A814010325476"),
        ("12345", "05812143F5"),
        ("*100#", "05811A00FB"),
        ("12345678901234567890", "148121436587092143658709"),
    ):
        assert encode_submit(number, "", 0)[0][1] == "000100" + field + "000000", number
    for number in ("", "+", "++1", "1+", "1 2", "1-2", "tel", "1" * 21, "+" + "1" * 21, "\u0661"):
        assert refused(number), number


def test_status_report_asked_for():
    assert encode_submit(TO, "ON", 0, True)[0][1].startswith("002100")
    for _, line in encode_submit(TO, "a" * 161, 0, True):
        assert line.startswith("006100")


def test_an_empty_text():
    assert whole("") == [("", None, 0)]


def test_every_letter_goes_through():
    basic = ""
    for code in range(128):
        if code != 0x1B:
            user = "01%02X" % code
            basic += decode("00040091" + "0000" + "00101000000000" + user).text
    basic += "\f^{}\\[~]|\u20ac"
    for char in basic:
        assert parts(char) == [(char, None, 0)], char
    assert [part[2] for part in whole(basic)] == [0]
    for char in ("\u00e7", "`", "\u0411", "\u2019", "\x1b", "\t", "\0", "\U0001f600"):
        assert whole(char) == [(char, None, 8)], char
        assert whole("a" + char) == [("a" + char, None, 8)], char


def test_where_gsm_7_bit_is_cut():
    sizes = []
    for count in (1, 159, 160, 161, 305, 306, 307, 459, 460):
        sizes.append([len(part[0]) for part in whole("x" * count)])
    assert sizes == [
        [1],
        [159],
        [160],
        [153, 8],
        [153, 152],
        [153, 153],
        [153, 153, 1],
        [153, 153, 153],
        [153, 153, 153, 1],
    ]


def test_no_escape_sequence_is_split():
    assert [len(part[0]) for part in whole("\u20ac" * 80)] == [80]
    assert [len(part[0]) for part in whole("\u20ac" * 81)] == [76, 5]
    assert [len(part[0]) for part in whole("x" * 152 + "[" + "y" * 7)] == [152, 8]
    assert [len(part[0]) for part in whole("x" * 151 + "[" + "y" * 8)] == [152, 8]
    for lead in range(8):
        whole("x" * lead + "{}" * 200)


def test_where_ucs2_is_cut():
    sizes = []
    for count in (70, 71, 134, 135):
        sizes.append([len(part[0]) for part in whole("\u0416" * count)])
    assert sizes == [[70], [67, 4], [67, 67], [67, 67, 1]]


def test_no_surrogate_pair_is_split():
    assert [len(part[0]) for part in whole("\U0001f600" * 35)] == [35]
    assert [len(part[0]) for part in whole("\U0001f600" * 36)] == [33, 3]
    assert [len(part[0]) for part in whole("\u0416" * 66 + "\U0001f600" + "\u0416" * 3)] == [66, 4]
    assert [len(part[0]) for part in whole("\u0416" * 65 + "\U0001f600" + "\u0416" * 4)] == [66, 4]


def test_the_longest_text():
    found = whole("z" * (153 * 255))
    assert len(found) == 255 and found[-1][1] == (0x7B, 255, 255)
    assert refused(TO, "z" * (153 * 255 + 1))
    assert len(encode_submit(TO, "\u0416" * (67 * 255), 0)) == 255
    assert refused(TO, "\u0416" * (67 * 255 + 1))


def test_half_a_surrogate_pair_is_replaced():
    half = chr(0xD83D)
    assert parts("a" + half + "b") == [("a\ufffdb", None, 8)]
    assert parts(half) == [("\ufffd", None, 8)]


def test_the_reference_wraps():
    assert encode_submit(TO, "x" * 161, 256 + 7)[0][1][28:40] == "050003070201"


def _swapped(line, stamp="62102161514380"):
    """Return the SMS-SUBMIT as the SMS-DELIVER that the other side gets."""
    # 00, first octet, message reference, address of 11 digits, TP-PID, TP-DCS.
    first = int(line[2:4], 16) & 0x40 | 0x04
    return "00%02X%s%s%s%s" % (first, line[6:22], line[22:26], stamp, line[26:])


def test_what_is_sent_comes_back():
    for text in ("x{y}" * 100, "\u0416\U0001f600" * 80):
        joined = ""
        parts = encode_submit("+35840123456", text, 0xAB)
        for i in range(len(parts)):
            octets, line = parts[i]
            assert octets == len(line) // 2 - 1
            entry = decode(_swapped(line))
            assert entry.concat == (0xAB, len(parts), i + 1), entry
            assert int(line[26:28], 16) <= (160 if line[24:26] == "00" else 140)
            joined += entry.text
        assert joined == text
