"""The opening check at the pace of its clerk, and what the first page says of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Did, Examined, Found, Looked, Statuses, Words
from kiosk.maintenance.intents import Said
from kiosk.maintenance.opening_check import BY_ITSELF, CheckError, Record, Result, Step, kept
from kiosk.maintenance.states import State
from kiosk.maintenance.targets import parse
from tests.unit.test_maintenance_course import ONLINE, WELL, WORDS, Stay

DOCTOR = Examined(
    findings=tuple(
        Found(check=own, case="ok", verdict="ok", told="ok") for own in BY_ITSELF.values()
    )
)


def test_the_opening_check_goes_through_all_steps() -> None:
    """Each is tried once, the person answers for the sound, every cell is touched."""
    stay = Stay().signed_in().tap("check", "begin")
    assert stay.wanted[:2] == (e.BeginCheck(), e.Examine())
    assert _checked(stay) == list(Step)
    (end,) = stay.wanted
    assert isinstance(end, e.EndCheck)
    assert set(dict(end.results).values()) == {Result.PASSED}
    assert end.seconds == 7


def test_the_opening_check_waits_for_a_slow_clerk() -> None:
    """No clock is on the whole; what needs no person is done meanwhile, whatever is open."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    for step in (Step.CARD, Step.PRINT, Step.SCAN, Step.CAPTURE):
        assert stay.course.context.check.now is step
        for _ in range(50):
            stay.say(Said.TICK)
        stay.say(Said.DID, WELL)
    stay.say(Said.DOING, Words(told=text("upkeep.test.sound")), "asks").tap("yes")
    stay.tap(*(f"cell:{n}" for n in range(24)))
    (end,) = stay.wanted
    assert isinstance(end, e.EndCheck)
    assert (set(dict(end.results).values()), end.seconds) == ({Result.PASSED}, 200)


def test_what_nobody_did_is_told_as_not_done() -> None:
    """Who walks away skipped nothing; the check ends by itself, and is kept."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    stay.say(Said.DID, Did(well=False, told=text("upkeep.test.card_not")))
    stay.tap("go_on", "skip")
    end = None
    for _ in range(1000):
        stay.say(Said.TICK)
        end = next((own for own in stay.wanted if isinstance(own, e.EndCheck)), None)
        if end is not None:
            break
    assert end is not None
    results = dict(end.results)
    assert (results[Step.CARD], results[Step.PRINT]) == (Result.FAILED, Result.SKIPPED)
    assert all(results[own] is Result.PASSED for own in BY_ITSELF)
    assert all(
        results[own] is Result.UNFINISHED
        for own in (Step.SCAN, Step.CAPTURE, Step.SOUND, Step.TOUCH)
    )
    assert stay.view().title.key == "staff.check.all_three"
    assert (stay.view().phase, stay.page) == ("done", State.CHECK)


SLIP_NOT = Did(well=False, told=text("upkeep.test.slip_not"), hint=text("upkeep.test.slip_hint"))


def _checked(stay: Stay, *failed: Step, ill: Did = SLIP_NOT) -> list[Step]:
    """Do what the check asks for, badly where told; return the steps it asked for."""
    tried = []
    while stay.course.context.check.now is not None:
        now = stay.course.context.check.now
        tried.append(now)
        if now is Step.TOUCH:
            stay.tap(*(f"cell:{n}" for n in range(24)))
        elif now is Step.SOUND:
            stay.say(Said.DOING, Words(told=text("upkeep.test.sound")), "asks").tap("yes")
        else:
            stay.say(Said.TICK).say(Said.DID, ill if now in failed else WELL)
        if stay.course.context.check.stopped:
            stay.tap("go_on")
    return tried


def test_again_does_what_did_not_pass_and_nothing_else() -> None:
    """What passed is not asked for twice, and is kept with its time; the rest is done in order."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    stay.tap("skip")
    _checked(stay, Step.PRINT)
    (end,) = stay.wanted
    assert isinstance(end, e.EndCheck)
    assert Step.PRINT not in dict(end.ago)
    assert dict(end.ago)[Step.NETWORK] == end.seconds == 3
    steps = {step.value: own.value for step, own in end.results}
    at = {step.value: "2026-11-27T07:42:10+08:00" for step, _ in end.ago}
    stay.say(Said.LOOKED, Looked(version="1", failed=1, left=1, steps=steps, passed_at=at))
    rows = {row.key: row for row in stay.view().steps}
    assert rows["print"].hint == text("upkeep.test.slip_hint")
    assert [own.label for own in stay.view().ways] == [
        text("staff.check.rest_way", n=2),
        text("staff.way.check_all"),
    ]
    stay.tap("again")
    assert stay.wanted[0] == e.BeginCheck()
    assert e.Examine() not in stay.wanted, "what the doctor found well is not looked at again"
    rows = {row.key: row for row in stay.view().steps}
    assert (rows["scan"].state, rows["scan"].at) == ("passed", "07:42")
    assert _checked(stay) == [Step.CARD, Step.PRINT]
    (end,) = stay.wanted
    assert isinstance(end, e.EndCheck)
    assert set(dict(end.results).values()) == {Result.PASSED}
    assert set(dict(end.ago)) == {Step.CARD, Step.PRINT}
    assert stay.view().title.key == "staff.check.done"


