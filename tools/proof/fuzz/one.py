# SPDX-License-Identifier: MIT
"""One target under atheris: `python -m tools.proof.fuzz.one TARGET`, with libFuzzer's options.

A process of its own, because libFuzzer never returns. atheris is imported from .venv/atheris.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable
from types import FunctionType

import atheris

from tools.proof.fuzz.orders import remember
from tools.proof.fuzz.targets import TARGETS

# What a target is to cover: modules, or a package. The less is watched, the quicker it runs.
WATCHED = {
    "pdu": ("sim800.sms", "sim800.alphabets", "sim800.reports", "sim800.concat"),
    "at": ("sim800.at",),
    "interpreter": ("powersocket",),
    "record": ("powersocket", "firmware.restore"),
}
MOST = 3  # times that libFuzzer is told of one block that an input ran
USUAL = 256  # inputs after which it is not told of the same any more: it counts no further either


def watch(modules: tuple[str, ...]) -> None:
    """Have atheris see which blocks of these modules run; `TARGETS` has imported them.

    `instrument_imports` would watch the whole package of each module. What values are compared
    with is not watched: that costs as much again, and `Target.words` has the words that matter.
    """
    inside = tuple(module + "." for module in modules)
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and f"{function.__module__}.".startswith(inside):
            function.__code__ = atheris.patch_code(function.__code__, trace_dataflow=False)


class Noted:
    """A check that tells atheris afterwards which blocks ran: once, twice, or more often.

    atheris counts in C++: each call takes ten times as long as `list.append`, and a loop makes
    thousands. What many inputs have done does not guide, and is not told any more.
    """

    def __init__(self, check: Callable[[bytes], None]) -> None:
        self._check = check
        self._passed: list[int] = []
        self._told: Counter[tuple[int, int]] = Counter()
        self._usual: set[tuple[int, int]] = set()
        self._tell: Callable[[int], None] | None = None

    def __call__(self, data: bytes) -> None:
        if self._tell is None:  # the first input: `Fuzz` has just set where blocks are told
            self._tell, atheris._trace_branch = atheris._trace_branch, self._passed.append
        self._passed.clear()
        try:
            self._check(data)
        finally:
            for note in Counter(self._passed).items() - self._usual:
                block, times = note
                for _ in range(min(times, MOST)):
                    self._tell(block)
                self._told[note] += 1
                if self._told[note] == USUAL:
                    self._usual.add(note)


if __name__ == "__main__":
    name, *options = sys.argv[1:]
    watch(WATCHED[name])
    # To merge, libFuzzer gives a shell its first argument, for a process of its own.
    again = f"{sys.executable} -m {__spec__.name} {name}"
    atheris.Setup([again, *options], Noted(TARGETS[name].check))
    remember()
    gc.freeze()  # what is there now stays, and need not be searched again and again
    atheris.Fuzz()
