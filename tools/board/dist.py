# SPDX-License-Identifier: MIT
"""Makes a release: one archive with what a board gets, the install page and the sources.

`python -m tools.board.dist [--image ESP32_GENERIC-..bin --board devkit]`; with a MicroPython .bin
it holds one image of a whole flash too. The same sources and the same .bin make the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from tools.board.deploy_plan import OWNERS, digest
from tools.board.esp32_image import ImageError
from tools.board.image import make
from tools.board.pin_map import BoardError, maps
from tools.build import BUILD, ROOT, BuildError, shipped_files, version
from tools.owner import files

WITH = ("README.md", "LICENSE", "docs/build.md", "docs/manual.md")
LIST = "SHA256SUMS"  # of every other file; `sha256sum -c SHA256SUMS` looks through them
PAGE = ROOT / "tools" / "board" / "install_page"
WEB_TOOLS = ROOT / ".venv" / "web" / "esp-web-tools"
# What is not made by a tool and not the owner's.
SOURCES = (
    "boot.py",
    "main.py",
    "firmware",
    "lib",
    "tools",
    "host_tests",
    "docs",
    ".ci",
    ".github",
)
SOURCE_FILES = (
    *("Makefile", "pyproject.toml", "mypy-device.ini", "LICENSE"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
)


def contents(image: tuple[str, bytes] | None = None, board: str = "") -> dict[str, bytes]:
    """Return path and bytes of each file of the archive, sorted.

    Args:
        image: name and bytes of an image, if there is one.
        board: the ready-made pin map that is in it.
    """
    found = {f"board/{path}": data for path, data in shipped_files().items()}
    found |= {f"install/{path}": data for path, data in page(image, board).items()}
    found |= {f"source/{path}": data for path, data in sources().items()}
    for path in sorted((ROOT / "firmware" / "boards").glob("*.py")):
        found[f"boards/{path.name}"] = path.read_bytes()
    for name, data in files.contents().items():
        found[f"owner/{name}"] = data
    for name in WITH:
        found[name] = (ROOT / name).read_bytes()
    found["VERSION"] = f"{version()}\n".encode()
    found = dict(sorted(found.items()))
    found[LIST] = "".join(f"{digest(data)}  {path}\n" for path, data in found.items()).encode()
    return found


def page(image: tuple[str, bytes] | None, board: str) -> dict[str, bytes]:
    """Return the files of the install page, with the image if there is one."""
    found = {path.name: path.read_bytes() for path in sorted(PAGE.iterdir())}
    for path in sorted(WEB_TOOLS.iterdir()):
        if path.name != "integrity":  # tools/install.py keeps it there
            found[f"esp-web-tools/{path.name}"] = path.read_bytes()
    if image is not None:
        name, data = image
        found[name] = data
        described = {
            "path": name,
            "version": version(),
            "board": board,
            "micropython": name.rpartition("-micropython-")[2].removesuffix(".bin"),
            "sha256": digest(data),
        }
        found["image.json"] = json.dumps(described, indent=1).encode()
    return found


def sources() -> dict[str, bytes]:
    """Return path and bytes of the sources, without the owner's pin map."""
    paths = [ROOT / name for name in SOURCE_FILES]
    for name in SOURCES:
        top = ROOT / name
        paths += [top] if top.is_file() else [path for path in top.rglob("*") if _is_source(path)]
    found = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    found.pop(OWNERS, None)
    return found


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def archive(image: tuple[str, bytes] | None = None, board: str = "") -> bytes:
    """Return the release as a .tar.gz without times, owners and rights of this machine."""
    name = f"powersocket-{version()}"
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in contents(image, board).items():
            info = tarfile.TarInfo(f"{name}/{path}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the archive into build/; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.dist", description=__doc__)
    parser.add_argument("--image", type=Path, help="ESP32_GENERIC-..bin")
    parser.add_argument("--board", default="devkit", help=", ".join(maps()))
    options = parser.parse_args(arguments)
    try:
        image = make(options.image, options.board) if options.image else None
        data = archive(image, options.board)
    except (ImageError, BoardError, BuildError, OSError) as error:
        print(f"dist: {error}", file=sys.stderr)
        return 1
    target = BUILD / f"powersocket-{version()}.tar.gz"
    target.write_bytes(data)
    print(f"{target.relative_to(ROOT)}  {len(data):,} bytes  sha256 {digest(data)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
