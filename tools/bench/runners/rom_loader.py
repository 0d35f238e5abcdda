# SPDX-License-Identifier: MIT
"""The other end of esptool: an ESP32 in its serial loader, whose flash is a bytearray.

What is understood is what esptool and esptool-js say to an ESP32: SLIP frames, the ROM's commands
and those of the stub that they upload (it is not run: its greeting is sent and its commands are
understood). Source: "Serial Protocol" in esptool's documentation.

Like the chip, it programs only what was erased, takes an address modulo the size of its flash, and
keeps what was written when the cable goes.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import struct
import zlib

from tools.bench.runners.tcp_port import TcpPort

FRAME_END, ESCAPE = b"\xc0", b"\xdb"
MAGIC_REGISTER = 0x40001000
ESP32, ESP32_S2 = 0x00F01D83, 0x000007C6  # what is in it
FLASH_ID_REGISTER = 0x3FF42080  # SPI W0: the answer to RDID
CLOCK_REGISTER, CLOCK_DIVIDER = 0x3FF40014, 40_000_000 // 115200  # UART: a crystal of 40 MHz
WINBOND = 0x40EF
MEM_END, SYNC, READ_REGISTER = 0x06, 0x08, 0x0A
WRITE_BEGIN, WRITE_DATA, MD5 = 0x10, 0x11, 0x13  # deflated
SECURITY_INFO, ERASE_FLASH = 0x14, 0xD0
GREETING = b"OHAI"  # of the stub
NOT_UNDERSTOOD = b"\x01\x05"
SECTOR = 4096
SYNC_ANSWERS = 8


class RomLoader:
    """The chip: bytes in, bytes out.

    Args:
        megabytes: of its flash.
        flash: what is on it; None: erased.

    Attributes:
        flash: what is on it now.
        magic: by which the tools know what chip it is.
        writes: how many frames with data for the flash came.
    """

    def __init__(self, megabytes: int = 4, flash: bytes | bytearray | None = None) -> None:
        self._size = megabytes << 20
        self.flash = bytearray(b"\xff" * self._size if flash is None else flash)
        self.writes = 0
        self.magic = ESP32
        self._came = b""
        self._at = 0
        self._stream = zlib.decompressobj()
        self._stub = False

    def take(self, data: bytes) -> bytes:
        """Take what comes from the host; return what the chip says."""
        *frames, self._came = (self._came + data).split(FRAME_END)
        said = b""
        for frame in frames:
            frame = frame.replace(ESCAPE + b"\xdc", FRAME_END).replace(ESCAPE + b"\xdd", ESCAPE)
            if len(frame) >= 8 and frame[0] == 0:
                said += self._command(frame[1], frame[8:])
        return said

    def _command(self, code: int, data: bytes) -> bytes:
        value, result, status = 0, b"", b"\0\0"
        if code == SYNC:
            return self._answer(code, int(not self._stub), status) * SYNC_ANSWERS
        if code == READ_REGISTER:
            value = self._register(struct.unpack_from("<I", data)[0])
        elif code == MEM_END and not self._stub:
            self._stub = True
            return self._answer(code, 0, status) + _frame(GREETING)
        elif code == WRITE_BEGIN:
            size, _, _, self._at = struct.unpack_from("<4I", data)
            self._stream = zlib.decompressobj()
            self._erase(self._at, size)
        elif code == WRITE_DATA:
            self.writes += 1
            self._program(self._stream.decompress(data[16:]))
        elif code == MD5:
            start, size = struct.unpack_from("<2I", data)
            result = hashlib.md5(self.flash[start : start + size]).digest()
        elif code == ERASE_FLASH:
            self._erase(0, self._size)
        elif code == SECURITY_INFO:
            status = NOT_UNDERSTOOD
        return self._answer(code, value, result + status)

    def _register(self, address: int) -> int:
        megabytes_as_power = (self._size.bit_length() - 1) << 16
        known = {
            MAGIC_REGISTER: self.magic,
            FLASH_ID_REGISTER: megabytes_as_power | WINBOND,
            CLOCK_REGISTER: CLOCK_DIVIDER,
        }
        return known.get(address, 0)

    def _erase(self, start: int, size: int) -> None:
        for address in range(start, start + size, SECTOR):
            at = address % self._size // SECTOR * SECTOR
            self.flash[at : at + SECTOR] = b"\xff" * SECTOR

    def _program(self, data: bytes) -> None:
        for start in range(0, len(data), SECTOR):
            piece = data[start : start + SECTOR]
            at = self._at % self._size
            was = self.flash[at : at + len(piece)]
            if was.strip(b"\xff"):  # a bit is never set by programming
                piece = bytes(old & new for old, new in zip(was, piece, strict=True))
            self.flash[at : at + len(piece)] = piece
            self._at += len(piece)

    def _answer(self, code: int, value: int, data: bytes) -> bytes:
        if not self._stub:
            data += b"\0\0"  # the ROM's status has two bytes more
        return _frame(struct.pack("<BBHI", 1, code, len(data), value) + data)


def _frame(data: bytes) -> bytes:
    body = data.replace(ESCAPE, ESCAPE + b"\xdd").replace(FRAME_END, ESCAPE + b"\xdc")
    return FRAME_END + body + FRAME_END


class LoaderPort(TcpPort):
    """Serves a chip at a TCP port.

    Args:
        chip: the chip; it begins anew with each connection, as after a reset, its flash as it was.
        goes_after: the cable goes, for good, when so many frames with data were written.
    """

    def __init__(self, chip: RomLoader, goes_after: int | None = None) -> None:
        self.chip = chip
        self._goes_after = goes_after
        super().__init__()

    def talk(self, connection: socket.socket) -> None:
        """Take what the host says to the chip until it has gone, or the cable."""
        chip = RomLoader(len(self.chip.flash) >> 20, self.chip.flash)
        chip.magic = self.chip.magic
        self.chip = chip
        with contextlib.suppress(OSError):  # the host has gone
            while data := connection.recv(65536):
                answer = chip.take(data)
                if self._goes_after is not None and chip.writes >= self._goes_after:
                    self._server.close()
                    return
                connection.sendall(answer)
