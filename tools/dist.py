"""Makes a release: one archive of what a board gets; the same sources make the same bytes."""

from __future__ import annotations

import argparse
import gzip
import io
import sys
import tarfile
import tomllib
from collections.abc import Sequence

from tools.build import BUILD, ROOT, BuildError, shipped_files
from tools.deploy_plan import digest
from tools.owner import files

WITH = ("README.md", "LICENSE", "docs/build.md", "docs/manual.md")
LIST = "FILES"  # path, bytes and SHA-256 of what goes on the board


def version() -> str:
    """Return the project's version."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def contents() -> dict[str, bytes]:
    """Return path and bytes of each file of the archive, sorted."""
    board = shipped_files()
    found = {f"board/{path}": data for path, data in board.items()}
    for path in sorted((ROOT / "firmware" / "boards").glob("*.py")):
        found[f"boards/{path.name}"] = path.read_bytes()
    for name, data in files.contents().items():
        found[f"owner/{name}"] = data
    for name in WITH:
        found[name] = (ROOT / name).read_bytes()
    found["VERSION"] = f"{version()}\n".encode()
    rows = [f"{digest(data)} {len(data):7} {path}\n" for path, data in sorted(board.items())]
    found[LIST] = "".join(rows).encode()
    return dict(sorted(found.items()))


def archive() -> bytes:
    """Return the release as a .tar.gz without times, owners and rights of this machine."""
    name = f"powersocket-{version()}"
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in contents().items():
            info = tarfile.TarInfo(f"{name}/{path}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the archive into build/; return the exit status."""
    argparse.ArgumentParser(prog="python -m tools.dist", description=__doc__).parse_args(arguments)
    try:
        data = archive()
    except BuildError as error:
        print(f"dist: {error}", file=sys.stderr)
        return 1
    target = BUILD / f"powersocket-{version()}.tar.gz"
    target.write_bytes(data)
    print(f"{target.relative_to(ROOT)}  {len(data):,} bytes  sha256 {digest(data)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
