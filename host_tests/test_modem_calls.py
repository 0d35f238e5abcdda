# SPDX-License-Identifier: MIT
"""Calls of lib/sim800 against the simulated modem: both directions, collisions, deadlines."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sim800.calls import ACTIVE, ALERTING, DIALING, IDLE, INCOMING
from sim800.sms import encode_submit

from host_tests.modem_rig import Rig, play
from tools.bench.modem.table import AtError

ANN = "+358401111111"
BOB = "+358402222222"


@pytest.mark.parametrize("urcs", [True, False], ids=["urcs", "polled"])
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("answer", "answered"),
        ("reject", "rejected"),
        ("busy", "busy"),
        ("ignore", "no answer"),
        ("unreachable", "unreachable"),
    ],
)
def test_dialling_ends_in_what_the_other_phone_does(how: str, expected: str, urcs: bool) -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.treat_calls(ANN, how)
        if not urcs:
            await rig.modem.command("AT+MORING=0")
            await rig.modem.command("AT+CLCC=0")
        result = await rig.modem.calls.dial(ANN, 30, 20)
        state = rig.modem.calls.state
        await rig.modem.calls.hang_up()
        return result, state

    rig = play(scenario)
    assert rig.result == (expected, ACTIVE if expected == "answered" else IDLE)
    assert rig.world.modem.calls.call is None
    assert all(call.over for call in rig.world.network.calls)


def test_states_are_reported_on_the_way() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.treat_calls(ANN, "answer")
        states: list[str] = []
        rig.modem.calls._on_change = lambda: states.append(rig.modem.calls.state)
        assert await rig.modem.calls.dial(ANN) == "answered"
        rig.world.network.hang_up(ANN)
        assert await rig.modem.calls.ended(60)
        return states

    assert play(scenario).result == [DIALING, ALERTING, ACTIVE, IDLE]


def test_a_lost_end_is_found_by_asking() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.treat_calls(ANN, "answer")
        assert await rig.modem.calls.dial(ANN) == "answered"
        rig.world.line.to_device.hook = lambda data: [] if b"NO CARRIER" in data else None
        rig.world.modem.settings.clcc = 0
        rig.world.network.hang_up(ANN)
        return await rig.modem.calls.ended(60)

    assert play(scenario).result is True


def test_an_active_call_outlasts_its_bound() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.treat_calls(ANN, "answer")
        assert await rig.modem.calls.dial(ANN) == "answered"
        return await rig.modem.calls.ended(25), await rig.modem.calls.hang_up()

    assert play(scenario).result == (False, True)


@pytest.mark.parametrize(("after", "result"), [(2000, "failed"), (5000, "no answer")])
def test_the_modem_restarts_in_a_call(after: int, result: str) -> None:
    """One that had begun to ring there was a call; one that had not was none."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.kernel.after(after, rig.world.modem.restart)
        return await rig.modem.calls.dial(ANN), rig.modem.calls.state

    assert play(scenario).result == (result, IDLE)


def test_the_modem_hangs_in_a_call() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.kernel.after(4000, rig.world.modem.hang)
        result = await rig.modem.calls.dial(ANN, 10, 10)
        await rig.until(lambda: rig.link.online, 120)
        return result, rig.modem.calls.state

    assert play(scenario).result == ("no answer", IDLE)


def test_dialling_is_cancelled() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        task = asyncio.ensure_future(rig.modem.calls.dial(ANN))
        await asyncio.sleep(4)
        task.cancel()
        await rig.until(lambda: rig.world.modem.calls.call is None)
        return rig.modem.calls.state

    assert play(scenario).result == IDLE


def test_what_is_no_number_is_not_dialled() -> None:
    async def scenario(rig: Rig) -> Any:
        return [await rig.modem.calls.dial(n) for n in ("", "+", "12a", '1";')]

    rig = play(scenario)
    assert rig.result[0] == rig.result[2] == rig.result[3] == "failed"


@pytest.mark.parametrize(("caller", "told"), [(ANN, ANN), ("hidden", ""), ("0401234", "0401234")])
def test_incoming_rejected(caller: str, told: str) -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        call = rig.world.network.call(caller)
        number = await rig.modem.calls.incoming()
        assert rig.modem.calls.state == INCOMING
        return number, await rig.modem.calls.reject(), rig.modem.calls.state, call.state

    assert play(scenario).result == (told, True, IDLE, "rejected")


