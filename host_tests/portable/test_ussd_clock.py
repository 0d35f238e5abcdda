# SPDX-License-Identifier: MIT
"""USSD texts, network time and the causes of calls: what the modem's lines mean."""

import asyncio

from sim800 import errors, nitz, ussd
from sim800.errors import ModemError
from uart_kit import OK, Bench


def test_ussd_lines():
    for line, expected in (
        ('+CUSD: 0,"Balance 5",15', (0, "Balance 5", 15)),
        ('+CUSD: 0,"Balance 5", 15', (0, "Balance 5", 15)),
        ('+CUSD:1,"say ""yes""",0', (1, 'say ""yes""', 0)),
        ('+CUSD: 0,"no scheme"', (0, "no scheme", 15)),
        ("+CUSD:4", (4, None, 15)),
        ("+CUSD: 2", (2, None, 15)),
        ('+CUSD: 0, "blank" ,72', (0, "blank", 72)),
    ):
        assert ussd.parse(line) == expected, line


def test_ussd_texts():
    for text, dcs, expected in (
        ("Saldo 5,00", 15, "Saldo 5,00"),
        ("0412", 15, "0412"),  # digits stay digits
        ("00410042", 15, "AB"),  # UCS2 that is not said to be
        ("04110430043B0430043D0441", 72, "Баланс"),
        ("D83DDE00", 72, "😀"),
        ("D83D", 72, "\ufffd"),
        ("42616C616E636520350A0D", 68, "Balance 5\n\r"),
        ("42616C00", 68, "Bal "),
        ("Balance", 68, "Balance"),  # not hex: as it came
        ("6E3904110430", 0x11, "Ба"),  # the language in front
        ("41", 15, "41"),
        ("41", 0x11, ""),
        ("", 15, ""),
    ):
        assert ussd.decode(text, dcs) == expected, (text, dcs, ussd.decode(text, dcs))


def test_ussd_alphabets():
    """23.038, clause 5: every group of the cell broadcast coding scheme."""
    read = {"GSM7": "00410142", "OCTETS": " A B", "UCS2": "A\u0142"}
    known = {0x11: "UCS2", 0x48: "UCS2", 0x58: "UCS2", 0x44: "OCTETS", 0xF4: "OCTETS"}
    for dcs in (0x00, 0x0F, 0x10, 0x20, 0x2F, 0x40, 0x4C, 0x80, 0xA0, 0xE0, 0xF0):
        known[dcs] = "GSM7"
    for dcs in known:
        assert ussd.decode("00410142", dcs) == read[known[dcs]], hex(dcs)
    for dcs in range(256):
        assert ussd.decode("00410142", dcs) in read.values(), hex(dcs)


async def test_ussd_more_to_come_is_cancelled():
    bench = Bench(
        {
            b'AT+CUSD=1,"*100#",15\r': OK + b'\r\n+CUSD: 1,"1 balance\r\n2 more",15\r\n',
            b"AT+CUSD=2\r": OK,
        }
    )
    assert await bench.modem.ussd("*100#") == "1 balance\r\n2 more"
    assert bench.uart.sent[-1] == b"AT+CUSD=2\r"
    bench.close()


async def test_ussd_terminated_with_a_text_is_an_answer():
    bench = Bench({b'AT+CUSD=1,"*100#",15\r': b'\r\n+CUSD: 2,"Balance 5",15\r\n' + OK})
    assert await bench.modem.ussd("*100#") == "Balance 5"
    bench.close()


async def test_ussd_answer_without_a_final_result():
    bench = Bench({b'AT+CUSD=1,"*100#",15\r': b'\r\n+CUSD: 0,"Balance 5",15\r\n'})
    assert await bench.modem.ussd("*100#") == "Balance 5"
    bench.close()


async def test_ussd_refusals():
    for urc in (b"+CUSD: 2", b"+CUSD: 3", b"+CUSD:4", b"+CUSD: 5", b"+CUSD: 0"):
        bench = Bench({b'AT+CUSD=1,"*100#",15\r': OK + b"\r\n" + urc + b"\r\n"})
        try:
            await bench.modem.ussd("*100#")
            raise AssertionError(urc)
        except ModemError as error:
            assert str(error).startswith("no answer"), error
        assert not any([b"CUSD=2" in line for line in bench.uart.sent])
        bench.close()


async def test_ussd_cancelled_leaves_no_session_behind():
    bench = Bench({b'AT+CUSD=1,"*100#",15\r': OK, b"AT+CUSD=2\r": OK})
    asking = asyncio.create_task(bench.modem.ussd("*100#"))
    await asyncio.sleep(5)
    asking.cancel()
    await asyncio.sleep(0.1)
    bench.uart.script[b'AT+CUSD=1,"*101#",15\r'] = OK + b'\r\n+CUSD: 0,"yes",15\r\n'
    assert await bench.modem.ussd("*101#") == "yes"
    assert bench.uart.sent[-3] == b"AT+CUSD=2\r"
    bench.close()


