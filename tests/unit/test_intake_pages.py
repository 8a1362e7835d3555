"""The clerk's page, live, and the public progress page; the process they live in."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.office.listing import GROUPS
from intake.people import notices
from kiosk.domain.application import Answer
from standards.assets import data_root
from tests.browser import Page, browser
from tests.intake_desk import ENVIRONMENT, REPOSITORY, IntakeDesk
from tests.waiting import PATIENCE_S, until

__all__ = ["browser"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def filed(desk: IntakeDesk, ref: str = "chen-xiaoyun") -> tuple[str, str]:
    """File an application; return its number and its slip."""
    application = desk.application(ref)
    number: str = desk.submit(application).json()["application_no"]
    return number, f"{application.local_no}.{application.slip_token}"


def listen(desk: IntakeDesk, **headers: str) -> Iterator[str]:
    """Yield the lines of the live stream."""
    answer = desk.page("GET", "/events", stream=True, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    for line in answer.iter_lines(chunk_size=1):
        yield line.decode()


def test_stream_delivers_a_new_application(desk: IntakeDesk) -> None:
    """What is filed while a page listens arrives there, and names no person."""
    lines = listen(desk)
    assert next(lines).startswith("retry:")
    number, _ = filed(desk)
    block: list[str] = []
    while not any(line.startswith("data:") for line in block):
        block.append(next(lines))
    data = next(line for line in block if line.startswith("data:"))
    assert number in data
    assert "application.received" in data
    assert "陈晓芸" not in "".join(block)


def test_stream_goes_on_where_it_was(desk: IntakeDesk) -> None:
    """A page that lost its connection gets what it missed, once."""
    first, _ = filed(desk)
    lines = listen(desk)
    last = next(line for line in lines if line.startswith("id:")).removeprefix("id: ")
    missed, _ = filed(desk)
    data = [next(line for line in listen(desk, **{"last-event-id": last}) if "data:" in line)]
    assert missed in data[0]
    assert first not in data[0]


def test_clerk_flow(desk: IntakeDesk) -> None:
    """收件, then 受理, each once; the citizen's page says the same word at once."""
    number, slip = filed(desk)
    item = number + "01"
    words = []
    for act in ("accept", "receive", "receive", "accept", "accept"):
        answer = desk.page("POST", f"/clerk/items/{item}/{act}")
        words.append(answer.json().get("state_text") or answer.json()["code"])
        public = desk.page("GET", f"/p/{slip}").text
        words.append(re.findall(r'<span class="pill \w+">(\w+)<', public)[0])
    assert words == [
        *("STATE_CONFLICT", "已提交"),
        *("已收件", "已收件"),
        *("STATE_CONFLICT", "已收件"),
        *("已受理", "已受理"),
        *("STATE_CONFLICT", "已受理"),
    ]
    missing = desk.page("POST", "/clerk/items/41070020261122999999/receive")
    assert missing.json()["code"] == "NOT_FOUND"


def test_lists_follow_the_state(desk: IntakeDesk) -> None:
    """An application is in exactly the list of its state."""
    number, _ = filed(desk)
    desk.page("POST", f"/clerk/items/{number}01/receive")
    shown = {
        show: f"row-{number}" in desk.page("GET", f"/?show={show}").text
        for show in ("", *(group.key for group in GROUPS))
    }
    assert {show for show, there in shown.items() if there} == {"", "received"}


def test_numbers_are_hidden_until_asked_for(desk: IntakeDesk) -> None:
    """No full number is in the page; each is given on request, and that stays recorded."""
    number, _ = filed(desk)
    id_no = desk.people["chen-xiaoyun"]["card"]["id_no"]
    page = desk.page("GET", f"/clerk/applications/{number}").text
    assert id_no not in page
    assert "15400000001" not in page
    assert f"{id_no[:6]}********{id_no[-4:]}" in page
    for field, value in (("applicant.id_no", id_no), ("person.mobile", "15400000001")):
        answer = desk.page("POST", f"/clerk/applications/{number}/reveal", json={"field": field})
        assert answer.json() == {"value": value}
    assert desk.page("GET", f"/clerk/applications/{number}").text.count("查看了隐去的号码") == 2
    unknown = desk.page("POST", f"/clerk/applications/{number}/reveal", json={"field": "x"})
    assert unknown.json()["code"] == "NOT_FOUND"


