# SPDX-License-Identifier: MIT
"""A MicroPython .bin to make images from, for the tests: its form is the real one's.

Bootloader and application are made by esptool from segments that hold no program but the banner
by which MicroPython is known. The partition table is that of the official ESP32_GENERIC 1.20 for
4 MB, byte for byte, with the digest that ESP-IDF's tool appends. A chip would not run it. The
sources come without a real one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from esptool import CHIP_DEFS
from esptool.bin_image import ELFSection, ESP32FirmwareImage, ESP32S3FirmwareImage

from tools.board.esp32_image import (
    BOOTLOADER,
    DIGEST_MAGIC,
    ENTRY,
    ENTRY_MAGIC,
    TABLE,
    TABLE_SIZE,
    Partition,
)

GENERIC = (
    Partition("nvs", 1, 2, 0x9000, 0x6000),
    Partition("phy_init", 1, 1, 0xF000, 0x1000),
    Partition("factory", 0, 0, 0x10000, 0x1F0000),
    Partition("vfs", 1, 0x81, 0x200000, 0x200000),
)
NAME = "ESP32_GENERIC-20241129-v1.24.1.bin"
BANNER = b"MicroPython v1.24.1 on 2024-11-29"


def table(parts: Sequence[Partition] = GENERIC) -> bytes:
    """Return a partition table."""
    rows = b"".join(
        ENTRY.pack(ENTRY_MAGIC, one.kind, one.subtype, one.offset, one.size, one.label.encode(), 0)
        for one in parts
    )
    end = DIGEST_MAGIC.to_bytes(2, "little") + b"\xff" * 14 + hashlib.md5(rows).digest()
    return (rows + end).ljust(TABLE_SIZE, b"\xff")


def program(address: int, data: bytes, chip: str = "esp32", megabytes: int = 4) -> bytes:
    """Return a program of one segment, with checksum and digest."""
    kinds = {"esp32": ESP32FirmwareImage, "esp32s3": ESP32S3FirmwareImage}
    made = kinds[chip]()
    assert made.ROM_LOADER is CHIP_DEFS[chip]
    made.entrypoint = address
    made.flash_size_freq = (megabytes.bit_length() - 1) << 4
    made.segments = [ELFSection(b"code", address, data.ljust(-(-len(data) // 4) * 4, b"\0"), 0)]
    saved = made.save(None)
    assert saved is not None
    return saved


def stock(
    parts: Sequence[Partition] = GENERIC,
    banner: bytes = BANNER,
    chip: str = "esp32",
    megabytes: int = 4,
) -> bytes:
    """Return a .bin, as makeimg.py joins one."""
    bootloader = program(0x40080400, b"bootloader " * 400, chip, megabytes)
    application = program(0x40080000, bytes(range(256)) * 40 + banner + b"\0", chip, megabytes)
    flash = b"\xff" * BOOTLOADER + bootloader
    flash = flash.ljust(TABLE, b"\xff") + table(parts)
    first = next((one for one in parts if one.kind == 0), GENERIC[2])
    return (flash.ljust(first.offset, b"\xff") + application)[BOOTLOADER:]
