"""More than one at a time: two processes at one identity, many terminals at one desk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from sqlalchemy import text

from intake.enrolment.desk import OPEN_OF_ONE
from intake.enrolment.registry import EnrolledRegistry
from kiosk.cli import main
from kiosk.crypto import provider
from kiosk.crypto.identity import Purpose, commit
from kiosk.crypto.keyring import read_signing_key
from kiosk.enrolment import DeskUnreachable, IdentityBusy, Step, enrol, own_keys, renew
from kiosk.enrolment.desk import Desk as Client
from kiosk.enrolment.enrol import Waiting
from tests.enrolment_desk import PLACE, Desk, Said
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all."""
    with Desk(root=tmp_path_factory.mktemp("centre")) as one:
        yield one


def test_two_processes_do_not_mix_their_identities(desk: Desk, tmp_path: Path) -> None:
    """While a command waits for its approval nobody else renews; then there is one whole identity.

    A process that dies gives the place free.
    """
    desk.enrolled(tmp_path, "T-two")
    keys, chosen = tmp_path / "keys", provider("international")
    before = (keys / "terminal.crt").read_bytes()
    words = ("enrol", desk.url, "--state", tmp_path, "--root", tmp_path, "--terminal", "T-two")
    told = (sys.executable, "-um", "kiosk", *words, "--jurisdiction", PLACE, "--replaces")

    def waiting() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen([*map(str, told)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("登记码"))
        return process, line.strip().partition("：")[2]

    first, _ = waiting()
    for rotate in (False, True):
        with pytest.raises(IdentityBusy):
            renew(tmp_path, rotate=rotate)
    assert main([*map(str, words), "--replaces"]) == 1
    first.kill()
    first.communicate(timeout=PATIENCE_S)
    second, code = waiting()
    desk.approve(code)
    second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0
    assert (keys / "terminal.crt").read_bytes() != before
    assert renew(tmp_path, rotate=True).rotated
    certificate = x509.load_pem_x509_certificate((keys / "terminal.crt").read_bytes())
    registry = EnrolledRegistry(desk.store.engine, None)
    there = registry.get("T-two", f"{certificate.serial_number:x}")
    assert there.signing_public == read_signing_key(keys, chosen).public


def test_a_desk_that_is_too_busy_is_left_alone_as_long_as_it_says(
    desk: Desk, tmp_path: Path
) -> None:
    """Not asked every three seconds; whoever stands there is told for how long."""
    own_keys.make(tmp_path / "crowd", "international")
    crowd = own_keys.OwnKeys.read(tmp_path / "crowd", "international")
    client = Client(desk.url, ca=desk.ca)

    def one_more() -> None:
        plain = crowd.statement(Purpose.ENROLMENT, "T-crowd", own_keys.new_nonce())
        committed = commit(own_keys.new_nonce())
        stated = own_keys.with_commitment(plain, committed, jurisdiction=PLACE, replaces=False)
        client.begin(stated, crowd.sign(stated))

    with closing(client):
        for _ in range(OPEN_OF_ONE):
            one_more()
        with pytest.raises(DeskUnreachable, match="too_many") as refused:
            one_more()
    assert refused.value.after == 600.0
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        with desk.store.engine.begin() as connection:  # the others' codes get too old
            late = "UPDATE enrolment SET expires_at = asked_at WHERE stage <> 'approved'"
            connection.execute(text(late))

    said = Said(on_code=desk.approve)
    enrol(desk.wish("T-busy"), tmp_path / "own", said, Waiting(pause=pause, poll=0.02))
    assert paused[0] == 600.0
    assert (Step.TOO_BUSY, {"minutes": "10"}) in said.steps
