# SPDX-License-Identifier: MIT
"""Keeps passwords off the bench's screen: out of every text that the world gives to its observers.

What a message sets by `PASSWORD=` or `RENEWINTERVALPW=` is learned, and shown as stars from then
on; a PDU in the AT traffic that holds one is not shown at all. The device's replies and log are
left as they are: a secret in one of them is a fault that must be seen.
"""

from __future__ import annotations

import re

from sim800.sms import Deliver, PduError, decode

_SETTING = re.compile(r"((?:PASSWORD|RENEWINTERVALPW)\s*=\s*)(\S+)", re.IGNORECASE)
_PDU = re.compile(r"[0-9A-F]{40,}")


class Secrets:
    """The secrets that a world's owners have sent so far."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def learn(self, text: str) -> None:
        """Take the secrets that a message sets."""
        for _, value in _SETTING.findall(text):
            if value.upper() != "NO":
                self._known.add(value)

    def clean(self, kind: str, text: str) -> str:
        """Return an observation's text as it may be shown."""
        if kind == "sms_from":
            return self._starred(text)
        if kind in ("uart_tx", "uart_rx"):
            return _PDU.sub(lambda match: self._shown(match[0]), text)
        return text

    def _starred(self, text: str) -> str:
        text = _SETTING.sub(lambda match: match[1] + "*" * len(match[2]), text)
        for secret in self._known:
            text = text.replace(secret, "*" * len(secret))
        return text

    def _shown(self, pdu: str) -> str:
        try:
            message = decode(pdu)
        except PduError:
            return pdu
        if not isinstance(message, Deliver) or message.text is None:
            return pdu
        if self._starred(message.text) == message.text:
            return pdu
        return f"<PDU of {len(pdu) // 2} octets with a password>"
