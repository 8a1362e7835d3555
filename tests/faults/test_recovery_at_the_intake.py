"""A dead terminal's copy reaches the real intake through the machine that replaces it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.agent.delivery import Filed, Turned
from kiosk.agent.lines import Addresses
from kiosk.agent.recovery import Station, recover
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.provision import Provisioned, provision
from kiosk.crypto.sealed import SealedView, Submission, seal
from kiosk.domain.envelope import Envelope
from kiosk.outbox import Outbox, Parcel
from kiosk.outbox.exporting import export_file
from kiosk.outbox.report import FILE
from tests.intake_desk import TERMINAL, IntakeDesk


def dead_outbox(desk: IntakeDesk) -> Path:
    """Leave one submission on the disk of the terminal; return its sealed copy."""
    own, public = desk.application(), PublicKeys.read(desk.keys)
    submission = Submission(
        submission_id=own.submission_id, body=Envelope(application=own).canonical()
    )
    sealed = b"".join(seal(provider(public.provider), submission, public.recipients))
    view = SealedView(memoryview(sealed))
    outbox = Outbox(desk.state / FILE, reserve=0)
    outbox.put(
        Parcel(
            submission_id=own.submission_id,
            visit="v",
            local_no=own.local_no,
            thing=own.thing,
            fingerprint=view.fingerprint,
            pieces=view.pieces,
        )
    )
    outbox.close()
    (copy,) = export_file(outbox.path, desk.state / "out").files
    return copy


def replaced(desk: IntakeDesk, state: Path) -> tuple[Provisioned, dict[str, Any]]:
    """Provision a machine anew under the same id; return it, and the dead one's row of the list."""
    new, listed = provision(state, TERMINAL), desk.state / "intake" / "terminals.json"
    certificate, key = desk.other_terminal(TERMINAL)
    certificate.replace(new.keys / "terminal.crt")
    key.replace(new.keys / "terminal.pem").chmod(0o600)
    (new.keys / "ca.crt").write_bytes((desk.keys / "ca.crt").read_bytes())
    dead: dict[str, Any] = json.loads(listed.read_bytes())[TERMINAL]
    listed.write_bytes(new.terminals.read_bytes())
    return new, dead


def test_a_dead_terminals_copy_is_filed_once(tmp_path: Path) -> None:
    """Its reading speaks when the intake keeps its key, for what was read before it died."""
    with IntakeDesk(state=tmp_path / "dead") as desk:
        copy = dead_outbox(desk)
        new, dead = replaced(desk, tmp_path / "new")
        station = Station(
            keys=new.keys,
            recovery_key=desk.state / "recovery" / "recovery.pem",
            addresses=Addresses(default=desk.api_url),
        )
        assert recover(copy, station) == Turned(code="NO_EVIDENCE"), "the key is nobody's now"
        listed = desk.state / "intake" / "terminals.json"
        rows = json.loads(listed.read_bytes())

        def keep_until(moment: datetime) -> None:
            former = {"public": dead["evidence_public"], "until": moment.isoformat()}
            rows[TERMINAL]["former_evidence"] = [former]
            listed.write_text(json.dumps(rows))

        now = datetime.now(UTC)
        keep_until(now - timedelta(minutes=20))  # it died before that card was read: no reading
        assert recover(copy, station) == Turned(code="NO_EVIDENCE")
        keep_until(now + timedelta(seconds=1))
        ends = [recover(copy, station) for _ in range(2)]
        assert isinstance(ends[0], Filed)
        assert ends[0] == ends[1]
        assert desk.page("GET", "/clerk/counts").json()["submitted"] == 1
