# SPDX-License-Identifier: MIT
"""`python -m tools.proof.soak`: simulated years of random lives, each played twice and compared.

The exit status is 1 if a life failed. A life is some days of one device, made of one seed; one
that fails is played again with fewer faults, and written as a scenario.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from tools.bench.modem.families import FAMILY
from tools.proof.soak.judge import Verdict, live
from tools.proof.soak.lives import write
from tools.proof.soak.shrink import shrink, write_scenario

DAY_MS = 86_400_000
YEAR_DAYS = 365
COUNTED = ("starts", "power cuts in flash operations", "commands", "replies", "alerts",
           "relay moves", "wake-ups")  # fmt: skip


def one(seed: int, days: float, family: str) -> tuple[str, Verdict]:
    """Live the life of a seed; return its model, too."""
    life = write(seed, days, family)
    return life.model, live(life)


class Totals:
    """What came of all lives."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.models: Counter[str] = Counter()
        self.failures: list[tuple[int, str]] = []
        self.lives = self.ms = self.scenes = self.record = 0

    def add(self, seed: int, model: str, verdict: Verdict) -> None:
        self.lives += 1
        self.models[model] += 1
        self.ms += verdict.ms
        self.scenes += verdict.scenes
        self.counts.update(verdict.counts)
        self.record = max(self.record, verdict.record)
        if verdict.failure:
            self.failures.append((seed, verdict.failure))

    @property
    def years(self) -> float:
        return self.ms / DAY_MS / YEAR_DAYS

    def show(self, seconds: float) -> None:
        """Print the table of docs/reliability.md."""
        print("| what | total |\n|---|---|")
        print(f"| simulated years, of both lives together | {self.years:.2f} |")
        print(f"| lives, each played twice | {self.lives:,} ({self.scenes:,} scenes) |")
        for name in COUNTED:
            print(f"| {name} | {self.counts[name]:,} |")
        faults = sorted(k for k in self.counts if k.startswith("fault: "))
        named = ", ".join(f"{k.removeprefix('fault: ')} {self.counts[k]:,}" for k in faults)
        print(f"| faults | {named} |")
        models = ", ".join(f"{name} {count:,}" for name, count in sorted(self.models.items()))
        print(f"| models | {models} |")
        print(f"| largest record, bytes | {self.record:,} |")
        print(f"| lives that failed | {len(self.failures)} |")
        if seconds > 0:
            print(f"{seconds:.0f} s, {self.years * 3600 / seconds:.1f} simulated years an hour")
        sys.stdout.flush()


def run(
    first: int, years: float, days: float, seconds: float, workers: int, family: str
) -> Totals:
    """Live lives from seed `first` on, until `years` are full or `seconds` are over."""
    totals, seed, began = Totals(), first, time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        running: dict[Future[tuple[str, Verdict]], int] = {}
        while True:
            over = time.monotonic() - began > seconds
            planned = totals.ms / DAY_MS + 2 * days * len(running)
            while not over and len(running) < workers and planned < years * YEAR_DAYS:
                running[pool.submit(one, seed, days, family)] = seed
                seed, planned = seed + 1, planned + 2 * days
            if not running:
                return totals
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                its = running.pop(future)
                model, verdict = future.result()
                totals.add(its, model, verdict)
                if totals.lives % 25 == 0:
                    print(f"  {totals.lives} lives, {totals.years:.2f} years", flush=True)
                if verdict.failure:
                    print(f"seed {its}, {model}: {verdict.failure}", flush=True)


def main() -> int:
    """Run it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.proof.soak", description=__doc__)
    parser.add_argument("--years", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1, help="the first life's; then it counts up")
    parser.add_argument("--days", type=float, default=2.0, help="length of a life")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no life after these")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--family", **FAMILY)
    parser.add_argument("--found", type=Path, default=Path("build/found"))
    parser.add_argument("--shrink", type=int, default=2, help="make so many failures plain")
    args = parser.parse_args()
    began = time.monotonic()
    totals = run(args.seed, args.years, args.days, args.seconds, args.workers, args.family)
    totals.show(time.monotonic() - began)
    for seed, _ in totals.failures[: args.shrink]:
        life, verdict = shrink(write(seed, args.days, args.family))
        path = args.found / f"seed-{seed}.scn"
        write_scenario(path, life, verdict)
        print(f"seed {seed} made plain: {verdict.failure}\n  {path}")
    return 1 if totals.failures else 0


if __name__ == "__main__":
    sys.exit(main())
