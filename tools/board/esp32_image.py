# SPDX-License-Identifier: MIT
"""Reads a stock MicroPython .bin for the ESP32: what is in it, and where its files will be.

MicroPython's ports/esp32/makeimg.py joins bootloader, partition table and application into a file
that begins at 0x1000 of the flash. ESP-IDF's programming guide has the format of the table.
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

from esptool import CHIP_DEFS, FatalError
from esptool.bin_image import ESP32FirmwareImage, LoadFirmwareImage

BLOCK = 4096  # bytes that the flash erases at once
BOOTLOADER = 0x1000  # where an ESP32's bootloader is, and so where a .bin begins
TABLE = 0x8000
TABLE_SIZE = 0xC00
ENTRY = struct.Struct("<HBBLL16sL")
ENTRY_MAGIC, DIGEST_MAGIC = 0x50AA, 0xEBEB
APPLICATION, DATA = 0, 1  # types of partitions
NVS = 2  # subtype
FILES = "vfs"  # MicroPython's name of the partition with its files
OLDEST = (1, 24)
PROGRAM = b"\xe9"  # with which a bootloader or an application begins
LEAST = 4 << 20  # bytes of flash; a deploy needs room for the new program beside the old one
BANNER = re.compile(rb"MicroPython v(\d+)\.(\d+)(?:\.(\d+))?")

TAKE = "take ESP32_GENERIC-..bin of micropython.org, 1.24 or later"
NO_IMAGE = f"{{name}} is no ESP32 image: {TAKE}"
MERGED = f"{{name}} is a whole flash already: {TAKE}"
OTHER_CHIP = f"{{name}} is for the {{chip}}, and the firmware is for the ESP32: {TAKE}"
DAMAGED = "{name} is damaged ({reason}): fetch it again"
NO_MICROPYTHON = f"{{name}} holds a program that is not MicroPython: {TAKE}"
TOO_OLD = f"{{name}} is MicroPython {{version}}: {TAKE}"
SMALL = """{name} is for a board with {size} MB of flash; the firmware needs 4 MB, because a \
deploy puts the new program beside the old one"""
TABLE_WRONG = (
    f"the partition table of {{name}} is not as expected: {{reason}}. Nothing was made; {TAKE}"
)


class ImageError(Exception):
    """The file cannot be used; the text says why, and what to do."""


@dataclass(frozen=True)
class Partition:
    """A part of the flash; offset and size in bytes."""

    label: str
    kind: int
    subtype: int
    offset: int
    size: int

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass(frozen=True)
class Firmware:
    """A MicroPython .bin that was found good.

    data: the file, which goes to BOOTLOADER.
    version: of MicroPython, as it names itself.
    files: the partition of the file system.
    """

    data: bytes
    version: str
    files: Partition


def is_whole(data: bytes) -> bool:
    """Tell whether this is a whole flash, as tools/board/image.py makes it, and no .bin."""
    begins = data[BOOTLOADER : BOOTLOADER + 1]
    return begins == PROGRAM and not data[:BOOTLOADER].strip(b"\xff")


def read_firmware(data: bytes, name: str) -> Firmware:
    """Look through a MicroPython .bin.

    Args:
        data: the file.
        name: what it is called in an error.

    Raises:
        ImageError: it is not for this firmware, or not whole.
    """
    if is_whole(data):
        raise ImageError(MERGED.format(name=name))
    firmware = _read(data, name)
    if len(data) + BOOTLOADER > firmware.files.offset:
        raise _wrong(name, "what is in the file reaches into the part for files")
    return firmware


def check_whole(data: bytes, name: str) -> None:
    """Look through an image of a whole flash. Raises as `read_firmware`."""
    firmware = _read(data[BOOTLOADER:], name)
    if len(data) != firmware.files.end:
        raise ImageError(DAMAGED.format(name=name, reason="it has another length"))


def _read(data: bytes, name: str) -> Firmware:
    bootloader = _program(data, name)
    size = 1 << (bootloader.flash_size_freq >> 4)  # MB
    if size << 20 < LEAST:
        raise ImageError(SMALL.format(name=name, size=size))
    table = partitions(data[TABLE - BOOTLOADER :][:TABLE_SIZE], name)
    files = _files(table, name, size << 20)
    first = next((one for one in table if one.kind == APPLICATION), None)
    if first is None or not any(one.subtype == NVS and one.kind == DATA for one in table):
        raise _wrong(name, "it has no place for a program, or none for NVS")
    application = data[first.offset - BOOTLOADER :]
    if not application:
        raise ImageError(DAMAGED.format(name=name, reason="it ends before its program"))
    _program(application, name)
    return Firmware(data, _version(application, name), files)


def partitions(table: bytes, name: str) -> list[Partition]:
    """Return the partitions of a table. Raises ImageError if it is not whole."""
    found: list[Partition] = []
    for start in range(0, len(table) - ENTRY.size + 1, ENTRY.size):
        magic, kind, subtype, offset, size, label, _ = ENTRY.unpack_from(table, start)
        if magic == DIGEST_MAGIC:
            if table[start + 16 : start + 32] != hashlib.md5(table[:start]).digest():
                raise ImageError(DAMAGED.format(name=name, reason="its partition table"))
            return found
        if magic != ENTRY_MAGIC:
            break
        text = label.rstrip(b"\0").decode("ascii", "replace")
        found.append(Partition(text, kind, subtype, offset, size))
    raise _wrong(name, "it has no end" if found else "there is none")


def _files(table: list[Partition], name: str, flash: int) -> Partition:
    found = [one for one in table if one.label == FILES and one.kind == DATA]
    if len(found) != 1:
        raise _wrong(name, f"it has {len(found)} parts {FILES!r}, which hold MicroPython's files")
    [files] = found
    last = max(one.end for one in table)
    if files.offset % BLOCK or files.size % BLOCK or not files.size:
        raise _wrong(name, f"{FILES!r} does not begin or end with a block of the flash")
    if last > flash:
        raise _wrong(name, f"it ends at {last:#x} and the flash at {flash:#x}")
    if last != files.end:
        raise _wrong(name, f"something comes behind {FILES!r}")
    return files


def _program(data: bytes, name: str) -> ESP32FirmwareImage:
    """Return the program, bootloader or application, that begins here."""
    if data[:1] != PROGRAM:
        raise ImageError(NO_IMAGE.format(name=name))
    try:
        program = LoadFirmwareImage("esp32", data)
    except (FatalError, RuntimeError, struct.error, IndexError) as error:
        raise ImageError(DAMAGED.format(name=name, reason=error)) from None
    if program.chip_id != ESP32FirmwareImage.ROM_LOADER.IMAGE_CHIP_ID:
        chips = {chip.IMAGE_CHIP_ID: chip.CHIP_NAME for chip in CHIP_DEFS.values()}
        chip = chips.get(program.chip_id, f"chip number {program.chip_id}")
        raise ImageError(OTHER_CHIP.format(name=name, chip=chip))
    if program.append_digest and program.stored_digest != program.calc_digest:
        raise ImageError(DAMAGED.format(name=name, reason="its digest is another"))
    return program


def _version(application: bytes, name: str) -> str:
    banner = BANNER.search(application)
    if banner is None:
        raise ImageError(NO_MICROPYTHON.format(name=name))
    numbers = [int(part) for part in banner.groups() if part is not None]
    version = ".".join(map(str, numbers))
    if tuple(numbers[:2]) < OLDEST:
        raise ImageError(TOO_OLD.format(name=name, version=version))
    return version


def _wrong(name: str, reason: str) -> ImageError:
    return ImageError(TABLE_WRONG.format(name=name, reason=reason))
