# SPDX-License-Identifier: MIT
"""Each habit of the simulated SIM800L: what is on its line, and what lib/sim800 makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from sim800.sms import encode_submit

from host_tests.modem_rig import Rig, play
from tools.bench.modem.habits import HABITS, Habits, habits
from tools.bench.network import tpdu
from tools.bench.network.tpdu_fields import SEPTETS
from tools.bench.world.by_hand import ModemUser

ANN = "+358401111111"


def user(*names: str, clip: bool = False) -> ModemUser:
    """Return somebody at a modem with these habits, that has been ready for a while."""
    made = ModemUser(habits=names)
    if clip:
        made.command("AT+CLIP=1")
    made.wait(1000)
    return made


def starting(*names: str) -> ModemUser:
    """Return somebody at a modem that starts: `+CPIN: READY` was said, `SMS Ready` was not."""
    made = ModemUser(ready=False, habits=names)
    made.world.power_on()
    made.world.run_for(1000)
    assert made.world.run_until(lambda: "+CPIN: READY" in made.peek(), 9000)
    made.command("ATE0;+CMEE=1")
    return made


def ready(made: ModemUser, within: int) -> bool:
    return made.world.run_until(lambda: "SMS Ready" in made.peek(), within)


def test_without_habits_it_is_as_the_manual_says() -> None:
    assert habits([]) == Habits()
    assert all(habits([name]) != Habits() for name in HABITS)
    with pytest.raises(KeyError):
        habits(["nonsense"])


# -- its start --------------------------------------------------------------------------------

STORAGE = 'AT+CPMS="SM","SM","SM"'


def test_the_mode_is_refused_until_the_messages_are_read() -> None:
    plain = starting()
    assert plain.command(STORAGE) == ["+CMS ERROR: 314"]
    assert plain.command("AT+CMGF=0") == ["OK"]
    modem = starting("cmgf-waits")
    assert modem.command(STORAGE) == ["+CPMS: 0,20,0,20,0,20", "OK"]
    assert modem.command("AT+CMGF=0") == ["+CME ERROR: 3"]
    assert ready(modem, 6000)
    modem.take()
    assert modem.command("AT+CMGF=0") == ["OK"]
    modem = starting("cmgf-waits-error")
    assert modem.command(STORAGE) == ["ERROR"]
    assert modem.command("AT+CMGF=0") == ["ERROR"]
    assert ready(modem, 6000)
    modem.take()
    assert modem.command(STORAGE + ";+CMGF=0")[-1] == "OK"


def test_how_late_it_is_ready() -> None:
    assert ready(starting(), 5000)
    late = starting("sms-ready-late")
    assert not ready(late, 39_000)
    assert "Call Ready" in late.peek()
    assert ready(late, 2000)


def test_noise_as_it_powers_up_and_later() -> None:
    modem = user("power-up-noise", "idle-noise")
    modem.world.modem.restart()
    modem.take()
    modem.world.run_for(12_000)
    came = modem.peek()
    assert came.startswith("\0" * 12 + "\xff" * 24)
    assert came[36:].count("\0\xff\xff\xff") == 4


def test_warnings_each_second() -> None:
    modem = user("under-voltage")
    assert modem.wait(3100) == ["UNDER-VOLTAGE WARNNING"] * 3
    modem.world.modem.adopt()
    assert modem.wait(5000) == []


# -- answers ----------------------------------------------------------------------------------


def test_answers_that_come_twice() -> None:
    modem = user("answers-twice")
    modem.send("AT+CSQ\r")
    assert modem.wait(100) == ["+CSQ: 23,0", "OK", "+CSQ: 23,0", "OK"]
    modem.world.modem.adopt("answers-twice-late")
    modem.send("AT+CSQ\r")
    assert modem.wait(100) == ["+CSQ: 23,0", "OK"]
    assert modem.wait(300) == ["+CSQ: 23,0", "OK"]


def test_a_message_that_is_sent_without_a_reference() -> None:
    modem = user("no-reference")
    septets = tpdu.to_septets("hello")
    body = b"\0\x01\0" + tpdu.encode_address(ANN) + bytes((0, 0, 5)) + tpdu.pack(septets)
    assert modem.send_pdu(body) == ["OK"]
    modem.world.run_for(2000)
    assert modem.world.network.messages[0].text == "hello"


def test_registration_that_is_never_reported() -> None:
    modem = user("creg-stays-0")
    assert modem.command("AT+CREG=1;+CREG?") == ["+CREG: 0,1", "OK"]
    modem.world.network.lose()
    assert modem.wait(5000) == []


def test_how_a_message_is_announced() -> None:
    modem = user("cmti-sl")
    modem.world.network.deliver(ANN, "x")
    assert modem.wait(3000) == ['+CMTI: "SL",1     ']


# -- calls ------------------------------------------------------------------------------------

CLIP = f'+CLIP: "{ANN}",145,"",0,"",0'


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("no-clcc-reports", ["RING", CLIP, "RING", CLIP, "RING", CLIP]),
        ("clip-second-ring", ["RING", "RING", CLIP, "RING"]),
        ("clip-lost", ["RING", "RING", "RING"]),
        ("clip-before-ring", [CLIP, "RING", CLIP, "RING", CLIP, "RING"]),
    ],
)
def test_how_a_call_is_announced(name: str, lines: list[str]) -> None:
    modem = user(name, clip=True)
    assert modem.command("AT+CLCC=1") == ["+CME ERROR: 100"]
    modem.world.network.call(ANN)
    assert modem.wait(8000) == lines
    assert modem.command("AT+CLCC") == [f'+CLCC: 1,1,4,0,0,"{ANN}",145,""', "OK"]


@pytest.mark.parametrize("name", HABITS)
def test_the_caller_is_known(name: str) -> None:
    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.call(ANN)
        return await rig.modem.calls.incoming()

    assert play(scenario, habits=[name]).result == ANN


@pytest.mark.parametrize("name", ["answers-twice", "answers-twice-late"])
def test_a_repeated_answer_is_not_that_to_a_message(name: str) -> None:
    """The second OK of AT+CMGF=0 comes while the network is still taking the message."""

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        octets, body = encode_submit(ANN[1:], "hello", 0)[0]
        for _ in range(3):
            await rig.modem.command("AT+CMGF=0")
            await rig.modem.send_pdu(octets, body)
        return [message.text for message in rig.world.network.messages]

    assert play(scenario, habits=[name]).result == ["hello"] * 3


# -- USSD -------------------------------------------------------------------------------------

PLAIN, WIDE = "Balance 5.00", "Баланс"
HEX = {text: text.encode("utf-16-be").hex().upper() for text in (PLAIN, WIDE)}


@pytest.mark.parametrize(
    ("name", "plain", "wide"),
    [
        ("ussd-tight", f'+CUSD: 0,"{PLAIN}",15', f'+CUSD: 0,"{HEX[WIDE]}",72'),
        ("ussd-no-scheme", f'+CUSD: 0, "{PLAIN}"', f'+CUSD: 0, "{HEX[WIDE]}"'),
        ("ussd-hex", f'+CUSD: 0, "{HEX[PLAIN]}", 15', f'+CUSD: 0, "{HEX[WIDE]}", 72'),
        ("ussd-ended", f'+CUSD: 2, "{PLAIN}", 15', f'+CUSD: 2, "{HEX[WIDE]}", 72'),
        ("ussd-asks", f'+CUSD: 1, "{PLAIN}", 15', f'+CUSD: 1, "{HEX[WIDE]}", 72'),
        ("ussd-before-ok", f'+CUSD: 0, "{PLAIN}", 15', f'+CUSD: 0, "{HEX[WIDE]}", 72'),
    ],
)
def test_each_form_of_an_operators_answer(name: str, plain: str, wide: str) -> None:
    modem = user(name)
    modem.world.network.ussd = {"*1#": PLAIN, "*2#": WIDE}
    for code, line in (("*1#", plain), ("*2#", wide)):
        modem.send(f'AT+CUSD=1,"{code}"\r')
        both = ["OK", line]
        assert modem.wait(5000) == (both[::-1] if name == "ussd-before-ok" else both)

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.ussd.update({"*1#": PLAIN, "*2#": WIDE})
        return [await rig.modem.ussd(code) for code in ("*1#", "*2#")]

    # Without the scheme nothing says that digits are a text.
    read = [PLAIN, HEX[WIDE] if name == "ussd-no-scheme" else WIDE]
    assert play(scenario, habits=[name]).result == read


@pytest.mark.parametrize("habit", ["", "ussd-hex", "ussd-tight", "ussd-before-ok"])
def test_every_character_of_an_operators_answer(habit: str) -> None:
    """All of the default alphabet and its extension come as they are, and so does the rest."""
    texts = ["12 \u20ac", "\u0416 12 \u20ac", "\U0001f600"]
    letters = "".join(SEPTETS).replace("\x1b", "")
    texts += [f"<{letters[i : i + 40]}>" for i in range(0, len(letters), 40)]
    codes = {f"*{i}#": text for i, text in enumerate(texts)}

    async def scenario(rig: Rig) -> Any:
        await rig.online()
        rig.world.network.ussd.update(codes)
        return [await rig.modem.ussd(code) for code in codes]

    assert play(scenario, habits=[habit] if habit else []).result == texts


def test_a_code_that_the_operator_refuses() -> None:
    modem = user("ussd-tight")
    modem.send('AT+CUSD=1,"*9#"\r')
    assert modem.wait(5000) == ["OK", "+CUSD:4"]
