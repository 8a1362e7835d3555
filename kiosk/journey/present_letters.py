"""From what a visit knows to what a page shows: the letter about a missing paper, and the list."""

from __future__ import annotations

from kiosk.domain.commitment_letter import Letter
from kiosk.domain.commitments import CommitmentEntry
from kiosk.domain.dictionary import Basis
from kiosk.journey import material_moves as moves
from kiosk.journey import offers
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.frame import action, base, may
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import State
from kiosk.journey.view import plain, text


def commit(ctx: Context) -> v.CommitView:
    """The letter (seed 002, annex 3): conditions and duties, then what happens otherwise."""
    own = moves.paper(ctx)
    told = _letter(ctx, own.key)
    kind = told.kind.name.lower()
    agree = action(K.AGREE, f"commit.agree.{'follows' if told.follows else 'other'}", icon="check")
    consent = ctx.catalogue.consents["commitment"]
    return v.CommitView(
        **base(
            ctx,
            State.COMMIT,
            title=text(f"commit.title.{kind}", name=own.name, example=int(told.example)),
            lead=text("commit.items", items="、".join(item.name for item in told.items)),
            go=agree,
        ),
        material=plain(own.name),
        due=until(ctx, told),
        terms=tuple(map(plain, (told.words.conditions, told.words.duties, *consent.text))),
        consequences=(plain(told.words.consequence),),
        agree=agree,
        follows=told.follows,
        later_check=plain(told.words.later_check),
        read_list=read_list(ctx, State.COMMIT),
    )


def _letter(ctx: Context, key: str) -> Letter:
    told = offers.letter_of(ctx, key)
    if told is None:
        raise AssertionError("a letter about a paper that may not be missing")
    return told


def until(ctx: Context, told: Letter) -> v.Text:
    """Return the last day for a paper that follows, or what becomes of one that does not."""
    kind = told.kind.name.lower()
    example = int(told.example)
    if not told.follows:
        return text(f"commit.due.{kind}", example=example)
    return text(
        f"commit.due.{kind}",
        due=offers.due(ctx, told),
        days=told.days,
        estimate=int(offers.is_estimate(ctx, told)),
        example=example,
    )


def read_list(ctx: Context, page: State) -> v.Action | None:
    """Return the way to the published list."""
    if not may(ctx, page, K.READ_LIST):
        return None
    return action(K.READ_LIST, "listed.open", icon="list")


def rows(ctx: Context) -> tuple[v.ReviewRow, ...]:
    """Return the letters as they are reviewed: they are signed with the form."""
    names = {own.key: own.name for own in offers.to_bring(ctx)}
    return tuple(
        v.ReviewRow(
            label=plain(names[key]),
            value=until(ctx, told),
            source=text("review.promised"),
            by_citizen=True,
            change=None,
            says=plain(told.words.consequence),
        )
        for key in ctx.commitments
        if key in names and (told := offers.letter_of(ctx, key)) is not None
    )


def listed(ctx: Context) -> v.ListedView:
    """The published list: what concerns the open thing first."""
    own = ctx.catalogue.commitments
    if own is None:
        raise AssertionError("a page about a list that is not there")
    codes = {item.code for item in ctx.thing.items} if ctx.thing else set()
    here = [entry for entry in own.entries if codes.intersection(entry.items)]
    return v.ListedView(
        **base(
            ctx,
            State.LISTED,
            title=text("listed.title_example") if own.example else None,
            lead=text("listed.lead", n=len(own.entries), example=int(own.example)),
        ),
        published=plain(own.title),
        excluded=text("listed.excluded", areas="、".join(own.excluded)),
        here=_rows(ctx, here),
        others=_rows(ctx, [entry for entry in own.entries if entry not in here]),
    )


def _rows(ctx: Context, entries: list[CommitmentEntry]) -> tuple[v.ListedRow, ...]:
    return tuple(
        v.ListedRow(name=plain(entry.name), told=_told(entry), serves=_items(ctx, entry.items))
        for entry in entries
    )


def _told(entry: CommitmentEntry) -> v.Text:
    key = f"listed.kind.{entry.kind.name.lower()}"
    example = int(entry.basis is Basis.TYPICAL)
    return text(key, days=entry.days, example=example)


def _items(ctx: Context, codes: tuple[str, ...]) -> v.Text:
    """Return the names of the items as this place has them; those it does not have are no one's."""
    things = (*ctx.catalogue.things, *ctx.catalogue.typical)
    names = {item.code: item.name for thing in things for item in thing.items}
    known = [names[code] for code in codes if code in names]
    return plain("、".join(known)) if known else text("listed.elsewhere")
