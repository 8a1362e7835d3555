"""The slip of a visit, from what the journey knows to what the printer takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.dictionary import Basis
from kiosk.domain.guide import joint_visits, record
from kiosk.domain.guide_slip import GuideSlip, guide_slip
from kiosk.domain.receipt import Line, Outcome, Receipt, Slip, SlipItem, slip
from kiosk.domain.roster_words import Help, on_paper
from kiosk.guide.sheet import document
from kiosk.journey.context import Site
from kiosk.journey.effects import PrintGuide, PrintReceipt
from kiosk.journey.present_end import refusal
from kiosk.journey.view import Text
from kiosk.translation import Translator
from standards.masking import mask_name


def receipt(
    effect: PrintReceipt,
    *,
    catalogue: Catalogue,
    site: Site,
    terminal: str,
    words: Translator,
    now: datetime,
) -> Receipt:
    """Return the paper slip of an outcome, in the words of the domain."""
    local_no, _, token = effect.stored.code.rpartition("/")[2].partition(".")
    told = Slip(
        outcome=effect.answer.outcome,
        service_name=site.service,
        thing=effect.thing.name,
        items=_items(effect),
        name=mask_name(effect.card.person.name),
        local_no=local_no,
        token=token,
        page_url=site.public_url,
        time=effect.answer.at or now,
        terminal=terminal,
        site=site.place,
        help=_help(site, catalogue, words, now),
        check_hours=catalogue.jurisdiction.check_hours,
        accept_days=catalogue.jurisdiction.accept_days,
        catalogue=catalogue.short_version,
        example=catalogue.jurisdiction.promise_basis is Basis.TYPICAL,
    )
    return slip(_answered(told, effect, words), words.text)


def _answered(told: Slip, effect: PrintReceipt, words: Translator) -> Slip:
    """Return the slip with what the intake answered, and what that leaves to be done."""
    refused = told.outcome is Outcome.REFUSED
    return replace(
        told,
        application_no=effect.answer.application_no or "",
        reason=_said(refusal(effect.answer.reason), words) if refused else "",
        what_now=words.text("refusal.now") if refused else "",
        owed=effect.owed,
        visits=joint_visits(effect.thing, effect.items),
        objections=effect.objections,
        enterprise=effect.enterprise,
    )


def _help(site: Site, catalogue: Catalogue, words: Translator, now: datetime) -> tuple[Line, ...]:
    help_ = Help(
        phone=site.help_phone,
        hours=site.help_hours,
        roster=site.roster,
        workdays=catalogue.workdays,
    )
    return on_paper(help_, now, words.text)


def _items(effect: PrintReceipt) -> tuple[SlipItem, ...]:
    numbers = dict(effect.answer.items)
    return tuple(
        SlipItem(name=own.name, department=own.department, number=numbers.get(own.code, ""))
        for own in effect.items
    )


def _said(text: Text, words: Translator) -> str:
    return words.text(text.key, **dict(text.values))


def practice(paper: Receipt, words: Translator) -> Receipt:
    """Return a slip of a training: it says first and last that it stands for nothing."""
    rule: Line = {"rule": True}
    mark: tuple[Line, ...] = (
        {"big": words.text("staff.learn.mark")},
        {"text": words.text("staff.learn.slip")},
    )
    return replace(paper, lines=(*mark, rule, *paper.lines, rule, *mark))


def guide_sheet(
    effect: PrintGuide, catalogue: Catalogue, site: Site, terminal: str, today: date
) -> dict[str, object]:
    """Return the whole guide of a thing as a document for the A4 printer."""
    own = record(catalogue, effect.thing.code)
    return document(
        own, address=_guide_address(effect, catalogue, site), terminal=terminal, today=today
    )


def _guide_address(effect: PrintGuide, catalogue: Catalogue, site: Site) -> str:
    place = catalogue.jurisdiction.code
    return f"{site.public_url}/g/{place}/{effect.thing.code}" if site.public_url else ""


def guide(
    effect: PrintGuide, catalogue: Catalogue, site: Site, words: Translator, now: datetime
) -> Receipt:
    """Return what a thing takes, on paper that is printed now."""
    told = GuideSlip(
        service_name=site.service,
        thing=effect.thing,
        items=effect.items,
        commitments=catalogue.commitments,
        address=_guide_address(effect, catalogue, site),
        help=_help(site, catalogue, words, now),
        catalogue=catalogue.short_version,
    )
    return guide_slip(told, words.text)
