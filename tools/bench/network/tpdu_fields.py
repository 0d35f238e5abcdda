# SPDX-License-Identifier: MIT
"""Fields of the network's SMS codec (3GPP 23.038, 23.040): alphabet, addresses, time stamps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ESCAPE = 0x1B
SEPTETS: dict[str, tuple[int, ...]] = {c: (i,) for i, c in enumerate(ALPHABET) if i != ESCAPE}
SEPTETS.update({c: (ESCAPE, i) for i, c in EXTENSION.items()})

INTERNATIONAL = 0x91
NATIONAL = 0xA1
UNKNOWN = 0x81
ALPHANUMERIC = 0xD0
_DIGITS = "0123456789*#abc"


class TpduError(ValueError):
    """A TPDU that does not hold together; the modem answers CMS 304."""


# -- 7-bit ------------------------------------------------------------------------------------


def is_gsm7(text: str) -> bool:
    """Return True if the default alphabet and its extension can say `text`."""
    return all(c in SEPTETS for c in text)


def to_septets(text: str) -> list[int]:
    """Return the septets of `text`, escapes included. KeyError: not in the alphabet."""
    return [septet for c in text for septet in SEPTETS[c]]


def from_septets(septets: Iterable[int]) -> str:
    """Return the text; an unknown extension shows as its basic letter (23.038 6.2.1.1)."""
    out: list[str] = []
    escaped = False
    for septet in septets:
        if escaped:
            out.append(EXTENSION.get(septet) or (" " if septet == ESCAPE else ALPHABET[septet]))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            out.append(ALPHABET[septet])
    return "".join(out)


def pack(septets: Iterable[int], fill: int = 0) -> bytes:
    """Pack septets into octets behind `fill` empty bits."""
    number, bits = 0, fill
    for septet in septets:
        number |= septet << bits
        bits += 7
    return number.to_bytes((bits + 7) // 8, "little")


def unpack(data: bytes, count: int, fill: int = 0) -> list[int]:
    """Return `count` septets of `data` behind `fill` bits. TpduError: it is too short."""
    if (fill + count * 7 + 7) // 8 > len(data):
        raise TpduError("user data is shorter than its length says")
    number = int.from_bytes(data, "little") >> fill
    return [(number >> (7 * i)) & 0x7F for i in range(count)]


# -- addresses and time -----------------------------------------------------------------------


def swap_digits(digits: str) -> bytes:
    """Return digits as swapped half octets, filled up with F."""
    digits += "f" * (len(digits) % 2)
    return bytes.fromhex("".join(digits[i + 1] + digits[i] for i in range(0, len(digits), 2)))


def _semi_octet(c: str) -> str:
    return {"*": "a", "#": "b", "a": "c", "b": "d", "c": "e"}.get(c, c)


def encode_address(address: str) -> bytes:
    """Return length, type and value of an address.

    "+.." is international, "0.." national, other digits (short codes) unknown, anything else
    alphanumeric; the empty address is one that is absent.
    """
    if not address:
        return bytes((0, 0x80))
    digits = address.removeprefix("+")
    if digits and all(c in "0123456789*#" for c in digits):
        kind = INTERNATIONAL if address[0] == "+" else NATIONAL if digits[0] == "0" else UNKNOWN
        return bytes((len(digits), kind)) + swap_digits("".join(map(_semi_octet, digits)))
    septets = to_septets(address)
    if len(septets) > 11:
        raise TpduError(f"an alphanumeric address has at most 11 letters: {address}")
    return bytes(((len(septets) * 7 + 3) // 4, ALPHANUMERIC)) + pack(septets)


def decode_address(data: bytes) -> tuple[str, bytes]:
    """Return the address that `data` begins with, and what follows it."""
    if len(data) < 2:
        raise TpduError("no address")
    length, kind = data[0], data[1]
    size = (length + 1) // 2
    value, rest = data[2 : 2 + size], data[2 + size :]
    if length > 20 or len(value) < size:
        raise TpduError("address is cut off")
    if kind & 0x70 == 0x50:
        text = from_septets(unpack(value, length * 4 // 7))
        return text, rest
    digits = ""
    for octet in value:
        digits += "".join("?" if n == 15 else _DIGITS[n] for n in (octet & 15, octet >> 4))
    digits = digits[:length]
    if "?" in digits:
        raise TpduError("filler inside an address")
    return ("+" if kind & 0x70 == 0x10 else "") + digits, rest


def encode_time(moment: datetime) -> bytes:
    """Return a time stamp: local time and its zone in quarter hours, negative ones marked."""
    offset = moment.utcoffset()
    quarters = 0 if offset is None else int(offset.total_seconds()) // 900
    zone = f"{abs(quarters):02d}"
    stamp = bytearray(swap_digits(moment.strftime("%y%m%d%H%M%S") + zone))
    if quarters < 0:
        stamp[6] |= 0x08
    return bytes(stamp)


def decode_time(data: bytes) -> datetime:
    """Return the aware moment of a 7-octet time stamp."""
    if len(data) < 7:
        raise TpduError("time stamp is cut off")
    fields = [(octet & 15) * 10 + (octet >> 4) for octet in data[:6]]
    last = data[6]
    quarters = (last & 7) * 10 + (last >> 4)
    offset = timedelta(minutes=15 * (-quarters if last & 8 else quarters))
    try:
        year, month, day, hour, minute, second = fields
        zone = timezone(offset)
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as error:
        raise TpduError(f"time stamp: {error}") from None
