"""From what a visit knows to the guide: 一次告知, from the same record as paper and telephone."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.domain import effect, materials
from kiosk.domain import guide as told
from kiosk.domain.catalogue import Thing
from kiosk.journey import offers
from kiosk.journey import view as v
from kiosk.journey.choose_moves import may_print_guide, may_print_sheet
from kiosk.journey.context import Context
from kiosk.journey.frame import action, base, closed_words, figure_cards, stages
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import State
from kiosk.journey.view import plain, text

_GUIDE_PAPER: dict[str, v.NoticeKind] = {
    "printing": "info",
    "printed": "done",
    "failed": "trouble",
    "unknown": "info",
}

_ASKED = Intent(kind=K.RETRY)
"""An intent to hold a guard against; the guards of printing look at the context alone."""
CARD = "id-card"
"""Sample picture of what is always brought."""


def guide(ctx: Context) -> v.GuideView:
    """一次告知: who, where, how, what to bring; the complete guide's seven parts follow."""
    thing = _thing(ctx)
    record = told.record(ctx.catalogue, thing.code)
    figures = effect.figures(thing, thing.told_items)
    why = offers.why_not_here(ctx, thing)
    go = None if why else action(K.START, "guide.start")
    checklist = materials.merge(thing.told_items)
    title = text("guide.title", thing=thing.name)
    lead = text("guide.checking") if why == "checking" else None
    return v.GuideView(
        **base(ctx, State.GUIDE, title=title, lead=lead, go=go, notices=_notices(ctx, why)),
        figures=figure_cards(figures),
        heads=_heads(record),
        promise=(*_visits(record, figures), _head(record, "days")),
        items=tuple(_item_line(thing, code) for code in range(len(thing.items))),
        fill=_fill(ctx),
        bring=(
            v.Line(name=text("guide.bring_card"), aside=text("guide.bring_card_why"), paper=CARD),
            *(_material(entry) for entry in checklist.to_bring),
        ),
        spared=tuple(_material(entry) for entry in checklist.exempt),
        stages=stages(ctx),
        rules=tuple(_rules(thing, record)),
        qr=_address(ctx),
        sheet=action(K.PRINT_SHEET, "guide.sheet", icon="file-text")
        if may_print_sheet(ctx, _ASKED)
        else None,
        print=action(K.PRINT_GUIDE, "guide.print", icon="printer")
        if may_print_guide(ctx, _ASKED)
        else None,
    )


def _heads(record: told.GuideRecord) -> tuple[v.Line, ...]:
    """谁能办 · 在哪办 · 怎么办; 带什么 has its pictures and stands after them."""
    return tuple(_head(record, key) for key in ("who", "where", "how"))


def _head(record: told.GuideRecord, key: str) -> v.Line:
    own = next(part for part in record.heads if part.key == key)
    return v.Line(name=text(f"guide.head.{key}"), aside=plain("；".join(own.lines)))


def _visits(record: told.GuideRecord, figures: effect.Figures) -> Iterator[v.Line]:
    """跑动次数, as every guide tells it, and how often it is when each is filed by itself."""
    yield _head(record, "visits")
    if record.open:
        before = text("guide.visits_apart_n", n=figures.visits_before)
        yield v.Line(name=text("guide.visits_apart"), aside=before)


def _address(ctx: Context) -> str:
    site, place = ctx.site.public_url, ctx.catalogue.jurisdiction.code
    return f"{site}/g/{place}/{_thing(ctx).code}" if site else ""


def _notices(ctx: Context, why: str) -> tuple[v.Notice, ...]:
    notices = []
    if why and why != "checking":
        again = (action(K.RETRY, "guide.retry"),) if why not in {"planned", "withheld"} else ()
        notices.append(
            v.Notice(
                kind="trouble",
                text=text(f"limit.{why}"),
                hint=text(f"limit.{why}_hint"),
                actions=again,
            )
        )
    if ctx.guide_print in {"printing", "printed", "failed", "unknown"}:
        kind = _GUIDE_PAPER[ctx.guide_print]
        notices.append(v.Notice(kind=kind, text=text(f"guide.paper.{ctx.guide_print}")))
    elif offers.slip_on_screen_only(ctx):
        notices.append(
            v.Notice(kind="info", text=text("limit.no_paper"), hint=text("limit.no_paper_hint"))
        )
    return tuple(notices)


def _item_line(thing: Thing, index: int) -> v.Line:
    item = thing.items[index]
    aside = plain(item.department) if item.open else closed_words(item)
    return v.Line(name=plain(item.name), aside=aside)


def _fill(ctx: Context) -> tuple[v.Line, ...]:
    items = offers.chosen_items(ctx) or _thing(ctx).told_items
    specs = {spec.key: spec for item in items for spec in item.fields}
    return tuple(
        v.Line(name=plain(spec.label), aside=plain(spec.help) if spec.help else None)
        for spec in specs.values()
        if spec.only_user
    )


def _material(entry: materials.ChecklistEntry) -> v.Line:
    own = entry.material
    aside = plain(own.reason) if own.reason else text(f"material.{entry.disposition.value}")
    return v.Line(name=plain(own.name), aside=aside, paper=own.picture)


# ---- the seven parts


def _rules(thing: Thing, record: told.GuideRecord) -> Iterator[v.Line]:
    """The seven parts, one after another; what holds for every item is told once."""
    for key in told.PARTS:
        yield from _part(record, key)
        if key == "process":
            yield from _flow(thing)
    notes = tuple(dict.fromkeys(n for item in record.items for n in item.notes))
    if notes:
        yield v.Line(name=text("guide.rule.notes"), aside=plain("；".join(notes)))
    if record.note:
        yield v.Line(name=text("guide.rule.basis_note"), aside=plain(record.note))


def _part(record: told.GuideRecord, key: str) -> Iterator[v.Line]:
    own = [
        (item.name, "；".join(part.lines))
        for item in record.items
        for part in item.parts
        if part.key == key
    ]
    head = text(f"guide.rule.{key}")
    if len({words for _, words in own}) == 1:
        yield v.Line(name=head, aside=plain(own[0][1]))
    elif own:
        yield v.Line(name=head)
        yield from (v.Line(name=plain(name), aside=plain(words)) for name, words in own)


def _flow(thing: Thing) -> Iterator[v.Line]:
    """The flow, step by step; what stands in one step runs side by side."""
    steps = told.steps(thing.told_items) if thing.open else ()
    for number, own in enumerate(steps, 1):
        names = "、".join(item.name for item in own)
        key = "guide.flow_together" if len(own) > 1 else "guide.flow_step"
        yield v.Line(name=text("guide.flow", n=number), aside=text(key, names=names))


def _thing(ctx: Context) -> Thing:
    if ctx.thing is None:
        raise AssertionError("a page of a thing without a thing")
    return ctx.thing
