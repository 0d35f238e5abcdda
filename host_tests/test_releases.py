# SPDX-License-Identifier: MIT
"""A release: the same bytes each time, complete, and without what is the owner's."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from pytest import MonkeyPatch

from tools.board import dist
from tools.board.deploy_plan import OWNERS


def test_a_release_is_the_same_each_time(tmp_path: Path) -> None:
    whole = ("powersocket-1-devkit-micropython-1.24.1.bin", b"image" * 1000)
    one = dist.archive(whole, "devkit")
    assert dist.archive(whole, "devkit") == one
    with tarfile.open(fileobj=io.BytesIO(one)) as tar:
        tar.extractall(tmp_path, filter="data")
    [top] = tmp_path.iterdir()
    wanted = {"board/boot.py", "board/main.py", "board/firmware/app.mpy", "LICENSE", "README.md"}
    wanted |= {"VERSION", "boards/devkit.py", "source/lib/powersocket/device.py"}
    wanted |= {"install/index.html", "install/esp-web-tools/install-button.js"}
    wanted |= {"install/esp-web-tools/LICENSE", f"install/{whole[0]}"}
    names = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    assert wanted <= names
    lines = (top / dist.LIST).read_text().splitlines()
    assert {line.split("  ")[1] for line in lines} == names - {dist.LIST}
    check = ["sha256sum", "--check", "--quiet", dist.LIST]
    assert subprocess.run(check, cwd=top, check=False).returncode == 0


def test_a_release_leaves_the_owners_map_out(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(dist, "ROOT", tmp_path)
    for path in (OWNERS, "firmware/app.py", "lib/__pycache__/at.pyc", *dist.SOURCE_FILES):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"PIN = '1234'")
    for path in ("boot.py", "main.py"):
        (tmp_path / path).touch()
    assert set(dist.sources()) == {"firmware/app.py", "boot.py", "main.py", *dist.SOURCE_FILES}
