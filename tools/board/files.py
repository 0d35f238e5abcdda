# SPDX-License-Identifier: MIT
"""The files of a board, over its REPL; in short commands, because the chip's flash is slow."""

from __future__ import annotations

import base64

from tools.board.deploy_plan import digest
from tools.board.port import SHORT_STAY, Board, PortError

CHUNK = 1024  # bytes in a command; the board holds it three times while it is read
TRIES = 3  # of a file that comes damaged

# Run on the board. An entry of a folder: its name, its kind (0x4000: folder), ..
LISTING = """
import os
def walk(folder):
    for entry in os.ilistdir("/" + folder):
        path = folder + entry[0]
        if entry[1] == 0x4000:
            print(repr(path + "/"), end=",")
            if folder or entry[0] in ("firmware", "lib"):
                walk(path + "/")
        else:
            print(repr(path), end=",")
walk("")
"""
DIGEST = """
import binascii, hashlib
def digest(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        while True:
            b = f.read(512)
            if not b:
                break
            h.update(b)
    print(binascii.hexlify(h.digest()).decode(), end="")
"""
ROOM = """
import os
state = os.statvfs("/")
print(state[0], state[3], end="")
"""
# Renews the watchdog's time, so that it bites only after silence.
STAY = f"import machine\nmachine.WDT(timeout={SHORT_STAY})\n"
DAMAGED = """{path} arrived damaged on the board {tries} times: check the cable."""


class BoardFiles:
    """The files of a board whose REPL this is; paths are from the root, without a slash."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._digest = False  # the board has the function

    def listing(self) -> list[str]:
        """Return the files in the root, firmware/ and lib/, and the folders there, with a /."""
        text = self._board.exec(LISTING).decode()
        return list(eval(f"[{text}]", {"__builtins__": {}}))

    def digest(self, path: str) -> str:
        """Return a file's hash."""
        if not self._digest:
            self._board.exec(DIGEST)
            self._digest = True
        return self._board.exec(f"digest({_name(path)})").decode()

    def read(self, path: str) -> bytes:
        """Return what is in a file."""
        return bytes(self._board.fs_readfile(f"/{path}"))

    def write(self, path: str, data: bytes) -> None:
        """Write a file and compare its hash; try again if it differs.

        Raises:
            TransportExecError: the board could not write it; its flash may be full.
            PortError: it was damaged each time.
        """
        # Base64 takes half the time of the literals that mpremote sends.
        chunks = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
        for _ in range(TRIES):
            opening = f"{STAY}from binascii import a2b_base64 as d\nf=open({_name(path)},'wb')\n"
            for chunk in chunks:
                self._board.exec(f"{opening}f.write(d({base64.b64encode(chunk)!r}))")
                opening = ""
            self._board.exec(f"{opening}f.close()")
            if self.digest(path) == digest(data):
                return
        raise PortError(DAMAGED.format(path=path, tries=TRIES))

    def do(self, act: str, *paths: str) -> None:
        """Do what `os` has a function for: rename, remove, mkdir, rmdir."""
        self._board.exec(f"{STAY}import os\nos.{act}({', '.join(map(_name, paths))})")

    def room(self) -> tuple[int, int]:
        """Return the bytes of a block of the flash, and how many blocks are free."""
        block, free = self._board.exec(ROOM).decode().split()
        return int(block), int(free)


def _name(path: str) -> str:
    return repr(f"/{path}")
