"""Who administers a terminal: what follows from what is in force, and what does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet.cli import main
from fleet.errors import FleetError, KeyRefused
from fleet.orders import mandate as desk
from fleet.orders.key import command_key
from kiosk.agent.reporting.assembly import command_keys
from kiosk.enrolment import DeskGarbled
from kiosk.enrolment.placing import Placed, held, place, replace
from kiosk.settings import load
from kiosk.status import mandate as rules
from kiosk.status.command import EMERGENCY, CommandRefused, Kind, read, sign
from kiosk.status.mandate import (
    EVERY,
    MANDATE_FILE,
    MOST_SUCCESSIONS,
    Believed,
    Mandate,
    MandateError,
    following,
    layer,
    succession,
)
from tests import broker
from tests.broker import bus
from tests.fleet.test_bus import terminal

__all__ = ["bus"]

BUS = {"bus_host": "bus.example", "bus_port": 8883, "release_url": "http://releases.example/"}


def believed(key: Ed25519PrivateKey, *kinds: str) -> Believed:
    """Return a key that may give these kinds of commands."""
    return Believed.model_construct(public=key.public_key().public_bytes_raw(), kinds=kinds)


def of(*keys: Believed, **more: object) -> Mandate:
    """Return a mandate with these keys."""
    own = Mandate().model_copy(update={"command_keys": {key.name: key for key in keys}, **more})
    return Mandate.parse(own.to_bytes())


def test_a_terminal_obeys_each_key_from_its_succession_to_its_end(tmp_path: Path) -> None:
    """Named, then in force, then alone; also for a terminal that heard nothing in between."""
    centre, early, late = tmp_path / "centre", tmp_path / "early", tmp_path / "late"
    first = desk.write(centre, BUS)
    for keys in (early, late):
        keys.mkdir()
        place(keys, Placed(mandate=first, group="canary", place="410700"))
    (old,) = first.command_keys
    both = desk.next_key(centre)
    assert replace(early, Placed(mandate=both))
    assert set(command_keys(early / "command-keys.json")) == set(both.command_keys) > {old}
    alone = desk.switch_key(centre)
    for keys in (early, late):
        assert replace(keys, Placed(mandate=alone, group="stable"))
        known = command_keys(keys / "command-keys.json")
        assert set(known) == set(alone.command_keys)
        assert {one.kinds for one in known.values()} == {frozenset(Kind)}
        assert held(keys) == Placed(mandate=alone, group="stable", place="410700")
        assert not replace(keys, Placed(mandate=alone, group="stable"))
    assert old not in alone.command_keys
    own = tmp_path / "terminal.yaml"
    own.write_text(
        "terminal: {id: T-0001, site_name: 大厅}\njurisdiction: '410700'\n"
        "intake: {api_url: 'https://intake.invalid', public_url: 'https://intake.invalid'}\n",
        encoding="utf-8",
    )
    settings = load((*layer(late), own))
    assert (settings.centre.bus_host, settings.centre.groups) == (
        "bus.example",
        ("410700",),
    )
    assert (settings.release.group, settings.release.url) == ("stable", BUS["release_url"])


def test_keys_are_changed_for_as_many_years_as_there_are(tmp_path: Path) -> None:
    """The mandate stays one that is read; who heard of one of the newest sixteen follows."""
    centre, keys = tmp_path / "centre", tmp_path / "keys"
    keys.mkdir()
    own = desk.write(centre, BUS)
    for number in range(20):
        if number == 4:
            place(keys, Placed(mandate=own, group="canary"))
        desk.next_key(centre)
        own = desk.switch_key(centre)
    assert len(own.successions) == MOST_SUCCESSIONS
    assert desk.read(centre) == own == desk.write(centre, BUS)
    assert replace(keys, Placed(mandate=own))
    assert set(command_keys(keys / "command-keys.json")) == set(own.command_keys)


def test_a_next_key_that_no_terminal_hears_of_is_not_switched_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mandate would be too long, so it stays as it was; a later try goes on."""
    desk.write(tmp_path, BUS)
    before = (tmp_path / MANDATE_FILE).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(rules, "LIMIT", len(before) + 10)
        with pytest.raises(FleetError, match="bytes"):
            desk.next_key(tmp_path)
    assert (tmp_path / MANDATE_FILE).read_bytes() == before
    with pytest.raises(KeyRefused, match="next-key"):
        desk.switch_key(tmp_path)
    assert len(desk.next_key(tmp_path).command_keys) == 2
    assert len(desk.switch_key(tmp_path).command_keys) == 1


