# SPDX-License-Identifier: MIT
"""The simulated A7670 and SIM7600 at their line: start, power, identity, settings, network."""

from __future__ import annotations

import pytest

from host_tests.family_kit import ANN, BOOT, LTE, boot, of, pdu
from tools.bench.modem.families import FAMILIES, SIM800_ONLY, Family
from tools.bench.modem.table import known
from tools.bench.world.by_hand import ModemUser
from tools.bench.world.world import World

ALL = tuple(FAMILIES)


@pytest.fixture(params=LTE)
def user(request: pytest.FixtureRequest) -> ModemUser:
    return of(request.param)


@pytest.mark.parametrize("family", ALL)
def test_the_board_configuration_names_the_modem(family: str) -> None:
    assert World(family=family).config["MODEM"] == FAMILIES[family].name
    assert World(family=family, config={"MODEM": "A7670"}).config["MODEM"] == "A7670"


@pytest.mark.parametrize("family", list(FAMILIES.values()), ids=list(FAMILIES))
def test_what_a_family_lacks_is_a_command_of_another(family: Family) -> None:
    assert family.lacks <= known()
    assert set(family.allowed) <= known() - family.lacks


# -- start and power ----------------------------------------------------------------------------


@pytest.mark.parametrize("family", ALL)
def test_the_words_of_a_start(family: str) -> None:
    user = of(family, ready=False)
    user.world.power_on()
    assert boot(user) == BOOT[family]
    user.world.modem.restart()
    assert boot(user) == BOOT[family]


@pytest.mark.parametrize(("family", "ms"), [("a7670", 11_100), ("sim7600", 12_000)])
def test_it_is_dumb_until_its_uart_works(family: str, ms: int) -> None:
    user = of(family, ready=False)
    user.world.power_on()
    user.world.run_for(ms - 50)
    assert user.command("AT", 20) == []
    user.world.run_for(100)
    user.take()
    assert user.command("ATE0")[-1] == "OK"


@pytest.mark.parametrize(
    ("family", "on", "off"), [("a7670", 50, 2500), ("sim7600", 500, 2500), ("sim800l", 1000, 1500)]
)
def test_pwrkey_has_to_be_pressed_for_long_enough(family: str, on: int, off: int) -> None:
    user = of(family)
    modem = user.world.modem
    modem.pwrkey(off - 1)
    user.wait(off + 100)
    assert modem.on
    modem.pwrkey(off)
    assert user.wait(off + 100) == (["NORMAL POWER DOWN"] if family == "sim800l" else [])
    assert not modem.on
    user.wait(3000)
    modem.pwrkey(on - 1)
    user.wait(on + 100)
    assert not modem.on
    modem.pwrkey(on)
    assert boot(user) == BOOT[family]


@pytest.mark.parametrize("family", LTE)
def test_a_long_press_starts_it_and_switches_it_off_again(family: str) -> None:
    user = of(family)
    modem = user.world.modem
    modem.shut_down()
    modem.pwrkey(100_000)
    user.wait(1000)
    assert not modem.on  # it needs a rest after it went off
    user.wait(100_000)
    boots = modem.boots
    modem.pwrkey(3000)
    user.wait(2000)
    assert modem.on and modem.boots == boots + 1
    user.wait(2000)
    assert not modem.on


def test_a_key_is_of_no_use_without_a_supply(user: ModemUser) -> None:
    modem = user.world.modem
    modem.shut_down()
    user.wait(3000)
    modem.press_pwrkey()
    modem.power(False)
    user.wait(3000)
    assert not modem.on


def test_reset_needs_its_time_and_starts_none_that_is_off(user: ModemUser) -> None:
    modem = user.world.modem
    needed = modem.family.reset_ms
    modem.reset(needed - 1)
    assert boot(user) == []
    modem.reset(needed)
    assert boot(user) == BOOT[modem.family.name.lower()]
    modem.shut_down()
    modem.reset(5000)
    assert boot(user) == [] and not modem.on


@pytest.mark.parametrize("command", ["AT+CPOF", "AT+CRESET"])
def test_going_off_and_starting_again_say_ok_alone(user: ModemUser, command: str) -> None:
    assert user.command(command) == ["OK"]
    assert boot(user) == ([] if "OF" in command else BOOT[user.world.modem.family.name.lower()])
    assert user.world.modem.on == ("OF" not in command)


def test_a_low_supply_is_warned_of_and_starts_it_again(user: ModemUser) -> None:
    user.world.modem.brown_out()
    lines = boot(user, 30_000)
    assert lines[:3] == ["UNDER-VOLTAGE WARNNING"] * 2 + ["UNDER-VOLTAGE WARNNING POWER DOWN"]
    assert lines[3:] == BOOT[user.world.modem.family.name.lower()]


@pytest.mark.parametrize(
    ("family", "said"),
    [("a7670", "+CME ERROR: SIM not inserted"), ("sim7600", "+SIMCARD: NOT AVAILABLE")],
)
def test_a_start_without_a_sim_says_so(family: str, said: str) -> None:
    user = of(family, ready=False)
    user.world.sim.remove()
    user.world.power_on()
    assert boot(user)[1] == said
    assert user.command("ATE0;+CPIN?")[-1] == "+CME ERROR: SIM not inserted"  # in words
    assert user.command("AT+CMEE=1;+CPIN?") == ["+CME ERROR: 10"]


