"""`kiosk intake-check`: green against the reference intake, and every fault of it found and named.

The checks are the contract tests of the ports: the same ones run against any address.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake.service.fault_file import FaultFile, Kind
from intake.service.problems import catalogue as problems
from kiosk.cli import main
from kiosk.crypto import provider
from kiosk.domain.examples import MAN
from kiosk.gateway import Accepted
from kiosk.gateway.ports import MODULES
from kiosk.intake_check import examination
from kiosk.intake_check.asking import STATUSES
from kiosk.intake_check.examination import CHECKS, LINE, examine
from kiosk.intake_check.finding import Finding, Verdict, worst
from kiosk.intake_check.stand import Identity, Stand, StandError, read_keys
from kiosk.translation import Translator
from tests.intake_desk import ITEM, THING, IntakeDesk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """An intake that takes faults, and knows a terminal that was revoked."""
    state = tmp_path_factory.mktemp("check")
    options = ("--allow-faults", str(state / "faults.json"))
    with IntakeDesk(state=state, options=options) as running:
        names = state / "intake" / "terminals.json"
        listed = json.loads(names.read_text())
        own = next(iter(listed.values()))
        names.write_text(json.dumps(listed | {"GONE": own | {"revoked": "2026-11-28"}}))
        yield running


@pytest.fixture
def faults(desk: IntakeDesk) -> Iterator[FaultFile]:
    """The faults of the running intake; none before and none after."""
    file = FaultFile(desk.state / "faults.json")
    yield file
    file.clear()


def stand(desk: IntakeDesk, **changes: Any) -> Stand:
    """Return what checks stand on, with the terminal's own keys."""
    keys = desk.keys
    given: dict[str, Any] = {
        "url": desk.api_url,
        "identity": Identity(
            cert=keys / "terminal.crt", key=keys / "terminal.pem", ca=keys / "ca.crt"
        ),
        "catalogue": desk.catalogue,
        "thing": THING,
        "items": (ITEM,),
        "id_no": MAN,
        "keys": read_keys(keys, provider(desk.provider_name)),
    }
    return Stand(**given | changes)


def strangers(desk: IntakeDesk) -> dict[str, Identity]:
    """Return certificates of the right authority that are not served."""
    names = {"UNKNOWN_TERMINAL": "NOBODY", "TERMINAL_REVOKED": "GONE"}
    made = {code: desk.other_terminal(name) for code, name in names.items()}
    ca = desk.keys / "ca.crt"
    return {code: Identity(cert=cert, key=key, ca=ca) for code, (cert, key) in made.items()}


def named(found: Iterator[Finding]) -> dict[str, str]:
    """Return the case of every rule that is not kept."""
    return {one.check: one.case for one in found if one.verdict in {"broken", "attention"}}


def test_the_reference_intake_keeps_every_rule(desk: IntakeDesk) -> None:
    """All are tried, and none is broken; the only application is the probe."""
    own = stand(desk, strangers=strangers(desk))
    found = list(examine(own, writes=True))
    assert named(iter(found)) == {}
    assert worst(found) is Verdict.OK
    assert {one.check for one in found if one.verdict is Verdict.SKIPPED} == {"pace"}
    assert {one.module for one in found} == {LINE, *(one.code for one in MODULES)}
    told = own.files["accepted"]
    assert isinstance(told, Accepted)
    shown = desk.page("GET", f"/clerk/applications/{told.application_no}").text
    assert "联调测试" in shown


def test_reading_writes_nothing(desk: IntakeDesk) -> None:
    """What is read by default leaves no application and no upload behind."""
    before = rows(desk)
    found = list(examine(stand(desk)))
    assert rows(desk) == before
    skipped = {one.check for one in found if one.case == "read_only"}
    assert skipped == {one.code for one in CHECKS if one.writes}


def rows(desk: IntakeDesk) -> list[int]:
    """Return how many applications, uploads, materials and evaluations there are."""
    import sqlite3

    with sqlite3.connect(desk.state / "intake.db") as database:
        tables = ("application", "upload", "material", "evaluation")
        return [
            database.execute(f"SELECT count(*) FROM {one}").fetchone()[0]  # noqa: S608 - ours
            for one in tables
        ]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ((Kind.ERROR, "submit"), ("filed", "server_fault")),
        ((Kind.GARBAGE, "submit"), ("filed", "nonsense")),
        ((Kind.SILENT, "submit"), ("filed", "silent")),
        ((Kind.HANG_UP, "submit"), ("filed", "cut_off")),
        ((Kind.OTHER_ID, "submit"), ("filed", "anothers_answer")),
        ((Kind.EARLY, "submit"), ("arrived", "not_stored")),
        ((Kind.EARLY, "submit"), ("bad_signature", "done_all_the_same")),
        ((Kind.ERROR, "upload"), ("resumable", "server_fault")),
        ((Kind.GARBAGE, "upload"), ("resumable", "no_location")),
        ((Kind.GARBAGE, "prefill"), ("prefill", "nonsense")),
        ((Kind.SILENT, "prefill"), ("prefill", "silent")),
        ((Kind.HANG_UP, "progress"), ("no_slip", "cut_off")),
        ((Kind.ERROR, "any"), ("catalogue", "server_fault")),
    ],
)
def test_a_fault_is_found_and_named(
    desk: IntakeDesk,
    faults: FaultFile,
    monkeypatch: pytest.MonkeyPatch,
    fault: tuple[Kind, str],
    told: tuple[str, str],
) -> None:
    """The rule that a fault breaks is told with what was seen."""
    (kind, call), (check, case) = fault, told
    only(monkeypatch, "filed", check)
    faults.set(kind, call=call)
    found = list(examine(stand(desk, time_limit=0.6), writes=True))
    own = next(one for one in found if one.check == check)
    assert (own.verdict, own.case) == (Verdict.BROKEN, case)
    for language in ("zh", "en"):
        words = Translator(language, strict=True)
        assert own.told(words)
        assert own.mend(words)


