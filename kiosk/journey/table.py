"""The table: on which page which kind of intent does what.

Everything a visit can do is here and nowhere else; ``docs/journey.md`` is drawn from it.
The rows stand in the order of a visit.  Rows that hold on many pages are at the end.
"""

from __future__ import annotations

from kiosk.domain.catalogue import Thing
from kiosk.journey import effects as e
from kiosk.journey import form_moves as f
from kiosk.journey import moves as m
from kiosk.journey.context import Context
from kiosk.journey.effects import Effect
from kiosk.journey.facts import Card
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import OVERLAYS, PERSONAL, QUESTIONS, State
from kiosk.journey.transition import UNDER, Effects, Fork, IllegalIntent, Transition

S = State

# ---- effects


def _begin(_ctx: Context) -> tuple[Effect, ...]:
    return (e.BeginVisit(), e.CheckDevices(), e.CheckIntake())


def _check(_ctx: Context) -> tuple[Effect, ...]:
    return (e.CheckDevices(), e.CheckIntake())


def _stop(_ctx: Context) -> tuple[Effect, ...]:
    return (e.Stop(),)


def _stop_and_check(ctx: Context) -> tuple[Effect, ...]:
    return (*_stop(ctx), *_check(ctx))


def _read_card(ctx: Context) -> tuple[Effect, ...]:
    return (e.ReadIdCard(ticket=ctx.awaited),) if ctx.awaited else ()


def _fetch(ctx: Context) -> tuple[Effect, ...]:
    thing, card = _opened(ctx)
    return (e.FetchPrefill(ticket=ctx.awaited, thing=thing, card=card),)


def _submit(ctx: Context) -> tuple[Effect, ...]:
    thing, card = _opened(ctx)
    if ctx.form is None:
        raise IllegalIntent("there is no form")
    return (e.Submit(ticket=ctx.awaited, thing=thing, card=card, form=ctx.form, agreed=ctx.agreed),)


def _print(ctx: Context) -> tuple[Effect, ...]:
    if ctx.printing != "printing" or ctx.stored is None or ctx.answer is None:
        return ()
    thing, card = _opened(ctx)
    return (
        e.PrintReceipt(
            ticket=ctx.awaited,
            thing=thing,
            card=card,
            stored=ctx.stored,
            answer=ctx.answer,
            copy=ctx.copies,
        ),
    )


def _scan(ctx: Context) -> tuple[Effect, ...]:
    if ctx.slip:
        return (e.FetchProgress(ticket=ctx.awaited, token=ctx.slip),)
    return (e.ScanCode(ticket=ctx.awaited),) if ctx.awaited else ()


def _end_if(page: Fork) -> Effects:
    def effects(ctx: Context) -> tuple[Effect, ...]:
        over = page.choose(ctx) is S.ENDED
        return (e.Stop(), e.EndVisit(how=ctx.how)) if over else (e.Stop(),)

    return effects


def _end(ctx: Context) -> tuple[Effect, ...]:
    return (e.Stop(), e.EndVisit(how=ctx.how))


def _opened(ctx: Context) -> tuple[Thing, Card]:
    if ctx.thing is None or ctx.card is None:
        raise IllegalIntent("nobody signed in for a thing")
    return ctx.thing, ctx.card


# ---- pages that depend on what is known

SHOWN = Fork("did the visit before break?", (S.ATTRACT, S.TROUBLE), m.after_shown)
READ = Fork("card in force?", (S.CARD, S.CONSENT), m.after_card)
FETCHED = Fork("what is left to ask?", (*QUESTIONS, S.REVIEW, S.FETCHING), f.after_fetch)
ASKED = Fork("next question", (*QUESTIONS, S.REVIEW), f.question_page)
CHANGED = Fork("which question", QUESTIONS, f.question_page)
BEFORE = Fork("question before", (*QUESTIONS, S.REVIEW, S.CONSENT), f.page_back)
LEFT = Fork("card still there?", (S.FAREWELL, S.ENDED), m.leaving_page)
WARNED = Fork("still counting?", (S.WARNING, S.FAREWELL, S.ENDED), m.after_warning)
TOLD = Fork("still counting? ", (S.TROUBLE, S.ATTRACT), m.after_trouble)
SAID = Fork("still counting?  ", (S.FAREWELL, S.ENDED), m.after_farewell)

