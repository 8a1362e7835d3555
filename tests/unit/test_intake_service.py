"""The intake started in other ways: again, with other algorithms, releases and databases."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.catalogue import files as catalogue_files
from tests.intake_desk import CONFIG, DIVISION, IntakeDesk
from tests.postgres import postgres_url
from tests.waiting import PATIENCE_S

__all__ = ["postgres_url"]


def test_survives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Numbers are kept over SIGTERM, and even over SIGKILL right after the answer."""
    with IntakeDesk(state=tmp_path_factory.mktemp("restart")) as own:
        application = own.application()
        first = own.submit(application).json()
        assert own.process is not None
        own.process.kill()
        own.process.wait(PATIENCE_S)
        own.start()
        assert own.submit(application).json() == first
        assert own.stop() == 0
        own.start()
        assert own.submit(application).json() == first


def test_national_provider(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A terminal enrolled with the national algorithms files like any other."""
    place = tmp_path_factory.mktemp("national")
    with IntakeDesk(state=place, provider_name="national") as national:
        application = national.application()
        first = national.submit(application)
        assert first.status_code == 201
        # SM2 signs with a fresh random number: another signature, the same body, the same answer.
        assert national.submit(application).json() == first.json()


def test_previous_release_is_still_accepted(tmp_path: Path) -> None:
    """During a rollout applications under the release before are filed; the page names both."""
    newer = tmp_path / "config"
    shutil.copytree(CONFIG, newer)
    for file in (newer / "catalogue").rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace("手机号", "手机号码"), "utf-8")
    options = ("--previous-config", str(CONFIG))
    with IntakeDesk(state=tmp_path / "state", config=newer, options=options) as own:
        old = catalogue_files.load(CONFIG, DIVISION).version
        told = own.client().catalogue_version(DIVISION)
        assert told.accepted == (own.catalogue.version, old)
        assert own.submit(own.application(catalogue_version=old)).status_code == 201
        assert own.submit(own.application()).status_code == 201


@pytest.mark.postgres
def test_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    """The whole service on PostgreSQL: eight filings of one body, one number, over a restart."""
    with IntakeDesk(state=tmp_path, database=postgres_url) as own:
        application = own.application("rare-name")
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: own.submit(application), range(8)))
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
        number = answers[0].json()["application_no"]
        assert own.page("POST", f"/clerk/items/{number}01/receive").status_code == 200
        own.stop()
        own.start()
        assert own.submit(application).json()["application_no"] == number
        assert "孟䶮㛃" in own.page("GET", f"/clerk/applications/{number}").text
