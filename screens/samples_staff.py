"""Samples of maintenance mode: who you are, at a glance, one fault, the opening check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Action, Notice, Text, text
from kiosk.maintenance import view as m
from screens.sample import PLACE, SERVICE, Sample, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.maintenance.view import CheckState, StaffRole, Tone

BACK: Final = Action(target="staff:back", label=text("staff.back"))
LEAVE: Final = Action(target="staff:leave", label=text("staff.leave"))
OUT: Final = Action(target="staff:back", label=text("staff.to_citizens"))
CHECKS: Final = ("card", "print", "scan", "capture", "sound", "touch", "network", "clock", "space")


def way(name: str, argument: str = "", key: str = "", *, chosen: bool = False) -> Action:
    """Return a button of staff; its words are ``staff.way.<key>``."""
    target = f"staff:{name}:{argument}" if argument else f"staff:{name}"
    return Action(target=target, label=text(f"staff.way.{key or name}"), chosen=chosen)


def staff_frame(
    role: StaffRole | None = "clerk",
    *,
    nav: tuple[Action, ...] = (BACK, LEAVE),
    go: Action | None = None,
    training: bool = False,
    left_s: int | None = None,
) -> m.StaffFrame:
    """Return the bars of a page."""
    return m.StaffFrame(
        service=SERVICE,
        place=PLACE,
        thing=None,
        steps=None,
        nav=nav,
        go=go,
        role=role,
        work_no="0317" if role else "",
        leaves_in_s=left_s,
        training=training,
    )


def health(tone: Tone, words: str = "", english: str = "") -> m.Health:
    """Return how it is with something."""
    return m.Health(tone=tone, told=say(words, english) if words else text(f"staff.tone.{tone}"))


def staff() -> Iterator[Sample]:
    """Yield the pages of this module."""
    yield from (*_entry(), *_glances(), *_checks(), _touch())


def _entry() -> Iterator[Sample]:
    put = m.StaffCardView(
        frame=staff_frame(None, nav=(OUT,)),
        title=text("staff.card.title"),
        other=Action(target="staff:by_code", label=text("staff.card.by_code")),
    )
    yield Sample(name="staff-card", view=put)
    unknown = Notice(
        kind="trouble",
        text=text("staff.card.trouble.other_site"),
        hint=text("staff.card.trouble.other_site_hint"),
    )
    yield Sample(name="staff-card-unknown", view=replace(put, notices=(unknown,)))
    card = Action(target="staff:by_card", label=text("staff.card.by_card"))
    code = replace(
        put,
        title=text("staff.card.code_title"),
        lead=text("staff.card.code_lead"),
        phase="stopped",
        code_length=8,
        typed=3,
        other=card,
    )
    yield Sample(name="staff-code", view=code)
    pin = m.StaffPinView(
        frame=staff_frame(None),
        title=text("staff.pin.title"),
        lead=text("staff.pin.lead"),
        typed=4,
    )
    yield Sample(name="staff-pin", view=pin)
    yield Sample(name="staff-pin-wrong", view=replace(pin, typed=0, tries_left=3))
    waits = replace(pin, typed=0, locked_s=58)
    locked = replace(waits, locked_s=None, locked_out=True)
    yield Sample(name="staff-pin-wait", view=waits)
    yield Sample(name="staff-pin-locked", view=locked)


def _part(key: str, own: m.Health, *, page: bool = True) -> m.Part:
    action = Action(target=f"staff:part:{key}", label=text(f"faults.name.{key}"))
    return m.Part(key=key, health=own, action=action if page else None)


_LEAD: Final = text(
    "staff.glance.lead",
    place="3 号机",
    state="部分在用",
    config="XX-0003",
    software="1.4.0",
)


_FINE: Final = {"state": "在用"}


def _parts() -> tuple[m.Part, ...]:
    fine = health("fine")
    return (
        _part("id_reader", fine),
        _part("scanner", fine),
        _part("receipt_printer", health("trouble", "纸用完了", "No paper")),
        _part("document_camera", fine),
        _part("face_camera", fine),
        _part("a4_printer", health("soon", "碳粉快用完了", "Toner is low")),
        _part("social_card", health("off")),
        _part("keypad", fine),
        _part("ups", fine),
        _part("intake", health("fine", "38 毫秒", "38 ms"), page=False),
        _part("clock", health("fine", "偏差 0.02 秒", "0.02 s off"), page=False),
        _part("disk", health("fine", "还剩 41 GB", "41 GB free"), page=False),
    )


_COUNTS: Final = (m.Count(key="submitted", value="86"), m.Count(key="waiting", value="0"))
_MORE_COUNTS: Final = (
    *_COUNTS,
    m.Count(key="success", value="97%"),
    m.Count(key="held", value="1", tone="trouble"),
)


_WAYS: Final = tuple(way(name) for name in ("check", "report", "out", "help", "outbox", "system"))


def _tasks() -> tuple[m.Task, ...]:
    return (
        m.Task(
            key="receipt_printer.out",
            part="receipt_printer",
            tone="trouble",
            title=say("凭条纸用完了", "No slip paper"),
            told=text("faults.loses.receipt_printer"),
            action=way("paper", "receipt_printer"),
        ),
        m.Task(
            key="a4_printer.toner_low",
            part="a4_printer",
            tone="soon",
            title=say("碳粉快用完了", "Toner is low"),
            told=say("约还能打 300 页指南。", "About 300 pages are left."),
            action=way("fault", "a4_printer.toner_low"),
        ),
        m.Task(
            key="intake.slow",
            part="intake",
            tone="soon",
            title=say("网络很慢（2380 毫秒）", "The network is very slow (2380 ms)"),
            told=say("市民要多等一会儿。", "Citizens wait longer."),
            action=way("fault", "intake.slow"),
        ),
    )


def _glances() -> Iterator[Sample]:
    tasks = _tasks()
    one = m.StaffGlanceView(
        frame=staff_frame(nav=(LEAVE,)),
        title=text("staff.glance.title", n=1),
        lead=_LEAD,
        tasks=tasks[:1],
        counts=_COUNTS,
        parts=tuple(
            replace(own, health=health("fine")) if own.key == "a4_printer" else own
            for own in _parts()
        ),
        ways=_WAYS,
    )
    yield Sample(name="staff", view=one)
    many = replace(
        one,
        title=text("staff.glance.title", n=3),
        tasks=tasks,
        parts=_parts(),
        counts=_MORE_COUNTS,
        ways=_WAYS,
    )
    yield Sample(name="staff-many", view=many)
    parts = tuple(replace(own, health=health("fine")) for own in one.parts)
    lead = replace(_LEAD, values=tuple((k, _FINE.get(k, v)) for k, v in _LEAD.values))
    fine = replace(one, title=text("staff.glance.fine"), lead=lead, tasks=(), parts=parts)
    bars = staff_frame("engineer", nav=(LEAVE,), training=True, left_s=48)
    training = replace(fine, frame=bars, counts=_MORE_COUNTS, ways=_WAYS)
    training = replace(training, ways=tuple(_ending(own) for own in training.ways))
    yield Sample(name="staff-fine", view=fine)
    yield Sample(name="staff-training", view=training)
    yield Sample(name="staff-fault", view=_fault())
    yield from _tried()


def _ending(action: Action) -> Action:
    ends = action.target == "staff:train"
    return replace(action, label=text("staff.way.train_end"), chosen=True) if ends else action


def _fault() -> m.StaffFaultView:
    return m.StaffFaultView(
        frame=staff_frame(),
        title=say("身份证阅读器没有接上", "ID card reader is not connected"),
        lead=say("不能刷身份证，谁也办不了；只能看指南", "No card can be read: nobody is served"),
        part="id_reader",
        tone="trouble",
        steps=(
            say("看看它的电源线和数据线，两头都拔下来再插紧。", "Pull both cables, plug them in."),
            say(
                "看看它的电源灯亮不亮；不亮就换一个插口。", "Is its lamp lit? If not: another port"
            ),
            say("等半分钟，点“再试一次”。", "Wait half a minute, touch “Try again”."),
        ),
        tried=(text("upkeep.tried.out_of_order"),),
        ring=say(
            "打设备厂商的维修电话，报机器编号和屏幕上这句话",
            "Ring the vendor with the terminal's number and this sentence",
        ),
        numbers=(
            say(
                "厂家维修 0373-0000004，现在没人接，明天 08:00 起有人",
                "厂家维修 0373-0000004: nobody answers now, from 08:00 tomorrow",
            ),
        ),
        terminal=text("upkeep.fault.terminal", terminal="XX-DT-001"),
        ways=(way("part", "id_reader"), way("reset"), way("again")),
    )


def _tried() -> Iterator[Sample]:
    """After 再试一次: it is still so, and it is over."""
    still = Notice(
        kind="trouble",
        text=text("upkeep.fault.tried", time="10:41"),
        hint=text("upkeep.fault.tried_hint"),
    )
    yield Sample(name="staff-fault-still", view=replace(_fault(), notices=(still,)))
    over = m.StaffFaultView(
        frame=staff_frame(nav=(LEAVE,)),
        title=text("upkeep.fault.over"),
        lead=text("upkeep.fault.over_lead"),
        part="id_reader",
        tone="fine",
        steps=(),
        ways=(Action(target="staff:back", label=text("upkeep.fault.over_way")),),
    )
    yield Sample(name="staff-fault-over", view=over)


_FOUND: Final = frozenset({"passed", "failed"})


def _steps(*states: CheckState, told: Mapping[str, Text] | None = None) -> tuple[m.CheckStep, ...]:
    found = told or {}
    all_states = (*states, *("waiting",) * (len(CHECKS) - len(states)))
    return tuple(
        m.CheckStep(key=key, state=state, told=found.get(key) if state in _FOUND else None)  # type: ignore[arg-type]
        for key, state in zip(CHECKS, all_states, strict=True)
    )


def _checks() -> Iterator[Sample]:
    ready = m.StaffCheckView(
        frame=staff_frame(),
        title=text("staff.check.title"),
        lead=text("staff.check.lead"),
        steps=_steps(),
        ways=(way("begin"),),
    )
    yield Sample(name="staff-check", view=ready)
    told = {
        "card": say("0.8 秒", "0.8 s"),
        "print": say("已确认", "confirmed"),
        "scan": say("0.3 秒", "0.3 s"),
        "network": say("38 毫秒", "38 ms"),
        "clock": say("偏差 0.02 秒", "0.02 s off"),
        "space": say("41 GB"),
    }
    first = replace(
        ready,
        phase="running",
        lead=None,
        title=text("staff.check.running", n=1, of=9),
        steps=_steps("now"),
        ways=(way("again"), way("skip")),
    )
    yield Sample(name="staff-check-card", view=first)
    fourth = replace(
        first,
        title=text("staff.check.running", n=4, of=9),
        steps=_steps(*("passed",) * 3, "now", *("waiting",) * 2, *("passed",) * 3, told=told),
    )
    yield Sample(name="staff-check-page", view=fourth)
    fifth = replace(
        first,
        title=text("staff.check.running", n=5, of=9),
        steps=_steps(
            *("passed", "passed", "failed", "passed", "now", "waiting", *("passed",) * 3),
            told={**told, "scan": say("没有扫到", "no code seen")},
        ),
        ways=(way("yes", key="heard"), way("no", key="not_heard"), way("again")),
    )
    yield Sample(name="staff-check-sound", view=fifth)
    yield _stopped(first, told)
    kept = text("staff.check.kept", date="11月22日", time="8:21", no="0317")
    done = replace(
        ready,
        phase="done",
        lead=None,
        title=text("staff.check.done"),
        steps=_steps(*("passed",) * 9, told=told),
        kept=kept,
        ways=(way("begin", key="check_all"),),
    )
    yield Sample(name="staff-check-done", view=done)
    states: tuple[CheckState, ...] = ("failed", "passed", "skipped", *("passed",) * 6)
    told = {**told, "card": text("upkeep.test.card_nobody", s=60)}
    rest = replace(way("again"), label=text("staff.check.rest_way", n=2))
    both = (rest, way("begin", key="check_all"))
    failed = replace(
        done,
        title=text("staff.check.failed_skipped", n=1, skipped=1),
        steps=_hinted(_steps(*states, told=told)),
        ways=both,
    )
    yield Sample(name="staff-check-failed", view=failed)
    earlier = tuple(
        replace(one, at="7:42", by="0317") if one.state == "passed" else one
        for one in _steps(*states)
    )
    left = replace(
        ready,
        title=text("staff.check.rest", n=2),
        lead=text("staff.check.rest_lead"),
        steps=_hinted(earlier),
        ways=both,
    )
    yield Sample(name="staff-check-rest", view=left)


def _stopped(running: m.StaffCheckView, told: Mapping[str, Text]) -> Sample:
    """Return the page of a step that failed and waits for the person."""
    steps = _steps(
        *("passed",) * 2,
        "failed",
        *("waiting",) * 3,
        *("passed",) * 3,
        told={**told, "scan": text("upkeep.test.scan_not")},
    )
    third = replace(steps[2], hint=text("staff.check.scan_hint"))
    view = replace(
        running,
        title=text("staff.check.running", n=3, of=9),
        steps=(*steps[:2], third, *steps[3:]),
        stopped=third,
        ways=(way("again"), way("go_on")),
    )
    return Sample(name="staff-check-stopped", view=view)


def _hinted(steps: tuple[m.CheckStep, ...]) -> tuple[m.CheckStep, ...]:
    first, *others = steps
    return (replace(first, hint=text("upkeep.test.card_nobody_hint")), *others)


def _touch() -> Sample:
    view = m.StaffTouchView(
        frame=staff_frame(nav=(BACK,)),
        title=text("staff.touch.title"),
        touched=frozenset({0, 1, 2, 3, 4, 7, 8}),
        seconds_left=18,
    )
    return Sample(name="staff-touch", view=view)
