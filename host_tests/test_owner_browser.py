# SPDX-License-Identifier: MIT
"""The owner's pages in a real browser: the remote as wide as a small phone, the cards on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tools.bench.web.background import chromium
from tools.owner import forms, remote
from tools.owner.files import contents

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no chromium to look with"),
    pytest.mark.xdist_group("owner browser"),
]

PHONE = {"width": 360, "height": 740}
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
NUMBER = "+358912345678"
# Keeps the links that the page opens, and does not follow them.
NOTE_LINKS = """
window.opened = [];
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='sms:']");
  if (link) { window.opened.push(link.href); event.preventDefault(); }
}, true);
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("remote") / "remote.html"
    path.write_text(remote.page(), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda r: r.url.startswith("file:") or troubles.append(r.url))
    page.add_init_script(NOTE_LINKS)
    page.goto(file.as_uri())
    yield page
    context.close()
    assert troubles == []


def opened(page: Page) -> list[str]:
    links: list[str] = page.evaluate("window.opened")
    return links


def introduce(page: Page, model: str = "EP") -> None:
    page.locator("#model").select_option(model)
    page.locator("#number").fill(NUMBER)
    page.locator("#number").blur()


def test_a_button_opens_the_message_that_it_makes(page: Page) -> None:
    page.get_by_role("button", name="On: Switch", exact=True).click()
    error = page.locator("#number-error")
    expect(error).to_have_text("Enter the device's phone number first.")
    expect(page.locator("#number")).to_be_focused()
    assert opened(page) == []
    introduce(page)
    page.get_by_role("button", name="On: Switch", exact=True).click()
    expect(error).to_be_empty()
    assert opened(page) == [f"sms:{NUMBER}?body=ON"]
    expect(page.locator("#said")).to_have_text(f"To {NUMBER}: ON")


def test_a_value_is_judged_before_a_message_is_made(page: Page) -> None:
    introduce(page)
    page.locator("#find").fill("restarttime")
    expect(page.locator("#found")).to_have_text("1 found.")
    box = page.get_by_label("1 to 600 seconds")
    box.fill("601")
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".error:not(:empty)")).to_have_text(
        "Enter a whole number from 1 to 600 seconds."
    )
    expect(box).to_be_focused()
    assert opened(page) == []
    box.fill("5")
    box.press("Enter")
    assert opened(page) == [f"sms:{NUMBER}?body=RESTARTTIME%3D5"]


def test_each_kind_of_field_makes_its_text(page: Page) -> None:
    introduce(page)
    page.locator("#find").fill("a")  # opens the groups
    page.get_by_label("Time", exact=True).fill("08:05")
    page.get_by_label("Day", exact=True).select_option(label="Friday (5)")
    page.get_by_label("What happens").select_option("AON")
    page.get_by_role("button", name="Add: Timetable").click()
    page.get_by_label("Date and time").fill("2026-11-20T08:00:00")
    page.get_by_label("Time zone").select_option("-3")
    page.get_by_role("button", name="Set by hand: Clock").click()
    page.get_by_label("The socket", exact=True).select_option("OFF")
    page.get_by_label("for seconds").fill("60")
    page.get_by_role("button", name="Set: The socket in an alarm").click()
    warm = page.locator(".item", has_text="Too warm")
    warm.get_by_label("Degrees").fill("-5")
    warm.get_by_label("Unit").select_option("F")
    warm.get_by_role("button", name="Set: Too warm").click()
    warm.get_by_role("button", name="Switch off: Too warm").click()
    texts = [
        "SCHEDULER%2B08%3A05%2C5%2CAON",
        "DATE%3D26%2F11%2F20%2C08%3A00%3A00-03",
        "RELAYTIME%3DOFF60",
        "TRISEALERT%3D-5F",
        "TRISEALERT%3DOFF",
    ]
    assert opened(page) == [f"sms:{NUMBER}?body={text}" for text in texts]


