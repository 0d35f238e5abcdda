# SPDX-License-Identifier: MIT
"""The alphabets by themselves: escapes, octets that are characters, UTF-8 of every length."""

from sim800.alphabets import append_utf8, decode_gsm7, decode_latin1, pack

SMOKE = True


def test_an_escape_at_the_end_is_a_space():
    assert decode_gsm7(pack(b"\x41\x1b", 0, 2), 0, 2) == "A "
    assert decode_gsm7(pack(b"\x41\x1b\x1b", 0, 3), 0, 3) == "A "


def test_each_octet_is_a_character():
    assert decode_latin1(b"") == ""
    octets = bytes(range(256))
    assert [ord(letter) for letter in decode_latin1(octets)] == list(octets)


def test_utf_8_of_every_length():
    for code in (0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFD, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF):
        out = bytearray()
        append_utf8(out, code)
        assert bytes(out) == chr(code).encode(), hex(code)
