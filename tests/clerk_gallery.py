"""Pictures of the intake's pages, from a real intake and synthetic applications.

``python -m tests.clerk_gallery docs/screens`` writes ``clerk.png``; with ``--all`` also the other
pages, for looking at while they are worked on.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intake.office.decisions import Act
from intake.office.promises import Promises
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application
from intake.records.store import Store
from tests import browser
from tests.browser import Page
from tests.intake_desk import CONFIG, IntakeDesk
from tests.newborn_filing import filing, keep, taken_in
from tests.waiting import until

PEOPLE = ("王秀兰", "赵敏", "孙志远", "马兰", "郭安和", "欧阳子清", "陈晓芸")
MISSING = "出院记录第 2 页拍得不清楚，请重新拍摄，四个角都要拍到\n请补充住院收费票据原件"


def main(arguments: Sequence[str] | None = None) -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as state,
        IntakeDesk(state=Path(state)) as desk,
        contextmanager(browser.browser.__wrapped__)() as page,  # type: ignore[attr-defined]
    ):
        applications, slip = fill(desk)
        take(page, desk, applications, options.out)
        if options.all:
            take_others(page, desk, applications, slip, options.out)


def fill(desk: IntakeDesk) -> tuple[list[Application], str]:
    """File applications and work on some of them; return them with the last one's slip."""
    rules = Promises(Catalogues([CONFIG]))
    store = Store(f"sqlite:///{desk.state}/intake.db", rules=rules)
    began = datetime.now(UTC) - timedelta(hours=50)
    filed = []
    for turn, name in enumerate(PEOPLE):
        made, files = filing(applicant_name=name)
        keep(store, files)
        filed.append(taken_in(store, made, began + timedelta(hours=8 * turn)))
    for application in filed[:2]:
        store.act([item.no for item in application.items], Act.RECEIVE, now=began)
    now = datetime.now(UTC)
    numbers = [item.no for item in filed[-1].items]
    store.act(numbers[4:5], Act.REQUIRE_SUPPLEMENT, MISSING, now=now)
    others = numbers[:4] + numbers[5:]
    for act in (Act.RECEIVE, Act.ACCEPT, Act.REVIEW):
        store.act(others if act is not Act.REVIEW else others[:4], act, now=now)
    for act in (Act.GRANT, Act.COMPLETE):
        store.act(numbers[:1], act, now=now)
    store.close()
    return filed, f"{made.local_no}.{made.slip_token}"


def take(page: Page, desk: IntakeDesk, applications: list[Application], out: Path) -> None:
    """Take the clerk's page with one application."""
    page.size(1440, 900)
    page.open(f"{desk.page_url}/clerk/applications/{applications[-1].application_no}")
    until(lambda: page.run("document.getElementById('live').dataset.state") == "on")
    page.picture(out / "clerk.png")


def take_others(
    page: Page, desk: IntakeDesk, applications: list[Application], slip: str, out: Path
) -> None:
    """Take the rest of the clerk's page, and the pages for everybody on a telephone."""
    height = page.run("document.querySelector('.detail').scrollHeight")
    for number, top in enumerate(range(800, height, 800)):
        scroll = f"document.querySelector('.detail').scrollTo({{top: {top}, behavior: 'instant'}})"
        page.run(scroll)
        page.picture(out / f"clerk-{number + 2}.png")
    for path, name in (
        (f"/p/{slip}", "progress"),
        ("/g/410700/newborn", "guide"),
        ("/g/410700/newborn?full=true", "guide-full"),
        (f"/clerk/applications/{applications[-1].application_no}", "clerk-telephone"),
    ):
        page.size(390, 844)
        page.open(desk.page_url + path)
        page.size(390, min(page.run("document.documentElement.scrollHeight"), 6000))
        page.picture(out / f"{name}.png")


if __name__ == "__main__":
    main()
