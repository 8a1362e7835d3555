"""The shell's decisions, without a process: who is shown, who is killed, and when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.shell.policy import (
    HUNG_AFTER,
    LADDER_STEPS,
    SEEN_WITHIN,
    TWICE_WITHIN,
    GiveUp,
    Kill,
    Policy,
    Record,
    Show,
    Spawn,
)
from kiosk.shell.slot import After, Kind, Phase


def _running() -> Policy:
    """Slot 1 on the screen with a visit, slot 2 ready behind it, at time 1."""
    policy = Policy()
    policy.tick(0)
    policy.ready(1, 0.5)
    policy.ready(2, 1)
    policy.seen(1)
    policy.visit_began(1, "v1")
    policy.framed(1, 1)
    return policy


def test_start_shows_the_first_and_warms_a_second() -> None:
    """An empty shell starts one session, shows it, and starts the standby."""
    policy = Policy()
    assert policy.tick(0) == [Spawn(slot=1)]
    assert policy.ready(1, 0.4) == [Show(slot=1, after=None), Spawn(slot=2)]


def test_the_end_of_a_visit_swaps_show_before_kill() -> None:
    """The standby is raised; the old one dies only after the new one is seen."""
    policy = _running()
    actions = policy.ended(1, "finished", 2)
    assert Show(slot=2, after=None) in actions
    assert not any(isinstance(a, Kill) for a in actions)
    assert policy.seen(2) == [Kill(slot=1)]


def test_an_unseen_swap_kills_after_its_limit() -> None:
    """A standby that never says seen does not keep the old citizen's process alive."""
    policy = _running()
    policy.ended(1, "finished", 2)
    policy.framed(2, 2 + SEEN_WITHIN)
    assert Kill(slot=1) in policy.tick(2 + SEEN_WITHIN)


def test_a_crash_shows_the_standby_with_what_was_kept() -> None:
    """Past submit the next page knows the local number."""
    policy = _running()
    policy.submitted(1, "L1")
    actions = policy.exited(1, -9, 2)
    assert Show(slot=2, after=After(how="crashed", local_no="L1")) in actions
    assert Record(event="session_crashed", fields={"slot": 1, "status": -9}) in actions


def test_a_crash_while_handing_over_claims_nothing() -> None:
    """Between hand-over and the agent's word the next page must not say what is stored."""
    policy = _running()
    policy.handing_over(1, "L1")
    actions = policy.exited(1, -9, 2)
    assert Show(slot=2, after=After(how="crashed", local_no="L1", certain=False)) in actions


def test_a_crash_before_a_visit_owes_no_explanation() -> None:
    """Nobody was there: the screen simply goes on."""
    policy = Policy()
    policy.tick(0)
    policy.ready(1, 0)
    policy.ready(2, 1)
    assert Show(slot=2, after=None) in policy.exited(1, 1, 2)


def test_an_explanation_that_was_not_seen_is_still_owed() -> None:
    """The page that tells the local number dies at once: the next one tells it."""
    policy = _running()
    policy.submitted(1, "L1")
    policy.exited(1, -9, 2)
    policy.ready(3, 2.5)
    assert Show(slot=3, after=After(how="crashed", local_no="L1")) in policy.exited(2, -9, 2.6)


def test_an_explanation_is_given_once() -> None:
    """After it was seen, a death without a visit owes nothing."""
    policy = _running()
    policy.submitted(1, "L1")
    policy.exited(1, -9, 2)
    policy.seen(2)
    policy.ready(3, 2.5)
    assert Show(slot=3, after=None) in policy.exited(2, -9, 2.6)


def test_a_hung_session_is_replaced_after_five_seconds() -> None:
    """No frame for five seconds is the verdict, not sooner."""
    policy = _running()
    policy.framed(2, 1 + HUNG_AFTER)
    assert not any(isinstance(a, Show) for a in policy.tick(1 + HUNG_AFTER))
    assert Show(slot=2, after=After(how="hung")) in policy.tick(1.1 + HUNG_AFTER)


def test_without_a_standby_the_old_picture_stays() -> None:
    """A second end while the standby warms kills nothing until one can be shown."""
    policy = _running()
    policy.ended(1, "finished", 2)
    policy.seen(2)
    policy.exited(1, -9, 2.1)
    policy.visit_began(2, "v2")
    actions = policy.ended(2, "finished", 2.2)
    assert not any(isinstance(a, Kill | Show) for a in actions)
    assert Show(slot=3, after=None) in policy.ready(3, 2.6)
    assert policy.seen(3) == [Kill(slot=2)]


def test_many_deaths_give_up() -> None:
    """The ladder ends at the service manager."""
    policy = Policy()
    actions = policy.tick(0)
    for n in range(1, LADDER_STEPS + 2):
        actions = policy.exited(n, 1, float(n)) + policy.tick(n + 0.6)
    assert GiveUp() in actions


def test_dying_standbys_do_not_end_a_visit() -> None:
    """Somebody is being served: the ladder ends only after their visit."""
    policy = _running()
    now = 2.0
    for n in range(2, LADDER_STEPS + 4):
        now += 1.0
        policy.framed(1, now)
        actions = policy.exited(n, 1, now) if n in policy.slots else []
        assert GiveUp() not in actions + policy.tick(now + 0.6)
    assert GiveUp() in policy.ended(1, "finished", now + 1)


