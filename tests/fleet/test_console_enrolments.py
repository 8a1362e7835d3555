"""Terminals are let in, replaced, expected and stopped together from the pages, by who may."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pyotp
import pytest
import requests
from sqlalchemy import delete, insert, select, update

from fleet import journal
from fleet.console import words
from fleet.console.enrolments import WORDS
from fleet.enrolments import DeskOffice
from fleet.people import Right, Role, may
from fleet.rollouts import ledger
from fleet.rollouts.course import Course, Ring, Step
from fleet.store.model import Expected, Terminal, Window
from fleet.terminals import importing
from kiosk.enrolment import EnrolmentRefused, enrol
from kiosk.status.command import Done, Kind
from tests.broker import Bus, bus
from tests.browser import Page, browser
from tests.enrolment_desk import PLACE, QUICK, Desk, Said
from tests.fleet.test_bus import terminal
from tests.fleet.test_console import PASSWORD, Running
from tests.fleet_databases import enrolled
from tests.waiting import until

__all__ = ["browser", "bus"]
ACTS = {
    "/enrolments/XXXX/approve": {},
    "/enrolments/XXXX/refuse": {},
    "/imports/preview": {},
    "/imports/take": {},
    "/imports/0000/undo": {},
    "/groups/all/command": {"kind": "in_service"},
    "/windows": {},
    "/windows/0/cancel": {},
}
COMMANDS = ("/groups/all/command", "/windows", "/windows/0/cancel")
RIGHTS = dict.fromkeys(ACTS, Right.PLACE) | dict.fromkeys(COMMANDS, Right.COMMAND)
TABLE = "编号,名称,地点,场所,地方,组\nXX-2001,牧野 1 号机,牧野区大厅,政务大厅,410700,canary\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk where terminals enrol."""
    with Desk(root=tmp_path_factory.mktemp("centre")) as one:
        yield one


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, bus: Bus, desk: Desk) -> Iterator[Running]:
    """A console over that desk, with two terminals."""
    place = tmp_path_factory.mktemp("console")
    own = Running(f"sqlite:///{place}/fleet.db", place, bus, DeskOffice(desk.database))
    enrolled(own.engine, "T-0001", "T-0002")
    own.parts.start()
    own.thread.start()
    until(lambda: own.server.started and own.parts.app.state.console.connected())
    yield own
    own.server.should_exit = True
    own.thread.join()
    own.parts.stop()
    own.engine.dispose()


class Enrolling:
    """A terminal in a thread of its own, until it is decided."""

    def __init__(self, desk: Desk, state: Path, terminal: str = "", **more: object) -> None:
        self.code = ""
        self.outcome = ""
        self._wish = desk.wish(terminal, **more)
        self._state = state
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self.code)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            said = Said(on_code=lambda code: setattr(self, "code", code))
            self.outcome = enrol(self._wish, self._state, said, QUICK).terminal
        except EnrolmentRefused as error:
            self.outcome = str(error)


def rows(console: Running, name: str) -> list[object]:
    """Return what the fleet knows of a terminal."""
    with console.engine.connect() as connection:
        return list(connection.execute(select(Terminal).where(Terminal.name == name)))


@pytest.fixture(scope="module")
def operator(console: Running) -> tuple[requests.Session, str]:
    """A signed-in operator's browser and its form key."""
    return console.browser(Role.OPERATOR)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER])
def test_only_who_may_lets_in_imports_or_stops(console: Running, role: Role) -> None:
    """Who may not reads the pages and does nothing, with the form key of their browser or not."""
    own, key = console.browser(role)
    assert not {may(role, right) for right in RIGHTS.values()} - {False}
    for path in ("/enrolments", "/imports", "/groups"):
        assert own.get(console.base + path, timeout=20).status_code == 200
        answer = requests.get(console.base + path, allow_redirects=False, timeout=20)
        assert answer.headers["location"].startswith("/sign-in")
    for path, form in ACTS.items():
        for given in (form, form | {"form_key": key}):
            assert own.post(console.base + path, given, timeout=20).status_code == 403, path


def test_an_act_without_the_browsers_form_key_is_none(
    console: Running, operator: tuple[requests.Session, str]
) -> None:
    """Whoever may otherwise."""
    for path, form in ACTS.items():
        answer = operator[0].post(console.base + path, form, timeout=20)
        assert answer.status_code == 403, path


