"""Pictures on a release's page: seen by who signed in, asked for by who may release."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
import requests
import uvicorn
from PIL import Image
from sqlalchemy import update

from fleet.console.commands import Parts, Server
from fleet.people import Role
from fleet.people.signing_in import add
from fleet.release import building, holding, pictures
from fleet.release.pictures import Page, Preview
from fleet.release.repository import Repository
from fleet.store import open_store
from fleet.store.model import Terminal
from kiosk.desk.part import free_port
from tests.fleet_databases import enrolled
from tests.releases.conftest import fleet, fleets, place
from tests.releases.repositories import GROUP, Fleet
from tests.waiting import until

__all__ = ["fleet", "fleets", "place"]
PASSWORD = "correct horse battery"
ROOT = Path(__file__).resolve().parent.parent.parent
ONE = Page(
    **{"key": "attract", "kind": "attract", "of": "", "leaf": 0, "elder": False},  # noqa: PIE804
    change="changed",
    width=108,
    height=192,
)
PAGES = (
    ONE,
    replace(ONE, key="home-person-1", kind="home", of="个人", leaf=1, change="same"),
    replace(ONE, key="guide-x", kind="guide", of="<script>alert(1)</script>", change="new"),
    replace(ONE, key="guide-y", kind="guide", of="退休", elder=True, change="gone"),
)


def keep(repository: Repository, digest: str) -> None:
    """Keep pictures of four pages beside a release."""
    about = {"digest": digest, "release": "r", "group": GROUP, "before": "2026-10", "trouble": ""}
    where = {"site": "mall", "jurisdiction": "410700", "name": "新乡市", "place": "商场 3 号机"}
    when = {"at": "2026-12-01T10:00+08:00", "made_at": "2026-11-28T02:00:00+00:00"}
    preview = Preview(**about, **where, **when, own=False, width=108, height=192, pages=PAGES)
    with pictures.workplace(repository, digest) as folder:
        for page in PAGES:
            for side in page.sides:
                (folder / side).mkdir(exist_ok=True)
                for name in (page.key, f"{page.key}-small"):
                    Image.new("RGB", (108, 192), side and "#0f3b4c").save(
                        folder / side / f"{name}.png"
                    )
        pictures.write(folder, preview)
        pictures.keep(repository, folder, preview, "mall-410700")


class Console:
    """A console beside a repository, without a bus."""

    def __init__(self, place: Path, fleet: Fleet) -> None:
        self.engine = open_store(f"sqlite:///{place}/fleet.db").execution_options(writes=True)
        enrolled(self.engine, "T-0001", "T-0002")
        self.parts = Parts(
            self.engine, place, None, "试验", secure=False, repository=fleet.repository.path
        )
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        config = uvicorn.Config(self.parts.app, port=port, log_level="critical")
        self.server = Server(self.parts.hub, config)
        self.thread = threading.Thread(target=self.server.run)

    def browser(self, role: Role) -> requests.Session:
        """Return a signed-in browser."""
        own = requests.Session()
        code = pyotp.TOTP(add(self.engine, role.value, role, PASSWORD, must_change=False)).now()
        form = {"work_no": role.value, "password": PASSWORD, "code": code}
        assert own.post(f"{self.base}/sign-in", form, timeout=20).status_code == 200
        return own


@pytest.fixture
def console(place: Path, fleet: Fleet) -> Iterator[Console]:
    """A console with a staged release."""
    fleet.build("2", name="spring")
    own = Console(place, fleet)
    own.thread.start()
    until(lambda: own.server.started)
    yield own
    own.server.should_exit = True
    own.thread.join()
    own.engine.dispose()


def test_pictures_are_seen_before_and_after(
    console: Console, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small ones lead to whole ones; what is the same is folded; names are never code."""
    (part,) = holding.staged_parts(fleet.repository)
    keep(fleet.repository, part.digest)
    viewer = console.browser(Role.VIEWER)
    page = viewer.get(f"{console.base}/releases/spring", timeout=20)
    assert "img-src 'self'" in page.headers["content-security-policy"]
    assert "和 2026-10 比：有变化 1 页，新增 1 页，去掉 1 页，没有变化 1 页。" in page.text
    for told in ("没人时的首页，改前", "没人时的首页，改后", "一次告知 · 退休 · 大字，去掉"):
        assert f'alt="{told}"' in page.text
    assert "<script>alert" not in page.text
    assert "画出来看看" not in page.text, "who may not release does not ask"
    assert page.text.index("一次告知 · 退休") < page.text.index("<details>")
    assert page.text.index("<details>") < page.text.index("选事项 · 个人 · 第 1 屏")
    shown = re.findall(r'(?:href|src)="(/releases/spring/pictures/[^"]+)"', page.text)
    assert len(shown) == 2 * 5
    for path in shown:
        got = viewer.get(console.base + path, timeout=20)
        assert (got.status_code, got.headers["content-type"]) == (200, "image/png"), path
        assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    folder = fleet.repository.path / "previews" / part.digest
    monkeypatch.setattr(pictures, "unreadable", lambda *_: (folder,))
    told = viewer.get(f"{console.base}/releases/spring", timeout=20).text
    assert f"<code>{folder}</code>，可是控制台的用户没有权限读" in told
    nobody = requests.get(console.base + shown[0], allow_redirects=False, timeout=20)
    assert nobody.headers["location"].startswith("/sign-in")
    base = f"{console.base}/releases/spring/pictures/{GROUP}"
    for wrong in (
        *("mall-410700/before/home-person-1", "mall-410700/after/preview", "x/after/attract"),
        *("mall-410700/after/..%2fpreview.json", "mall-410700/..%2fafter/attract"),
    ):
        assert viewer.get(f"{base}/{wrong}", timeout=20).status_code == 404, wrong


