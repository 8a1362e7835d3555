"""From what a visit knows to what a page shows: pages before the form, and overlays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.domain import sources
from kiosk.domain.dictionary import Disposition
from kiosk.domain.form import FormField
from kiosk.journey import answering, offers
from kiosk.journey import view as v
from kiosk.journey.choose_moves import may_reuse
from kiosk.journey.context import Context
from kiosk.journey.facts import Trouble
from kiosk.journey.form_moves import may_fill_alone, may_retry_fetch
from kiosk.journey.frame import (
    action,
    base,
    may,
    trouble_notice,
)
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import State
from kiosk.journey.view import plain, text

_ASKED = Intent(kind=K.RETRY)
"""An intent to hold a guard against; guards of this room look at the context alone."""


def attract(ctx: Context) -> v.AttractView:
    """Nobody is here."""
    if not may(ctx, State.ATTRACT, K.BEGIN):
        why = "opened" if ctx.terminal.opened else "power"
        lead = text(f"attract.lead_{why}", phone=ctx.phone)
        told = base(ctx, State.ATTRACT, title=text(f"attract.title_{why}"), lead=lead)
        return v.AttractView(**told, things=(), begin=None)
    things = offers.shown(ctx)
    site = ctx.site
    title = plain(site.greeting) if site.greeting else None
    open_first = sorted(
        things, key=lambda own: (not own.open, own.code not in site.first, own.audience != "个人")
    )
    return v.AttractView(
        **base(ctx, State.ATTRACT, title=title, lead=answering.greeted(ctx)),
        things=tuple(thing.name for thing in open_first),
        begin=action(K.BEGIN, "attract.begin", icon="pointer"),
    )


def trouble(ctx: Context) -> v.TroubleView:
    """What was kept of the visit that broke."""
    local_no = ctx.broke.local_no if ctx.broke else None
    kept = "trouble.kept" if ctx.broke is None or ctx.broke.certain else "trouble.perhaps_kept"
    lead = text(kept, local_no=local_no) if local_no else text("trouble.nothing_kept")
    sure = local_no is not None and (ctx.broke is None or ctx.broke.certain)
    title = text("trouble.title_kept") if sure else None
    go = action(K.CONTINUE, "trouble.continue_kept" if sure else "trouble.continue")
    return v.TroubleView(
        **base(ctx, State.TROUBLE, title=title, lead=lead, go=go),
        local_no=local_no,
        seconds=ctx.seconds,
    )


# ---- signing in


def card(ctx: Context) -> v.CardView:
    """Put the card."""
    return _card(ctx, State.CARD)


def sign_card(ctx: Context) -> v.CardView:
    """Put the card once more, in place of a signature."""
    return _card(ctx, State.SIGN_CARD)


def progress_card(ctx: Context) -> v.CardView:
    """Put the card to see one's own applications."""
    return _card(ctx, State.PROGRESS_CARD)


def _card(ctx: Context, page: State) -> v.CardView:
    wrong = ctx.trouble
    stopped = wrong is not None and ctx.awaited == 0
    lift = wrong is not None and wrong.reason == "left"
    phase: v.CardPhase = (
        "reading" if ctx.busy else "stopped" if stopped else "lift" if lift else "put"
    )
    again = (action(K.RETRY, "card.retry"),) if stopped else ()
    notices = (_card_trouble(wrong, again),) if wrong else ()
    return v.CardView(
        **base(
            ctx,
            page,
            title=text(f"card.title.{phase}"),
            lead=_card_lead(page, phase),
            notices=notices,
        ),
        phase=phase,
        armed=ctx.armed == ctx.awaited != 0,
    )


def _card_lead(page: State, phase: v.CardPhase) -> v.Text:
    """Tell what the card is wanted for, where it is not the sign-in."""
    apart = page is not State.CARD and phase == "put"
    return text(f"card.lead.{page.value}" if apart else f"card.lead.{phase}")


def _card_trouble(wrong: Trouble, again: tuple[v.Action, ...]) -> v.Notice:
    day = f"{wrong.at.year}年{wrong.at.month}月{wrong.at.day}日" if wrong.at else ""
    return trouble_notice(f"card.trouble.{wrong.reason}", again, day=day)


def consent(ctx: Context) -> v.ConsentView:
    """What will be fetched, and from whom."""
    name = ctx.card.person.name if ctx.card else ""
    return v.ConsentView(
        **base(ctx, State.CONSENT, lead=text("consent.lead", name=name)),
        person=name,
        fetches=_fetches(ctx),
        terms=_terms(ctx, "data_fetch"),
        reuse=_reuse(ctx),
        reuse_terms=_terms(ctx, "reuse"),
        agree=action(K.AGREE, "consent.agree", icon="check"),
        decline=action(K.DECLINE, "consent.decline"),
    )


def _reuse(ctx: Context) -> v.Action | None:
    if not may_reuse(ctx, _ASKED):
        return None
    return replace(action(K.REUSE, "consent.reuse"), chosen=ctx.reuse)


def _terms(ctx: Context, purpose: str) -> tuple[v.Text, ...]:
    told = ctx.catalogue.consents.get(purpose)
    return tuple(plain(words) for words in told.text) if told else ()