def test_an_answer_that_was_lost_is_known_by_asking_again(
    desk: IntakeDesk, faults: FaultFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What acts and hangs up is told from what hangs up and does nothing."""
    only(monkeypatch, "filed")
    faults.set(Kind.HANG_UP_AFTER, requests=1)
    assert named(examine(stand(desk), writes=True)) == {"filed": "acted_without_answer"}


def test_slow_answers_are_told(
    desk: IntakeDesk, faults: FaultFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which call was slow, and how slow."""
    only(monkeypatch, "prefill", "speed")
    monkeypatch.setattr("kiosk.intake_check.line.SLOW_S", 0.5)
    faults.set(Kind.SLOW, call="prefill", delay=0.7)
    (own,) = [one for one in examine(stand(desk)) if one.check == "speed"]
    assert (own.verdict, own.case) == (Verdict.ATTENTION, "slow")
    assert own.values["call"] == "POST /v1/prefill"


def only(monkeypatch: pytest.MonkeyPatch, *checks: str) -> None:
    """Look at these rules alone."""
    kept = tuple(one for one in CHECKS if one.code in {"tls", *checks})
    monkeypatch.setattr(examination, "CHECKS", kept)


def test_too_many_requests_are_told_when_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for, the rate limit is run into, and its Retry-After read."""
    only(monkeypatch, "pace")
    options = ("--terminal-burst", "4", "--terminal-rate", "0.01")
    with IntakeDesk(state=tmp_path, options=options) as strict:
        assert named(examine(stand(strict, burst=3))) == {"pace": "never_too_many"}
        assert named(examine(stand(strict, burst=3))) == {}


@pytest.mark.parametrize("reason", ["no_connection", "not_tls"])
def test_where_there_is_no_line_nothing_else_is_tried(desk: IntakeDesk, reason: str) -> None:
    """What has no answer keeps no rule: nobody there, or somebody who speaks something else."""
    urls = {"no_connection": "https://127.0.0.1:1", "not_tls": f"https{desk.page_url[4:]}"}
    found = list(examine(stand(desk, url=urls[reason]), writes=True, modules=["cases"]))
    assert found[0].check == "tls"
    assert (found[0].case, found[0].values["reason"]) == ("no_connection", reason)
    assert {one.case for one in found[1:]} == {"no_line"}
    assert worst(found) is Verdict.BROKEN


def test_only_nobody_is_asked_about(desk: IntakeDesk) -> None:
    """A number that may be somebody's is refused before anything is sent."""
    with pytest.raises(StandError, match="nobody"):
        stand(desk, id_no="110101199003075518")


def test_codes_and_statuses_are_the_intakes() -> None:
    """What is provoked here is in the error list, with this status."""
    assert {code: problems()[code].status for code in STATUSES} == dict(STATUSES)


def test_every_rule_has_its_words() -> None:
    """A name, and what to mend."""
    words = Translator("en", strict=True)
    for one in CHECKS:
        assert words.text(f"intake_check.checks.{one.code}.name")
        assert words.has(f"intake_check.checks.{one.code}.fix")


def test_the_command(desk: IntakeDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with a verdict a module, as lines and as JSON; its status is the verdict."""

    def command(*words: str | Path) -> tuple[int, str, str]:
        status = main(["intake-check", desk.api_url, *map(str, words)])
        said = capsys.readouterr()
        return status, said.out, said.err

    status, out, _ = command("--keys", desk.keys, "--file-a-probe", "--json")
    assert status == 0, out
    told = json.loads(out)
    assert told["verdict"] == "ok"
    assert told["modules"]["cases"] == "ok"
    assert told["modules"]["seals"] == "not_offered"
    assert len(told["probe"]) == 20
    status, out, _ = command("--keys", desk.keys, "--lang", "en")
    untried = out.count(": not tried\n")
    assert (status, untried > 1) == (0, True)
    assert out.endswith(f"What was tried is kept; {untried} modules not tried.\n")
    cert, key = desk.other_terminal("HALL-0001")
    for name in ("ca.crt", "agent-signing.pem", "evidence.pem", "sealing-public.json"):
        shutil.copy(desk.keys / name, tmp_path / name)
    own = ("--keys", tmp_path, "--cert", cert, "--key", key)
    status, out, err = command(*own, "--file-a-probe")
    assert (status, out) == (3, "")
    assert "HALL-0001 is not for tests" in err
    status, out, _ = command(*own, "--module", "items", "--lang", "en")
    assert status == 2
    assert "✗ Items · catalogue version: refused: UNKNOWN_TERMINAL" in out
    assert "✗ Items: not kept" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("https://x",), "give --keys"),
        (("https://x", "--keys", "/nowhere"), "/nowhere/terminal.crt: there is no such file"),
        (("https://x", "--module", "case"), "there is no module case; there are line, identity"),
        (("https://x", "--jurisdiction", "nowhere"), "nowhere"),
        (("https://x", "--thing", "nothing"), "nothing cannot be filed at"),
    ],
)
def test_what_is_missing_is_told(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without what it needs there is no verdict, and nothing is sent."""
    assert main(["intake-check", *words]) == 3
    assert told in capsys.readouterr().err


def test_a_catalogue_of_another_release_is_told(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that is releases behind is told which version it has."""
    only(monkeypatch, "catalogue")
    old = replace(desk.catalogue, version="0" * 64)
    assert named(examine(stand(desk, catalogue=old))) == {"catalogue": "our_catalogue"}