@pytest.mark.parametrize(("caller", "told"), [(ANN, ANN), ("hidden", "")])
def test_incoming_without_clip(caller: str, told: str) -> None:
    """The modem is asked at the second RING; without a number the caller is hidden."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        await rig.modem.command("AT+CLIP=0")
        await rig.modem.command("AT+CLCC=0")
        rig.world.network.call(caller)
        return await rig.modem.calls.incoming()

    assert play(scenario).result == told


@pytest.mark.parametrize("fields", range(2, 7))
def test_a_caller_is_reported_however_short_the_line(fields: int) -> None:
    line = ",".join([f'+CLIP: "{ANN}"', "145", '""', "", '""', "0"][:fields])

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.modem.handle_urc("RING", None)
        rig.modem.handle_urc(line, None)
        return await rig.modem.calls.incoming()

    rig = play(scenario)
    assert rig.result == ANN
    assert not any("an odd URC" in line for line in rig.log)


def test_incoming_answered_and_ended_by_the_caller() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        call = rig.world.network.call(ANN)
        await rig.modem.calls.incoming()
        assert await rig.modem.calls.answer()
        assert call.state == "answered"
        rig.world.kernel.after(5000, lambda: rig.world.network.hang_up(ANN))
        return await rig.modem.calls.ended(60), rig.modem.calls.state

    assert play(scenario).result == (True, IDLE)


def test_the_caller_hangs_up_first() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.call(ANN)
        await rig.modem.calls.incoming()
        rig.world.network.hang_up(ANN)
        await asyncio.sleep(1)
        before = rig.world.modem.terminal.lines
        answers = await rig.modem.calls.answer(), await rig.modem.calls.reject()
        return answers, rig.world.modem.terminal.lines - before

    assert play(scenario).result == ((False, False), 0)


def test_a_call_that_rings_no_more_is_over_10_s_after_the_last_ring() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.call(ANN)
        await rig.modem.calls.incoming()
        started = rig.world.now
        rig.world.line.to_device.hook = lambda data: []  # nothing is heard any more
        await rig.until(lambda: rig.modem.calls.state == IDLE)
        return rig.world.now - started

    assert 9_000 <= play(scenario).result <= 11_000


def test_every_call_is_reported_once() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        told = []
        for caller in (ANN, BOB, ANN):
            rig.world.network.call(caller)
            told.append(await rig.modem.calls.incoming())
            await asyncio.sleep(8)  # two more RINGs
            rig.world.network.hang_up(caller)
            await rig.until(lambda: rig.modem.calls.state == IDLE)
        return told, len(rig.modem.calls._callers)

    assert play(scenario).result == ([ANN, BOB, ANN], 0)


def test_nothing_is_sent_while_it_rings() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.call(ANN)
        await rig.modem.calls.incoming()
        octets, pdu = encode_submit(BOB, "Hello", 0)[0]
        sending = asyncio.ensure_future(rig.modem.send_pdu(octets, pdu))
        calling = asyncio.ensure_future(rig.modem.calls.dial(BOB, 30, 5))
        await asyncio.sleep(6)
        quiet = not any(
            "CMGS" in line or "ATD" in line for line in rig.world.modem.terminal.history
        )
        rig.world.network.hang_up(ANN)
        await sending
        return quiet, await calling

    rig = play(scenario)
    assert rig.result == (True, "no answer")
    assert [m.text for m in rig.world.network.messages] == ["Hello"]


def test_a_call_comes_while_a_message_is_sent() -> None:
    """The modem rejects it by itself (AT manual, AT+CMGS): no report; the message is sent."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        octets, pdu = encode_submit(BOB, "Hello", 0)[0]
        call = rig.world.network.call(ANN)
        await asyncio.sleep(1)
        await rig.modem.send_pdu(octets, pdu)
        return call.state, rig.modem.calls.state

    assert play(scenario).result == ("busy", IDLE)


def test_a_call_comes_at_the_moment_of_dialling() -> None:
    """RING crosses ATD: the modem refuses, the call to here is waited for, then ours is made."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.modem.fault("D", AtError("CME", 3))
        calling = asyncio.ensure_future(rig.modem.calls.dial(BOB, 30, 5))
        await asyncio.sleep(1)  # for which the line is left alone before a call
        rig.world.modem.urc("RING")
        told = asyncio.ensure_future(rig.modem.calls.incoming())
        for _ in range(3):
            await asyncio.sleep(3)
            rig.world.modem.urc("RING")
        number = await told
        rig.world.modem.urc("NO CARRIER")
        return number, await calling

    assert play(scenario).result == ("", "no answer")


def test_the_result_of_a_call_that_rang_here_is_not_that_of_ours() -> None:
    """+CLCC says that it is over, its NO CARRIER comes a moment later."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.modem.urc("RING")
        await asyncio.sleep(1)
        calling = asyncio.ensure_future(rig.modem.calls.dial(BOB, 30, 5))
        await asyncio.sleep(2)
        rig.world.modem.urc(f'+CLCC: 1,1,6,0,0,"{ANN}",145,""')
        await asyncio.sleep(0.1)
        rig.world.modem.urc("NO CARRIER")
        return await calling

    assert play(scenario).result == "no answer"


def test_a_call_comes_while_we_call() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.kernel.after(3000, lambda: rig.world.network.call(ANN))
        result = await rig.modem.calls.dial(BOB, 30, 10)
        return result, rig.world.network.incoming[0].state

    assert play(scenario).result == ("no answer", "busy")
