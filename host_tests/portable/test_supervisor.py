# SPDX-License-Identifier: MIT
"""What the supervisor makes of single answers of the modem."""

import asyncio

from sim800.errors import ModemError
from sim800.modem import Modem
from sim800.supervisor import Supervisor
from uart_kit import OK, FakeUart

SMOKE = True


async def asked(question, answer, method, reports=()):
    """Let a method ask its question; return the modem, and its result or its error's text."""
    uart = FakeUart({b"AT\r": OK, b"\x1b\r": b"", question: answer})
    modem = Modem(uart, lambda line: None, lambda: None)
    link = Supervisor(modem, None)
    link.reports = reports
    task = asyncio.create_task(modem.read_forever())
    try:
        result = await getattr(link, method)()
    except ModemError as error:
        result = str(error)
    task.cancel()
    return modem, result


async def test_the_sim():
    for answer, busy, sim in (
        (b"\r\n+CPIN: READY\r\n" + OK, False, "READY"),
        (b"\r\n+CPIN: SIM PIN\r\n" + OK, False, "SIM PIN"),
        (b"\r\n+CME ERROR: 14\r\n", True, ""),  # busy: there, and not to blame
        (b"\r\n+CME ERROR: 10\r\n", False, "NOT INSERTED"),
        (b"\r\n+CME ERROR: 13\r\n", False, "UNKNOWN"),
        (b"\r\n+CME ERROR: 15\r\n", False, "UNKNOWN"),
        (b"\r\nERROR\r\n", False, "UNKNOWN"),
        (OK, False, ""),
    ):
        modem, result = await asked(b"AT+CPIN?\r", answer, "look_at_sim")
        assert (result, modem.sim) == (busy, sim), answer


async def test_the_registration():
    lost = "settings lost"
    for values, reports, registration, error in (
        (b"1,5", ["+CREG"], 5, None),
        (b"0,5", [], 5, None),  # a modem that never took the setting
        (b"0,5", ["+CREG"], 5, lost),  # it has restarted, and nobody saw it
        (b'1,1,"00FF","1A2B"', ["+CREG"], 1, None),
    ):
        answer = b"\r\n+CREG: " + values + b"\r\n" + OK
        modem, result = await asked(b"AT+CREG?\r", answer, "look_at_registration", reports)
        assert (modem.registration, result) == (registration, error), values


async def test_a_registration_that_changes_meanwhile():
    urc, answer = b"\r\n+CREG: 2\r\n", b"\r\n+CREG: 1,5\r\n"
    for lines, registration in ((urc + answer, 5), (answer + urc, 2), (urc, 2)):
        modem, result = await asked(b"AT+CREG?\r", lines + OK, "look_at_registration", ("+CREG",))
        assert (modem.registration, result) == (registration, None), lines


async def test_the_signal():
    for answer, rssi in (
        (b"\r\n+CSQ: 17,0\r\n" + OK, 17),
        (b"\r\n+CSQ: 99,99\r\n" + OK, 99),
        (b"\r\n+CSQ: ,\r\n" + OK, 99),
        (b"\r\nERROR\r\n", 99),
    ):
        modem, _ = await asked(b"AT+CSQ\r", answer, "look_at_signal")
        assert modem.rssi == rssi, answer
