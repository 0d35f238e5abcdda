# SPDX-License-Identifier: MIT
"""Writes an ESP32's flash: `python -m tools.board.flash PORT [--image ..bin]`.

The image is MicroPython's .bin, or the whole flash that `make image` has made. esptool checks the
image and the board before it erases anything. Without an image, mpflash downloads MicroPython and
writes it; it needs some 25 packages, so it is installed only when first used, in its own venv.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import serial
from esptool import FatalError
from esptool.cmds import (
    attach_flash,
    detect_chip,
    detect_flash_size,
    reset_chip,
    run_stub,
    write_flash,
)
from esptool.util import flash_size_bytes

from tools.board.esp32_image import (
    BOOTLOADER,
    LEAST,
    ImageError,
    check_whole,
    is_whole,
    read_firmware,
)
from tools.board.port import PortError, check_port
from tools.build import ROOT

PLACE = ROOT / ".venv" / "mpflash"
VERSION = "1.24.1"  # of MicroPython: the oldest supported one, the tests run on it
BOARD, VARIANT = "ESP32_GENERIC", "SPIRAM"
CHIP = "ESP32"  # later ones have other pins
BAUD = 460800  # 115200 takes four times as long

NOT_REACHED = """the chip did not answer ({reason}). Nothing was changed on it. Hold BOOT while \
`Connecting...` is shown; use a cable that carries data; see that nothing else draws from the \
board's 3.3 V."""
OTHER_CHIP = (
    "the board has an {chip}, and the firmware is for the ESP32. Nothing was changed on it."
)
SMALL = """the board has {size} of flash; the firmware needs 4 MB. Nothing was changed on it."""
FAILED = """the chip was not written to its end ({reason}). It may start no program now, and \
no harm is done: run the same command again, with BOOT held while `Connecting...` is shown, and a \
good cable."""


def flash(port: str, image: Path | None) -> None:
    """Erase the chip and write MicroPython, or a whole flash. Settings on it are lost.

    Raises:
        PortError, ImageError: the text says what is wrong, and what state the board is in.
        OSError: the image cannot be read.
    """
    if image is None:
        check_port(port)
        _install_mpflash()
        if subprocess.call(_mpflash(port)):
            raise PortError(FAILED.format(reason="mpflash says why"))
        return
    data = image.read_bytes()
    if is_whole(data):
        check_whole(data, image.name)
        start = 0
    else:
        read_firmware(data, image.name)
        start = BOOTLOADER
    check_port(port)
    write(port, data, start)


def write(port: str, data: bytes, start: int) -> None:
    """Write bytes to a board's flash, erased before, and restart it.

    Raises:
        PortError: the board is not as expected, or went away.
    """
    reached = False
    try:
        chip = detect_chip(port)
        try:
            if chip.CHIP_NAME != CHIP:
                raise PortError(OTHER_CHIP.format(chip=chip.CHIP_NAME))
            chip = run_stub(chip)
            attach_flash(chip)
            size = detect_flash_size(chip)
            if size is None or flash_size_bytes(size) < LEAST:
                raise PortError(
                    SMALL.format(size=(size or "an unknown size").replace("MB", " MB"))
                )
            reached = True
            chip.change_baud(BAUD)
            write_flash(chip, [(start, data)], erase_all=True)
            reset_chip(chip, "hard-reset")
        finally:
            chip._port.close()
    except (FatalError, serial.SerialException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise PortError((FAILED if reached else NOT_REACHED).format(reason=reason)) from error


def _install_mpflash() -> None:
    if not PLACE.exists():
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        pin = tomllib.loads(text)["tool"]["powersocket"]["flash"]["mpflash"]
        print(f"installing {pin} into {PLACE.relative_to(ROOT)}", flush=True)
        venv = [sys.executable, "-m", "venv", str(PLACE)]
        pip = [str(PLACE / "bin" / "pip"), "install", "--quiet", pin]
        if subprocess.call(venv) or subprocess.call(pip):
            raise PortError("mpflash could not be installed: download an image and add IMAGE=FILE")


def _mpflash(port: str) -> list[str]:
    tool = str(PLACE / "bin" / "mpflash")
    what = ["--board", BOARD, "--variant", VARIANT, "--version", VERSION]
    return [tool, "flash", "--serial", port, *what, "--erase"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Flash from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.flash", description=__doc__)
    parser.add_argument("port", help="/dev/ttyUSB0, rfc2217://host:port")
    parser.add_argument("--image", type=Path, help="MicroPython for the ESP32, or a whole flash")
    options = parser.parse_args(arguments)
    try:
        flash(options.port, options.image)
    except (PortError, ImageError, OSError) as error:
        print(f"flash: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
