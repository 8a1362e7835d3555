"""The world that scripts are played in: the real catalogue and the synthetic population."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from intake.population import generate
from intake.receiving import checks
from intake.registers.holdings import Population
from intake.registers.prefill import Breakage, Registers
from kiosk.catalogue.files import load
from kiosk.domain.catalogue import Catalogue, Item, Status, Thing
from kiosk.domain.identity import Evidence, Person, SignedEvidence, id_hash
from kiosk.journey.context import Context, Site
from kiosk.journey.facts import Checked, Prefill
from kiosk.journey.world import Firm, Someone, World

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests" / "journeys").glob("*.yaml"))
PLANNED = sorted((ROOT / "tests" / "journeys" / "planned").glob("*.yaml"))
"""Scripts of things that no document opens yet: no intake takes what they submit."""
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


def opened(place: Catalogue) -> Catalogue:
    """Return a place as if every item of every thing were open."""
    return replace(place, things=tuple(map(_opened, place.things)))


def _opened(thing: Thing) -> Thing:
    return replace(thing, items=tuple(replace(i, status=Status.OPEN) for i in thing.items))


@lru_cache(maxsize=1)
def people() -> dict[str, Someone]:
    """Return the population as a script sees it; the real registers answer for it."""
    document = generate(7, 4)
    population = Population(document)
    return {one["ref"]: _someone(one, population) for one in document["people"]}


def world() -> World:
    """Return a world in which everything works."""
    return World(people=people(), firms=firms())


@lru_cache(maxsize=1)
def firms() -> dict[str, Firm]:
    """Return the enterprises of the population, with who may act for them."""
    return {one["ref"]: _firm(one) for one in generate(7, 4)["enterprises"]}


def _firm(record: dict[str, Any]) -> Firm:
    allowed = {
        one["id_no"] for one in record["agents"] if (one["valid_to"] or "9999") > "2026-11-22"
    }
    roles: dict[str, Literal["legal_rep", "agent"]] = dict.fromkeys(allowed, "agent")
    return Firm(
        uscc=record["uscc"],
        name=record["name"],
        roles={**roles, record["legal_rep"]: "legal_rep"} if record["status"] == "存续" else {},
    )


def _someone(record: dict[str, Any], population: Population) -> Someone:
    person = Person.from_card(record["card"])
    evidence = Evidence(
        visit="v",
        terminal="410700-0020",
        id_hash=id_hash("v", person.id_no),
        time="2026-11-22T09:00:00+08:00",
        method="id_card",
        nonce="0",
    )

    def ask(
        thing: str, items: tuple[Item, ...], role: str, failing: Mapping[str, str], uscc: str
    ) -> Prefill:
        codes = tuple(item.code for item in items)
        key = (person.id_no, thing, codes, role, uscc, *sorted(failing.items()))
        if key not in _told:
            _told[key] = _ask(
                population, person.id_no, items, failing, role=role, thing=thing, uscc=uscc
            )
        return _told[key]

    signed = SignedEvidence(evidence=evidence, signature="AA==")
    return Someone(person=person, evidence=signed, ask=ask)


_told: dict[tuple[object, ...], Prefill] = {}
"""Answers of the registers: the same question gets the same answer, and nobody changes one."""


def _ask(
    population: Population,
    id_no: str,
    items: tuple[Item, ...],
    failing: Mapping[str, str],
    *,
    role: str,
    thing: str,
    uscc: str,
) -> Prefill:
    own = {spec.key: spec for item in items for spec in item.fields}
    fields = [*own.values(), *checks.asked(items)]
    broken = {name: _SPOILT[how] for name, how in failing.items() if how in _SPOILT}
    registers = Registers(population, broken=broken)
    got = registers.answer(id_no, fields, consented=True, role=role, thing=thing, uscc=uscc)
    registers.close()
    dead = {name: _DEAD[how] for name, how in failing.items() if how in _DEAD}
    values = {key: one for key, one in got.values.items() if key in own and one.source not in dead}
    told = checks.results(items, got, role)
    return Prefill(
        values=values,
        sources={**got.sources, **dead},
        checks={code: Checked(state=one.state, line=one.line) for code, one in told.items()},
    )


_SPOILT: dict[str, Breakage] = {"wrong": "wrong", "partial": "partial"}
_DEAD = {"silent": "timeout", "none": "none"}
