# SPDX-License-Identifier: MIT
"""What the simulated SIM800L shows: echo, errors, character sets, USSD texts, phone books."""

from __future__ import annotations

import pytest

from tools.bench.modem import charset
from tools.bench.network.tpdu import ALPHABET, EXTENSION
from tools.bench.world.by_hand import ModemUser

ANN = "+358401111111"
EVERY_LETTER = "".join(c for c in ALPHABET if c != "\x1b") + "".join(EXTENSION.values())


@pytest.fixture
def user() -> ModemUser:
    return ModemUser()


# -- echo and errors --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("AT", "OK"),
        ("AT+NOSUCH", "+CME ERROR: 100"),
        ("AT#", "+CME ERROR: 100"),
        ("AT+CMEE=7", "+CME ERROR: 3"),
    ],
)
def test_the_echo_comes_before_the_answer(user: ModemUser, command: str, answer: str) -> None:
    user.command("ATE1")
    user.take()
    user.send(command + "\r")
    user.world.run_for(400)
    assert user.take() == f"{command}\r\r\n{answer}\r\n"


def test_the_echo_of_a_body_comes_behind_the_prompt(user: ModemUser) -> None:
    user.command("ATE1")
    user.take()
    user.send("AT+CMGS=20\r")
    user.world.run_for(400)
    assert user.take() == "AT+CMGS=20\r\r\n> "
    user.send("0\x1b")
    user.world.run_for(400)
    assert user.take() == "0\r\nOK\r\n"


@pytest.mark.parametrize(
    ("level", "shown"), [(0, "ERROR"), (1, "+CME ERROR: 100"), (2, "+CME ERROR: unknown")]
)
@pytest.mark.parametrize(
    "command", ["AT+NOSUCH", "AT+NOSUCH=1", "AT+NOSUCH?", "AT+CSQ=1", "ATJ", "AT#SHOW"]
)
def test_a_command_that_is_not_known(
    user: ModemUser, level: int, shown: str, command: str
) -> None:
    user.command(f"AT+CMEE={level}")
    assert user.command(command) == [shown]


# -- character sets ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["GSM", "UCS2", "HEX"])
def test_a_whole_alphabet_there_and_back(name: str) -> None:
    shown = charset.show(name, EVERY_LETTER)
    assert charset.understand(name, shown) == EVERY_LETTER
    assert max(map(ord, shown)) < 128


def test_each_character_set_has_its_bytes() -> None:
    text = "@£Å[€]Ж"
    assert charset.show("GSM", text).encode("latin-1") == bytes.fromhex("00010e1b3c1b651b3e3f")
    assert charset.show("8859-1", text) == charset.show("IRA", text) == "@£Å[?]?"
    assert charset.show("PCCP", text).encode("latin-1") == b"@\x9c\x8f[?]?"
    assert charset.show("UCS2", text) == "004000A300C5005B20AC005D0416"
    assert charset.show("HEX", "@€") == "001B65"


@pytest.mark.parametrize(
    ("name", "wrong"), [("GSM", "\x80"), ("HEX", "xy"), ("HEX", "80"), ("UCS2", "00")]
)
def test_what_is_not_of_a_character_set_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        charset.understand(name, wrong)


def test_text_mode_in_the_default_alphabet(user: ModemUser) -> None:
    user.command('AT+CMGF=1;+CSCS="GSM"')
    user.world.network.deliver("+358401", "Price: 5 € @ home_1")
    user.wait(3000)
    assert user.command("AT+CMGR=1")[1] == "Price: 5 \x1be \x00 home\x111"
    user.send('AT+CMGS="+358407"\r')
    user.world.run_for(200)
    user.take()
    user.send(b"a\x00b\x11c\x1a")
    assert user.wait(5000) == ["+CMGS: 1", "OK"]
    assert user.world.network.messages[0].text == "a@b_c"


def test_an_operator_with_any_name(user: ModemUser) -> None:
    user.world.network.operator = "Жовтень €"
    assert user.command("AT+COPS?") == ['+COPS: 0,0,"??????? ?"', "OK"]
    assert user.command("AT+COPS=3,2;+COPS?") == ['+COPS: 0,2,"24405"', "OK"]
    user.command("AT+CLTS=1;&W;+CFUN=1,1")
    assert any(line.startswith("*PSNWID:") for line in user.wait(15_000))


