# SPDX-License-Identifier: MIT
"""The bench page for everybody: by keyboard, on a phone, zoomed, in forced colours."""

from __future__ import annotations

import pytest
from page_tab import ANNA, OVERFLOWING, Tab
from playwright.sync_api import Browser, expect

from tools.bench.web.background import chromium, served
from tools.bench.web.server import VENDOR

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no chromium to look with"),
    pytest.mark.xdist_group("one browser"),
]

AXE = VENDOR.parent / "axe-core" / "axe.min.js"
PARTS = ("device", "phones", "around", "history")


def faults(tab: Tab, part: str = "html") -> list[str]:
    """Return what axe-core finds serious or critical, in the whole page or a part of it."""
    found: list[str] = tab.page.evaluate(
        """async (part) => (await axe.run(part, { resultTypes: ["violations"] })).violations
          .filter((v) => v.impact === "serious" || v.impact === "critical")
          .map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`)""",
        part,
    )
    return found


def test_nothing_on_the_page_breaks_a_serious_rule_of_access(browser: Browser) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        page = tab.page
        tab.js(AXE.read_text(encoding="utf-8"))
        for text in ("ON", "x" * 31):
            tab.send(ANNA, text)
        expect(tab.phone(ANNA).locator(".why")).to_be_visible()
        tab.got(ANNA, "Power socket ON")
        tab.do("socket onn")
        expect(page.locator("#step-failed")).not_to_be_empty()
        assert faults(tab) == []
        page.emulate_media(color_scheme="dark")
        page.locator("#menu > summary").click()
        assert faults(tab) == []
        page.get_by_role("button", name="Open, copy or paste a scenario").click()
        assert faults(tab, "#share") == []
        page.keyboard.press("Escape")
        tab.phone(ANNA).get_by_role("button", name="Commands").click()
        assert faults(tab, "#commands") == []
        page.keyboard.press("Escape")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 390, "height": 740})
        for part in PARTS:
            page.locator(f'.panes [data-pane="{part}"]').click()
            assert faults(tab) == [], part
        tab.close()


def test_a_phone_shows_one_part_at_a_time(browser: Browser) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url, 390)
        page = tab.page
        for width, height in ((390, 740), (360, 640), (320, 568)):
            page.set_viewport_size({"width": width, "height": height})
            for part in PARTS:
                page.locator(f'.panes [data-pane="{part}"]').click()
                for other in PARTS:
                    shown = page.locator(f'[data-part="{other}"]').last
                    expect(shown).to_be_visible(visible=other == part)
                assert tab.js(OVERFLOWING) == [], (width, part)
                size = tab.js("[document.documentElement.scrollWidth, innerWidth]")
                assert size == [width, width]
                assert tab.js("document.documentElement.scrollHeight") <= height
            page.locator('.panes [data-pane="phones"]').click()
            tab.phone(ANNA).get_by_role("button", name="Commands").click()
            assert tab.js(OVERFLOWING) == [], width
            page.keyboard.press("Escape")
        page.set_viewport_size({"width": 360, "height": 640})
        # The newest message is in sight; what comes meanwhile is counted in the bar.
        for text in ("STATUS", "ON", "DATE", "OFF"):
            tab.send(ANNA, text)
        tab.got(ANNA, "Power socket OFF")
        expect(tab.phone(ANNA).locator(".theirs").last).to_be_in_viewport(ratio=1)
        page.locator('.panes [data-pane="device"]').click()
        bench.do("+31600000002 > ON")
        expect(page.locator("#unread")).to_have_text("1")
        page.locator('.panes [data-pane="phones"]').click()
        page.locator("#which").select_option(label="Ben")
        expect(tab.phone("+31600000002").get_by_text("Power socket ON")).to_be_in_viewport(ratio=1)
        _zoomed(tab)
        tab.close()


