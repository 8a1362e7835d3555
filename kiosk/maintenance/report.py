"""The readiness report on paper: for the roll of the receipt printer, and as an A4 page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.guide import a4
from kiosk.maintenance.context import Context
from kiosk.maintenance.facts import Examined, Found
from kiosk.maintenance.hall_time import hall_time
from kiosk.translation import Translator

if TYPE_CHECKING:
    from fpdf import FPDF

Line = dict[str, str | bool]
_BAD: Final = ("broken", "attention", "unknown")
"""Verdicts that are told one by one, worst first."""
_SIGNS: Final = {"ok": "正常", "attention": "留意", "broken": "故障", "unknown": "没查到"}
_TITLE, _BODY, _SMALL = 24.0, 13.0, 12.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What the report tells; ``by`` is a work number."""

    terminal: str
    place: str
    by: str
    software: str
    examined: Examined


def of(ctx: Context, examined: Examined) -> Report:
    """Return what was found at a terminal, by whom."""
    return Report(
        terminal=ctx.place.terminal,
        place=ctx.place.place,
        by=ctx.person.work_no if ctx.person is not None else "",
        software=ctx.looked.version,
        examined=examined,
    )


def slip(report: Report, words: Translator) -> dict[str, object]:
    """Return the report as a slip: what is not well one by one, the rest as a number."""
    bad = _bad(report)
    pairs: list[Line] = [{"label": one, "value": other} for one, other in _head(report, words)]
    lines: list[Line] = [
        *pairs,
        {"rule": True},
        {"big": _result(report, words)},
    ]
    for one in bad:
        lines.append({"text": f"{_SIGNS[one.verdict]} {_name(one, words)}：{one.told}"})
        if one.fix:
            lines.append({"text": f"→ {one.fix}"})
    well = len(report.examined.findings) - len(bad)
    lines.append({"text": words.text("upkeep.report.more", n=well)})
    return {"title": words.text("upkeep.report.heading"), "lines": list(lines)}


def pdf(report: Report, words: Translator) -> bytes:
    """Return the report as an A4 page.

    Raises:
        kiosk.guide.a4.FontsNotBuilt: there are no fonts on this machine.
        kiosk.guide.a4.CharactersMissing: the faces lack a character.
    """
    heading = words.text("upkeep.report.heading")
    head = tuple(f"{label}：{value}" for label, value in _head(report, words))
    body = [(own, _told(own, words)) for own in report.examined.findings]
    result = _result(report, words)
    sheet = a4.blank((heading, result, *head, *(line for _, said in body for line in said)))
    sheet.add_page()
    a4.lines(sheet, (heading,), size=_TITLE, style="B")
    a4.lines(sheet, head, size=_BODY)
    a4.space(sheet, 4)
    a4.lines(sheet, (result,), size=_TITLE, style="B")
    a4.rule(sheet)
    for verdict in (*_BAD, "ok"):
        for own, said in body:
            if own.verdict == verdict:
                _finding(sheet, said)
    a4.whole(sheet)
    return bytes(sheet.output())


def _finding(sheet: FPDF, said: tuple[str, ...]) -> None:
    a4.space(sheet, 2)
    a4.lines(sheet, said[:1], size=_BODY)
    a4.lines(sheet, said[1:], size=_SMALL, inset=8)


def _told(own: Found, words: Translator) -> tuple[str, ...]:
    first = f"【{_SIGNS[own.verdict]}】{_name(own, words)}：{own.told}"
    return (first, f"→ {own.fix}") if own.fix else (first,)


def _name(own: Found, words: Translator) -> str:
    return words.text(f"doctor.{own.check}.name")


def _bad(report: Report) -> list[Found]:
    findings = report.examined.findings
    return [own for verdict in _BAD for own in findings if own.verdict == verdict]


def _result(report: Report, words: Translator) -> str:
    bad = sum(own.verdict in {"broken", "attention"} for own in report.examined.findings)
    return words.text("upkeep.report.ill", n=bad) if bad else words.text("upkeep.report.well")


def _head(report: Report, words: Translator) -> tuple[tuple[str, str], ...]:
    day, clock = hall_time(report.examined.at)
    return (
        (words.text("upkeep.report.terminal"), report.terminal),
        (words.text("upkeep.report.place"), report.place),
        (words.text("upkeep.report.when"), f"{day} {clock}"),
        (words.text("upkeep.report.by"), report.by),
        (words.text("upkeep.report.software"), report.software),
    )
