# SPDX-License-Identifier: MIT
"""The modem's character sets (AT+CSCS): how it shows a text on its line, and reads one.

What stands on the line is a str here, one character a byte. 27.005, annex A, says what a set has
to show of the GSM default alphabet; a letter that it lacks is shown as a question mark.
"""

from __future__ import annotations

from tools.bench.network.tpdu_fields import SEPTETS, from_septets

CHARSETS = ("IRA", "GSM", "UCS2", "HEX", "PCCP", "PCDN", "8859-1")
# IRA is ASCII by the manual; modules send the letters of Western Europe as in ISO 8859-1.
_CODECS = {"IRA": "latin-1", "8859-1": "latin-1", "PCCP": "cp437", "PCDN": "cp865"}


def show(charset: str, text: str) -> str:
    """Return a text as the modem shows it."""
    if charset == "UCS2":
        return text.encode("utf-16-be", "surrogatepass").hex().upper()
    if charset in ("GSM", "HEX"):
        septets = bytes(s for c in text for s in SEPTETS.get(c, SEPTETS["?"]))
        return septets.decode("latin-1") if charset == "GSM" else septets.hex().upper()
    return text.encode(_CODECS[charset], "replace").decode("latin-1")


def understand(charset: str, shown: str) -> str:
    """Return the text that was typed. ValueError: it is not of that character set."""
    if charset == "UCS2":
        return bytes.fromhex(shown).decode("utf-16-be")
    if charset in ("GSM", "HEX"):
        septets = bytes.fromhex(shown) if charset == "HEX" else shown.encode("latin-1")
        if any(septet > 127 for septet in septets):
            raise ValueError("not in the GSM default alphabet")
        return from_septets(septets)
    return shown.encode("latin-1").decode(_CODECS[charset])
