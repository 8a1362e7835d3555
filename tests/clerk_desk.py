"""A running intake with newborn applications, seen by the clerk: fixtures to import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.office.promises import Promises
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application
from intake.records.store import Store
from tests.intake_desk import CONFIG, IntakeDesk
from tests.newborn_filing import filing, keep, taken_in


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("clerk")) as running:
        yield running


@pytest.fixture(scope="module")
def store(desk: IntakeDesk) -> Iterator[Store]:
    """The store of that intake, as another process has it open."""
    rules = Promises(Catalogues([CONFIG]))
    opened = Store(f"sqlite:///{desk.state}/intake.db", rules=rules)
    yield opened
    opened.close()


def filed(store: Store, *codes: str, **changes: Any) -> tuple[Application, str]:
    """File a newborn application; return it with its slip."""
    made, files = filing(codes, **changes)
    keep(store, files)
    application = taken_in(store, made, datetime.now(UTC))
    return application, f"{made.local_no}.{made.slip_token}"


def promising(store: Store, *codes: str, kind: str = "", due: str = "") -> tuple[Application, str]:
    """File a newborn application whose discharge record is promised: within 5 working days."""
    made, _ = filing(codes)
    materials = [one | {"attachments": []} for one in made.details["materials"]]
    promise = {
        "material": "discharge_record",
        "days": 5,
        "text_version": "commitment/1/x",
        "time": datetime.now(UTC).isoformat(),
    }
    if kind:
        promise |= {"kind": kind, "due": due}
    details = made.details | {"materials": materials, "commitments": [promise]}
    return filed(store, *codes, details=details)


def detail(desk: IntakeDesk, application: Application) -> str:
    """Return the clerk's page of an application."""
    return desk.page("GET", f"/clerk/applications/{application.application_no}").text
