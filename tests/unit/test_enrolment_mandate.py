"""What enrolment places on a terminal, that the compared code binds it, and that it is kept new."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from fleet.keys.ceremony import Places, initiate
from fleet.orders import mandate as centre
from fleet.release.repository import Repository
from intake.cli import main as command
from intake.enrolment.office import NotDone
from kiosk.agent.identity import IdentityWatch
from kiosk.agent.nursery import Nursery
from kiosk.agent.reporting.assembly import command_keys
from kiosk.audit import Event
from kiosk.enrolment import DeskGarbled, DeskUnreachable, Placed, enrol, held, refresh
from kiosk.enrolment import desk as client
from kiosk.installation import take_identity
from kiosk.outbox import Outbox
from kiosk.status.mandate import Mandate
from kiosk.translation import Translator
from tests.enrolment_desk import PLACE, QUICK, Desk, Said, now
from tests.waiting import until

SECRETS = {"zhang": "correct horse battery"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console's directory of keys, with a mandate that has a release root."""
    place = tmp_path_factory.mktemp("console")
    repository = Repository(place / "repository")
    initiate(repository, Places(personal=place / "p", online=place / "o"), SECRETS, 1, cost=2)
    root = repository.root().to_bytes().decode()
    addresses = {"bus_host": "bus.example", "release_url": "https://releases.example/"}
    centre.write(place, {**addresses, "release_root": root})
    return place


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[Desk]:
    """A desk that hands the mandate out."""
    options = ("--mandate", str(keys / "mandate.json"))
    with Desk(root=tmp_path_factory.mktemp("centre"), options=options) as one:
        yield one


def test_enrolment_places_keys_root_broker_and_group_and_says_so(
    desk: Desk, keys: Path, tmp_path: Path
) -> None:
    """And what is placed is what the console wrote."""
    said: dict[str, Mapping[str, str]] = {}

    def hears(step: str, values: Mapping[str, str]) -> None:
        said[step] = values
        if step == "code":
            desk.approve(values["code"], group="canary")

    take_identity(desk.wish("T-placed"), tmp_path, hears, state=tmp_path / "state")
    placed = tmp_path / "state" / "keys"
    own = centre.read(keys)
    assert held(placed) == Placed(mandate=own, group="canary", place=PLACE)
    assert set(command_keys(placed / "command-keys.json")) == set(own.command_keys)
    root = json.loads((placed / "release-root.json").read_text())
    assert root == json.loads(own.release_root)
    assert said["placed"] == {
        "bus": "bus.example:8883",
        "group": "canary",
        "releases": "https://releases.example/",
        "keys": next(iter(own.command_keys)),
    }
    told = Translator("zh").text("enrol.placed", **said["placed"])
    assert "分组 canary" in told


def test_root_has_the_document_of_releases_as_its_own(
    desk: Desk, keys: Path, tmp_path: Path
) -> None:
    """Readable for the updater; what somebody put there stays until an enrolment anew."""
    place = tmp_path
    etc = place / "etc" / "yiduan"
    etc.mkdir(parents=True)
    own, document = etc / "release-root.json", centre.read(keys).release_root

    def hears(step: str, values: Mapping[str, str]) -> None:
        if step == "code":
            desk.approve(values["code"])

    take_identity(desk.wish("T-rooted"), place, hears)
    assert own.read_text() == document
    assert (own.stat().st_uid, own.stat().st_mode & 0o777) == (os.geteuid(), 0o644)
    assert [path.name for path in etc.iterdir()] == [own.name]
    own.write_text("the former centre's")
    take_identity(desk.wish("T-rooted", replaces=True), place, hears)
    assert own.read_text() == document
    own.write_text("put there")
    other = place / "other"
    take_identity(desk.wish("T-rooted-2"), place, hears, state=other)
    assert own.read_text() == "put there"


