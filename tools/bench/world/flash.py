# SPDX-License-Identifier: MIT
"""The ESP32's file system: real LittleFS on a simulated NOR flash whose power can be cut anywhere.

Geometry as MicroPython's esp32 port mounts its `vfs` partition: blocks of 4096 bytes, reads and
programs of 32, lookahead 32, caches of 128 (four times the larger of both), block_cycles 100.

The one difference: MicroPython keeps a file's time in an 8-byte attribute, which the binding
cannot write along with the file. It adds some bytes to a commit's last program, no operation.

littlefs calls back into Python. An exception must not travel through its C frames: a cut makes the
callback return an I/O error, and is raised when littlefs has returned.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import littlefs
from littlefs import lfs
from littlefs.errors import LittleFSError

from tools.bench.runners.cpython import PowerCut

BLOCK = 4096
UNIT = 32
CACHE = 128
GEOMETRY: dict[str, Any] = {
    "block_size": BLOCK,
    "read_size": UNIT,
    "prog_size": UNIT,
    "cache_size": CACHE,
    "lookahead_size": UNIT,
    "block_cycles": 100,
}
VFS_BLOCKS = 512  # the 2 MiB partition of ESP32_GENERIC with 4 MB
BLOCKS = VFS_BLOCKS
ERASED = 0xFF
IO_ERROR = -5
WHERE = ("before", "within", "after")

T = TypeVar("T")


class NorViolation(AssertionError):
    """Something was programmed over cells that were not erased."""


@dataclass
class Operations:
    """Flash operations; `total` counts those at which power can be cut."""

    reads: int = 0
    read_bytes: int = 0
    programs: int = 0
    program_bytes: int = 0
    erases: int = 0

    @property
    def total(self) -> int:
        return self.programs + self.erases


class _Context:
    """The flash chip below one mounted session: littlefs' block device."""

    def __init__(self, flash: Flash) -> None:
        self._flash = flash
        self.dead = False
        self.fault: str | None = None

    def read(self, cfg: Any, block: int, off: int, size: int) -> bytearray:
        flash = self._flash
        flash.ops.reads += 1
        flash.ops.read_bytes += size
        start = block * BLOCK + off
        return flash.image[start : start + size]

    def prog(self, cfg: Any, block: int, off: int, data: bytes) -> int:
        start = block * BLOCK + off
        flash = self._flash
        if self.dead:
            return IO_ERROR
        if flash.image.count(ERASED, start, start + len(data)) != len(data):
            self.fault = f"program over cells not erased: block {block} offset {off}"
            self.dead = True
            return IO_ERROR
        flash.ops.programs += 1
        flash.ops.program_bytes += len(data)
        return self._operate(
            lambda: flash.put(start, data), lambda: flash.put_half(start, data, len(data))
        )

    def erase(self, cfg: Any, block: int) -> int:
        if self.dead:
            return IO_ERROR
        flash = self._flash
        flash.ops.erases += 1
        flash.erase_counts[block] = flash.erase_counts.get(block, 0) + 1
        start = block * BLOCK
        blank = bytes((ERASED,)) * BLOCK
        return self._operate(
            lambda: flash.put(start, blank), lambda: flash.put_half(start, blank, BLOCK)
        )

    def sync(self, cfg: Any) -> int:
        return IO_ERROR if self.dead else 0

    def _operate(self, whole: Callable[[], None], half: Callable[[], None]) -> int:
        where = self._flash.due()
        if where is None or where == "after":
            whole()
        elif where == "within":
            half()
        if where is None:
            return 0
        self.dead = True
        return IO_ERROR


