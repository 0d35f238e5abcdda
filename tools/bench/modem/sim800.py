# SPDX-License-Identifier: MIT
"""A simulated SIM800L, A7670 or SIM7600, as an AT program on its serial line and a network see it.

An `at_*.py` registers its commands as it is imported.
"""

from __future__ import annotations

from typing import Any

from tools.bench.modem import (  # noqa: F401
    at_call,
    at_general,
    at_lte,
    at_network,
    at_phonebook,
    at_sms,
    at_sms_send,
    at_ussd,
)
from tools.bench.modem.module import Module


class Sim800(Module):
    """The module with its commands, on a network: for the arguments see `Module`."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self.network.modem = self

    def receive_message(self, pdu: bytes, note: str = "") -> str:
        """Take a message: "ok", "full" (no room) or "unreachable"."""
        if not self.reachable or not self.service.sms_ready or not self.service.messages:
            return "unreachable"
        return at_sms.store_received(self, pdu, note)

    def receive_report(self, pdu: bytes) -> None:
        """Take a status report."""
        if self.reachable and self.service.messages:
            at_sms.report_received(self, pdu)
