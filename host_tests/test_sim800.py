# SPDX-License-Identifier: MIT
"""The simulated SIM800L as a program at its line meets it."""

from __future__ import annotations

import pytest

from tools.bench.kernel import Kernel
from tools.bench.modem.line import Line, garble
from tools.bench.modem.parser import parse
from tools.bench.modem.table import AtError
from tools.bench.network import tpdu
from tools.bench.world.by_hand import ModemUser


@pytest.fixture
def user() -> ModemUser:
    return ModemUser()


def pdu(to: str = "+358407", text: str = "hello") -> bytes:
    septets = tpdu.to_septets(text)
    head = b"\0\x01\0" + tpdu.encode_address(to)
    return head + bytes((0, 0, len(septets))) + tpdu.pack(septets)


# -- line -------------------------------------------------------------------------------------


def test_bytes_take_their_time_and_a_burst_arrives_at_once() -> None:
    kernel = Kernel()
    line = Line(kernel, 9600)
    came: list[tuple[int, bytes]] = []
    line.to_modem.sink = lambda data: came.append((kernel.now, data))
    line.to_modem.write(b"x" * 96)  # 100 ms at 960 bytes a second
    line.to_modem.write(b"y")  # 1.04 ms more
    kernel.advance(200)
    assert came == [(100, b"x" * 96), (102, b"y")]
    assert line.to_modem.sent == 97


def test_a_hook_splits_corrupts_and_loses() -> None:
    kernel = Kernel()
    line = Line(kernel)
    came: list[bytes] = []
    line.to_device.sink = came.append
    for i in range(1, 4):
        line.to_device.hook = lambda data, i=i: [data[:i], data[i:]]
        line.to_device.write(b"OK\r\n")
        kernel.advance(kernel.now + 5)
    line.to_device.hook = lambda data: []
    line.to_device.write(b"lost")
    line.to_device.inject(b"noise")
    kernel.advance(kernel.now + 5)
    assert came == [b"O", b"K\r\n", b"OK", b"\r\n", b"OK\r", b"\n", b"noise"]


def test_other_rates_make_garbage(user: ModemUser) -> None:
    user.output("baud", "9600")
    assert user.command("AT", 3000) == []
    user.world.modem.urc("RING")
    assert user.wait(100) != ["RING"]
    assert garble(b"AT\r") != b"AT\r"
    user.output("baud", "115200")
    assert user.command("AT") == ["OK"]


def test_rate_changes_behind_the_ok(user: ModemUser) -> None:
    assert user.command("AT+IPR=9600") == ["OK"]
    assert user.command("AT", 2000) == []
    user.output("baud", "9600")
    user.take()
    assert user.command("AT+IPR?") == ["+IPR: 9600", "OK"]


# -- command lines ----------------------------------------------------------------------------


def test_echo_and_results_are_framed_as_the_manual_says() -> None:
    user = ModemUser(ready=False)
    user.world.power_on()
    user.world.run_for(9000)
    user.take()
    for command, line in (
        ("AT\r", "AT\r\r\nOK\r\n"),
        ("ATE0\r", "ATE0\r\r\nOK\r\n"),
        ("AT+CSQ\r", "\r\n+CSQ: 23,0\r\n\r\nOK\r\n"),
        ("ATV0\r", "0\r"),
    ):
        user.send(command)
        user.world.run_for(100)
        assert user.take() == line


def test_a_line_is_split_into_its_commands() -> None:
    shown = [(r.name, r.form, r.args) for r in parse('+csq;+CUSD=1,"a;b c",15;E0S0=2&W+COPS=?')]
    assert shown == [
        ("+CSQ", "", ""),
        ("+CUSD", "=", '1,"a;b c",15'),
        ("E", "", "0"),
        ("S0", "=", "2"),
        ("&W", "", ""),
        ("+COPS", "=?", ""),
    ]
    assert parse("D+358401;")[0].args == "+358401;"


@pytest.mark.parametrize("line", ["+", "1", "+CSQ!x", "~"])
def test_a_line_that_is_no_command_is_refused(line: str) -> None:
    with pytest.raises(AtError):
        parse(line)


def test_chained_commands_and_their_errors(user: ModemUser) -> None:
    assert user.command("AT+CSQ;+CREG?") == ["+CSQ: 23,0", "+CREG: 0,1", "OK"]
    assert user.command("AT+CSQ;+NOSUCH;+CREG?") == ["+CSQ: 23,0", "+CME ERROR: 100"]
    assert user.command("at+csq") == ["+CSQ: 23,0", "OK"]
    user.send("A/")
    assert user.wait(100) == ["+CSQ: 23,0", "OK"]


