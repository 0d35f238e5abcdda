# SPDX-License-Identifier: MIT
"""A board of the bench with a small program, for the tests of deploy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.bench.runners.socket_board import SocketBoard
from tools.board import deploy as deployer
from tools.board.deploy_plan import OWNERS, Plan

FAST = 50  # times as fast as the chip's is the flash of these boards
PROGRAM: Mapping[str, bytes] = {
    "boot.py": b"# boot 2\n",
    "main.py": b"# main 2\n" * 300,
    "firmware/__init__.mpy": b"package",
    "firmware/app.mpy": bytes(range(256)) * 20,
    "lib/ds18b20.mpy": b"ds18b20" * 99,
    "lib/powersocket/features/alarm.mpy": b"alarm" * 500,
    "lib/sim800/at.mpy": b"at 2" * 900,
}
JOINED = ["firmware/hardware.mpy", "firmware/debug.mpy", "firmware/selftest.mpy"]
JOINED += [f"lib/part_{name}.mpy" for name in ("talk", "contact", "_environment_pro")]
JOINED += [f"lib/cold{number}.mpy" for number in range(1, 20)]
# A board that holds the release before the modules came under their own names.
OLD: Mapping[str, bytes] = {
    "boot.py": b"# boot 1\n",
    "main.py": b"# main 1\n",
    "record0.json": b'{"n": 7}',
    "firmware/app.mpy": b"M\x06\x00\x1f older",
    "firmware/app.py": b"# somebody tried something\n",
    "firmware/board.py": b"MODEL = 'EP'  # mine\n",
    "firmware/old/gone.mpy": b"x",
    "lib/sim800/at.mpy": b"at 1",
    "lib/mine/tool.py": b"# the owner's own\n",
    **dict.fromkeys(JOINED, b"joined"),
}
KEPT = ("record0.json", OWNERS, "lib/mine/tool.py")
ENDS = {**PROGRAM, **{path: OLD[path] for path in KEPT}}  # what OLD becomes


# What is said of the board when a deploy ends before its end.
COPYING, SWITCHING = "The old program on the board is untouched", "program is incomplete"


class Kit:
    """A folder that is the board's flash, and the owner's pin map on this side.

    program: what is shipped; None: the firmware itself.
    """

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        program: Mapping[str, bytes] | None = PROGRAM,
    ) -> None:
        self.flash = folder / "flash"
        self.flash.mkdir()
        self.owners = folder / "board.py"
        self.owners.write_bytes(b"MODEL = 'EP'  # of the host\n")
        monkeypatch.setattr(deployer, "REST", 0.1)
        if program is not None:
            monkeypatch.setattr(deployer, "shipped_files", lambda: dict(program))

    def put(self, files: Mapping[str, bytes]) -> None:
        """Put files on the board."""
        for path, data in files.items():
            (self.flash / path).parent.mkdir(parents=True, exist_ok=True)
            (self.flash / path).write_bytes(data)

    def listing(self) -> dict[str, bytes]:
        """Return the files on the board."""
        return {
            path.relative_to(self.flash).as_posix(): path.read_bytes()
            for path in self.flash.rglob("*")
            if path.is_file()
        }

    def deploy(self, replace: bool = False, **options: Any) -> Plan:
        """Deploy to a board that is started for it, and restarts once."""
        with SocketBoard(self.flash, **{"speed": FAST, **options}) as board:
            done = deployer.deploy(board.url, self.owners, replace)
            assert board.resets == 1
        return done
