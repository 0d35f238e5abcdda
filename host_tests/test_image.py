# SPDX-License-Identifier: MIT
"""One image: made from a .bin, written by esptool to a chip, started there; what is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from deploy_kit import FAST, Kit
from image_kit import BANNER, GENERIC, NAME, program, stock, table

from host_tests.world_kit import ask, on_line
from tools.bench.runners.rom_loader import ESP32_S2, LoaderPort, RomLoader
from tools.bench.world.board_world import BoardWorld
from tools.bench.world.flash import Flash
from tools.board import flash as flasher
from tools.board import image
from tools.board.deploy_plan import OWNERS
from tools.board.esp32_image import (
    BOOTLOADER,
    TABLE,
    TABLE_SIZE,
    ImageError,
    partitions,
    read_firmware,
)
from tools.board.port import PortError

MINUTE = 60_000
FRAMES = 3  # with data, then the cable goes
NVS, _, FACTORY, VFS = GENERIC


@cache
def made(board: str = "devkit") -> bytes:
    """Return an image."""
    return image.image(read_firmware(stock(), NAME), image.board_files(board), NAME)


def file_system(flash: bytes) -> Flash:
    """Mount what a chip with this flash would: by its partition table, with its geometry."""
    [files] = [one for one in partitions(flash[TABLE:][:TABLE_SIZE], NAME) if one.label == "vfs"]
    assert files == VFS
    return Flash(image=flash[files.offset : files.end])


def unpacked(flash: bytes, folder: Path, board: str = "devkit") -> Path:
    """Read every file of an image back; put it into a folder."""
    mounted = file_system(flash)
    for path, data in image.board_files(board).items():
        assert mounted.read(path) == data, path
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_one_command_writes_it_and_the_board_starts(tmp_path: Path) -> None:
    file = tmp_path / "whole.bin"
    file.write_bytes(made("devkit"))
    with LoaderPort(RomLoader(flash=b"\0" * (4 << 20))) as port:
        what = ["--chip", "esp32", "--port", port.url, "write-flash", "0x0", str(file)]
        command = [sys.executable, "-m", "esptool", *what]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        written = bytes(port.chip.flash)
    assert written == made("devkit")
    files = unpacked(written, tmp_path / "files")
    world = BoardWorld(tree=files, flash=file_system(written))
    try:
        on_line(world)
        assert ask(world, "ON") == "Power socket ON"
        assert world.pins[world.map["RELAY"]] == 1
        assert world.flash.read("record0.json") or world.flash.read("record1.json")
        assert world.crashes == 0
    finally:
        world.close()


def test_a_deploy_over_it_keeps_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = Kit(tmp_path, monkeypatch, program=None)
    unpacked(made(), kit.flash)
    kit.put({"record0.json": b'{"n": 7}', "firmware/talk.mpy": b"of an older release"})
    done = kit.deploy(speed=FAST * 20)
    assert (done.brought, done.remove) == (["firmware/talk.mpy"], [])
    assert kit.listing() == {**image.board_files("devkit"), "record0.json": b'{"n": 7}'}
    assert OWNERS in done.kept


def test_it_has_the_map_that_was_asked_for_and_is_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(stock())
    other = image.maps()[-1]
    assert other != "devkit"
    name, one = image.make(tmp_path / NAME, other)
    assert name.endswith(f"-{other}-micropython-1.24.1.bin")
    assert image.make(tmp_path / NAME, other) == (name, one)
    assert one[:BOOTLOADER] == b"\xff" * BOOTLOADER
    assert one[BOOTLOADER:][: len(stock())] == stock()
    assert len(one) == VFS.end
    text = file_system(one).read(OWNERS)
    assert text == (image.MAPS / f"{other}.py").read_bytes()


BAD = {
    "text": (b"<html>not found", "no ESP32 image"),
    "empty": (b"", "no ESP32 image"),
    "a whole flash": (b"\xff" * BOOTLOADER + stock(), "a whole flash already"),
    "another chip": (stock(chip="esp32s3"), "is for the ESP32-S3"),
    "half of it": (stock()[: len(stock()) // 2], "ends before its program"),
    "most of it": (stock()[:-2000], "is damaged"),
    "a byte of it": (stock().replace(BANNER, BANNER[:-1] + b"8"), r"damaged \(its digest"),
    "no MicroPython": (stock(banner=b"blink"), "not MicroPython"),
    "too old": (stock(banner=b"MicroPython v1.20.0 on 2023-04-26"), r"is MicroPython 1\.20\.0"),
    "for 2 MB": (stock(megabytes=2), "a board with 2 MB"),
    "an application": (program(0x40080000, BANNER), "there is none"),
    "no files": (stock((NVS, FACTORY)), "0 parts 'vfs'"),
    "two files": (stock((*GENERIC, VFS)), "2 parts 'vfs'"),
    "no NVS": (stock((FACTORY, VFS)), "none for NVS"),
    "no program": (stock((NVS, VFS)), "no place for a program"),
    "past the end": (stock((NVS, FACTORY, replace(VFS, size=0x300000))), "the flash at 0x400000"),
    "not whole blocks": (stock((NVS, FACTORY, replace(VFS, size=0x1FF800))), "a block"),
    "something behind": (
        stock((NVS, FACTORY, replace(VFS, size=0x100000), replace(NVS, offset=0x300000))),
        "comes behind",
    ),
    "over the files": (
        stock((NVS, replace(VFS, offset=0x11000, size=0x1000), FACTORY)),
        "comes behind|reaches into",
    ),
    "a table without an end": (
        stock().replace(table()[-0xC00 + 128 :][:32], b"\0" * 32),
        "no end",
    ),
    "a changed table": (stock().replace(b"phy_init", b"phy_last"), "its partition table"),
}


@pytest.mark.parametrize("name", BAD)
def test_another_bin_is_refused_in_words(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, says = BAD[name]
    with pytest.raises(ImageError, match=says):
        read_firmware(data, NAME)
    (tmp_path / NAME).write_bytes(data)
    monkeypatch.setattr(image, "BUILD", tmp_path / "build")
    assert image.main([str(tmp_path / NAME)]) == 1
    assert NAME in capsys.readouterr().err
    assert not (tmp_path / "build").exists()


def test_files_that_do_not_fit_are_refused() -> None:
    small = (NVS, FACTORY, replace(VFS, size=0x10000))
    with pytest.raises(ImageError, match="do not fit"):
        image.image(read_firmware(stock(small), NAME), {"main.py": bytes(0x10000)}, NAME)


def test_without_a_bin_or_with_an_unknown_map_it_says_what_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert image.main([]) == 1
    assert "IMAGE=ESP32_GENERIC" in capsys.readouterr().err
    assert image.main([str(tmp_path / "none.bin")]) == 1
    assert "No such file" in capsys.readouterr().err
    assert image.main([str(tmp_path / "none.bin"), "--board", "desk"]) == 1
    assert ", ".join(image.maps()) in capsys.readouterr().err


@pytest.mark.parametrize("whole", [False, True])
def test_flash_writes_a_bin_or_a_whole_flash(whole: bool, tmp_path: Path) -> None:
    file = tmp_path / NAME
    data = made() if whole else stock()
    file.write_bytes(data)
    with LoaderPort(RomLoader(flash=b"\0" * (4 << 20))) as port:
        flasher.flash(port.url, file)
        written = bytes(port.chip.flash)
    start = 0 if whole else BOOTLOADER
    assert written == (b"\xff" * start + data).ljust(4 << 20, b"\xff")  # what was there is erased


def test_flash_leaves_a_board_as_it_was_that_it_cannot_serve(tmp_path: Path) -> None:
    file = tmp_path / NAME
    before = b"before" * 1000
    file.write_bytes(stock())
    chip = RomLoader(2, before.ljust(2 << 20, b"\xff"))
    with LoaderPort(chip) as port:
        with pytest.raises(PortError, match=r"2 MB of flash; .* Nothing was changed"):
            flasher.flash(port.url, file)
        assert port.chip.flash.startswith(before)
        file.write_bytes(b"<html>")
        with pytest.raises(ImageError, match="no ESP32 image"):
            flasher.flash(port.url, file)
        file.write_bytes(made()[:-4096])
        with pytest.raises(ImageError, match="another length"):
            flasher.flash(port.url, file)


def test_flash_says_so_of_another_chip_and_of_none(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(stock())
    chip = RomLoader()
    chip.magic = ESP32_S2
    with LoaderPort(chip) as port, pytest.raises(PortError, match=r"has an ESP32-S2, .* Nothing"):
        flasher.flash(port.url, file)
    cut = LoaderPort(RomLoader(), goes_after=0)
    with cut as port, pytest.raises(PortError, match=r"did not answer .* Nothing was changed"):
        flasher.flash(port.url, file)


def test_a_cable_that_goes_and_the_same_command_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("esptool.cmds.DEFAULT_CONNECT_ATTEMPTS", 1)  # a second each
    file = tmp_path / NAME
    file.write_bytes(made())
    chip = RomLoader(flash=b"\0" * (4 << 20))
    with LoaderPort(chip, goes_after=FRAMES) as port:
        with pytest.raises(PortError, match="run the same command again"):
            flasher.flash(port.url, file)
        half = port.chip
    assert bytes(half.flash) != made()
    with LoaderPort(half) as port:
        flasher.flash(port.url, file)
        assert bytes(port.chip.flash) == made()
