# SPDX-License-Identifier: MIT
"""The link: one command at a time, and a late answer never goes to the next command."""

import asyncio

from sim800.errors import AtError, AtTimeout, ModemError
from sim800.modem import Modem
from uart_kit import OK, FakeUart

SMOKE = True


async def linked(script):
    base = {b"AT\r": OK, b"\x1b\r": b""}
    base.update(script)
    uart = FakeUart(base)
    log = []
    modem = Modem(uart, log.append, lambda: None)
    task = asyncio.create_task(modem.read_forever())
    return uart, modem, log, task


async def test_a_command_and_its_lines():
    uart, modem, _, task = await linked({b"AT+CSQ\r": b"\r\n+CSQ: 17,0\r\n" + OK})
    assert await modem.command("AT+CSQ", "+CSQ:") == ["+CSQ: 17,0"]
    assert uart.sent == [b"\x1b\r", b"AT\r", b"AT+CSQ\r"]
    await asyncio.sleep(2)  # at once, it could be the last answer given twice
    assert await modem.command("AT+CSQ", "+CSQ:") == ["+CSQ: 17,0"]
    assert len(uart.sent) == 4  # the link was clean
    task.cancel()


async def test_an_error_has_its_code():
    _, modem, _, task = await linked({b"AT+CMGR=1\r": b"\r\n+CMS ERROR: 321\r\n"})
    try:
        await modem.command("AT+CMGR=1")
        raise AssertionError("no error")
    except AtError as error:
        assert (error.kind, error.code) == ("CMS", 321)
    task.cancel()


async def test_a_late_answer_goes_to_nobody():
    uart, modem, log, task = await linked({b"AT+CSQ\r": b"\r\n+CSQ: 9,0\r\n" + OK})
    try:
        await modem.command("AT+COPS?", "+COPS:", timeout=0.05)
        raise AssertionError("no time-out")
    except AtTimeout:
        pass
    uart.put(b"\r\n+CSQ: 99,99\r\n" + OK)  # the late answer, and it looks like ours
    assert await modem.command("AT+CSQ", "+CSQ:") == ["+CSQ: 9,0"]
    assert b"\x1b\r" in uart.sent[2:]
    assert log == ["modem: '+CSQ: 99,99'", "modem: dropped 'unknown line: OK'"], log
    assert modem.unknown_lines == 1
    task.cancel()


async def test_a_late_answer_while_draining_is_waited_for():
    uart, modem, _, task = await linked({b"AT+CSQ\r": b"\r\n+CSQ: 9,0\r\n" + OK})
    try:
        await modem.command("AT+COPS?", "+COPS:", timeout=0.05)
    except AtTimeout:
        pass

    async def late():
        for part in (b"\r\n+CSQ: 9", b"9,99\r\n", b"\r\nO", b"K\r\n"):
            await asyncio.sleep(0.1)
            uart.put(part)

    later = asyncio.create_task(late())
    assert await modem.command("AT+CSQ", "+CSQ:") == ["+CSQ: 9,0"]
    await later
    task.cancel()


async def test_a_cancelled_command_leaves_the_link_dirty():
    uart, modem, _, task = await linked({b"AT+CSQ\r": b"\r\n+CSQ: 9,0\r\n" + OK})
    await modem.command("AT")
    victim = asyncio.create_task(modem.command("AT+CMGL=4", "+CMGL:"))
    await asyncio.sleep(0.01)
    victim.cancel()
    uart.put(OK)
    assert await modem.command("AT+CSQ", "+CSQ:") == ["+CSQ: 9,0"]
    assert b"\x1b\r" in uart.sent[3:]
    task.cancel()


