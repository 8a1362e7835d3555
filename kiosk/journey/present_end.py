"""From what a visit knows to what a page shows: submitting, the receipt, farewell, progress."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.application import grouped
from kiosk.domain.receipt import (
    OUTCOME_SEALS,
    OUTCOME_WORDS,
    PRINTED_WORDS,
    Outcome,
    Printed,
    owed_values,
    owed_words,
)
from kiosk.journey import context as c
from kiosk.journey import moves, offers, standing
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.facts import Progress, Standing
from kiosk.journey.frame import action, base, card_notice, may, stages, trouble_notice
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import State
from kiosk.journey.view import plain, text
from standards.masking import mask_credit_code, mask_name

_ASKED = Intent(kind=K.RETRY)
"""An intent to hold a guard against; guards of this room look at the context alone."""


def submitting(ctx: Context) -> v.WaitView:
    """Sealing, storing, waiting for the number."""
    stored = (text("submitting.stored", local_no=ctx.stored.local_no),) if ctx.stored else ()
    lead = text("submitting.slow" if ctx.slow else "submitting.lead")
    return v.WaitView(
        **base(ctx, State.SUBMITTING, lead=lead), slow=ctx.slow, done=stored, cancel=None
    )


def receipt(ctx: Context) -> v.ReceiptView:
    """What became of it, in the words that are true of it."""
    if ctx.answer is None or ctx.stored is None:
        raise AssertionError("a receipt without an outcome")
    outcome, number = ctx.answer.outcome, ctx.answer.application_no
    sent = outcome is Outcome.SUBMITTED
    words = text(
        OUTCOME_WORDS[outcome],
        local_no=ctx.stored.local_no,
        application_no=grouped(number or ""),
    )
    refused = outcome is Outcome.REFUSED
    return v.ReceiptView(
        **base(
            ctx,
            State.RECEIPT,
            title=_receipt_title(ctx, outcome),
            lead=words,
            go=action(K.FINISH, "receipt.finish"),
            notices=(_refusal(ctx.answer.reason),) if refused else (*_owed(ctx), *_said(ctx)),
        ),
        outcome=outcome.value,
        seal=text(OUTCOME_SEALS[outcome]) if sent else None,
        number_label=text("slip.application_no" if sent else "slip.local_no"),
        number=grouped(number) if sent and number else ctx.stored.local_no,
        items=_item_numbers(ctx),
        acted=_acted(ctx),
        qr=None if refused else ctx.stored.code,
        printing=ctx.printing,
        print_notice=_paper(ctx),
        stages=() if refused else stages(ctx),
        card_notice=card_notice(ctx),
    )


def _receipt_title(ctx: Context, outcome: Outcome) -> v.Text:
    """Ask to take a slip only when there is one."""
    told = outcome is not Outcome.REFUSED and ctx.printing in {"printing", "printed"}
    return text(f"receipt.title.{outcome.value}" + (f"_{ctx.printing}" if told else ""))


REASONS = frozenset({"catalogue_changed", "no_evidence", "invalid", "commitment_not_listed"})
"""Refusals that have words of their own, by the intake's problem code in lower case."""


def refusal(reason: str | None) -> v.Text:
    """Return why the intake refused for good, in words for the citizen."""
    code = (reason or "").lower()
    return text(f"refusal.{code if code in REASONS else 'other'}")


def _refusal(reason: str | None) -> v.Notice:
    return v.Notice(kind="trouble", text=refusal(reason), hint=text("refusal.now"))


def _owed(ctx: Context) -> tuple[v.Notice, ...]:
    """Tell what is still to be brought, before it is forgotten with the page."""
    return tuple(
        v.Notice(
            kind="bring" if own.brought else "info",
            text=text(owed_words(own), **owed_values(own)),
        )
        for own in offers.owed(ctx)
    )


def _said(ctx: Context) -> tuple[v.Notice, ...]:
    """Tell that what registers have wrong was handed over with the form."""
    objections = ctx.form.objections if ctx.form else ()
    told = text("slip.objections", n=len(objections))
    return (v.Notice(kind="info", text=told),) if objections else ()


def _acted(ctx: Context) -> v.Line | None:
    """Tell for which enterprise it was filed, by whom, and as what."""
    own = ctx.enterprise
    if own is None or ctx.card is None:
        return None
    told = text(
        f"receipt.acted.{own.role}",
        code=mask_credit_code(own.uscc),
        name=mask_name(ctx.card.person.name),
    )
    return v.Line(name=plain(own.name), aside=told)


