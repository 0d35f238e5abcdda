# SPDX-License-Identifier: MIT
"""A program at the modem's line in the place of the firmware, worked by hand: for tests of the
bench itself, and to see what the modem says.
"""

from __future__ import annotations

from typing import Any

from tools.bench.world.world import Host, World

FINALS = ("OK", "ERROR", "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE")


class HandChip:
    """A chip that only notes what comes in, and sends what a test has it send.

    Attributes:
        chunks: (time, bytes) from the modem.
        inputs: (time, name, argument) of everything else.
        infos: what each boot was given.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.alive = False
        self.until = 0
        self.chunks: list[tuple[int, bytes]] = []
        self.inputs: list[tuple[int, str, str]] = []
        self.infos: list[dict[str, Any]] = []

    def boot(self, now: int, info: dict[str, Any]) -> int | None:
        self.alive = True
        self.infos.append(info)
        return None

    def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None:
        for name, arg in inputs:
            if name == "uart":
                self.chunks.append((now, bytes.fromhex(arg)))
            else:
                self.inputs.append((now, name, arg))
        return None

    def kill(self) -> None:
        self.alive = False


class ModemUser:
    """A world with a modem and somebody who types AT commands.

    Args:
        ready: power on, and wait until the modem has registered and can take messages.
        options: for the world.
    """

    def __init__(self, ready: bool = True, **options: Any) -> None:
        self.chips: list[HandChip] = []
        self.world = World(chip_factory=self._make, **options)
        if ready:
            self.world.power_on()
            family = self.world.modem.family
            self.world.run_for(family.sim_ms + family.call_ready_ms + 2000)
            self.command("ATE0")
            self.command("AT+CMEE=1")
            self.take()

    def _make(self, host: Host) -> HandChip:
        self.chips.append(HandChip(host))
        return self.chips[-1]

    @property
    def chip(self) -> HandChip:
        """The chip of the last boot."""
        return self.chips[-1]

    def output(self, name: str, arg: str = "") -> None:
        """Let the chip output something."""
        self.chip.host.output(name, arg)

    def send(self, text: str | bytes) -> None:
        """Write to the modem."""
        data = text.encode("latin-1") if isinstance(text, str) else text
        self.output("uart", data.hex())

    def peek(self) -> str:
        """Return all that has come from the modem since the last `take`."""
        return b"".join(data for _, data in self.chip.chunks).decode("latin-1")

    def take(self) -> str:
        """Return it, and begin again."""
        text = self.peek()
        self.chip.chunks.clear()
        return text

    def lines(self) -> list[str]:
        """Take what came, as lines without the empty ones."""
        return [line for line in self.take().replace("\r", "\n").split("\n") if line]

    def wait(self, ms: int) -> list[str]:
        """Let time pass; return the lines that came up to its end."""
        self.world.run_for(ms)
        return self.lines()

    def _final(self) -> bool:
        lines = self.peek().split("\r\n")
        return any(line in FINALS or line[:11] in ("+CME ERROR:", "+CMS ERROR:") for line in lines)

    def command(self, text: str, timeout: int = 130_000) -> list[str]:
        """Type a command; return the lines up to its final result, or to the timeout."""
        self.send(text + "\r")
        self.world.run_until(self._final, timeout)
        return self.lines()

    def send_pdu(self, pdu: bytes, length: int | None = None, timeout: int = 130_000) -> list[str]:
        """Send a message in PDU mode (service centre address first); return what came."""
        self.send(f"AT+CMGS={len(pdu) - 1 - pdu[0] if length is None else length}\r")
        if not self.world.run_until(lambda: self.peek().endswith("\r\n> "), timeout):
            return self.lines()
        self.take()
        self.send(pdu.hex().upper() + "\x1a")
        self.world.run_until(self._final, timeout)
        return self.lines()
