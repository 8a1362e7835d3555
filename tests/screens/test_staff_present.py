"""The pages of maintenance mode as its rules give them: what is really said fits, both ways up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from kiosk.domain.roster_words import Help
from kiosk.journey.view import text
from kiosk.maintenance import present_update
from kiosk.maintenance.context import Check, Context, Place
from kiosk.maintenance.facts import (
    Did,
    Examined,
    Found,
    Looked,
    OnStick,
    SignedIn,
    Slip,
    Statuses,
    Waits,
)
from kiosk.maintenance.opening_check import Result, Step
from kiosk.maintenance.present import present
from kiosk.maintenance.staff import RIGHTS, Role
from kiosk.maintenance.states import State
from kiosk.translation import Translator
from screens.gallery import STAFF_WAYS, leaves
from screens.sample import Sample
from screens.theme import Theme
from tests.screens.test_geometry import check_headings, check_room, check_targets, check_words

FINE: Final = {"common": {"device": "online"}}
WORDS: Final = Translator("zh", strict=True)


def _found(check: str, case: str, verdict: str, **values: str | int) -> Found:
    key = f"doctor.{check}.{case}"
    fix = f"{key}_fix"
    return Found(
        check=check,
        case=case,
        verdict=verdict,
        values=values,
        told=WORDS.text(key, **values),
        fix=WORDS.text(fix, **values) if WORDS.has(fix) else "",
    )


def _context() -> Context:
    """Return a terminal without paper, whose face camera is gone, with something that waits."""
    person = SignedIn(work_no="0317", role=Role.ENGINEER, rights=RIGHTS[Role.ENGINEER])
    empty = {**FINE, "printer": {"paper": {"upper": "out"}}}
    devices = dict.fromkeys(("id_reader", "scanner", "document_camera", "ups", "panel"), FINE)
    return Context(
        place=Place(
            service="新乡市政务服务",
            place="红旗区政务服务中心 3 号机",
            help=Help(phone="12345"),
            terminal="XX-0003",
        ),
        page=State.GLANCE,
        person=person,
        statuses=Statuses(devices={**devices, "receipt_printer": empty, "face_camera": None}),
        looked=Looked(
            waiting=(
                Waits(local_no="L0003261122K7QDM3", state="held", age_s=4000, reason="refused"),
                Waits(local_no="L0003261122QX48ZP", state="stored", age_s=400, reason=""),
            ),
            submitted=86,
            version="1.4.0",
            stick=True,
            orders=frozenset({"restart", "shut_down"}),
            checked=("2026-11-22T08:20:00", "0317"),
        ),
        examined=Examined(
            findings=(
                _found("disk", "full", "broken", free="900 MB", needed="2000 MB"),
                _found("clock", "ok", "ok", seconds=2),
            ),
            verdict="broken",
            at="2026-11-22T08:20:00",
        ),
    )


BASE: Final = _context()
RUNNING: Final = Check(
    now=Step.SCAN,
    results={Step.CARD: Result.PASSED, Step.PRINT: Result.FAILED},
    told={
        Step.CARD: text("upkeep.test.card_read", s=0.8),
        Step.PRINT: text("upkeep.test.slip_not"),
    },
    seconds=30,
    doing=text("upkeep.test.scan_slip"),
)
STOPPED: Final = replace(
    RUNNING,
    stopped=True,
    doing=None,
    results={**RUNNING.results, Step.SCAN: Result.FAILED},
    told={**RUNNING.told, Step.SCAN: text("upkeep.test.scan_other")},
    hints={Step.SCAN: text("upkeep.test.scan_other_hint")},
)
REST: Final = Check(
    results={step: Result.FAILED if step is Step.PRINT else Result.PASSED for step in Step},
    told={Step.PRINT: text("upkeep.test.slip_not")},
    hints={Step.PRINT: text("upkeep.test.page_hint")},
    kept={step: "2026-11-28T07:42:10+08:00" for step in Step if step is not Step.PRINT},
    kept_by={step: "1001" for step in Step if step is not Step.PRINT},
)
ILL: Final = Did(
    well=False, told=text("upkeep.test.page_faults"), hint=text("upkeep.test.page_hint")
)
NINE: Final = datetime(2026, 11, 28, 9, 41, tzinfo=UTC)
PAGES: Final[dict[str, Context]] = {
    "card": replace(BASE, page=State.CARD, person=None, denied="other_site"),
    "code": replace(BASE, page=State.CARD, person=None, by_code=True, phase="stopped"),
    "pin": replace(BASE, page=State.PIN, person=None, tries_left=3),
    "locked": replace(BASE, page=State.PIN, person=None, locked_s=3600),
    "glance": BASE,
    "fault": replace(BASE, page=State.FAULT, fault="receipt_printer.out"),
    "over": replace(BASE, page=State.FAULT, fault="scanner.gone"),
    "check": replace(BASE, page=State.CHECK),
    "running": replace(BASE, page=State.CHECK, check=RUNNING),
    "stopped": replace(BASE, page=State.CHECK, check=STOPPED),
    "done": replace(BASE, page=State.CHECK, check=replace(RUNNING, now=None, done=True)),
    "rest": replace(BASE, page=State.CHECK, check=REST),
    "together": replace(
        BASE,
        page=State.CHECK,
        check=replace(REST, done=True),
        looked=replace(BASE.looked, passed_by={"card": "1001", "clock": "2002"}),
    ),
    "touch": replace(BASE, page=State.TOUCH, touched=frozenset({3}), touch_s=20),
    "device": replace(BASE, page=State.DEVICE, part="document_camera", outcome=ILL),
    "paper": replace(BASE, page=State.PAPER, part="receipt_printer"),
    "tray": replace(BASE, page=State.PAPER, part="a4_printer", outcome=ILL),
    "outbox": replace(BASE, page=State.OUTBOX, outcome=ILL),
    "system": replace(BASE, page=State.SYSTEM, outcome=ILL),
    "ask": replace(BASE, page=State.SYSTEM, question="shut_down"),
    "out": replace(BASE, page=State.OUT),
    "is_out": replace(BASE, page=State.OUT, looked=replace(BASE.looked, out=("paper", "soon"))),
    "not_out": replace(BASE, page=State.OUT, outcome=ILL),
    **{
        f"lost_{page.value}": replace(
            BASE, page=page, looked=Looked(lost=True), examined=Examined(findings=())
        )
        for page in (State.GLANCE, State.OUTBOX, State.SYSTEM, State.OUT, State.REPORT)
    },
    "report": replace(BASE, page=State.REPORT),
    "help": replace(BASE, page=State.HELP, number="L0003261122K7QDM3"),
    "slip": replace(
        BASE, page=State.HELP, slip=Slip(local_no="L0003261122K7QDM3", state="held", age_s=400)
    ),
    **{
        f"stick_{word}": replace(BASE, page=State.UPDATE, on_stick=OnStick(word=word, name="a"))
        for word in ("new", *sorted(present_update.WORDS), "another")
    },
    "installed": replace(
        BASE, page=State.UPDATE, on_stick=OnStick(word="new", changes={"things": 3}), outcome=ILL
    ),
    "calibrate": replace(BASE, page=State.CALIBRATE, touch_s=20, outcome=ILL),
    "calibrated": replace(BASE, page=State.CALIBRATE, touch_s=9, trying=True),
    "train": replace(BASE, page=State.TRAIN, outcome=ILL),
    "trains": replace(BASE, page=State.TRAIN, awaited=1),
    "clock": replace(BASE, page=State.CLOCK, clock=NINE, outcome=ILL),
    "clock_ask": replace(BASE, page=State.CLOCK, clock=NINE, question="set"),
    "ended": replace(BASE, page=State.ENDED),
}


def test_all_pages_are_here() -> None:
    """No state of the course is left out."""
    assert {ctx.page for ctx in PAGES.values()} == set(State)


@pytest.mark.parametrize("name", PAGES)
def test_what_the_rules_say_fits(name: str) -> None:
    """Nothing is clipped or too small, in Chinese upright and lying."""
    view = present(PAGES[name], WORDS)
    for theme in STAFF_WAYS.values():
        for tree in leaves(Sample(name=name, view=view), theme):
            check_targets(tree, theme)
            check_words(tree)
            check_room(tree)
            check_headings(tree)


def _top(ctx: Context, target: str, theme: Theme) -> int:
    (tree,) = leaves(Sample(name="page", view=present(ctx, WORDS)), theme)
    return next(one.box.y for one in tree.targets() if one.node.target == target)


@pytest.mark.parametrize("theme", STAFF_WAYS.values(), ids=STAFF_WAYS)
def test_no_result_moves_a_button_from_under_the_finger(theme: Theme) -> None:
    """What came of a test or a step is told where it pushes nothing down."""
    before = replace(PAGES["device"], outcome=None)
    tops = {_top(ctx, "staff:test", theme) for ctx in (before, PAGES["device"])}
    assert len(tops) == 1
    long = replace(RUNNING, doing=text("upkeep.test.page_faults"))
    checks = (RUNNING, long, STOPPED, replace(RUNNING, results={}, told={}))
    pages = [replace(BASE, page=State.CHECK, check=check) for check in checks]
    assert len({_top(ctx, "staff:again", theme) for ctx in pages}) == 1