def test_a_machine_that_cannot_paint_says_so_in_words(
    console: Console, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for by a releaser, for a kind of terminal that the group has."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(place))
    with console.engine.begin() as connection:
        here = update(Terminal).values(release_group=GROUP, kind="mall", jurisdiction="410700")
        connection.execute(here)
    own, address = console.browser(Role.RELEASER), f"{console.base}/releases/spring"
    page = own.get(address, timeout=20).text
    assert "还没有画过" in page
    assert "商场 · 新乡市（2 台）" in page
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    form = {"form_key": found[1], "sort": "mall 410700", "landscape": "yes"}
    ask = f"{address}/pictures/{GROUP}"
    for wrong, status in (
        ({**form, "form_key": "x"}, 403),
        ({**form, "sort": "bank 410700"}, 422),
        ({**form, "sort": "x" * 5000}, 422),
    ):
        assert own.post(ask, wrong, timeout=20).status_code == status
    assert own.post(f"{address}/pictures/stable", form, timeout=20).status_code == 404
    viewer = console.browser(Role.VIEWER)
    assert viewer.post(ask, form, timeout=20).status_code == 403
    assert own.post(ask, form, timeout=20).status_code == 200
    until(lambda: "没有画出来" in own.get(ask, timeout=20).text)
    told = own.get(address, timeout=20).text
    assert "商场 410700（横屏）没有画出来" in told
    assert "请在打包的电脑上画" in told


@pytest.mark.campaign
def test_pictures_that_were_asked_for_come_by_themselves(
    console: Console, fleet: Fleet, place: Path
) -> None:
    """The whole configuration that ships, for the terminal that it means without more."""
    shutil.copytree(ROOT / "config", place / "config")
    building.build(fleet.repository, place / "config", GROUP, name="spring", now=fleet.now)
    own, address = console.browser(Role.RELEASER), f"{console.base}/releases/spring"
    found = re.search(r'name="form_key" value="([^"]+)"', own.get(address, timeout=20).text)
    assert found
    asked = own.post(f"{address}/pictures/{GROUP}", {"form_key": found[1]}, timeout=20)
    assert "正在画" in asked.text or "排队" in asked.text
    assert "data-fresh" in asked.text
    until(lambda: "一次告知 · 退休" in own.get(address, timeout=20).text, timeout=300, every=1)
    assert "没有画出来" not in own.get(address, timeout=20).text
