# SPDX-License-Identifier: MIT
"""The moving picture of README.md: the container is what the specification of WebP says."""

from __future__ import annotations

import struct

from tools.docs.moving_picture import Frame, animation, chunks
from tools.docs.page_shots import FOLDER, MOVING


def _number(octets: bytes) -> int:
    return int.from_bytes(octets, "little")


def test_the_container() -> None:
    still = b"RIFF\x12\x00\x00\x00WEBPVP8 \x05\x00\x00\x00abcde\x00"
    made = animation([Frame(0, 0, 300, 200, 70000, still), Frame(2, 4, 10, 6, 160, still)])
    assert made[:4] == b"RIFF" and made[8:12] == b"WEBP"
    assert _number(made[4:8]) == len(made) - 8
    parts = chunks(made[12:])
    assert [name for name, _ in parts] == [b"VP8X", b"ANIM", b"ANMF", b"ANMF"]
    assert parts[0][1] == b"\x02\0\0\0" + b"\x2b\x01\0" + b"\xc7\0\0"
    first, second = parts[2][1], parts[3][1]
    assert [_number(first[at : at + 3]) for at in range(0, 15, 3)] == [0, 0, 299, 199, 70000]
    assert [_number(second[at : at + 3]) for at in range(0, 15, 3)] == [1, 2, 9, 5, 160]
    assert chunks(second[16:]) == [(b"VP8 ", b"abcde")]


def test_the_picture_in_the_repository() -> None:
    data = (FOLDER / MOVING).read_bytes()
    assert len(data) < 600_000 and struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    parts = chunks(data[12:])
    width, height = (_number(parts[0][1][at : at + 3]) + 1 for at in (4, 7))
    frames = [content for name, content in parts if name == b"ANMF"]
    assert len(frames) > 20
    for frame in frames:
        left, top, wide, high = (_number(frame[at : at + 3]) for at in (0, 3, 6, 9))
        assert 2 * left + wide + 1 <= width and 2 * top + high + 1 <= height
        assert chunks(frame[16:])[-1][0] in (b"VP8 ", b"VP8L")
