"""The clerk's page in a real browser: keyboard, two clerks at once, pictures, small screens."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from intake.office.decisions import Act
from intake.records.model import Application
from intake.records.store import Store
from tests.browser import Page, browser
from tests.clerk_desk import desk, filed, promising, store
from tests.intake_desk import IntakeDesk
from tests.waiting import until

__all__ = ["browser", "desk", "store"]

NAMELESS = """[...document.querySelectorAll('button, a, input, textarea, summary, img')].filter(
  (e) => e.offsetParent && !(e.textContent.trim() || e.getAttribute('aria-label') || e.alt
    || e.labels?.length || e.querySelector('img')?.alt)).map((e) => e.outerHTML)"""
"""What somebody who cannot see the page would not be told the name of."""


def open_detail(desk: IntakeDesk, page: Page, application: Application) -> None:
    """Open an application and wait until the page listens."""
    page.size(1440, 900)
    page.open(f"{desk.page_url}/clerk/applications/{application.application_no}")
    until(lambda: page.run("document.getElementById('live').dataset.state") == "on")


def press(page: Page, key: str, code: int, text: str = "") -> None:
    """Press and release a key."""
    for kind in ("keyDown", "keyUp"):
        typed = {"text": text} if text and kind == "keyDown" else {}
        event = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code}
        page.call("Input.dispatchKeyEvent", **event, **typed)


@pytest.mark.browser
def test_supplement_by_keyboard(desk: IntakeDesk, store: Store, browser: Page) -> None:
    """Without a mouse: open 要求补正, write, confirm; empty is not taken; the notice is named."""
    application, slip = filed(store, "maternity-reimbursement")
    open_detail(desk, browser, application)
    browser.run("document.querySelector('.item [data-act=require-supplement]').focus()")
    press(browser, "Enter", 13, "\r")
    until(lambda: browser.run("document.getElementById('confirm').open"))
    assert browser.run("document.activeElement.id") == "confirm-text"
    notice = browser.run("document.getElementById('confirm-notice').textContent")
    assert "补正通知书" in notice
    assert "不能撤销" in browser.run("document.getElementById('confirm').textContent")
    browser.click("#confirm-yes")
    assert browser.run("document.getElementById('confirm').open")
    browser.click(".phrase")
    phrase = browser.run("document.getElementById('confirm-text').value")
    assert "出院记录" in phrase
    browser.run("document.getElementById('confirm-yes').focus()")
    press(browser, "Enter", 13, "\r")
    until(lambda: browser.run("document.querySelector('.item .pill').textContent") == "待补正")
    assert phrase in desk.page("GET", f"/p/{slip}").text


@pytest.mark.browser
def test_a_promised_paper_is_noted(desk: IntakeDesk, store: Store, browser: Page) -> None:
    """The button asks first, names the paper, and is gone with what the item waited for."""
    application, _ = promising(store, "maternity-reimbursement")
    open_detail(desk, browser, application)
    assert "出院记录" in browser.run("document.querySelector('.item .wait').textContent")
    browser.click("[data-paper]")
    until(lambda: browser.run("document.getElementById('confirm').open"))
    assert browser.run("document.getElementById('confirm-items').textContent") == "出院记录"
    assert browser.run("document.getElementById('confirm-notice').hidden")
    browser.click("#confirm-yes")
    until(lambda: browser.run("document.querySelector('[data-paper]')") is None)
    assert browser.run("document.querySelector('.item .wait')") is None


@pytest.mark.browser
def test_the_slower_clerk_sees_what_happened(desk: IntakeDesk, store: Store, browser: Page) -> None:
    """While the question is open another clerk refuses; confirming says so and changes nothing."""
    application, _ = filed(store, "birth-certificate")
    number, now = [application.items[0].no], datetime.now(UTC)
    for act in (Act.RECEIVE, Act.ACCEPT, Act.REVIEW):
        store.act(number, act, now=now)
    open_detail(desk, browser, application)
    browser.click(".item [data-act=grant]")
    until(lambda: browser.run("document.getElementById('confirm').open"))
    store.act(number, Act.REFUSE, "材料不实", now=now)
    browser.click("#confirm-yes")
    until(lambda: not browser.run("document.getElementById('trouble').hidden"))
    assert "不予许可" in browser.run("document.getElementById('trouble').textContent")
    assert browser.run("document.querySelector('.item .pill').textContent") == "不予许可"


@pytest.mark.browser
def test_pictures_open_large(desk: IntakeDesk, store: Store, browser: Page) -> None:
    """A thumbnail opens large, the arrow key goes on, Escape closes and focus comes back."""
    application, _ = filed(store)
    open_detail(desk, browser, application)
    browser.click("[data-picture]")
    large = "document.getElementById('picture-image')"
    until(lambda: browser.run(f"{large}.complete && {large}.naturalWidth") == 1240)
    assert browser.run(f"{large}.alt") == "出院记录 第 1 页"
    press(browser, "ArrowRight", 39)
    until(lambda: browser.run(f"{large}.alt") == "出院记录 第 2 页")
    press(browser, "Escape", 27)
    until(lambda: not browser.run("document.getElementById('picture').open"))
    until(lambda: browser.run("document.activeElement.dataset.picture") == "出院记录 第 2 页")


@pytest.mark.browser
def test_everything_has_a_name_and_fits(desk: IntakeDesk, store: Store, browser: Page) -> None:
    """Controls and pictures have names; a telephone of 320 pixels needs no sideways scrolling."""
    application, slip = filed(store)
    item = application.items[4].no
    store.act([item], Act.REQUIRE_SUPPLEMENT, "缺一页", now=datetime.now(UTC))
    no = application.application_no
    pages = ("/", f"/clerk/applications/{no}", f"/p/{slip}", "/g/410700/newborn?full=true")
    for path in pages:
        browser.size(1440, 900)
        browser.open(desk.page_url + path)
        assert json.dumps(browser.run(NAMELESS)) == "[]", path
        assert browser.run("document.documentElement.lang") == "zh-CN"
        assert browser.run("document.querySelectorAll('h1').length") == 1
        browser.size(320, 640)
        until(lambda: browser.run("innerWidth") == 320)
        assert browser.run("document.documentElement.scrollWidth") <= 320, path