def test_a_mandate_that_was_changed_on_its_way_changes_the_code(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor can it be left out: the officer's code is another then, too."""
    real = client.Desk.begin
    for number, changed in enumerate((Mandate(bus_host="evil.example").to_bytes().decode(), "")):
        with monkeypatch.context() as patch:
            patch.setattr(client.Desk, "begin", lambda *given, c=changed: (*real(*given)[:2], c))
            with pytest.raises(NotDone, match="no terminal shows this code"):
                enrol(
                    desk.wish(f"T-mitm-{number}"),
                    tmp_path / str(number),
                    Said(on_code=desk.approve),
                    QUICK,
                )


@pytest.mark.parametrize("root", ["{}", '{"signed": {"_type": "targets"}}', "no JSON"])
def test_a_release_root_that_its_own_keys_did_not_sign_is_not_taken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    """Whoever approves: the terminal shows no code."""
    real, said = client.Desk.begin, Said()
    told = Mandate(release_root=root).to_bytes().decode()
    monkeypatch.setattr(client.Desk, "begin", lambda *given: (*real(*given)[:2], told))
    with pytest.raises(DeskGarbled, match="release root"):
        enrol(desk.wish("T-root"), tmp_path, said, QUICK)
    assert not [step for step, _ in said.steps if step == "code"]


def test_a_new_command_key_and_another_group_come_over_the_certificate(
    desk: Desk, keys: Path, tmp_path: Path
) -> None:
    """Named by the key in force; a key of the desk's alone is refused, and the old ones stay."""
    said = Said(on_code=lambda code: desk.approve(code, group="canary"))
    enrol(desk.wish("T-refresh"), tmp_path, said, QUICK)
    own = tmp_path / "keys"
    assert not refresh(tmp_path)
    both = centre.next_key(keys)
    regroup = ["enrol", "regroup", "T-refresh", "stable", "--db", desk.database]
    assert command(regroup) == 0
    assert command([*regroup[:3], "Stable", *regroup[4:]]) == 1
    assert refresh(tmp_path)
    assert held(own) == Placed(mandate=both, group="stable", place=PLACE)
    alone = centre.switch_key(keys)
    assert refresh(tmp_path)
    assert set(command_keys(own / "command-keys.json")) == set(alone.command_keys)
    before = (keys / "mandate.json").read_bytes()
    stranger = centre.write(tmp_path / "stranger", {"bus_host": "evil.example"})
    (keys / "mandate.json").write_bytes(stranger.to_bytes())
    try:
        with pytest.raises(DeskGarbled, match="does not follow"):
            refresh(tmp_path)
        (keys / "mandate.json").write_bytes(b"{")
        with pytest.raises(DeskUnreachable, match="unavailable"):
            refresh(tmp_path)
    finally:
        (keys / "mandate.json").write_bytes(before)
    assert held(own).mandate == alone


def test_a_replacement_keeps_the_group(desk: Desk, tmp_path: Path) -> None:
    """The officer need not know it."""
    said = Said(on_code=lambda code: desk.approve(code, group="canary"))
    enrol(desk.wish("T-dead"), tmp_path / "dead", said, QUICK)
    new = tmp_path / "new"

    def officer(code: str) -> None:
        (waits,) = (one for one in desk.office.waiting(now()) if one.wants == "T-dead")
        assert (waits.replaces, waits.place) == (True, PLACE)
        desk.approve(code)

    enrol(desk.wish("T-dead", replaces=True), new, Said(on_code=officer), QUICK)
    assert held(new / "keys").group == "canary"


def test_the_agent_asks_by_itself_and_says_what_came_of_it(
    desk: Desk, keys: Path, tmp_path: Path
) -> None:
    """A change is an event, and so is one that can't be believed."""
    enrol(desk.wish("T-watch"), tmp_path, Said(on_code=desk.approve), QUICK)
    centre.write(keys, {"bus_host": "other.example"})
    outbox = Outbox(tmp_path / "outbox" / "outbox.db", reserve=0)
    told: list[str] = []

    def note(event: Event, **_fields: object) -> None:
        told.append(event.value)

    def asked() -> str:
        told.clear()
        watch = IdentityWatch(Nursery(), tmp_path, outbox, note, spread=0)

        def heard() -> bool:
            watch.do()
            return bool(told)

        until(heard)
        watch.end()
        return told[0]

    assert asked() == "mandate_changed"
    assert load_layer(tmp_path / "keys")["centre"]["bus_host"] == "other.example"
    before = (keys / "mandate.json").read_bytes()
    stranger = centre.write(tmp_path / "stranger", {"bus_host": "evil.example"})
    (keys / "mandate.json").write_bytes(stranger.to_bytes())
    try:
        assert asked() == "mandate_refused"
    finally:
        (keys / "mandate.json").write_bytes(before)
    outbox.close()


def load_layer(keys: Path) -> dict[str, dict[str, object]]:
    """Return the layer of settings that lies beside the keys."""
    found: dict[str, dict[str, object]] = yaml.safe_load((keys / "centre.yaml").read_text())
    return found
