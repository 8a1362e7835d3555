"""The four figures of every thing of a jurisdiction: as JSON, as CSV and as a table to read.

The rules of counting stand in :mod:`kiosk.domain.effect`.  What rests on typical content is called
示例 wherever a person reads it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import fields
from io import StringIO
from typing import Final

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.effect import Effect, Left, effect, is_filing, left, total

FIGURES: Final = tuple(own.name for own in fields(Effect) if own.name != "confirmed")
LEAST_GENERATED, LEAST_MATERIALS = 0.5, 0.6
"""Shares below which a thing is marked: those the documents promise."""
TOTAL: Final = "合计"
_TYPICAL: Final = "示例，待主管部门确认"


def report(catalogue: Catalogue) -> dict[str, object]:
    """Return the figures of each thing and the total over those that have a real filing."""
    return {
        "jurisdiction": catalogue.jurisdiction.name,
        "version": catalogue.version,
        "things": [_row(name, own) for name, own, _ in _effects(catalogue)],
        "total": _row(TOTAL, _total(catalogue)),
    }


def as_csv(catalogue: Catalogue) -> str:
    """Return the same as CSV; every row carries the version of the catalogue it was counted in."""
    out = StringIO()
    names = ["jurisdiction", "version", "thing", *FIGURES, "basis"]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    head = {"jurisdiction": catalogue.jurisdiction.name, "version": catalogue.version}
    for name, own, _ in _effects(catalogue):
        writer.writerow(head | _row(name, own))
    writer.writerow(head | _row(TOTAL, _total(catalogue)))
    return out.getvalue()


def table(catalogue: Catalogue) -> Iterator[str]:
    """Yield the lines of the table for a person to read, each share with its denominator."""
    yield f"{catalogue.jurisdiction.name} · 事项库版本 {catalogue.short_version}"
    if not catalogue.things:
        yield "文件没有给出一件事的名单，算不出"
        return
    for thing in catalogue.things:
        own, filing = effect(thing), is_filing(thing)
        yield ""
        yield f"{thing.name}{'' if filing else '（只有核查，不计入合计）'}"
        yield from (f"  {line}" for line in _told(own, filing=filing))
        yield from (f"  {line}" for line in _why(own, left(thing)) if filing)
    yield ""
    yield f"{TOTAL}（有申报事项的一件事）"
    yield from (f"  {line}" for line in _told(_total(catalogue), filing=True))


def _told(own: Effect, *, filing: bool) -> Iterator[str]:
    note = "" if _confirmed(own) else f"（{_TYPICAL}）"
    asked = own.fields - own.produced
    yield (
        f"表单 分开办 {own.boxes_before} 格 → 合并 {own.fields} 项；"
        f"自动生成 {own.generated}/{asked}（{own.share_generated:.0%}），"
        f"办理中产生 {own.produced}，自己填 {own.typed}"
        f"{' ▲低于50%' if filing and _few_generated(own) else ''}{note}"
    )
    spared = own.materials_before - own.asked
    yield (
        f"材料 {own.materials_before} → {own.asked}"
        f"（减 {spared}/{own.materials_before}，{own.share_materials:.0%}）"
        f"{' ▲低于60%' if filing and _few_spared(own) else ''}{note}"
    )
    yield f"时间 {own.days_before} → {own.days_after} 个工作日（减 {own.share_days:.0%}）{note}"
    yield f"环节 {own.steps_before} → {own.steps_after}（减 {own.share_steps:.0%}）{note}"


def _why(own: Effect, rest: Left) -> Iterator[str]:
    """Yield why a share is below what the documents promise: the facts and papers by name."""
    if _few_generated(own):
        yield from _named("只有本人知道的", rest.known)
        yield from _named("只有本人带的材料上有的", rest.read)
    if _few_spared(own):
        yield from _named("只有本人有、还要带的材料", rest.papers)


def _named(what: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield f"▲ {what} {len(names)} 项：{'；'.join(names)}"


def _few_generated(own: Effect) -> bool:
    return own.share_generated < LEAST_GENERATED


def _few_spared(own: Effect) -> bool:
    return own.materials_before > 0 and own.share_materials < LEAST_MATERIALS


def _effects(catalogue: Catalogue) -> list[tuple[str, Effect, bool]]:
    return [(own.name, effect(own), is_filing(own)) for own in catalogue.things]


def _total(catalogue: Catalogue) -> Effect:
    return total(own for _, own, filing in _effects(catalogue) if filing)


def _row(name: str, own: Effect) -> dict[str, object]:
    figures: dict[str, object] = {key: getattr(own, key) for key in FIGURES}
    return {"thing": name, **figures, "basis": "confirmed" if _confirmed(own) else "typical"}


def _confirmed(own: Effect) -> bool:
    """Tell whether an authority's word stands behind the figures; behind none stands nobody's."""
    return own.confirmed and own.steps_before > 0
