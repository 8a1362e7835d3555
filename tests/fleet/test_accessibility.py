"""Everyone can use the console: each page is scanned by axe in a real browser, with data in it.

Colours, names, roles, labels, headings and landmarks are asked of WCAG 2 A and AA; the way through
the main pages is gone by keyboard alone.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import urlsplit

import pyotp
import pytest
import uvicorn
from fastapi.routing import APIRoute
from sqlalchemy import insert, update

from fleet.console.commands import Parts, Server
from fleet.enrolments import DeskOffice
from fleet.enrolments.office import Waiting
from fleet.orders import CommandDesk, Wanted
from fleet.people import Role
from fleet.people.signing_in import add
from fleet.release import holding
from fleet.store import open_store
from fleet.store.model import Alarm, AuditHead, Terminal, Window
from fleet.terminals import importing
from kiosk.desk.part import free_port
from kiosk.status.command import Done, Kind
from kiosk.status.state import Day, Device
from tests.axe import VENDORED, violations
from tests.browser import Page, browser
from tests.fleet.test_bus import state
from tests.fleet.test_previews_console import keep
from tests.releases.conftest import fleets
from tests.releases.repositories import Fleet
from tests.rollout_world import World
from tests.waiting import until

__all__ = ["browser", "fleets"]
PASSWORD = "correct horse battery"
LAST = "2026-11-28"
APART = 12
"""Points between two columns of a card, at least."""
TABLE = "编号,名称,地点,场所,地方,组\n{name},牧野 1 号机,牧野区大厅,政务大厅,{place},canary\n"
PARTS = frozenset(
    {
        *("/todo", "/live", "/icons.ttf", "/metrics", "/reports/{sheet}.csv"),
        "/imports/template.csv",
        *("/terminals/{name}/now", "/terminals/{name}/files/{command}", "/groups/now", "/map/now"),
        *("/releases/{name}/changes/{group}", "/rollouts/{number}/now", "/rollouts/{number}/card"),
        "/releases/{name}/pictures/{group}",
        "/releases/{name}/pictures/{group}/{terminal}/{side}/{key}",
    }
)
"""What is asked for and is no page: parts of pages that are scanned, files, figures."""
PAGES = (
    *("/", "/terminals?q=canary", "/terminals?q=nothing", "/terminals/canary-0"),
    *("/terminals/canary-0/log", "/terminals/canary-0/command?kind=release_back"),
    *("/terminals/none", "/alarms", "/audit", f"/reports?last={LAST}&place=410700"),
    *("/people", "/password", "/enrolments", "/enrolments/AB12", "/enrolments/CD34"),
    *("/imports", "/groups", "/groups/all/command?kind=out_of_service"),
    *("/rollouts", "/rollouts/1", "/rollouts/1/abort", "/releases", "/releases/r2"),
    *("/releases/r3", "/map", "/map?box=35.30000,113.90000,35.31000,113.91000"),
)


class OneWaits(DeskOffice):
    """An office where a new terminal and a new machine in a dead one's place wait."""

    def waiting(self, now: datetime) -> Sequence[Waiting]:
        """Return both."""
        return (_waiting("AB12", "", now), _waiting("CD34", "stable-0", now))


def _waiting(shown: str, replaces: str, now: datetime) -> Waiting:
    return Waiting(
        shown=shown,
        wants=replaces,
        place="410700",
        replaces=bool(replaces),
        provider="international",
        asked_from="192.0.2.7",
        asked_at=now,
        expires_at=now + timedelta(hours=1),
    )