def _zoomed(tab: Tab) -> None:
    """A window of 1280 by 900 has so many CSS pixels at 200 and at 400 %."""
    page = tab.page
    for width, height in ((640, 450), (320, 225)):
        page.set_viewport_size({"width": width, "height": height})
        for part in PARTS:
            page.locator(f'.panes [data-pane="{part}"]').click()
            assert tab.js(OVERFLOWING) == [], (width, part)
            assert tab.js("document.documentElement.scrollWidth") == width
        assert tab.js("getComputedStyle(document.querySelector('.bar')).position") == "static"
        page.locator('.panes [data-pane="phones"]').click()
        page.locator("#which").select_option(label="Anna")
        tab.send(ANNA, "STATUS")
        tab.got(ANNA, "Signal: Good")


def test_it_is_worked_by_keyboard_and_every_control_has_a_name(browser: Browser) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        tab.page.keyboard.press("Tab")
        assert tab.js("document.activeElement.className") == "skip"
        tab.page.locator("#contact").focus()
        tab.page.keyboard.press("Space")
        expect(tab.page.locator("#contact")).to_have_attribute("aria-checked", "true")
        tab.page.locator("#temperature").focus()
        for _ in range(4):
            tab.page.keyboard.press("ArrowUp")
        expect(tab.page.locator("#celsius")).to_have_text("23.0 °C")
        tab.page.locator("#speeds input:checked").focus()
        tab.page.keyboard.press("ArrowRight")
        expect(tab.page.locator('#speeds input[value="600"]')).to_be_checked()
        nameless = tab.js(
            """() => [...document.querySelectorAll("button, input, select, a, summary")].filter(
              (e) => !(e.textContent.trim() && e.tagName !== "SELECT") && !e.ariaLabel
                && !(e.labels && [...e.labels].some((l) => l.textContent.trim()))
            ).map((e) => e.outerHTML)"""
        )
        assert nameless == []
        _plot_by_keyboard(tab)
        tab.do("socket onn")
        expect(tab.page.locator("#step-failed")).to_contain_text("did you mean `socket on`")
        tab.close()


def _plot_by_keyboard(tab: Tab) -> None:
    page, plot = tab.page, tab.page.locator("#plot")
    width = "bench.plot.chart.scales.x.max - bench.plot.chart.scales.x.min"
    page.locator("#follow").focus()
    page.keyboard.press("Tab")
    expect(plot).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    readout = page.locator("#readout")
    expect(readout).to_contain_text("Temperature 23 °C")
    expect(readout).to_have_attribute("aria-live", "polite")
    page.keyboard.press("Home")
    expect(readout).to_contain_text("Temperature 21 °C")
    expect(readout).to_contain_text("Contact open")
    before = tab.js(width)
    page.keyboard.press("-")
    tab.until(f"{width} > {before} * 1.5")
    expect(page.locator("#follow")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(page.locator("#follow")).to_have_attribute("aria-pressed", "true")
    expect(readout).to_contain_text("arrow keys")


def test_forced_colours_and_reduced_motion(browser: Browser) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        page = tab.page
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        # What shows a state by colour alone elsewhere looks different here, too.
        for selector, act in (
            ("#leds [data-led=out] .led", lambda: bench.do(f"{ANNA} > ON")),
            ("#mains", lambda: bench.do("mains off")),
            (".lamp", lambda: bench.do("mains on")),
            ("#sim", lambda: bench.do("sim missing")),
            (".knob", lambda: bench.do("button down")),
        ):
            before = page.locator(selector).screenshot()
            act()
            _until_other(tab, selector, before)
        assert (
            page.locator("#traffic").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
        )
        # Nothing moves; the words below an LED say how it blinks.
        bench.do("button up")
        bench.do("network lost")
        expect(page.locator("[data-led=gsm] small")).to_have_text("once a second")
        assert tab.js("document.getAnimations().length") == 0
        lit = "e => getComputedStyle(e, '::after').opacity"
        assert page.locator("[data-led=gsm] .led").evaluate(lit) == "1"
        tab.close()


def _until_other(tab: Tab, selector: str, before: bytes) -> None:
    for _ in range(50):
        if tab.page.locator(selector).screenshot() != before:
            return
        tab.page.wait_for_timeout(100)
    pytest.fail(f"{selector} looks the same")
