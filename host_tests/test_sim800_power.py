# SPDX-License-Identifier: MIT
"""Start, faults, SIM states, network time, calls and USSD of the simulated SIM800L."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tools.bench.network.tpdu import encode_address, pack, to_septets
from tools.bench.world.by_hand import ModemUser

BOOT = ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"]


def boot_lines(user: ModemUser, ms: int = 12_000) -> list[str]:
    user.world.run_for(ms)
    return [line for line in user.lines() if line[0] != "\0"]


@pytest.fixture
def user() -> ModemUser:
    return ModemUser()


# -- start ------------------------------------------------------------------------------------


def test_power_on_says_what_the_reference_says() -> None:
    user = ModemUser(ready=False)
    user.world.power_on()
    assert boot_lines(user) == BOOT


def test_restart_begins_with_garbage_then_boot_urcs(user: ModemUser) -> None:
    user.world.modem.restart()
    user.world.run_for(12_000)
    text = user.take()
    assert text.startswith("\x00IIII\xff\xff\xff\xff")
    assert [line for line in text[9:].split("\r\n") if line] == BOOT


def test_silent_until_it_has_started() -> None:
    user = ModemUser(ready=False)
    user.world.power_on()
    user.world.run_for(1000)
    assert user.command("AT", 1000) == []
    user.world.run_for(1000)
    user.take()
    assert user.command("ATE0")[-1] == "OK"


def test_message_commands_wait_for_sms_ready() -> None:
    user = ModemUser(ready=False)
    user.world.power_on()
    user.world.run_for(3000)
    user.command("ATE0;+CMEE=1")
    assert user.command("AT+CPIN?")[-1] == "+CME ERROR: 14"
    assert user.command("AT+CMGL=4")[-1] == "+CMS ERROR: 314"
    user.world.run_for(6000)
    user.take()
    assert user.command("AT+CMGL=4") == ["OK"]


def test_autobauding_says_nothing_before_at() -> None:
    user = ModemUser(ready=False, modem_baud=0)
    user.world.power_on()
    user.world.run_for(12_000)
    assert [line for line in user.lines() if line in BOOT] == []
    user.output("baud", "9600")
    assert user.command("AT")[-1] == "OK"
    assert user.command("AT+IPR=115200;&W")[-1] == "OK"
    user.output("baud", "115200")
    user.world.modem.restart()
    assert boot_lines(user) == BOOT


def test_pwrkey_switches_it_off_and_on_and_reset_restarts_it(user: ModemUser) -> None:
    modem = user.world.modem
    modem.pwrkey(2000)
    assert user.wait(5000) == ["NORMAL POWER DOWN"]
    assert user.command("AT", 1000) == []
    modem.pwrkey(1200)
    assert boot_lines(user, 15_000) == BOOT
    modem.reset()
    assert boot_lines(user) == BOOT


def test_cpowd_switches_it_off(user: ModemUser) -> None:
    user.send("AT+CPOWD=1\r")
    assert user.wait(1000) == ["NORMAL POWER DOWN"]
    assert not user.world.modem.on


def test_device_works_pwrkey_and_rst(user: ModemUser) -> None:
    user.output("modem_power", "off 2000")
    assert user.wait(3000) == ["NORMAL POWER DOWN"]
    assert user.command("AT", 1000) == []
    user.output("modem_power", "restart 2000 3000 1200")
    assert boot_lines(user, 15_000) == BOOT
    user.output("modem_power", "reset 104")
    assert boot_lines(user) == []
    user.output("modem_power", "reset 105")
    assert boot_lines(user) == BOOT


# -- faults -----------------------------------------------------------------------------------


def test_hang_until_reset(user: ModemUser) -> None:
    modem, network = user.world.modem, user.world.network
    modem.hang()
    network.deliver("+1", "ON")
    assert user.command("AT", 60_000) == []
    assert not user.world.online
    modem.reset()
    assert boot_lines(user)[-2:] == ["SMS Ready", '+CMTI: "SM",1']


def test_a_brown_out_is_warned_of_and_starts_it_again(user: ModemUser) -> None:
    user.world.modem.brown_out()
    assert boot_lines(user, 20_000) == [
        "UNDER-VOLTAGE WARNNING",
        "UNDER-VOLTAGE WARNNING",
        "UNDER-VOLTAGE POWER DOWN",
        *BOOT,
    ]


def test_cfun_restart_and_flight_mode(user: ModemUser) -> None:
    user.command("AT+CREG=1")
    assert user.command("AT+CFUN=4")[-1] == "OK"
    assert user.world.modem.service.stat == 0
    assert user.command("AT+CFUN=0") == ["+CME ERROR: 797"]
    user.command("AT+CFUN=1")
    assert "+CREG: 1" in user.wait(6000)
    user.command("AT+CFUN=0")
    assert "+CPIN: NOT READY" in user.wait(500)
    user.command("AT+CFUN=1")
    assert user.wait(8000)[0] == "+CPIN: READY"
    user.command("AT+CFUN=1,1")
    assert boot_lines(user) == BOOT


# -- SIM --------------------------------------------------------------------------------------


def test_a_sim_that_is_put_in_is_found_at_a_restart() -> None:
    user = ModemUser(ready=False)
    user.world.sim.remove()
    user.world.power_on()
    assert boot_lines(user) == ["RDY", "+CFUN: 1", "+CPIN: NOT INSERTED"]
    user.command("ATE0;+CMEE=1")
    assert user.command("AT+CPIN?") == ["+CME ERROR: 10"]
    assert user.command("AT+CMGL=4") == ["+CMS ERROR: 310"]
    assert user.command("AT+CREG?") == ["+CREG: 0,0", "OK"]
    user.world.sim.insert()
    assert user.wait(5000) == []  # no card detection on this board
    user.command("AT+CFUN=1,1")
    assert boot_lines(user) == BOOT


def test_sim_taken_and_put_back(user: ModemUser) -> None:
    user.command("AT+CREG=1")
    user.world.sim.remove()
    assert user.wait(5000) == ["+CREG: 0", "+CPIN: NOT READY"]
    assert not user.world.online
    user.world.modem.hot_plug = True
    user.world.sim.insert()
    assert [line for line in user.wait(9000) if line[0] == "+"] == [
        "+CPIN: READY",
        "+CREG: 2",
        "+CREG: 1",
    ]


def test_three_wrong_pins_want_the_puk() -> None:
    user = ModemUser(ready=False)
    user.world.sim.lock_pin("4321")
    user.world.power_on()
    assert boot_lines(user) == ["RDY", "+CFUN: 1", "+CPIN: SIM PIN"]
    user.command("ATE0;+CMEE=1")
    assert user.command("AT+CMGL=4") == ["+CMS ERROR: 311"]
    assert user.command("AT+CPIN=1111") == ["+CME ERROR: 16"]
    assert user.command("AT+SPIC") == ["+SPIC: 2,10,3,10", "OK"]
    assert user.command("AT+CPIN=1111") == ["+CME ERROR: 16"]
    assert user.command("AT+CPIN=1111") == ["+CME ERROR: 12"]
    assert user.command("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
    assert user.command('AT+CPIN="12345678","9999"') == ["OK"]
    assert user.wait(8000)[0] == "+CPIN: READY"
    user.world.modem.restart()
    assert boot_lines(user)[-1] == "+CPIN: SIM PIN"
    user.take()
    user.command("ATE0")
    assert user.command("AT+CPIN=9999") == ["OK"]


# -- network ----------------------------------------------------------------------------------


def test_registration_urcs_with_location(user: ModemUser) -> None:
    user.command("AT+CREG=2")
    user.world.network.lose()
    assert user.wait(5000) == ["+CREG: 2"]
    assert user.command("AT+CSQ")[0] == "+CSQ: 99,0"
    user.world.network.restore()
    assert user.wait(6000) == ['+CREG: 1,"0145","2A3B"']
    assert user.command("AT+CREG?")[0] == '+CREG: 2,1,"0145","2A3B"'


def test_online_needs_the_storage_to_be_read(user: ModemUser) -> None:
    assert not user.world.online
    user.command("AT+CMGL=4")
    assert user.world.online
    user.world.network.lose()
    assert not user.world.online
    user.wait(3000)
    user.world.network.restore()
    user.wait(6000)
    assert not user.world.online
    user.command("AT+CMGR=1")
    assert user.world.online


@pytest.mark.parametrize(
    ("dbm", "rssi"), [(-120, 0), (-113, 1), (-67, 23), (-52, 31), (-40, 31), (None, 99)]
)
def test_csq_shows_the_signal_in_steps_of_2_dbm(
    user: ModemUser, dbm: int | None, rssi: int
) -> None:
    user.world.network.signal = dbm
    assert user.command("AT+CSQ")[0] == f"+CSQ: {rssi},0"


def nitz(**options: Any) -> list[str]:
    user = ModemUser(**options)
    user.command("AT+CLTS=1;&W")
    user.world.modem.restart()
    return [line for line in boot_lines(user) if line[0] in "*D" or "CTZV" in line] + user.command(
        "AT+CCLK?"
    )


def test_the_networks_time_is_reported_and_sets_the_clock() -> None:
    clock = datetime(2026, 11, 20, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    lines = nitz(clock=clock)
    assert lines[1].startswith("*PSUTTZ: 2026,11,19,22,30,")
    assert lines[1].endswith(',"+8",0')
    assert lines[2:4] == ['+CTZV: "+8"', "DST: 0"]
    assert any(line.startswith('+CCLK: "26/11/20,00:30:') and "+08" in line for line in lines)


def test_a_network_without_time_leaves_the_clock_in_2004() -> None:
    lines = nitz(clock=None)
    assert not any("PSUTTZ" in line for line in lines)
    assert any(line.startswith('+CCLK: "04/01/01') for line in lines)


# -- calls ------------------------------------------------------------------------------------


def test_a_call_that_is_answered(user: ModemUser) -> None:
    user.command("AT+MORING=1;+CLCC=1")
    network = user.world.network
    network.treat_calls("+358407", "answer")
    assert user.command("ATD+358407;") == ['+CLCC: 1,0,2,0,0,"+358407",145,""', "OK"]
    assert user.wait(10_000) == [
        "MO RING",
        '+CLCC: 1,0,3,0,0,"+358407",145,""',
        "MO CONNECTED",
        '+CLCC: 1,0,0,0,0,"+358407",145,""',
    ]
    assert network.calls[0].state == "answered"
    assert user.command("AT+CPAS")[0] == "+CPAS: 4"
    assert user.command("ATH") == ['+CLCC: 1,0,6,0,0,"+358407",145,""', "OK"]
    assert network.calls[0].state == "ended"
    assert user.command("AT+CLCC") == ["OK"]


@pytest.mark.parametrize(
    ("how", "final", "cause", "state"),
    [
        ("reject", "BUSY", "User busy", "rejected"),
        ("busy", "BUSY", "User busy", "busy"),
        ("ignore", "NO ANSWER", "User alerting, no answer", "unanswered"),
        ("unreachable", "NO CARRIER", "Destination out of order", "unreachable"),
    ],
)
def test_a_call_that_fails_says_why(
    user: ModemUser, how: str, final: str, cause: str, state: str
) -> None:
    user.world.network.treat_calls("+1", how)
    assert user.command("ATD+1;") == ["OK"]
    assert user.wait(70_000) == [final]
    assert user.command("AT+CEER")[0] == f"+CEER: {cause}"
    assert user.world.network.calls[0].state == state


def test_colp_waits_for_the_answer(user: ModemUser) -> None:
    user.command("AT+COLP=1")
    user.world.network.treat_calls("+1", "answer")
    assert user.command("ATD+1;")[-1] == "OK"
    assert user.world.network.calls[0].state == "answered"


def test_an_incoming_call_rings_and_is_given_up(user: ModemUser) -> None:
    user.command("AT+CLIP=1")
    call = user.world.network.call("+358401")
    lines = user.wait(40_000)
    assert lines[:2] == ["RING", '+CLIP: "+358401",145,"",0,"",0']
    assert lines.count("RING") == 10
    assert lines[-1] == "NO CARRIER"
    assert call.state == "missed"


def test_an_incoming_call_is_answered_or_rejected(user: ModemUser) -> None:
    network = user.world.network
    call = network.call("hidden")
    assert user.wait(2000) == ["RING"]
    assert user.command("ATA") == ["OK"]
    assert call.state == "answered"
    network.hang_up("hidden")
    assert user.wait(10) == ["NO CARRIER"]
    call = network.call("+1")
    assert user.wait(2000) == ["RING"]
    assert user.command("ATH") == ["OK"]
    assert call.state == "rejected"
    assert user.wait(10_000) == []


def test_calls_are_refused_while_a_message_is_sent(user: ModemUser) -> None:
    septets = to_septets("x")
    pdu = b"\0\x01\0" + encode_address("+1") + bytes((0, 0, 1)) + pack(septets)
    call = user.world.network.call("+1")
    user.world.run_for(1000)
    assert user.send_pdu(pdu) == ["+CMGS: 1", "OK"]
    assert call.state == "busy"


# -- USSD -------------------------------------------------------------------------------------


def test_a_code_gets_an_answer_silence_or_a_refusal(user: ModemUser) -> None:
    network = user.world.network
    network.ussd = {"*100#": "Your balance is 5.00", "*101#": "Баланс", "*102#": None}
    assert user.command('AT+CUSD=1,"*100#"') == ["OK"]
    assert user.wait(5000) == ['+CUSD: 0, "Your balance is 5.00", 15']
    user.command('AT+CUSD=1,"*101#"')
    assert user.wait(5000) == [f'+CUSD: 0, "{"Баланс".encode("utf-16-be").hex().upper()}", 72']
    user.command('AT+CUSD=1,"*102#"')
    assert user.wait(60_000) == []
    user.command('AT+CUSD=1,"*103#"')
    assert user.wait(5000) == ["+CUSD: 4"]
    user.command('AT+CUSD=1,"*100#"')
    user.command("AT+CUSD=2")
    assert user.wait(5000) == []
    user.world.modem.adopt("ussd-before-ok")
    assert user.command('AT+CUSD=1,"*100#"') == ['+CUSD: 0, "Your balance is 5.00", 15', "OK"]
