# SPDX-License-Identifier: MIT
"""Somebody at a simulated modem of a family, and what the families say at a start."""

from __future__ import annotations

from typing import Any

from tools.bench.network import tpdu
from tools.bench.world.by_hand import ModemUser

ANN = "+358401"
LTE = ("a7670", "sim7600")
BOOT = {
    "a7670": ["*ATREADY: 1", "+CPIN: READY", "SMS DONE", "PB DONE"],
    "sim7600": ["RDY", "+CPIN: READY", "SMS DONE", "PB DONE"],
    "sim800l": ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"],
}


def of(family: str, ready: bool = True, **options: Any) -> ModemUser:
    """Return somebody at a modem of a family."""
    return ModemUser(ready, family=family, **options)


def boot(user: ModemUser, ms: int = 22_000) -> list[str]:
    """Wait for a start; return what the modem has said, but for its connections."""
    return [line for line in user.wait(ms) if not line.startswith(("\0", "+CGEV"))]


def pdu(text: str = "hello") -> bytes:
    """Return a message to be sent."""
    septets = tpdu.to_septets(text)
    head = b"\0\x01\0" + tpdu.encode_address(ANN)
    return head + bytes((0, 0, len(septets))) + tpdu.pack(septets)
