"""The pages on which staff work, as views: paper, outbox, system, out, report, help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from kiosk.journey.view_parts import Action, Notice, Text, plain, text
from kiosk.maintenance.context import Context
from kiosk.maintenance.facts import Found, Slip, Waits
from kiosk.maintenance.hall_time import hall_time
from kiosk.maintenance.present_parts import (
    age,
    failed,
    frame,
    lost,
    outcome,
    unknown,
    way,
)
from kiosk.maintenance.staff import Right
from kiosk.maintenance.view import (
    Count,
    FindingRow,
    Health,
    OutboxRow,
    Question,
    Setting,
    SlipFound,
    StaffHelpView,
    StaffOutboxView,
    StaffOutView,
    StaffPaperView,
    StaffReportView,
    StaffSystemView,
    Tone,
)
from kiosk.maintenance.work_moves import NUMBER, REASONS, UNTILS, cover_open
from kiosk.translation import Translator

_TONES: Final[Mapping[str, Tone]] = {
    "ok": "fine",
    "attention": "soon",
    "broken": "trouble",
    "unknown": "unknown",
}
_ORDER: Final = ("trouble", "soon", "unknown", "fine")
MOST_ROWS: Final = 40
_HELD: Final = frozenset({"held", "refused"})


# ---- paper


def paper(ctx: Context, _: Translator) -> StaffPaperView:
    """Return the page of new paper; the step to do now is told by the sensors."""
    printer: Literal["receipt_printer", "a4_printer"] = (
        "a4_printer" if ctx.part == "a4_printer" else "receipt_printer"
    )
    phase: Literal["doing", "printing", "done", "failed"] = "printing" if ctx.awaited else "doing"
    if ctx.outcome is not None:
        phase = "done" if ctx.outcome.well else "failed"
    go = way("paper_done") if phase == "doing" else None
    if phase == "failed":
        go = way("again")
    title = "staff.paper.done" if phase == "done" else f"staff.paper.title.{printer}"
    return StaffPaperView(
        frame=frame(ctx, go=go),
        title=text(title),
        printer=printer,
        step=4 if phase in {"printing", "done"} else _paper_step(ctx),
        phase=phase,
        outcome=outcome(ctx.outcome),
    )


def _paper_step(ctx: Context) -> Literal[1, 2, 3, 4]:
    """Return the step to do now; 4: the cover was opened and closed over paper, all are done."""
    status = ctx.statuses.devices.get(ctx.part)
    printer = status.get("printer") if status is not None else None
    supply = printer.get("paper") if isinstance(printer, Mapping) else None
    out = isinstance(supply, Mapping) and supply.get("upper") == "out"
    if cover_open(status):
        return 2 if out else 3
    return 4 if ctx.opened and status is not None and not out else 1


# ---- outbox


def outbox(ctx: Context, words: Translator) -> StaffOutboxView:
    """Return the page of what waits; without the agent nobody knows what does."""
    if ctx.looked.lost:
        return StaffOutboxView(
            frame=frame(ctx),
            title=text("staff.outbox.unknown"),
            notices=lost(ctx),
            counts=unknown("waiting", "submitted", words=words),
            known=False,
            outcome=outcome(ctx.outcome),
        )
    waiting = ctx.looked.waiting
    held = sum(own.state in _HELD for own in waiting)
    counts = [
        Count(key="waiting", value=str(len(waiting) - held), tone=_tone(len(waiting) - held)),
        Count(key="submitted", value=str(ctx.looked.submitted)),
    ]
    if held:
        counts.insert(1, Count(key="held", value=str(held), tone="trouble"))
    title = text("staff.outbox.title", n=len(waiting)) if waiting else text("staff.outbox.empty")
    ways = []
    if waiting and ctx.may(Right.RETRY) and not ctx.awaited:
        ways.append(way("retry"))
    if waiting and ctx.may(Right.EXPORT) and not ctx.awaited:
        ways.append(way("export"))
    return StaffOutboxView(
        frame=frame(ctx),
        title=title,
        lead=text("staff.outbox.lead"),
        counts=tuple(counts),
        rows=tuple(_row(own) for own in waiting[:MOST_ROWS]),
        outcome=outcome(ctx.outcome),
        ways=tuple(ways),
    )


def _tone(count: int) -> Tone:
    return "soon" if count else "fine"


def _row(own: Waits) -> OutboxRow:
    held = own.state in _HELD
    told = text("upkeep.outbox.held", reason=own.reason) if held else text("upkeep.outbox.waits")
    return OutboxRow(
        local_no=own.local_no,
        tone="trouble" if held else "soon",
        told=told,
        age=age(own.age_s),
    )


# ---- system


def system(ctx: Context, _: Translator) -> StaffSystemView:
    """Return the page of the whole machine."""
    free = not ctx.awaited
    ways = []
    if free and ctx.may(Right.UPDATE):
        ways.append(way("update"))
    if free and ctx.may(Right.DIAGNOSTICS):
        ways.append(way("diagnostics"))
    if free and ctx.may(Right.TEST):
        ways.append(way("calibrate"))
    if free and ctx.may(Right.POWER):
        ways += [way(what) for what in ("restart", "shut_down") if what in ctx.looked.orders]
    if free and ctx.may(Right.REPORT):
        ways.append(way("recovery_card"))
    if free and ctx.may(Right.TRAIN) and "train" in ctx.looked.orders:
        ways.append(way("train"))
    return StaffSystemView(
        frame=frame(ctx),
        title=text("staff.system.title"),
        notices=lost(ctx),
        settings=_settings(ctx),
        outcome=outcome(ctx.outcome),
        doing=text("upkeep.system.runs") if ctx.awaited else None,
        ways=tuple(ways),
        question=_question(ctx),
    )


def _settings(ctx: Context) -> tuple[Setting, ...]:
    version = Health(tone="fine", told=plain(ctx.looked.version or "-"))
    stick: Tone = "fine" if ctx.looked.stick else "off"
    told = text("upkeep.stick.there" if ctx.looked.stick else "upkeep.stick.none")
    if ctx.looked.lost:
        stick, told = "unknown", text("staff.tone.unknown")
    sets = ctx.may(Right.CLOCK) and "clock" in ctx.looked.orders and not ctx.awaited
    return (
        Setting(key="intake", health=finding_health(ctx, "intake")),
        Setting(
            key="clock",
            health=finding_health(ctx, "clock"),
            action=way("set_clock") if sets else None,
        ),
        _level(ctx, "sound", ctx.looked.sound, ("quieter", "louder")),
        _level(ctx, "brightness", ctx.looked.brightness, ("darker", "brighter")),
        Setting(key="disk", health=finding_health(ctx, "disk")),
        Setting(key="software", health=version),
        Setting(key="stick", health=Health(tone=stick, told=told)),
    )


def _level(ctx: Context, key: str, level: int, names: tuple[str, str]) -> Setting:
    may = ctx.may(Right.SOUND)
    return Setting(
        key=key,
        health=Health(tone="fine", told=text("upkeep.level", n=level)),
        share=level / 10,
        less=way(names[0]) if may and level > 0 else None,
        more=way(names[1]) if may and level < 10 else None,
    )


def finding_health(ctx: Context, check: str) -> Health:
    """Return how a part is that the doctor looks at."""
    found = _finding(ctx, check)
    if found is None:
        told = "staff.glance.looking" if ctx.examined is None else "staff.tone.unknown"
        return Health(tone="unknown", told=text(told))
    return Health(tone=_TONES.get(found.verdict, "unknown"), told=plain(found.told))


def _finding(ctx: Context, check: str) -> Found | None:
    found = ctx.examined.findings if ctx.examined is not None else ()
    return next((own for own in found if own.check == check), None)


def _question(ctx: Context) -> Question | None:
    if not ctx.question:
        return None
    return Question(
        title=text(f"staff.system.ask.{ctx.question}"),
        told=text(f"staff.system.ask.{ctx.question}_told"),
        yes=way("yes", words=f"staff.way.{ctx.question}"),
        no=way("no", words="staff.way.keep"),
        grave=ctx.question == "shut_down",
    )


# ---- out of service


def out(ctx: Context, _: Translator) -> StaffOutView:
    """Return the page that takes the terminal out of service, or back."""
    now = ctx.looked.out
    reason, until = (ctx.reason, ctx.until) if now is None else now
    own = reason in REASONS
    action = None if ctx.awaited else way("stop") if now is None else way("serve")
    return StaffOutView(
        frame=frame(ctx, go=action),
        title=text("staff.out.title" if now is None else "staff.out.is_out"),
        notices=failed(ctx, f"staff.out.not_{'stopped' if now is None else 'resumed'}")
        or lost(ctx),
        out=now is not None,
        reasons=() if now else _choices("reason", REASONS, reason),
        untils=() if now else _choices("until", UNTILS, until),
        shown=text(f"staff.out.reason.{reason if own else 'maintenance'}_shown"),
        shown_lead=text(f"staff.out.told.{until if until in UNTILS else 'open'}"),
    )


def _choices(name: str, keys: tuple[str, ...], chosen: str) -> tuple[Action, ...]:
    return tuple(
        way(name, key, words=f"staff.out.{name}.{key}", chosen=key == chosen) for key in keys
    )


# ---- report


def report(ctx: Context, _: Translator) -> StaffReportView:
    """Return the readiness report."""
    found = ctx.examined
    if ctx.examining or found is None:
        title = text("staff.report.looking")
        return StaffReportView(frame=frame(ctx), title=title, looking=True)
    if not found.findings:  # the doctor could not be asked; that is no terminal that is ready
        title = text("staff.report.unknown")
        again = (way("again"),)
        return StaffReportView(frame=frame(ctx), title=title, notices=lost(ctx), ways=again)
    rows = [_finding_row(own) for own in found.findings]
    bad = sum(row.tone in {"trouble", "soon"} for row in rows)
    day, clock = hall_time(found.at)
    return StaffReportView(
        frame=frame(ctx),
        title=text("staff.report.not_ready", n=bad) if bad else text("staff.report.ready"),
        lead=text(
            "staff.report.lead",
            date=day,
            time=clock,
            software=ctx.looked.version or "-",
            config=ctx.place.terminal,
        ),
        findings=tuple(sorted(rows, key=lambda row: _ORDER.index(row.tone))),
        outcome=outcome(ctx.outcome),
        ways=() if ctx.awaited else (way("print"), way("pdf"), way("again")),
    )


def _finding_row(own: Found) -> FindingRow:
    return FindingRow(
        tone=_TONES.get(own.verdict, "unknown"),
        name=text(f"doctor.{own.check}.name"),
        told=plain(own.told),
        fix=plain(own.fix) if own.fix else None,
    )


# ---- a citizen with a slip


def help_page(ctx: Context, _: Translator) -> StaffHelpView:
    """Return the page for a citizen who holds a slip."""
    why = f"staff.help.trouble.{ctx.denied}" if ctx.denied else ""
    trouble = Notice(kind="trouble", text=text(why), hint=text(f"{why}_hint")) if why else None
    slip = ctx.slip
    return StaffHelpView(
        frame=frame(ctx, go=None if slip is None else way("again", words="staff.way.other_slip")),
        title=text("staff.help.title" if slip is None else "staff.help.found"),
        lead=text("staff.help.lead") if slip is None else None,
        notices=() if trouble is None else (trouble,),
        typed=ctx.number,
        found=None if slip is None else _slip(slip),
        find=way("find") if slip is None and NUMBER.match(ctx.number) else None,
    )


def _slip(slip: Slip) -> SlipFound:
    state = slip.state if slip.state in {"submitted", "held", "refused"} else "stored"
    tone: Tone = {"submitted": "fine", "stored": "soon"}.get(state, "trouble")  # type: ignore[assignment]
    reason: Text | None = None
    if state == "stored":
        reason = text("upkeep.outbox.waits")
    elif state != "submitted":
        reason = text("upkeep.outbox.held", reason=slip.reason)
    return SlipFound(
        local_no=slip.local_no,
        tone=tone,
        told=text(f"staff.help.state_of.{state}"),
        age=age(slip.age_s),
        reason=reason,
        say=(text(f"staff.help.told.{state}"), text(f"staff.help.told.{state}_next")),
    )
