"""The world that scripts are played in: the real catalogue and the synthetic population."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from intake.population import generate
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_files import load
from kiosk.domain.identity import Evidence, Person, SignedEvidence, id_hash
from kiosk.domain.known import Known
from kiosk.journey.context import Context, Site
from kiosk.journey.rehearsal import Someone, World

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests" / "journeys").glob("*.yaml"))
TODAY = date(2026, 11, 22)
PUBLIC = "http://127.0.0.1:8080"
SITE = Site(
    service="新乡市政务服务",
    place="政务服务大厅 20号自助机",
    help_phone="12345",
    public_url=PUBLIC,
)

_catalogues: dict[str, Catalogue] = {}


def catalogue(code: str = "410700") -> Catalogue:
    """Return the catalogue of a jurisdiction, read once."""
    if code not in _catalogues:
        _catalogues[code] = load(ROOT / "config", code)
    return _catalogues[code]


def context() -> Context:
    """Return what a fresh session knows."""
    return Context(site=SITE, catalogue=catalogue(), today=TODAY)


def people() -> dict[str, Someone]:
    """Return the population as a script sees it."""
    return {one["ref"]: _someone(one) for one in generate(7, 4)["people"]}


def world() -> World:
    """Return a world in which everything works."""
    return World(people=people())


def _someone(record: dict[str, Any]) -> Someone:
    person = Person.from_card(record["card"])
    evidence = Evidence(
        visit="v",
        terminal="410700-0020",
        id_hash=id_hash("v", person.id_no),
        time="2026-11-22T09:00:00+08:00",
        method="id_card",
        nonce="0",
    )
    values, sources = {}, {"account": "none", "share:医保": "none"}
    if record["mobile"]:
        values["person.mobile"] = Known(value=record["mobile"], source="account")
        sources["account"] = "ok"
    if record["insurance"]:
        own = record["insurance"]
        for part in ("region", "status"):
            values[f"insurance.{part}"] = Known(value=own[part], source="share:医保")
        sources["share:医保"] = "ok"
    signed = SignedEvidence(evidence=evidence, signature="AA==")
    return Someone(person=person, evidence=signed, values=values, sources=sources)