class Flash:
    """The `vfs` partition and whoever has it mounted.

    Attributes:
        image: the raw bytes.
        ops: counters; replace them by `Operations()` to count from 0 again.
        erase_counts: erases of each block, for wear.
        garbage: what a half-done operation leaves in the other half: random bits instead of the
            old content.
    """

    def __init__(self, blocks: int = BLOCKS, image: bytes | None = None) -> None:
        self.blocks = blocks
        self.image = bytearray(_formatted(blocks) if image is None else image)
        if len(self.image) != blocks * BLOCK:
            raise ValueError(f"an image of {blocks} blocks has {blocks * BLOCK} bytes")
        self.ops = Operations()
        self.erase_counts: dict[int, int] = {}
        self.garbage = False
        self._random = random.Random(1)
        self._context: _Context | None = None
        self._config: Any = None
        self._fs: Any = None
        self._cut_after: int | None = None
        self._cut_where = "before"

    # -- files --------------------------------------------------------------------------------

    def load(self, slot: int) -> bytes | None:
        """Return the bytes of a record, None if there is none."""
        return self.read(f"record{slot}.json")

    def commit(self, slot: int, data: bytes) -> None:
        """Write a record as the firmware does on the board: open, write, close.

        Raises:
            PowerCut: the power was cut on the way.
            OSError: littlefs refused (no space).
        """
        self.write(f"record{slot}.json", data)

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, None if there is none."""

        def read() -> bytes | None:
            try:
                handle = lfs.file_open(self._fs, path, "r")
            except LittleFSError as error:
                if error.code == LittleFSError.Error.LFS_ERR_NOENT:
                    return None
                raise
            data = lfs.file_read(self._fs, handle, lfs.file_size(self._fs, handle))
            lfs.file_close(self._fs, handle)
            return data

        return self._guard(read)

    def write(self, path: str, data: bytes) -> None:
        """Replace the content of a file. Raises as `commit`."""

        def write() -> None:
            handle = lfs.file_open(self._fs, path, "w")
            lfs.file_write(self._fs, handle, data)
            lfs.file_close(self._fs, handle)

        self._guard(write)

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._guard(lambda: lfs.remove(self._fs, path))

    def rename(self, old: str, new: str) -> None:
        """Rename a file, in place of one that has that name."""
        self._guard(lambda: lfs.rename(self._fs, old, new))

    def mkdir(self, path: str) -> None:
        """Make a folder."""
        self._guard(lambda: lfs.mkdir(self._fs, path))

    def used_blocks(self) -> int:
        """Return the number of blocks in use."""
        return self._guard(lambda: lfs.fs_size(self._fs))

    # -- sessions -----------------------------------------------------------------------------

    def mount(self) -> None:
        """Mount, as a boot does; what another session had open is lost."""
        self.drop()
        self._guard(lambda: None)

    def drop(self) -> None:
        """The chip restarts or loses power: nothing is unmounted or flushed."""
        # The handles are forgotten without a call: they must not write any more.
        self._fs = self._config = self._context = None

    def _guard(self, operation: Callable[[], T]) -> T:
        context = self._mounted()
        try:
            result = operation()
        except LittleFSError as error:
            self._check(context)
            # littlefs leaves a file open whose write failed: begin again, as after a restart.
            self.drop()
            raise OSError(str(error)) from None
        self._check(context)
        return result

    def _mounted(self) -> _Context:
        if self._context is None:
            context, fs = _Context(self), lfs.LFSFilesystem()
            config = _config(context, self.blocks)
            try:
                lfs.mount(fs, config)
            except LittleFSError as error:
                raise OSError(f"mount: {error}") from None
            self._context, self._config, self._fs = context, config, fs
        return self._context

    def _check(self, context: _Context) -> None:
        if context.fault is not None:
            self.drop()
            raise NorViolation(context.fault)
        if context.dead:
            self.drop()
            raise PowerCut

    # -- power --------------------------------------------------------------------------------

    def cut(self, after_ops: int = 0, where: str = "before") -> None:
        """Cut the power at a program or erase to come.

        Args:
            after_ops: operations that are still carried out; the next one is cut.
            where: "before" it, "within" it (half done), or "after" it.
        """
        if where not in WHERE:
            raise ValueError(f"where is one of {WHERE}, not {where}")
        self._cut_after, self._cut_where = after_ops, where

    def no_cut(self) -> None:
        """Take `cut` back."""
        self._cut_after = None

    @property
    def cut_pending(self) -> bool:
        """True if a cut was asked for and has not come yet."""
        return self._cut_after is not None

    def due(self) -> str | None:
        """Count an operation; return where in it the power goes, if it does."""
        if self._cut_after is None:
            return None
        if self._cut_after > 0:
            self._cut_after -= 1
            return None
        self._cut_after = None
        return self._cut_where

    # -- the raw chip -------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Return the raw image."""
        return bytes(self.image)

    def restore(self, image: bytes) -> None:
        """Put a raw image back; whatever was mounted is gone."""
        self.drop()
        self._cut_after = None
        self.image[:] = image

    def put(self, start: int, data: bytes) -> None:
        """Store bytes, from the chip's side."""
        self.image[start : start + len(data)] = data

    def put_half(self, start: int, data: bytes, size: int) -> None:
        """Store the first half of them; the rest stays as it was, or becomes garbage."""
        half = size // 2
        self.put(start, data[:half])
        if self.garbage:
            self.put(start + half, self._random.randbytes(size - half))


def _config(context: Any, blocks: int) -> Any:
    return lfs.LFSConfig(context=context, block_count=blocks, **GEOMETRY)


@cache
def _formatted(blocks: int) -> bytes:
    context = littlefs.UserContext(blocks * BLOCK)
    lfs.format(lfs.LFSFilesystem(), _config(context, blocks))
    return bytes(context.buffer)
