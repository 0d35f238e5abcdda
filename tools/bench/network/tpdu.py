# SPDX-License-Identifier: MIT
"""The message centre's SMS codec (3GPP 23.040, 23.038): the other side of the firmware's own.

Written independently of `lib/sim800/pdu.py`, so that each is a check on the other. A TPDU here is
without the service centre address that the modem puts in front of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tools.bench.network.tpdu_fields import (
    ALPHABET,
    EXTENSION,
    INTERNATIONAL,
    SEPTETS,
    UNKNOWN,
    TpduError,
    decode_address,
    decode_time,
    encode_address,
    encode_time,
    from_septets,
    is_gsm7,
    pack,
    swap_digits,
    to_septets,
    unpack,
)

__all__ = [
    "ALPHABET",
    "EXTENSION",
    "Part",
    "Submit",
    "TpduError",
    "coding",
    "decode_address",
    "decode_submit",
    "decode_time",
    "encode_address",
    "encode_deliver",
    "encode_smsc",
    "encode_status_report",
    "encode_time",
    "from_septets",
    "is_gsm7",
    "pack",
    "split_smsc",
    "split_text",
    "to_septets",
    "unpack",
]


CLASS_0 = 0x10  # of a data coding scheme: the class counts, and is 0

# -- SMS-SUBMIT, from the device --------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """Where a piece of a concatenated message belongs."""

    reference: int
    total: int
    number: int
    wide: bool = False  # a 16-bit reference


@dataclass(frozen=True)
class Submit:
    """What the device asks the message centre to send."""

    to: str
    text: str
    part: Part | None
    report: bool
    dcs: int
    data: bytes = b""  # user data of an 8-bit message

    @property
    def complete(self) -> bool:
        """True if it is a message in one piece."""
        return self.part is None or self.part.total == 1

    @property
    def flash(self) -> bool:
        """True if it is shown at once and kept by no phone: class 0 (23.038, 4)."""
        return self.dcs & 0xD3 == CLASS_0 or self.dcs & 0xF3 == 0xF0


def coding(dcs: int) -> str:
    """Return the alphabet that a data coding scheme means: "gsm7", "8bit" or "ucs2"."""
    if dcs & 0xC0 == 0x00 or dcs & 0xC0 == 0x40:
        if dcs & 0x20:
            raise TpduError("compressed text")
        return ("gsm7", "8bit", "ucs2", "gsm7")[(dcs >> 2) & 3]
    if dcs & 0xF0 == 0xE0:
        return "ucs2"
    if dcs & 0xF0 == 0xF0:
        return "8bit" if dcs & 4 else "gsm7"
    return "gsm7"


def _decode_header(header: bytes) -> Part | None:
    part = None
    while header:
        if len(header) < 2 or len(header) < 2 + header[1]:
            raise TpduError("user data header is cut off")
        element, value = header[0], header[2 : 2 + header[1]]
        header = header[2 + header[1] :]
        if element == 0 and len(value) == 3:
            part = Part(value[0], value[1], value[2])
        elif element == 8 and len(value) == 4:
            part = Part(value[0] << 8 | value[1], value[2], value[3], wide=True)
    if part is not None and not 1 <= part.number <= part.total:
        raise TpduError("part number out of range")
    return part


def _decode_user_data(
    dcs: int, udhi: bool, length: int, data: bytes
) -> tuple[str, bytes, Part | None]:
    alphabet = coding(dcs)
    octets = (length * 7 + 7) // 8 if alphabet == "gsm7" else length
    if octets > 140:
        raise TpduError("user data is too long")
    if len(data) != octets:
        raise TpduError(f"user data has {len(data)} octets, not {octets}")
    part, header = None, 0
    if udhi:
        if not data or data[0] + 1 > len(data):
            raise TpduError("user data header is cut off")
        header = data[0] + 1
        part = _decode_header(data[1:header])
    if alphabet == "gsm7":
        skipped = (header * 8 + 6) // 7
        return from_septets(unpack(data, length)[skipped:]), b"", part
    body = data[header:]
    if alphabet == "8bit":
        return body.hex().upper(), body, part
    try:
        return body.decode("utf-16-be", "surrogatepass"), b"", part
    except UnicodeDecodeError:
        raise TpduError("UCS2 text with half a character") from None


def decode_submit(tpdu: bytes) -> Submit:
    """Decode an SMS-SUBMIT. TpduError: it is none, or does not hold together."""
    if len(tpdu) < 2 or tpdu[0] & 3 != 1:
        raise TpduError("not an SMS-SUBMIT")
    first = tpdu[0]
    to, rest = decode_address(tpdu[2:])
    if not to:
        raise TpduError("no destination")
    if len(rest) < 2:
        raise TpduError("cut off after the address")
    dcs = rest[1]
    validity = (0, 7, 1, 7)[(first >> 3) & 3]
    rest = rest[2 + validity :]
    if not rest:
        raise TpduError("cut off before the user data")
    text, data, part = _decode_user_data(dcs, bool(first & 0x40), rest[0], rest[1:])
    return Submit(to, text, part, bool(first & 0x20), dcs, data)


# -- SMS-DELIVER and SMS-STATUS-REPORT, to the device -----------------------------------------


def split_text(text: str) -> tuple[bool, list[str]]:
    """Return whether UCS2 is needed, and the text in as many parts as it takes.

    160 septets or 70 units in one piece, 153 or 67 in parts. No escape sequence and no surrogate
    pair is split.
    """
    ucs2 = not is_gsm7(text)

    def size(c: str) -> int:
        return len(c.encode("utf-16-be", "surrogatepass")) // 2 if ucs2 else len(SEPTETS[c])

    whole, piece = (70, 67) if ucs2 else (160, 153)
    if sum(map(size, text)) <= whole:
        return ucs2, [text]
    parts, room = [""], piece
    for c in text:
        if size(c) > room:
            parts.append("")
            room = piece
        parts[-1] += c
        room -= size(c)
    return ucs2, parts


def encode_deliver(
    sender: str, text: str, scts: datetime, reference: int = 0, flash: bool = False
) -> list[bytes]:
    """Return the SMS-DELIVER TPDUs of a message.

    Args:
        sender: see `encode_address`.
        reference: 8-bit concatenation reference, used if the message needs parts.
        flash: of class 0.
    """
    ucs2, parts = split_text(text)
    if len(parts) > 255:
        raise TpduError("more than 255 parts")
    out = []
    for number, piece in enumerate(parts, 1):
        header = b""
        if len(parts) > 1:
            header = bytes((5, 0, 3, reference & 0xFF, len(parts), number))
        if ucs2:
            user = header + piece.encode("utf-16-be", "surrogatepass")
            length = len(user)
        else:
            septets = to_septets(piece)
            fill = -len(header) * 8 % 7
            length = (len(header) * 8 + fill) // 7 + len(septets)
            user = header + pack(septets, fill)
        # MTI deliver; more-messages-to-send is "no" (bit set); UDHI if there is a header.
        first = 0x04 | (0x40 if header else 0)
        out.append(
            bytes((first,))
            + encode_address(sender)
            + bytes((0, (0x08 if ucs2 else 0) | (CLASS_0 if flash else 0)))
            + encode_time(scts)
            + bytes((length,))
            + user
        )
    return out


def encode_status_report(
    reference: int, to: str, scts: datetime, done: datetime, status: int = 0
) -> bytes:
    """Return an SMS-STATUS-REPORT: message `reference` to `to`; status 0 is "received"."""
    return (
        bytes((0x06, reference))
        + encode_address(to)
        + encode_time(scts)
        + encode_time(done)
        + bytes((status,))
    )


def encode_smsc(number: str) -> bytes:
    """Return a service centre address as it stands before a TPDU: octets, type, digits."""
    if not number:
        return b"\0"
    digits = number.removeprefix("+")
    value = bytes((INTERNATIONAL if number[0] == "+" else UNKNOWN,)) + swap_digits(digits)
    return bytes((len(value),)) + value


def split_smsc(pdu: bytes) -> tuple[bytes, bytes]:
    """Return the service centre address and the TPDU of a PDU as the modem is given it."""
    if not pdu or len(pdu) < 1 + pdu[0]:
        raise TpduError("no service centre address")
    return pdu[: 1 + pdu[0]], pdu[1 + pdu[0] :]