def test_every_act_of_these_pages_is_in_the_table(console: Running) -> None:
    """A new one without a right would be seen here."""
    del console
    names = ("enrolments", "imports", "groups")
    source = "".join(Path(f"fleet/console/{name}.py").read_text() for name in names)
    told = {re.sub(r"\{\w+\}", "*", one) for one in re.findall(r'\.post\("([^"]+)"', source)}
    assert told == {re.sub("XXXX|0000|all|0", "*", one) for one in ACTS}


def test_an_operator_compares_the_code_and_lets_a_terminal_in(
    console: Running, desk: Desk, browser: Page, tmp_path: Path
) -> None:
    """The page shows half of the code; a wrong one lets nobody in and writes nothing."""
    secret = console.person(Role.RELEASER)
    sign_in(browser, console, secret)
    with Enrolling(desk, tmp_path, "XX-1001") as machine:
        browser.open(f"{console.base}/enrolments")
        page = browser.run("document.getElementById('main').textContent")
        assert machine.code[:4] in page
        assert machine.code[5:] not in page
        browser.open(f"{console.base}/enrolments/{machine.code[:4]}")
        fill(browser, code="0000 0000", title="卫滨 1 号机", site="卫滨区政务大厅", group="canary")
        browser.click("button.go")
        until(lambda: "没有终端显示" in browser.run("document.body.textContent"))
        assert rows(console, "XX-1001") == []
        fill(browser, code=machine.code.lower().replace("-", " "))
        browser.click("button.go")
        until(lambda: browser.run("location.pathname") == "/terminals/XX-1001")
    assert machine.outcome == "XX-1001"
    (row,) = rows(console, "XX-1001")
    told = (row.title, row.site, row.release_group, row.jurisdiction)  # type: ignore[attr-defined]
    assert told == ("卫滨 1 号机", "卫滨区政务大厅", "canary", PLACE)
    entry = journal.newest(console.engine, 1)[0]
    assert (entry.person, entry.action, entry.subject) == ("releaser", "terminal_added", "XX-1001")
    journal.verify(console.engine)


def test_a_new_machine_keeps_the_place_of_a_dead_one(
    console: Running, desk: Desk, operator: tuple[requests.Session, str], tmp_path: Path
) -> None:
    """Title, site, group and ring stay; a refused one gets nothing."""
    own, key = operator
    form = {"form_key": key, "title": "凤泉 1 号机", "site": "凤泉", "group": "early"}
    with Enrolling(desk, tmp_path / "dead", "XX-1002") as machine:
        url = f"{console.base}/enrolments/{machine.code[:4]}/approve"
        own.post(url, form | {"code": machine.code}, timeout=20)
    with Enrolling(desk, tmp_path / "new", "XX-1002", replaces=True) as machine:
        url = f"{console.base}/enrolments/{machine.code[:4]}"
        assert "凤泉 1 号机" in own.get(url, timeout=20).text
        told = {"form_key": key, "code": machine.code, "stolen": "true"}
        assert own.post(f"{url}/approve", told, timeout=20).url.endswith("/terminals/XX-1002")
    (row,) = rows(console, "XX-1002")
    kept = (row.title, row.site, row.release_group, row.ring)  # type: ignore[attr-defined]
    assert kept == ("凤泉 1 号机", "凤泉", "early", 1)
    assert journal.newest(console.engine, 1)[0].action == "terminal_replaced"
    with Enrolling(desk, tmp_path / "foreign", "XX-1003") as machine:
        url = f"{console.base}/enrolments/{machine.code[:4]}/refuse"
        own.post(url, {"form_key": key, "code": machine.code}, timeout=20)
    assert machine.outcome == "ENROLMENT_REFUSED"
    assert rows(console, "XX-1003") == []