def test_line_of_556_characters_is_the_longest(user: ModemUser) -> None:
    filler = "AT+CSQ" + ";+CMEE=1" * 38
    assert user.command(filler.ljust(556, ";"))[-1] == "OK"
    assert user.command(filler.ljust(557, ";")) == ["ERROR"]
    assert user.command("AT+CSQ" + ";+CSQ" * 39) == ["ERROR"]
    assert user.command("AT") == ["OK"]


def test_garbage_before_a_command_does_no_harm(user: ModemUser) -> None:
    user.send(b"\x00\xff\x80\x1b")
    assert user.command("AT") == ["OK"]
    assert user.command("nonsense", 1000) == []


@pytest.mark.parametrize(
    ("level", "shown"),
    [(0, "ERROR"), (1, "+CMS ERROR: 321"), (2, "+CMS ERROR: Invalid memory index")],
)
def test_cmee_says_how_an_error_is_shown(user: ModemUser, level: int, shown: str) -> None:
    user.command(f"AT+CMEE={level}")
    assert user.command("AT+CMGR=99") == [shown]


def test_what_comes_while_a_command_runs_is_ignored_and_counted(user: ModemUser) -> None:
    user.send("AT+CSQ\rAT+CREG?\r")
    assert user.wait(500) == ["+CSQ: 23,0", "OK"]
    assert user.world.modem.terminal.ignored == 9
    user.send("AT+CMGL=4\r")
    user.world.run_for(10)
    user.send("AT\r")
    assert user.wait(500) == ["OK"]


def test_urc_comes_between_command_and_answer(user: ModemUser) -> None:
    user.send("AT+CMGL=4\r")
    user.world.run_for(5)
    user.world.modem.urc("RING")
    assert user.wait(500) == ["RING", "OK"]


IDENTITY = {
    "AT+CGMI": "SIMCOM_Ltd",
    "AT+CGMM": "SIMCOM_SIM800L",
    "AT+CGSN": "869170031234567",
    "AT+CIMI": "244051234567890",
    "AT+CCID": "8935805051234567890F",
    "AT+CBC": "+CBC: 0,81,4050",
    "AT+CPAS": "+CPAS: 0",
    "AT+COPS?": '+COPS: 0,0,"TestNet"',
    "AT+CPIN?": "+CPIN: READY",
    "AT+CFUN?": "+CFUN: 1",
    "AT+CSCA?": '+CSCA: "+358508771010",145',
    "AT+CPMS?": '+CPMS: "SM",0,20,"SM",0,20,"SM",0,20',
    "AT+CNMI?": "+CNMI: 2,1,0,0,0",
    "AT+CMGF?": "+CMGF: 0",
    "AT+CMGF=?": "+CMGF: (0,1)",
    "AT+CCLK?": '+CCLK: "04/01/01,00:00:09+00"',
    "AT+CSCS?": '+CSCS: "IRA"',
    "AT+CMEE=?": "+CMEE: (0-2)",
}


@pytest.mark.parametrize("command", IDENTITY)
def test_what_it_is_is_told_on_one_line(user: ModemUser, command: str) -> None:
    assert user.command(command) == [IDENTITY[command], "OK"]


@pytest.mark.parametrize(
    "command",
    ["AT+CMIC=5", "AT+CMEE=9", "AT+CREG=x", "AT+CFUN=2", "AT+IPR=1234", "AT+CNMI=", "AT+CNMI=9"],
)
def test_a_parameter_out_of_range_is_error_3(user: ModemUser, command: str) -> None:
    assert user.command(command) == ["+CME ERROR: 3"]


def test_latencies_at_the_manuals_maximum(user: ModemUser) -> None:
    user.world.modem.latency = "maximum"
    start = user.world.now
    assert user.command("AT+CMGD=1") == ["OK"]
    assert 4900 <= user.world.now - start <= 5000
    start = user.world.now
    assert user.send_pdu(pdu())[-1] == "OK"
    assert 59_900 <= user.world.now - start < 60_300


def test_seeded_latencies_are_within_bounds_and_repeatable() -> None:
    def times() -> list[int]:
        user = ModemUser()
        user.world.modem.latency = "seeded"
        out = []
        for _ in range(20):
            start = user.world.now
            user.command("AT+CMGR=1")
            out.append(user.world.now - start)
        return out

    first = times()
    assert first == times()
    assert len(set(first)) > 5
    assert max(first) < 5200