# -- who it is, and what it knows ---------------------------------------------------------------


@pytest.mark.parametrize("family", ALL)
def test_a_family_says_its_own_name(family: str) -> None:
    user = of(family)
    model = {"a7670": "A7670E-FASE", "sim7600": "SIMCOM_SIM7600E-H", "sim800l": "SIMCOM_SIM800L"}
    assert user.command("AT+CGMM") == [model[family], "OK"]
    told = user.command("ATI")
    assert (
        told[0 if family == "sim800l" else 1]
        == {
            "a7670": "Model: A7670E-FASE",
            "sim7600": "Model: SIMCOM_SIM7600E-H",
            "sim800l": "SIM800 R14.18",
        }[family]
    )
    assert user.command("AT+GMR")[-1] == "OK"
    assert (user.command("AT+SIMCOMATI")[-1] == "OK") == (family != "sim800l")


def test_commands_of_the_sim800_are_errors_without_a_number(user: ModemUser) -> None:
    for name in sorted(SIM800_ONLY):
        assert user.command(f"AT{name}=1") == ["ERROR"], name
    assert user.command("AT+NOSUCH") == ["ERROR"]
    moring = "ERROR" if user.world.modem.family.name == "A7670" else "OK"
    assert user.command("AT+MORING=1") == [moring]


def test_commands_of_lte_are_unknown_to_the_sim800() -> None:
    user = of("sim800l")
    for name in sorted(FAMILIES["sim800l"].lacks):
        assert user.command(f"AT{name}?") == ["+CME ERROR: 100"], name


def test_errors_come_in_words_until_they_are_asked_in_numbers(user: ModemUser) -> None:
    user.world.modem.restart()
    boot(user)
    assert user.command("ATE0;+CMEE?")[-2:] == ["+CMEE: 2", "OK"]
    assert user.command("AT+CMGR=999") == ["+CMS ERROR: Invalid memory index"]


def test_no_autobauding_and_a_rate_that_a_restart_forgets(user: ModemUser) -> None:
    assert user.command("AT+IPR=0") == ["+CME ERROR: 3"]
    assert user.command("AT+IPR=9600;&W") == ["OK"]
    user.world.modem.restart()
    assert boot(user) != []
    assert user.command("ATE0;+IPREX=57600")[-1] == "OK"
    user.output("baud", "57600")
    user.world.modem.restart()
    user.wait(22_000)
    assert user.command("AT+IPR?")[-2:] == ["+IPR: 57600", "OK"]


def test_what_a_restart_leaves(user: ModemUser) -> None:
    """AT&W saves next to nothing (A76XX manual, 2.2.14; SIM7500_SIM7600 manual, 2.2.26)."""
    user.command("AT+CREG=1;+CEREG=1;+CLIP=1;+CLCC=1;+CVHU=0;+CTZU=1;+CTZR=1;+CMGF=1;&W")
    user.command('AT+CPMS="SM","SM","SM"')
    user.world.modem.restart()
    boot(user)
    user.command("ATE0")
    a7670 = user.world.modem.family.name == "A7670"
    assert user.command("AT+CREG?;+CEREG?;+CLIP?;+CVHU?;+CTZU?;+CTZR?;+CMGF?") == [
        "+CREG: 0,1",
        "+CEREG: 0,1",
        f"+CLIP: {int(a7670)},1",
        "+CVHU: 1",
        "+CTZU: 1",
        "+CTZR: 0",
        f"+CMGF: {int(a7670)}",
        "OK",
    ]
    assert user.command("AT+CPMS?")[0].startswith('+CPMS: "SM"')


def test_gains_have_other_limits(user: ModemUser) -> None:
    most = 7 if user.world.modem.family.name == "A7670" else 8
    for name, usual in (("+CMICGAIN", 3 + most % 2), ("+COUTGAIN", 4 if most == 7 else 8)):
        assert user.command(f"AT{name}?")[0] == f"{name}: {usual}"
        assert user.command(f"AT{name}={most}") == ["OK"]
        assert user.command(f"AT{name}={most + 1}") == ["+CME ERROR: 3"]
    assert user.command("AT+CSCLK=2") == (["OK"] if most == 7 else ["+CME ERROR: 3"])


def test_the_voltage_and_the_signal(user: ModemUser) -> None:
    assert user.command("AT+CBC;+CSQ;+SPIC") == [
        "+CBC: 4.050V",
        "+CSQ: 23,99",
        "+SPIC: 3,10,0,10",
        "OK",
    ]
    assert user.command("AT+CPSI?;+CNSMOD?;+COPS?")[0].startswith("+CPSI: LTE,Online,244-05,")


# -- registration -------------------------------------------------------------------------------


