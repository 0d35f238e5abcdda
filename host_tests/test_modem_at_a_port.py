# SPDX-License-Identifier: MIT
"""The simulated modem alone, in real time; and as a "real" one for the firmware.

What programs of others make of it: host_tests/interop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
import serial

from host_tests.interop.modem import ANN, SPEED, ModemProcess
from tools.bench.modem.console import HELP, CommandError
from tools.bench.modem.tool import ModemTool
from tools.bench.scenario.real_modem import RealModemWorld


@pytest.fixture(params=["--pty", "--tcp"])
def tool(request: pytest.FixtureRequest) -> Iterator[ModemProcess]:
    process = ModemProcess(*(["--pty"] if request.param == "--pty" else ["--tcp", "0"]))
    yield process
    process.close()


def test_a_program_at_its_port_meets_a_modem(tool: ModemProcess) -> None:
    tool.wait("creg 1")
    with serial.serial_for_url(tool.place, timeout=30) as port:
        port.write(b"AT\r")
        assert port.read_until(b"OK\r\n").endswith(b"\r\nOK\r\n")
        port.write(b"ATE0\r")
        port.read_until(b"OK\r\n")
        tool.do(f"ring {ANN}")
        port.write(b"AT+CLIP=1\r")
        assert b"RING" in port.read_until(b"RING\r\n")
        tool.do(f"hang up {ANN}")
        assert b"NO CARRIER" in port.read_until(b"NO CARRIER\r\n")
    tool.do("nonsense")
    tool.wait("nonsense? See help")


@pytest.mark.parametrize("family", ["a7670", "sim7600"])
def test_a_program_at_its_port_meets_a_modem_of_the_family(family: str) -> None:
    with (
        ModemProcess("--pty", "--family", family, speed=4 * SPEED) as tool,
        serial.serial_for_url(tool.place, timeout=30) as port,
    ):
        tool.wait("creg 1")
        for command in (b"ATE0", b"AT+CLIP=1", b"AT+CGMM"):
            port.write(command + b"\r")
            answer = port.read_until(b"OK\r\n")
        assert family.upper().encode() in answer
        tool.do(f"ring {ANN}")
        assert b"RING" in port.read_until(b'",145,,,,0')
        tool.do(f"hang up {ANN}")
        assert b"MISSED_CALL: " in port.read_until(ANN.encode() + b"\r\n")


def test_the_firmware_on_a_real_modem() -> None:
    """The whole firmware, its modem at the other end of a socket, in real time."""
    tool = ModemProcess("--tcp", "0")
    try:
        world = RealModemWorld(tool.place)
        world.power_on()
        told: list[str] = []
        world.observe(lambda kind, text: told.append(f"{kind} {text}"))
        begin = time.monotonic()

        def live(done: str, seconds: float) -> None:
            end = time.monotonic() + seconds
            while not any(done in line for line in [*told, *tool.lines]):
                assert time.monotonic() < end, (done, told[-10:], tool.lines)
                world.run_for(max(0, int((time.monotonic() - begin) * 1000 * SPEED) - world.now))
                time.sleep(0.005)

        live("modem: on line", 30)
        assert world.online
        tool.do(f"sms {ANN} ON")
        live(f"sms_to {ANN} Power socket ON", 20)
        assert world.relay_on
        world.close()
    finally:
        tool.close()


def test_a_real_modem_whose_port_goes_away() -> None:
    tool = ModemProcess("--tcp", "0")
    world = RealModemWorld(tool.place)
    told: list[str] = []
    world.observe(lambda kind, text: told.append(f"{kind} {text}"))
    tool.close()
    for _ in range(50):
        world.run_for(20)
        time.sleep(0.002)
    assert any("no connection" in line for line in told), told
    assert not world.online
    world.close()


def test_what_is_typed_changes_network_and_modem() -> None:
    async def scenario() -> list[str]:
        shown: list[str] = []
        tool = ModemTool(shown.append)
        tool.modem.power(True)
        for line in (
            "sms 16400 A short code\\nof two lines",
            "flash +358402222222 Look!",
            "habits ussd-tight clip-lost",
            "habits",
            "ring hidden",
            "hang up hidden",
            f"phone {ANN} reject",
            "ussd *100# Balance 5",
            "ussd *101#",
            "network lost",
            "network back",
            "offer calls off",
            "offer calls on",
            "offer 2G off",
            "signal -85",
            "signal none",
            "time none",
            "sim pin",
            "sim out",
            "sim in",
            "sim full",
            "modem deaf",
            "modem brown-out",
            "modem restart",
            "modem hang",
            "modem off",
            "modem on",
            "trace on",
            "trace off",
        ):
            tool.do(line)
        assert tool.network.voice and not tool.network.gsm
        assert tool.network.ussd == {"*100#": "Balance 5", "*101#": None}
        return shown

    assert "sms_from 16400 A short code\nof two lines" in asyncio.run(scenario())
    assert all(word in HELP for word in ("sms", "ring", "network"))


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "sms",
        "ring",
        "phone 1 x",
        "signal x",
        "sim",
        "ussd",
        "sms Ж x",
        "habits odd",
        "offer fax on",
        "offer SMS",
    ],
)
def test_what_is_no_command_is_refused(line: str) -> None:
    async def scenario() -> None:
        with pytest.raises(CommandError):
            ModemTool(lambda shown: None).do(line)

    asyncio.run(scenario())
