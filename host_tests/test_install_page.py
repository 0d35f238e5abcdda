# SPDX-License-Identifier: MIT
"""The install page in a real browser, with a serial port that leads to the bench's boards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from image_kit import NAME, stock
from install_kit import FAKE_SERIAL, Bridge, WorldRepl, loader, served
from playwright.sync_api import Browser, Page, expect

from firmware import pins
from tools.bench.runners.rom_loader import RomLoader
from tools.bench.runners.socket_board import SocketBoard
from tools.bench.web.background import chromium
from tools.bench.world.board_world import BoardWorld
from tools.board import dist, image
from tools.board.esp32_image import read_firmware

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no chromium to look with"),
    pytest.mark.xdist_group("install page"),
]

SLOW_MS = 30_000
PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
LOST = "The device has been lost."  # of the port in install_kit.py, as of a browser's
CABLE = 1  # frames with data, then it goes


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with served(dist.page(None, "")) as bridge:
        yield bridge


@pytest.fixture(scope="module")
def whole() -> bytes:
    """Return an image with few files: esptool-js takes its time for each byte."""
    return image.image(read_firmware(stock(), NAME), {"main.py": b"# main\n"}, NAME)


@pytest.fixture
def page(browser: Browser, bridge: Bridge) -> Iterator[Page]:
    """Give the page of a release without an image."""
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    page.set_default_timeout(SLOW_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(FAKE_SERIAL)
    page.goto(bridge.url)
    yield page
    # Before it goes, and loses a port that it is just opening. What of esptool-js reads or writes
    # as the cable goes may leave that error unhandled; the page shows it; the tests look there.
    told = [error for error in errors if error != LOST]
    page.close()
    assert told == []


@pytest.fixture
def with_image(page: Page, bridge: Bridge, whole: bytes) -> Iterator[Page]:
    """Give the page of a release with one."""
    before = bridge.files
    name = "powersocket-1-devkit-micropython-1.24.1.bin"
    bridge.files = dist.page((name, whole), "devkit")
    page.reload()
    yield page
    bridge.files = before


@pytest.fixture
def flash(tmp_path: Path) -> Path:
    """Return a folder that is the flash of a board with the firmware."""
    folder = tmp_path / "flash"
    for path, data in image.board_files("devkit").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def standing(page: Page, text: str) -> None:
    expect(page.locator("#standing")).to_contain_text(text)


def install(page: Page) -> None:
    """Click through the dialogs of esp-web-tools."""
    page.get_by_role("button", name="Choose a board and install").click()
    page.locator("ew-list-item", has_text="Install SMS power socket").click()
    page.locator("ew-text-button", has_text="Install").click()


def test_it_installs_what_the_image_is_after_a_cable_that_went_too(
    with_image: Page, bridge: Bridge, whole: bytes
) -> None:
    page = with_image
    expect(page.locator("#image")).to_contain_text("for the board “devkit”, on MicroPython 1.24.1")
    chip = RomLoader(flash=b"\0" * (4 << 20))
    bridge.plugged = loader(chip, CABLE)
    install(page)
    dialog = page.locator("ewt-install-dialog")
    expect(dialog).to_contain_text("No harm is done: install again")
    assert bytes(chip.flash) != whole
    again = RomLoader(flash=chip.flash)
    bridge.plugged = loader(again)
    page.reload()
    install(page)
    expect(dialog).to_contain_text("Installation complete")
    assert bytes(again.flash) == whole


def test_a_small_flash_is_left_as_it_was(with_image: Page, bridge: Bridge) -> None:
    before = b"before" * 1000
    chip = RomLoader(2, before.ljust(2 << 20, b"\xff"))
    bridge.plugged = loader(chip)
    install(with_image)
    expect(with_image.locator("ewt-install-dialog")).to_contain_text(
        "The board has 2 MB of flash and the firmware needs 4 MB. Nothing was changed on it."
    )
    assert chip.flash.startswith(before)
    assert chip.writes == 0


def test_model_pin_and_pins_are_set_at_the_vms_repl(
    page: Page, bridge: Bridge, flash: Path
) -> None:
    before = (flash / "firmware/board.py").read_text()
    with SocketBoard(flash) as board:
        bridge.plug(board.url)
        page.get_by_role("button", name="Connect").click()
        standing(page, "Connected: MicroPython 1.24.1")
        expect(page.locator('[name="MODEL"]')).to_have_value("EP")
        page.locator('[name="MODEL"]').select_option("GSM707")
        page.locator('[name="PIN"]').fill("1234")
        page.locator('[name="MODEM"]').select_option("A7670")
        page.get_by_text("Pins", exact=True).click()
        page.locator('[name="LED_OUT"]').fill("LED")
        page.get_by_text("Pins", exact=True).click()
        page.get_by_role("button", name="Check and save").click()
        expect(page.locator('[name="LED_OUT"]')).to_be_focused()
        page.locator('[name="LED_OUT"]').fill("39")
        page.get_by_role("button", name="Check and save").click()
        expect(page.locator("#problems")).to_contain_text("LED_OUT = 39 is input-only")
        standing(page, "the board keeps the map that it had")
        assert (flash / "firmware/board.py").read_text() == before
        page.locator('[name="LED_OUT"]').fill("23")
        page.get_by_role("button", name="Check and save").click()
        expect(page.locator("#saved")).to_contain_text("Saved")
        expect(page.locator("#problems")).to_be_empty()
        page.get_by_role("button", name="Start the firmware", exact=True).click()
        standing(page, "The firmware starts")
        page.get_by_role("button", name="Connect").click()
        standing(page, "Connected: MicroPython 1.24.1")
        expect(page.locator('[name="PIN"]')).to_have_value("1234")
        assert board.resets == 1
    wanted = before.replace('MODEL = "EP"', 'MODEL = "GSM707"').replace('PIN = ""', 'PIN = "1234"')
    wanted = wanted.replace("LED_OUT = 32", "LED_OUT = 23")
    wanted = wanted.replace('MODEM = "SIM800L"', 'MODEM = "A7670"')
    assert (flash / "firmware/board.py").read_text() == wanted
    assert not (flash / "firmware/board.py.new").exists()


def test_the_log_and_a_cable_that_goes(page: Page, bridge: Bridge, flash: Path) -> None:
    (flash / "crash.log").write_text("crash 1 at 0 s\nTraceback\n")
    with SocketBoard(flash) as board:
        bridge.plug(board.url)
        page.get_by_role("button", name="Connect").click()
        standing(page, "Connected")
        page.get_by_role("button", name="Read the crash log").click()
        expect(page.locator("#log")).to_contain_text("crash 1 at 0 s")
        page.get_by_role("button", name="Start the firmware and listen").click()
        standing(page, "The firmware runs")
        expect(page.locator("#log")).to_have_text(re.compile("^0 start: power"))
        page.get_by_role("button", name="Connect").click()
        standing(page, "Connected: MicroPython")
        bridge.pull()
        expect(page.locator("#trouble")).to_contain_text("The board is gone")
        standing(page, "Not connected")
        expect(page.locator("#test")).to_be_disabled()


def test_a_board_without_the_firmware_and_one_that_is_silent(
    page: Page, bridge: Bridge, tmp_path: Path
) -> None:
    (tmp_path / "bare").mkdir()
    with SocketBoard(tmp_path / "bare") as board:
        bridge.plug(board.url)
        page.get_by_role("button", name="Connect").click()
        expect(page.locator("#trouble")).to_contain_text("the firmware is not on the board")
    page.clock.install()
    for says, complaint in ((b"", "No MicroPython answers"), (PROMPT, "not answer any more")):
        bridge.plugged = lambda data, says=says: iter((says,) if data.endswith(b"\x01") else ())
        page.get_by_role("button", name="Connect").click()
        for _ in range(20):
            page.clock.run_for(1000)
        expect(page.locator("#trouble")).to_contain_text(complaint)
    standing(page, "Not connected")


def test_the_self_test_of_a_board_in_its_world(page: Page, bridge: Bridge, flash: Path) -> None:
    world = BoardWorld(tree=flash)
    try:
        world.files["/firmware/board.py"] = (flash / "firmware/board.py").read_bytes()
        world.thermometer.fail("missing")
        bridge.plugged = WorldRepl(world).take
        page.get_by_role("button", name="Connect").click()
        standing(page, "Connected")
        page.get_by_role("button", name="Run the self-test").click()
        expect(page.locator("#verdict")).to_contain_text("Failed: 1")
        expect(page.locator("#tested")).to_contain_text("ok    modem")
        expect(page.locator("#tested")).to_contain_text("FAILED sensor")
    finally:
        world.close()


def test_every_control_has_a_name_and_nothing_sticks_out(page: Page) -> None:
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a, summary")].filter(
          (e) => !(e.textContent.trim() && e.tagName !== "SELECT") && !e.ariaLabel
            && !(e.labels && [...e.labels].some((l) => l.textContent.trim()))
        ).map((e) => e.outerHTML)"""
    )
    assert nameless == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_a_browser_or_an_address_that_cannot_is_answered_in_words(
    browser: Browser, bridge: Bridge, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.add_init_script("delete Navigator.prototype.serial")
    page.goto(bridge.url)
    expect(page.get_by_role("alert").first).to_contain_text("has no Web Serial")
    expect(page.locator("#main")).to_be_hidden()
    page.close()
    for name, data in dist.page(None, "").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.get_by_role("alert").first).to_contain_text("cannot run from a file")
    page.close()


