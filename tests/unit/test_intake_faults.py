"""A running intake can be made slow, wrong, half-dead and lying, and be made right again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.cli import main
from intake.service.fault_file import FaultFile, Kind
from kiosk.domain.envelope import Envelope
from kiosk.gateway import Accepted, IntakeClient, IntakeGarbled, IntakeUnreachable
from tests.intake_desk import IntakeDesk

LIMIT_S = 3.0
"""How long a client waits here for an answer that never comes."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """An intake that may be spoilt."""
    place = tmp_path_factory.mktemp("faulty")
    with IntakeDesk(state=place, options=("--allow-faults", str(place / "faults"))) as running:
        assert (place / "faults").stat().st_mode & 0o777 == 0o600
        yield running
    assert not (place / "faults").exists()


def filed(desk: IntakeDesk) -> int:
    """Return how many applications there are."""
    return int(desk.page("GET", "/clerk/counts").json()["submitted"])


@pytest.mark.parametrize(
    ("kind", "error", "stored"),
    [
        (Kind.ERROR, IntakeUnreachable, 0),
        (Kind.GARBAGE, IntakeGarbled, 0),
        (Kind.SILENT, IntakeUnreachable, 0),
        (Kind.HANG_UP, IntakeUnreachable, 0),
        (Kind.HANG_UP_AFTER, IntakeUnreachable, 1),
        (Kind.OTHER_ID, IntakeGarbled, 1),
    ],
)
def test_every_fault_is_noticed_and_mended_by_repeating(
    desk: IntakeDesk, kind: Kind, error: type[Exception], stored: int
) -> None:
    """The terminal's client sees that it was no answer; the same call again files once."""
    faults, before = FaultFile(desk.state / "faults"), filed(desk)
    envelope = Envelope(application=desk.application()).canonical()
    signature = desk.sign(envelope)
    client = IntakeClient(desk.transport(time_limit=LIMIT_S))
    faults.set(kind, requests=1)
    with pytest.raises(error):
        client.submit(envelope, signature)
    assert filed(desk) == before + stored
    assert isinstance(client.submit(envelope, signature), Accepted)
    assert filed(desk) == before + 1
    assert faults.all()[-1].left == 0


def test_an_answer_before_anything_is_stored(desk: IntakeDesk) -> None:
    """No client can see this lie in the answer; the slip shows it, and so does the count."""
    before, application = filed(desk), desk.application()
    FaultFile(desk.state / "faults").set(Kind.EARLY, requests=1)
    envelope = Envelope(application=application).canonical()
    told = desk.client().submit(envelope, desk.sign(envelope))
    assert isinstance(told, Accepted)
    assert filed(desk) == before
    slip = f"{application.local_no}.{application.slip_token}"
    assert desk.send("GET", f"/v1/progress/{slip}").json()["code"] == "NOT_ARRIVED"


def test_the_command_sets_lists_and_clears(
    desk: IntakeDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault stands in the list with how often it struck, and in the intake's log."""
    FaultFile(desk.state / "faults").clear()

    def told(*words: str, status: int = 0) -> str:
        assert main(["fault", str(desk.state / "faults"), *words]) == status
        return capsys.readouterr().out

    assert told("list") == "none\n"
    assert "until cleared" in told("set", "slow", "--delay", "0", "--call", "any")
    assert "3 requests left" in told(
        "set", "error", "--seconds", "0.001", "--requests", "3", "--call", "progress"
    )
    assert desk.submit(desk.application()).status_code == 201
    slow, error = json.loads(told("list", "--json"))
    assert (slow["kind"], slow["used"], slow["in_force"]) == ("slow", 1, True)
    assert (error["call"], error["used"], error["in_force"]) == ("progress", 0, False)
    assert told("clear", "1") == "cleared: 1\n"
    assert told("clear") == "cleared: 1\n"
    log = (desk.state / "intake.log").read_text()
    assert '"event": "faults_allowed"' in log
    assert '"kind": "slow"' in log
    assert told("set", "early", "--call", "upload", status=2) == ""


def test_nobody_spoils_an_intake_that_does_not_allow_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the option there is no file, and the command says so."""
    assert main(["fault", str(tmp_path / "faults"), "set", "error"]) == 1
    assert "--allow-faults" in capsys.readouterr().err
    assert not (tmp_path / "faults").exists()
