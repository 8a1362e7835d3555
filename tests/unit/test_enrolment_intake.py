"""The intake serves who enrolled, refuses who was replaced, and believes what was read before."""

from __future__ import annotations

import shutil
from pathlib import Path

from intake import population
from tests.enrolment_desk import Desk
from tests.intake_desk import DIVISION, TERMINAL, IntakeDesk, problem_of
from tests.waiting import until


def take_keys(desk: Desk, intake: IntakeDesk, state: Path) -> None:
    """Let the intake's test terminal have the identity of a state directory."""
    shutil.rmtree(intake.keys, ignore_errors=True)
    shutil.copytree(state / "keys", intake.keys)
    for name in ("crt", "pem"):
        shutil.copy(desk.root / "desk" / f"server.{name}", intake.keys / f"intake.{name}")
    intake.session.close()


class Enrolled(IntakeDesk):
    """An intake without any list of terminals."""

    def command(self, ready: Path) -> list[str]:
        """Leave the list out."""
        words = super().command(ready)
        place = words.index("--terminals")
        return words[:place] + words[place + 2 :]


def test_an_enrolled_terminal_files_and_its_successor_too(tmp_path: Path) -> None:
    """Over real mutual TLS: the dead machine's certificate is refused, its readings are not."""
    with Desk(root=tmp_path / "centre") as desk:
        dead, new = tmp_path / "dead", tmp_path / "new"
        desk.enrolled(dead, TERMINAL)
        intake = Enrolled(state=tmp_path / "intake", database=desk.database)
        document = population.generate(7, 12)
        population.write(document, intake.state / "population")
        intake.people = {one["ref"]: one for one in document["people"]}
        take_keys(desk, intake, dead)
        intake.start()
        try:
            assert intake.submit(intake.application()).status_code == 201
            waits = intake.application("chen-xiaoyun")  # its card was read on the dead machine
            desk.enrolled(new, TERMINAL, replaces=True)
            path = f"/v1/catalogue?division={DIVISION}"

            def refused() -> bool:
                return intake.send("GET", path).status_code == 403

            until(refused)  # within two seconds every worker knows
            assert problem_of(intake.send("GET", path))["code"] == "TERMINAL_REVOKED"
            take_keys(desk, intake, new)
            assert intake.send("GET", path).status_code == 200
            assert intake.submit(waits).status_code == 201
        finally:
            intake.stop()
