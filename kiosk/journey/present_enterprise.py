"""From what a visit knows to what a page shows: an enterprise signs in."""

from __future__ import annotations

from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.frame import action, base, may, trouble_notice
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import State
from kiosk.journey.view import plain, text


def enterprise(ctx: Context) -> v.EnterpriseView:
    """Show the code; then who it is."""
    phase = _phase(ctx)
    wrong = ctx.trouble
    again = (action(K.RETRY, "enterprise.retry"),) if phase == "stopped" else ()
    notices = (trouble_notice(f"enterprise.trouble.{wrong.reason}", again),) if wrong else ()
    go = action(K.NEXT, "enterprise.next") if may(ctx, State.ENTERPRISE, K.NEXT) else None
    slow = "slow" if ctx.slow and phase == "asking" else phase
    return v.EnterpriseView(
        **base(
            ctx,
            State.ENTERPRISE,
            title=text(f"enterprise.title.{phase}"),
            lead=text(f"enterprise.lead.{slow}"),
            notices=notices,
            go=go,
        ),
        phase=phase,
        facts=_facts(ctx),
        other=action(K.AGAIN, "enterprise.other") if phase == "known" else None,
    )


def _phase(ctx: Context) -> v.EnterprisePhase:
    if ctx.enterprise is not None:
        return "known"
    if ctx.busy:
        return "asking"
    return "stopped" if ctx.awaited == 0 else "show"


def _facts(ctx: Context) -> tuple[v.Line, ...]:
    own = ctx.enterprise
    if own is None:
        return ()
    return (
        v.Line(name=text("enterprise.name"), aside=plain(own.name)),
        v.Line(name=text("enterprise.uscc"), aside=plain(own.uscc)),
        v.Line(name=text("enterprise.you"), aside=text(f"enterprise.role.{own.role}")),
    )
