"""The course of maintenance mode: what staff can do where, by role and by the clock."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.roster_words import Help
from kiosk.journey.view_parts import Action, Text, text
from kiosk.maintenance import effects as e
from kiosk.maintenance.context import CAP_S, ENTRY_IDLE_S, IDLE_S, Context, Place
from kiosk.maintenance.course import Course, IllegalIntent
from kiosk.maintenance.facts import (
    Begun,
    Denied,
    Did,
    Examined,
    Found,
    Looked,
    SignedIn,
    Slip,
    Statuses,
    Waits,
    Words,
)
from kiosk.maintenance.intents import Intent, Said, touch
from kiosk.maintenance.present import present
from kiosk.maintenance.staff import RIGHTS, Right, Role
from kiosk.maintenance.states import State
from kiosk.maintenance.targets import PAGES, parse
from kiosk.session.maintenance.agent_desk import AgentDesk
from kiosk.translation import Translator

PLACE = Place(
    service="政务服务", place="大厅 3 号机", help=Help(phone="12345"), terminal="410700-0020"
)
WELL = Did(well=True, told=text("upkeep.test.well"))
ONLINE = {"common": {"device": "online"}}
LOW = {"common": {"device": "online"}, "printer": {"paper": {"upper": "low"}}}
WORDS = Translator("zh", strict=True)


class Stay:
    """A course, and what it wanted done last."""

    def __init__(self, **known: Any) -> None:
        self.course = Course(Context(place=PLACE, **known))
        self.wanted: tuple[e.Effect, ...] = ()

    @property
    def page(self) -> State:
        """Where it is."""
        return self.course.context.page

    def say(self, kind: Said, fact: Any = None, argument: str = "") -> Stay:
        """Let a device, the agent or the clock say something."""
        number = self.course.context.awaited
        intent = Intent(kind=kind, fact=fact, argument=argument, ticket=number)
        self.wanted = self.course.apply(intent)
        return self

    def tap(self, *targets: str) -> Stay:
        """Touch one after the other."""
        for target in targets:
            self.wanted = self.course.apply(touch(f"staff:{target}"))
        return self

    def signed_in(self, role: Role = Role.CLERK) -> Stay:
        """Come to the first page as somebody."""
        self.say(Said.BEGUN, Begun(terminal="t", known=True)).say(Said.TAKEN)
        self.tap(*(f"digit:{n}" for n in "739205"))
        self.say(Said.SIGNED_IN, SignedIn(work_no="0317", role=role, rights=RIGHTS[role]))
        devices = {"id_reader": ONLINE, "receipt_printer": LOW, "scanner": None}
        self.say(Said.STATUSES, Statuses(devices=devices))
        return self.say(
            Said.LOOKED,
            Looked(
                waiting=(Waits(local_no="L01", state="stored", age_s=90, reason=""),),
                orders=frozenset({"shut_down"}),
                version="1",
            ),
        )

    def view(self) -> Any:
        """Return what is shown."""
        return present(self.course.context, WORDS)


def _within(value: object) -> list[object]:
    found = [value]
    if isinstance(value, tuple):
        found += [one for part in value for one in _within(part)]
    elif is_dataclass(value):
        found += [one for own in fields(value) for one in _within(getattr(value, own.name))]
    return found


def _actions(view: object) -> list[str]:
    return [one.target for one in _within(view) if isinstance(one, Action)]


def test_card_and_pin_lead_to_a_glance() -> None:
    """The sixth digit sends the PIN; the page never holds a digit."""
    stay = Stay().say(Said.BEGUN, Begun(terminal="t", known=True))
    assert stay.wanted == (e.ReadCard(ticket=1),)
    stay.say(Said.CARD_SEEN).say(Said.TAKEN)
    assert stay.page is State.PIN
    stay.tap(*(f"digit:{n}" for n in "73920"))
    assert stay.view().typed == 5
    stay.tap("digit:5")
    assert stay.wanted == (e.SendPin(ticket=2, pin="739205"),)
    assert stay.course.context.typed == ""
    with pytest.raises(IllegalIntent):
        stay.tap("digit:1")


def test_a_wrong_pin_says_how_many_are_left_and_waits() -> None:
    """During a wait nothing is taken; when it is over, digits are."""
    stay = Stay().say(Said.BEGUN, Begun(terminal="t", known=True)).say(Said.TAKEN)
    stay.tap(*(f"digit:{n}" for n in "111222"))
    stay.say(Said.DENIED, Denied(reason="wrong_pin", left=10, wait_s=2))
    assert (stay.view().tries_left, stay.view().locked_s) == (10, 2)
    with pytest.raises(IllegalIntent):
        stay.tap("digit:1")
    stay.say(Said.TICK).say(Said.TICK).tap("digit:1")
    stay.tap("back")
    assert stay.page is State.CARD
    stay.say(Said.TAKEN).tap(*(f"digit:{n}" for n in "111222"))
    stay.say(Said.DENIED, Denied(reason="locked"))
    assert stay.view().locked_out


@pytest.mark.parametrize(
    "reason",
    ["unknown", "disabled", "expired", "other_site", "copied", "unreadable", "unknown_code",
     "no_list", "not_kept"],
)  # fmt: skip
def test_every_refusal_has_its_sentence(reason: str) -> None:
    """A card that opens nothing is told plainly, and the next one is waited for."""
    stay = Stay().say(Said.BEGUN, Begun(terminal="t", known=True))
    stay.say(Said.DENIED, Denied(reason=reason))
    assert isinstance(stay.wanted[0], e.ReadCard)
    (notice,) = stay.view().notices
    assert WORDS.text(notice.text.key)
    assert WORDS.text(notice.hint.key)


def test_a_dead_reader_leaves_the_code() -> None:
    """Eight digits are sent; they are gone from the page."""
    stay = Stay().say(Said.BEGUN, Begun(terminal="t", known=True)).say(Said.READER_GONE)
    stay.tap("by_code", *(f"digit:{n}" for n in "12345678"))
    assert stay.wanted == (e.SendCode(ticket=2, code="12345678"),)
    stay.say(Said.DENIED, Denied(reason="unknown_code"))
    assert stay.view().code_length == 8
    stay.tap("by_card")
    assert isinstance(stay.wanted[0], e.ReadCard)


def test_paper_low_is_told_replaced_and_seen() -> None:
    """From the glance in two touches, and a printed line says that it is well."""
    stay = Stay().signed_in()
    task = next(one for one in stay.view().tasks if one.part == "receipt_printer")
    assert task.action.target == "staff:paper:receipt_printer"
    stay.tap("paper:receipt_printer", "paper_done")
    assert stay.wanted == (e.Replenish(ticket=3, part="receipt_printer"),)
    stay.say(Said.DID, WELL)
    assert stay.view().phase == "done"
    stay.tap("back")
    assert stay.page is State.GLANCE


def test_leaving_by_itself() -> None:
    """A minute before anybody is known, five minutes after, twelve hours whatever is done."""
    stay = Stay().say(Said.BEGUN, Begun(terminal="t", known=True))
    for _ in range(ENTRY_IDLE_S):
        stay.say(Said.TICK)
    assert stay.wanted[-1] == e.Leave(how="idle")
    stay = Stay().signed_in()
    for _ in range(IDLE_S - 1):
        stay.say(Said.TICK)
    stay.tap("outbox")
    for _ in range(IDLE_S):
        stay.say(Said.TICK)
    assert stay.wanted[-1] == e.Leave(how="idle")
    assert stay.page is State.ENDED
    stay = Stay(whole_s=CAP_S - 1).signed_in().say(Said.TICK)
    assert stay.wanted[-1] == e.Leave(how="cap")


def test_a_late_answer_changes_nothing() -> None:
    """What was asked for on a page that was left has no say on the next."""
    stay = Stay().signed_in().tap("part:id_reader", "test")
    late = stay.course.context.awaited
    stay.tap("back", "outbox")
    assert not stay.course.legal(Intent(kind=Said.DID, fact=WELL, ticket=late))


@pytest.mark.parametrize("role", list(Role))
def test_roles_decide_what_is_offered(role: Role) -> None:
    """What nobody has the right to is not on the page, and would not be taken."""
    stay = Stay().signed_in(role)
    offered = {parse(target)[0].value for target in _actions(stay.view())}
    assert ("outbox" in offered) == (Right.OUTBOX in RIGHTS[role])
    assert ("out" in offered) == (Right.SERVICE in RIGHTS[role])
    stay.tap("system")
    offered = {parse(target)[0].value for target in _actions(stay.view())}
    assert ("diagnostics" in offered) == (Right.DIAGNOSTICS in RIGHTS[role])
    assert stay.course.legal(touch("staff:diagnostics")) == (Right.DIAGNOSTICS in RIGHTS[role])
    assert "restart" not in offered, "this machine has no command for it"


def test_shutting_down_is_asked_about() -> None:
    """No takes it back; yes orders it."""
    stay = Stay().signed_in().tap("system", "shut_down")
    assert stay.view().question.grave
    stay.tap("no")
    assert stay.view().question is None
    stay.tap("shut_down", "yes")
    assert stay.wanted == (e.Order(ticket=3, what="shut_down"),)


def test_a_citizens_slip_is_found_without_seeing_anything() -> None:
    """By its code or its number; a strange code is told."""
    stay = Stay().signed_in().tap("help")
    stay.say(Said.SLIP, argument="http://elsewhere")
    assert stay.view().notices[0].text.key == "staff.help.trouble.foreign"
    stay.say(Said.SLIP, argument="L0012AB")
    stay.say(Said.FOUND, Slip(local_no="L0012AB", state="stored", age_s=7200))
    assert stay.view().found.say[0].key == "staff.help.told.stored"
    stay.tap("again", "key:7", "key:9", "key:A", "key:B", "find")
    stay.say(Said.FOUND, Slip(local_no="L79AB", state="none"))
    assert stay.view().notices[0].text.key == "staff.help.trouble.unknown"


def test_a_slip_that_may_be_in_a_file_set_aside_is_told_so() -> None:
    """The citizen must not apply again; the centre can open the file."""
    stay = Stay().signed_in().tap("help", "key:7", "key:9", "key:A", "key:B", "find")
    stay.say(Said.FOUND, Slip(local_no="L79AB", state="set_aside"))
    assert stay.view().notices[0].text.key == "staff.help.trouble.set_aside"


def test_a_slip_that_cannot_be_looked_up_is_not_said_to_be_unknown(tmp_path: Path) -> None:
    """The agent is gone: a citizen whose form is saved never hears that it isn't here."""
    slip = AgentDesk(tmp_path / "gone.sock", "secret").find("L79AB")
    stay = Stay().signed_in().tap("help", "key:7", "key:9", "key:A", "key:B", "find")
    stay.say(Said.FOUND, slip)
    assert stay.view().notices[0].text.key == "staff.help.trouble.not_looked_up"
    assert isinstance(stay.wanted[-1], e.ScanSlip), "another slip is taken"


