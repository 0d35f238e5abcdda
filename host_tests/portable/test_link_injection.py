# SPDX-License-Identifier: MIT
"""The link under attack, one type of exchange after the other.

For each: every URC at every byte of the answer; the answer split at every byte, with a pause; the
answer later than its maximum time, whole and from every byte on; the modem restarting at every
byte; the task cancelled at every byte. Nothing may be lost or misread, and the link has to be
usable again. The first step of an answer is the prompt where there is one.
"""

import asyncio
import sys

from sim800.errors import AtError, AtTimeout, ModemError
from uart_kit import OK, Bench

# On the VM, each time a step takes a while: every place of the short answers, some of the long.
LONG = 80 if sys.implementation.name == "cpython" else 24
STRIDE = 1 if sys.implementation.name == "cpython" else 11

PDU = "07915348230000F5040B911346610089F600006210502190004002CF47"
SIZE = len(PDU) // 2 - 8
ENTRY = "%d,0,,%d\r\n%s\r\n"
LISTED = ("\r\n+CMGL: " + ENTRY + "+CMGL: " + ENTRY) % (1, SIZE, PDU, 2, SIZE, PDU)

URCS = (
    "RING",
    "Call Ready",
    "SMS Ready",
    '+CMTI: "SM",3',
    '+CMTI: "SM",3,"MMS PUSH"',
    "+CREG: 2",
    '+CREG: 1,"00A1","1C2F"',
    "+CPIN: NOT READY",
    "+CPIN: NOT INSERTED",
    '+CLIP: "+358401234567",145,"",0,"",0',
    '+CLCC: 1,1,4,0,0,"+358401234567",145,""',
    '+CUSD: 0,"Balance: 5.00\r\nOK\r\nBye", 15',
    "+CUSD:4",
    '*PSNWID: "244","91", "Net", 0, "", 0',
    '*PSUTTZ: 2026,1,5,12,0,0,"+0",0',
    '+CTZV: "+8"',
    "DST: 0",
    "NO CARRIER",
    "BUSY",
    "NO ANSWER",
    "NO DIALTONE",
    "MO RING",
    "MO CONNECTED",
    "+DTMF: 5",
    "+CMTE: 1",
    "+SJDR: NO JAMMING",
    "+SMS FULL",
    "UNDER-VOLTAGE WARNNING",
    "OVER-VOLTAGE WARNNING",
    "CHARGE-ONLY MODE",
    "+CFUN: 1",
    "+CMT: ,%d\r\n%s" % (SIZE, PDU),
    "+CDS: 25\r\n0006D50B911326880736F4111011719551401110117195714000",
    "+CBM: 88\r\n001000010111C3389BA5E2E17A41D437",
)


async def _command(modem):
    return await modem.command("AT+CMGF=0")


async def _signal(modem):
    return await modem.command("AT+CSQ", "+CSQ:")


async def _registration(modem):
    return await modem.command("AT+CREG?", "+CREG:")


async def _read(modem):
    return await modem.read_message(1)


async def _list(modem):
    return await modem.list_messages(5)


async def _send(modem):
    return await modem.command("AT+CMGS=20", "+CMGS:", 60, body=b"00AA")


async def _refused(modem):
    try:
        await modem.command("AT+CMGR=9", "+CMGR:", entries=1)
    except AtError as error:
        return error.kind, error.code