def test_faults_that_a_test_asks_for(user: ModemUser) -> None:
    user.world.modem.fault("+CMGD", AtError("CMS", 500), "silent")
    assert user.command("AT+CMGD=1") == ["+CMS ERROR: 500"]
    assert user.command("AT+CMGD=1", 3000) == []
    assert user.command("AT+CMGD=1") == ["OK"]


# -- settings ---------------------------------------------------------------------------------


def test_settings_that_a_restart_loses_and_keeps(user: ModemUser) -> None:
    user.command("AT+CREG=1;+CLTS=1;+MORING=1;+CNMI=2,1,0,1,0;&W")
    user.command("AT+CLIP=1;+COLP=1;+CSDH=1;+CLCC=1")
    user.command('AT+CMGF=1;+CPMS="ME","ME","ME"')
    user.world.modem.restart()
    user.world.run_for(10_000)
    user.take()
    shown = user.command("AT+CREG?;+CLTS?;+MORING?;+CNMI?;+CLIP?;+COLP?;+CSDH?;+CMGF?")
    assert shown == [
        "+CREG: 1,1",
        "+CLTS: 1",
        "+MORING: 1",
        "+CNMI: 2,1,0,1,0",
        "+CLIP: 0,1",
        "+COLP: 0,1",
        "+CSDH: 0",
        "+CMGF: 0",
        "OK",
    ]
    assert user.world.modem.settings.clcc == 1  # AUTO_SAVE
    assert user.command("AT+CPMS?")[0].startswith('+CPMS: "SM"')


def test_z_brings_back_the_stored_profile_and_f_the_factorys(user: ModemUser) -> None:
    user.command('AT+CREG=1;+CSCS="UCS2";&W')
    user.command("AT+CREG=2;+CMGF=1")
    user.command("ATZ")
    assert user.command("AT+CREG?;+CSCS?")[:2][1] == '+CSCS: "UCS2"'
    user.command("AT&F")
    lines = user.command("ATE0;+CSCS?;+IPR?")
    assert lines[-3:] == ['+CSCS: "IRA"', "+IPR: 115200", "OK"]


# -- messages ---------------------------------------------------------------------------------


def test_a_body_that_is_given_up_or_wrong_is_not_sent(user: ModemUser) -> None:
    user.send("AT+CMGS=18\r")
    user.world.run_for(200)
    assert user.take() == "\r\n> "
    user.send("0011\x1b")
    assert user.wait(500) == ["OK"]
    assert user.command("AT") == ["OK"]
    assert user.send_pdu(pdu(), length=3) == ["+CMS ERROR: 304"]
    user.send("AT+CMGS=18\r")
    user.wait(200)
    user.send("zz\x1a")
    assert user.wait(500) == ["+CMS ERROR: 304"]
    assert user.world.network.messages == []


def test_messages_are_read_listed_and_deleted_by_their_slots(user: ModemUser) -> None:
    for text in ("one", "two", "three"):
        user.world.network.deliver("+358401", text)
    assert user.wait(6000) == [f'+CMTI: "SM",{i}' for i in (1, 2, 3)]
    head, body, ok = user.command("AT+CMGR=2")
    assert (head, ok) == (f'+CMGR: 0,"",{len(body) // 2 - 8}', "OK")
    listed = user.command("AT+CMGL=4")
    assert [line for line in listed if line.startswith("+CMGL")] == [
        f'+CMGL: 1,0,"",{len(bytes.fromhex(listed[1])) - 8}',
        f'+CMGL: 2,1,"",{len(bytes.fromhex(listed[3])) - 8}',
        f'+CMGL: 3,0,"",{len(bytes.fromhex(listed[5])) - 8}',
    ]
    assert user.command("AT+CMGL=0") == ["OK"]  # all read by now
    assert user.command("AT+CMGD=2") == ["OK"]
    assert user.command("AT+CMGD=2") == ["OK"]
    assert user.command("AT+CMGR=2") == ["OK"]
    assert user.command("AT+CMGR=21") == ["+CMS ERROR: 321"]
    user.world.network.deliver("+358401", "lowest free slot")
    assert user.wait(3000) == ['+CMTI: "SM",2']
    user.command("AT+CMGDA=6")
    assert user.world.sim.storage.used == 0


