"""``kiosk doctor``: what is wrong is told for what it is, with a next step, and hides nothing."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from kiosk.audit import AuditLog, Event
from kiosk.cli import main
from kiosk.crypto.provision import Provisioned, provision
from kiosk.desk.display import start_virtual_screen
from kiosk.desk.part import free_port
from kiosk.doctor import lent, machine, network, screen, stores, units
from kiosk.doctor.devices import devices
from kiosk.doctor.finding import Finding, Verdict
from kiosk.doctor.keys import keys
from kiosk.doctor.place import Place
from kiosk.settings import load
from kiosk.settings.model import Centre
from kiosk.translation import Translator
from tests.broker import Bus, bus
from tests.faults.stub_intake import StubIntake

__all__ = ["bus"]

TERMINAL = "XX-DT-001"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Provisioned:
    """A terminal's keys."""
    return provision(tmp_path_factory.mktemp("state"), TERMINAL)


@pytest.fixture
def own_keys(made: Provisioned, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return shutil.copytree(made.keys, tmp_path / "keys")


@pytest.fixture(scope="module")
def intake(made: Provisioned) -> Iterator[StubIntake]:
    """An intake that answers over mutual TLS."""
    own = StubIntake(made.keys.parent)
    yield own
    own.close()


def _is(found: Finding, check: str, case: str, verdict: Verdict) -> None:
    assert (found.check, found.case, found.verdict) == (check, case, verdict), found
    for language in ("zh", "en"):
        words = Translator(language, strict=True)
        assert found.told(words)
        assert bool(found.fix(words)) == (verdict in {Verdict.BROKEN, Verdict.ATTENTION})


def test_good_keys(made: Provisioned) -> None:
    """Fresh from provisioning."""
    _is(keys(made.keys, TERMINAL), "keys", "ok", Verdict.OK)


@pytest.mark.parametrize(
    ("days", "case", "verdict"),
    [
        (350, "expiring", Verdict.ATTENTION),
        (366, "expired", Verdict.BROKEN),
        (-3, "early", Verdict.BROKEN),
    ],
)
def test_certificates_and_a_wrong_clock(
    made: Provisioned, days: int, case: str, verdict: Verdict
) -> None:
    """An end that is near, one that is past, and a clock set back."""
    now = datetime.now(UTC) + timedelta(days=days)
    _is(keys(made.keys, TERMINAL, now), "keys", case, verdict)


def test_spoilt_keys(own_keys: Path) -> None:
    """Another machine's, open to others, damaged, missing: each has its own sentence."""
    _is(keys(own_keys, "XX-DT-002"), "keys", "other_terminal", Verdict.BROKEN)
    (own_keys / "evidence.pem").chmod(0o644)
    _is(keys(own_keys, TERMINAL), "keys", "open", Verdict.BROKEN)
    (own_keys / "terminal.pem").unlink()
    _is(keys(own_keys, TERMINAL), "keys", "missing", Verdict.BROKEN)
    (own_keys / "sealing-public.json").write_text("{")
    _is(keys(own_keys, TERMINAL), "keys", "damaged", Verdict.BROKEN)


def test_keys_of_a_terminal_that_enrols(own_keys: Path, tmp_path: Path) -> None:
    """Not approved yet; not renewed although it was time; too late to renew."""
    pending = tmp_path / "new" / "keys.next" / "pending.json"
    pending.parent.mkdir(parents=True)
    pending.write_text("{}")
    _is(keys(tmp_path / "new" / "keys", TERMINAL), "keys", "enrolling", Verdict.BROKEN)
    (own_keys / "identity.json").write_text("{}")
    now = datetime.now(UTC)
    for days, case, verdict in (
        (270, "ok", Verdict.OK),
        (290, "not_renewed", Verdict.ATTENTION),
        (400, "expired_enrolled", Verdict.BROKEN),
    ):
        _is(keys(own_keys, TERMINAL, now + timedelta(days=days)), "keys", case, verdict)


def test_the_intake_answers_and_the_clock_is_held_against_it(
    intake: StubIntake, made: Provisioned
) -> None:
    """Over mutual TLS, as the agent would; an hour's difference is told."""
    answer, found = network.intake(intake.url, made.keys)
    _is(found, "intake", "ok", Verdict.OK)
    _is(network.clock(answer), "clock", "ok", Verdict.OK)
    late = datetime.now(UTC) + timedelta(hours=1)
    _is(network.clock(answer, late), "clock", "wrong", Verdict.BROKEN)
    _is(network.clock(None), "clock", "nothing", Verdict.UNKNOWN)


def test_a_stranger_in_the_intakes_place(intake: StubIntake, tmp_path: Path) -> None:
    """A certificate of another authority, such as a log-in page shows, is named as that."""
    other = provision(tmp_path, TERMINAL)
    _, found = network.intake(intake.url, other.keys)
    _is(found, "intake", "stranger", Verdict.BROKEN)


def test_an_intake_that_is_not_there(made: Provisioned, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name, nobody at the port, silence: three causes, three next steps."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    _, found = network.intake(f"https://127.0.0.1:{closed}", made.keys)
    _is(found, "intake", "refused", Verdict.BROKEN)
    _, found = network.intake("https://no-such-host.invalid", made.keys)
    _is(found, "intake", "lookup", Verdict.BROKEN)
    monkeypatch.setattr(network, "TIME_LIMIT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        _, found = network.intake(f"https://127.0.0.1:{port}", made.keys)
    _is(found, "intake", "silent", Verdict.BROKEN)


def test_disk(tmp_path: Path) -> None:
    """Enough, nearly too little, too little, not there."""
    free = shutil.disk_usage(tmp_path).free
    _is(machine.disk(tmp_path, 1), "disk", "ok", Verdict.OK)
    _is(machine.disk(tmp_path, int(free * 0.7)), "disk", "low", Verdict.ATTENTION)
    _is(machine.disk(tmp_path, free * 2), "disk", "full", Verdict.BROKEN)
    _is(machine.disk(tmp_path / "none", 1), "disk", "gone", Verdict.BROKEN)


def test_memory_heat_and_sound(tmp_path: Path) -> None:
    """Read from the kernel's files, in its own forms."""
    small = tmp_path / "meminfo"
    small.write_text("MemFree: 9 kB\nMemTotal:        2012345 kB\n")
    _is(machine.memory(small), "memory", "small", Verdict.ATTENTION)
    _is(machine.memory(), "memory", machine.memory().case, machine.memory().verdict)
    _is(machine.heat(tmp_path), "heat", "nothing", Verdict.UNKNOWN)
    zone = tmp_path / "thermal_zone0"
    zone.mkdir()
    (zone / "temp").write_text("91000\n")
    _is(machine.heat(tmp_path), "heat", "hot", Verdict.ATTENTION)
    cards = tmp_path / "cards"
    cards.write_text("--- no soundcards ---\n")
    _is(machine.sound(cards), "sound", "none", Verdict.ATTENTION)
    cards.write_text(" 0 [PCH ]: HDA-Intel - HDA Intel PCH\n")
    _is(machine.sound(cards), "sound", "ok", Verdict.OK)


def test_stores(tmp_path: Path) -> None:
    """A state directory that is not there is no empty outbox; a changed log is told."""
    _is(stores.outbox(tmp_path / "none"), "outbox", "gone", Verdict.BROKEN)
    _is(stores.outbox(tmp_path), "outbox", "ok", Verdict.OK)
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "outbox.db.damaged-1").touch()
    _is(stores.outbox(tmp_path), "outbox", "damaged", Verdict.BROKEN)
    _is(stores.audit(tmp_path), "audit", "none", Verdict.UNKNOWN)
    log = AuditLog(tmp_path / "audit" / "audit.log")
    log.append(Event["AGENT_STARTED"], entries=0)
    log.close()
    _is(stores.audit(tmp_path), "audit", "ok", Verdict.OK)
    path = tmp_path / "audit" / "audit.log"
    path.write_bytes(path.read_bytes().replace(b'"entries":0', b'"entries":1'))
    _is(stores.audit(tmp_path), "audit", "broken", Verdict.BROKEN)


def test_a_display_that_is_not_there(tmp_path: Path) -> None:
    """Nothing is guessed of it."""
    own = load(_layer(tmp_path, "https://intake.invalid"))
    (found,) = screen.display(":4242", own)
    _is(found, "display", "silent", Verdict.BROKEN)
    (found,) = screen.display("", own)
    _is(found, "display", "nothing", Verdict.UNKNOWN)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_a_display_of_another_size(tmp_path: Path) -> None:
    """On a real X server: the right size, a turned one, and that nobody can touch it."""
    own = load(_layer(tmp_path, "https://intake.invalid"))
    size = (own.display.width, own.display.height)
    for (width, height), case in ((size, "ok"), (size[::-1], "turned")):
        shown = start_virtual_screen(width, height)
        try:
            found, touch = screen.display(shown.name, own)
        finally:
            shown.stop()
        _is(found, "display", case, Verdict.OK if case == "ok" else Verdict.BROKEN)
        _is(touch, "touch", "none", Verdict.ATTENTION)


def _layer(tmp_path: Path, url: str) -> list[Path]:
    layer = tmp_path / "terminal.yaml"
    own = {
        "terminal": {"id": TERMINAL},
        "intake": {"api_url": url, "public_url": "http://intake.invalid"},
    }
    layer.write_text(yaml.safe_dump(own))
    return [layer]


@pytest.mark.skipif(shutil.which("systemd-creds") is None, reason="systemd is not installed")
def test_a_key_that_systemd_lends(
    intake: StubIntake, own_keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put away as the installation handbook says, it is opened to ask the intake, in memory."""
    stores = tmp_path / "encrypted", tmp_path / "plain"
    monkeypatch.setattr(lent, "STORES", stores)
    for store in stores:
        store.mkdir()
    key = own_keys / "terminal.pem"
    command = ["systemd-creds", "encrypt", "--with-key=tpm2-absent", "--name=terminal.pem"]
    places = [str(key), str(stores[0] / key.name)]
    subprocess.run([*command, *places], check=True, capture_output=True)
    key.rename(stores[1] / key.name)
    answer, _ = network.intake(intake.url, own_keys)
    assert answer is not None
    _is(keys(own_keys, TERMINAL), "keys", "ok", Verdict.OK)
    (stores[0] / key.name).unlink()
    assert network.intake(intake.url, own_keys)[0] is not None
    (stores[1] / key.name).unlink()
    assert network.intake(intake.url, own_keys)[0] is None


def test_the_centres_broker(bus: Bus, tmp_path: Path) -> None:
    """A real broker: it knows the terminal, does not know it, or is not there."""

    def found(keys: Path, port: int, host: str = "localhost") -> Finding:
        return network.broker(Centre(bus_host=host, bus_port=port, groups=()), keys)

    own = bus.address(TERMINAL)
    keys = tmp_path / "keys"
    keys.mkdir()
    for name, source in (("ca.crt", own.authority), ("terminal.crt", own.certificate)):
        shutil.copy(source, keys / name)
    shutil.copy(own.key, keys / "terminal.pem")
    _is(found(keys, bus.port), "broker", "ok", Verdict.OK)
    stranger = provision(tmp_path / "other", TERMINAL).keys
    _is(found(stranger, bus.port), "broker", "stranger", Verdict.ATTENTION)
    shutil.copy(stranger / "terminal.crt", keys)
    shutil.copy(stranger / "terminal.pem", keys)
    _is(found(keys, bus.port), "broker", "insecure", Verdict.ATTENTION)
    _is(found(keys, free_port()), "broker", "refused", Verdict.ATTENTION)
    _is(found(keys, 1, "no-such-host.invalid"), "broker", "lookup", Verdict.ATTENTION)
    _is(found(keys, 1, ""), "broker", "alone", Verdict.OK)


def _systemd(**changed: str) -> units.Ask:
    """Answer as systemd does, but for the units named."""

    def ask(command: Sequence[str]) -> str:
        name = command[-1].removesuffix(".service")
        if command[0] == "systemd-analyze":
            score = changed.get(f"score_{name}", "0.6")
            return (
                f"✓ PrivateNetwork=\n\n→ Overall exposure level for {name}.service: {score} SAFE\n"
            )
        return changed.get(name, "LoadState=loaded\nActiveState=active\nNRestarts=0\n")

    return ask


@pytest.mark.parametrize(
    ("answer", "case", "verdict"),
    [
        ("LoadState=loaded\nActiveState=failed\nNRestarts=5\n", "down", Verdict.BROKEN),
        ("LoadState=not-found\nActiveState=inactive\n", "missing", Verdict.BROKEN),
        ("LoadState=loaded\nActiveState=active\nNRestarts=4\n", "falls", Verdict.ATTENTION),
    ],
)
def test_a_unit_that_is_not_well(answer: str, case: str, verdict: Verdict) -> None:
    """Down, not installed, or up again and again."""
    found, walls = units.units(_systemd(**{"kiosk-agent": answer}))
    _is(found, "units", case, verdict)
    _is(walls, "walls", "ok", Verdict.OK)


def test_a_timer_that_nobody_started() -> None:
    """Nothing looks, renews or updates by itself then."""
    found, _ = units.units(_systemd(**{"kiosk-renew.timer": "ActiveState=inactive\n"}))
    _is(found, "units", "idle", Verdict.ATTENTION)


@pytest.mark.parametrize(
    ("answer", "case", "verdict"),
    [
        ("NTP=yes\nNTPSynchronized=yes\n", "ok", Verdict.OK),
        ("NTP=yes\nNTPSynchronized=no\n", "waiting", Verdict.ATTENTION),
        ("NTP=no\nNTPSynchronized=no\n", "off", Verdict.ATTENTION),
        ("", "nothing", Verdict.UNKNOWN),
    ],
)
def test_the_clock_is_kept_right(answer: str, case: str, verdict: Verdict) -> None:
    """Without an intake to hold it against, somebody else has to keep it."""
    _is(units.time_service(lambda _: answer), "time_service", case, verdict)


def test_walls_that_somebody_took_down() -> None:
    """The score of a changed unit is told beside what it may be."""
    services, walls = units.units(_systemd(**{"score_kiosk-agent": "4.2"}))
    _is(services, "units", "ok", Verdict.OK)
    _is(walls, "walls", "low", Verdict.ATTENTION)


def test_a_desk_has_no_units() -> None:
    """No systemd, or no unit of ours, is no fault."""

    def none(_: Sequence[str]) -> str:
        raise units.NoAnswer("systemctl")

    (found,) = units.units(none)
    _is(found, "units", "no_systemd", Verdict.UNKNOWN)
    (found,) = units.units(lambda _: "")
    _is(found, "units", "not_installed", Verdict.UNKNOWN)


def test_devices_are_asked_by_command(tmp_path: Path) -> None:
    """The real command on a file that binds a reader to a port that is not there."""
    file = tmp_path / "devices.yaml"
    file.write_text(yaml.safe_dump({"devices": {"id-reader": {"port": str(tmp_path / "none")}}}))
    found = devices(Place(state=tmp_path, devices=file))
    told = {one.values["device"]: one.verdict for one in found}
    assert told["id-reader"] == Verdict.BROKEN
    well = '{"findings": [], "devices": [{"device": "id-reader", "port": "/dev/ttyS0"}]}'
    (bound,) = devices(Place(state=tmp_path, devices=file), lambda _: well)
    assert "id-reader (/dev/ttyS0)" in bound.told(Translator("zh"))
    asked: list[Sequence[str]] = []
    place = Place(state=tmp_path, devices=file, device_secrets=tmp_path / "secrets")
    devices(place, lambda command: asked.append(command) or well)
    assert list(asked[0][-2:]) == ["--secrets", str(tmp_path / "secrets")]
    (silent,) = devices(Place(state=tmp_path, devices=file), lambda _: "no JSON")
    _is(silent, "devices", "silent", Verdict.BROKEN)


def test_the_whole_command(
    made: Provisioned, intake: StubIntake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything in one document, the worst as the exit status; faulty settings hide nothing."""
    (layer,) = _layer(tmp_path, intake.url)
    state = str(made.keys.parent)
    main(["doctor", "--state", state, "--settings", str(layer), "--json"])
    told = json.loads(capsys.readouterr().out)
    found = {one["check"]: one["verdict"] for one in told["findings"]}
    for check in ("settings", "catalogue", "keys", "intake", "clock", "outbox"):
        assert found[check] == "ok", told
    layer.write_text("terminal: [")
    assert main(["doctor", "--state", state, "--settings", str(layer)]) == 2
    said = capsys.readouterr().out
    assert "terminal.yaml:" in said
    assert "待送申报" in said


def test_a_damaged_file_of_maintenance_mode_is_named(tmp_path: Path) -> None:
    """Each says what it means and what to do; a terminal without any is well."""
    folder = tmp_path / "maintenance"
    _is(next(stores.upkeep(tmp_path)), "upkeep", "ok", Verdict.OK)
    folder.mkdir()
    for name, text in (("service", ""), ("staff", "{}"), ("tries", '{"tries": {"*": -1}}')):
        (folder / f"{name}.json").write_text(text)
    found = list(stores.upkeep(tmp_path))
    _is(found[0], "upkeep", "service", Verdict.BROKEN)
    _is(found[1], "upkeep", "staff", Verdict.ATTENTION)
    _is(found[2], "upkeep", "tries", Verdict.ATTENTION)