Table = dict[tuple[State, K], Transition]

T = Transition

LEAVE = T(LEFT, m.leave, _end_if(LEFT))
TO_HOME = T(S.HOME, m.close_thing, _stop)
ANSWERED = T(ASKED, f.go_on, guard=f.may_go_on)
GO_BACK = T(BEFORE, f.go_back)
BEGIN = T(S.HOME, m.begin, _begin)

_VISIT: Table = {
    # nobody here
    (S.ATTRACT, K.SHOWN): T(SHOWN, m.shown),
    (S.ATTRACT, K.BEGIN): BEGIN,
    (S.TROUBLE, K.CONTINUE): BEGIN,
    (S.TROUBLE, K.TICK): T(TOLD, m.forget_trouble),
    # what is there, what it takes
    (S.HOME, K.OPEN_THING): T(S.GUIDE, m.open_thing, _check, m.may_open),
    (S.HOME, K.OPEN_PROGRESS): T(S.PROGRESS_SCAN, m.ask, _scan, m.may_scan),
    (S.GUIDE, K.START): T(S.CARD, m.ask, _read_card, m.may_start),
    (S.GUIDE, K.RETRY): T(S.GUIDE, m.stop, _check, m.may_check_again),
    (S.GUIDE, K.BACK): TO_HOME,
    (S.GUIDE, K.HOME): TO_HOME,
    # the card
    (S.CARD, K.CARD_WANTED): T(S.CARD, m.card_wanted),
    (S.CARD, K.CARD_LEFT): T(S.CARD, m.card_left),
    (S.CARD, K.CARD_SEEN): T(S.CARD, m.card_seen),
    (S.CARD, K.CARD_READ): T(READ, m.card_read, _read_card),
    (S.CARD, K.CARD_TROUBLE): T(S.CARD, m.card_trouble, _read_card),
    (S.CARD, K.RETRY): T(S.CARD, m.ask, _read_card, m.may_retry_card),
    (S.CARD, K.BACK): T(S.GUIDE, m.stop, _stop_and_check),
    (S.CARD, K.HOME): TO_HOME,
    # the citizen agrees, the intake fetches
    (S.CONSENT, K.AGREE): T(S.FETCHING, f.agree, _fetch),
    (S.CONSENT, K.DECLINE): T(S.DECLINED, f.decline),
    (S.DECLINED, K.CONTINUE): T(FETCHED, f.fill_alone, guard=f.may_fill_alone),
    (S.DECLINED, K.RECONSIDER): T(S.CONSENT),
    (S.DECLINED, K.FINISH): LEAVE,
    (S.FETCHING, K.PREFILLED): T(FETCHED, f.prefilled),
    (S.FETCHING, K.PREFILL_TROUBLE): T(S.FETCHING, m.trouble),
    (S.FETCHING, K.RETRY): T(S.FETCHING, m.ask, _fetch, f.may_retry_fetch),
    (S.FETCHING, K.CONTINUE): T(FETCHED, f.fill_alone, guard=f.may_fill_alone),
    (S.FETCHING, K.CANCEL): T(S.CONSENT, m.stop, _stop),
    # one question a page
    (S.CHOICE, K.CHOOSE): T(S.CHOICE, f.choose),
    (S.CHOICE, K.NEXT): ANSWERED,
    (S.CHOICE, K.BACK): GO_BACK,
    (S.PROVINCE, K.PROVINCE): T(S.PLACE, f.province),
    (S.PROVINCE, K.NEXT): ANSWERED,
    (S.PROVINCE, K.BACK): GO_BACK,
    (S.PLACE, K.PLACE): T(S.PLACE, f.place),
    (S.PLACE, K.NEXT): ANSWERED,
    (S.PLACE, K.BACK): T(S.PROVINCE),
    (S.DATE, K.DATE): T(S.DATE, f.day),
    (S.DATE, K.NEXT): ANSWERED,
    (S.DATE, K.BACK): GO_BACK,
    (S.DIGITS, K.DIGIT): T(S.DIGITS, f.digit),
    (S.DIGITS, K.ERASE): T(S.DIGITS, f.erase, guard=f.has_draft),
    (S.DIGITS, K.NEXT): ANSWERED,
    (S.DIGITS, K.BACK): GO_BACK,
    # the whole form
    (S.REVIEW, K.CHANGE): T(CHANGED, f.change, guard=f.may_change),
    (S.REVIEW, K.BACK): T(BEFORE, f.back_to_last, guard=f.may_leave_review),
    (S.REVIEW, K.SUBMIT): T(S.SUBMITTING, m.ask, _submit, m.may_submit),
    # handed over
    (S.SUBMITTING, K.STORED): T(S.SUBMITTING, m.stored),
    (S.SUBMITTING, K.STORE_TROUBLE): T(S.REVIEW, m.not_stored),
    (S.SUBMITTING, K.ANSWERED): T(S.RECEIPT, m.answered, _print),
    (S.RECEIPT, K.PRINTED): T(S.RECEIPT, m.printed),
    (S.RECEIPT, K.REPRINT): T(S.RECEIPT, m.reprint, _print, m.may_reprint),
    (S.RECEIPT, K.FINISH): T(S.FAREWELL, m.leave, _stop),
    (S.RECEIPT, K.HOME): T(S.FAREWELL, m.leave, _stop),
    # gone
    (S.FAREWELL, K.TICK): T(SAID, m.count_down, _end_if(SAID)),
    (S.FAREWELL, K.CARD_LIFTED): T(S.FAREWELL, m.card_lifted_at_last),
    (S.FAREWELL, K.FINISH): T(S.ENDED, effects=_end),
    # where does it stand?
    (S.PROGRESS_SCAN, K.CODE_READ): T(S.PROGRESS_SCAN, m.code_read, _scan),
    (S.PROGRESS_SCAN, K.CODE_TROUBLE): T(S.PROGRESS_SCAN, m.code_trouble, _scan),
    (S.PROGRESS_SCAN, K.PROGRESS): T(S.PROGRESS_SHOW, m.progress),
    (S.PROGRESS_SCAN, K.PROGRESS_TROUBLE): T(S.PROGRESS_SCAN, m.progress_trouble),
    (S.PROGRESS_SCAN, K.RETRY): T(S.PROGRESS_SCAN, m.scan_again, _scan, m.may_scan_again),
    (S.PROGRESS_SCAN, K.BACK): TO_HOME,
    (S.PROGRESS_SCAN, K.HOME): TO_HOME,
    (S.PROGRESS_SHOW, K.FINISH): LEAVE,
    # overlays
    (S.HELP, K.CLOSE): T(UNDER),
    (S.HELP, K.BACK): T(UNDER),
    (S.WARNING, K.CONTINUE): T(UNDER),
    (S.WARNING, K.FINISH): LEAVE,
    (S.WARNING, K.TICK): T(WARNED, m.leave_when_over, _end_if(WARNED)),
}

