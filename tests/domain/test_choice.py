"""Choosing items: every reason, and what holds for any thing whatever its relations."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import choice, form, materials, promise, situations
from kiosk.domain.catalogue import Item, Mode, Situation, SituationOption, Status, Thing
from kiosk.domain.choice import Choice, Why, WhyKind, choose, toggled
from kiosk.domain.dictionary import Disposition, Field, FieldKind, Material
from kiosk.domain.form import Origin

CODES = tuple("abcdefg")


def item(code: str, **members: object) -> Item:
    """Make an open item."""
    return Item(  # type: ignore[arg-type]
        **{
            "code": code,
            "name": code.upper(),
            "departments": ("市示例局",),
            "status": Status.OPEN,
            "limit_days": 3,
            **members,
        }
    )


def thing(*items: Item, asks: tuple[Situation, ...] = ()) -> Thing:
    """Make a thing of items."""
    return Thing(
        code="thing",
        number=1,
        name="一件事",
        audience="个人",
        theme="",
        lead="",
        items=items,
        situations=asks,
    )


def question(*options: SituationOption, **members: object) -> Situation:
    """Make a question."""
    told = {"code": "q", "question": "？", **members}
    return Situation(options=options, **told)  # type: ignore[arg-type]


def paper(key: str, made_by: str = "") -> Material:
    """Make a paper to be brought, or one that an item makes."""
    way = Disposition.PRODUCED if made_by else Disposition.CAPTURE
    return Material(key=key, name=key, disposition=way, made_by=made_by)


def fact(key: str, *sources: str) -> Field:
    """Make a fact."""
    return Field(key=key, label=key, kind=FieldKind.TEXT, sources=sources or ("user",))


def codes(settled: Choice) -> list[str]:
    """Return what is filed."""
    return [own.code for own in settled.items]


# ---- every reason


def test_an_answer_takes_away() -> None:
    """With the catalogue's own sentence."""
    asked = question(
        SituationOption(value="yes", label="", without=("a",), why="办过了"),
        SituationOption(value="no", label=""),
    )
    own = thing(item("a"), item("b"), asks=(asked,))
    settled = choose(own, {"q": "yes"})
    assert codes(settled) == ["b"]
    assert settled.gone == {"a": Why(WhyKind.ANSWER, "办过了")}
    assert codes(choose(own, {"q": "no"})) == ["a", "b"]


def test_a_paper_nobody_has_takes_away_what_needs_it() -> None:
    """It is gone where nothing makes the paper, and comes with its maker where something does."""
    lacking = question(
        SituationOption(value="no", label="", lacks=("p",)),
        SituationOption(value="yes", label=""),
    )
    needs = item("b", materials=(paper("p", made_by="a"),))
    own = thing(item("a"), needs, asks=(lacking,))
    assert codes(choose(own, {"q": "no"})) == ["a", "b"]
    without = choose(own, {"q": "no"}, frozenset("a"))
    assert codes(without) == []
    assert without.follows == {"b": Why(WhyKind.NEEDS_PAPER, "p")}
    again = toggled(own, "b", answers={"q": "no"}, left_out=frozenset("a"))
    assert codes(choose(own, {"q": "no"}, again)) == ["a", "b"]
    alone = thing(needs, asks=(lacking,))
    assert choose(alone, {"q": "no"}).gone == {"b": Why(WhyKind.NEEDS_PAPER, "p")}


def test_what_needs_an_item_falls_with_it_and_brings_it_along() -> None:
    """A chain falls as a whole; touching its end brings all of it."""
    own = thing(item("a"), item("b", requires=("a",)), item("c", requires=("b",)))
    fallen = choose(own, {}, frozenset("a"))
    assert codes(fallen) == []
    assert fallen.follows["c"].kind is WhyKind.NEEDS_ITEM
    assert toggled(own, "c", answers={}, left_out=frozenset("a")) == frozenset()


def test_what_the_law_runs_together_stands_and_falls_as_one() -> None:
    """The first of it may be removed and takes the rest along; the rest says which law."""
    own = thing(item("a"), item("b", same_time=("a",), together_why="某法第一条"), item("c"))
    settled = choose(own, {})
    assert settled.locked == {"b": Why(WhyKind.LAW, "某法第一条")}
    left = toggled(own, "a", answers={}, left_out=frozenset())
    assert codes(choose(own, {}, left)) == ["c"]


