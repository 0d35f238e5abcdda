# SPDX-License-Identifier: MIT
"""firmware/manifest.py names what there is, and all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.build import AS_THEY_ARE, NOT_SHIPPED, ROOT, device_sources

MANIFEST = ROOT / "firmware" / "manifest.py"


class Frozen:
    """What a manifest may call, as MicroPython's tools/manifestfile.py has it."""

    def __init__(self) -> None:
        self.files: dict[Path, str] = {}  # source -> name in the image
        self.included: list[str] = []

    def include(self, path: str) -> None:
        self.included.append(path)

    def module(self, name: str, base_path: str = ".") -> None:
        self._add((MANIFEST.parent / base_path).resolve(), name)

    def package(self, name: str, base_path: str = ".") -> None:
        base = (MANIFEST.parent / base_path).resolve()
        assert (base / name).is_dir(), name
        for file in (base / name).rglob("*.py"):
            self._add(base, file.relative_to(base).as_posix())

    def _add(self, base: Path, name: str) -> None:
        file = base / name
        assert file.is_file(), name
        assert file not in self.files, f"{name} twice"
        self.files[file] = name


@pytest.fixture
def frozen() -> Frozen:
    one = Frozen()
    calls = {name: getattr(one, name) for name in ("include", "module", "package")}
    exec(compile(MANIFEST.read_text(encoding="utf-8"), str(MANIFEST), "exec"), calls)
    return one


def test_it_names_every_module_of_the_firmware(frozen: Frozen) -> None:
    files = {path.relative_to(ROOT).as_posix(): name for path, name in frozen.files.items()}
    wanted = {*AS_THEY_ARE, *device_sources()}
    assert wanted <= set(files)
    assert all(path.startswith(NOT_SHIPPED) for path in set(files) - wanted)
    assert all(files[path] == path.removeprefix("lib/") for path in wanted)  # as it is imported
    assert frozen.included == ["$(PORT_DIR)/boards/manifest.py"]  # asyncio, onewire, ds18x20


def test_it_is_not_shipped() -> None:
    assert "firmware/manifest.py" not in device_sources()