def test_without_an_image_the_rest_of_the_page_is_there(page: Page) -> None:
    expect(page.locator("#image")).to_contain_text("This folder holds no image")
    expect(page.locator("#install")).to_be_hidden()
    expect(page.get_by_role("button", name="Connect")).to_be_enabled()


def test_a_damaged_image_is_not_offered(page: Page, bridge: Bridge) -> None:
    before = bridge.files
    bridge.files = dist.page(("image-micropython-1.24.1.bin", b"whole"), "devkit")
    bridge.files["image-micropython-1.24.1.bin"] = b"half"
    page.reload()
    expect(page.locator("#image")).to_contain_text("is damaged or missing")
    expect(page.locator("#install")).to_be_hidden()
    bridge.files = before


def offered(name: str) -> dict[str, str]:
    """Return the values of a choice and their labels."""
    text = (dist.PAGE / "index.html").read_text(encoding="utf-8")
    choice = text.partition(f'<select name="{name}"')[2].partition("</select>")[0]
    return dict(re.findall(r'<option value="([^"]+)">([^<]+)<', choice))


def test_it_offers_the_models_that_there_are() -> None:
    from powersocket import models

    assert offered("MODEL") == {name: rows[0] for name, rows in models._MODELS.items()}


def test_it_offers_the_modems_that_there_are() -> None:
    assert list(offered("MODEM")) == pins._FAMILIES.split(", ")
