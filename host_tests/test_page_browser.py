# SPDX-License-Identifier: MIT
"""The bench page in a real browser: Debian's chromium, worked by clicks and keys."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
from page_kit import broken
from page_tab import ANNA, BEN, SLOW_MS, Tab, played, socket
from playwright.sync_api import Browser, expect

from tools.bench.scenario import play as playing
from tools.bench.web.background import chromium, served

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no chromium to look with"),
    pytest.mark.xdist_group("one browser"),
]


def test_the_manuals_first_test_by_clicking_and_its_download_is_played(
    browser: Browser, tmp_path: Path
) -> None:
    """Chapter 3 of the manual, on the MicroPython VM; what was clicked holds on both VMs."""
    with served("micropython-1.24.1") as bench:
        tab = Tab(browser, bench.url)
        tab.phone(ANNA).get_by_role("button", name="Commands").click()
        tab.page.locator("#find-command").fill("makemeboss")
        tab.page.locator(".command", has_text="MAKEMEBOSS").first.click()
        tab.phone(ANNA).get_by_role("button", name="Send").click()
        tab.got(ANNA, "Your phone number has been assigned for all types of alerts and was added")
        tab.phone(BEN).get_by_role("button", name="ON", exact=True).click()
        expect(tab.phone(BEN).locator(".mine small").first).to_contain_text("delivered in")
        tab.do("wait 2m")
        socket(tab, "off")
        assert tab.phone(BEN).locator(".theirs").count() == 0
        tab.phone(ANNA).get_by_role("button", name="ON", exact=True).click()
        socket(tab, "on")
        expect(tab.page.locator("#lamp-state")).to_have_text("The lamp is lit")
        expect(tab.page.locator('[data-led="out"]')).to_have_attribute("data-pattern", "steady")
        tab.got(ANNA, "Power socket ON")
        tab.phone(ANNA).get_by_role("button", name="OFF", exact=True).click()
        tab.got(ANNA, "Power socket OFF")
        socket(tab, "off")
        tab.page.get_by_role("button", name="Press", exact=True).click()
        socket(tab, "on")
        tab.page.locator("#menu > summary").click()
        with tab.page.expect_download() as download:
            tab.page.locator("#scenario").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        tab.close()
    lines = file.read_text().splitlines()
    assert {f"{BEN} > ON", "button press", f"{ANNA} < Power socket ON"} < set(lines)
    for vm in ("cpython", "micropython"):
        assert played(file, vm) == playing.HELD, file.read_text()
    # .. and it is a test: another reply, and it fails.
    file.write_text(file.read_text().replace("< Power socket OFF", "< Power socket DARK"))
    assert played(file) == playing.FAILED


def test_a_thermostats_night_has_its_saw_tooth_in_the_plot(browser: Browser) -> None:
    with served(speed=60.0) as bench:
        tab = Tab(browser, bench.url)
        tab.page.locator("#appliance").select_option("heater")
        tab.send(ANNA, "SWITCHOFFTEMP=20C")
        tab.got(ANNA, "SWITCHOFFTEMP=20C(68F) - OK")
        tab.send(ANNA, "THERMOSTATON")
        tab.got(ANNA, "Thermostat is working now!")
        tab.page.locator("#span").select_option("86400")
        tab.do("wait 6h")
        expect(tab.page.locator("#elapsed")).to_have_text(re.compile("^6:"), timeout=SLOW_MS)
        tab.until("bench.plot.chart.data[0].at(-1) - bench.plot.chart.data[0][0] >= 21_600")
        xs, celsius, goal, relay = json.loads(
            tab.js("JSON.stringify(bench.plot.chart.data.slice(0, 4))")
        )
        assert goal[-1] == 20 and xs[-1] - xs[0] >= 21_600
        settled = [c for x, c in zip(xs, celsius, strict=True) if x > xs[-1] - 10_800]
        assert 18.5 < min(settled) < 20 < max(settled) < 21.5
        slopes = [b > a for a, b in itertools.pairwise(settled) if a != b]
        turns = sum(a != b for a, b in itertools.pairwise(slopes))
        switched = sum(a != b for a, b in itertools.pairwise(relay))
        assert turns >= 5 and switched >= 5
        told = tab.page.locator("#plot").get_attribute("aria-label")
        assert told and f"socket switched {switched} times" in told
        assert _painted(tab) > 2000
        # What is under the pointer is read out; a drag zooms, a double-click follows again.
        over = tab.page.locator("#plot .u-over")
        box = over.bounding_box()
        assert box is not None
        over.hover(position={"x": box["width"] / 2, "y": 40})
        expect(tab.page.locator("#readout")).to_contain_text("Set point 20 °C")
        tab.page.mouse.down()
        tab.page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 40)
        tab.page.mouse.up()
        expect(tab.page.locator("#follow")).to_have_attribute("aria-pressed", "false")
        shown = tab.js("bench.plot.chart.scales.x.max - bench.plot.chart.scales.x.min")
        assert 3600 < shown < 15_000
        over.dblclick()
        expect(tab.page.locator("#follow")).to_have_attribute("aria-pressed", "true")
        tab.close()


def _painted(tab: Tab) -> int:
    """Return how many pixels of the canvas have the colour of the temperature's line."""
    count: int = tab.js(
        """() => {
          const canvas = document.querySelector("#plot canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const probe = document.querySelector(".strong");
          const [r, g, b] = getComputedStyle(probe).backgroundColor.match(/\\d+/g).map(Number);
          let n = 0;
          for (let i = 0; i < data.length; i += 4)
            if (Math.abs(data[i]-r) + Math.abs(data[i+1]-g) + Math.abs(data[i+2]-b) < 60
                && data[i+3] > 100) n++;
          return n;
        }"""
    )
    return count