@given(st.lists(st.sampled_from(["ready", "end", "exit", "tick", "seen", "frame"]), max_size=60))
def test_never_two_active_and_always_someone_coming(steps: list[str]) -> None:
    """Whatever happens in whatever order, one is shown or one is on its way."""
    policy, now = Policy(), 0.0
    policy.tick(now)
    for step in steps:
        now += 0.7
        names = sorted(policy.slots)
        name = names[0] if step in {"end", "exit", "seen"} else names[-1]
        if step == "ready" and policy.slots[name].phase is Phase.WARMING:
            policy.ready(name, now)
        elif step == "end":
            policy.ended(name, "finished", now)
        elif step == "exit":
            policy.exited(name, 1, now)
        elif step == "seen":
            policy.seen(name)
        elif step == "frame":
            policy.framed(name, now)
        actions = policy.tick(now)
        shown = [s for s in policy.slots.values() if s.phase is Phase.ACTIVE]
        assert len(shown) <= 1
        if GiveUp() in actions or now < policy._not_before:
            return
        assert any(s.phase in {Phase.WARMING, Phase.READY} for s in policy.slots.values())


def _idle() -> Policy:
    """Slot 1 on the screen, untouched, slot 2 ready behind it, at time 1."""
    policy = Policy()
    policy.tick(0)
    policy.ready(1, 0.5)
    policy.ready(2, 1)
    policy.seen(1)
    policy.framed(1, 1)
    return policy


def test_maintenance_is_shown_between_citizens_and_followed_by_the_standby() -> None:
    """It takes the place of an untouched page, and the ready standby takes its place."""
    policy = _idle()
    assert policy.staff(1, "hold", 1) == [Spawn(slot=3, kind=Kind.MAINTENANCE, how="hold")]
    assert policy.maintain("command", 1) == [], "once is enough"
    assert policy.ready(3, 1.4) == [Show(slot=3, after=None)]
    assert policy.seen(3) == [Kill(slot=1)]
    assert policy.exited(1, -9, 1.5) == []
    assert Show(slot=2, after=None) in policy.ended(3, "left", 2)
    assert policy.seen(2) == [Kill(slot=3)]


def test_a_citizen_who_touches_first_wins() -> None:
    """Maintenance that is being warmed is given up; in a visit it never begins."""
    policy = _idle()
    policy.staff(1, "hold", 1)
    assert Kill(slot=3) in policy.visit_began(1, "v")
    assert policy.staff(1, "hold", 2) == policy.maintain("command", 2) == []
    policy = _idle()
    policy.staff(1, "hold", 1)
    policy.slots[1].visit = "v"
    assert policy.ready(3, 1.4) == [Kill(slot=3)]


def test_a_touch_on_a_page_that_was_displaced_begins_no_visit() -> None:
    """It was on its way when maintenance came: nothing is written that would never be ended."""
    policy = _idle()
    policy.staff(1, "hold", 1)
    policy.ready(3, 1.4)
    assert policy.visit_began(1, "late") == []
    assert policy.seen(3) == [Kill(slot=1)]
    assert policy.exited(1, -9, 1.5) == []
    assert Show(slot=2, after=None) in policy.ended(3, "left", 2)
    assert Record(event="visit_began", fields={"visit": "v"}) in policy.visit_began(2, "v")


def test_maintenance_that_crashes_or_hangs_gives_way_to_citizens() -> None:
    """Whatever becomes of it, the next page is the idle one, with nothing to explain."""
    for how in ("crash", "hang"):
        policy = _idle()
        policy.staff(1, "hold", 1)
        policy.ready(3, 1.4)
        policy.seen(3)
        policy.exited(1, -9, 1.5)
        policy.framed(2, 1.4 + HUNG_AFTER)
        late = 1.5 + HUNG_AFTER
        actions = policy.exited(3, -11, 2) if how == "crash" else policy.tick(late)
        assert Show(slot=2, after=None) in actions
        assert any(isinstance(a, Record) and "session_" in a.event for a in actions)


def test_only_a_session_on_the_screen_opens_maintenance() -> None:
    """A standby, or one that leaves, has no say."""
    policy = _idle()
    assert policy.staff(2, "hold", 1) == []
    policy.visit_began(1, "v")
    policy.ended(1, "finished", 2)
    assert policy.staff(1, "hold", 2) == []


def test_a_change_of_what_is_shown_first_reaches_an_untouched_page() -> None:
    """The standby is warmed anew and shown; a citizen who is served is left in peace."""
    policy = _idle()
    assert policy.renew(2) == [Kill(slot=2), Spawn(slot=3)]
    assert policy.ready(3, 2.4) == [Show(slot=3, after=None), Spawn(slot=4)]
    policy = _running()
    assert policy.renew(2) == [Kill(slot=2), Spawn(slot=3)]
    assert policy.ready(3, 2.4) == []
    assert Show(slot=3, after=None) in policy.ended(1, "finished", 3)


def test_staff_free_a_stuck_visit_without_seeing_it() -> None:
    """The next page tells what was kept; where nobody is served, nothing happens."""
    policy = _running()
    policy.submitted(1, "L1")
    actions = policy.free(2)
    assert Record(event="visit_ended", fields={"visit": "v1", "how": "freed"}) in actions
    assert Show(slot=2, after=After(how="hung", local_no="L1")) in actions
    assert _idle().free(2) == []


def test_the_key_turned_twice_frees_a_stuck_visit() -> None:
    """Once is no sign, two turns that lie apart neither; a finger on the emblem frees nobody."""
    policy = _running()
    assert policy.staff(1, "switch", 2) == []
    assert policy.staff(1, "switch", 2.5 + TWICE_WITHIN) == []
    assert policy.staff(1, "hold", 3 + TWICE_WITHIN) == []
    freed = policy.staff(1, "switch", 4 + TWICE_WITHIN)
    assert Record(event="visit_ended", fields={"visit": "v1", "how": "freed"}) in freed
