# SPDX-License-Identifier: MIT
"""An answer that the modem gives twice never serves the next command.

Each answer of the driver's commands, repeated after 0 to 500 ms, while the next command is sent at
once and answered at once or a little later; every pair of two, and bursts of several.
"""

import asyncio
import sys

from sim800.errors import AtError
from uart_kit import OK, Bench

# On the VM, where each pair takes a while, a sample.
STRIDE = 1 if sys.implementation.name == "cpython" else 17

PDU = "07915348230000F5040B911346610089F600006210502190004002CF47"
OTHER = "07915348230000F5040B911346610089F600006210502190104002CF47"
SIZE = len(PDU) // 2 - 8
BUSY = b"\r\n+CME ERROR: 14\r\n"
ERROR = b"\r\nERROR\r\n"


def told(text):
    return b"\r\n" + text.encode() + b"\r\n" + OK


def entry(command, pdu):
    return ("\r\n%s,,%d\r\n%s\r\n" % (command, SIZE, pdu)).encode()


# What is written, what it is answered with, what the driver makes of that: information lines, the
# PDUs of entries, or the final result of a refusal. What is written last has a text in front.
EXCHANGES = (
    ("AT+CMGF=0", OK, []),
    ("AT+CNMI=2,1,0,0,0", OK, []),
    ("AT+CFUN=1", ERROR, "ERROR"),
    ("AT+CLTS=1", b"\r\n+CME ERROR: 3\r\n", "+CME ERROR: 3"),
    ("AT+CSQ", told("+CSQ: 17,0"), ["+CSQ: 17,0"]),
    ("AT+CREG?", told("+CREG: 1,5"), ["+CREG: 1,5"]),
    ("AT+CPIN?", told("+CPIN: READY"), ["+CPIN: READY"]),
    ("AT+SPIC", BUSY, "+CME ERROR: 14"),
    ('AT+CPMS="SM","SM","SM"', told("+CPMS: 1,10,1,10,1,10"), ["+CPMS: 1,10,1,10,1,10"]),
    ("AT+CSCA?", told('+CSCA: "+358400",145'), ['+CSCA: "+358400",145']),
    ("AT+CCLK?", told('+CCLK: "26/01/05,12:00:00+08"'), ['+CCLK: "26/01/05,12:00:00+08"']),
    ("AT+CMGR=1", entry("+CMGR: 0", PDU) + OK, [PDU]),
    ("AT+CMGR=2", entry("+CMGR: 0", OTHER) + OK, [OTHER]),
    ("AT+CMGR=3", OK, []),
    ("AT+CMGR=4", b"\r\n+CMS ERROR: 321\r\n", "+CMS ERROR: 321"),
    ("AT+CMGL=4", entry("+CMGL: 1,0", PDU) + entry("+CMGL: 2,0", OTHER) + OK, [PDU, OTHER]),
    ("AT+CMGL=1", OK, []),
    ("AT+CMGD=1", OK, []),
    ("AT+CMGD=2", b"\r\n+CMS ERROR: 320\r\n", "+CMS ERROR: 320"),
    ("AT+CMGS=20", b"\r\n+CMGS: 12\r\n" + OK, ["+CMGS: 12"]),
    ("AT+CMGS=21", b"\r\n+CMS ERROR: 41\r\n", "+CMS ERROR: 41"),
    ("AT+CLCC", told('+CLCC: 1,0,0,0,0,"+358401",145'), ['+CLCC: 1,0,0,0,0,"+358401",145']),
    ("AT+CLCC", OK, []),
    ("ATH", OK, []),
    ("ATD+358401;", OK, []),
    ("ATD+358402;", b"\r\nBUSY\r\n", "BUSY"),
    ("ATA", b"\r\nNO CARRIER\r\n", "NO CARRIER"),
    ("AT+CEER", told("+CEER: User busy"), ["+CEER: User busy"]),
    ('AT+CUSD=1,"*100#",15', OK, []),
    ("AT+CUSD=2", ERROR, "ERROR"),
)
PREFIXES = ("+CMGR:", "+CMGL:", "+CMGS:", "+CLCC:", "+CSQ:", "+CREG:", "+CPIN:", "+SPIC:")
PREFIXES += ("+CPMS:", "+CSCA:", "+CCLK:", "+CEER:")


async def run(modem, exchange):
    """Run a command as the driver does."""
    line = exchange[0]
    prefix = None
    for known in PREFIXES:
        if line[2:].startswith(known[:-1]):
            prefix = known
    entries = 5 if prefix in ("+CMGR:", "+CMGL:") else 0
    body = b"00AA" if prefix == "+CMGS:" else None
    try:
        lines = await modem.command(line, prefix, 5, entries, body)
    except AtError as error:
        return error.result
    return [found[1] for found in lines] if entries else lines


def answered(uart, exchange, answer):
    """Let the modem answer so."""
    if exchange[0].startswith("AT+CMGS"):
        uart.script[exchange[0].encode() + b"\r"] = b"\r\n> "
        uart.script[b"00AA\x1a"] = answer
    else:
        uart.script[exchange[0].encode() + b"\r"] = answer


async def pair(bench, first, second, again, later):
    """Run two commands; the first one's answer comes twice, the second one's a little later."""
    answered(bench.uart, first, [(0, first[1]), (again, first[1])])
    assert await run(bench.modem, first) == first[2], first
    answered(bench.uart, second, [(later, second[1])])
    found = await run(bench.modem, second)
    assert found == second[2], (first, second, again, later, found)
    lines = await bench.modem.command("AT+CHECK", "+CHECK:")
    assert lines == ["+CHECK: 1"], (first, second, again, later, lines)