async def test_ussd_in_the_modems_character_set():
    """A septet a character, and the euro sign two; one that refuses "GSM" shows what it can."""
    urc = b'\r\n+CUSD: 0, "%s", 15\r\n'
    for refused, shown, expected in (
        (False, b"5 \x1be, \x05 \x00 \x11 \x02", "5 \u20ac, \xe9 @ _ $"),
        (False, b"\x1b<x\x1b>\r\n\x10\r\nOK\r\n", "[x]\r\n\u0394\r\nOK\r\n"),
        (False, b"20AC", "20AC"),
        (False, b"0035002020AC", "5 \u20ac"),  # of one that says OK, and shows hex
        (False, b"5, \xe9 @ $", "5, \xe9 @ $"),  # and of one that goes on in Latin-1
        (True, b"5 ?, \xe9 @ _ $", "5 ?, \xe9 @ _ $"),
        (True, b"5 ? @ _ $ [x]", "5 ? @ _ $ [x]"),
    ):
        script = {b'AT+CUSD=1,"*100#",15\r': OK + urc % shown}
        if refused:
            script[b'AT+CSCS="GSM"\r'] = b"\r\n+CME ERROR: 3\r\n"
        bench = Bench(script)
        answer = await bench.modem.ussd("*100#")
        assert answer == expected, (shown, answer)
        bench.close()


DAY = 86400
NOON = 9501 * DAY + 43200  # of 2026-01-05, as Python's datetime counts


def test_network_time():
    for line, expected in (
        ('*PSUTTZ: 2026,1,5,12,0,0,"+8",0', (NOON + 7200, 8)),
        ('*PSUTTZ: 2026, 1, 5, 12, 0, 0, "-28", 1', (NOON - 25200, -28)),
        ('*PSUTTZ: 26,1,5,12,0,0,"+0",0', (NOON, 0)),
        ('*PSUTTZ: 2004,1,1,0,0,0,"+0",0', None),
        ('*PSUTTZ: 2026,1,5,12,0,0,"+99",0', None),
        ('+CCLK: "26/01/05,12:00:00+08"', (NOON, 8)),
        ('+CCLK: "26/01/05,12:00:00-28"', (NOON, -28)),
        ('+CCLK: "26/01/05,12:00:00"', (NOON, 0)),
        (":26/01/05,12:00:00+08", (NOON, 8)),
        ('+CCLK: "04/01/01,00:12:34+00"', None),
        ('+CCLK: "80/01/06,00:00:12+00"', None),
    ):
        assert nitz.moment(line) == expected, line
    for line in (
        "*PSUTTZ: ",
        "*PSUTTZ: 2026,1,5",
        "*PSUTTZ: 2026,1,5,12,0,0",
        '*PSUTTZ: 2026,13,5,12,0,0,"+8",0',
        "+CCLK: x",
        ":",
    ):
        try:
            nitz.moment(line)
            raise AssertionError(line)
        except (ValueError, IndexError):
            pass


def test_the_edges_of_each_field():
    good = (2026, 1, 5, 12, 0, 0, 0)
    edges = ((2020, 2069), (1, 12), (1, 31), (0, 23), (0, 59), (0, 60), (-48, 56))
    for i in range(7):
        for value, right in ((edges[i][0], True), (edges[i][1], True), (edges[i][1] + 1, False)):
            values = good[:i] + (value,) + good[i + 1 :]
            line = '*PSUTTZ: %d,%d,%d,%d,%d,%d,"%+d",0' % values
            try:
                moment = nitz.moment(line)
            except ValueError:
                moment = None
            assert (moment is not None) == right, line
    for line in ("2019,1,5,12,0,0,+0", "2026,0,5,12,0,0,+0", "2026,1,0,12,0,0,+0"):
        try:
            assert nitz.moment("*PSUTTZ: " + line) is None
        except ValueError:
            pass


def test_each_month_of_each_year():
    days = 7305  # to 2020
    months = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for year in range(2020, 2070):
        for month in range(1, 13):
            first, last = days, months[month - 1] + (1 if month == 2 and year % 4 == 0 else 0)
            for day in (1, 28, last):
                line = '*PSUTTZ: %d,%d,%d,0,0,7,"+0",0' % (year, month, day)
                assert nitz.moment(line) == ((first + day - 1) * DAY + 7, 0), line
            days += last


def test_causes():
    for line, expected in (
        ("+CEER: No cause information available", 0),
        ("+CEER: Normal call clearing", 16),
        ("+CEER: User busy", 17),
        ("+CEER: No user responding", 18),
        ("+CEER: User alerting, no answer", 19),
        ("+CEER: Call rejected", 21),
        ('+CEER: 5,16,"Normal"', 5),
        ("+CEER: 17", 17),
    ):
        assert errors.cause_number(line) == expected, line


def test_outcomes():
    for result, alerted, cause, expected in (
        ("BUSY", True, 17, errors.REJECTED),
        ("BUSY", True, 0, errors.REJECTED),
        ("BUSY", False, 17, errors.BUSY),
        ("BUSY", False, 21, errors.REJECTED),
        ("NO ANSWER", True, 19, errors.NO_ANSWER),
        ("NO CARRIER", True, 19, errors.NO_ANSWER),
        ("NO CARRIER", True, 16, errors.REJECTED),
        ("NO CARRIER", True, 41, errors.UNREACHABLE),
        ("NO CARRIER", False, 27, errors.UNREACHABLE),
        ("NO CARRIER", False, 0, errors.UNREACHABLE),
        ("NO CARRIER", False, 17, errors.BUSY),
        ("NO DIALTONE", False, 0, errors.FAILED),
        ("", False, 0, errors.UNREACHABLE),
        ("", True, 21, errors.REJECTED),
    ):
        assert errors.outcome(result, alerted, cause) == expected, (result, alerted, cause)


def test_an_answer_with_half_a_pair_of_quotes_has_no_text():
    assert ussd.parse('+CUSD: 2,"') == (2, None, 15)
    assert ussd.parse("+CUSD: 2") == (2, None, 15)
    assert ussd.parse('+CUSD: 2,""') == (2, "", 15)