_WITH_OVERLAYS = frozenset(S) - OVERLAYS - {S.ATTRACT, S.ENDED, S.FAREWELL}
_WAITING = (S.FETCHING, S.SUBMITTING, S.CARD, S.PROGRESS_SCAN, S.RECEIPT)
_ANY_TIME = {
    K.TODAY: m.today,
    K.DEVICES: m.devices,
    K.INTAKE: m.intake,
    K.CARD_PRESENT: m.card_present,
    K.CARD_LIFTED: m.card_lifted,
}


def _everywhere() -> Table:
    """Return the rows that hold on many pages."""
    rows: Table = {}
    for page in sorted(_WITH_OVERLAYS):
        rows[page, K.HELP] = T(S.HELP)
        if page is not S.TROUBLE:
            rows[page, K.IDLE] = T(S.WARNING, m.warn)
    rows[S.HELP, K.IDLE] = T(S.WARNING, m.warn)
    for page in _WAITING:
        rows[page, K.SLOW] = T(page, m.slow)
    for page in sorted(PERSONAL - {S.RECEIPT, S.SUBMITTING}):
        rows[page, K.HOME] = LEAVE
    for page in sorted(frozenset(S) - OVERLAYS - {S.ENDED}):
        rows |= {(page, kind): T(page, update) for kind, update in _ANY_TIME.items()}
    return rows


TABLE: Table = {**_everywhere(), **_VISIT}
"""Every transition of a visit; what is not in here is illegal."""
