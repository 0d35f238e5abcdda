# SPDX-License-Identifier: MIT
"""The simulated A7670 and SIM7600 at their line: calls, network time, USSD, messages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from host_tests.family_kit import ANN, LTE, boot, of, pdu
from tools.bench.world.by_hand import ModemUser


@pytest.fixture(params=LTE)
def user(request: pytest.FixtureRequest) -> ModemUser:
    return of(request.param)


# -- calls --------------------------------------------------------------------------------------


def test_a_call_from_here_and_its_end(user: ModemUser) -> None:
    user.world.network.treat_calls(ANN, "answer")
    user.command("AT+CLCC=1")
    assert user.command(f"ATD{ANN};")[-1] == "OK"
    lines = [line[:11] for line in user.wait(9000)]
    assert lines == ["+CLCC: 1,0,3"[:11], "VOICE CALL:", "+CLCC: 1,0,0"[:11]]
    user.wait(3000)
    assert user.command("ATH") == ["OK"]
    assert user.command("AT+CLCC")[-2].startswith("+CLCC: 1,0,0")  # ATH has done nothing
    user.command("AT+CVHU=0")
    assert user.command("ATH")[-1] == "OK"
    assert user.command("AT+CLCC") == ["OK"]


@pytest.mark.parametrize(
    ("family", "lines"),
    [
        ("a7670", ["OK", "+CLCC: 1,0,6", "VOICE CALL: END: 000005"]),
        ("sim7600", ["+CLCC: 1,0,6", "VOICE CALL: END: 000005", "OK"]),
    ],
)
def test_chup_ends_a_call_that_was_taken(family: str, lines: list[str]) -> None:
    user = of(family)
    user.world.network.treat_calls(ANN, "answer")
    user.command("AT+CLCC=1")
    user.command(f"ATD{ANN};")
    user.wait(7500)
    user.wait(5000)
    user.send("AT+CHUP\r")
    came = [line.split(',0,0,"')[0] for line in user.wait(1000)]
    assert came == lines
    assert user.world.network.calls[-1].state == "ended"


@pytest.mark.parametrize(
    ("family", "how", "end", "cause"),
    [
        ("a7670", "reject", [], '+CEER: "17 User busy"'),
        ("sim7600", "reject", ["NO CARRIER"], "+CEER: User busy"),
        ("a7670", "unreachable", [], '+CEER: "27 Destination out of order"'),
        ("sim7600", "unreachable", ["NO CARRIER"], "+CEER: Destination out of order"),
    ],
)
def test_a_call_that_is_not_taken(family: str, how: str, end: list[str], cause: str) -> None:
    user = of(family)
    user.world.network.treat_calls(ANN, how)
    user.command("AT+CLCC=1")
    user.command(f"ATD{ANN};")
    lines = user.wait(10_000)
    assert [line for line in lines if "+CLCC" not in line] == end
    assert [line for line in lines if "+CLCC" in line][-1].startswith("+CLCC: 1,0,6")
    assert user.command("AT+CEER") == [cause, "OK"]


def test_a_call_to_here_rings_each_6_s_and_is_missed(user: ModemUser) -> None:
    user.command("AT+CLIP=1")
    user.world.network.call(ANN)
    lines = user.wait(14_000)
    assert lines == ["RING", f'+CLIP: "{ANN}",145,,,,0'] * 3
    user.world.network.hang_up(ANN)
    now = user.world.modem.service.local()
    assert user.wait(100) == [f"MISSED_CALL: {now:%I:%M%p} {ANN}"]


def test_a_call_to_here_is_answered(user: ModemUser) -> None:
    user.command("AT+CLCC=1")
    user.world.network.call(ANN)
    user.wait(3000)
    user.send("ATA\r")
    lines = user.wait(1000)
    assert lines == ["VOICE CALL: BEGIN", "OK", f'+CLCC: 1,1,0,0,0,"{ANN}",145,""']
    user.wait(59_500)
    user.world.network.hang_up(ANN)
    assert user.wait(100)[1] == "VOICE CALL: END: 000100"


def test_no_call_without_a_network(user: ModemUser) -> None:
    user.world.network.lose()
    user.wait(5000)
    assert user.command("ATD+1;") == ["+CME ERROR: 30"]


# -- time, USSD, messages -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "zone", "before"), [("a7670", "+04", "70/01/01"), ("sim7600", "04", "80/01/06")]
)
def test_the_networks_time_is_reported_and_sets_the_clock(
    family: str, zone: str, before: str
) -> None:
    clock = datetime(2026, 7, 1, 9, 0, 0, tzinfo=timezone(timedelta(hours=1)))
    user = of(family, clock=clock)
    user.command("AT+CTZU=0")
    user.world.modem.restart()
    boot(user)
    assert user.command("ATE0;+CCLK?")[-2].startswith(f'+CCLK: "{before}')
    user.command("AT+CTZU=1;+CTZR=1")
    user.world.network.lose()
    user.wait(5000)
    user.world.network.restore()
    reported = [line for line in user.wait(5000) if line.startswith("+CTZV")]
    assert len(reported) == 1 and reported[0].startswith(f"+CTZV: {zone},26/07/01,08:00:")
    assert user.command("AT+CCLK?")[0].startswith('+CCLK: "26/07/01,09:00:')


def test_no_ussd_over_lte() -> None:
    user = of("a7670")
    user.world.network.ussd["*100#"] = "5.00"
    assert user.command('AT+CUSD=1,"*100#",15') == ["ERROR"]
    assert user.command('AT*IMSRCFG="switch"') == ['*IMSRCFG: "switch","on"', "OK"]
    user.command('AT*IMSRCFG="switch",off')
    assert user.command('AT+CUSD=1,"*100#",15') == ["OK"]
    assert user.wait(3000) == ['+CUSD: 0, "5.00", 15']
    user = of("sim7600")
    user.world.network.ussd["*100#"] = "5.00"
    assert user.command('AT+CUSD=1,"*100#",15') == ["OK"]
    assert user.wait(3000) == ["+CUSD: 4"]


@pytest.mark.parametrize(("family", "places", "first"), [("a7670", 180, 1), ("sim7600", 23, 0)])
def test_messages_go_to_the_memory_that_is_chosen(family: str, places: int, first: int) -> None:
    user = of(family)
    assert user.command("AT+CPMS?")[0].startswith(f'+CPMS: "ME",0,{places},')
    user.world.network.deliver(ANN, "one")
    assert user.wait(3000) == [f'+CMTI: "ME",{first}']
    assert user.command('AT+CPMS="SM","SM","SM"') == ["+CPMS: 0,20,0,20,0,20", "OK"]
    user.world.network.deliver(ANN, "two")
    assert user.wait(3000) == [f'+CMTI: "SM",{first}']
    assert user.command(f"AT+CMGD={first}") == ["OK"]
    assert user.command(f"AT+CMGD={first}") == ["+CMS ERROR: 321"]
    assert user.command('AT+CPMS="SM_P"') == ["+CMS ERROR: 302"]
    assert user.command(f"AT+CMGR={first + 20}") == ["+CMS ERROR: 321"]


def test_indications_that_need_mode_1(user: ModemUser) -> None:
    assert user.command("AT+CNMI=2,1,0,1,0") == ["+CMS ERROR: 303"]
    assert user.command("AT+CNMI=1,1,0,1,0") == ["OK"]
    assert user.command("AT+CNMI=2,1,0,0,0") == ["OK"]


def test_a_message_that_waits_for_the_end_of_a_call() -> None:
    user = of("sim7600", habits=("sms-after-call",))
    user.world.network.treat_calls(ANN, "answer")
    user.command(f"ATD{ANN};")
    user.wait(9000)
    user.send(f"AT+CMGS={len(pdu()) - 1}\r")
    user.wait(100)
    user.send(pdu().hex() + "\x1a")
    assert user.wait(60_000) == []
    user.world.network.hang_up(ANN)
    assert user.wait(6000)[-2:] == ["+CMGS: 1", "OK"]
