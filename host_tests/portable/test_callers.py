# SPDX-License-Identifier: MIT
"""Who calls: +CLIP before, with or after a RING, or lost; hidden, or in a form of its own."""

import asyncio

from sim800.calls import IDLE, INCOMING
from uart_kit import OK, Bench

SMOKE = True

ANN = '+CLIP: "+358401234567",145,"",0,"",0'
HIDDEN = '+CLIP: "",128,"",0,"",1'
EMPTY = '+CLIP: "",128'


async def called(urcs, asked=OK, wait=20):
    """Let URCs come, as (seconds after the one before, line); return (callers, bench)."""
    bench = Bench({b"AT+CLCC\r": asked})
    calls = bench.modem.calls
    task = asyncio.create_task(calls.run_forever())
    callers = []

    async def listen():
        while True:
            callers.append((await calls.incoming(), calls.state))

    listening = asyncio.create_task(listen())
    for pause, urc in urcs:
        await asyncio.sleep(pause)
        bench.uart.put(b"\r\n" + urc.encode() + b"\r\n")
    await asyncio.sleep(wait)
    listening.cancel()
    task.cancel()
    bench.close()
    return callers


async def test_the_number_comes_with_any_ring():
    ring = (3, "RING")
    for urcs in (
        [(0, ANN), ring, ring],
        [ring, (0, ANN), ring],
        [ring, ring, (0, ANN)],
        [ring, ring, (1, ANN), ring],
        [ring, ring, ring, (0, ANN)],
    ):
        assert await called(urcs) == [("+358401234567", INCOMING)], urcs


async def test_a_lost_number_is_asked_for():
    asked = b'\r\n+CLCC: 1,1,4,0,0,"+358401234567",145,""\r\n' + OK
    assert await called([(0, "RING"), (3, "RING"), (3, "RING")], asked) == [
        ("+358401234567", INCOMING)
    ]


async def test_a_hidden_caller():
    ring = (3, "RING")
    hidden = b'\r\n+CLCC: 1,1,4,0,0,"",128,""\r\n' + OK
    # The modem says that the number is withheld.
    assert await called([ring, (0, HIDDEN)], wait=2) == [("", INCOMING)]
    # It says nothing: after three rings the number may still come, after four it does not.
    for urcs in ([ring] * 3, [ring, (0, EMPTY)] * 3):
        assert await called(urcs, hidden, 2) == [], urcs
    for urcs in ([ring] * 4, [ring, (0, EMPTY)] * 4):
        assert await called(urcs, hidden, 2) == [("", INCOMING)], urcs
        assert await called(urcs + [(1, ANN)], hidden, 2) == [("", INCOMING)], urcs


async def test_who_rang_too_short_to_be_known():
    assert await called([(0, "RING"), (3, "NO CARRIER")]) == [("", IDLE)]
    assert await called([(0, "RING"), (3, "RING")]) == [("", IDLE)]  # it rings no more


async def test_an_international_number_has_a_plus():
    for urc, number in (
        ('+CLIP: "358401234567",145', "+358401234567"),
        ('+CLIP: "+358401234567",145', "+358401234567"),
        ('+CLIP: "0401234567",129', "0401234567"),
        ('+CLIP: "358401234567"', "358401234567"),
        ('+CLCC: 1,1,4,0,0,"358401234567",145,""', "+358401234567"),
        ('+CLCC: 1,1,4,0,0,"0401234567",129,""', "0401234567"),
        ('+CLCC: 1,1,4,0,0,"0401234567"', "0401234567"),
    ):
        assert await called([(0, "RING"), (0, urc)], wait=1) == [(number, INCOMING)], urc
