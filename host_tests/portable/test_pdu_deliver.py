# SPDX-License-Identifier: MIT
"""SMS-DELIVER and SMS-STATUS-REPORT: samples, codings, headers, addresses, times, rubbish."""

from sim800 import alphabets, reports
from sim800.reports import StatusReport
from sim800.sms import ALPHA, HIDDEN, NUMBER, WIDE, Deliver, PduError, decode

SMOKE = True

CENTRE = "07915348230000F5"
FROM = "0C91534810325476"  # +358401234567
STAMP = "62102161514380"  # 2026-01-12 16:15:34, 8 quarter hours east
MOMENT = (2026, 1, 12, 16, 15, 34, 8)
# (PDU, sender, kind, text, time stamp, concat)
SAMPLES = (
    (  # the two that every tutorial shows
        "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37",
        ("27838890001", NUMBER, "hellohello", (2099, 3, 29, 15, 16, 59, 8), None),
    ),
    (
        "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07",
        ("+31641600986", NUMBER, "How are you?", (2002, 8, 26, 19, 37, 41, 0), None),
    ),
    (  # letters for a sender: 6 of them are 11 semi-octets, 11 are 20
        CENTRE + "040BD0CDE6DB5DCE030000" + STAMP + "024F27",
        ("MMoney", ALPHA, "ON", MOMENT, None),
    ),
    (
        CENTRE + "0414D0C4F23C7D760390EF76190000" + STAMP + "07536A905A9DFE00",
        ("Design@Home", ALPHA, "STATUS?", MOMENT, None),
    ),
    (  # a short code
        CENTRE + "0405A12143F50000" + STAMP + "024F27",
        ("12345", NUMBER, "ON", MOMENT, None),
    ),
    (  # no sender
        CENTRE + "0400800000" + STAMP + "024F27",
        ("", HIDDEN, "ON", MOMENT, None),
    ),
    (  # the extension table
        CENTRE + "04" + FROM + "0000" + STAMP + "0A31D0A60CDAF0C21B1F",
        ("+358401234567", NUMBER, "1 \u20ac [a]", MOMENT, None),
    ),
    (  # UCS2, with a surrogate pair
        CENTRE + "04" + FROM + "0008" + STAMP + "12041F044004380432043504420020D83DDE00",
        (
            "+358401234567",
            NUMBER,
            "\u041f\u0440\u0438\u0432\u0435\u0442 \U0001f600",
            MOMENT,
            None,
        ),
    ),
    (  # the two parts of one message
        CENTRE + "44" + FROM + "0000" + STAMP + "11050003CC0201E061391DF476975920",
        ("+358401234567", NUMBER, "part one, ", MOMENT, (0xCC, 2, 1)),
    ),
    (
        "0044" + FROM + "0000" + STAMP + "0F050003CC0202E061391D44BFBF01",
        ("+358401234567", NUMBER, "part two", MOMENT, (0xCC, 2, 2)),
    ),
    (  # a 16-bit reference
        CENTRE + "44" + FROM + "0008" + STAMP + "0906080400CC0302" + "0041",
        ("+358401234567", NUMBER, "A", MOMENT, (WIDE + 0xCC, 3, 2)),
    ),
)