def test_public_page_is_masked(desk: IntakeDesk) -> None:
    """Somebody who finds the slip learns no number and no full name."""
    _, slip = filed(desk)
    page = desk.page("GET", f"/p/{slip}").text
    assert "陈*芸" in page
    assert "陈晓芸" not in page
    assert desk.people["chen-xiaoyun"]["card"]["id_no"][-6:] not in page
    assert "15400000001" not in page
    assert "就医费用报销" in page
    assert "2 个工作小时" in page


def test_citizens_text_is_text(desk: IntakeDesk) -> None:
    """A name that looks like markup is shown, not run."""
    application = desk.application()
    evil = '<img src=x onerror="alert(1)">'
    named = desk.application(
        applicant=replace(application.applicant, name=evil),
        fields={**application.fields, "person.name": Answer(value=evil, source="id_card")},
    )
    number = desk.submit(named).json()["application_no"]
    for path in ("/", f"/clerk/applications/{number}"):
        page = desk.page("GET", path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_foreign_pages_cannot_act(desk: IntakeDesk) -> None:
    """A clerk's browser on another site cannot be made to act here."""
    number, _ = filed(desk)
    for headers in (
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ):
        answer = desk.page("POST", f"/clerk/items/{number}01/receive", headers=headers)
        assert answer.json()["code"] == "FOREIGN_PAGE"
    own = {"origin": desk.page_url, "sec-fetch-site": "same-origin"}
    assert desk.page("POST", f"/clerk/items/{number}01/receive", headers=own).status_code == 200


def test_nothing_comes_from_elsewhere(desk: IntakeDesk) -> None:
    """Pages, styles, scripts and the API document name no other host, and may not ask one."""
    number, slip = filed(desk)
    for path in ("/", f"/clerk/applications/{number}", f"/p/{slip}", "/p/x.y", "/docs"):
        answer = desk.page("GET", path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"(src|href)=\"(https?:)?//", answer.text), path
    for path in ("/static/clerk.js", "/static/clerk.css", "/docs/start.js", "/openapi.json"):
        answer = desk.page("GET", path)
        assert answer.status_code == 200
        assert "http://" not in answer.text.replace("http://www.w3.org", "")
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert desk.page("GET", f"/docs/swagger-ui/{name}").status_code == 200


def test_vendored_files_are_unchanged() -> None:
    """Swagger UI is what its source note says."""
    place = data_root() / "vendor" / "swagger-ui"
    source = tomllib.loads((place / "SOURCE.toml").read_text())
    assert source["licence"] == "Apache-2.0"
    for name, noted in source["files"].items():
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == noted["sha256"], name
    assert {path.name for path in place.iterdir()} == {*source["files"], "SOURCE.toml"}


def test_ends_quickly_while_pages_listen(tmp_path: Path) -> None:
    """SIGTERM ends the process in time although a page is listening and would go on for ever."""
    with IntakeDesk(state=tmp_path) as own:
        lines = listen(own)
        next(lines)
        assert own.stop() == 0


def test_notifies_and_ends_with_its_parent(tmp_path: Path) -> None:
    """READY comes once both ports answer, WATCHDOG follows, and the parent's death ends it."""
    ready = tmp_path / "again.json"
    with (
        IntakeDesk(state=tmp_path) as own,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told,
    ):
        own.stop()
        told.bind(str(tmp_path / "n"))
        told.settimeout(PATIENCE_S)
        parent = subprocess.Popen(
            ["sh", "-c", '"$@" & echo $!; wait', "sh", *own.command(ready)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=REPOSITORY,
            env=ENVIRONMENT | {"NOTIFY_SOCKET": str(tmp_path / "n")},
        )
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert [told.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        own.page_url = json.loads(ready.read_text())["page_url"]
        assert own.page("GET", "/healthz").json() == {"status": "ok"}
        assert Path(f"/proc/{child}/cmdline").read_bytes().startswith(b"kiosk-intake")
        parent.kill()
        parent.wait()
        until(lambda: not alive(child))


def alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_says_why_it_cannot_start(tmp_path: Path) -> None:
    """A missing file, a damaged list and a taken port end the command with their name."""
    with IntakeDesk(state=tmp_path) as own:
        port = own.page_url.rpartition(":")[2]
        own.options = ("--page-port", port)
        taken = run(own, tmp_path)
        assert (taken.returncode, "Address already in use" in taken.stderr) == (1, True)
        own.options = ("--config", str(tmp_path / "none"))
        (tmp_path / "population" / "population.json").write_text("{}")
        damaged = run(own, tmp_path)
        assert (damaged.returncode, "population.json" in damaged.stderr) == (1, True)
        assert "Traceback" not in damaged.stderr + taken.stderr


def run(desk: IntakeDesk, place: Path) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = desk.command(place / "never.json")
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        timeout=20,
    )


# --- in a real browser --------------------------------------------------------------------------


@pytest.mark.browser
def test_arrives_live_and_is_worked_in_a_browser(desk: IntakeDesk, browser: Page) -> None:
    """With the page open: a new application appears by itself, is received and accepted by hand."""
    browser.size(1440, 900)
    browser.open(desk.page_url)
    until(lambda: browser.run("document.getElementById('live').dataset.state") == "on")
    before = browser.run("Number(document.querySelector('[data-count=submitted]').textContent)")
    number, _ = filed(desk, "rare-name")
    until(lambda: browser.run(f"!!document.querySelector('#row-{number}.new')"))
    assert browser.run("document.getElementById('rows').firstElementChild.id") == f"row-{number}"
    assert "孟䶮㛃" in browser.run(f"document.getElementById('row-{number}').textContent")
    until(
        lambda: (
            browser.run("Number(document.querySelector('[data-count=submitted]').textContent)")
            == before + 1
        )
    )

    browser.click(f"#row-{number}")
    until(lambda: browser.run(f"!!document.querySelector('article[data-number=\"{number}\"]')"))
    until(lambda: browser.run("document.getElementById('live').dataset.state") == "on")
    work_in_browser(browser, "receive", "已收件")
    work_in_browser(browser, "accept", "已受理")
    row = f"document.querySelector('#row-{number} .pill').textContent"
    until(lambda: browser.run(row) == "已受理")

    browser.click('[data-reveal="applicant.id_no"]')
    id_no = desk.people["rare-name"]["card"]["id_no"]
    shown = "document.querySelector('[data-hidden=\"applicant.id_no\"]').textContent"
    until(lambda: browser.run(shown) == id_no)


def work_in_browser(page: Page, act: str, word: str) -> None:
    """Press a button, confirm, and see the new word at the item."""
    page.click(f"[data-act={act}]")
    until(lambda: page.run("document.getElementById('confirm').open"))
    assert "异地就医备案" in page.run("document.getElementById('confirm-items').textContent")
    page.click("#confirm-yes")
    until(lambda: page.run("document.querySelector('.item .pill').textContent") == word)


@pytest.mark.browser
def test_declining_changes_nothing(desk: IntakeDesk, browser: Page) -> None:
    """“先不办” leaves the item as it is."""
    number, _ = filed(desk)
    browser.open(f"{desk.page_url}/clerk/applications/{number}")
    browser.click("[data-act=receive]")
    until(lambda: browser.run("document.getElementById('confirm').open"))
    browser.click("#confirm .plain")
    until(lambda: not browser.run("document.getElementById('confirm').open"))
    assert browser.run("document.querySelector('.item .pill').textContent") == "已提交"


@pytest.mark.browser
def test_fits_a_telephone(desk: IntakeDesk, browser: Page) -> None:
    """The progress page needs no sideways scrolling at 320 pixels and reads at 7:1."""
    _, slip = filed(desk)
    browser.size(320, 640)
    browser.open(f"{desk.page_url}/p/{slip}")
    assert browser.run("document.documentElement.scrollWidth") <= 320
    assert browser.run("getComputedStyle(document.querySelector('.note')).color") == (
        "rgb(65, 75, 85)"
    )


@pytest.mark.browser
def test_api_document_works_without_a_network(desk: IntakeDesk, browser: Page) -> None:
    """Swagger UI draws every call of the API from this machine's files alone."""
    browser.open(f"{desk.page_url}/docs")
    paths = desk.page("GET", "/openapi.json").json()["paths"]
    calls = sum(len(path) for path in paths.values())
    drawn = "document.querySelectorAll('.opblock').length"
    until(lambda: browser.run(drawn) == calls)


def test_public_texts_are_without_personal_data() -> None:
    """Numbers of persons and known names are hidden; numbers of applications and dates stay."""
    written = (
        "陈晓芸（40071219900517558X，15460368710）的卡 6212261702001234567 看不清，"
        "家住示范路261号2单元，申报 41070020261122000001 请在 2026年11月30日前补。"
    )
    told = notices.without_personal_data(written, ["陈晓芸", "示范路261号2单元", "10", "男"])
    for secret in ("晓芸", "19900517", "6036", "621226", "示范路"):
        assert secret not in told.replace("陈*芸", "")
    assert "41070020261122000001" in told
    assert "2026年11月30日" in told
