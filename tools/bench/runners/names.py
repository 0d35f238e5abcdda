# SPDX-License-Identifier: MIT
"""The names of what can run the firmware, as the command line takes them."""

from __future__ import annotations

import argparse

from tools.bench.runners.vm import versions

VM_HELP = "what runs the firmware: cpython, micropython, micropython-VERSION; default: %(default)s"


def vm_name(text: str) -> str:
    """Return the name of a VM.

    Raises:
        argparse.ArgumentTypeError: there is none of that name.
    """
    names = ("cpython", "micropython", *(f"micropython-{version}" for version in versions()))
    if text not in names:
        raise argparse.ArgumentTypeError(f"there is no VM {text!r}; there is {', '.join(names)}")
    return text
