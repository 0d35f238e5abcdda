"""Puts MicroPython on an ESP32: `python -m tools.flash PORT [--image ESP32_GENERIC-..bin]`.

With an image, esptool erases the chip and writes it. Without one, mpflash downloads and writes it.
mpflash needs some 25 packages, so it is installed only when it is first used, in its own venv.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools.board_port import PortError, check_port
from tools.build import ROOT

PLACE = ROOT / ".venv" / "mpflash"
VERSION = "1.24.1"  # of MicroPython: the oldest supported one, the tests run on it
BOARD, VARIANT = "ESP32_GENERIC", "SPIRAM"
OFFSET = "0x1000"  # where an ESP32's image begins; later chips have others

FAILED = """the chip could not be written. Hold BOOT while `Connecting...` is shown; use a cable \
that carries data; make sure that nothing else draws current from the board's 3.3 V."""


def commands(port: str, image: Path) -> list[list[str]]:
    """Return the command lines that erase the chip and write an image."""
    tool = [sys.executable, "-m", "esptool", "--chip", "esp32", "--port", port]
    return [
        [*tool, "erase-flash"],
        [*tool, "--baud", "460800", "write-flash", OFFSET, str(image)],
    ]


def check_image(image: Path) -> None:
    """Raise PortError if a file is not an image for an ESP32."""
    try:
        with image.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        raise PortError(f"{image}: {error.strerror}") from error
    if first != b"\xe9":
        raise PortError(f"{image} is not an ESP32 image: get {BOARD}-...bin from micropython.org")


def flash(port: str, image: Path | None) -> None:
    """Erase the chip and write MicroPython. Settings on it are lost.

    Raises:
        PortError: what to do.
    """
    if image is not None:
        check_image(image)
    check_port(port)
    if image is not None:
        todo = commands(port, image)
    else:
        _install_mpflash()
        todo = [_mpflash(port)]
    for command in todo:
        if subprocess.call(command):
            raise PortError(FAILED)


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
    parser = argparse.ArgumentParser(prog="python -m tools.flash", description=__doc__)
    parser.add_argument("port", help="/dev/ttyUSB0, rfc2217://host:port")
    parser.add_argument("--image", type=Path, help="a MicroPython image for the ESP32")
    options = parser.parse_args(arguments)
    try:
        flash(options.port, options.image)
    except PortError as error:
        print(f"flash: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
