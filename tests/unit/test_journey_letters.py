"""A paper that is missing: each kind's letter, what is signed and told of it, and the list."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PIL import Image

from kiosk.domain.application import answers, signed_text_digest
from kiosk.domain.commitment_letter import letter
from kiosk.domain.commitments import CommitmentKind
from kiosk.domain.dictionary import Basis
from kiosk.domain.receipt import owed_values, owed_words
from kiosk.domain.reviewed import Reviewed
from kiosk.domain.words import shown_date
from kiosk.journey import offers, orders
from kiosk.journey.effects import Submit
from kiosk.journey.facts import Stroke
from kiosk.journey.machine import Journey
from kiosk.journey.present_end import _owed as told_at_the_end
from kiosk.journey.present_letters import rows
from kiosk.journey.present_page import present
from kiosk.journey.states import State
from kiosk.journey.view import CommitView, ListedView, ReviewView, SignView, plain, text
from kiosk.session.belongings import gathered
from screens.words import Words
from tests.journeys.reach import offered, reached, touched

PAPER = "discharge_record"
ITEM = "maternity-reimbursement"
OTHERS = [kind for kind in CommitmentKind if kind is not CommitmentKind.FOLLOWS]
NAME = (Stroke(points=((0.1, 0.5, 0.0), (0.9, 0.5, 1.0))),)


def _listed_as(kind: CommitmentKind) -> Journey:
    """Return a visit at its papers, the discharge record listed under a kind."""
    run = reached("newborn-promised", State.MATERIALS)
    ctx = run.journey.context
    own = ctx.catalogue.commitments
    assert own
    days = 5 if kind is CommitmentKind.FOLLOWS else 0
    entries = tuple(
        replace(one, kind=kind, days=days) if one.material == PAPER else one for one in own.entries
    )
    catalogue = replace(ctx.catalogue, commitments=replace(own, entries=entries))
    run.journey._context = replace(ctx, catalogue=catalogue)
    return run.journey


def _letter(journey: Journey) -> CommitView:
    view = present(touched(journey, f"commit:{PAPER}"))
    assert isinstance(view, CommitView)
    return view


@pytest.mark.parametrize("kind", CommitmentKind)
def test_each_kind_has_its_letter_and_is_settled_by_it(kind: CommitmentKind) -> None:
    """What is owed, what happens otherwise and who checks are those of the kind."""
    journey = _listed_as(kind)
    view = _letter(journey)
    words = journey.context.catalogue.commitments
    assert words
    own = words.kinds[kind]
    said = [str(dict(line.values).get("words", line)) for line in view.consequences]
    assert own.consequence in said[0]
    assert "撤销" in said[0]
    assert "信用" in said[0]
    assert own.later_check in str(view.later_check)
    assert "生育" in str(view.lead)
    assert view.follows is (kind is CommitmentKind.FOLLOWS)
    assert ("11月27日" in str(view.due)) is view.follows
    touched(journey, "agree")
    assert offers.settled(journey.context, PAPER)
    (owed,) = offers.owed(journey.context)
    assert (owed.kind, bool(owed.due), owed.brought) == (kind, view.follows, view.follows)
    (notice,) = told_at_the_end(journey.context)
    assert notice.kind == ("bring" if view.follows else "info")


@pytest.mark.parametrize("kind", CommitmentKind)
def test_the_letter_is_filed_and_signed(kind: CommitmentKind) -> None:
    """Kind, list, words and day are in the application, and the signature stands under them."""
    journey = touched(_listed_as(kind), f"commit:{PAPER}", "agree")
    ctx = replace(journey.context, strokes=NAME)
    (effect,) = orders.submit(ctx)
    assert isinstance(effect, Submit)
    picture = io.BytesIO()
    Image.new("L", (1, 1)).save(picture, "JPEG")
    at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    own = gathered(effect, ctx.catalogue, lambda _id: picture.getvalue(), at)
    (filed,) = own.commitments
    told = letter(ctx.catalogue.commitments, PAPER, effect.items)
    assert told
    assert (filed.kind, filed.days, filed.words) == (kind, told.days, told.digest)
    assert filed.listed == told.listed
    assert filed.due == ("2026-11-27" if told.follows else "")
    assert filed.owed is told.follows
    declaration = ctx.catalogue.consents["declaration"].version
    assert own.signature
    fields = answers(effect.form)
    shown = Reviewed(
        thing="newborn",
        items=tuple(item.code for item in effect.items),
        role="mother",
        situations=effect.situations,
        materials=own.materials,
        attachments=own.files.attachments,
        delivery=own.delivery,
        enterprise=None,
    ).told()
    digest = own.signature.text_digest
    assert digest == signed_text_digest(fields, declaration, own.commitments, shown)
    assert digest != signed_text_digest(fields, declaration, (), shown)


def test_a_promise_without_a_letter_is_never_dropped() -> None:
    """Nothing is filed that says less than what was agreed to."""
    journey = touched(_listed_as(CommitmentKind.FOLLOWS), f"commit:{PAPER}", "agree")
    (effect,) = orders.submit(replace(journey.context, strokes=NAME))
    assert isinstance(effect, Submit)
    bare = replace(journey.context.catalogue, commitments=None)
    with pytest.raises(AssertionError, match="may not be missing"):
        gathered(effect, bare, lambda _id: b"", datetime(2026, 11, 22, 1, 0, tzinfo=UTC))


def test_the_review_shows_the_letter() -> None:
    """A letter is reviewed with the form: the paper, until when, and what happens otherwise."""
    run = reached("newborn-promise-kept", State.REVIEW)
    view = present(run.journey)
    assert isinstance(view, ReviewView)
    (group,) = [own for own in view.groups if own.title.key == "review.letters_title"]
    (row,) = group.rows
    assert "出院记录" in str(row.label)
    assert "11月27日" in str(row.value)
    assert "撤销" in str(row.says)


def test_what_is_promised_stands_above_the_signature() -> None:
    """One line a letter, with its day: the name is written under it."""
    view = present(reached("newborn-promise-kept", State.SIGN).journey)
    assert isinstance(view, SignView)
    words = [Words()(line) for line in view.statement]
    assert sum("出院记录" in line and "11月27日" in line for line in words) == 1


def test_days_are_those_of_the_calendar() -> None:
    """Five working days over a weekend and a holiday are counted by the calendar."""
    ctx = reached("newborn-promised", State.MATERIALS).journey.context
    told = offers.letter_of(ctx, PAPER)
    assert told
    friday = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    assert told.due(friday, ctx.catalogue.workdays) == date(2026, 12, 4)
    closed = replace(ctx.catalogue.workdays, closed=frozenset({date(2026, 12, 1)}))
    assert told.due(friday, closed) == date(2026, 12, 7)
    other = replace(ctx, catalogue=replace(ctx.catalogue, workdays=closed), today=friday.date())
    assert offers.due(other, told) == shown_date("2026-12-07")


@pytest.mark.parametrize(
    ("language", "marks"), [("zh", ("估算", "（示例）")), ("en", ("estimated", "(example)"))]
)
def test_a_day_nobody_announced_and_a_list_nobody_published_are_marked(
    language: str, marks: tuple[str, str]
) -> None:
    """New Year's Day is no working day in any year; letter, review, list, slip say what is sure."""
    journey = touched(reached("newborn-promised", State.MATERIALS).journey, f"commit:{PAPER}")
    words = Words(language)
    for today, due, estimate in (
        (date(2026, 12, 25), "2027-01-04", True),
        (date(2026, 11, 20), "2026-11-27", False),
    ):
        journey._context = replace(journey.context, today=today)
        view = present(journey)
        assert isinstance(view, CommitView)
        assert view.title
        signed = replace(journey.context, commitments=(PAPER,))
        (row,) = rows(signed)
        (owed,) = offers.owed(signed)
        slip = words(text(owed_words(owed), **owed_values(owed)))
        for told in (words(view.due), words(row.value), slip):
            assert words(plain(shown_date(due))) in told
            assert (marks[0] in told) is estimate
            assert marks[1] in told
        assert marks[1] in words(view.title)
    listed = present(touched(journey, "read_list"))
    assert isinstance(listed, ListedView)
    assert listed.title
    assert listed.lead
    assert marks[1] in words(listed.title)
    assert marks[1] in words(listed.here[0].told)
    assert "公布的目录" not in words(listed.lead)


