"""A terminal gets, renews and changes its identity, and survives a death at every step."""

from __future__ import annotations

import base64
import json
import shutil
import ssl
import stat
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import urllib3
from cryptography import x509
from sqlalchemy import text

from intake.cli import main as command
from intake.enrolment.office import NotDone
from intake.enrolment.registry import EnrolledRegistry
from intake.receiving.verification import check_envelope
from intake.service.problems import Refusal
from kiosk.cli import main
from kiosk.crypto import KeyFileError, PublicKeys, provider
from kiosk.crypto.keyring import (
    drop_former,
    former_ids,
    read_sealing_key,
    read_signing_key,
)
from kiosk.enrolment import (
    DeskGarbled,
    EnrolmentExpired,
    EnrolmentRefused,
    NotEnrolled,
    Step,
    due,
    enrol,
    renew,
)
from kiosk.enrolment import own_keys as own_keys_room
from kiosk.enrolment.own_keys import Granted
from kiosk.enrolment.staging import Staging
from tests.enrolment_desk import PLACE, QUICK, Desk, Said, now
from tests.waiting import PATIENCE_S, until

PRIVATE = ("agent-signing.pem", "agent-sealing.key", "evidence.pem", "terminal.pem")


class Died(Exception):
    """The terminal lost power here."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all."""
    with Desk(root=tmp_path_factory.mktemp("centre")) as one:
        yield one


def serial(state: Path) -> str:
    """Return the serial number of a terminal's certificate."""
    pem = (state / "keys" / "terminal.crt").read_bytes()
    return f"{x509.load_pem_x509_certificate(pem).serial_number:x}"


def known(desk: Desk) -> EnrolledRegistry:
    """Return the registry as a fresh worker has it."""
    return EnrolledRegistry(desk.store.engine, None)


@pytest.mark.parametrize("name", ["international", "national"])
def test_a_terminal_enrols(desk: Desk, tmp_path: Path, name: str) -> None:
    """It makes its keys, shows a code, and is known by its public keys once that is approved."""
    said = Said(on_code=desk.approve)
    terminal = f"T-{name[:5]}"
    granted = enrol(desk.wish(terminal, provider=name), tmp_path, said, QUICK)
    assert (granted.terminal, granted.jurisdiction) == (terminal, PLACE)
    assert [step for step, _ in said.steps] == [Step.TRUSTED_UNSEEN, Step.CODE]
    keys = tmp_path / "keys"
    assert {stat.S_IMODE((keys / one).stat().st_mode) for one in PRIVATE} == {0o600}
    assert not (tmp_path / "keys.next").exists()
    public = PublicKeys.read(keys)
    assert [key.holder for key in public.recipients] == ["agent", "recovery"]
    there = known(desk).get(terminal, serial(tmp_path))
    signing = read_signing_key(keys, provider(name))
    assert there.signing_public == signing.public
    with desk.store.engine.connect() as connection:
        told = str(connection.execute(text("SELECT * FROM enrolment")).fetchall())
    assert "PRIVATE" not in told


def test_the_certificate_is_shown_over_mutual_tls(desk: Desk, tmp_path: Path) -> None:
    """The intake's kind of server takes it, and nobody else's."""
    desk.enrolled(tmp_path, "T-mutual")
    keys = tmp_path / "keys"
    context = ssl.create_default_context(cafile=str(keys / "ca.crt"))
    context.load_cert_chain(keys / "terminal.crt", keys / "terminal.pem")
    with urllib3.PoolManager(ssl_context=context, retries=False) as pool:
        answer = pool.request("GET", f"{desk.url}/v1/authority")
    assert answer.status == 200


