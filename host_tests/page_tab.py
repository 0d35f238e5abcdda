# SPDX-License-Identifier: MIT
"""One tab with the bench page, for its tests in a browser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

ANNA, BEN = "+31600000001", "+31600000002"
SLOW_MS = 30_000

# What is wider than the box it stands in, or sticks out of the window.
OVERFLOWING = """() => [...document.querySelectorAll(
    "main *, .bar *, .top > *, .panes *, dialog[open] *")]
  .filter((e) => e.checkVisibility())
  .filter((e) => !e.closest("svg, .uplot, .unseen, .segments input, .housing"))
  .filter((e) => {
    const { left, right, width } = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    const cut = e.scrollWidth > e.clientWidth + 1 && style.overflowX === "visible"
      && style.display !== "inline" && e.clientWidth > 0;
    return width > 1 && (left < -1 || right > innerWidth + 1 || cut);
  }).map((e) => `${e.tagName}.${e.className || e.id}: ${e.textContent.slice(0, 30)}`)"""


class Tab:
    """One tab with the page of a bench; errors of its scripts are kept."""

    def __init__(
        self, browser: Browser, url: str, width: int = 1280, *, online: bool = True
    ) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.set_default_timeout(SLOW_MS)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.goto(url)
        if online:
            expect(self.page.locator("#standing")).to_have_text("on line", timeout=SLOW_MS)

    def phone(self, number: str) -> Locator:
        return self.page.locator(f'.phone[data-number="{number}"]')

    def send(self, number: str, text: str) -> None:
        """Type a message and press Enter."""
        box = self.phone(number).locator(".text")
        box.fill(text)
        box.press("Enter")

    def got(self, number: str, text: str) -> None:
        """Expect that the newest message on a phone is this one."""
        newest = self.phone(number).locator(".thread .theirs").last
        expect(newest).to_contain_text(text, timeout=SLOW_MS)

    def do(self, step: str) -> None:
        """Type a scenario step."""
        self.page.locator("#step-text").fill(step)
        self.page.locator("#step-text").press("Enter")

    def speed(self, value: str) -> None:
        self.page.locator(f'#speeds label:has(input[value="{value}"])').click()

    def js(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def until(self, condition: str) -> None:
        """Wait for a condition, in JavaScript."""
        self.page.wait_for_function(f"() => {condition}", timeout=SLOW_MS)

    def close(self) -> None:
        self.page.close()
        assert self.errors == []


def played(file: Path, vm: str = "cpython") -> int:
    """Play a scenario, in a process of its own: the browser's event loop runs in this one."""
    command = [sys.executable, "-m", "tools.bench", "play", str(file), "--vm", vm]
    return subprocess.run(command, check=False, timeout=60).returncode


def socket(tab: Tab, state: str) -> None:
    expect(tab.page.locator("#socket")).to_have_text(f"Socket {state}", timeout=SLOW_MS)
