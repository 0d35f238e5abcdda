# SPDX-License-Identifier: MIT
"""The names of what can run the firmware, as the command line takes them."""

from __future__ import annotations

import argparse
import re

VM_HELP = "what runs the firmware: cpython, micropython, micropython-VERSION; default: %(default)s"


def vm_name(text: str) -> str:
    """Return the name of a VM.

    Raises:
        argparse.ArgumentTypeError: there is none of that name.
    """
    if not re.fullmatch(r"cpython|micropython(-[0-9][0-9A-Za-z.]*)?", text):
        raise argparse.ArgumentTypeError(f"there is no VM {text!r}")
    return text
