# SPDX-License-Identifier: MIT
"""Measures the bench page: frames, lag, and what it costs the world.

`make measure-page`. Needs chromium. A thermostat works and two phones ask for STATUS all the time,
at the highest speed; and at 600 times real time with a month of history in the plot.
"""

from __future__ import annotations

import asyncio
import math
import sys
import time
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tools.bench.scenario.observations import OtherEvent, RelaySwitched
from tools.bench.web.background import BROWSER_OPTIONS, Served, chromium, served
from tools.bench.web.chronicle import POINTS

SECONDS = 8
MONTH_MS = 30 * 86_400_000
SLOPE_MS = MONTH_MS // POINTS  # between two points of the month's saw-tooth
STEPS = ("+31600000001 > SWITCHOFFTEMP=20C", "+31600000001 > THERMOSTATON")
COUNT = """() => { globalThis.frames = []; bench.frames = bench.news = bench.snapshots = 0;
  bench.lags.length = 0;
  let before = performance.now();
  const tick = (now) => { frames.push(now - before); before = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""
READ = """() => {
  const of = (values) => { const v = [...values].sort((a, b) => a - b);
    return [v[v.length >> 1], v[Math.floor(v.length * .95)], v.at(-1)]; };
  return { news: bench.news, drawn: bench.frames, snapshots: bench.snapshots,
    frames: frames.length, frame: of(frames), lag: of(bench.lags) } }"""


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


async def _a_month(bench: Served) -> None:
    """Let a month pass, and give the plot as many points of it as it keeps: a saw-tooth."""
    # Without power it passes at once; the page has as much to draw.
    for step in ("power off", "wait 30d", "power on"):
        await bench.bench.do(step)
    for number in range(POINTS):
        at = number * SLOPE_MS
        degrees = 19 + abs(number % 64 - 32) / 16
        bench.bench.chronicle.notice(OtherEvent(at, "room", f"temperature {degrees}"))
        if number % 32 == 0:
            bench.bench.chronicle.notice(RelaySwitched(at, "socket", number % 64 == 0))
    await _prepare(bench)
    bench.bench.set_speed(600)


def _watch(browser: Browser, bench: Served, span: str) -> tuple[float, int, dict[str, Any]]:
    """Look at a busy device for some seconds; return its speed, its messages, and the figures."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(bench.url)
    page.locator("#span").select_option(span)
    page.wait_for_timeout(1500)
    page.evaluate(COUNT)
    future = asyncio.run_coroutine_threadsafe(_busy(bench, SECONDS), bench.loop)
    page.wait_for_timeout(SECONDS * 1000)
    seen: dict[str, Any] = page.evaluate(READ)
    page.close()
    return *future.result(30), seen


def _show(title: str, watched: float, sent: int, seen: dict[str, Any]) -> None:
    print(f"{title}, {sent / SECONDS:.0f} messages a second from the phones:")
    print(f"  the world: {watched:,.0f} times real time with a page open")
    print(
        f"  the page: {seen['news'] / SECONDS:.0f} batches and {seen['drawn'] / SECONDS:.0f}"
        f" drawings a second, {seen['frames'] / SECONDS:.0f} frames a second of the browser;"
        f" {seen['snapshots']} times too slow"
    )
    for what in ("frame", "lag"):
        middle, late, most = seen[what]
        print(
            f"  {what}: {middle:.0f} ms in the middle, {late:.0f} for 95 of 100, {most:.0f} most"
        )


def main() -> int:
    """Print the figures; return the exit status."""
    path = chromium()
    if path is None:
        print("measure-page: there is no chromium", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
        for vm in ("micropython-1.24.1", "cpython"):
            with served(vm, math.inf) as bench:
                bench.call(_prepare(bench))
                alone, _ = bench.call(_busy(bench, SECONDS))
                print(f"{vm} alone, as fast as it goes: {alone:,.0f} times real time")
                _show(f"{vm}, as fast as it goes", *_watch(browser, bench, "3600"))
        with served("cpython") as bench:
            bench.call(_a_month(bench))
            title = "cpython at 600 times real time, a month of history in the plot"
            _show(title, *_watch(browser, bench, "0"))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