def bench_with_check():
    return Bench({b"AT+CHECK\r": told("+CHECK: 1"), b"\x1b\r": b""})


async def test_each_answer_twice_before_each_command():
    count = step = 0
    bench = bench_with_check()
    for again in (0, 0.02, 0.1, 0.3, 0.5):
        for first in EXCHANGES:
            for second in EXCHANGES:
                if first[0] == second[0] and first[1] != second[1]:
                    continue  # a script knows a command once
                if first[0][:7] == second[0][:7] == "AT+CMGS":
                    continue
                step += 1
                if step % STRIDE == 0:
                    for later in (0, 0.05):
                        await pair(bench, first, second, again, later)
                        await asyncio.sleep(2)
                        count += 1
    bench.close()
    print("answers given twice:", count)


async def test_a_burst_in_which_each_answer_comes_twice():
    count = 0
    for again in (0, 0.05, 0.25, 0.5):
        for start in range(0, len(EXCHANGES), 1 if STRIDE == 1 else 5):
            bench = bench_with_check()
            await bench.modem.command("AT")
            burst = (EXCHANGES + EXCHANGES)[start : start + 8]
            for exchange in burst:
                answered(bench.uart, exchange, [(0.01, exchange[1]), (again, exchange[1])])
                found = await run(bench.modem, exchange)
                assert found == exchange[2], (burst, exchange, again, found)
            lines = await bench.modem.command("AT+CHECK", "+CHECK:")
            assert lines == ["+CHECK: 1"], (burst, again, lines)
            bench.close()
            count += 1
    print("bursts with every answer twice:", count)


async def test_an_answer_with_a_line_twice_between_two_equal_results():
    """Its result is a repetition, as its line shows; the one that comes then is the command's."""
    count = step = 0
    bench = bench_with_check()
    plain = [e for e in EXCHANGES if not (e[2] and isinstance(e[2], list))]
    with_line = [e for e in EXCHANGES if e[2] and isinstance(e[2], list)]
    for again in (0, 0.02, 0.1, 0.3, 0.5):
        for first in plain:
            for line in with_line:
                step += 1
                if step % STRIDE:
                    continue
                answered(bench.uart, first, first[1])
                assert await run(bench.modem, first) == first[2], first
                await pair(bench, line, first, again, 0.55)
                await asyncio.sleep(2)
                count += 1
    bench.close()
    print("answers with a line given twice between two equal results:", count)


async def test_a_slow_answer_of_a_modem_that_is_known_to_answer_twice():
    """The command is given when the last answer cannot come again, however late its own is."""
    count = step = 0
    for again in (0.02, 0.5):
        bench = bench_with_check()
        bench.uart.script[b"AT\r"] = [(0, OK), (again, OK)]
        await bench.modem.command("AT")  # the OK of it that comes again is noticed
        await asyncio.sleep(1)
        for first in EXCHANGES:
            for second in EXCHANGES:
                if first[0] == second[0] or first[0][:7] == second[0][:7] == "AT+CMGS":
                    continue
                step += 1
                if step % STRIDE == 0:
                    await pair(bench, first, second, again, 3)
                    count += 1
        bench.close()
    print("slow answers after one given twice:", count)


async def test_no_call_is_said_only_by_the_answer_to_that_question():
    """OK of what was asked before comes again, and the modem takes its time to list its call."""
    for again in (0, 0.01, 0.1, 0.5):
        for later in (0.05, 0.9, 2, 4):
            bench = bench_with_check()
            await bench.modem.command("AT")
            bench.uart.script[b"ATH\r"] = [(0, OK), (again, OK)]
            call = told('+CLCC: 1,0,0,0,0,"+358401",145')
            bench.uart.script[b"AT+CLCC\r"] = [(later, call)]
            assert not await bench.modem.calls.hang_up(), (again, later)
            bench.uart.script[b"AT+CLCC\r"] = [(later, OK)]
            assert await bench.modem.calls.hang_up(), (again, later)
            bench.close()


async def test_a_message_that_is_read_twice_is_not_the_next_one():
    """The second slot would be deleted unread."""
    for again in (0, 0.01, 0.1, 0.5):
        bench = bench_with_check()
        await bench.modem.command("AT")
        for slot, pdu in ((1, PDU), (2, OTHER)):
            answer = entry("+CMGR: 0", pdu) + OK
            bench.uart.script[b"AT+CMGR=%d\r" % slot] = [(0.02, answer), (again, answer)]
            assert await bench.modem.read_message(slot) == pdu, (slot, again)
        bench.close()


async def test_what_comes_once_is_not_waited_for():
    """No command of an order's way, ON to its reply, waits for a repetition."""
    bench = bench_with_check()
    await bench.modem.command("AT")
    await asyncio.sleep(2)
    waits = []
    sleep = asyncio.wait_for

    async def noting(awaitable, seconds):
        waits.append(seconds)
        return await sleep(awaitable, seconds)

    asyncio.wait_for = noting
    try:
        for line in ("AT+CMGR=1", "AT+CMGD=1", "AT+CMGS=20", "AT+CMGR=2", "AT+CSQ", "AT+CMGD=1"):
            for exchange in EXCHANGES:
                if exchange[0] == line:
                    answered(bench.uart, exchange, exchange[1])
                    assert await run(bench.modem, exchange) == exchange[2]
                    await asyncio.sleep(2 if line == "AT+CMGS=20" else 0)
    finally:
        asyncio.wait_for = sleep
    assert min(waits) >= 5, waits
    bench.close()
