"""The agent renews its terminal's certificate by itself, and keeps old keys as long as needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.agent import identity
from kiosk.agent.identity import IdentityWatch, Recipients, Signing
from kiosk.agent.nursery import Nursery
from kiosk.audit import Event
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.keyring import former_ids, read_sealing_key, read_signing_key
from kiosk.crypto.sealed import SealedView, Submission, seal
from kiosk.enrolment import due, renew
from kiosk.outbox import Numbers, Outbox, Parcel
from tests.enrolment_desk import Desk, now
from tests.waiting import until

CHOSEN = provider("international")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all."""
    with Desk(root=tmp_path_factory.mktemp("centre")) as one:
        yield one


class Notes:
    """What the log would be told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, str | int]]] = []

    def __call__(self, event: Event, **fields: str | int) -> None:
        """Hear."""
        self.told.append((event.value, fields))


def sealed(state: Path, submission_id: str) -> list[bytes]:
    """Seal something as a session does now."""
    public = PublicKeys.read(state / "keys")
    submission = Submission(submission_id=submission_id, body=b"{}", jurisdiction="410700")
    return seal(CHOSEN, submission, public.recipients)


def test_it_renews_in_time_and_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a child; with the desk away it says why, and the certificate stays."""
    desk.enrolled(tmp_path, "T-agent")
    later = now() + timedelta(days=300)
    monkeypatch.setattr(identity, "due", lambda state: due(state, later))
    certificate = tmp_path / "keys" / "terminal.crt"
    before, notes = certificate.read_bytes(), Notes()
    outbox = Outbox(tmp_path / "outbox" / "outbox.db", reserve=0)
    watch = IdentityWatch(Nursery(), tmp_path, outbox, notes, spread=0)

    def heard() -> bool:
        watch.do()
        return bool(notes.told)

    until(heard)
    assert notes.told[0][0] == "certificate_renewed"
    assert certificate.read_bytes() != before
    about = tmp_path / "keys" / "identity.json"
    told = json.loads(about.read_text())
    about.write_text(json.dumps({**told, "enrol_url": "https://127.0.0.1:9"}))
    away, kept = Notes(), certificate.read_bytes()
    watch = IdentityWatch(Nursery(), tmp_path, outbox, away, spread=0)

    def heard_again() -> bool:
        watch.do()
        return bool(away.told)

    until(heard_again)
    assert away.told == [("certificate_not_renewed", {"reason": "DeskUnreachable: no_connection"})]
    assert certificate.read_bytes() == kept
    watch.end()
    outbox.close()


def test_what_was_sealed_before_a_rotation_is_taken_and_opened(desk: Desk, tmp_path: Path) -> None:
    """A session that was warm before, one that is new, an agent that was not started since."""
    desk.enrolled(tmp_path, "T-keys")
    recipients = Recipients(tmp_path / "keys")
    old = sealed(tmp_path, "old")
    renew(tmp_path, rotate=True)
    new = sealed(tmp_path, "new")
    views = [SealedView(b"".join(pieces)) for pieces in (old, new)]
    for view in views:
        assert recipients.fit(view.key_ids)
        assert Recipients(tmp_path / "keys").fit(view.key_ids)
        key = read_sealing_key(tmp_path / "keys", CHOSEN, view.key_ids)
        assert view.open(key).body() == b"{}"
        assert view.jurisdiction == "410700"
    assert not recipients.fit(frozenset({"0" * 16}))
    notes, outbox = Notes(), Outbox(tmp_path / "outbox" / "outbox.db", reserve=0)
    watch = IdentityWatch(Nursery(), tmp_path, outbox, notes)
    outbox.put(
        Parcel(
            submission_id="old",
            visit="v",
            local_no="L1",
            thing="t",
            fingerprint=views[0].fingerprint,
            pieces=old,
        )
    )
    watch.forget_former_keys(older_than=-1)
    assert len(former_ids(tmp_path / "keys")) == 1, "something waits for it"
    entry = outbox.take()
    assert entry is not None

    outbox.settle(entry, Numbers(application_no="1", items=(), received_at="now"))
    watch.forget_former_keys(older_than=-1)
    assert former_ids(tmp_path / "keys") == frozenset()
    assert notes.told == [("former_keys_dropped", {})]
    outbox.close()


def test_after_a_rotation_the_agent_signs_with_the_new_key(desk: Desk, tmp_path: Path) -> None:
    """Without a restart; while that one can't be read, with the last good one."""
    desk.enrolled(tmp_path, "T-signs")
    keys = tmp_path / "keys"
    signing = Signing(keys)
    before = signing.now().public
    renew(tmp_path, rotate=True)
    present = read_signing_key(keys, CHOSEN).public
    assert signing.now().public == present != before
    (keys / "agent-signing.pem").unlink()
    assert signing.now().public == present