def test_a_lost_network_and_back(browser: Browser) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        tab.page.get_by_role("switch", name="Network in reach").click()
        expect(tab.page.locator('[data-led="gsm"] small')).to_have_text("once a second")
        expect(tab.page.locator("#standing")).to_have_text("not on line")
        tab.send(BEN, "ON")
        expect(tab.page.locator("#modem-state")).to_contain_text("1 waiting")
        tab.do("wait 20m")
        expect(tab.page.locator("#elapsed")).to_have_text(re.compile(r"^0:2\d:"))
        socket(tab, "off")
        expect(tab.phone(BEN).locator(".mine small")).to_contain_text("on its way")
        tab.page.get_by_role("switch", name="Network in reach").click()
        tab.got(BEN, "Power socket ON")
        late = tab.phone(BEN).locator(".mine small")
        expect(late).to_have_text(re.compile(r"delivered in [1-5]\d min"))
        expect(tab.page.locator('[data-led="gsm"] small')).to_have_text("every 3 s")
        tab.close()


def test_the_device_calls_and_is_picked_up(browser: Browser, tmp_path: Path) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        for text in ("MAKEMEBOSS", "ALERT=CALL", "ALARMON"):
            tab.send(ANNA, text)
            expect(tab.phone(ANNA).locator(".theirs")).to_have_count(
                ("MAKEMEBOSS", "ALERT=CALL", "ALARMON").index(text) + 1
            )
        tab.speed("1")
        tab.page.get_by_role("switch", name="Loop contact closed").click()
        tab.phone(ANNA).get_by_role("button", name="Answer").click()
        # Environment Pro has no microphone: it hangs up as soon as somebody has answered.
        expect(tab.phone(ANNA).locator(".event")).to_contain_text(["answered", "ended"])
        expect(tab.phone(ANNA).locator(".call")).to_be_hidden()
        file = tmp_path / "call.scn"
        file.write_text(bench.bench.recorded())
        tab.close()
    assert f"{ANNA} answers" in file.read_text()
    assert played(file) == playing.HELD, file.read_text()


def test_two_tabs_a_closed_one_and_one_that_comes_later(browser: Browser) -> None:
    with served() as bench:
        first, second = Tab(browser, bench.url), Tab(browser, bench.url)
        first.send(ANNA, "ON")
        for tab in (first, second):
            socket(tab, "on")
            tab.got(ANNA, "Power socket ON")
        second.speed("600")
        expect(first.page.locator('#speeds input[value="600"]')).to_be_checked()
        first.close()
        second.send(ANNA, "OFF")
        second.got(ANNA, "Power socket OFF")
        third = Tab(browser, bench.url)
        expect(third.phone(ANNA).locator(".thread li")).to_have_count(4)
        third.close()
        second.close()