def test_a_published_list_is_no_example() -> None:
    """What somebody in charge published carries no mark: one line of the list at a time."""
    ctx = reached("newborn-promised", State.MATERIALS).journey.context
    own = ctx.catalogue.commitments
    assert own
    assert own.example
    published = replace(own, basis=Basis.CONFIRMED)
    items = offers.chosen_items(ctx)
    line = letter(published, PAPER, items)
    assert line
    assert line.example
    entries = tuple(replace(one, basis=Basis.CONFIRMED) for one in own.entries)
    sure = letter(replace(published, entries=entries), PAPER, items)
    assert sure
    assert not sure.example


def test_the_list_is_read_from_the_papers_and_from_a_letter() -> None:
    """It has every line and what is excluded, this thing's first; back is where one came from."""
    journey = touched(reached("newborn-promised", State.MATERIALS).journey, "read_list")
    view = present(journey)
    assert isinstance(view, ListedView)
    own = journey.context.catalogue.commitments
    assert own
    assert len(view.here) + len(view.others) == len(own.entries)
    assert [str(dict(row.name.values).get("words", row.name)) for row in view.here]
    assert "出院记录" in str(view.here[0].name)
    assert "国家安全" in str(view.excluded)
    assert touched(journey, "back").page is State.MATERIALS
    touched(journey, f"commit:{PAPER}", "read_list", "back")
    assert journey.page is State.COMMIT
    assert "agree" in offered(journey)


@pytest.mark.parametrize("kind", OTHERS)
def test_nothing_is_missing_without_every_item_being_listed(kind: CommitmentKind) -> None:
    """A paper that one item asks for unlisted, or in an excluded area, may not be missing."""
    ctx = _listed_as(kind).context
    own = ctx.catalogue.commitments
    assert own
    items = offers.chosen_items(ctx)
    assert letter(own, PAPER, items)
    assert letter(replace(own, never={"公共安全": (ITEM,)}), PAPER, items) is None
    (asking,) = [item for item in items if item.code == ITEM]
    assert letter(own, PAPER, (*items, replace(asking, code="another"))) is None
    assert letter(None, PAPER, items) is None