async def test_commands_wait_for_each_other():
    uart, modem, _, task = await linked({})
    await modem.command("AT")
    one = asyncio.create_task(modem.command("AT+A"))
    two = asyncio.create_task(modem.command("AT+B"))
    await asyncio.sleep(0.01)
    assert uart.sent[-1] == b"AT+A\r"
    uart.put(OK)
    await one
    await asyncio.sleep(0.01)
    assert uart.sent[-1] == b"AT+B\r"
    uart.put(OK)
    await two
    task.cancel()


async def test_a_restart_ends_the_command():
    _, modem, _, task = await linked({b"AT+X\r": b"\r\nRDY\r\n"})
    try:
        await modem.command("AT+X")
        raise AssertionError("no error")
    except ModemError as error:
        assert type(error) is ModemError and str(error).endswith("restarted")
    assert modem.restarted
    task.cancel()


async def test_sending():
    uart, modem, _, task = await linked(
        {b"AT+CMGS=20\r": b"\r\n> ", b"00AA\x1a": b"\r\n+CMGS: 7\r\n" + OK}
    )
    order = []
    assert await modem.send_pdu(20, "00AA", lambda: order.append(list(uart.sent))) == 7
    assert order[0][-1] == b"AT+CMGS=20\r"  # called before the body was given
    task.cancel()


async def test_sending_without_a_prompt_gives_no_body():
    uart, modem, _, task = await linked({b"AT+CMGS=20\r": b"\r\n+CMS ERROR: 310\r\n"})
    try:
        await modem.send_pdu(20, "00AA")
        raise AssertionError("no error")
    except AtError as error:
        assert error.code == 310 and not error.given
    assert b"00AA\x1a" not in uart.sent
    task.cancel()


async def test_ok_without_a_reference_is_no_success():
    _, modem, _, task = await linked({b"AT+CMGS=20\r": b"\r\n> ", b"00AA\x1a": OK})
    try:
        await modem.send_pdu(20, "00AA")
        raise AssertionError("no error")
    except AtTimeout as error:
        assert error.given
    task.cancel()


async def test_a_modem_that_gives_no_references_is_waited_for_once():
    """Its OK may be that of the command before, come again; the next message's counts at once."""
    script = {b"AT+CMGF=0\r": OK, b"AT+CMGS=20\r": b"\r\n> ", b"00AA\x1a": OK}
    _, modem, _, task = await linked(script)
    sent = []

    async def send():
        await asyncio.sleep(2)  # else the answer to AT+CMGF would be in doubt
        await modem.command("AT+CMGF=0")
        try:
            sent.append(await modem.send_pdu(20, "00AA"))
        except AtTimeout:
            sent.append("unknown")

    await send()
    sending = asyncio.create_task(send())
    await asyncio.sleep(5)
    assert sent == ["unknown", -1]
    sending.cancel()
    task.cancel()


async def test_mail_is_a_hint():
    uart, modem, _, task = await linked({})
    uart.put(b'\r\n+CMTI: "SM",3\r\n')
    await modem.mail.wait()
    assert modem.mail_slots == [3]
    modem.mail.clear()
    uart.put(b'\r\n+CMTI: "SM",4,"MMS PUSH"\r\n')
    await modem.mail.wait()
    assert modem.mail_slots == [3]
    task.cancel()


async def test_registration_from_urc_and_noise_survived():
    uart, modem, log, task = await linked({})
    uart.put(b"\r\n+CREG: 2\r\n")
    await asyncio.sleep(0.01)
    assert modem.registration == 2 and not modem.registered
    uart.put(b'\r\n+CREG: 5,"00A1","1C2F"\r\n')
    await asyncio.sleep(0.01)
    assert modem.registered
    uart.put(b"\r\n+CREG: x\r\n\r\n+CMTI:\r\n\r\n\x00\xff?\xfe\r\n" + b"q" * 700 + b"\r\n")
    uart.put(b"\r\n+CPIN: NOT READY\r\n")
    await asyncio.sleep(0.01)
    assert modem.registered and modem.sim == "NOT READY", log
    assert len(log) >= 4
    task.cancel()