def _answers(awaited: int) -> list[Intent]:
    """Return what could be answered now."""
    found = [
        Intent(kind=kind, ticket=awaited, fact=fact, argument=argument)
        for kind, fact, argument in (
            (Said.CARD_SEEN, None, ""),
            (Said.READER_GONE, None, ""),
            (Said.TAKEN, None, ""),
            (Said.DENIED, Denied(reason="unknown", wait_s=3), ""),
            (Said.DENIED, Denied(reason="wrong_pin", left=3, wait_s=0), ""),
            (Said.DENIED, Denied(reason="locked"), ""),
            (Said.DOING, Words(told=text("upkeep.test.sound")), "asks"),
            (Said.DOING, Words(told=text("upkeep.test.card")), ""),
            (Said.DID, WELL, ""),
            (Said.DID, Did(well=False, told=text("upkeep.test.gone")), ""),
            (Said.SLIP, None, "L0012"),
            (Said.SLIP, None, "x"),
            (Said.FOUND, Slip(local_no="L0012", state="refused", reason="r"), ""),
            (Said.FOUND, Slip(local_no="L0012", state="none"), ""),
        )
    ]
    person = SignedIn(work_no="0317", role=Role.ENGINEER, rights=RIGHTS[Role.ENGINEER])
    finding = Found(check="clock", case="wrong", verdict="broken", values={"seconds": 9}, told="x")
    return [
        *found,
        Intent(kind=Said.SIGNED_IN, ticket=awaited, fact=person),
        Intent(kind=Said.STATUSES, fact=Statuses(devices={"receipt_printer": LOW, "ups": None})),
        Intent(kind=Said.LOOKED, fact=Looked(out=("paper", "soon"), orders=frozenset({"restart"}))),
        Intent(kind=Said.LOOKED, fact=Looked(orders=frozenset({"restart"}))),
        Intent(kind=Said.LOOKED, fact=Looked(lost=True)),
        Intent(kind=Said.EXAMINED, fact=Examined(findings=(finding,), at="2026-11-28T08:00:00")),
        Intent(kind=Said.TICK),
    ]