@pytest.mark.parametrize("step", ["begin", "reveal", "outcome", "take", "tidy"])
def test_a_death_at_any_step_is_gone_on_with(
    desk: Desk, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run shows the same code, and ends with one identity."""
    from kiosk.enrolment import desk as client

    owner = Staging if step in {"take", "tidy"} else client.Desk
    name = "_tidy" if step == "tidy" else step
    real = getattr(owner, name)

    def dies(*arguments: object, **more: object) -> None:
        if step not in {"tidy", "take"}:
            real(*arguments, **more)  # the centre heard it, the answer was lost
        raise Died

    terminal = f"T-die-{step}"
    said = Said()
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dies)
        said.on_code = desk.approve if step in {"take", "tidy"} else said.on_code
        with pytest.raises(Died):
            enrol(desk.wish(terminal), tmp_path, said, QUICK)
    if step == "tidy":  # it was in force already
        with pytest.raises(NotEnrolled, match="--renew"):
            enrol(desk.wish(terminal), tmp_path, said, QUICK)
        assert not (tmp_path / "keys.next").exists()
    else:
        again = Said(on_code=lambda code: step == "take" or desk.approve(code))
        assert enrol(desk.wish(terminal), tmp_path, again, QUICK).terminal == terminal
        if step in {"outcome", "take"}:
            assert again.code == said.code
    assert known(desk).get(terminal, serial(tmp_path)).id == terminal


def test_somebody_in_between_gives_another_code(desk: Desk, tmp_path: Path) -> None:
    """Shown another authority, the terminal shows a code that the centre does not have."""
    with Desk(root=tmp_path / "between") as between:
        heard: list[str] = []

        def gives_up(code: str) -> None:
            heard.append(code)
            raise Died

        with pytest.raises(Died):
            enrol(between.wish("T-mitm"), tmp_path / "state", Said(on_code=gives_up), QUICK)
    with pytest.raises(NotDone, match="no terminal shows this code"):
        desk.approve(heard[0])


def test_an_authority_from_a_file_is_the_only_one_believed(desk: Desk, tmp_path: Path) -> None:
    """Nothing is said of an unseen one, and another server gets no statement."""
    said = Said(on_code=desk.approve)
    enrol(desk.wish("T-ca", ca=desk.ca.read_bytes()), tmp_path / "one", said, QUICK)
    assert said.steps[0][0] is Step.CODE
    from kiosk.crypto.certificates import Authority

    def gives_up(step: Step, values: object) -> None:
        assert (step, values) == (Step.NO_ANSWER, {"reason": "not_trusted"})
        raise Died

    foreign = Authority.create("foreign").issued.certificate
    with pytest.raises(Died):
        enrol(desk.wish("T-ca2", ca=foreign), tmp_path / "two", gives_up, QUICK)


def test_a_refused_terminal_is_told(desk: Desk, tmp_path: Path) -> None:
    """It gets no identity."""
    said = Said(on_code=lambda code: desk.office.refuse(code, "officer", now()))
    with pytest.raises(EnrolmentRefused, match="ENROLMENT_REFUSED"):
        enrol(desk.wish("T-refused"), tmp_path, said, QUICK)
    assert not (tmp_path / "keys").exists()


def test_a_code_that_is_too_old_is_begun_anew(desk: Desk, tmp_path: Path) -> None:
    """The old one can't be approved; the next run has another."""

    def ages(code: str) -> None:
        with desk.store.engine.begin() as connection:
            connection.execute(
                text("UPDATE enrolment SET expires_at = asked_at WHERE code = :code"),
                {"code": code},
            )
        with pytest.raises(NotDone, match="too old"):
            desk.approve(code)

    said = Said(on_code=ages)
    with pytest.raises(EnrolmentExpired):
        enrol(desk.wish("T-old"), tmp_path, said, QUICK)
    again = Said(on_code=desk.approve)
    enrol(desk.wish("T-old"), tmp_path, again, QUICK)
    assert again.code != said.code


def test_the_certificate_is_renewed_when_it_gets_old(desk: Desk, tmp_path: Path) -> None:
    """In its last third, over the present one, with the same keys."""
    desk.enrolled(tmp_path, "T-renew")
    before, first = (tmp_path / "keys" / "terminal.pem").read_bytes(), serial(tmp_path)
    assert not due(tmp_path)
    assert not due(tmp_path, now() + timedelta(days=240))
    assert due(tmp_path, now() + timedelta(days=250))
    assert not renew(tmp_path).rotated
    assert serial(tmp_path) != first
    assert (tmp_path / "keys" / "terminal.pem").read_bytes() == before
    for number in (first, serial(tmp_path)):  # a lost answer leaves the old one in use
        assert known(desk).get("T-renew", number).id == "T-renew"


@pytest.mark.parametrize("name", ["international", "national"])
def test_keys_change_and_what_waits_can_still_be_opened(
    desk: Desk, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the answer to the first attempt was lost; the former sealing key stays."""
    terminal, chosen, keys = f"T-rot-{name[:3]}", provider(name), tmp_path / "keys"
    desk.enrolled(tmp_path, terminal, provider=name)
    was = read_sealing_key(keys, chosen)
    former = read_signing_key(keys, chosen)

    def dies(*_: object) -> Granted:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(own_keys_room.Granted, "read", dies)
        with pytest.raises(Died):
            renew(tmp_path, rotate=True)
    assert read_signing_key(keys, chosen).public == former.public
    assert due(tmp_path)
    assert renew(tmp_path).rotated
    assert not due(tmp_path)
    present = read_signing_key(keys, chosen)
    assert present.public != former.public
    assert read_sealing_key(keys, chosen).key_id != was.key_id
    assert read_sealing_key(keys, chosen, {was.key_id}).key_id == was.key_id
    there = known(desk).get(terminal, serial(tmp_path))
    for key in (present, former):  # what was under way
        signature = base64.b64encode(key.sign(b"envelope")).decode()
        check_envelope(
            there, b"envelope", algorithm=chosen.signature_algorithm, signature=signature
        )
    assert former_ids(keys) == {was.key_id}
    assert drop_former(keys, {was.key_id}, older_than=-1) == 0
    assert drop_former(keys, set(), older_than=3600) == 0
    assert drop_former(keys, set(), older_than=-1) == 1


def test_a_new_machine_takes_a_dead_ones_place(desk: Desk, tmp_path: Path) -> None:
    """The id stays; certificates and signing key of the former machine are void at once."""
    dead, new = tmp_path / "dead", tmp_path / "new"
    desk.enrolled(dead, "T-place")
    with pytest.raises(NotDone, match="--replaces"):
        desk.enrolled(new, "T-place")
    shutil.rmtree(new)
    desk.enrolled(new, "T-place", replaces=True)
    assert known(desk).get("T-place", serial(new)).former_signing == ()
    assert len(known(desk).get("T-place", serial(new)).former_evidence) == 1
    with pytest.raises(Refusal, match="TERMINAL_REVOKED"):
        known(desk).get("T-place", serial(dead))
    with pytest.raises(EnrolmentRefused, match="TERMINAL_REVOKED"):
        renew(dead)
    stolen = Said(on_code=lambda code: desk.approve(code, stolen=True))
    shutil.rmtree(dead)
    enrol(desk.wish("T-place", replaces=True), dead, stolen, QUICK)
    assert known(desk).get("T-place", serial(dead)).former_evidence == ()


def test_the_same_machine_with_new_keys_keeps_what_opens_its_outbox(
    desk: Desk, tmp_path: Path
) -> None:
    """A machine that enrols again, for instance because somebody saw its keys."""
    desk.enrolled(tmp_path, "T-again")
    was = read_sealing_key(tmp_path / "keys", provider("international")).key_id
    with pytest.raises(NotEnrolled, match="T-again"):
        desk.enrolled(tmp_path, "T-again")
    desk.enrolled(tmp_path, "T-again", replaces=True)
    assert former_ids(tmp_path / "keys") == {was}


def test_a_revoked_terminal_gets_nothing(desk: Desk, tmp_path: Path) -> None:
    """Neither served nor renewed."""
    desk.enrolled(tmp_path, "T-revoked")
    desk.office.revoke("T-revoked", now())
    with pytest.raises(Refusal, match="TERMINAL_REVOKED"):
        known(desk).get("T-revoked", serial(tmp_path))
    with pytest.raises(EnrolmentRefused, match="TERMINAL_REVOKED"):
        renew(tmp_path)


def test_an_answer_for_other_keys_is_not_taken(desk: Desk, tmp_path: Path) -> None:
    """A grant is held against the keys, the id and the authority."""
    one, other = tmp_path / "one", tmp_path / "other"
    desk.enrolled(one, "T-one")
    desk.enrolled(other, "T-other")
    certificate = (other / "keys" / "terminal.crt").read_text()
    told = {
        "terminal": "T-other",
        "jurisdiction": PLACE,
        "certificate": certificate,
        "recovery": json.loads((desk.root / "desk" / "recovery.json").read_text())["international"],
    }
    own = own_keys_room.OwnKeys.read(one / "keys", "international")
    with pytest.raises(DeskGarbled, match="another key"):
        Granted.read(told, own, desk.ca.read_bytes())
    with pytest.raises(DeskGarbled, match="another terminal"):
        Granted.read({**told, "terminal": "T-one"}, own, desk.ca.read_bytes())


def test_a_key_that_others_may_read_is_refused(desk: Desk, tmp_path: Path) -> None:
    """With a sentence that says what to do."""
    desk.enrolled(tmp_path, "T-open")
    path = tmp_path / "keys" / "agent-signing.pem"
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match=r"agent-signing\.pem: others may read it \(mode 0640\)"):
        renew(tmp_path)


def test_keys_that_the_service_manager_lends(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go before those of the directory; what is lent can't be changed here.

    systemd's access list stands in the group's bits, so those are let pass there and only there.
    """
    desk.enrolled(tmp_path, "T-lent")
    store, keys = tmp_path / "lent", tmp_path / "keys"
    store.mkdir()
    for name in ("agent-signing.pem", "agent-sealing.key", "terminal.pem"):
        (keys / name).rename(store / name)
        (store / name).chmod(0o440)
    with pytest.raises(KeyFileError, match="No such file"):
        read_signing_key(keys, provider("international"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(store))
    read_signing_key(keys, provider("international"))
    read_sealing_key(keys, provider("international"))
    assert not renew(tmp_path).rotated
    with pytest.raises(NotEnrolled, match=r"agent-sealing\.key comes from the service manager"):
        renew(tmp_path, rotate=True)
    (store / "agent-signing.pem").chmod(0o444)
    with pytest.raises(KeyFileError, match="others may read it"):
        read_signing_key(keys, provider("international"))


def test_setting_up_ends_with_the_enrolment(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Settings, a code, an approval by the command, and the device host's key; twice is no harm."""
    conversation = sys.modules["kiosk.enrolment.enrol"]
    monkeypatch.setattr(conversation, "Waiting", lambda: QUICK)
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        f"terminal: {{id: XX-DT-007, site_name: 大厅}}\njurisdiction: '{PLACE}'\n"
        "intake: {api_url: 'https://intake.invalid', public_url: 'https://intake.invalid',"
        f" enrol_url: '{desk.url}'}}\n",
        encoding="utf-8",
    )

    def officer() -> None:
        found: list[str] = []

        def waits() -> bool:
            with desk.store.engine.connect() as connection:
                ask = "SELECT code FROM enrolment WHERE terminal='XX-DT-007' AND stage='waiting'"
                found[:] = connection.execute(text(ask)).scalars()
            return bool(found)

        until(waits)
        assert command(["enrol", "list", "--db", desk.database]) == 0
        assert command(["enrol", "approve", found[0].lower(), "--db", desk.database]) == 0

    thread = threading.Thread(target=officer)
    thread.start()
    words = ["setup", "--answers", str(answers), "--root", str(tmp_path / "root")]
    assert main(words) == 0
    thread.join(PATIENCE_S)
    told = capsys.readouterr().out
    assert "登记码" in told
    assert "approved as XX-DT-007" in told
    assert "XX-DT-007  international" in told
    assert "恢复密钥" not in told, "the centre has it"
    state = tmp_path / "root" / "var" / "lib" / "yiduan" / "agent"
    lent = tmp_path / "root" / "etc" / "yiduan" / "credentials" / "evidence.pem"
    assert lent.read_bytes() == (state / "keys" / "evidence.pem").read_bytes()
    assert not (state / "recovery").exists()
    assert main(words) == 0
    assert "登记码" not in capsys.readouterr().out
    assert main(["enrol", "--renew", "--root", str(tmp_path / "root")]) == 0
    assert main(["enrol", "--root", str(tmp_path / "root")]) == 1
    assert "XX-DT-007" in capsys.readouterr().err