def test_indications_can_be_off_or_direct(user: ModemUser) -> None:
    user.command("AT+CNMI=2,0,0,0,0")
    user.world.network.deliver("+1", "silent")
    assert user.wait(3000) == []
    user.command("AT+CNMI=2,2,0,0,0")
    user.world.network.deliver("+1", "direct")
    head, body = user.wait(3000)
    assert head == f'+CMT: "",{len(body) // 2 - 8}'
    assert user.world.sim.storage.used == 1


def test_text_mode_sends_and_shows_texts(user: ModemUser) -> None:
    user.command("AT+CMGF=1")
    user.send('AT+CMGS="+358407"\r')
    user.world.run_for(200)
    assert user.take() == "\r\n> "
    user.send("Hello {you}\x1a")
    assert user.wait(5000) == ["+CMGS: 1", "OK"]
    assert user.world.network.messages[0].text == "Hello {you}"
    user.world.network.deliver("+358401", "Hi there")
    assert user.wait(3000) == ['+CMTI: "SM",1']
    assert user.command("AT+CMGR=1") == [
        '+CMGR: "REC UNREAD","+358401","","26/01/05,12:00:14+00"',
        "Hi there",
        "OK",
    ]
    user.world.network.deliver("Shop", "Ж")
    user.wait(3000)
    assert user.command('AT+CMGL="ALL"')[-2] == "0416"
    user.world.network.deliver_pdu(b"\0\x06\x01")
    user.wait(3000)
    assert user.command('AT+CMGL="ALL"')[-1] == "OK"


def test_a_stored_message_is_sent_from_its_slot(user: ModemUser) -> None:
    user.send(f"AT+CMGW={len(pdu()) - 1}\r")
    user.wait(200)
    user.send(pdu().hex() + "\x1a")
    assert user.wait(1000) == ["+CMGW: 1", "OK"]
    assert user.command("AT+CMSS=1") == ["+CMSS: 1", "OK"]
    user.wait(2000)
    assert user.world.network.messages[0].text == "hello"


def test_sending_without_network_or_centre(user: ModemUser) -> None:
    user.command('AT+CSCA=""')
    assert user.send_pdu(pdu()) == ["+CMS ERROR: 330"]
    user.command('AT+CSCA="+358508771010"')
    user.world.network.lose()
    user.world.run_for(5000)
    assert user.send_pdu(pdu()) == ["+CMS ERROR: 331"]


# -- what a driver meets on the line ----------------------------------------------------------


def test_an_answer_split_at_every_byte_is_the_same_text(user: ModemUser) -> None:
    answer = "\r\n+CSQ: 23,0\r\n\r\nOK\r\n"
    for at in range(1, len(answer)):
        user.world.line.to_device.hook = lambda data, at=at: [data[:at], data[at:]]
        user.send("AT+CSQ\r")
        user.world.run_for(50)
        assert user.peek() == answer
        assert len([c for c in user.chip.chunks if c[1]]) == (2 if at < len(answer) else 1)
        user.take()


def test_a_command_in_single_bytes(user: ModemUser) -> None:
    for c in "AT+CSQ\r":
        user.send(c)
        user.world.run_for(3)
    assert user.wait(50) == ["+CSQ: 23,0", "OK"]


def test_bytes_are_counted_both_ways(user: ModemUser) -> None:
    line = user.world.line
    before = line.to_modem.sent, line.to_device.sent
    user.command("AT+CSQ")
    after = line.to_modem.sent, line.to_device.sent
    assert (after[0] - before[0], after[1] - before[1]) == (7, 20)


def test_the_time_of_a_command_is_that_of_its_bytes_and_its_latency(user: ModemUser) -> None:
    start = user.world.now
    user.command("AT+CSQ")
    # 7 bytes: 0.61 ms; 5 ms; 20 bytes: 1.74 ms; each arrival at a whole millisecond.
    assert user.world.now - start == 1 + 5 + 2


def test_slow_clock_swallows_the_first_burst(user: ModemUser) -> None:
    user.command("AT+CSCLK=2")
    user.world.run_for(6000)
    assert user.command("AT", 1000) == []
    assert user.command("AT") == ["OK"]


def test_tones_only_into_a_call(user: ModemUser) -> None:
    assert user.command('AT+VTS="1"') == ["+CME ERROR: 3"]
    user.world.network.treat_calls("+1", "answer")
    user.command("ATD+1;")
    user.world.run_for(10_000)
    assert user.command('AT+VTS="12#"') == ["OK"]