def _fetches(ctx: Context) -> tuple[v.Line, ...]:
    """Every fact that is fetched, under the register that is asked first."""
    specs = {spec.key: spec for item in offers.chosen_items(ctx) for spec in item.fields}
    role = offers.role(ctx)
    by_register: dict[str, list[str]] = {}
    for spec in specs.values():
        for register in sources.registers(spec, role)[:1]:
            by_register.setdefault(register, []).append(spec.label)
    facts = (
        v.Line(name=plain("、".join(labels)), aside=source_words(register))
        for register, labels in by_register.items()
    )
    checks = (
        v.Line(name=plain(own.check.asks), aside=source_words(f"share:{own.check.authority}"))
        for own in offers.chosen_items(ctx)
        if own.check
    )
    return (*facts, *checks, *_papers(ctx))


def _papers(ctx: Context) -> Iterator[v.Line]:
    """Yield what is looked up in place of papers: nothing is asked that is not told here."""
    exempt = offers.checklist(ctx).exempt
    for way in (Disposition.SHARE, Disposition.E_LICENCE):
        names = "、".join(own.material.name for own in exempt if own.disposition is way)
        if names:
            yield v.Line(name=text("consent.papers", names=names), aside=text(f"consent.by_{way}"))


def source_words(source: str) -> v.Text:
    """Return the words for a source of the catalogue (``id_card``, ``share:医保``)."""
    kind, _, authority = source.partition(":")
    return text(f"source.{kind}", authority=authority) if authority else text(f"source.{kind}")


def why_asked(ctx: Context, field: FormField) -> v.Text | None:
    """Tell why the citizen is asked what others might know."""
    asked = sources.registers(field.spec, offers.role(ctx))
    if not asked or not (field.act and field.key in ctx.asked):
        return None
    if field.key in ctx.mistaken:
        return text("question.why.mistaken")
    if not ctx.agreed:
        return text("question.why.denied")
    states = ctx.prefill.sources if ctx.prefill else {}
    state = next((states[s] for s in asked if s in states), "unreachable")
    parent = sources.PARENTS.get(field.role)
    if state == "denied" and parent and asked == (sources.authorised_by(field.role),):
        return text("question.why.unauthorised", parent=parent)
    return text(f"question.why.{'none' if state == 'ok' else state}")


def declined(ctx: Context) -> v.DeclinedView:
    """Not agreed: what that means."""
    return v.DeclinedView(
        **base(ctx, State.DECLINED, lead=text("declined.lead")),
        choices=(
            *((action(K.CONTINUE, "declined.continue"),) if may_fill_alone(ctx, _ASKED) else ()),
            action(K.RECONSIDER, "declined.reconsider"),
            action(K.FINISH, "declined.finish"),
        ),
    )


def fetching(ctx: Context) -> v.WaitView:
    """The intake is asked."""
    wrong = ctx.trouble
    again = [action(K.RETRY, "fetching.retry")] if may_retry_fetch(ctx, _ASKED) else []
    if wrong and may_fill_alone(ctx, _ASKED):
        again.append(action(K.CONTINUE, "fetching.continue"))
    notices = (trouble_notice(f"fetching.trouble.{wrong.reason}", tuple(again)),) if wrong else ()
    title = text("fetching.title_trouble" if wrong else "fetching.title")
    lead = None if wrong else text("fetching.slow" if ctx.slow else "fetching.lead")
    return v.WaitView(
        **base(ctx, State.FETCHING, title=title, lead=lead, notices=notices),
        slow=ctx.slow,
        done=(),
        cancel=action(K.CANCEL, "fetching.cancel"),
    )


# ---- overlays


def warning(ctx: Context) -> v.WarningView:
    """Are you still there?  Or, after 首页: may it all go?"""
    title = text("warning.home" if ctx.leaving else "warning.title")
    lead = text(_warned_of(ctx), seconds=ctx.seconds)
    return v.WarningView(
        **base(ctx, State.WARNING, title=title, lead=lead),
        seconds=ctx.seconds,
        of=ctx.site.warning_seconds,
        go_on=action(K.CONTINUE, "warning.continue"),
        leave=action(K.FINISH, "warning.finish_stored" if ctx.stored else "warning.finish"),
    )


def _warned_of(ctx: Context) -> str:
    """Return the key of what becomes of the form; of one that was handed over nobody knows."""
    if ctx.unanswered:
        return "warning.lead_unsure"
    if ctx.stored:
        return "warning.lead_stored"
    return "warning.lead_home" if ctx.leaving else "warning.lead"


def help_(ctx: Context) -> v.HelpView:
    """Whom to ask, and what to say."""
    there = (plain(ctx.site.attended),) if ctx.site.attended else ()
    return v.HelpView(
        **base(ctx, State.HELP),
        phone=ctx.phone,
        hours="" if ctx.helped.contact else ctx.site.help_hours,
        answers=answering.told(ctx),
        say=(
            text("help.say_place", place=ctx.site.place),
            text("help.say_thing", thing=ctx.thing.name)
            if ctx.thing
            else text("help.say_nothing_open"),
        ),
        cannot=(*there, text("help.cannot_window"), text("help.cannot_hotline")),
        close=action(K.CLOSE, "help.close"),
    )


def ended(ctx: Context) -> v.EndedView:
    """Nothing."""
    return v.EndedView(**base(ctx, State.ENDED))