@settings(max_examples=50, deadline=None)
@given(st.data(), st.booleans())
def test_any_walk_is_shown_and_offers_only_what_works(data: st.DataObject, begin: bool) -> None:
    """Whatever is done in whatever order: words for all of it, and every button does something."""
    stay = Stay()
    if begin:
        stay.signed_in(data.draw(st.sampled_from(list(Role))))
    for _ in range(data.draw(st.integers(0, 40))):
        if stay.page is State.ENDED:
            break
        ctx = stay.course.context
        view = stay.view()
        targets = _actions(view)
        for target in targets:
            assert stay.course.legal(touch(target)), (stay.page, target)
            assert parse(target)[0] in PAGES[view.page], (view.page, target)
        for one in _within(view):
            if isinstance(one, Text):
                WORDS.text(one.key, **dict(one.values))
        hidden = [touch("staff:digit:1"), touch("staff:erase"), touch("staff:cell:3")]
        choices = [*map(touch, targets), *hidden, *_answers(ctx.awaited)]
        able = [intent for intent in choices if stay.course.legal(intent)]
        stay.wanted = stay.course.apply(data.draw(st.sampled_from(able)))


def test_a_closed_cover_over_paper_ends_the_change() -> None:
    """Opened, filled, closed: every step has its tick, and a line is printed to see."""
    stay = Stay().signed_in().tap("paper:receipt_printer")
    seen = []
    for cover, paper in (
        ("closed", "out"), ("open", "out"), ("open", "full"), ("closed", "full")
    ):  # fmt: skip
        status = {**ONLINE, "xReceipt": {"cover": cover}, "printer": {"paper": {"upper": paper}}}
        stay.say(Said.STATUSES, Statuses(devices={"receipt_printer": status}))
        seen.append(stay.view().step)
    assert seen == [1, 2, 3, 4]
    assert stay.view().frame.go.target == "staff:paper_done"
