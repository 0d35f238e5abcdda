# SPDX-License-Identifier: MIT
"""Makes one image of a whole flash: `make image IMAGE=ESP32_GENERIC-..bin BOARD=devkit`.

MicroPython as it is, and behind it a file system with the firmware and a pin map, as a flash and a
deploy would have left it. It is written by one `esptool write-flash 0x0`; a later `make deploy`
keeps the settings. The same .bin and sources make the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import littlefs

from tools.bench.world.flash import BLOCK, GEOMETRY
from tools.board.deploy_plan import OWNERS, digest
from tools.board.esp32_image import BOOTLOADER, Firmware, ImageError, read_firmware
from tools.board.pin_map import MAPS, BoardError, maps
from tools.build import BUILD, ROOT, BuildError, shipped_files, version

# LittleFS 2.0: a newer driver mounts it and writes its own number, an older one may mount no 2.1.
DISK_VERSION = 0x0002_0000
FULL = "the files do not fit: {name} gives them {size:,} bytes"


def image(firmware: Firmware, files: Mapping[str, bytes], name: str) -> bytes:
    """Return the flash from 0x0 to the end of its file system.

    Args:
        firmware: MicroPython.
        files: path and bytes of what the board is to have.
        name: of the .bin, for an error.

    Raises:
        ImageError: the files do not fit.
    """
    flash = bytearray(b"\xff" * firmware.files.end)
    flash[BOOTLOADER : BOOTLOADER + len(firmware.data)] = firmware.data
    try:
        flash[firmware.files.offset :] = file_system(files, firmware.files.size // BLOCK)
    except littlefs.LittleFSError as error:
        if error.code != littlefs.LittleFSError.Error.LFS_ERR_NOSPC:
            raise
        raise ImageError(FULL.format(name=name, size=firmware.files.size)) from None
    return bytes(flash)


def file_system(files: Mapping[str, bytes], blocks: int) -> bytes:
    """Return a LittleFS with MicroPython's geometry (see bench/world/flash.py) and these files."""
    system = littlefs.LittleFS(block_count=blocks, disk_version=DISK_VERSION, **GEOMETRY)
    for path, data in sorted(files.items()):
        system.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
        with system.open(path, "wb") as file:
            file.write(data)
    system.unmount()
    return bytes(system.context.buffer)


def board_files(board: str) -> dict[str, bytes]:
    """Return path and bytes of what a board with this ready-made pin map gets.

    Raises:
        BoardError: there is no such map.
        BuildError: the program does not compile.
    """
    if board not in maps():
        raise BoardError(f"no map {board!r}; there is {', '.join(maps())}: `make image BOARD=..`")
    return {**shipped_files(), OWNERS: (MAPS / f"{board}.py").read_bytes()}


def make(source: Path, board: str) -> tuple[str, bytes]:
    """Return name and bytes of the image for a board, from a MicroPython .bin.

    Raises:
        ImageError, BoardError, BuildError: the text says what to do.
        OSError: the .bin cannot be read.
    """
    files = board_files(board)
    firmware = read_firmware(source.read_bytes(), source.name)
    name = f"powersocket-{version()}-{board}-micropython-{firmware.version}.bin"
    return name, image(firmware, files, source.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the image into build/; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.image", description=__doc__)
    parser.add_argument("source", type=Path, nargs="?", help="ESP32_GENERIC-..bin")
    parser.add_argument("--board", default="devkit", help=", ".join(maps()))
    options = parser.parse_args(arguments)
    if options.source is None:
        print(
            "image: of which MicroPython? `make image IMAGE=ESP32_GENERIC-..bin`", file=sys.stderr
        )
        return 1
    try:
        name, data = make(options.source, options.board)
    except (ImageError, BoardError, BuildError, OSError) as error:
        print(f"image: {error}", file=sys.stderr)
        return 1
    target = BUILD / name
    target.write_bytes(data)
    print(f"{target.relative_to(ROOT)}  {len(data):,} bytes  sha256 {digest(data)}")
    print(f"onto a board, whose settings it erases: make flash IMAGE={target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