def test_the_check_goes_on_where_todays_ended() -> None:
    """Who comes back later does only what is left; the whole may be done, too."""
    steps = {step.value: "failed" if step is Step.NETWORK else "passed" for step in Step}
    at = {"card": "2026-11-27T07:42:10+08:00"}
    stay = Stay().signed_in()
    stay.say(Said.LOOKED, Looked(version="1", failed=1, steps=steps, passed_at=at))
    stay.tap("check")
    assert [own.target for own in stay.view().ways] == ["staff:again", "staff:begin"]
    assert (stay.view().steps[0].at, stay.view().phase) == ("07:42", "ready")
    stay.tap("again")
    assert e.Examine() in stay.wanted
    assert _checked(stay) == [Step.NETWORK]
    assert stay.view().phase == "done"
    stay.tap("begin")
    assert stay.course.context.check.results == {}
    assert _checked(stay) == list(Step)


def test_a_time_is_told_only_of_the_check_that_was_kept() -> None:
    """An agent that kept nothing of it leaves no time of an older check behind."""
    old = {"card": "2026-11-27T07:42:10+08:00"}
    stay = Stay().signed_in()
    stay.say(Said.LOOKED, Looked(version="1", passed_at=old)).tap("check", "begin")
    stay.say(Said.EXAMINED, DOCTOR)
    _checked(stay, Step.PRINT)
    stay.tap("again")
    assert {row.at for row in stay.view().steps} == {""}


def test_a_step_keeps_the_time_at_which_it_passed() -> None:
    """Over the checks of a day; one that failed later has none."""
    morning = datetime.fromisoformat("2026-11-27T07:42:30+08:00")
    results = {step.value: "passed" for step in Step}
    first = Record.of(
        {"results": {**results, "print": "failed"}, "seconds": 60, "ago": {"card": 20, "print": 5}},
        by="0317",
        at=morning,
    )
    document = first.after(())
    second = Record.of(
        {"results": {**results, "scan": "failed"}, "seconds": 9, "ago": {"print": 1}},
        by="0317",
        at=morning.replace(hour=9),
    )
    (_, both) = kept(second.after(kept(document)))
    assert dict(both.passed_at) == {
        Step.CARD: "2026-11-27T07:42:10+08:00",
        Step.PRINT: "2026-11-27T09:42:29+08:00",
    }
    with pytest.raises(CheckError):
        Record.of({"results": results, "seconds": 1, "ago": {"x": 1}}, by="0317", at=morning)


def test_who_does_the_rest_signs_for_the_rest_alone() -> None:
    """1001 passed eight steps at 07:39, 2002 the ninth at 10:40: the record has both."""
    morning = datetime.fromisoformat("2026-11-27T07:40:00+08:00")
    eight = {step.value: 10 for step in Step if step is not Step.CARD}
    results = {step.value: "passed" for step in Step}
    why = ["upkeep.test.card_not", "upkeep.test.card_hint"]
    document: dict[str, object] = {
        "results": {**results, "card": "failed"},
        "seconds": 60,
        "ago": eight,
        "reasons": {"card": why, "print": why},
    }
    first = Record.of(document, by="1001", at=morning)
    kept_first = kept(first.after(()))
    assert kept_first[0].reasons == {Step.CARD: tuple(why)}, "of what failed, and of nothing else"
    rest = {"results": results, "seconds": 8, "ago": {"card": 1}, "passed_by": {"card": "1001"}}
    second = Record.of(rest, by="2002", at=morning.replace(hour=10))
    (_, both) = kept(second.after(kept_first))
    assert (both.by, both.reasons) == ("2002", {})
    assert both.passed_by == {step: "2002" if step is Step.CARD else "1001" for step in Step}
    assert both.passed_at[Step.PRINT] == "2026-11-27T07:39:50+08:00"
    later = Record.of({**rest, "ago": {}}, by="2002", at=morning.replace(day=28))
    (_, _, other) = kept(later.after((*kept_first, both)))
    assert (other.passed_at, other.passed_by) == ({}, {}), "yesterday signs for nothing of today"
    for wrong in (["no key: 40"], ["upkeep.test.card_not", "张三"], ["", ""], 3):
        with pytest.raises(CheckError):
            Record.of({**document, "reasons": {"card": wrong}}, by="1001", at=morning)


