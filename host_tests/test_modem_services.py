# SPDX-License-Identifier: MIT
"""USSD, clock, status and the supervisor of lib/sim800 against the simulated modem."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sim800.errors import ModemError
from sim800.sms import encode_submit

from host_tests.modem_rig import Rig, play
from tools.bench.modem.table import AtError

ANN = "+358401111111"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


# --- USSD --------------------------------------------------------------------------------------


@pytest.mark.parametrize("before_ok", [False, True], ids=["after", "before"])
@pytest.mark.parametrize(
    "text", ["Balance: 5.00 EUR", "Баланс 5 ₽ 😀", "Two\r\nlines\r\nOK\r\nof it"]
)
def test_an_operators_answer_is_read_behind_the_ok_and_before_it(
    text: str, before_ok: bool
) -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.ussd["*100#"] = text
        if before_ok:
            rig.world.modem.adopt("ussd-before-ok")
        return await rig.modem.ussd("*100#")

    assert play(scenario).result == text


def test_ussd_refused_by_the_operator_and_by_the_modem() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        with pytest.raises(ModemError, match=r"no answer to .*4, None"):
            await rig.modem.ussd("*999#")
        rig.world.modem.fault("+CUSD", AtError("CME", 30))
        with pytest.raises(Exception, match="30"):
            await rig.modem.ussd("*100#")
        with pytest.raises(ModemError):
            await rig.modem.ussd('*100#",15;+CPOWD=1')
        return True

    assert play(scenario).result


def test_ussd_silence_is_cancelled_and_the_late_answer_goes_to_nobody() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        network = rig.world.network
        network.ussd.update({"*100#": None, "*101#": "right"})
        started = rig.world.now
        with pytest.raises(ModemError, match="no answer"):
            await rig.modem.ussd("*100#", 30)
        assert 30_000 <= rig.world.now - started <= 32_000
        assert rig.world.modem.terminal.history[-1] == "AT+CUSD=2"
        rig.world.modem.urc('+CUSD: 0,"late",15')
        await asyncio.sleep(0.1)
        return await rig.modem.ussd("*101#")

    assert play(scenario).result == "right"


def test_ussd_and_sends_one_after_the_other() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.ussd["*100#"] = "text"
        asking = asyncio.ensure_future(rig.modem.ussd("*100#"))
        octets, pdu = encode_submit(ANN, "Hello", 0)[0]
        sending = asyncio.ensure_future(rig.modem.send_pdu(octets, pdu))
        await asyncio.sleep(2)
        assert not any("CMGS" in line for line in rig.world.modem.terminal.history)
        await sending
        return asking.done()

    assert play(scenario).result


def test_ussd_is_cut_off_by_a_restart() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.ussd["*100#"] = None
        rig.world.kernel.after(3000, rig.world.modem.restart)
        started = rig.world.now
        with pytest.raises(ModemError):
            await rig.modem.ussd("*100#")
        return rig.world.now - started

    assert play(scenario).result < 15_000


# --- clock -------------------------------------------------------------------------------------


def seconds(moment: datetime) -> int:
    return int((moment.replace(tzinfo=UTC) - EPOCH).total_seconds())


@pytest.mark.parametrize("hours", [0, 2, -7, 5.75])
def test_the_networks_time_comes_with_its_zone(hours: float) -> None:
    zone = timezone(timedelta(hours=hours))
    start = datetime(2028, 2, 29, 23, 30, 0, tzinfo=zone)

    async def scenario(rig: Rig) -> Any:
        await rig.until(lambda: bool(rig.times))
        return rig.times[0], seconds(start) + rig.world.now // 1000

    told, now = play(scenario, clock=start).result
    assert told[1] == int(hours * 4)
    assert abs(told[0] - now) <= 1


def test_no_network_time_and_2004_is_no_clock() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        await asyncio.sleep(120)
        return rig.times

    assert play(scenario, clock=None).result == []


def test_a_restarted_chip_asks_the_modem() -> None:
    """Registered already, so the network does not tell the time again."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        if rig.world.boots == 1:
            rig.world.restart_chip()
            await asyncio.sleep(3600)
        return rig.times, rig.world.now

    rig = Rig(scenario)
    rig.world.observe(lambda kind, text: rig.times.clear() if kind == "restart" else None)
    times, now = rig.run()
    assert len(times) == 1
    assert abs(times[0][0] - seconds(datetime(2026, 1, 5, 12)) - now / 1000) <= 2


# --- the supervisor ----------------------------------------------------------------------------


@pytest.mark.parametrize("baud", [0, 9600, 38400])
def test_the_modem_is_brought_to_our_rate(baud: int) -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        return rig.world.line.device_baud, rig.world.modem.memory.after_restart().ipr

    rig = play(scenario, modem_baud=baud)
    assert rig.result == (115200, 115200)
    assert rig.world.now < 180_000