def test_both_registrations_are_reported(user: ModemUser) -> None:
    user.command("AT+CREG=1;+CEREG=1")
    user.world.network.lose()
    lines = user.wait(5000)
    assert lines[-2:] == ["+CREG: 2", "+CEREG: 2"]
    user.world.network.restore()
    lines = user.wait(5000)
    assert lines[-2:] == ["+CREG: 1", "+CEREG: 1"]
    cgev = user.world.modem.family.name == "A7670"
    assert (lines[0] == "+CGEV: EPS PDN ACT 1") == cgev


@pytest.mark.parametrize(
    ("family", "told", "roaming"), [("a7670", ["+CREG: 6"], 7), ("sim7600", [], 5)]
)
def test_a_network_without_calls(family: str, told: list[str], roaming: int) -> None:
    """The A7670 says that it is registered for messages only; the SIM7600 has no word for it."""
    user = of(family)
    user.command("AT+CREG=1;+CLCC=1")
    network = user.world.network
    network.offer("voice", False)
    assert user.wait(1000) == told
    assert user.world.online is False  # nothing has been listed yet
    user.command("AT+CMGL=4")
    assert user.world.online
    network.call(ANN)
    assert user.wait(5000) == []
    assert network.incoming[-1].state == "unreachable"
    network.roaming = True
    network.lose()
    user.wait(5000)
    network.restore()
    user.wait(5000)
    assert user.command("AT+CREG?;+CEREG?") == [f"+CREG: 1,{roaming}", "+CEREG: 0,5", "OK"]
    assert user.send_pdu(pdu()) == ["+CMGS: 1", "OK"]


def test_a_call_where_there_are_none_is_over_at_once() -> None:
    user = of("a7670")
    user.command("AT+CLCC=1")
    user.world.network.offer("voice", False)
    assert user.command(f"ATD{ANN};") == ["OK"]
    assert user.wait(2000) == [
        f'+CLCC: 1,0,2,0,0,"{ANN}",145,""',
        f'+CLCC: 1,0,6,0,0,"{ANN}",145,""',
    ]
    user = of("sim7600")
    user.world.network.offer("voice", False)
    assert user.command(f"ATD{ANN};") == ["NO CARRIER"]
    assert user.world.network.calls == []


def test_a_network_without_messages(user: ModemUser) -> None:
    network = user.world.network
    network.offer("sms", False)
    assert user.send_pdu(pdu()) == ["+CMS ERROR: 500"]
    user.command("AT+CMEE=2")
    assert user.send_pdu(pdu()) == ["+CMS ERROR: Unknown error"]
    network.deliver(ANN, "ON")
    assert user.wait(5000) == []
    network.offer("sms", True)
    assert user.wait(5000) == [f'+CMTI: "ME",{user.world.modem.family.first_slot}']
    assert user.send_pdu(pdu())[-1] == "OK"


def test_without_lte_it_takes_2g_and_has_everything(user: ModemUser) -> None:
    network = user.world.network
    for what in ("lte", "voice", "sms"):
        network.offer(what, False)
    user.wait(6000)
    assert user.command("AT+CREG?;+CEREG?;+CNSMOD?") == [
        "+CREG: 0,1",
        "+CEREG: 0,0",
        "+CNSMOD: 0,1",
        "OK",
    ]
    network.ussd["*100#"] = "5.00"
    assert user.command('AT+CUSD=1,"*100#",15') == ["OK"]
    assert user.wait(3000) == ['+CUSD: 0, "5.00", 15']
    assert user.send_pdu(pdu())[-1] == "OK"
    network.call(ANN)
    assert user.wait(3000)[0] == "RING"


def test_a_mode_that_is_set_is_kept_to(user: ModemUser) -> None:
    user.world.network.offer("gsm", False)
    assert user.command("AT+CNMP=13") == ["OK"]
    user.wait(6000)
    assert user.command("AT+CREG?") == ["+CREG: 0,2", "OK"]
    user.command("AT+CNMP=38")
    user.wait(6000)
    assert user.command("AT+CREG?") == ["+CREG: 0,1", "OK"]


def test_a_sim800l_finds_nothing_where_2g_is_gone() -> None:
    user = of("sim800l")
    user.world.network.offer("gsm", False)
    user.wait(6000)
    assert user.command("AT+CREG?;+CSQ") == ["+CREG: 0,2", "+CSQ: 99,0", "OK"]
    user.world.network.offer("gsm", True)
    user.wait(6000)
    assert user.command("AT+CREG?;+CSQ") == ["+CREG: 0,1", "+CSQ: 23,0", "OK"]


@pytest.mark.parametrize("family", LTE)
def test_a_variant_for_data_alone(family: str) -> None:
    user = of(family, habits=("data-only",))
    assert user.command("AT+CREG?;+CEREG?") == ["+CREG: 0,11", "+CEREG: 0,11", "OK"]
    assert user.command("AT+COPS=0")[-1] == "OK"
    for command in ("AT+CMGF=0", "AT+CMGS=20", "AT+CMGL=4", "ATD+1;"):
        assert user.command(command) == ["ERROR"], command
    user.world.modem.restart()
    assert "SMS DONE" not in boot(user)