def test_another_device_is_started_from_the_menu(browser: Browser) -> None:
    with served() as bench:
        tab, other = Tab(browser, bench.url), Tab(browser, bench.url)
        tab.send(ANNA, "ON")
        socket(other, "on")
        tab.page.locator("#menu > summary").click()
        tab.page.locator("#vm").select_option("micropython-1.29.0-6")
        tab.page.get_by_role("button", name="Start new device").click()
        for each in (tab, other):
            expect(each.page.locator("#what")).to_have_text("EP on MicroPython 1.29.0-6")
            socket(each, "off")
            expect(each.page.locator("#standing")).to_have_text("on line", timeout=SLOW_MS)
            expect(each.phone(ANNA).locator(".thread li")).to_have_count(0)
        tab.send(ANNA, "OFF")
        other.got(ANNA, "Power socket OFF")
        other.close()
        tab.close()


def test_settings_go_to_a_file_and_come_back(browser: Browser, tmp_path: Path) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        tab.send(ANNA, "RESTARTTIME=7")
        tab.got(ANNA, "RESTARTTIME=7 - OK")
        tab.page.locator("#menu > summary").click()
        with tab.page.expect_download() as download:
            tab.page.get_by_role("link", name="Save the device's settings").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        tab.page.get_by_role("button", name="Start new device").click()
        expect(tab.phone(ANNA).locator(".thread li")).to_have_count(0)
        tab.page.locator("#load").set_input_files(file)
        # The loaded record has a start already; this is its second one.
        log = tab.page.get_by_role("region", name="Device log")
        expect(log).to_contain_text("{'power': 2}", timeout=SLOW_MS)
        expect(tab.page.locator("#standing")).to_have_text("on line", timeout=SLOW_MS)
        tab.send(ANNA, "RESTARTTIME?")
        tab.got(ANNA, "RESTARTTIME=7 seconds")
        tab.close()


@pytest.mark.parametrize(
    ("program", "hang_s", "told"),
    [("end", 20.0, "The firmware crashed"), ("spin", 2.6, "The firmware does not let go")],
)
def test_a_crash_or_a_hang_is_shown_and_a_new_start_helps(
    browser: Browser, program: str, hang_s: float, told: str
) -> None:
    with served(make=broken(program, hang_s)) as bench:
        tab = Tab(browser, bench.url, online=False)
        expect(tab.page.get_by_role("alert")).to_contain_text(told, timeout=SLOW_MS)
        if program == "end":
            expect(tab.page.get_by_role("alert")).to_contain_text("ValueError: first line")
        else:
            alert = tab.page.get_by_role("alert")
            expect(alert).to_contain_text("The device stands still", timeout=SLOW_MS)
            expect(alert).to_contain_text("not idle after 2.6 s")
        tab.page.get_by_role("button", name="Start again").click()
        expect(tab.page.locator("#standing")).to_have_text("on line", timeout=SLOW_MS)
        expect(tab.page.get_by_role("alert")).to_be_empty()
        tab.close()


def test_panes_are_filtered_and_hold_still_for_a_reader(browser: Browser) -> None:
    with served() as bench:
        tab = Tab(browser, bench.url)
        tab.send(ANNA, "STATUS")
        tab.got(ANNA, "Signal: Good")
        traffic = tab.page.locator("#traffic")
        expect(traffic).to_contain_text("AT+CSQ")
        tab.page.locator('[data-filter="traffic"]').fill("csq")
        expect(traffic).not_to_contain_text("AT+CMGS")
        assert all("CSQ" in line for line in traffic.inner_text().splitlines())
        tab.page.locator('[data-filter="traffic"]').fill("")
        expect(traffic).to_contain_text("AT+CMGS")
        before = traffic.evaluate("pane => { pane.scrollTop = 0; return pane.innerText; }")
        for text in ("ON", "OFF"):
            tab.send(ANNA, text)
            tab.got(ANNA, f"Power socket {text}")
        assert traffic.inner_text() == before
        traffic.evaluate("pane => { pane.scrollTop = pane.scrollHeight; }")
        expect(traffic).not_to_have_text(before)
        tab.close()