def test_a_card_put_back_is_found() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.sim.remove()
        await asyncio.sleep(55)
        assert rig.modem.sim != "READY"
        rig.world.sim.insert()
        started = rig.world.now
        await rig.until(lambda: rig.link.online, 300)
        return rig.world.now - started

    rig = play(scenario)
    assert rig.result < 180_000
    assert rig.link.restarts == 0


def test_a_card_unlocked_is_found() -> None:
    async def scenario(rig: Rig) -> Any:
        await asyncio.sleep(40)
        assert rig.modem.sim == "SIM PIN" and not rig.link.online
        rig.world.sim.insert()
        started = rig.world.now
        await rig.until(lambda: rig.link.online, 300)
        assert rig.world.sim.pin_tries == 3
        return rig.world.now - started

    rig = Rig(scenario)
    rig.world.sim.lock_pin()
    assert rig.run() < 180_000


@pytest.mark.parametrize("heard", [True, False], ids=["RDY", "unheard"])
def test_a_restart_of_the_modem_alone_is_found(heard: bool) -> None:
    """By RDY, or by what AT+CREG? shows if nothing was heard of it."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        if not heard:
            rig.world.line.to_device.hook = lambda data: []
        rig.world.modem.restart()
        await asyncio.sleep(12)
        rig.world.line.to_device.hook = None
        assert rig.world.modem.settings.clip == (1 if heard else 0)
        started = rig.world.now
        await rig.until(lambda: rig.world.modem.settings.clip == 1 and rig.link.online, 120)
        return rig.world.now - started

    rig = play(scenario)
    assert rig.result < 60_000
    assert rig.link.restarts == 0


def test_brown_outs_are_counted() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        for _ in range(2):
            rig.world.modem.brown_out()
            await asyncio.sleep(60)
            assert rig.link.online
        rig.world.modem.restart()
        await asyncio.sleep(60)
        return rig.link.low, rig.link.reboots, rig.link.restarts

    assert play(scenario).result == (4, 3, 0)


# All but AT, CMGF, CPIN?, CREG? and the commands for messages themselves.
OPTIONAL = (
    *("E", "+CMEE", "+IPR", "+CLTS", "&W", "+CSCS", "+MORING", "+CLCC"),
    *("+CNMI", "+CLIP", "+CPMS", "+CSQ", "+CCLK"),
)


@pytest.mark.parametrize("error", [AtError(), AtError("CME", 4)], ids=["ERROR", "CME"])
def test_a_modem_that_refuses_whatever_is_optional(error: AtError) -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.deliver(ANN, "x" * 20)
        await rig.until(lambda: rig.world.sim.storage.used == 1)
        octets, pdu = encode_submit(ANN, "Hello", 0)[0]
        await rig.modem.send_pdu(octets, pdu)
        return len(await rig.modem.list_messages(5))

    rig = Rig(scenario)
    for name in OPTIONAL:
        rig.world.modem.fault(name, *[error] * 50)
    assert rig.run() == 1
    assert rig.link.restarts == 0


def test_a_deaf_modem_is_cured() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.modem.go_deaf()
        rig.world.network.deliver(ANN, "ON")
        started = rig.world.now
        await rig.until(lambda: rig.world.sim.storage.used == 1, 1200)
        return rig.world.now - started

    assert play(scenario).result < 8 * 60_000


def test_no_network_for_hours_and_back_within_two_minutes() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.lose()
        await asyncio.sleep(3600 * 3 + 17)
        rig.world.network.restore()
        started = rig.world.now
        await rig.until(lambda: rig.link.online, 300)
        return rig.world.now - started

    rig = Rig(scenario)
    assert rig.run(5 * 3600 * 1000) < 120_000


def test_a_modem_that_does_not_answer_is_not_ready() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.modem.hang()
        await rig.until(lambda: not rig.link.alive, 120)
        seen = set()
        for _ in range(300):
            await asyncio.sleep(0.1)
            seen.add((rig.link.alive, rig.link.ready))
        return seen

    assert (False, True) not in play(scenario).result


def test_once_a_day_the_radio_is_switched_off_and_on() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        counts = []
        for hours in (23, 2):
            await asyncio.sleep(hours * 3600)
            counts.append(sum("AT+CFUN=4" in line for line in rig.log))
        return counts

    rig = Rig(scenario)
    assert rig.run(26 * 3_600_000) == [0, 1]


def test_what_is_no_ussd_code_is_not_sent() -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        sent = rig.modem.commands
        for code in ["", *(chr(i) for i in range(128) if chr(i) not in "0123456789*#+")]:
            with pytest.raises(ModemError, match="no USSD code"):
                await rig.modem.ussd(code and "*100" + code)
        return rig.modem.commands - sent

    assert play(scenario).result == 0