def test_a_step_that_failed_is_told_with_its_reason_to_who_comes_later() -> None:
    """The page is left and opened again, by another: reason, time and number are still there."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    _checked(stay, Step.PRINT, Step.CAPTURE)
    (end,) = stay.wanted
    assert isinstance(end, e.EndCheck)
    assert dict(end.reasons)[Step.PRINT] == ("upkeep.test.slip_not", "upkeep.test.slip_hint")
    looked = Looked(
        version="1",
        failed=2,
        steps={step.value: own.value for step, own in end.results},
        passed_at={step.value: "2026-11-27T07:42:10+08:00" for step, _ in end.ago},
        passed_by={step.value: "1001" for step, _ in end.ago},
        reasons={"print": dict(end.reasons)[Step.PRINT], "capture": ("gone.since", "")},
        checked=("2026-11-27T10:40:00+08:00", "2002"),
    )
    stay = Stay().signed_in().say(Said.LOOKED, looked).tap("check")
    rows = {row.key: row for row in stay.view().steps}
    assert (rows["print"].state, rows["print"].told) == ("failed", SLIP_NOT.told)
    assert rows["print"].hint == SLIP_NOT.hint
    assert rows["capture"].told is None, "a release without these words shows no key"
    assert (rows["card"].at, rows["card"].by) == ("07:42", "1001")
    _checked(stay.tap("again"))
    rows = {row.key: row for row in stay.view().steps}
    assert (rows["card"].by, rows["print"].by) == ("1001", "")
    assert stay.view().kept == text(
        "staff.check.kept_together", date="2026-11-27", time="10:40", no="2002", others="1001"
    )


def test_what_has_a_value_is_no_reason_to_keep() -> None:
    """What a person left on the glass is told, and not written down."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    nobody, hint = text("upkeep.test.card_nobody", s=60), text("upkeep.test.card_nobody_hint")
    stay.say(Said.DID, Did(well=False, told=nobody, hint=hint)).tap("go_on")
    _checked(stay, Step.SCAN, ill=Did(well=False, told=text("upkeep.check.cells", n=3)))
    (end,) = stay.wanted
    assert isinstance(end, e.EndCheck)
    assert end.reasons == ((Step.CARD, ("", hint.key)),), "what to do says it without a value"
    reasons = {step.value: keys for step, keys in end.reasons}
    steps = {step.value: own.value for step, own in end.results}
    looked = Looked(version="1", failed=2, steps=steps, reasons=reasons)
    card, *_ = Stay().signed_in().say(Said.LOOKED, looked).tap("check").view().steps
    assert (card.state, card.told, card.hint) == ("failed", None, hint)


def test_leaving_a_check_skips_nothing() -> None:
    """What was open when somebody went back is not done."""
    stay = Stay().signed_in().tap("check", "begin", "back")
    end = next(own for own in stay.wanted if isinstance(own, e.EndCheck))
    assert set(dict(end.results).values()) == {Result.UNFINISHED}
    stay = Stay().signed_in().tap("check", "begin", "leave")
    assert any(isinstance(own, e.EndCheck) for own in stay.wanted), "it is kept before one leaves"
    assert stay.view().title.key == "staff.check.unfinished"
    assert stay.tap("leave").wanted[-1] == e.Leave(how="left")


def test_what_todays_check_left_comes_first() -> None:
    """A failed or unfinished step is to be done before anything else; nothing is all right."""
    stay = Stay().signed_in().say(Said.EXAMINED, DOCTOR)
    stay.say(Said.LOOKED, Looked(version="1", failed=1, left=2))
    view = stay.view()
    assert (view.tasks[0].key, view.tasks[0].tone) == ("check", "trouble")
    assert view.tasks[0].title.key == "staff.check.both"
    assert parse(view.tasks[0].action.target)[0].value == "check"
    assert view.title == text("staff.glance.title", n=len(view.tasks))
    stay = Stay().signed_in().say(Said.EXAMINED, DOCTOR)
    fine = Statuses(devices={"id_reader": ONLINE})
    stay.say(Said.STATUSES, fine).say(Said.LOOKED, Looked(version="1", left=1))
    assert [own.key for own in stay.view().tasks] == ["check"]