def test_rivals_leave_one() -> None:
    """The first stands; touching the other one exchanges them."""
    own = thing(item("a", excludes=("b",)), item("b"), item("c", alternative="way"))
    own = thing(*own.items, item("d", alternative="way"))
    settled = choose(own, {})
    assert codes(settled) == ["a", "c"]
    assert settled.follows == {
        "b": Why(WhyKind.EXCLUDES, "A"),
        "d": Why(WhyKind.ALTERNATIVE, "C"),
    }
    other = toggled(own, "b", answers={}, left_out=frozenset())
    assert codes(choose(own, {}, other)) == ["b", "c"]


def test_a_rival_that_falls_keeps_nobody_out() -> None:
    """Who excludes and cannot stand is no reason."""
    own = thing(item("x"), item("a", excludes=("b",), requires=("x",)), item("b"))
    settled = choose(own, {}, frozenset("x"))
    assert codes(settled) == ["b"]
    assert settled.follows == {"a": Why(WhyKind.NEEDS_ITEM, "X")}


def test_what_the_machine_cannot_do_is_gone() -> None:
    """A reason that the caller gives is told as it is."""
    why = Why(WhyKind.UNAVAILABLE, "no_camera")
    assert choose(thing(item("a"), item("b")), {}, frozenset(), {"a": why}).gone == {"a": why}


# ---- questions


def test_questions_that_change_nothing_are_not_asked() -> None:
    """After the first answer took the item away, its own question is idle."""
    first = question(
        SituationOption(value="yes", label="", without=("a",), why="办过了"),
        SituationOption(value="no", label=""),
        code="first",
    )
    second = question(
        SituationOption(value="yes", label="", without_fields=("f.own",)),
        SituationOption(value="no", label=""),
        code="second",
    )
    own = thing(item("a", fields=(fact("f.own"),)), item("b"), asks=(first, second))
    assert [q.code for q in situations.asked(own, {"first": "no"})] == ["first", "second"]
    assert [q.code for q in situations.asked(own, {"first": "yes"})] == ["first"]
    assert situations.answered(own, {"first": "yes", "second": "yes"}) == {"first": "yes"}


def test_a_known_fact_answers() -> None:
    """What data say is not asked."""
    known = question(
        SituationOption(value="m", label="", without=("a",), why="不用办", known_values=("20",)),
        SituationOption(value="s", label="", known_values=("10",)),
        known_by="person.marital_status",
    )
    own = thing(item("a"), item("b"), asks=(known,))
    facts = {"person.marital_status": "20"}
    assert situations.asked(own, {}, facts) == ()
    assert codes(choose(own, {}, known=facts)) == ["b"]
    assert [q.code for q in situations.asked(own, {}, {})] == ["q"]


def test_a_question_waits_for_its_condition() -> None:
    """It is asked under an answer alone; answered before, it counts for nothing otherwise."""
    first = question(
        SituationOption(value="yes", label=""),
        SituationOption(value="no", label=""),
        code="first",
    )
    second = question(
        SituationOption(value="yes", label="", without=("a",), why="不用办"),
        SituationOption(value="no", label=""),
        code="second",
        when={"first": ("yes",)},
    )
    own = thing(item("a"), item("b"), asks=(first, second))
    assert [q.code for q in situations.asked(own, {"first": "no"})] == ["first"]
    assert codes(choose(own, {"first": "no", "second": "yes"})) == ["a", "b"]
    assert codes(choose(own, {"first": "yes", "second": "yes"})) == ["b"]


def test_answers_spare_fields_and_papers() -> None:
    """Of every item that asks for them."""
    spare = question(
        SituationOption(value="yes", label="", without_fields=("f.x",), without_materials=("p",)),
        SituationOption(value="no", label=""),
    )
    whole = item("a", fields=(fact("f.x"), fact("f.y")), materials=(paper("p"), paper("r")))
    (own,) = choose(thing(whole, asks=(spare,)), {"q": "yes"}).items
    assert [field.key for field in own.fields] == ["f.y"]
    assert [one.key for one in own.materials] == ["r"]


# ---- how long it takes


def test_what_follows_is_reviewed_before() -> None:
    """A later item is done when its own limit and its predecessor are, unless it waits."""
    first = item("a", limit_days=10)
    later = item("b", limit_days=4, requires=("a",))
    waiting = item("c", limit_days=4, requires=("a",), waits=True)
    assert promise.days((first, later)) == 10
    assert promise.days((first, waiting)) == 14
    assert promise.finishes((waiting, first)) == {"c": 14, "a": 10}
    assert promise.order((waiting, first)) == ("a", "c")
    assert promise.days(()) == 0


# ---- whatever the relations


