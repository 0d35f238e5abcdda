# SPDX-License-Identifier: MIT
"""`python -m tools.proof.soak`: simulated years of random lives, judged.

The exit status is 1 if a rule broke.

Each life is some days of one device, made of one seed. A life that fails is played again, made
short, and written as a scenario that `python -m tools.bench play` takes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from tools.proof.soak.life import Verdict, live, ticks_of
from tools.proof.soak.shrink import shrink, write_scenario
from tools.proof.soak.story import write

DAY_MS = 86_400_000
YEAR_DAYS = 365


def one(seed: int, days: float) -> Verdict:
    """Live the life of a seed."""
    return live(write(seed, days), ticks_of(seed))


class Totals:
    """What came of all lives."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.doubts: Counter[str] = Counter()
        self.failures: list[tuple[int, str]] = []
        self.lives = self.ms = self.steps = self.record = self.busiest = 0

    def add(self, seed: int, verdict: Verdict) -> None:
        self.lives += 1
        self.ms += verdict.ms
        self.steps += verdict.step
        self.counts.update(verdict.counts)
        self.record = max(self.record, verdict.record)
        self.busiest = max(self.busiest, verdict.busiest)
        if verdict.doubt:
            self.doubts[verdict.doubt] += 1
        if verdict.failure:
            self.failures.append((seed, verdict.failure))

    @property
    def years(self) -> float:
        return self.ms / DAY_MS / YEAR_DAYS

    def show(self, seconds: float) -> None:
        """Print the summary."""
        counts = self.counts
        print(f"simulated: {self.years:.2f} years in {self.lives} lives, {self.steps:,} steps")
        print(
            f"  judged: {counts.pop('commands', 0):,} commands carried out,"
            f" {counts.pop('ignored', 0):,} messages without effect,"
            f" {counts.pop('messages', 0):,} messages that were owed,"
            f" {counts.pop('optional', 0):,} that might come"
        )
        print(
            f"  the relay moved {counts.pop('moves', 0):,} times, {self.busiest} times in its"
            " busiest hour"
        )
        print(
            f"  {counts.pop('boots', 0):,} starts,"
            f" {counts.pop('power cuts in flash operations', 0):,} power cuts inside a flash"
            f" operation, {counts.pop('wake-ups', 0):,} wake-ups,"
            f" largest record {self.record} bytes"
        )
        faults = sorted((k.removeprefix("fault: "), v) for k, v in counts.items())
        print("  faults: " + ", ".join(f"{name} {count}" for name, count in faults))
        for doubt, count in self.doubts.most_common():
            print(f"  ended early, the model cannot tell: {count} x {doubt}")
        print(f"  {len(self.failures)} failed; {seconds:.0f} s")
        if seconds > 0:
            print(f"  {self.years * 3600 / seconds:.1f} simulated years an hour", flush=True)


def run(first: int, years: float, days: float, seconds: float, workers: int) -> Totals:
    """Live lives from seed `first` on, until `years` are full or `seconds` are over."""
    totals, seed, began = Totals(), first, time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        running: dict[Future[Verdict], int] = {}
        while True:
            over = time.monotonic() - began > seconds
            planned = totals.ms / DAY_MS + days * len(running)
            while not over and len(running) < workers and planned < years * YEAR_DAYS:
                running[pool.submit(one, seed, days)] = seed
                seed, planned = seed + 1, planned + days
            if not running:
                return totals
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                its = running.pop(future)
                verdict = future.result()
                totals.add(its, verdict)
                if totals.lives % 25 == 0:
                    print(f"  {totals.lives} lives, {totals.years:.2f} years", flush=True)
                if verdict.failure:
                    print(f"seed {its}, step {verdict.step}: {verdict.failure}", flush=True)


def main() -> int:
    """Run it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.proof.soak", description=__doc__)
    parser.add_argument("--years", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1, help="the first life's; then it counts up")
    parser.add_argument("--days", type=float, default=5.0, help="length of a life")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no life after these")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--found", type=Path, default=Path("build/found"))
    parser.add_argument("--shrink", type=int, default=2, help="make so many failures short")
    args = parser.parse_args()
    began = time.monotonic()
    totals = run(args.seed, args.years, args.days, args.seconds, args.workers)
    totals.show(time.monotonic() - began)
    for seed, _ in totals.failures[: args.shrink]:
        steps, verdict = shrink(write(seed, args.days), ticks_of(seed))
        path = args.found / f"seed-{seed}.scn"
        write_scenario(path, steps, verdict, seed, ticks_of(seed))
        print(f"seed {seed} made short: {len(steps)} steps, {verdict.failure}\n  {path}")
    return 1 if totals.failures else 0


if __name__ == "__main__":
    sys.exit(main())
