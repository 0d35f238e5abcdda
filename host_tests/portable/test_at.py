# SPDX-License-Identifier: MIT
"""The AT parser: every exchange fed whole, byte by byte and with a tail; URCs at every byte."""

from sim800.at import DROPPED, ENTRY, PROMPT, RESULT, URC, AtParser

PDU = "07915348230000F5040B911346610089F600006210502190004002CF47"
TWO = "+CMGL: 1,0,,{n}\r\n{p}\r\n+CMGL: 2,1,,{n}\r\n{p}\r\n"

# (command, prefix, entries, prompt, what the modem sends, events that must come out)
EXCHANGES = (
    ("AT", None, False, False, b"\r\nOK\r\n", [(RESULT, "OK", [])]),
    ("AT", None, False, False, b"AT\r\r\nOK\r\n", [(RESULT, "OK", [])]),
    (
        "AT+CSQ",
        "+CSQ:",
        False,
        False,
        b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n",
        [(RESULT, "OK", ["+CSQ: 17,0"])],
    ),
    (
        "AT+CREG?",
        "+CREG:",
        False,
        False,
        b"AT+CREG?\r\r\n+CREG: 1,5\r\n\r\nOK\r\n",
        [(RESULT, "OK", ["+CREG: 1,5"])],
    ),
    ("AT+X", None, False, False, b"\r\nERROR\r\n", [(RESULT, "ERROR", [])]),
    (
        "AT+CMGR=1",
        "+CMGR:",
        True,
        False,
        ("\r\n+CMGR: 0,,%d\r\n%s\r\n\r\nOK\r\n" % (len(PDU) // 2 - 8, PDU)).encode(),
        [(ENTRY, "+CMGR: 0,,%d" % (len(PDU) // 2 - 8), PDU), (RESULT, "OK", [])],
    ),
    (
        "AT+CMGL=4",
        "+CMGL:",
        True,
        False,
        ("\r\n" + TWO.format(n=len(PDU) // 2 - 8, p=PDU) + "\r\nOK\r\n").encode(),
        [
            (ENTRY, "+CMGL: 1,0,,%d" % (len(PDU) // 2 - 8), PDU),
            (ENTRY, "+CMGL: 2,1,,%d" % (len(PDU) // 2 - 8), PDU),
            (RESULT, "OK", []),
        ],
    ),
    ("AT+CMGS=20", "+CMGS:", False, True, b"\r\n> ", [(PROMPT, "", None)]),
    (
        "AT+CMGS=20",
        "+CMGS:",
        False,
        False,
        b"\r\n+CMGS: 12\r\n\r\nOK\r\n",
        [(RESULT, "OK", ["+CMGS: 12"])],
    ),
)

URCS = (
    "RING",
    "RDY",
    "Call Ready",
    "+CPIN: NOT READY",
    '+CMTI: "SM",3',
    "+CREG: 2",
    '+CREG: 1,"00A1","1C2F"',
    '+CLIP: "+358401234567",145,"",0,"",0',
    '+CLCC: 1,1,4,0,0,"+358401234567",145,""',
    '+CUSD: 0,"Balance: 5.00\r\nOK\r\nBye", 15',
    "+CUSD:4",
    '*PSUTTZ: 2026,1,5,12,0,0,"+0",0',
    "DST: 0",
    "NO CARRIER",
    "BUSY",
    "MO CONNECTED",
    "UNDER-VOLTAGE WARNNING",
    "NORMAL POWER DOWN",
    "+CDS: 25\r\n0006D50B911326880736F4111011719551401110117195714000",
)


def collect(parser, data):
    parser.feed(data)
    events = []
    event = parser.next()
    while event is not None:
        events.append(event)
        event = parser.next()
    return events


def fresh(exchange):
    parser = AtParser()
    parser.begin(exchange[0], exchange[1], exchange[2], exchange[3])
    return parser


def bytewise(parser, data):
    events = []
    for i in range(len(data)):
        events.extend(collect(parser, data[i : i + 1]))
    return events


def test_fed_whole():
    for exchange in EXCHANGES:
        assert collect(fresh(exchange), exchange[4]) == exchange[5], exchange[0]


def test_fed_bytewise():
    for exchange in EXCHANGES:
        parser = fresh(exchange)
        assert bytewise(parser, exchange[4][:-1]) == exchange[5][:-1], exchange[0]
        assert collect(parser, exchange[4][-1:]) == exchange[5][-1:], exchange[0]


def test_fed_with_a_tail():
    for exchange in EXCHANGES:
        parser = fresh(exchange)
        assert collect(parser, exchange[4] + b'\r\n+CMTI: "S')[: len(exchange[5])] == exchange[5]
        assert collect(parser, b'M",7\r\n') == [(URC, '+CMTI: "SM",7', None)], exchange[0]


def expected_urc(urc):
    if urc.startswith("+CDS"):
        first, second = urc.split("\r\n")
        return (URC, first, second)
    return (URC, urc, None)


def collides(exchange, urc):
    """An answer and a URC of one form: it is among the lines of the answer, in order."""
    return exchange[1] is not None and urc.startswith(exchange[1])


def test_urc_at_every_byte_fed_whole():
    count = 0
    for exchange in EXCHANGES:
        for urc in URCS:
            if collides(exchange, urc):
                continue
            for at in range(len(exchange[4]) + 1):
                data = exchange[4][:at] + b"\r\n" + urc.encode() + b"\r\n" + exchange[4][at:]
                events = collect(fresh(exchange), data)
                assert expected_urc(urc) in events, (exchange[0], urc, at, events)
                events.remove(expected_urc(urc))
                assert events == exchange[5], (exchange[0], urc, at, events)
                count += 1
    print("URCs injected:", count)


def test_a_urc_that_looks_like_the_answer_is_among_its_lines():
    parser = AtParser()
    parser.begin("AT+CREG?", "+CREG:")
    data = b"\r\n+CREG: 2\r\n\r\n+CREG: 1,5\r\n\r\n+CREG: 1\r\n\r\nOK\r\n"
    assert collect(parser, data) == [(RESULT, "OK", ["+CREG: 2", "+CREG: 1,5", "+CREG: 1"])]


def test_urc_at_every_byte_fed_bytewise():
    # Only a sample of the URCs: each byte is a call.
    for exchange in EXCHANGES:
        for urc in (URCS[0], URCS[4], URCS[9]):
            for at in range(len(exchange[4]) + 1):
                data = exchange[4][:at] + b"\r\n" + urc.encode() + b"\r\n" + exchange[4][at:]
                events = bytewise(fresh(exchange), data)
                assert expected_urc(urc) in events, (exchange[0], urc, at, events)
                events.remove(expected_urc(urc))
                assert events == exchange[5], (exchange[0], urc, at, events)


def test_every_split():
    for exchange in EXCHANGES:
        for at in range(len(exchange[4]) + 1):
            parser = fresh(exchange)
            events = collect(parser, exchange[4][:at]) + collect(parser, exchange[4][at:])
            assert events == exchange[5], (exchange[0], at, events)


def test_errors_carry_their_code():
    parser = AtParser()
    parser.begin("AT+CMGS=20", "+CMGS:")
    assert collect(parser, b"\r\n+CMS ERROR: 322\r\n") == [(RESULT, "+CMS ERROR: 322", [])]


def test_noise_at_power_up():
    parser = AtParser()
    assert collect(parser, b"\x00IIII\xff\xff\xff\xff\r\nRDY\r\n")[-1] == (URC, "RDY", None)
    parser = AtParser()
    assert collect(parser, b"\xff\xfe\r\n\x00RDY\r\n")[-1] == (URC, "RDY", None)


def test_stray_answers_are_no_results():
    """A line of information that nobody asked for is like a URC, whoever listens for it."""
    parser = AtParser()
    events = collect(parser, b"\r\nOK\r\n\r\n+CSQ: 1,0\r\n\r\n+CME ERROR: 3\r\n")
    assert events == [
        (URC, "+CSQ: 1,0", None),
        (DROPPED, "unknown line: OK", None),
        (DROPPED, "unknown line: +CME ERROR: 3", None),
    ]
    parser.begin("AT+CREG?", "+CREG:")  # the answer of the command before comes once more
    events = collect(parser, b"\r\n+CSQ: 1,0\r\n\r\n+CREG: 1,5\r\n\r\nOK\r\n")
    assert events == [(URC, "+CSQ: 1,0", None), (RESULT, "OK", ["+CREG: 1,5"])]


def test_overlong_line_is_dropped_and_the_next_one_read():
    for lead in (b"", b"\r\n"):
        parser = AtParser()
        events = collect(parser, lead + b"x" * 5000)
        events += collect(parser, b"y" * 700 + b"\r\n" + b'\r\n+CMTI: "SM",1\r\n')
        assert events[-1] == (URC, '+CMTI: "SM",1', None), events
        assert all([e[0] == DROPPED for e in events[:-1]])
        assert "5000" in events[0][1] or "5002" in events[0][1]


def test_overlong_answer_does_not_hide_its_result():
    parser = AtParser()
    parser.begin("AT+CSQ", "+CSQ:")
    events = collect(parser, b"\r\n" + b"z" * 2000)
    events += collect(parser, b"\r\n\r\nOK\r\n")
    assert events[-1] == (RESULT, "OK", []), events


def test_two_messages_of_a_large_storage_need_no_large_buffer():
    parser = AtParser()
    parser.begin("AT+CMGL=4", "+CMGL:", True)
    size = len(PDU) // 2 - 8
    seen = 0
    for i in range(100):
        for event in collect(parser, ("\r\n+CMGL: %d,0,,%d\r\n%s\r\n" % (i, size, PDU)).encode()):
            assert event[0] == ENTRY
            seen += 1
    assert seen == 100
    assert collect(parser, b"\r\nOK\r\n") == [(RESULT, "OK", [])]


def test_unreadable_entry_is_given_out():
    parser = AtParser()
    parser.begin("AT+CMGR=1", "+CMGR:", True)
    events = collect(parser, b"\r\n+CMGR: 0,,24\r\n0791\r\n\r\nOK\r\n")
    assert events == [(ENTRY, "+CMGR: 0,,24", "0791"), (RESULT, "OK", [])]


def test_unexpected_lines_are_reported():
    parser = AtParser()
    parser.begin("AT+CSQ", "+CSQ:")
    events = collect(parser, b"\r\nXYZ 1\r\n\r\n+CSQ: 9,0\r\n\r\nOK\r\n")
    assert events == [(DROPPED, "unexpected line: XYZ 1", None), (RESULT, "OK", ["+CSQ: 9,0"])]


def test_the_end_of_a_long_line_that_is_torn():
    parser = AtParser(limit=50)
    parser.feed(b"x" * 60 + b"\r")
    assert parser.next()[0] == DROPPED
    parser.feed(b"\nabc\r\n")
    assert parser.next() == (DROPPED, "unknown line: abc", None)
    assert parser.next() is None