def test_nothing_is_called_fine_before_it_was_looked_at() -> None:
    """Net, clock and disk are being looked at until the doctor answers."""
    stay = Stay().signed_in().say(Said.STATUSES, Statuses(devices={"id_reader": ONLINE}))
    view = stay.view()
    assert (view.title.key, view.looking) == ("staff.glance.looking", True)
    assert {own.health.told.key for own in view.parts[1:]} == {"staff.glance.looking"}
    stay.say(Said.EXAMINED, DOCTOR)
    assert (stay.view().title.key, stay.view().looking) == ("staff.glance.fine", False)


@pytest.mark.parametrize("step", [one for one in Step if one not in BY_ITSELF])
def test_a_failed_step_waits_for_the_person_and_is_tried_again(step: Step) -> None:
    """Reason and advice stand there until somebody says how it goes on; none is without advice."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    while stay.course.context.check.now is not step:
        _once(stay, well=True)
    _once(stay, well=False)
    for _ in range(80):
        stay.say(Said.TICK)
    view = stay.view()
    assert (stay.page, view.stopped.key, view.stopped.state) == (State.CHECK, step, "failed")
    assert WORDS.text(view.stopped.told.key, **dict(view.stopped.told.values))
    assert WORDS.text(view.stopped.hint.key)
    assert [own.target for own in view.ways] == ["staff:again", "staff:go_on"]
    stay.tap("again")
    assert (stay.course.context.check.now, stay.course.context.check.stopped) == (step, False)
    _once(stay, well=True)
    assert stay.course.context.check.results[step] is Result.PASSED
    ended = stay.course.context.check
    assert ended.told.get(step) in {None, WELL.told, text("staff.way.heard")}


def _once(stay: Stay, *, well: bool) -> None:
    """Do the step now."""
    now = stay.course.context.check.now
    if now is Step.TOUCH:
        stay.tap(*(f"cell:{n}" for n in range(24 if well else 1)))
        if not well:
            stay.tap("back")
    elif now is Step.SOUND:
        stay.say(Said.DOING, Words(told=text("upkeep.test.sound")), "asks")
        stay.tap("yes" if well else "no")
    else:
        stay.say(Said.DID, WELL if well else Did(well=False, told=text("upkeep.test.page_none")))


def test_a_net_that_failed_is_looked_at_anew() -> None:
    """To try again what the doctor found is to ask him again."""
    steps = {step.value: "failed" if step is Step.NETWORK else "passed" for step in Step}
    stay = Stay().signed_in().say(Said.LOOKED, Looked(version="1", failed=1, steps=steps))
    stay.tap("check", "again").say(Said.DID, Did(well=False, told=text("upkeep.test.gone")))
    assert stay.view().stopped.hint == text("staff.check.network_hint")
    assert e.Examine() in stay.tap("again").wanted


def test_a_step_that_failed_stays_failed_when_it_is_then_skipped_or_left() -> None:
    """Tried once more and given up, it is still what it was."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.DID, SLIP_NOT).tap("again", "skip")
    assert stay.course.context.check.now is Step.PRINT
    stay.say(Said.DID, SLIP_NOT).tap("again")
    for _ in range(95):
        stay.say(Said.TICK)
    results = stay.course.context.check.results
    assert (results[Step.CARD], results[Step.PRINT]) == (Result.FAILED, Result.FAILED)


def test_what_was_skipped_is_not_called_undone() -> None:
    """Two that were left out on purpose and one that nobody did are told apart, everywhere."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    stay.tap("skip", "skip")
    for _ in (Step.SCAN, Step.CAPTURE, Step.SOUND):
        _once(stay, well=True)
    told = text("staff.check.unfinished_skipped", left=1, skipped=2)
    assert stay.tap("back").view().title == told, "nobody touched the grid"
    steps = {step.value: own.value for step, own in stay.course.context.check.results.items()}
    stay = Stay().signed_in().say(Said.EXAMINED, DOCTOR)
    stay.say(Said.LOOKED, Looked(version="1", left=3, steps=steps))
    assert stay.view().tasks[0].title == told
    assert WORDS.text(told.key, **dict(told.values)) == "有 1 项没做完，跳过了 2 项"


def test_only_a_slip_of_this_check_is_asked_for() -> None:
    """Minutes later, or if none came out, any code shows whether the scanner reads."""
    stay = Stay().signed_in().tap("check", "begin").say(Said.EXAMINED, DOCTOR)
    (fresh,) = stay.say(Said.DID, WELL).say(Said.DID, WELL).wanted
    assert isinstance(fresh, e.Try)
    assert fresh.fresh
    stay.say(Said.DID, SLIP_NOT).tap("go_on")
    _checked(stay)
    later = stay.tap("again").wanted[-1]
    assert isinstance(later, e.Try)
    assert (later.step, later.fresh) == (Step.SCAN, False)
    assert stay.view().told == text("upkeep.test.scan")