def test_a_key_that_nobody_in_force_named_is_not_believed(tmp_path: Path) -> None:
    """Not one of the desk's alone, not one that a stranger named, not one that wants more."""
    own, foreign, fresh = (Ed25519PrivateKey.generate() for _ in range(3))
    now = datetime.now(UTC)
    before = of(believed(own, *(kind.value for kind in EMERGENCY)))
    wanted = believed(fresh, EVERY)
    for signer in (foreign, own):
        said = succession(signer, wanted, at=now)
        with pytest.raises(MandateError, match="no key in force"):
            following(before, of(wanted, successions=(said,)))
    with pytest.raises(MandateError, match="no key in force"):
        following(before, of(believed(own, EVERY)))
    place(tmp_path, Placed(mandate=before))
    kept = (tmp_path / "command-keys.json").read_bytes()
    with pytest.raises(DeskGarbled, match="does not follow"):
        replace(tmp_path, Placed(mandate=of(wanted)))
    assert (tmp_path / "command-keys.json").read_bytes() == kept


def test_the_release_root_stays_and_addresses_change(tmp_path: Path) -> None:
    """Releases change their root by a way of their own."""
    before = Mandate(bus_host="one", release_root="{}")
    after = following(before, Mandate(bus_host="two", release_root='{"x": 1}'))
    assert (after.bus_host, after.release_root) == ("two", "{}")


def test_who_has_no_mandate_takes_none_later(tmp_path: Path) -> None:
    """Nobody compared it."""
    assert not replace(tmp_path, Placed(mandate=Mandate(bus_host="bus.example")))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        {"bus_host": "a b"},
        {"release_url": "file:///etc"},
        {"command_keys": {"0" * 16: {"public": "AA==", "kinds": ["*"]}}},
        {"more": 1},
    ],
)
def test_what_is_no_mandate_is_refused(damage: dict[str, object]) -> None:
    """Each part has a shape."""
    told = json.dumps({**Mandate().to_json(), **damage})
    with pytest.raises(MandateError):
        Mandate.parse(told)


def test_the_command_key_changes_hands_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In two steps, each refused at the wrong time."""
    state = ["--state", str(tmp_path)]
    assert main(["mandate", "show", *state]) == 1
    assert main(["mandate", "write", *state, "--bus-host", "bus.example"]) == 0
    assert main(["mandate", "switch-key", *state]) == 1
    before = command_key(tmp_path).public_key().public_bytes_raw()
    assert main(["mandate", "next-key", *state]) == 0
    assert main(["mandate", "next-key", *state]) == 1
    assert main(["mandate", "switch-key", *state]) == 0
    assert command_key(tmp_path).public_key().public_bytes_raw() != before
    capsys.readouterr()
    assert main(["mandate", "show", *state]) == 0
    assert capsys.readouterr().out.count("command key") == 1


def test_a_key_in_a_safe_stops_terminals_and_does_nothing_else(
    bus: broker.Bus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without console and database; terminals that enrolled before believe it when they asked."""
    state, stick, keys = (tmp_path / name for name in ("centre", "stick", "keys"))
    keys.mkdir()
    place(keys, Placed(mandate=desk.write(state, BUS), group="canary"))
    made = ["mandate", "emergency-key", "--state", str(state), "--stick", str(stick)]
    assert main(made) == 0
    assert main(made) == 1
    own = desk.read(state)
    assert sorted(desk.names(own, state).values()) == ["emergency", "signs now"]
    assert replace(keys, Placed(mandate=own))
    assert set(desk.next_key(state).command_keys) > set(own.command_keys)
    address = bus.address(broker.CENTRE)
    words = [
        *("emergency-stop", "--stick", str(stick), "--group", "canary", "--by", "0001"),
        *("--words", "请到窗口办理", "--wait", "0.5", "--bus-host", "localhost"),
        *("--bus-port", str(bus.port), "--bus-ca", str(address.authority)),
        *("--bus-cert", str(address.certificate), "--bus-key", str(address.key)),
    ]
    with terminal(bus, "T-0301", "canary") as line:
        assert main(words) == 0
        data = line.heard.get(timeout=40).data
    believed_keys = command_keys(keys / "command-keys.json")
    heard = read(data, believed_keys, names=frozenset({"@canary"}), now=datetime.now(UTC))
    assert (heard.kind, heard.argument, heard.by) == (Kind.OUT_OF_SERVICE, "请到窗口办理", "0001")
    wider = heard.model_copy(update={"kind": Kind.IN_SERVICE})
    with pytest.raises(CommandRefused, match="not_allowed"):
        read(
            sign(wider, command_key(stick, "emergency.pem")),
            believed_keys,
            names=frozenset({"@canary"}),
            now=datetime.now(UTC),
        )
    capsys.readouterr()
    assert main([*words[:8], "字" * 61, *words[9:]]) == 1
    assert "argument" in capsys.readouterr().err