class Scene:
    """A console with something on every page, and nothing behind it that is away."""

    def __init__(self, place: Path, fleet: Fleet) -> None:
        self.engine = open_store(f"sqlite:///{place}/fleet.db").execution_options(writes=True)
        self.world = World(self.engine, fleet)
        self.parts = Parts(
            self.engine,
            place,
            None,
            "试验",
            secure=False,
            repository=fleet.repository.path,
            desk=OneWaits(f"sqlite:///{place}/intake.db"),
        )
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(self.parts.app, port=self.port, log_level="critical")
        self.server = Server(self.parts.hub, config)
        self.thread = threading.Thread(target=self.server.run)

    def fill(self) -> None:
        """Let terminals be there and gone, with faults, days, orders, heads and rollouts."""
        world, now = self.world, datetime.now(UTC)
        world.enrol(canary=2, stable=3)
        world.begun("r2")
        world.release("r3", ("410700-canary",))
        keep(world.fleet.repository, holding.staged_parts(world.fleet.repository)[0].digest)
        world.say("canary-0", release="r2", step="rolled_back")
        told = state("canary-0", 99).model_copy(
            update={
                "at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "faults": ("receipt_printer.out",),
                "devices": (Device(device="receipt-printer", word="hardwareError", paper="out"),),
                "day": Day(visits=5, submitted=3, ratings=(0, 0, 0, 1, 2)),
            }
        )
        world.intake.state(told)
        world.gone("stable-0")
        rows = {"terminal": "canary-0", "life": 1, "digest": "1" * 64, "at": now}
        proof = {"received_at": now, "body": "{}", "signature": "x", "certificate": "1" * 64}
        with self.engine.begin() as connection:
            here = {"jurisdiction": "410700", "latitude": 35.303, "longitude": 113.905}
            connection.execute(update(Terminal).values(**here))
            far = {"latitude": 35.69, "longitude": 113.8}
            connection.execute(update(Terminal).where(Terminal.name == "canary-1").values(**far))
            alarm = {"terminal": "canary-0", "fault": "log.foreign", "level": 2}
            connection.execute(insert(Alarm).values(**alarm, began_at=now))
            times = {"begins_at": now, "ends_at": now + timedelta(hours=2)}
            work = {"recipient": "@canary", "words": "检修", "step": "begun", "planned_by": "0031"}
            connection.execute(insert(Window).values(**work, **times))
            head = {"sequence": 7, "finding": "foreign"}
            connection.execute(insert(AuditHead).values(**rows, **proof, **head))
        desk = CommandDesk(self.engine, world.key, lambda *_: True)
        for recipient, kind in (("@all", Kind.IN_SERVICE), ("canary-0", Kind.SCREENSHOT)):
            order = desk.give(Wanted(recipient=recipient, kind=kind, argument="", by="0031"))
            desk.answered(Done(id=order, terminal="canary-0", outcome="refused", why="occupied"))
        importing.take(self.engine, TABLE.format(name="XX-2001", place="410700"), "0031")

    def __enter__(self) -> Self:
        self.parts.start()
        self.thread.start()
        until(lambda: self.server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join()
        self.parts.stop()
        self.engine.dispose()


@pytest.fixture(scope="module")
def scene(fleets: Path) -> Iterator[Scene]:
    """A console that has everything."""
    with TemporaryDirectory(dir=fleets) as name:
        shutil.copytree(fleets / "first", Path(name) / "fleet", symlinks=True)
        with Scene(Path(name), Fleet(Path(name) / "fleet", number=1).open()) as own:
            own.fill()
            yield own


def _sign_in(page: Page, scene: Scene, work_no: str) -> None:
    """Sign in by keyboard: the first field has the focus."""
    secret = add(scene.engine, work_no, Role.RELEASER, PASSWORD, must_change=False)
    page.size(1440, 900)
    page.open(f"{scene.base}/sign-in")
    until(lambda: page.run("document.activeElement.name") == "work_no")
    for text in (work_no, PASSWORD, pyotp.TOTP(secret).now()):
        page.type(text)
        page.press("Tab")
    page.press("Enter")
    until(lambda: page.run("location.pathname") == "/" and page.run("document.readyState"))


def _choose(page: Page, table: str) -> None:
    page.run(
        "(() => { const d = new DataTransfer();"
        f"d.items.add(new File([{table!r}], 't.csv', {{type: 'text/csv'}}));"
        "document.querySelector('[name=table]').files = d.files; })()"
    )
    page.click("button.go")
    until(
        lambda: page.run("location.pathname") == "/imports/preview" and page.run("!!document.body")
    )


def test_no_page_breaks_a_rule_of_wcag(scene: Scene, browser: Page) -> None:
    """Every page there is, level A and AA; a page that this list does not know is told."""
    told: dict[str, list[str]] = {}
    browser.open(f"{scene.base}/sign-in")
    told["/sign-in"] = violations(browser)
    browser.run(
        "document.querySelector('[name=code]').parentElement.replaceWith("
        "document.createElement('input'))"
    )
    assert "label (" in violations(browser)[0], "the scan would see it"
    _sign_in(browser, scene, "0031")
    for path in PAGES:
        browser.open(scene.base + path)
        assert browser.run("location.pathname + location.search") == path
        until(lambda: not browser.run("document.body.textContent.includes('正在比较')"))
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        told[path] = violations(browser) + _narrow(browser)
    for place in ("410700", "x"):
        browser.open(f"{scene.base}/imports")
        _choose(browser, TABLE.format(name="XX-2002", place=place))
        told[f"/imports/preview {place}"] = violations(browser) + _narrow(browser)
    assert {path: found for path, found in told.items() if found} == {}
    assert _unseen(scene, [urlsplit(path).path for path in (*PAGES, "/sign-in")]) == set()


def _narrow(page: Page) -> list[str]:
    """Return at which of a tablet's and a phone's widths the page itself scrolls sideways."""
    wide = []
    for width in (768, 390):
        page.size(width, 844)
        needed = page.run("Math.max(innerWidth, document.scrollingElement.scrollWidth)")
        if needed > width:
            wide.append(f"{needed} px wide on {width} px")
    page.size(1440, 900)
    return wide


def _unseen(scene: Scene, seen: Sequence[str]) -> set[str]:
    routes = [one for one in scene.parts.app.routes if isinstance(one, APIRoute)]
    asked = {one.path for one in routes if one.methods and "GET" in one.methods} - PARTS

    def is_seen(path: str) -> bool:
        shape = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        return any(shape.fullmatch(one) for one in seen)

    return {path for path in asked if not is_seen(path)}


def test_a_phone_has_the_whole_console(scene: Scene, browser: Page) -> None:
    """Places fold behind a button, alarms stay in sight; lists are cards; axe finds nothing."""
    _sign_in(browser, scene, "0033")
    browser.size(390, 844)
    places = "[...document.querySelectorAll('#places a')].filter((one) => one.offsetParent).length"
    for path in ("/terminals", "/terminals/canary-0", "/rollouts", "/imports", "/groups"):
        browser.open(scene.base + path)
        assert violations(browser) == [], path
        assert browser.run("!!document.querySelector('nav [href=\"/alarms\"]').offsetParent")
    browser.open(f"{scene.base}/terminals")
    sides = "[...document.querySelectorAll('tbody tr:first-child td')].slice(0, 2)"
    first, second = browser.run(
        f"{sides}.map((one) => one.getBoundingClientRect()).map((one) => [one.left, one.right])"
    )
    assert second[0] - first[1] >= APART, "地点 ran into 状态"
    browser.open(f"{scene.base}/reports?last={LAST}&place=410700")
    assert violations(browser) == []
    beyond = "document.querySelector('.chart').closest('.card')"
    assert browser.run(f"{beyond}.scrollWidth > {beyond}.clientWidth && {beyond}.tabIndex === 0")
    for path in ("/alarms", "/terminals/canary-0"):
        browser.open(scene.base + path)
        held = "[...document.querySelectorAll('[data-held]')].map((one) => one.textContent).join()"
        told = browser.run(held)
        assert ("凭条纸用完了" in told, "别的证书" in told, "维护中，到" in told) == (
            True,
            False,
            True,
        )
    assert browser.run("document.querySelector('nav [data-figure=alarms]').textContent") == "2"
    browser.open(f"{scene.base}/terminals?q=stable")
    assert browser.run(places) == 1
    browser.click(".rail .menu")
    assert browser.run("document.querySelector('.menu').ariaExpanded") == "true"
    assert browser.run(places) == 10
    assert browser.run("getComputedStyle(document.querySelector('tbody tr')).display") == "grid"
    browser.click("#places [href='/people']")
    until(lambda: browser.run("location.pathname") == "/people")


def test_the_main_path_is_gone_by_keyboard(scene: Scene, browser: Page) -> None:
    """Sign in, to the terminals, to one of them, to a command and back: the focus is seen."""
    _sign_in(browser, scene, "0032")
    browser.press("Tab")
    assert browser.run("document.activeElement.className") == "skip"
    _to(browser, lambda: _focused(browser, "/terminals"))
    _to(browser, lambda: _focused(browser, "/terminals/canary-0"))
    _to(browser, lambda: _focused(browser, "/terminals/canary-0/command?kind=in_service"))
    _to(browser, lambda: browser.run("document.activeElement.className") == "go")
    assert "消息服务没有连上" in browser.run("document.body.textContent")


def _focused(page: Page, to: str) -> bool:
    return bool(page.run("document.activeElement.getAttribute('href')") == to)


SEEN = """(() => { const e = document.activeElement, s = getComputedStyle(e),
 b = e.getBoundingClientRect();
 return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && b.width > 0 &&
  b.left >= 0 && b.top >= 0 && b.bottom <= innerHeight; })()"""


def _to(page: Page, there: Callable[[], bool]) -> None:
    """Press Tab until that has the focus, then Enter; whatever gets it on the way is seen."""
    for _ in range(60):
        if there():
            break
        page.press("Tab")
        assert page.run(SEEN), page.run("document.activeElement.outerHTML")
    else:
        pytest.fail(f"never got the focus: {page.run('location.href')}")
    before = page.run("performance.timeOrigin")
    page.press("Enter")
    until(lambda: page.run("performance.timeOrigin") != before)
    until(lambda: page.run("document.readyState") == "complete")


def test_the_scan_is_the_vendored_one() -> None:
    """Its files are what their source says."""
    source = tomllib.loads((VENDORED / "SOURCE.toml").read_text())
    for name, told in source["files"].items():
        digest = hashlib.sha256((VENDORED / name).read_bytes()).hexdigest()
        assert digest == told["sha256"], name
