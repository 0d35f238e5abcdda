# SPDX-License-Identifier: MIT
"""Measures the bench page at the highest speed: frames, lag, and what it costs the world.

`make measure-page`. Needs chromium. A thermostat works and two phones ask for STATUS all the time.
"""

from __future__ import annotations

import asyncio
import math
import sys
import time

from playwright.sync_api import sync_playwright

from tools.bench.web.background import BROWSER_OPTIONS, Served, chromium, served

SECONDS = 8
STEPS = ("+31600000001 > SWITCHOFFTEMP=20C", "+31600000001 > THERMOSTATON")
COUNT = """() => { globalThis.ticks = 0; bench.frames = bench.news = bench.snapshots = 0;
  bench.lags.length = 0;
  const tick = () => { ticks += 1; requestAnimationFrame(tick); }; tick(); }"""
READ = """() => { const lags = [...bench.lags].sort((a, b) => a - b);
  return { ...bench, plot: 0, lags: 0, ticks, median: lags[lags.length >> 1],
    late: lags[Math.floor(lags.length * .95)], most: lags.at(-1) } }"""


async def _busy(bench: Served, seconds: float) -> tuple[float, int]:
    """Keep the device busy; return the world's seconds in a real one, and the messages."""
    began, at = time.monotonic(), bench.bench.session.now
    sent = 0
    while time.monotonic() - began < seconds:
        await bench.bench.do(f"+3160000000{1 + sent % 2} > STATUS")
        sent += 1
        await asyncio.sleep(0.1)
    passed = bench.bench.session.now - at
    return passed / 1000 / (time.monotonic() - began), sent


async def _prepare(bench: Served) -> None:
    while not bench.bench.session.online:
        await asyncio.sleep(0.05)
    bench.bench.set_room("heater", 5.0)
    for step in STEPS:
        await bench.bench.do(step)


def main() -> int:
    """Print the figures; return the exit status."""
    path = chromium()
    if path is None:
        print("measure-page: there is no chromium", file=sys.stderr)
        return 1
    for vm in ("micropython-1.24.1", "cpython"):
        with served(vm, math.inf) as bench, sync_playwright() as playwright:
            bench.call(_prepare(bench))
            alone, _ = bench.call(_busy(bench, SECONDS))
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(bench.url)
            page.wait_for_timeout(1500)
            page.evaluate(COUNT)
            future = asyncio.run_coroutine_threadsafe(_busy(bench, SECONDS), bench.loop)
            page.wait_for_timeout(SECONDS * 1000)
            seen = page.evaluate(READ)
            watched, sent = future.result(30)
            browser.close()
        print(f"{vm}, as fast as it goes, {sent / SECONDS:.0f} messages a second from the phones:")
        print(f"  the world: {alone:,.0f} times real time alone, {watched:,.0f} with a page open")
        print(
            f"  the page: {seen['news'] / SECONDS:.0f} batches and {seen['frames'] / SECONDS:.0f}"
            f" drawings a second, {seen['ticks'] / SECONDS:.0f} frames a second of the browser;"
            f" {seen['snapshots']} times too slow"
        )
        print(
            f"  lag: {seen['median']:.0f} ms in the middle, {seen['late']:.0f} ms for 95 of 100,"
            f" {seen['most']:.0f} ms at most"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