def test_nobody_comes_into_a_ring_through_which_a_release_goes(
    console: Running, desk: Desk, operator: tuple[requests.Session, str], tmp_path: Path
) -> None:
    """By enrolment or by being moved, out of it or in; the code is good for a later ring."""
    own, key = operator
    course = Course(step=Step.WATCHING, at=0, rings=(Ring(group="canary"), Ring(group="stable")))
    with console.engine.begin() as connection:
        now = datetime.now(UTC)
        number = ledger.add(connection, "going", course, note="", by="0021", now=now)
    with Enrolling(desk, tmp_path, "XX-1004") as machine:
        form = {"form_key": key, "code": machine.code, "title": "红旗 1 号机"}
        url = f"{console.base}/enrolments/{machine.code[:4]}/approve"
        assert WORDS["on_the_move"] in own.post(url, form | {"group": "canary"}, timeout=20).text
        assert rows(console, "XX-1004") == []
        own.post(url, form | {"group": "stable"}, timeout=20)
    (row,) = rows(console, "XX-1004")
    assert row.release_group == "stable"  # type: ignore[attr-defined]
    place = {"form_key": key, "title": "红旗 1 号机", "ring": "3"}
    url = f"{console.base}/terminals/XX-1004/place"
    assert own.post(url, place | {"group": "410700"}, timeout=20).status_code == 409
    assert own.post(url, place | {"group": "stable"}, timeout=20).status_code == 200
    ended = replace(course, step=Step.STOPPED)
    ledger.change(console.engine, number, lambda _: (ended, None), "0021", now)
    assert own.post(url, place | {"group": "410700"}, timeout=20).status_code == 200


def test_a_table_is_shown_taken_used_and_taken_back(
    console: Running, desk: Desk, operator: tuple[requests.Session, str], tmp_path: Path
) -> None:
    """What is wrong is told line by line; who enrols finds it filled in."""
    own, key = operator

    def preview(data: bytes) -> str:
        sent = {"table": ("t.csv", data, "text/csv")}
        url = f"{console.base}/imports/preview"
        return own.post(url, {"form_key": key}, files=sent, timeout=20).text

    wrong = TABLE + "XX-2001,再来一台,,火星,410700,canary\nT-0001,在用的,,,41070,CANARY\n"
    told = preview(wrong.encode("gb18030"))
    assert "有 3 处要改" in told
    for line, column in ((3, "场所"), (4, "地方"), (4, "组")):
        assert f'>{line}</th><td data-label="哪一列">{column}</td>' in told
    assert "和第 2 行的编号一样" in preview((TABLE + TABLE.split("\n")[1]).encode())
    assert "已经在用" in preview(TABLE.replace("XX-2001", "T-0001").encode())
    assert "六位行政区划代码，如 410700" in told
    assert "一台终端也没有" in preview(b"")
    template = own.get(f"{console.base}/imports/template.csv", timeout=20)
    assert "%E6%A8%A1%E6%9D%BF.csv" in template.headers["content-disposition"]
    assert "这是模板里的例子" in preview(template.content)
    there = preview(
        TABLE.replace("组\n", "组,纬度,经度\n").replace("y\n", "y,35.3,113.9\n").encode()
    )
    assert all(cell in there for cell in ("可以导入", "35.3</td>", "113.9</td>", "金丝雀</td>"))
    assert "第 2 行：引号没有收尾" in preview(TABLE.replace("牧野 1", '"牧野 1').encode())
    for table in (TABLE, TABLE.replace("XX-2001", "XX-2002")):
        form = {"form_key": key, "text": table}
        done = own.post(f"{console.base}/imports/take", form, timeout=20)
        assert "已经导入，1 台在等机器来登记" in done.text
    assert "已经导入过" in preview(TABLE.encode())
    with Enrolling(desk, tmp_path, "XX-2001") as machine:
        url = f"{console.base}/enrolments/{machine.code[:4]}"
        assert "牧野 1 号机" in own.get(url, timeout=20).text
        free = {"form_key": key, "code": machine.code, "title": "一号", "group": "nogroup"}
        assert WORDS["not_a_group"] in own.post(f"{url}/approve", free, timeout=20).text
        assert rows(console, "XX-2001") == []
        form = {"form_key": key, "code": machine.code, "title": "牧野 1 号机", "group": "canary"}
        own.post(f"{url}/approve", form, timeout=20)
    assert rows(console, "XX-2001")
    (batch,) = importing.batches(console.engine, 5)
    own.post(f"{console.base}/imports/{batch.batch}/undo", {"form_key": key}, timeout=20)
    with console.engine.connect() as connection:
        assert list(connection.execute(select(Expected))) == []
    assert [one.action for one in journal.newest(console.engine, 4)] == [
        "import_taken_back",
        "terminal_added",
        "terminals_imported",
        "terminals_imported",
    ]


