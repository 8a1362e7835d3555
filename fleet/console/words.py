"""Words of the pages: states, faults and acts, and the cells of a terminal's row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from fleet.heads.findings import words_of
from fleet.release.picture_words import SITES
from fleet.terminals.days import HALL, day_of
from fleet.terminals.log_findings import Finding
from kiosk.maintenance.faults import Condition, faults, name, told
from kiosk.translation import Translator

LEVELS: Final = {0: "正常", 1: "要留意", 2: "要处理", 3: "停办", 4: "失联"}
SERVICES: Final = {
    "free": "空闲",
    "visited": "办理中",
    "maintained": "维护中",
    "out": "暂停服务",
    "unknown": "不知道",
}
KINDS: Final = SITES
COMMANDS: Final = {
    "out_of_service": "暂停服务",
    "in_service": "恢复服务",
    "restart_session": "重开界面",
    "diagnostics": "收集诊断",
    "screenshot": "截屏",
    "update": "检查更新",
    "release_back": "退回上一个配置",
}
SAYS: Final = {
    "out_of_service": "屏幕上告诉群众（最多 60 字）",
    "release_back": "为什么退回（最多 60 字，会记入日志）",
}
"""What is asked for with a command."""
EXPLAINS: Final = {
    "diagnostics": "只含设备、版本、事件类型和数量，没有群众的信息。要几十秒。",
    "screenshot": "只在没有人使用、显示首页或暂停服务页时截；有人在用就不截。",
    "release_back": "退回后，终端不会再试用现在这个配置。",
}
"""What somebody who gives a command should know."""
WHYS: Final = {
    "occupied": "有人在用",
    "other_page": "不在首页",
    "no_answer": "界面没有回应",
    "not_sent": "没有传上来",
    "too_large": "文件太大",
    "store_unusable": "待上传的数据打不开",
    "not_kept": "磁盘写不进去",
    "bad_words": "这句话显示不出来",
    "overtaken": "后面已经有了新的指令",
    "interrupted": "中途断电或重启",
    "not_offered": "这台终端不会做",
    "flooded": "指令太多",
    "no_releases": "这台终端不收配置",
    "nothing_before": "没有可以退回的配置",
}
"""Why a command was not done; another word is shown as it came."""
STEPS: Final = {
    "idle": "还没有收到过",
    "fetched": "已下载",
    "verified": "已核对签名",
    "checked": "已通过检查",
    "staged": "等待开始",
    "trial": "试用中",
    "committed": "已生效",
    "rolled_back": "已退回",
    "refused": "没有采用",
}
ENDS: Final = {
    "pack_unusable": "配置包打不开",
    "check_failed": "没有通过检查",
    "check_not_done": "检查没有做完",
    "settings_refused": "界面不接受这个配置",
    "session_crashed": "界面崩溃",
    "session_hung": "界面卡住",
    "process_silent": "有程序没有回应",
    "visit_failed": "试办没有办成",
    "software_unusable": "软件包装不上",
    "software_needs_hands": "软件包要到现场安装",
    "software_not_taken": "这台终端不能远程换软件",
    "log_unreadable": "日志读不了",
    "restarted": "反复重启",
    "by_order": "按指令退回",
}
"""Why a release was refused or taken back."""
LOOKS: Final = {
    "ok": "正常",
    "release.unreachable": "连不上",
    "release.stale": "发布已过期",
    "release.untrusted": "签名不对",
    "release.unusable": "配置包不能用",
    "release.no_room": "磁盘满了",
    "release.failed": "出错了",
}
"""How the last look for a release ended."""
OUTCOMES: Final = {"done": "已执行", "refused": "未接受", "failed": "没有成功"}
ROLES: Final = {
    "viewer": "查看员",
    "operator": "值班员",
    "releaser": "发布员",
    "approver": "审批员",
}
PAPERS: Final = {"full": "足", "low": "将尽", "out": "用完", "jammed": "卡住", "unknown": "不知道"}
DEVICE_WORDS: Final = {
    "online": "正常",
    "offline": "离线",
    "powerOff": "没开机",
    "noDevice": "没接上",
    "hardwareError": "坏了",
    "userError": "要有人看一下",
    "deviceBusy": "正在用",
    "fraudAttempt": "疑似被动过",
    "potentialFraud": "疑似被动过",
    "starting": "正在启动",
}
"""XFS4IoT's words of a device; another is shown as it came."""
ACTIONS: Final = {
    "signed_in": "登录",
    "sign_in_refused": "登录被拒",
    "signed_out": "退出",
    "password_changed": "换密码",
    "person_added": "加人员",
    "person_disabled": "停用人员",
    "command_given": "发指令",
    "command_not_sent": "指令没发出",
    "file_taken": "取走终端的文件",
    "alarm_taken": "认领告警",
    "log_accepted": "说明日志问题",
    "terminal_placed": "改终端资料",
    "terminal_added": "登记终端",
    "terminal_replaced": "换终端",
    "terminals_imported": "导入终端",
    "import_taken_back": "撤回导入",
    "enrolment_refused": "拒绝登记",
    "window_planned": "安排维护",
    "window_cancelled": "取消维护",
    "rollout_begun": "开始发布",
    "rollout_limited": "改门槛",
    "rollout_approved": "批准",
    "rollout_paused": "暂停发布",
    "rollout_resumed": "继续发布",
    "rollout_stopped": "回退发布",
    "rollout_went_on": "进入下一圈",
    "rollout_aborted": "自动中止",
    "rollout_asked": "申请批准",
    "rollout_passed": "金丝雀圈通过",
    "rollout_done": "发布完成",
    "terminals_placed": "按比例分圈",
    "report_taken": "导出报表",
}