def test_it_keeps_number_and_model_and_never_the_password(page: Page) -> None:
    introduce(page, "GSM707")
    page.locator("#password").fill("12abc")
    page.get_by_role("button", name="Off: Switch", exact=True).click()
    assert opened(page) == [f"sms:{NUMBER}?body=12abcOFF"]
    expect(page.locator("#said")).to_have_text(f"To {NUMBER}: •••••OFF")
    page.wait_for_timeout(1000)  # Chromium writes the storage of a file a little later
    page.reload()
    expect(page.locator("#number")).to_have_value(NUMBER)
    expect(page.locator("#model")).to_have_value("GSM707")
    expect(page.locator("#which")).to_have_text(f"GSM 707, {NUMBER}")
    expect(page.locator("#password")).to_have_value("")
    kept = page.evaluate("JSON.stringify({ ...localStorage }) + document.cookie")
    assert NUMBER in kept and "GSM707" in kept and "12abc" not in kept
    page.locator("#device > summary").click()
    page.get_by_role("button", name="Forget them").click()
    assert page.evaluate("localStorage.length") == 0
    page.locator("#password").fill("12ab")
    page.locator("#number").fill(NUMBER)
    page.get_by_role("button", name="Off: Switch", exact=True).click()
    expect(page.locator("#password-error")).to_have_text("The password has 5 letters or digits.")


def test_an_iphone_has_its_own_form_of_link_and_no_storage_for_a_file(
    browser: Browser, file: Path
) -> None:
    """Some browsers refuse it to a page that was opened as a file: then nothing is kept."""
    context = browser.new_context(viewport=PHONE, user_agent=IPHONE)
    page = context.new_page()
    page.add_init_script(NOTE_LINKS)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    page.goto(file.as_uri())
    introduce(page)
    page.get_by_role("button", name="Ask for the status").click()
    assert opened(page) == [f"sms:{NUMBER}&body=STATUS"]
    context.close()


def test_every_model_fits_and_every_control_has_a_name(page: Page) -> None:
    introduce(page)
    for at, variant in enumerate(forms.variants()):
        page.emulate_media(color_scheme="dark" if at % 2 else "light")
        page.locator("#model").select_option(variant.key)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.get_by_role("button", name="On: Switch", exact=True).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], variant
        for complaint in (WIDER, NAMELESS, SMALL, FAINT):
            assert page.evaluate(complaint) == []


WIDER = """() => [...document.querySelectorAll("input, select, button, p, h3")].filter(
  (e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML)"""
NAMELESS = """() => [...document.querySelectorAll("button, input, select, a, summary")].filter(
  (e) => !(e.textContent.trim() && e.tagName !== "SELECT") && !e.ariaLabel
    && !(e.labels && [...e.labels].some((l) => l.textContent.trim()))
  ).map((e) => e.outerHTML)"""
# A finger wants 44 points.
SMALL = """() => [...document.querySelectorAll("button, input, select, summary, a.button")].filter(
  (e) => e.offsetParent && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML)"""
# WCAG's contrast of text, 4.5 to 1, against what is behind it.
FAINT = """() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = parts(color).map((c) => c / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if (parts(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("p, label, button, h1, h2, h3, small, a, input, select")]
    .filter((e) => e.offsetParent).filter((e) => {
      const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05) < 4.5;
    }).map((e) => e.outerHTML);
}"""


def test_it_is_worked_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")  # Your device
    page.keyboard.press("Tab")
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type(NUMBER)
    page.locator("#find").focus()
    page.keyboard.type("showalarmlog")
    page.keyboard.press("Tab")  # the group
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert opened(page) == [f"sms:{NUMBER}?body=SHOWALARMLOG"]
    page.keyboard.press("Tab")
    expect(page.locator("#open")).to_be_focused()


def test_each_quick_start_card_prints_on_one_page(browser: Browser) -> None:
    page = browser.new_page()
    for name, data in contents().items():
        if name.startswith("quick-start"):
            page.set_content(data.decode())
            pdf = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, name
            box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
            assert box and [round(float(side)) for side in box.groups()] == [595, 842]  # A4
    page.close()
