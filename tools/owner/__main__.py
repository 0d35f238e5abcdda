# SPDX-License-Identifier: MIT
"""`make owner` writes the files for the owner into build/owner."""

from __future__ import annotations

import sys

from tools.build import BUILD, ROOT
from tools.owner.files import contents


def main() -> int:
    """Write the files; return the exit status."""
    for name, data in contents().items():
        path = BUILD / "owner" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{path.relative_to(ROOT)}  {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
