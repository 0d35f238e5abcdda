# SPDX-License-Identifier: MIT
"""What newcomers stumbled over on the bench page, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_tab import ANNA, BEN, OVERFLOWING, SLOW_MS, Tab, played, socket
from playwright.sync_api import Browser, expect

from tools.bench.scenario import observations as o
from tools.bench.scenario import play as playing
from tools.bench.web import story
from tools.bench.web.background import chromium, served
from tools.bench.web.bench import Bench, Choice
from tools.bench.web.server import Server

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no chromium to look with"),
    pytest.mark.xdist_group("one browser"),
]
DARK = f"# Dark\n{ANNA} > ON\n{ANNA} < Power socket ON\nsocket off within 1s"


def test_an_afternoon_of_clicks(browser: Browser, tmp_path: Path) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        page = tab.page
        # Clicked during a hold: it replays all the same, see below.
        tab.speed("1")
        page.get_by_role("button", name="Press", exact=True).click()
        socket(tab, "on")
        page.get_by_role("button", name="Hold 5 s").click()
        expect(page.locator("#held")).to_have_text("The button is held down")
        expect(page.locator("#device")).to_have_attribute("data-held", "true")
        tab.phone(ANNA).get_by_role("button", name="OFF", exact=True).click()
        tab.speed("60")
        tab.got(ANNA, "Power socket OFF")
        expect(page.locator("#held")).to_be_empty()
        _lamp_needs_mains(tab)
        _time_stands_still(tab)
        _errors_are_in_sight(tab, tmp_path)
        _narrowing_freezes_nothing(tab)
        _silence_is_explained(tab)
        page.locator("#menu > summary").click()
        with page.expect_download() as download:
            page.locator("#scenario").click()
        file = tmp_path / "afternoon.scn"
        download.value.save_as(file)
        _a_gsm707_is_drawn_whole(tab)
        tab.close()
    assert "button down" in file.read_text()
    assert played(file) == playing.HELD, file.read_text()


def _lamp_needs_mains(tab: Tab) -> None:
    tab.phone(ANNA).get_by_role("button", name="ON", exact=True).click()
    expect(tab.page.locator("#lamp-state")).to_have_text("The lamp is lit")
    tab.page.get_by_role("switch", name="Mains").click()
    expect(tab.page.locator("#lamp-state")).to_have_text("The lamp is dark")
    expect(tab.page.locator("#socket")).to_have_text("Socket on, without mains")
    tab.page.get_by_role("switch", name="Mains").click()
    expect(tab.page.locator("#lamp-state")).to_have_text("The lamp is lit")
    expect(tab.page.locator("#standing")).to_have_text("on line", timeout=SLOW_MS)


def _time_stands_still(tab: Tab) -> None:
    """A press and "Next event" do something while the clock is paused, and say what."""
    page = tab.page
    tab.speed("0")
    expect(page.locator("#found")).to_have_text("Time stands still.")
    socket(tab, "on")
    page.get_by_role("button", name="Press", exact=True).click()
    socket(tab, "off")
    before = page.locator("#clock").inner_text()
    tab.phone(ANNA).get_by_role("button", name="ON", exact=True).click()
    page.get_by_role("button", name="Next event").click()
    expect(page.locator("#found")).to_contain_text("Next event: ")
    assert page.locator("#clock").inner_text() != before
    expect(page.locator('#speeds input[value="0"]')).to_be_checked()
    tab.speed("60")
    tab.got(ANNA, "Power socket ON")


def _errors_are_in_sight(tab: Tab, tmp_path: Path) -> None:
    page = tab.page
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    tab.do("socket onn")
    expect(page.locator("#step-failed")).to_contain_text("did you mean `socket on`?")
    expect(page.locator("#step-failed")).to_be_in_viewport()
    expect(page.locator("#step-text")).to_have_value("socket onn")
    (tmp_path / "bad.json").write_text("[]")
    page.locator("#load").set_input_files(tmp_path / "bad.json")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_text("this file holds no settings of a device")).to_be_in_viewport()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("alert")).to_be_empty()


def _narrowing_freezes_nothing(tab: Tab) -> None:
    at_end = "e => e.scrollHeight - e.scrollTop - e.clientHeight < 40"
    traffic = tab.page.locator("#traffic")
    tab.page.set_viewport_size({"width": 760, "height": 900})
    before = traffic.inner_text()
    tab.send(ANNA, "STATUS")
    tab.got(ANNA, "Signal: Good")
    expect(traffic).not_to_have_text(before)
    assert traffic.evaluate(at_end)
    assert tab.phone(ANNA).locator(".thread").evaluate(at_end)
    tab.page.set_viewport_size({"width": 1280, "height": 900})


def _silence_is_explained(tab: Tab) -> None:
    for who, text, why in (
        (ANNA, "x" * 31, "longer than 30 characters"),
        (ANNA, "MAKEMEBOSS", None),
        (BEN, "ON", "not on the list"),
        (ANNA, "PASSWORD=12abc", None),
    ):
        tab.send(who, text)
        newest = tab.phone(who).locator(".mine").last
        expect(newest).to_contain_text("delivered in", timeout=SLOW_MS)
        if why is not None:
            expect(newest.locator(".why")).to_have_text(f"The device refused it: {why}")
    tab.got(ANNA, "PASSWORD=*****")
    tab.send(ANNA, "ON")
    expect(tab.phone(ANNA).locator(".why").last).to_contain_text("no or wrong password")
    tab.do(f"{ANNA} > STATUS again")
    expect(tab.phone(ANNA).locator(".why").last).to_contain_text("a copy of an earlier one")
    expect(tab.page.locator("#log")).to_contain_text("message: refused, a copy")
    expect(tab.page.locator("#events")).to_contain_text("the device refused a message: a copy")


def _a_gsm707_is_drawn_whole(tab: Tab) -> None:
    tab.page.locator("#menu > summary").click() if not tab.js("menu.open") else None
    tab.page.locator("#model").select_option("GSM707")
    tab.page.get_by_role("button", name="Start new device").click()
    expect(tab.page.locator('[data-led="microphone"]')).to_be_visible()
    outside = tab.js(
        """() => {
          const card = document.querySelector(".housing").getBoundingClientRect();
          return [...document.querySelectorAll("#leds li, #leds small")].filter((e) => {
            const { left, right, bottom } = e.getBoundingClientRect();
            return left < card.left || right > card.right || bottom > card.bottom;
          }).map((e) => e.textContent);
        }"""
    )
    assert outside == []


def test_a_bench_that_goes_takes_nothing_along(browser: Browser) -> None:
    """It is missed until it is back; what was typed stays, and what was there is past."""
    with served() as bench:
        tab = Tab(browser, bench.url)
        tab.send(ANNA, "ON")
        tab.got(ANNA, "Power socket ON")
        port = int(bench.url.rsplit(":", 1)[1].strip("/"))
        bench.call(bench.server.close())
        alert = tab.page.get_by_role("alert")
        expect(alert).to_contain_text("The bench does not answer")
        tab.send(ANNA, "OFF")
        tab.phone(BEN).locator(".text").fill("a dra")
        tab.do("contact closed")
        for place in (tab.phone(ANNA).locator(".failed"), tab.page.locator("#step-failed")):
            expect(place).to_contain_text("the bench does not answer")
        again = Server(bench.bench)
        bench.call(again.start(port))
        expect(alert).to_be_empty(timeout=SLOW_MS)
        # The same world is still there, and nothing is shown twice.
        expect(tab.phone(ANNA).locator(".thread li")).to_have_count(2)
        bench.call(again.close())
        other, server = bench.call(_another_bench(port))
        expect(alert).to_be_empty(timeout=SLOW_MS)
        past = tab.phone(ANNA).locator(".thread li")
        expect(past).to_contain_text(["ON", "Power socket ON", "The bench was started again"])
        expect(past.first).to_have_class(re.compile("past"))
        expect(tab.page.locator("#events")).to_contain_text("The bench was started again")
        expect(tab.page.locator("#traffic")).to_contain_text("The bench was started again")
        expect(tab.phone(ANNA).locator(".text")).to_have_value("OFF")
        expect(tab.phone(BEN).locator(".text")).to_have_value("a dra")
        expect(tab.page.locator("#step-text")).to_have_value("contact closed")
        tab.phone(ANNA).locator(".text").press("Enter")
        tab.got(ANNA, "Power socket OFF")
        expect(tab.phone(ANNA).locator(".text")).to_have_value("")
        tab.page.close()  # what it could not reach is among its errors
        bench.call(server.close())
        bench.call(other.close())


async def _another_bench(port: int) -> tuple[Bench, Server]:
    other = Bench(Choice("cpython"), speed=60)
    await other.start()
    server = Server(other)
    await server.start(port)
    return other, server


def test_the_first_minute(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "WATCHED_S", 1.0)  # a tenth of what a person is given
    monkeypatch.setattr(story, "PACE", 120.0)
    with served() as bench:
        tab = Tab(browser, bench.url)
        page = tab.page
        expect(page.get_by_role("heading", name="A mains socket that obeys")).to_be_in_viewport()
        expect(page.locator(".stories button")).to_have_count(3)
        for title, seen in (
            ("Switch it by message", tab.phone(BEN).locator(".why")),
            ("An intruder at the door", tab.phone(ANNA).locator(".event").first),
            ("A night of frost", tab.phone(ANNA).get_by_text("Temperature fall alert!")),
        ):
            page.get_by_role("button", name=title).click()
            expect(page.locator("#story-name")).to_have_text(title)
            expect(page.locator("#story-caption")).to_contain_text("That was it", timeout=SLOW_MS)
            expect(seen).to_be_visible()
        label = re.compile("between 2 and ")
        expect(page.locator("#plot")).to_have_attribute("aria-label", label)
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.locator("#story")).to_be_hidden()
        _share(tab)
        # As `python -m tools.bench page FILE:3` opens it: just before the step that failed.
        bench.call(bench.bench.play(story.Story("dark.scn", DARK, before=3)))
        expect(page.locator("#story-caption")).to_contain_text(f"Stopped before: {ANNA} <")
        expect(page.locator("#step-text")).to_have_value(f"{ANNA} < Power socket ON")
        page.locator("#step-text").press("Enter")
        tab.speed("60")
        expect(page.locator("#step-text")).to_have_value("")
        expect(page.locator("#events")).to_contain_text(f"done    {ANNA} <")
        # Hidden once, it stays hidden; one click brings it back.
        page.locator("#welcome summary").click()
        page.reload()
        expect(page.locator("#welcome p")).to_be_hidden()
        tab.close()


def _share(tab: Tab) -> None:
    """A scenario is copied, changed, pasted and played up to what does not hold."""
    page = tab.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#menu > summary").click()
    page.get_by_role("button", name="Open, copy or paste a scenario").click()
    text = page.locator("#share-text")
    expect(text).to_have_value(re.compile("mains off"))
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#share-failed")).to_have_text("Copied.")
    assert tab.js("navigator.clipboard.readText()") == text.input_value()
    text.fill("socket onn")
    page.get_by_role("button", name="Play it in a new world").click()
    expect(page.locator("#share-failed")).to_contain_text("pasted.scn:1: `socket onn` is not")
    text.fill(DARK)
    page.get_by_role("button", name="Play it in a new world").click()
    expect(page.locator("#story-caption")).to_contain_text("This did not hold: line 4: socket off")
    socket(tab, "on")
    expect(page.locator('#speeds input[value="0"]')).to_be_checked()


def test_more_than_anybody_needs(browser: Browser) -> None:
    """Ten phones, 10,000 messages, markup, 500 degrees, an hour in a tab that is not shown."""
    with served() as bench:
        tab = Tab(browser, bench.url)
        page = tab.page
        name = "<img src=x onerror=alert(1)>" + "x" * 32
        page.locator("#new-phone").fill(name)
        page.get_by_role("button", name="Add").click()
        expect(page.locator("#adder-failed")).to_contain_text("a name of up to 11 letters")
        expect(page.locator("#new-phone")).to_have_value(name)
        for number in range(3, 11):
            page.locator("#new-phone").fill(f"+3160000000{number}")
            page.get_by_role("button", name="Add").click()
        expect(page.locator(".phone")).to_have_count(10)
        tab.send(ANNA, "<b>ON</b>" + "x" * 60)
        expect(tab.phone(ANNA).locator(".mine")).to_contain_text("<b>ON</b>xxx")
        tab.do("temperature 500")
        expect(page.locator("#celsius")).to_have_text("500.0 °C")
        tab.do("temperature 501")
        expect(page.locator("#step-failed")).to_contain_text("is not a temperature in Celsius")
        # In a tab that is not shown no frame is drawn; all of it comes when it is shown again.
        tab.js(
            "() => { kept = requestAnimationFrame; held = []; "
            "requestAnimationFrame = (f) => held.push(f); }"
        )
        bench.call(_flood(bench.bench))
        bench.do("wait 1h")
        expect(tab.phone(BEN).locator(".thread li").last).to_contain_text("message 9999")
        tab.js("() => { requestAnimationFrame = kept; for (const f of held) f(); }")
        expect(page.locator("#elapsed")).to_contain_text(re.compile("^1:"))
        assert tab.phone(BEN).locator(".thread li").count() == 400
        assert tab.js("held.length") <= 2
        assert tab.js("document.documentElement.scrollWidth") <= 1280
        assert tab.js(OVERFLOWING) == []
        tab.close()


async def _flood(bench: Bench) -> None:
    for number in range(10_000):
        bench.chronicle.notice(o.MessageToPhone(bench.session.now, BEN, f"message {number}"))