def packed(codes, header=()):
    """Return user data with its length: septets as one large number."""
    bits = (len(header) * 8 + 6) // 7 * 7
    number = 0
    for i in range(len(header)):
        number |= header[i] << 8 * i
    for code in codes:
        number |= code << bits
        bits += 7
    return bytes((bits // 7,)) + number.to_bytes((bits + 7) // 8, "little")


def pdu(user=None, dcs=0, first=0x04, sender=FROM, stamp=STAMP):
    """Return an SMS-DELIVER; user is the user data with its length before it."""
    if user is None:
        user = packed(b"ON")
    return CENTRE + "%02X%s00%02X%s" % (first, sender, dcs, stamp) + bytes(user).hex()


def headed(header, body=b"ON", dcs=0x04):
    """Return an SMS-DELIVER with a user data header, of 8-bit data where not said otherwise."""
    head = bytes((len(header),)) + bytes(header)
    user = packed(body, head) if alphabets.alphabet(dcs) == alphabets.GSM7 else None
    return pdu(user or bytes((len(head) + len(body),)) + head + body, dcs, 0x44)


def refused(line, how=decode):
    try:
        how(line)
    except PduError:
        return True
    return False


def test_samples():
    for line, wanted in SAMPLES:
        entry = decode(line)
        assert isinstance(entry, Deliver)
        found = (entry.sender, entry.kind, entry.text, entry.scts, entry.concat)
        assert found == wanted, (line, found)
        assert entry.data == b"" and entry.ports is None, line
        assert decode(line.lower()) == entry


def test_status_report():
    line = CENTRE + "062B" + FROM + STAMP + "62102161612380" + "00"
    report = reports.decode(line)
    assert isinstance(report, StatusReport)
    assert report == StatusReport(0x2B, "+358401234567", MOMENT, (2026, 1, 12, 16, 16, 32, 8), 0)
    assert reports.decode(line[:-2] + "46").status == 0x46
    assert reports.decode(line + "00AABB").status == 0  # optional fields follow
    for end in range(0, len(line), 2):
        assert refused(line[:end], reports.decode), end
    assert refused(line)  # it is no message
    assert reports.decode(SAMPLES[0][0]) == decode(SAMPLES[0][0])


def test_every_data_coding_scheme():
    # 23.038, 4: three octets that mean something in each alphabet, after the rules in prose.
    seen = [0, 0, 0]
    for dcs in range(256):
        group, bits = dcs >> 4, dcs >> 2 & 3
        if group < 8:
            coding = alphabets.OCTETS if dcs & 0x20 or bits == 1 else alphabets.GSM7
            if bits == 2 and not dcs & 0x20:
                coding = alphabets.UCS2
        else:
            coding = alphabets.GSM7
            if group == 14:
                coding = alphabets.UCS2
            elif group == 15 and bits & 1:
                coding = alphabets.OCTETS
        user = packed(b"ON") if coding == alphabets.GSM7 else b"\x04\x00O\x00N"
        entry = decode(pdu(user, dcs))
        assert alphabets.alphabet(dcs) == coding, dcs
        assert entry.text == (None if coding == alphabets.OCTETS else "ON"), dcs
        assert entry.data == (b"\x00O\x00N" if coding == alphabets.OCTETS else b""), dcs
        seen[coding] += 1
    assert sum(seen) == 256 and min(seen) > 0


def test_each_letter_of_the_alphabet():
    basic = (
        "@\xa3$\xa5\xe8\xe9\xf9\xec\xf2\xc7\n\xd8\xf8\r\xc5\xe5\u0394_\u03a6\u0393\u039b\u03a9"
        "\u03a0\u03a8\u03a3\u0398\u039e \xc6\xe6\xdf\xc9 !\"#\xa4%&'()*+,-./0123456789:;<=>?\xa1"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ\xc4\xd6\xd1\xdc\xa7\xbfabcdefghijklmnopqrstuvwxyz"
        "\xe4\xf6\xf1\xfc\xe0"
    )
    extended = {
        0x0A: "\f",
        0x14: "^",
        0x1B: " ",
        0x28: "{",
        0x29: "}",
        0x2F: "\\",
        0x3C: "[",
        0x3D: "~",
        0x3E: "]",
        0x40: "|",
        0x65: "\u20ac",
    }
    assert len(basic) == 128
    for code in range(128):
        assert decode(pdu(packed((0x41, code, 0x42) if code != 0x1B else (0x41, code)))).text == (
            "A" + basic[code] + ("B" if code != 0x1B else "")
        ), code
        # What the extension table lacks shows the basic letter (23.038, 6.2.1.1).
        wanted = extended.get(code, basic[code])
        assert decode(pdu(packed((0x1B, code, 0x42)))).text == wanted + "B", code


def test_texts_of_each_length():
    for count in range(161):
        text = ("0123456789" * 16)[:count]
        assert decode(pdu(packed(text.encode()))).text == text
    assert refused(pdu(packed(b"0" * 161)))
    assert decode(pdu(b"\x8c" + b"\x00A" * 70, 8)).text == "A" * 70
    assert refused(pdu(b"\x8d" + b"\x00A" * 70 + b"\x00", 8))
    assert decode(pdu(b"\x05\x00A\x00B\x00", 8)).text == "AB"  # an odd octet


def test_half_a_surrogate_pair():
    for units, text in (
        ("D83DDE00", "\U0001f600"),
        ("D800DC00", "\U00010000"),
        ("DBFFDFFF", "\U0010ffff"),
        ("D83D", "\ufffd"),
        ("DE00", "\ufffd"),
        ("DE00D83D", "\ufffd\ufffd"),
        ("D83D0041", "\ufffdA"),
        ("D83DD83DDE00", "\ufffd\U0001f600"),
        ("D83DDE00DE00", "\U0001f600\ufffd"),
        ("FFFF00000000", "\uffff\0\0"),
    ):
        octets = bytes.fromhex(units)
        assert decode(pdu(bytes((len(octets),)) + octets, 8)).text == text, units


def test_headers():
    for header, concat, ports in (
        ("", None, None),
        ("0003010201", (1, 2, 1), None),
        ("080401000201", (WIDE + 256, 2, 1), None),
        ("0804000A0202", (WIDE + 10, 2, 2), None),
        ("0504 0B84 23F0", None, (2948, 9200)),  # WAP push
        ("0402 F0F5", None, (0xF0, 0xF5)),
        ("05040B8423F0 0003070202", (7, 2, 2), (2948, 9200)),
        ("2401 03 0003070202 2501 03", (7, 2, 2), None),  # national language tables
        ("7000 0003070202", (7, 2, 2), None),  # an element without content
        # A part that cannot be is ignored; of two elements the last one that can be counts.
        ("0003010200", None, None),
        ("0003010203", None, None),
        ("0003010000", None, None),
        ("0003010201 0003020202", (2, 2, 2), None),
        ("0003010201 080400020202", (WIDE + 2, 2, 2), None),
        ("0003010201 0003020203", (1, 2, 1), None),
        # An element of a wrong size is skipped, one that does not fit takes all with it.
        ("0002 0102 0003070202", (7, 2, 2), None),
        ("0003070202 00", None, None),
        ("0003070202 0504 0B", None, None),
        ("0003070202 0503 0B8423", (7, 2, 2), None),
    ):
        octets = bytes.fromhex(header.replace(" ", ""))
        entry = decode(headed(octets, b"\x01\x02"))
        assert (entry.concat, entry.ports) == (concat, ports), (header, entry)
        assert (entry.text, entry.data) == (None, b"\x01\x02"), header
        # Fill bits for every length of header, and UCS2 behind it.
        assert decode(headed(octets, b"ON", 0)).text == "ON", header
        assert decode(headed(octets, b"\x00O\x00N", 8)).text == "ON", header


def test_header_only():
    assert decode(headed(b"\x00\x03\x01\x02\x01", b"", 0)).text == ""
    assert decode(headed(b"\x00\x03\x01\x02\x01", b"", 8)).text == ""


def test_header_longer_than_the_data():
    assert refused(pdu(b"\x00", 0, 0x44))
    assert refused(pdu(b"\x01\x00", 0, 0x44))  # one septet is less than one octet
    assert decode(pdu(b"\x02\x00\x00", 0, 0x44)).text == ""
    assert refused(pdu(b"\x02\x02\x00", 4, 0x44))
    assert decode(pdu(b"\x03\x02\x00\x00", 4, 0x44)).data == b""


def test_addresses():
    for field, sender, kind in (
        ("0191F1", "+1", NUMBER),
        ("14912143658709214365 8709", "+12345678901234567890", NUMBER),
        ("0A81 0010325476", "0001234567", NUMBER),
        ("0AA1 2143658709", "1234567890", NUMBER),
        ("05C1 2143F5", "12345", NUMBER),
        ("06F1 2143 65", "123456", NUMBER),
        ("0581 BADCFE", "*#abc", NUMBER),
        ("0681 2F43F5", None, None),  # an end mark inside
        ("0681 A1B2C3", "1*2#3a", NUMBER),
        ("0581 D1E2F3", "1b2c3", NUMBER),
        ("0681 2143F5", "12345", NUMBER),  # the filler counted as a digit
        ("0081", "", HIDDEN),
        ("0091", "", HIDDEN),
        ("00D0", "", HIDDEN),
        ("01D000", "", HIDDEN),  # four bits hold no letter
        ("02D041", "A", ALPHA),
        ("0ED031D98C56B3DD00", "1234567@", ALPHA),
        ("0DD031D98C56B3DD00", "1234567", ALPHA),
        ("1691 2143658709214365870921", None, None),  # 22 digits
        ("15D0" + "00" * 11, None, None),
    ):
        line = pdu(sender=field.replace(" ", ""))
        if kind is None:
            assert refused(line), field
        else:
            entry = decode(line)
            assert (entry.sender, entry.kind, entry.text) == (sender, kind, "ON"), (field, entry)


def test_times():
    for stamp, moment in (
        ("00101000000000", (2000, 1, 1, 0, 0, 0, 0)),
        ("99211332959565", (2099, 12, 31, 23, 59, 59, 56)),
        ("42209200000000", (2024, 2, 29, 0, 0, 0, 0)),
        ("52209200000000", None),  # no 29 February in 2025
        ("52401300000000", None),
        ("5221131200000A", (2025, 12, 31, 21, 0, 0, -20)),
        ("52211312000069", (2025, 12, 31, 21, 0, 0, -16)),
        ("52211312000061", (2025, 12, 31, 21, 0, 0, 16)),
        ("5221131200006D", (2025, 12, 31, 21, 0, 0, -56)),
        ("52211312000075", None),  # 14 h 15 min
        ("52000100000000", None),
        ("52310100000000", None),
        ("52100000000000", None),
        ("52101042000000", None),
        ("52101000060000", None),
        ("52101000000600", None),
        ("FFFFFFFFFFFFFF", None),
        ("00000000000000", None),
        ("521010A1000000", (2025, 1, 1, 10, 0, 0, 0)),  # no digit: 0 (23.040, 9.2.3.11)
    ):
        assert decode(pdu(stamp=stamp)).scts == moment, (stamp, decode(pdu(stamp=stamp)).scts)


def test_message_types():
    assert decode(pdu(first=0x24)).text == "ON"
    assert decode(pdu(first=0x07)).text == "ON"  # reserved: as SMS-DELIVER (23.040, 9.2.3.1)
    assert refused(pdu(first=0x01))


def test_every_beginning_is_refused():
    for line, _ in SAMPLES:
        for end in range(len(line)):
            assert refused(line[:end]), line[:end]
        assert decode(line + "00") == decode(line)


def test_rubbish():
    for line in (
        "",
        "0",
        "00",
        "FF",
        "0G" * 30,
        "OK",
        "\u00e9" * 40,
        "04 " * 30,
        "0C" + "91" * 60,
        "00" * 400,
    ):
        assert refused(line), line
    line = SAMPLES[0][0]
    assert refused(line + "\r") and refused(" " + line) and refused(line[:8] + "  " + line[8:])


def test_each_octet_changed():
    # Whatever an octet becomes, there is a value or a PduError; a fuzz that both VMs can run.
    for line, _ in SAMPLES[1:]:
        for at in range(0, len(line), 2):
            for octet in (0x00, 0x01, 0x7F, 0x80, 0xFF, int(line[at : at + 2], 16) ^ 0x40):
                try:
                    decode(line[:at] + "%02X" % octet + line[at + 2 :])
                except PduError:
                    pass


def test_an_escape_at_the_end_is_a_space():
    assert alphabets.decode_gsm7(alphabets.pack(b"\x41\x1b", 0, 2), 0, 2) == "A "
    assert alphabets.decode_gsm7(alphabets.pack(b"\x41\x1b\x1b", 0, 3), 0, 3) == "A "
