# SPDX-License-Identifier: MIT
"""Takes the pictures of README.md and docs/page.md: `make screenshots`. Needs chromium."""

from __future__ import annotations

import asyncio
import math
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools.bench.web.background import BROWSER_OPTIONS, Served, chromium, served
from tools.build import ROOT
from tools.docs import moving_picture
from tools.owner import remote

FOLDER = ROOT / "docs" / "screenshots"
ANNA, BEN = "+31600000001", "+31600000002"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}

# A heated room for some hours, then somebody at the door.
STORY = f"""
{ANNA} > MAKEMEBOSS
wait 1m
{ANNA} > SWITCHOFFTEMP=20C
wait 1m
{ANNA} > THERMOSTATON
wait 3h
{BEN} > STATUS
wait 20m
{ANNA} > SMSCONFIRMUNAUTH=ON
wait 20m
{ANNA} > ALERT=SMSCHANGE
wait 15m
{ANNA} > ALARMON
wait 10m
contact closed
wait 6m
contact open
wait 25m
{BEN} > ON
wait 1m
{ANNA} > STATUS
wait 1m
contact closed
wait 30s
{ANNA} > ON
wait 7s
"""

# The moving picture: who types what, and the seconds of the device's time that pass then.
SCENES: tuple[tuple[str, str, int], ...] = (
    (ANNA, "MAKEMEBOSS", 6),
    (ANNA, "ON", 6),
    (BEN, "OFF", 4),
    (ANNA, "ALARMON", 6),
    ("step", "contact closed", 5),
    (ANNA, "ALARMOFF", 6),
)
MOVING = "moving.webp"
FRAME_MS = 160
READ_MS = 1500  # when a scene is over


def main() -> int:
    """Take all of them; return the exit status."""
    path = chromium()
    if path is None:
        print("screenshots: there is no chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served("micropython-1.24.1", math.inf) as bench:
        bench.call(_tell(bench))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
            for name in SIZES:
                for scheme in ("light", "dark"):
                    _take(browser, bench, name, scheme)
            _take_moving(browser)
            _take_remote(browser)
            browser.close()
    return 0


async def _tell(bench: Served, story: str = STORY) -> None:
    """Play the story; leave the device paused in the middle of it."""
    while not bench.bench.session.online:
        await asyncio.sleep(0.05)
    bench.bench.set_speed(0)  # time passes in the waits alone
    if story:
        bench.bench.set_room("heater", 5.0)
    for step in story.strip().splitlines():
        await bench.bench.do(step)


def _take(browser: Browser, bench: Served, name: str, scheme: Any) -> None:
    width, height = SIZES[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(bench.url)
    page.wait_for_selector(".thread li", state="attached")
    if name == "phone":
        page.locator("[data-pane=history]").click()
    page.locator("#span").select_option("21600")
    page.wait_for_timeout(800)  # the plot is drawn five times a second
    if name == "phone":
        _save(page, f"{name}-history-{scheme}")
        page.locator("[data-pane=phones]").click()
        page.wait_for_timeout(200)
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    _save(page, f"{name}-{scheme}")
    if scheme == "light":
        page.get_by_role("button", name="Commands").first.click()
        page.wait_for_timeout(200)
        page.screenshot(path=FOLDER / f"{name}-commands.png")
        _shrink(FOLDER / f"{name}-commands.png")
    page.close()


def _take_moving(browser: Browser) -> None:
    """Play the scenes on a page of their own, a picture for each second and for each word."""
    with served("micropython-1.24.1", math.inf) as bench:
        bench.call(_tell(bench, story=""))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(bench.url)
        page.wait_for_selector("#standing")
        page.locator("#welcome summary").click()
        clip = _around(page, [".device", f'[data-number="{ANNA}"]', f'[data-number="{BEN}"]'])
        shots: list[tuple[bytes, int]] = []

        def shoot(ms: int) -> None:
            page.wait_for_timeout(100)  # what is new comes 20 times a second
            shots.append((page.screenshot(clip=clip), ms))

        shoot(READ_MS)
        for who, text, seconds in SCENES:
            if who == "step":
                bench.do(text)
            else:
                box = page.locator(f'.phone[data-number="{who}"] .text')
                for end in (len(text) // 2, len(text)):
                    box.fill(text[:end])
                    shoot(2 * FRAME_MS)
                box.press("Enter")
            shoot(FRAME_MS)
            for _ in range(seconds):
                bench.do("wait 1s")
                shoot(FRAME_MS)
            shoot(READ_MS)
        data = moving_picture.animation(moving_picture.encode(page, shots))
        page.close()
    (FOLDER / MOVING).write_bytes(data)
    print(f"{MOVING}: {len(data) // 1024} KB")


def _take_remote(browser: Browser) -> None:
    """Take the owner's remote, with a device and a message that it has made."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.set_content(remote.page())
    page.locator("#number").fill("+358912345678")
    page.locator("#device > summary").click()
    page.get_by_role("button", name="On: Switch", exact=True).click()
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    page.screenshot(path=FOLDER / "remote.png")
    _shrink(FOLDER / "remote.png")
    page.close()


def _around(page: Page, selectors: Sequence[str]) -> Any:
    """Return the part of a page that holds some elements, with a little air."""
    boxes = [page.locator(selector).first.bounding_box() for selector in selectors]
    left = min(box["x"] for box in boxes if box) - 10
    top = min(box["y"] for box in boxes if box) - 10
    right = max(box["x"] + box["width"] for box in boxes if box) + 10
    bottom = max(box["y"] + box["height"] for box in boxes if box) + 10
    sizes = {"width": right - left, "height": bottom - top}
    return {name: 2 * round(value / 2) for name, value in {"x": left, "y": top, **sizes}.items()}


def _save(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    _shrink(path)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


def _shrink(path: Path) -> None:
    """Reduce the colours, if Debian's pngquant is there to do it: a third of the size."""
    if pngquant := shutil.which("pngquant"):
        command = [pngquant, "--force", "--strip", "--nofs", "--output", str(path), str(path)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
