"""The simulated modem alone, in real time, with real AT programs; and as a "real" one for the
firmware."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from gsmmodem.modem import GsmModem, Sms

from tools.bench.modem_prompt import HELP, CommandError
from tools.bench.modem_tool import ModemTool
from tools.bench.real_modem import RealModemWorld

ROOT = Path(__file__).parent.parent
SPEED = 10
ANN = "+358401111111"


class Process:
    """The tool as a program of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.bench", "modem", "--speed", str(SPEED), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT}/lib"},
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        match = re.match(r"SIM800L on (\S+);", first)
        assert match is not None, first
        self.place = match[1]
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def do(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def wait(self, text: str, seconds: float = 20) -> None:
        """Wait until a line says so."""
        end = time.monotonic() + seconds
        while not any(text in line for line in self.lines):
            assert time.monotonic() < end, (text, self.lines)
            time.sleep(0.02)

    def close(self) -> None:
        if self.process.poll() is None:
            self.do("quit")
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@pytest.fixture(params=["--pty", "--tcp"])
def tool(request: pytest.FixtureRequest) -> Iterator[Process]:
    process = Process(*(["--pty"] if request.param == "--pty" else ["--tcp", "0"]))
    yield process
    process.close()


def test_pyserial(tool: Process) -> None:
    tool.wait("creg 1")
    with serial.serial_for_url(tool.place, timeout=5) as port:
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


def test_python_gsmmodem() -> None:
    """A driver that others wrote: it connects, sends, is sent to. It knows no URLs: a pty."""
    tool = Process("--pty")
    try:
        _drive(tool)
    finally:
        tool.close()


def _drive(tool: Process) -> None:
    tool.wait("creg 1")
    time.sleep(0.5)  # SMS Ready
    received: list[Sms] = []
    modem = GsmModem(tool.place, 115200, smsReceivedCallbackFunc=received.append)
    modem.connect()
    try:
        modem.smsTextMode = False
        assert modem.networkName == "TestNet"
        modem.sendSms(ANN, "Hello from a driver")
        tool.wait(f"sms_to {ANN} Hello from a driver")
        tool.do("sms +358402222222 Hello driver")
        end = time.monotonic() + 20
        while not received and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)  # it deletes the message in a thread of its own
        assert [(m.number, m.text) for m in received] == [("+358402222222", "Hello driver")]
    finally:
        modem.close()


def test_the_firmware_on_a_real_modem() -> None:
    """The whole firmware, its modem at the other end of a socket, in real time."""
    tool = Process("--tcp", "0")
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
    tool = Process("--tcp", "0")
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


def test_the_prompt() -> None:
    async def scenario() -> list[str]:
        shown: list[str] = []
        tool = ModemTool(shown.append)
        tool.modem.power(True)
        for line in (
            "sms 16400 A short code\\nof two lines",
            "ring hidden",
            "hang up hidden",
            f"phone {ANN} reject",
            "ussd *100# Balance 5",
            "ussd *101#",
            "network lost",
            "network back",
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
        assert tool.network.ussd == {"*100#": "Balance 5", "*101#": None}
        for wrong in ("x", "sms", "ring", "phone 1 x", "signal x", "sim", "ussd", "sms Ж x"):
            with pytest.raises(CommandError):
                tool.do(wrong)
        return shown

    assert "sms_from 16400 A short code\nof two lines" in asyncio.run(scenario())
    assert all(word in HELP for word in ("sms", "ring", "network"))
