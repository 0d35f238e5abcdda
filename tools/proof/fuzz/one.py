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
    with atheris.instrument_imports(include=WATCHED[sys.argv[1]]):
        from tools.proof.fuzz.targets import TARGETS
    atheris.Setup(sys.argv[1:], TARGETS[sys.argv[1]].check)
    atheris.Fuzz()