# (name, how, what is written last, the answer to that, the result, the script besides)
PROMPT = {b"AT+CMGS=20\r": b"\r\n> "}
EXCHANGES = (
    ("plain", _command, b"AT+CMGF=0\r", OK, [], {}),
    ("echoed", _command, b"AT+CMGF=0\r", b"AT+CMGF=0\r" + OK, [], {}),
    ("lines", _signal, b"AT+CSQ\r", b"\r\n+CSQ: 17,0\r\n" + OK, ["+CSQ: 17,0"], {}),
    ("creg", _registration, b"AT+CREG?\r", b"\r\n+CREG: 1,5\r\n" + OK, ["+CREG: 1,5"], {}),
    (
        "read",
        _read,
        b"AT+CMGR=1\r",
        ("\r\n+CMGR: 0,,%d\r\n%s\r\n" % (SIZE, PDU)).encode() + OK,
        PDU,
        {},
    ),
    ("list", _list, b"AT+CMGF=0;+CMGL=4\r", LISTED.encode() + OK, [(1, PDU), (2, PDU)], {}),
    ("send", _send, b"00AA\x1a", b"\r\n+CMGS: 12\r\n" + OK, ["+CMGS: 12"], PROMPT),
    ("error", _refused, b"AT+CMGR=9\r", b"\r\n+CMS ERROR: 321\r\n", ("CMS", 321), {}),
)


def script(exchange, answer):
    """Return the script of an exchange; its last answer and the checks after it given."""
    made = {b"AT+CHECK\r": b"\r\n+CHECK: 1\r\n" + OK, exchange[2]: answer}
    made.update(exchange[5])
    return made


def places(answer):
    """Return the places of an answer to attack; on CPython all of them."""
    return range(0, len(answer) + 1, 1 if len(answer) < LONG else STRIDE)


def expected(urc):
    lines = urc.split("\r\n")
    if urc[:5] in ("+CMT:", "+CDS:", "+CBM:"):
        return lines[0], lines[1]
    return urc, None


async def usable(bench):
    """The next command gets its own answer."""
    lines = await bench.modem.command("AT+CHECK", "+CHECK:")
    assert lines == ["+CHECK: 1"], lines


async def attack_urcs(exchange, urcs):
    count = 0
    answer = exchange[3]
    for urc in urcs:
        raw = b"\r\n" + urc.encode() + b"\r\n"
        starts = (urc[: urc.find(":") + 1] or urc,)
        if exchange[0] == "creg" and starts == ("+CREG:",):
            continue  # among the lines of the answer: test_supervisor.py
        bench = Bench(script(exchange, b""))
        bench.record(starts)
        await bench.modem.command("AT")
        for at in places(answer):
            if exchange[0] == "error" and 16 < at < len(answer) - 2:
                continue  # torn inside its number: no parser can tell (sim800/at.py)
            bench.uart.script[exchange[2]] = answer[:at] + raw + answer[at:]
            unknown = bench.modem.unknown_lines
            result = await exchange[1](bench.modem)
            assert result == exchange[4], (exchange[0], urc, at, result)
            await asyncio.sleep(2)  # the same question at once would be asked twice
            assert bench.urcs == [expected(urc)], (exchange[0], urc, at, bench.urcs)
            assert bench.modem.unknown_lines == unknown, (exchange[0], urc, at, bench.log)
            bench.urcs.clear()
            count += 1
        await usable(bench)
        bench.close()
    return count


async def test_every_urc_at_every_byte():
    total = 0
    for exchange in EXCHANGES:
        total += await attack_urcs(exchange, URCS)
    print("link: URCs injected:", total)
    assert total > (10000 if STRIDE == 1 else 1000)


async def test_every_split_with_a_pause():
    count = 0
    for exchange in EXCHANGES:
        answer = exchange[3]
        bench = Bench(script(exchange, b""))
        for at in places(answer):
            bench.uart.script[exchange[2]] = [(0, answer[:at]), (0.5, answer[at:])]
            assert await exchange[1](bench.modem) == exchange[4], (exchange[0], at)
            count += 1
        await usable(bench)
        assert bench.modem.unknown_lines == 0, bench.log
        bench.close()
    print("link: splits:", count)


async def fails(call, kinds):
    try:
        result = await call
    except kinds as error:
        return error
    raise AssertionError("no error: " + repr(result))


