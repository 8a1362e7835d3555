"""What can be wrong with a terminal's heads, how much it matters, and what an officer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fleet.terminals.level import LOG, Level
from fleet.terminals.log_findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What the console says of a finding.

    Attributes:
        title: what is wrong, as one would say it.
        steps: what to do, in order.
        level: how much it matters.
    """

    title: str
    steps: tuple[str, ...]
    level: Level


_FETCH: Final = "让现场导出诊断包，并把这台终端的 audit 目录原样带回，不要动它。"
_HOLD: Final = "用 kiosk-fleet heads export 导出签名记录，对照检查带回的日志。"
_CLOSE: Final = "查清以后，由审批员在终端页写明原因并确认。"

WORDS: Final[Mapping[Finding, Words]] = {
    Finding.CUT: Words(
        title="审计日志变短了：后面的记录被删掉了",
        steps=(_FETCH, _HOLD, "问清谁动过这台终端的磁盘。", _CLOSE),
        level=Level.SOME,
    ),
    Finding.REWRITTEN: Words(
        title="审计日志被改写过：以前报过的一行变了",
        steps=(_FETCH, _HOLD, "先让这台终端暂停服务，等查清。", _CLOSE),
        level=Level.SOME,
    ),
    Finding.BEGUN_ANEW: Words(
        title="审计日志从头开始了，但没有登记过换机或换盘",
        steps=("问现场是不是换过磁盘或重装过系统。", "换过的，补办换机登记。", _FETCH, _CLOSE),
        level=Level.SOME,
    ),
    Finding.FOREIGN: Words(
        title="有人用别的证书替这台终端签名",
        steps=("看看是不是旧机器又接上了网，接上了就断开。", "把不用的证书吊销。", _CLOSE),
        level=Level.SOME,
    ),
    Finding.TRIMMED_EARLY: Words(
        title="不到六个月的审计记录已被删除",
        steps=("看看这台终端的记录是不是多得反常。", "把磁盘空间和保留上限报给厂家。", _CLOSE),
        level=Level.SOON,
    ),
    Finding.GAP: Words(
        title="终端开着，却有一天多没有签名记录",
        steps=("让现场看看时钟和磁盘。", _FETCH, _CLOSE),
        level=Level.SOON,
    ),
    Finding.SILENT: Words(
        title="终端在线，却不送审计签名",
        steps=("看看磁盘是不是满了，证书是不是到期了。", "重启后台服务；还不行就联系厂家。"),
        level=Level.SOON,
    ),
    Finding.CLOCK: Words(
        title="终端的时钟不对",
        steps=("让现场在维护模式里看网络和对时。", "对不上就请厂家换主板电池。"),
        level=Level.SOME,
    ),
}


def words_of(fault: str) -> Words | None:
    """Return the words of an alarm that is found here; none for another."""
    name = fault.removeprefix(LOG)
    return WORDS[Finding(name)] if fault != name and name in set(Finding) else None
