"""The web console: who gets in, who may do what, and what a page makes of what it is given."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
import requests
import uvicorn
from sqlalchemy import insert, update

from fleet import journal
from fleet.cli import main
from fleet.console.commands import Parts, Server
from fleet.enrolments import DeskOffice
from fleet.people import Right, Role, may
from fleet.people.signing_in import add
from fleet.store import open_store
from fleet.store.model import Alarm, Person, Terminal
from kiosk.audit.signed_head import SignedHead, instant, sign
from kiosk.crypto.certificates import Authority
from kiosk.desk.part import free_port
from kiosk.status.command import Done
from kiosk.status.state import Service
from tests.broker import CENTRE, Bus, bus
from tests.browser import Page, browser
from tests.fleet.test_bus import state, terminal
from tests.fleet_databases import enrolled
from tests.waiting import until

__all__ = ["browser", "bus"]
PASSWORD = "correct horse battery"
ACTS = {
    "/terminals/T-0001/command": (Right.COMMAND, {"kind": "in_service"}),
    "/terminals/T-0001/place": (
        Right.PLACE,
        {"title": "一号", "site": "大厅", "group": "canary", "ring": "0"},
    ),
    "/alarms/1/take": (Right.ALARM, {}),
}
PAGES = (
    "/",
    "/terminals",
    "/terminals/T-0001",
    "/terminals/T-0001/log",
    "/alarms",
    "/audit",
    "/reports",
    "/people",
    "/password",
)


class Running:
    """A console on a real port."""

    def __init__(self, url: str, place: Path, bus: Bus, desk: DeskOffice | None = None) -> None:
        self.engine = open_store(url).execution_options(writes=True)
        address = bus.address(CENTRE)
        self.parts = Parts(self.engine, place, address, "试验", secure=False, desk=desk)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(self.parts.app, port=self.port, log_level="critical")
        self.server = Server(self.parts.hub, config)
        self.thread = threading.Thread(target=self.server.run)

    def person(self, role: Role, *, must_change: bool = False) -> str:
        """Let somebody be known; returns the second factor's secret."""
        return add(self.engine, role.value, role, PASSWORD, must_change=must_change)

    def browser(self, role: Role) -> tuple[requests.Session, str]:
        """Return a signed-in browser and its form key."""
        own = requests.Session()
        code = pyotp.TOTP(self.person(role)).now()
        form = {"work_no": role.value, "password": PASSWORD, "code": code}
        assert own.post(f"{self.base}/sign-in", form, timeout=20).status_code == 200
        found = re.search(r'name="form_key" value="([^"]+)"', own.get(self.base, timeout=20).text)
        assert found
        return own, found[1]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, bus: Bus) -> Iterator[Running]:
    """A console with two terminals, one of them with a title that would like to be a script."""
    place = tmp_path_factory.mktemp("console")
    own = Running(f"sqlite:///{place}/fleet.db", place, bus)
    enrolled(own.engine, "T-0001", "T-0002")
    with own.engine.begin() as connection:
        title = "<script>alert(1)</script>"
        connection.execute(update(Terminal).where(Terminal.name == "T-0002").values(title=title))
        fault = {"terminal": "T-0002", "fault": "receipt_printer.out", "level": 2}
        connection.execute(insert(Alarm).values(**fault, began_at=datetime.now(UTC)))
    own.parts.start()
    own.thread.start()
    until(lambda: own.server.started and own.parts.app.state.console.connected())
    yield own
    own.server.should_exit = True
    own.thread.join()
    own.parts.stop()
    own.engine.dispose()


def test_nobody_sees_or_does_anything_without_signing_in(console: Running) -> None:
    """Every route but the door leads to the door."""
    for path in (*PAGES, "/live", "/todo", "/terminals/T-0001/now"):
        answer = requests.get(console.base + path, allow_redirects=False, timeout=20)
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), path
    for path in ACTS:
        answer = requests.post(console.base + path, {}, allow_redirects=False, timeout=20)
        assert answer.headers["location"] == "/sign-in", path


