# SPDX-License-Identifier: MIT
"""One target under atheris: `python -m tools.proof.fuzz.one TARGET`, with libFuzzer's options.

A process of its own, because libFuzzer never returns. atheris is imported from .venv/atheris.
"""

from __future__ import annotations

import sys

import atheris

# What a target is to cover; the less else is watched, the quicker it runs.
WATCHED = {
    "pdu": ["sim800.sms", "sim800.alphabets", "sim800.reports", "sim800.concat"],
    "at": ["sim800.at"],
    "interpreter": ["powersocket"],
    "record": ["powersocket", "firmware.restore"],
}

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=WATCHED[name]):
        from tools.proof.fuzz.targets import TARGETS
    # To merge, libFuzzer gives a shell its first argument, for a process of its own.
    again = f"{sys.executable} -m {__spec__.name} {name}"
    atheris.Setup([again, *options], TARGETS[name].check)
    atheris.Fuzz()