# -- USSD -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [("IRA", b"5 ?, \xe9"), ("GSM", b"5 \x1be, \x05"), ("UCS2", b"0035002020AC002C002000E9")],
)
def test_an_operators_text_in_each_character_set(user: ModemUser, name: str, shown: bytes) -> None:
    user.command(f'AT+CSCS="{name}"')
    user.world.network.ussd = {"*100#": "5 €, é"}
    code = charset.show(name, "*100#")
    assert user.command(f'AT+CUSD=1,"{code}"') == ["OK"]
    assert user.wait(5000) == [f'+CUSD: 0, "{shown.decode("latin-1")}", 15']


def test_the_coding_scheme_is_the_operators(user: ModemUser) -> None:
    user.world.network.ussd = {"*100#": "5.00"}
    user.world.network.ussd_dcs = 2
    user.command('AT+CUSD=1,"*100#"')
    assert user.wait(5000) == ['+CUSD: 0, "5.00", 2']


# -- phone books, packet service --------------------------------------------------------------


def test_phone_books(user: ModemUser) -> None:
    user.world.sim.phonebooks["SM"] = {1: ("+358401", "Ann"), 250: ("112", "Hätä")}
    assert user.command("AT+CPBS=?") == ['+CPBS: ("SM","ME","ON","FD")', "OK"]
    assert user.command("AT+CPBS?") == ['+CPBS: "SM",2,250', "OK"]
    assert user.command("AT+CPBR=?") == ["+CPBR: (1-250),40,14", "OK"]
    assert user.command("AT+CPBR=1") == ['+CPBR: 1,"+358401",145,"Ann"', "OK"]
    assert user.command("AT+CPBR=2") == ["OK"]
    user.command('AT+CSCS="UCS2"')
    assert user.command("AT+CPBR=1,250") == [
        '+CPBR: 1,"+358401",145,"0041006E006E"',
        '+CPBR: 250,"112",129,"004800E4007400E4"',
        "OK",
    ]
    assert user.command('AT+CPBS="ON"') == ["OK"]
    assert user.command("AT+CPBS?") == ['+CPBS: "ON",0,3', "OK"]
    assert user.command("AT+CPBR=4") == ["+CME ERROR: 3"]
    assert user.command('AT+CPBS="XX"') == ["+CME ERROR: 3"]


def test_a_phone_book_is_read_when_call_ready_is_said() -> None:
    user = ModemUser(ready=False)
    user.world.power_on()
    user.world.run_for(500)
    assert user.world.run_until(lambda: "+CPIN: READY" in user.peek(), 9000)
    user.command("ATE0;+CMEE=1")
    assert user.command("AT+CPBS?") == ["+CME ERROR: 14"]
    assert user.world.run_until(lambda: "Call Ready" in user.peek(), 9000)
    user.take()
    assert user.command("AT+CPBS?")[-1] == "OK"


def test_attached_to_the_packet_service_while_registered(user: ModemUser) -> None:
    assert user.command("AT+CGATT?") == ["+CGATT: 1", "OK"]
    assert user.command("AT+CGATT=0;+CGATT?") == ["+CGATT: 0", "OK"]
    assert user.command("AT+CGATT=1;+CGATT?") == ["+CGATT: 1", "OK"]
    user.world.network.lose()
    user.world.run_for(5000)
    assert user.command("AT+CGATT?") == ["+CGATT: 0", "OK"]


# -- status reports ---------------------------------------------------------------------------


def test_status_reports_in_text_mode(user: ModemUser) -> None:
    user.command("AT+CMGF=1;+CSMP=49,167,0,0;+CNMI=2,1,0,1,0")
    shown = f'"{ANN}",145,"26/01/05,12:00:1'

    def send() -> list[str]:
        user.send(f'AT+CMGS="{ANN}"\r')
        user.world.run_for(200)
        user.send("x\x1a")
        return user.wait(10_000)

    report = send()[-1]
    assert report.startswith(f"+CDS: 6,1,{shown}") and report.endswith('+00",0')
    user.command("AT+CNMI=2,1,0,2,0")
    assert send()[-1] == '+CDSI: "SM",1'
    head, ok = user.command("AT+CMGR=1")
    assert head.startswith(f'+CMGR: "REC UNREAD",6,2,"{ANN}",145,') and ok == "OK"
    head, ok = user.command('AT+CMGL="ALL"')
    assert head.startswith(f'+CMGL: 1,"REC READ",6,2,"{ANN}",145,') and ok == "OK"
