"""Samples of what lies over a page or ends a visit: warning, help, trouble, receipt, progress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.journey import view as v
from screens.sample import HELP, SERVICE, Sample, act, frame, say
from screens.standing import out_of_service

_NO: Final = "L0020261122A7K3"


def besides() -> Iterator[Sample]:
    """Yield overlays and the pages without a visit."""
    warning = v.WarningView(
        page="warning",
        frame=frame(2, nav=(), tools=()),
        title=say("您还在吗？", "Are you still there?"),
        lead=say(
            "没有人操作，24 秒后回到首页。已填的内容会清除，不留在这台机器上。",
            "Nobody has touched the screen. Back to the start in 24 seconds; all data is cleared.",
        ),
        seconds=24,
        of=30,
        go_on=act("continue", "还要继续", "Go on"),
        leave=act("finish", "不办了，结束", "Stop here"),
    )
    yield Sample(name="warning", view=warning)
    yield Sample(
        name="help",
        view=v.HelpView(
            page="help",
            frame=frame(2, nav=()),
            title=say("找人帮忙，打这个电话", "Call this number for help"),
            phone="12345",
            hours="",
            answers=say(
                "现在有人接：市民热线，24 小时", "Someone answers now: city hotline, 24 hours"
            ),
            say=(
                say("我在“红旗区政务服务中心 3 号机”", "I am at Hongqi Service Centre, No. 3"),
                say("我在办“新生儿出生”", "I am registering a newborn child"),
            ),
            cannot=(
                say(
                    "工作日 9:00至17:00 有工作人员在场",
                    "Staff are here on working days, 9:00 to 17:00",
                ),
                say(
                    "就近的窗口能办同样的事，材料一样，时限一样。",
                    "Any counter does the same, with the same papers and times.",
                ),
                say(
                    "窗口也办不成，请说“办不成事”，会有专人记下并答复您。",
                    "If the counter cannot do it, ask for the desk for unsolved matters.",
                ),
            ),
            close=act("close", "知道了，回去接着办", "Back to what I was doing"),
        ),
    )
    trouble = v.TroubleView(
        page="trouble",
        frame=frame(thing=None, nav=(HELP,), go=act("continue", "回到首页", "To the start")),
        title=say("屏幕出了点问题，您的申报没有丢", "The screen failed; nothing is lost"),
        lead=say(
            f"已经存好，不用再办一次。本机号 {_NO}，请记下或拍下来。",
            f"It is stored. Local number {_NO}: write it down or take a picture.",
        ),
        local_no=_NO,
        seconds=60,
    )
    yield Sample(name="trouble", view=trouble)
    lost = say(
        "刚才还没有提交，填的内容已经清除，这台机器上没有留下。", "Nothing was submitted or kept."
    )
    yield Sample(name="trouble-nothing", view=replace(trouble, lead=lost, local_no=None))
    yield Sample(name="out-of-service", view=out_of_service(SERVICE, "12345"))
    sent = v.WaitView(
        page="submitting",
        frame=frame(4, 0.25, nav=()),
        title=say("正在提交，请稍等", "Submitting, one moment"),
        lead=say("先存在这台机器上，再送给受理系统", "Stored here first, then sent"),
        held=True,
        slow=False,
        done=(say(f"已存在这台机器上，不会丢。本机号 {_NO}", f"Stored here. Local number {_NO}"),),
        cancel=None,
    )
    yield Sample(name="submitting", view=sent)
