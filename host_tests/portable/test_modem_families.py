# SPDX-License-Identifier: MIT
"""What the driver makes of a modem of another family: its registration, calls, clock and keys."""

import asyncio

from fake_modem import Desk, line
from sim800 import families
from sim800.errors import NO_VOICE, AtError
from uart_kit import OK, Bench

SMOKE = True
LTE = ("A7670", "SIM7600")
MODELS = {"SIM800L": "SIMCOM_SIM800L", "A7670": "A7670E-FASE", "SIM7600": "SIMCOM_SIM7600E-H"}


def bench_of(name, script):
    bench = Bench(script)
    bench.modem.take(families.load(name))
    return bench


def desk_of(model, **answers):
    """Return a desk with a modem of this model, the driver still in its first second."""
    desk = Desk()
    desk.uart.answers.update({"AT+CGMM": model, "AT+CEREG?": "+CEREG: 1,1"})
    desk.uart.answers.update({"AT+" + name + "?": text for name, text in answers.items()})
    return desk


def test_a_family_is_found_by_its_model():
    for name in MODELS:
        assert families.look_up(MODELS[name]) == name
        assert families.load(name).name == name
    for model in ("", "Quectel_M95", "SIM7080", "SIM7670G", "OK"):
        assert families.look_up(model) == "", model
    try:
        families.load("M95")
    except ImportError:
        return
    raise AssertionError("a family that there is not")


async def test_registered_by_either_network():
    for lines, registration, registered in (
        (("+CREG: 1",), 1, True),
        (("+CREG: 2", "+CEREG: 5"), 5, True),
        (("+CEREG: 1", "+CREG: 6"), 6, True),  # messages only: what is for calls goes first
        (("+CREG: 1", "+CEREG: 0"), 1, True),
        (("+CREG: 1", "+CREG: 0", "+CEREG: 4"), 0, False),
        (("+CREG: 11", "+CEREG: 11"), 11, False),  # emergency calls only
        (("+CREG: 1", "*ATREADY: 1", "RDY"), -1, False),
    ):
        for name in LTE:
            bench = bench_of(name, {})
            for text in lines:
                bench.modem.handle_urc(text)
            assert bench.modem.registration == registration, (name, lines)
            assert bench.modem.registered == registered, (name, lines)
            bench.close()


async def test_no_voice():
    for name in LTE:
        for answer in (b"\r\nERROR\r\n", b"\r\n+CME ERROR: 3\r\n"):
            bench = bench_of(name, {b"ATD+31600000001;\r": answer})
            bench.modem.handle_urc("+CREG: 1")
            assert await bench.modem.calls.dial("+31600000001") == NO_VOICE
            bench.uart.sent.clear()
            bench.modem.handle_urc("+CREG: 6")
            assert await bench.modem.calls.dial("+31600000001") == NO_VOICE
            assert bench.uart.sent == []  # it is not even tried
            bench.close()


async def test_the_end_of_a_call():
    for name, end, hang_up in (
        ("SIM800L", "NO CARRIER", b"ATH\r"),
        ("A7670", "VOICE CALL: END: 000012", b"AT+CHUP\r"),
        ("SIM7600", "VOICE CALL:END: 000012", b"AT+CHUP\r"),
    ):
        bench = bench_of(name, {b"ATD1;\r": OK, b"AT+CLCC\r": OK, hang_up: OK})
        calls = bench.modem.calls
        task = asyncio.create_task(calls.dial("1"))
        await asyncio.sleep(1.5)
        bench.modem.handle_urc("+CLCC: 1,0,3,0,0")
        bench.modem.handle_urc("VOICE CALL: BEGIN")  # while it rings there
        assert calls.state == "alerting"
        bench.modem.handle_urc("+CLCC: 1,0,0,0,0")
        assert await task == "answered"
        ended = asyncio.create_task(calls.ended(60))
        await asyncio.sleep(0)
        bench.modem.handle_urc(end)
        assert await ended and calls.state == "idle"
        assert await calls.hang_up()
        assert hang_up in bench.uart.sent
        bench.close()


async def test_a_missed_call_rings_no_more():
    bench = bench_of("A7670", {})
    bench.modem.handle_urc("RING")
    bench.modem.handle_urc('+CLIP: "+31600000001",145,,,,0')
    assert bench.modem.calls.state == "incoming"
    bench.modem.handle_urc("MISSED_CALL: 11:01AM +31600000001")
    assert bench.modem.calls.state == "idle"
    bench.close()


async def test_the_right_family_is_used_whatever_was_said():
    for said in MODELS:
        for there in MODELS:
            desk = desk_of(MODELS[there])
            desk.modem.take(families.load(said))
            assert await desk.online(30), (said, there)
            assert desk.modem.family.name == there
            assert desk.link.fault == (said != there)
            named = [text for text in desk.log if "MODEM" in text]
            assert (named == []) == (said == there), named
            assert all(['MODEM = "' + there + '"' in text for text in named])
            assert ("AT+CEREG=1" in desk.uart.commands) == (there in LTE)
            desk.close()


async def test_the_clock_is_asked_when_the_zone_came():
    desk = desk_of(MODELS["A7670"])
    times = []
    desk.modem.on_time = times.append
    assert await desk.online(30)
    times.clear()
    desk.uart.put(line("+CTZV: +8,26/11/21,10:00:00"))
    await asyncio.sleep(1)
    assert times == ['+CCLK: "26/01/05,12:00:00+08"']
    desk.close()


async def test_switched_off_by_the_supply():
    """The URC of these families begins as the warning does that only counts."""
    for text in ("UNDER-VOLTAGE WARNNING POWER DOWN", "UNDER-VOLTAGE WARNING POWER DOWN"):
        desk = desk_of(MODELS["A7670"])
        assert await desk.online(30)
        desk.uart.put(line(text))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert desk.modem.restarted or not desk.link.ready, text
        desk.close()


async def test_it_gets_the_time_that_its_start_takes():
    """Keys are pressed as long as the family wants; the next step waits for its start."""
    for name in MODELS:
        desk = desk_of(MODELS[name])
        desk.modem.take(families.load(name))
        pressed = []
        desk.reset = pressed.append
        desk.restart = pressed.append
        desk.uart.habit = lambda command: b""
        desk.link.met = True
        await asyncio.sleep(120)
        family = families.load(name)
        assert pressed[:2] == [family.reset, family.power], pressed
        desk.close()


async def test_a_message_may_take_as_long_as_its_family_says():
    bench = bench_of("A7670", {b"AT+CMGS=1\r": b"\r\n> "})
    bench.uart.script[b"00\x1a"] = [(120, b"\r\n+CMS ERROR: 500\r\n")]
    try:
        await bench.modem.send_pdu(1, "00")
    except AtError as error:
        assert error.code == 500
    bench.close()