def test_a_group_is_stopped_and_goes_on_together(
    console: Running, bus: Bus, operator: tuple[requests.Session, str]
) -> None:
    """One command for all; the page tells how many have done it."""
    own, key = operator
    with terminal(bus, "T-0001", "stable") as one, terminal(bus, "T-0002", "stable") as two:
        form = {"form_key": key, "kind": "out_of_service", "argument": "设备检修，请到 2 号窗口"}
        own.post(f"{console.base}/groups/stable/command", form, timeout=20)
        (order,) = console.parts.app.state.console.desk.newest(["@stable"], 1)
        assert (order.kind, order.argument) == (Kind.OUT_OF_SERVICE, "设备检修，请到 2 号窗口")
        for line in (one, two):
            until(lambda line=line: line.heard.get(timeout=40).name == "stable")  # type: ignore[misc]
        one.answer(Done(id=order.id, terminal="T-0001", outcome="done"))
        two.answer(Done(id=order.id, terminal="T-0002", outcome="failed", why="not_kept"))

        def told() -> str:
            return own.get(f"{console.base}/groups/now", timeout=20).text

        until(lambda: "1 / 2 台已执行，1 台没有成功" in told())
        assert "其余终端 · 暂停服务" in told()


def test_groups_and_places_have_one_name_on_every_page(
    console: Running, operator: tuple[requests.Session, str]
) -> None:
    """Rings by their words, places by their names; all are all terminals and never a ring."""
    own, _ = operator
    with console.engine.begin() as connection:
        here = update(Terminal).where(Terminal.name == "T-0001")
        connection.execute(here.values(release_group="410103-early", ring=1, jurisdiction="410103"))
        other = update(Terminal).where(Terminal.name == "T-0002")
        told = {"update": {"group": "nogroup", "look": "ok", "seen": 0, "version": 0}}
        connection.execute(other.values(release_group="nogroup", state=told))
    try:
        for path in ("/groups", "/rollouts", "/terminals/T-0001"):
            text = own.get(console.base + path, timeout=20).text
            assert "二七区 第一批" in text, path
            assert not re.search(r">\s*全部\s*<|<th[^>]*>(early|stable)<", text), path
        groups = own.get(f"{console.base}/groups", timeout=20).text
        for word in ("所有终端", "二七区"):
            assert f'<th scope="row">{word}</th>' in groups
        form = own.get(f"{console.base}/terminals/T-0002", timeout=20).text
        assert "没有这个组的配置" in form
        assert '<option value="nogroup" selected>' in form
    finally:
        with console.engine.begin() as connection:
            back = {"release_group": "stable", "ring": 3, "jurisdiction": "", "state": None}
            connection.execute(update(Terminal).where(Terminal.name.like("T-%")).values(**back))


def test_overview_list_and_map_say_until_when_somebody_works_there(
    console: Running, operator: tuple[requests.Session, str]
) -> None:
    """A hall that is stopped on purpose looks broken otherwise."""
    own, _ = operator
    now = datetime.now(UTC)
    ends = now + timedelta(minutes=5)
    told = {"words": "检修", "planned_by": "0021", "step": "begun"}
    with console.engine.begin() as connection:
        here = update(Terminal).where(Terminal.name == "T-0001")
        connection.execute(here.values(jurisdiction="410103", latitude=35.3, longitude=113.9))
        window = insert(Window).values(recipient="@410103", begins_at=now, ends_at=ends, **told)
        connection.execute(window)
    try:
        until_then = f"维护中，到 {words.until(ends)}"
        for path in ("/", "/terminals", "/map"):
            text = own.get(console.base + path, timeout=20).text
            assert text.count(until_then) == 1, path
        assert "维护中 1 台" in own.get(console.base, timeout=20).text
    finally:
        with console.engine.begin() as connection:
            connection.execute(delete(Window).where(Window.ends_at == ends))
            connection.execute(here.values(jurisdiction="", latitude=None, longitude=None))


def sign_in(browser: Page, console: Running, secret: str) -> None:
    """Sign somebody in with the mouse."""
    browser.size(1440, 900)
    browser.open(f"{console.base}/sign-in")
    fill(browser, work_no="releaser", password=PASSWORD, code=pyotp.TOTP(secret).now())
    browser.click("button.go")
    until(lambda: browser.run("location.pathname") == "/")


def fill(browser: Page, **values: str) -> None:
    """Fill fields by their names."""
    for name, value in values.items():
        browser.run(f"document.querySelector('[name={name}]').value = '{value}'")