@st.composite
def things(draw: st.DrawFn) -> Thing:
    """Make things with relations among earlier items, so that none run in a circle."""
    made: list[Item] = []
    for code in CODES[: draw(st.integers(2, len(CODES)))]:
        earlier = [own.code for own in made]
        some = (
            st.lists(st.sampled_from(earlier), unique=True, max_size=2) if earlier else st.just([])
        )
        keys = draw(st.lists(st.sampled_from(["f.x", "f.y", "f.z", "f.w"]), unique=True))
        makers = draw(some)
        papers = [paper(f"made_{own}", made_by=own) for own in makers]
        made.append(
            item(
                code,
                requires=tuple(draw(some)),
                excludes=tuple(draw(some)),
                alternative=draw(st.sampled_from(["", "", "", "way"])),
                limit_days=draw(st.integers(1, 9)),
                waits=draw(st.booleans()),
                mode=draw(st.sampled_from([Mode.FILE, Mode.FILE, Mode.CHECK])),
                fields=tuple(fact(key) for key in keys),
                materials=(*papers, paper("own")),
            )
        )
    return thing(*made)


LEFT_OUT = st.sets(st.sampled_from(CODES)).map(frozenset)


@settings(max_examples=150, deadline=None)
@given(things(), LEFT_OUT)
def test_a_choice_is_settled(own: Thing, left_out: frozenset[str]) -> None:
    """Settled again it is the same; reasons name what is so; nothing is filed and gone at once."""
    settled = choose(own, {}, left_out)
    filed = settled.codes
    everything = {one.code for one in own.items}
    again = choose(own, {}, frozenset(everything - filed))
    assert again.codes == filed
    assert not filed & (left_out | settled.gone.keys() | settled.follows.keys())
    assert settled.locked.keys() <= filed
    names = {one.name for one in settled.items}
    for why in settled.follows.values():
        if why.kind in {WhyKind.EXCLUDES, WhyKind.ALTERNATIVE}:
            assert why.name in names


@settings(max_examples=100, deadline=None)
@given(things(), LEFT_OUT, st.sampled_from(CODES))
def test_a_touch_does_what_it_says(own: Thing, left_out: frozenset[str], code: str) -> None:
    """What was filed is not any more; what could be filed is, with what it needs."""
    settled = choose(own, {}, left_out)
    known = {one.code for one in own.items}
    if code not in known - settled.gone.keys() - settled.locked.keys():
        return
    after = choose(own, {}, toggled(own, code, answers={}, left_out=left_out))
    if code in settled.codes:
        assert code not in after.codes


@settings(max_examples=100, deadline=None)
@given(things(), st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_an_order(own: Thing, rng: Random) -> None:
    """Each fact and each paper once; another item never takes one away; made ones are not asked."""
    items = list(own.items)
    whole = form.merge(items, {})
    keys = [field.key for field in whole.fields]
    assert len(keys) == len(set(keys))
    shuffled = rng.sample(items, len(items))
    assert {f.key: f.origin for f in form.merge(shuffled, {}).fields} == {
        f.key: f.origin for f in whole.fields
    }
    for size in range(len(items)):
        fewer = {field.key for field in form.merge(items[:size], {}).fields}
        assert fewer <= set(keys)
    papers = [entry.material.key for entry in materials.merge(items).entries]
    assert len(papers) == len(set(papers))
    assert set(papers) == {e.material.key for e in materials.merge(shuffled).entries}


@settings(max_examples=100, deadline=None)
@given(things())
def test_more_items_never_take_less_time(own: Thing) -> None:
    """Adding an item brings no promise forward."""
    times = [promise.days(own.items[:size]) for size in range(len(own.items) + 1)]
    assert times == sorted(times)


def test_what_is_made_on_the_way_is_not_asked() -> None:
    """Until its maker is left out: then it is the citizen's."""
    maker = item("a")
    taker = item("b", fields=(fact("f.no", "produced:a", "user"),), materials=(paper("p", "a"),))
    made = form.merge((maker, taker), {}).field("f.no")
    assert made.origin is Origin.PRODUCED
    assert not made.act
    assert form.merge((taker,), {}).field("f.no").act
    assert materials.merge((maker, taker)).asked == 0
    assert materials.merge((taker,)).asked == 1


def test_the_kinds_of_reason_are_all_told() -> None:
    """A reason that no sentence tells would leave the citizen without one."""
    told = {WhyKind.ANSWER, WhyKind.UNAVAILABLE}
    sentences = {"needs_paper", "needs_item", "law", "excludes", "alternative"}
    assert {kind.value for kind in WhyKind if kind not in told} == sentences
    assert choice.WhyKind is WhyKind
