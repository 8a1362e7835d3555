"""Samples of maintenance mode: devices, paper, outbox, system, out of service, report, help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Action, Notice, text
from kiosk.maintenance import view as m
from screens.sample import Sample, say
from screens.samples_staff import health, staff_frame, way

if TYPE_CHECKING:
    from kiosk.maintenance.view import Tone


def staff_work() -> Iterator[Sample]:
    """Yield the pages of this module."""
    for part in (_devices(), _papers(), _outboxes(), _systems(), _outs(), _reports(), _helps()):
        yield from part


def _devices() -> Iterator[Sample]:
    reader = m.StaffDeviceView(
        frame=staff_frame("engineer"),
        title=text("faults.name.id_reader"),
        part="id_reader",
        health=health("fine"),
        ways=(way("test"), way("reset"), way("trace")),
        counts=(m.Count(key="today", value="91"), m.Count(key="failed", value="2", tone="soon")),
        errors=(
            m.PartError(
                at="11:40",
                told=say("读卡没有读成（卡拿起得太早）", "A card was lifted too early"),
                times=2,
            ),
        ),
        facts=(
            m.Fact(key="model", value=say("SS-628")),
            m.Fact(key="serial", value=say("0511-2409-0371")),
            m.Fact(key="firmware", value=say("3.2.1")),
        ),
    )
    yield Sample(name="staff-device", view=reader)
    printer = replace(
        reader,
        title=text("faults.name.receipt_printer"),
        part="receipt_printer",
        health=health("trouble", "凭条纸用完了", "No slip paper"),
        outcome=m.Outcome(
            tone="trouble", told=text("upkeep.test.slip_not"), hint=text("upkeep.test.slip_hint")
        ),
        ways=(way("test"), way("paper", "receipt_printer"), way("reset"), way("trace")),
        counts=(
            m.Count(key="today", value="84"),
            m.Count(key="unprinted", value="2", tone="soon"),
        ),
        errors=(
            m.PartError(at="11:40", told=say("凭条没有打出来（没有纸）", "Not printed"), times=2),
        ),
    )
    yield Sample(name="staff-device-printer", view=printer)
    yield from _whole(reader, printer)


def _whole(reader: m.StaffDeviceView, printer: m.StaffDeviceView) -> Iterator[Sample]:
    """Yield the page with all that a device may tell and offer."""
    whole = replace(
        reader,
        ways=(way("test"), way("reset"), way("trace")),
        counts=(
            m.Count(key="today", value="91"),
            m.Count(key="failed", value="2"),
            m.Count(key="whole", value="20,418"),
        ),
        facts=(
            m.Fact(key="maker", value=say("示例厂家", "Example maker")),
            *reader.facts,
            m.Fact(key="port", value=say("USB 1-4")),
            m.Fact(key="since", value=say("11月20日 7:58")),
        ),
        errors=(
            m.PartError(
                at="11:40",
                told=say("读卡中断，卡拿起得太早", "The card was lifted too early"),
                times=2,
            ),
            m.PartError(at="11-20 7:57", told=say("线断开过，自动接上了", "Reconnected by itself")),
        ),
    )
    yield Sample(name="staff-device-whole", view=whole)
    testing = replace(
        whole, doing=say("请放一张身份证", "Put an ID card on the reader"), outcome=None
    )
    yield Sample(name="staff-device-testing", view=testing)
    traced = replace(
        printer,
        tracing=True,
        ways=(
            way("paper", "receipt_printer"),
            way("test"),
            way("reset"),
            way("trace", key="trace_end", chosen=True),
        ),
        counts=(
            m.Count(key="paper_left", value="0", tone="trouble"),
            m.Count(key="today", value="84"),
            m.Count(key="unprinted", value="2", tone="soon"),
            m.Count(key="reprinted", value="1"),
        ),
    )
    yield Sample(name="staff-device-traced", view=traced)


def _papers() -> Iterator[Sample]:
    done = Action(target="staff:paper_done", label=text("staff.way.paper_done"), icon="printer")
    paper = m.StaffPaperView(
        frame=staff_frame(go=done),
        title=text("staff.paper.title.receipt_printer"),
    )
    yield Sample(name="staff-paper", view=replace(paper, frame=staff_frame()))
    yield Sample(name="staff-paper-insert", view=replace(paper, step=2))
    yield Sample(
        name="staff-paper-a4",
        view=replace(
            paper, title=text("staff.paper.title.a4_printer"), printer="a4_printer", step=3
        ),
    )
    good = m.Outcome(
        tone="fine",
        told=text("upkeep.paper.well"),
        hint=text("upkeep.paper.kept", no="0317"),
    )
    yield Sample(
        name="staff-paper-done",
        view=replace(
            paper,
            title=text("staff.paper.done"),
            phase="done",
            step=3,
            outcome=good,
            frame=staff_frame(),
        ),
    )


def _row(number: str, tone: Tone, why: tuple[str, str], age: str) -> m.OutboxRow:
    return m.OutboxRow(local_no=number, tone=tone, told=say(*why), age=say(age))


_HELD: Final = ("没有被接收，等管理中心处理", "Not taken; the centre sees to it")
_LINE: Final = ("等待联网，联网后自动上传", "Waits for the network; sent by itself")


def _outboxes() -> Iterator[Sample]:
    rows = (
        _row(
            "L0003261122K7QDM3",
            "trouble",
            _HELD,
            "3 小时",
        ),
        _row("L0003261122QX48ZP", "soon", _LINE, "41 分钟"),
        _row("L0003261122B0T9WN", "soon", _LINE, "38 分钟"),
        _row("L00032611229HJ2VC", "soon", _LINE, "12 分钟"),
    )
    full = m.StaffOutboxView(
        frame=staff_frame(),
        title=text("staff.outbox.title", n=4),
        lead=text("staff.outbox.lead"),
        counts=(
            m.Count(key="waiting", value="3", tone="soon"),
            m.Count(key="held", value="1", tone="trouble"),
            m.Count(key="submitted", value="82"),
        ),
        rows=rows,
        ways=(way("retry"), way("export")),
    )
    yield Sample(name="staff-outbox", view=full)
    empty = replace(
        full,
        title=text("staff.outbox.empty"),
        rows=(),
        counts=(m.Count(key="waiting", value="0"), m.Count(key="submitted", value="86")),
        ways=(),
    )
    yield Sample(name="staff-outbox-empty", view=empty)


_WAYS: Final = (
    "update",
    "diagnostics",
    "calibrate",
    "restart",
    "shut_down",
    "recovery_card",
    "train",
)
"""What an engineer finds on the system page."""


def _systems() -> Iterator[Sample]:
    settings = (
        m.Setting(key="intake", health=health("fine", "38 毫秒", "38 ms")),
        m.Setting(key="clock", health=health("fine", "偏差 0.02 秒", "0.02 s off")),
        m.Setting(
            key="sound",
            health=health("fine"),
            share=0.6,
            less=way("quieter"),
            more=way("louder"),
        ),
        m.Setting(
            key="brightness",
            health=health("fine"),
            share=0.8,
            less=way("darker"),
            more=way("brighter"),
        ),
        m.Setting(key="disk", health=health("fine", "还剩 41 GB", "41 GB free")),
        m.Setting(key="software", health=health("fine", "1.4.0")),
        m.Setting(key="stick", health=health("off", "没有插", "not plugged in")),
    )
    system = m.StaffSystemView(
        frame=staff_frame("engineer"),
        title=text("staff.system.title"),
        settings=settings,
        ways=tuple(map(way, _WAYS)),
    )
    more = ("diagnostics", "update", "recovery_card", "calibrate", "restart", "shut_down")
    network = m.Setting(key="network", health=health("fine", "有线 192.0.2.17", "Wired 192.0.2.17"))
    slow = m.Setting(
        key="clock", health=health("soon", "慢 2.4 秒", "2.4 s slow"), action=way("set_clock")
    )
    whole = replace(
        system, settings=(network, slow, *settings[2:]), ways=tuple(way(own) for own in more)
    )
    yield Sample(name="staff-system", view=system)
    yield Sample(name="staff-system-whole", view=whole)
    outcome = m.Outcome(
        tone="trouble",
        told=say("U 盘上的升级包没有有效的签名", "The release has no valid signature"),
        hint=say("没有装任何东西。请用管理中心发的 U 盘。", "Nothing was installed."),
    )
    yield Sample(name="staff-system-refused", view=replace(system, outcome=outcome))
    ask = m.Question(
        title=text("staff.system.ask.shut_down"),
        told=text("staff.system.ask.shut_down_told"),
        yes=way("yes", key="shut_down"),
        no=way("no", key="keep"),
        grave=True,
    )
    yield Sample(name="staff-shut-down", view=replace(system, question=ask))


def _choice(name: str, key: str, *, chosen: bool = False) -> Action:
    return Action(
        target=f"staff:{name}:{key}", label=text(f"staff.out.{name}.{key}"), chosen=chosen
    )


def _outs() -> Iterator[Sample]:
    reasons = ("maintenance", "paper", "fault", "network", "power", "closed")
    untils = ("soon", "hour", "today", "tomorrow", "open")
    out = m.StaffOutView(
        frame=staff_frame(go=way("stop")),
        title=text("staff.out.title"),
        reasons=tuple(_choice("reason", key, chosen=key == "paper") for key in reasons),
        untils=tuple(_choice("until", key, chosen=key == "soon") for key in untils),
        shown=text("staff.out.reason.paper_shown"),
        shown_lead=text("staff.out.told.soon"),
    )
    yield Sample(name="staff-out", view=out)
    is_out = replace(
        out,
        frame=staff_frame(go=way("serve")),
        title=text("staff.out.is_out"),
        out=True,
        reasons=(),
        untils=(),
    )
    yield Sample(name="staff-out-now", view=is_out)


def _finding(tone: Tone, name: str, told: tuple[str, str], fix: str = "") -> m.FindingRow:
    return m.FindingRow(
        tone=tone,
        name=text(f"faults.name.{name}"),
        told=say(*told),
        fix=say(fix) if fix else None,
    )


def _reports() -> Iterator[Sample]:
    findings = (
        _finding("trouble", "receipt_printer", ("纸用完了", "No paper"), "换一卷热敏纸。"),
        _finding("soon", "a4_printer", ("碳粉 18%", "Toner 18%"), "准备一个碳粉盒，低于 5% 时换。"),
        _finding(
            "soon",
            "keys",
            ("终端证书还有 20 天到期", "The certificate expires in 20 days"),
            "请管理中心签发新证书；联网后自动装上。",
        ),
        _finding("fine", "id_reader", ("今天读 91 次", "91 read today")),
        _finding("fine", "document_camera", ("清晰度 96", "Sharpness 96")),
        _finding("fine", "intake", ("38 毫秒", "38 ms")),
        _finding("fine", "clock", ("偏差 0.02 秒", "0.02 s off")),
        _finding("fine", "disk", ("还剩 41 GB", "41 GB free")),
        _finding("fine", "outbox", ("没有等待的", "nothing waits")),
        _finding("fine", "audit", ("记录完整", "complete")),
    )
    report = m.StaffReportView(
        frame=staff_frame(),
        title=text("staff.report.not_ready", n=1),
        lead=text(
            "staff.report.lead", date="11月22日", time="8:22", software="1.4.0", config="XX-0003"
        ),
        findings=findings,
        ways=(way("print"), way("pdf"), way("again")),
    )
    yield Sample(name="staff-report", view=report)
    fine = tuple(own for own in findings if own.tone == "fine")
    ready = replace(report, title=text("staff.report.ready"), findings=fine)
    yield Sample(name="staff-report-ready", view=ready)
    looking = replace(
        report, title=text("staff.report.looking"), lead=None, looking=True, findings=(), ways=()
    )
    yield Sample(name="staff-report-looking", view=looking)


def _helps() -> Iterator[Sample]:
    help_ = m.StaffHelpView(
        frame=staff_frame(),
        title=text("staff.help.title"),
        lead=text("staff.help.lead"),
        typed="L0003261122K7",
        find=way("find"),
    )
    yield Sample(name="staff-help", view=help_)
    unknown = Notice(
        kind="trouble",
        text=text("staff.help.trouble.unknown"),
        hint=text("staff.help.trouble.unknown_hint"),
    )
    yield Sample(name="staff-help-unknown", view=replace(help_, notices=(unknown,)))
    found = m.SlipFound(
        local_no="L0003261122K7QDM3",
        tone="soon",
        told=text("staff.help.state_of.stored"),
        age=say("41 分钟", "41 min"),
        reason=say(*_LINE),
        say=(text("staff.help.told.stored"), text("staff.help.told.stored_next")),
    )
    other = Action(target="staff:again", label=text("staff.way.other_slip"), icon="search")
    yield Sample(
        name="staff-help-found",
        view=replace(
            help_,
            frame=staff_frame(go=other),
            title=text("staff.help.found"),
            lead=None,
            found=found,
            find=None,
        ),
    )