async def test_late_from_every_byte_on():
    """The rest comes while the link is being cleaned: it is drained, and goes to nobody."""
    count = 0
    for exchange in EXCHANGES:
        answer = exchange[3]
        for at in range(len(answer)):
            bench = Bench(script(exchange, b""))
            # Just after the AT manual's 5 s and 60 s, and the 25 s that a full list may take.
            late = 60.1 if exchange[0] == "send" else 25.1 if exchange[0] == "list" else 5.1
            bench.uart.script[exchange[2]] = [(0, answer[:at]), (late, answer[at:])]
            error = await fails(exchange[1](bench.modem), AtTimeout)
            assert error.given == (exchange[0] == "send")
            await usable(bench)
            bench.close()
            count += 1
    print("link: late answers:", count)


async def test_restarted_at_every_byte():
    count = 0
    boot = b"\x00IIII\xff\xff\xff\xff\r\nRDY\r\n"
    for exchange in EXCHANGES:
        answer = exchange[3]
        for at in range(len(answer)):
            for noise in (boot, boot[9:]):
                bench = Bench(script(exchange, answer[:at] + noise))
                error = await fails(exchange[1](bench.modem), ModemError)
                assert str(error).endswith("restarted"), (exchange[0], at, error)
                assert bench.modem.restarted
                assert error.given == (exchange[0] == "send")
                await usable(bench)
                bench.close()
                count += 1
    print("link: restarts:", count)


async def test_urcs_cut_off_by_a_restart():
    count = 0
    for urc in URCS:
        raw = b"\r\n" + urc.encode() + b"\r\n"
        for at in range(2, len(raw) - 2):
            bench = Bench({b"AT+CHECK\r": b"\r\n+CHECK: 1\r\n" + OK})
            await usable(bench)
            bench.uart.put(raw[:at] + b"\r\nRDY\r\n")
            await asyncio.sleep(0.01)
            await usable(bench)
            assert bench.modem.restarted, (urc, at, bench.log)
            bench.close()
            count += 1
    print("link: URCs cut off by a restart:", count)


async def test_cancelled_at_every_byte():
    """At whatever await the task stands: in the lock, waiting for prompt or result, cleaning."""
    count = 0
    for exchange in EXCHANGES:
        answer = exchange[3]
        for at in range(len(answer)):
            bench = Bench(script(exchange, b""))
            bench.uart.script[exchange[2]] = [(0, answer[:at]), (0.7, answer[at:])]
            await usable(bench)
            victim = asyncio.create_task(exchange[1](bench.modem))
            await asyncio.sleep(0.3)
            victim.cancel()
            await usable(bench)
            bench.close()
            count += 1
    print("link: cancellations in an exchange:", count)


async def test_cancelled_while_the_link_is_cleaned():
    count = 0
    for tenths in range(1, 22):  # after 2.2 s it gives up
        bench = Bench({b"AT+CHECK\r": b"\r\n+CHECK: 1\r\n" + OK, b"AT\r": b""})
        victim = asyncio.create_task(bench.modem.command("AT+CSQ", "+CSQ:"))
        await asyncio.sleep(tenths / 10)
        victim.cancel()
        bench.uart.script[b"AT\r"] = OK
        await usable(bench)
        bench.close()
        count += 1
    print("link: cancellations while cleaning:", count)


async def test_cancelled_while_waiting_for_the_lock():
    bench = Bench({b"AT+CHECK\r": b"\r\n+CHECK: 1\r\n" + OK})
    await usable(bench)
    bench.uart.script[b"AT+SLOW\r"] = [(2, OK)]
    slow = asyncio.create_task(bench.modem.command("AT+SLOW"))
    await asyncio.sleep(0.1)
    victim = asyncio.create_task(bench.modem.command("AT+NEVER"))
    await asyncio.sleep(0.1)
    victim.cancel()
    await usable(bench)
    await slow
    assert b"AT+NEVER\r" not in bench.uart.sent
    assert b"\x1b\r" not in bench.uart.sent[2:]  # the link stayed clean
    bench.close()