def test_every_act_is_in_the_table_of_this_test(console: Running) -> None:
    """A new act without a right would be seen here."""
    own = {"/sign-in", "/sign-out", "/password"}
    shapes = {re.sub("T-0001|1", "*", path) for path in ACTS}
    source = (Path("fleet/console/acts.py").read_text(), Path("fleet/console/pages.py").read_text())
    told = {
        re.sub(r"\{\w+\}", "*", path) for path in re.findall(r'\.post\("([^"]+)"', "".join(source))
    }
    assert told - own == shapes


@pytest.mark.parametrize("role", list(Role))
def test_each_role_does_what_it_may_and_nothing_else(console: Running, role: Role) -> None:
    """With the form key of its browser; without it nobody does anything."""
    own, key = console.browser(role)
    for path in PAGES:
        answer = own.get(console.base + path, timeout=20)
        assert answer.status_code == 200, path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "<script>alert" not in answer.text
    for path, (right, form) in ACTS.items():
        for forged in ({}, {"form_key": key[:-1]}, {"form_key": "键"}):
            assert own.post(console.base + path, form | forged, timeout=20).status_code == 403
        answer = own.post(console.base + path, form | {"form_key": key}, timeout=20)
        assert answer.status_code == (200 if may(role, right) else 403), path
    foreign = {"origin": "https://elsewhere.example"}
    answer = own.post(f"{console.base}/sign-out", {"form_key": key}, headers=foreign, timeout=20)
    assert answer.status_code == 403


def test_reports_are_files_for_who_signed_in(console: Running) -> None:
    """Each table of the page can be taken along; nobody takes one without signing in."""
    own, _ = console.browser(Role.VIEWER)
    for sheet in ("days", "things", "places", "terminals"):
        path = f"{console.base}/reports/{sheet}.csv"
        answer = own.get(path, timeout=20)
        assert answer.headers["content-type"].startswith("text/csv"), sheet
        assert answer.content.startswith(b"\xef\xbb\xbf"), sheet
        assert requests.get(path, allow_redirects=False, timeout=20).status_code == 303
    places = own.get(f"{console.base}/reports/places.csv", timeout=20).text
    assert len(places.splitlines()) == 1, "a row of no terminal"
    assert own.get(f"{console.base}/reports/people.csv", timeout=20).status_code == 404


def test_nobody_reads_the_frameworks_words(console: Running) -> None:
    """A form that is too long and a wrong address are answered in ours, echoing nothing."""
    far = {"work_no": "😀" * 300, "password": "x", "code": "1"}
    answer = requests.post(f"{console.base}/sign-in", far, timeout=20)
    assert (answer.status_code, "😀" in answer.text) == (422, False)
    assert "改好再试" in answer.text
    answer = requests.get(f"{console.base}/nosuch", timeout=20)
    assert (answer.status_code, "没有这个页面" in answer.text) == (404, True)


def test_what_was_wrong_at_the_door_is_not_told(console: Running) -> None:
    """An unknown person and a wrong password read the same page."""
    console.person(Role.VIEWER)
    pages = set()
    for work_no in ("viewer", "nobody"):
        form = {"work_no": work_no, "password": "x", "code": "1", "to": "//elsewhere.example"}
        answer = requests.post(f"{console.base}/sign-in", form, timeout=20)
        assert answer.status_code == 401
        pages.add(answer.text)
    assert len(pages) == 1
    assert "elsewhere" not in pages.pop()


def test_a_given_password_is_changed_first(console: Running) -> None:
    """No page before."""
    own, _ = console.browser(Role.VIEWER)
    with console.engine.begin() as connection:
        connection.execute(update(Person).values(must_change=True))
    assert own.get(console.base, timeout=20).url.endswith("/password")


