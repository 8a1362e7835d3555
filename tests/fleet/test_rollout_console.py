"""A rollout that aborts by itself, whole: console in a browser, broker, terminals' own code.

Three terminals take releases with the code that terminals have, hear nudges and commands over a
real mosquitto, obey with the agent's own orders, and report over it. What the release does to a
terminal, and that the publisher's check passes, is told by the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
import requests
import uvicorn
from sqlalchemy import update

from fleet.console.commands import Parts, Server
from fleet.console.rollouts import RIGHTS
from fleet.orders import mandate
from fleet.people import Role, may
from fleet.rollouts import ledger, office
from fleet.rollouts.course import Step
from fleet.rollouts.gate import Limits
from fleet.store.model import Terminal as Listed
from kiosk.agent.centre import update as told_update
from kiosk.agent.reporting.assembly import command_keys
from kiosk.agent.reporting.line import Line
from kiosk.agent.reporting.orders import Orders
from kiosk.agent.rollout_orders import rollout_acts
from kiosk.release.health import State, Verdict
from kiosk.status import Reported, topics
from kiosk.status.state import Service, Versions
from tests.broker import CENTRE, Bus, bus
from tests.browser import Page, browser
from tests.fleet.test_bus import terminal as connected
from tests.fleet.test_console import PASSWORD, Running
from tests.fleet_databases import enrolled
from tests.releases.conftest import Terminal, fleet, fleets, place
from tests.releases.repositories import Fleet
from tests.releases.web import Web
from tests.waiting import until

__all__ = ["browser", "bus", "fleet", "fleets", "place"]
NAMES = {"T-0101": "canary", "T-0102": "canary", "T-0103": "stable"}


class Console(Running):
    """A console that carries rollouts itself."""

    def __init__(self, place: Path, bus: Bus, fleet: Fleet) -> None:
        super().__init__(f"sqlite:///{place}/fleet.db", place, bus)
        self.parts = Parts(
            self.engine,
            place,
            bus.address(CENTRE),
            "试验",
            secure=False,
            repository=fleet.repository.path,
            online=fleet.places.online,
        )
        config = uvicorn.Config(self.parts.app, port=self.port, log_level="critical")
        self.server = Server(self.parts.hub, config)
        self.thread = type(self.thread)(target=self.server.run)


class Agent:
    """What of an agent has to do with releases, on one terminal."""

    def __init__(self, name: str, line: Line, terminal: Terminal, keys: Path) -> None:
        self.name, self.line, self.terminal = name, line, terminal
        self.orders = Orders(
            terminal.folder / "orders.json",
            terminal=name,
            groups=lambda: frozenset({"all", terminal.group}),
            keys=lambda: command_keys(keys),
            acts=rollout_acts(terminal.group, terminal.folder),
            note=lambda *_args, **_fields: None,
        )
        self.sequence = 0

    def hear(self) -> str:
        """Take what the centre says next: look when nudged, obey an order; returns which."""
        heard = self.line.heard.get(timeout=60)
        if heard.kind in {topics.COMMAND, topics.ORDER}:
            done = self.orders.take(heard.data)
            assert done is not None
            self.terminal.updating().finish()
            self.line.answer(done)
        self.report()
        return heard.kind

    def report(self) -> None:
        """Tell how releases fare here."""
        self.sequence += 1
        state = Reported(
            terminal=self.name,
            sequence=self.sequence,
            at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            service=Service.FREE,
            versions=Versions(software="1.4.0"),
            update=told_update(self.terminal.group, self.terminal.folder),
        )
        assert self.line.tell(state)


@pytest.fixture
def console(
    place: Path, bus: Bus, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Console]:
    """A console with three terminals, one of them in the last ring."""
    monkeypatch.setattr("fleet.rollouts.carrier.LOOK_S", 0.1)
    monkeypatch.setattr("fleet.release.checking.check", lambda _pack: "")
    fleet.release("1", group="stable")
    own = Console(place, bus, fleet)
    enrolled(own.engine, *NAMES)
    with own.engine.begin() as connection:
        for name, group in NAMES.items():
            placed = update(Listed).where(Listed.name == name)
            connection.execute(
                placed.values(release_group=group, ring=0 if group == "canary" else 3)
            )
    own.parts.start()
    own.thread.start()
    until(lambda: own.server.started and own.parts.app.state.console.connected())
    yield own
    own.server.should_exit = True
    own.thread.join()
    own.parts.stop()
    own.engine.dispose()


def _agents(stack: ExitStack, bus: Bus, fleet: Fleet, place: Path, url: str) -> dict[str, Agent]:
    keys = place / "command-keys.json"
    keys.write_bytes(mandate.write(place, {}).keys_file())
    made = {}
    for name, group in NAMES.items():
        own = Terminal(place / name, fleet.root, group=group)
        own.update(url)
        assert own.phone == "1"
        line = stack.enter_context(connected(bus, name, group))
        made[name] = Agent(name, line, own, keys)
        made[name].report()
    return made


def test_a_bad_release_aborts_by_itself(
    console: Console, bus: Bus, fleet: Fleet, place: Path, browser: Page
) -> None:
    """Begun with the mouse; one canary goes back by itself, the other by command; nobody else."""
    fleet.build("2", group="canary", name="2026.11.4")
    fleet.build("2", group="stable", name="2026.11.4")
    fleet.sign("zhang", "li")
    secret = console.person(Role.RELEASER)
    with ExitStack() as stack:
        web = stack.enter_context(Web(fleet.repository.public))
        agents = _agents(stack, bus, fleet, place, web.url)
        browser.size(1440, 900)
        _sign_in(browser, console, secret)
        browser.open(f"{console.base}/releases/2026.11.4")
        changed = "document.querySelector('.changes')?.textContent ?? ''"
        until(lambda: "help.phone" in browser.run(changed))
        assert "1 → 2" in browser.run(changed)
        browser.run("document.querySelector('[name=note]').value = '换电话'")
        browser.click("button.go")
        until(lambda: browser.run("location.pathname") == "/rollouts/1")
        good, bad = agents["T-0102"], agents["T-0101"]
        bad.terminal.health.verdict = Verdict(State.ILL, "session_crashed ×2")
        for own in (good, bad):
            assert own.line.heard.get(timeout=60).kind == topics.DESIRED
            own.terminal.update(web.url)
        assert (good.terminal.phone, bad.terminal.phone) == ("2", "1")
        good.report()
        step = "document.querySelector('.chip')?.textContent"
        until(lambda: "1 / 2 已生效" in browser.run("document.querySelector('.told').textContent"))
        bad.report()
        until(lambda: browser.run(step) == "正在退回")
        assert good.hear() == topics.COMMAND
        assert good.terminal.phone == "1"
        good.report()
        until(lambda: browser.run(step) == "已退回")
        last = agents["T-0103"].terminal
        last.update(web.url)
        assert last.phone == "1"
        until(lambda: "自己退回" in browser.run("document.getElementById('now').textContent"))
    course = ledger.one(console.engine, 1).course
    assert (course.step, course.why) == (Step.STOPPED, "gate failed canary")
    assert fleet.repository.targets("stable").signed.version == 1


def _sign_in(browser: Page, console: Console, secret: str) -> None:
    browser.open(f"{console.base}/sign-in")
    form = {"work_no": "releaser", "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    for name, value in form.items():
        browser.run(f"document.querySelector('[name={name}]').value = '{value}'")
    browser.click("button.go")
    until(lambda: browser.run("location.pathname") == "/")


def test_each_role_does_with_rollouts_what_it_may(console: Console, fleet: Fleet) -> None:
    """And the second person is another one, whatever their role."""
    for group in ("canary", "stable"):
        fleet.build("2", group=group, name="first")
    fleet.sign("zhang", "li")
    limits = Limits(soak_s=1)
    by = office.Wanted(release="first", note="<b>", by="releaser", limits=limits)
    number = office.begin(console.engine, fleet.repository, by)
    until(lambda: ledger.one(console.engine, number).course.step is Step.WATCHING)
    for role in Role:
        own, key = console.browser(role)
        for path in ("/releases", "/releases/first", "/rollouts", f"/rollouts/{number}"):
            text = own.get(console.base + path, timeout=20)
            assert text.status_code == 200, path
            assert "<b></" not in text.text
        shown = set(re.findall(r'id="act-(\w+)"', own.get(f"{console.base}/rollouts/1").text))
        assert shown == ({"pause", "abort", "skip"} if role is Role.RELEASER else set())
        assert own.get(f"{console.base}/rollouts/99", timeout=20).status_code == 404
        assert own.get(f"{console.base}/releases/no", timeout=20).status_code == 404
        if role is Role.RELEASER:
            continue
        for act, right in RIGHTS.items():
            answer = _post(own, console, f"/rollouts/{number}/{act}", key)
            assert answer.status_code == (409 if may(role, right) else 403), (role, act)
            assert _post(own, console, f"/rollouts/{number}/{act}", "x").status_code == 403
        begun = _post(own, console, "/rollouts/begin", key, release="first")
        assert begun.status_code == 403
        put = _post(own, console, "/rollouts/place", key, first="90", second="5", third="25")
        assert put.status_code == (422 if role is Role.OPERATOR else 403)
    own, key = console.browser(Role.RELEASER)
    shown_now = own.get(f"{console.base}/rollouts/{number}", timeout=20).text
    assert len(re.findall("改过", shown_now)) == 1, "of its gates only the time to watch is another"
    assert "每圈至少观察多久：0.0167 分钟" in own.get(f"{console.base}/audit", timeout=20).text
    wide = _post(own, console, "/rollouts/begin", key, release="first", failed_few="50")
    assert (wide.status_code, "0 到 10 的整数" in wide.text) == (422, True)
    assert "金丝雀 → 其余终端" in own.get(f"{console.base}/audit", timeout=20).text
    assert _post(own, console, f"/rollouts/{number}/pause", key).status_code == 200
    assert ledger.one(console.engine, number).course.step is Step.PAUSED
    assert _post(own, console, "/rollouts/place", key, keep="1").status_code == 409  # on its way
    assert _post(own, console, f"/rollouts/{number}/nonsense", key).status_code == 404


def _post(
    own: requests.Session, console: Console, path: str, key: str, **form: str
) -> requests.Response:
    return own.post(console.base + path, form | {"form_key": key}, timeout=20)