@cache
def _words() -> Translator:
    return Translator(strict=False)


def fault_title(fault: str) -> str:
    """Return what is wrong, as one would say it; the id itself for one we don't know."""
    if fault == "terminal.gone":
        return "失去联系"
    if (own := words_of(fault)) is not None:
        return own.title
    subject, _, word = fault.partition(".")
    known = faults([Condition(subject=subject, word=word, values=_UNKNOWN)])
    return told(known[0], _words()).title if known else fault


def fault_steps(fault: str) -> tuple[str, ...]:
    """Return what somebody at the terminal does, in order."""
    if fault == "terminal.gone":
        return ("看看那里是不是停电、断网。", "打现场值守员的电话。")
    if (own := words_of(fault)) is not None:
        return own.steps
    subject, _, word = fault.partition(".")
    known = faults([Condition(subject=subject, word=word, values=_UNKNOWN)])
    return told(known[0], _words()).steps if known else ()


def found(word: str) -> str:
    """Return what was found in a head."""
    if not word:
        return "–"
    known = word in set(Finding)
    return fault_title(Finding(word).fault) if known else "已登记换机，日志重新开始"


_UNKNOWN: Final = dict.fromkeys(
    ("count", "hours", "free", "ms", "seconds", "degrees", "days", "unit"), "…"
)


def device(subject: str) -> str:
    """Return what people call a device."""
    return name(subject.replace("-", "_"), _words())


def ago(at: datetime | None) -> str:
    """Return how long ago something was."""
    if at is None:
        return "从未"
    seconds = max(0, int((datetime.now(UTC) - at).total_seconds()))
    for size, word in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {word}前"
    return f"{seconds} 秒前"


def moment(at: datetime | None) -> str:
    """Return a time of the halls' clock."""
    return "" if at is None else f"{at.astimezone(HALL):%Y-%m-%d %H:%M:%S}"


def until(at: datetime) -> str:
    """Return until when something is, by the halls' clock; with the day where that is another."""
    own, today = at.astimezone(HALL), datetime.now(HALL).date()
    return f"{own:%H:%M}" if own.date() == today else f"{own.month} 月 {own.day} 日 {own:%H:%M}"


def instant(told: str) -> str:
    """Return a time that a terminal told, by the halls' clock."""
    try:
        return moment(datetime.fromisoformat(told))
    except ValueError:
        return ""


def command(detail: str) -> str:
    """Return an entry's detail with the command's name in words."""
    kind, _, rest = detail.partition(" ")
    return f"{COMMANDS.get(kind, kind)} {rest}".strip()


def cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what a list shows of a terminal, by column; pages and live updates share it."""
    seen: datetime | None = row["seen_at"]
    today = seen is not None and day_of(seen) == day_of(datetime.now(UTC))
    there = bool(row["here"])
    return {
        "level": str(int(row["level"])),
        "level_word": LEVELS[int(row["level"])],
        "service": SERVICES[row["service"]] if there else LEVELS[4],
        "release": row["release_version"] or "–",
        "software": row["software"] or "–",
        "paper": PAPERS.get(row["paper"], "–") if row["paper"] else "–",
        "waiting": f"{row['waiting']:,}",
        "visits": f"{row['visits']:,}" if today else "–",
        "seen": ago(seen),
        "seen_at": seen.isoformat() if seen else "",
    }