def test_a_change_and_an_answer_are_seen_live(
    console: Running, bus: Bus, browser: Page, tmp_path: Path
) -> None:
    """Sign in, see a terminal come, give it a command with the mouse, read its answer."""
    secret = console.person(Role.OPERATOR)
    browser.size(1440, 900)
    browser.open(f"{console.base}/sign-in")
    for name, value in {
        "work_no": "operator",
        "password": PASSWORD,
        "code": pyotp.TOTP(secret).now(),
    }.items():
        browser.run(f"document.querySelector('[name={name}]').value = '{value}'")
    browser.click("button.go")
    cell = "document.querySelector('[data-terminal=\"T-0001\"] [data-cell=service]')?.textContent"
    until(lambda: "实时" in (browser.run("document.getElementById('live')?.textContent") or ""))
    with terminal(bus, "T-0001") as line:
        own = state("T-0001").model_copy(update={"service": Service.VISITED})
        line.tell(own)
        until(lambda: browser.run(cell) == "办理中")
        browser.open(f"{console.base}/terminals/T-0001/command?kind=in_service")
        browser.click("button.go")
        until(lambda: browser.run("location.pathname") == "/terminals/T-0001")
        order = until(lambda: console.parts.app.state.console.desk.newest(["T-0001"], 1))[0]
        until(lambda: "实时" in (browser.run("document.getElementById('live').textContent") or ""))
        line.answer(Done(id=order.id, terminal="T-0001", outcome="done"))
        until(lambda: "已执行" in browser.run("document.getElementById('now').textContent"))


def test_ten_thousand_terminals_come_fifty_at_a_time(console: Running) -> None:
    """The page is as long as a page, whatever there is."""
    now = datetime.now(UTC)
    rows = [{"name": f"X-{n:05}", "title": "x", "enrolled_at": now} for n in range(10_000)]
    with console.engine.begin() as connection:
        connection.execute(insert(Terminal), rows)
    own, _ = console.browser(Role.VIEWER)
    page = own.get(f"{console.base}/terminals?order=name&q=X-&at=200", timeout=20).text
    assert page.count("data-terminal=") == 50
    assert "X-09999" in page


def test_what_became_of_a_finding_is_an_approvers_word(console: Running, bus: Bus) -> None:
    """A head of another authority is an alarm on the terminal's page until it is explained."""
    leaf = Authority.create("elsewhere").client("T-0002")
    head = SignedHead(
        terminal="T-0002", sequence=1, digest="1" * 64, first=1, origin="1" * 64,
        at=instant(datetime.now(UTC)), run_s=1,
    )  # fmt: skip
    letter = sign(head, leaf.key, leaf.certificate).to_bytes(datetime.now(UTC))
    own, key = console.browser(Role.OPERATOR)
    path = f"{console.base}/terminals/T-0002"
    with terminal(bus, "T-0002") as line:
        until(lambda: line.head(letter))
        until(lambda: "替这台终端签名" in own.get(path, timeout=20).text)
        listed = f"{console.base}/terminals?q=T-0002&level=2"
        assert "/terminals/T-0002" in own.get(listed, timeout=20).text, "worse than low paper"
    told = {"form_key": key, "why": "旧机器，已断开"}
    assert "替这台终端签名" in own.get(f"{path}/log", timeout=20).text
    assert own.post(f"{path}/log", told, timeout=20).status_code == 403
    own, key = console.browser(Role.APPROVER)
    assert own.post(f"{path}/log", {"form_key": key, "why": " "}, timeout=20).status_code == 422
    told["form_key"] = key
    assert own.post(f"{path}/log", told, timeout=20).status_code == 200
    assert own.post(f"{path}/log", told, timeout=20).status_code == 409
    assert "替这台终端签名" not in own.get(path, timeout=20).text
    assert "旧机器，已断开" in own.get(f"{console.base}/audit", timeout=20).text
    assert own.get(f"{console.base}/terminals/none/log", timeout=20).status_code == 404


def test_persons_are_added_and_disabled_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first password is shown once; the journal tells of it."""
    url = f"sqlite:///{tmp_path}/fleet.db"
    assert main(["person", "add", "0021", "--role", "operator", "--db", url]) == 0
    assert "otpauth://totp/" in capsys.readouterr().out
    assert main(["person", "disable", "0021", "--db", url]) == 0
    assert main(["person", "disable", "0022", "--db", url]) == 1
    assert main(["person", "list", "--db", url]) == 0
    assert capsys.readouterr().out == "0021\toperator\tdisabled\n"
    told = [one.action for one in journal.newest(open_store(url), 5)]
    assert told == ["person_disabled", "person_added"]