def _item_numbers(ctx: Context) -> tuple[v.Line, ...]:
    numbers = dict(ctx.answer.items) if ctx.answer else {}
    return tuple(
        v.Line(
            name=plain(item.name),
            aside=plain(grouped(numbers[item.code]))
            if item.code in numbers
            else plain(item.department),
        )
        for item in offers.chosen_items(ctx)
    )


_PAPER: dict[str, tuple[v.NoticeKind, v.Text]] = {
    "printing": ("info", text("receipt.printing")),
    "printed": ("done", text(PRINTED_WORDS[Printed.YES])),
    "failed": ("trouble", text(PRINTED_WORDS[Printed.NO])),
    "unknown": ("info", text(PRINTED_WORDS[Printed.UNKNOWN])),
    "none": ("info", text("receipt.no_printer")),
}


def _paper(ctx: Context) -> v.Notice:
    """What may be said about paper: the printer's own word, and nothing beyond it."""
    kind, words = _PAPER[ctx.printing]
    again = (
        (action(K.REPRINT, "receipt.reprint", icon="printer"),)
        if moves.may_reprint(ctx, _ASKED)
        else ()
    )
    hint = text("receipt.no_more_copies") if _used_up(ctx) else None
    return v.Notice(kind=kind, text=words, hint=hint, actions=again)


def _used_up(ctx: Context) -> bool:
    return ctx.printing in {"failed", "unknown"} and ctx.copies >= c.MAX_COPIES


def farewell(ctx: Context) -> v.FarewellView:
    """The data is gone; the card may still be there."""
    key = "card" if ctx.card_on else ctx.ending
    go = action(K.FINISH, "farewell.finish")
    return v.FarewellView(
        **base(
            ctx,
            State.FAREWELL,
            title=text(f"farewell.title.{key}"),
            lead=text(f"farewell.lead.{ctx.ending}", phone=ctx.phone),
            go=go,
        ),
        done=ctx.ending == "done",
        card_left=ctx.card_on,
        seconds=ctx.seconds,
    )


# ---- progress by slip


def progress_scan(ctx: Context) -> v.ProgressScanView:
    """Show the code."""
    wrong = ctx.trouble
    stopped = wrong is not None and ctx.awaited == 0
    phase: v.ScanPhase = "asking" if ctx.busy else "stopped" if stopped else "show"
    again = (action(K.RETRY, "progress_scan.retry"),) if stopped else ()
    notices = (trouble_notice(f"progress_scan.trouble.{wrong.reason}", again),) if wrong else ()
    slow = "slow" if ctx.slow and phase == "asking" else phase
    return v.ProgressScanView(
        **base(
            ctx,
            State.PROGRESS_SCAN,
            title=text(f"progress_scan.title.{phase}"),
            lead=text(f"progress_scan.lead.{slow}"),
            notices=notices,
        ),
        phase=phase,
        by_card=_by_card(ctx),
    )


def _by_card(ctx: Context) -> v.Action | None:
    there = may(ctx, State.PROGRESS_SCAN, K.BY_CARD)
    return action(K.BY_CARD, "progress_scan.by_card", icon="id-card") if there else None


def progress_show(ctx: Context) -> v.ProgressShowView:
    """Where it stands, at the intake's word."""
    if ctx.progress is None:
        raise AssertionError("progress without an answer")
    found: Progress = ctx.progress
    lead = text(
        "progress_show.lead",
        application_no=grouped(found.application_no),
        as_of=moment(found.as_of),
    )
    return v.ProgressShowView(
        **base(
            ctx,
            State.PROGRESS_SHOW,
            title=text("progress_show.title", thing=found.thing),
            lead=lead,
            go=action(K.FINISH, "progress_show.finish"),
        ),
        application_no=grouped(found.application_no),
        thing=found.thing,
        as_of=moment(found.as_of),
        items=tuple(_standing(item) for item in found.items),
    )


def moment(told: str) -> str:
    """Return ``11月22日 14:36`` for an RFC 3339 moment; anything else stays itself."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return told
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _standing(item: Standing) -> v.ProgressItem:
    return v.ProgressItem(
        name=item.name,
        number=grouped(item.number),
        state_text=item.state_text,
        at=moment(item.at),
        mark=standing.mark(item),
        done=standing.reached(item),
        supplement=item.supplement,
    )
