"""Who may act for whom, where one may hand in, and what an enterprise confirms with; in words.

At a terminal whoever is asked puts their own card down.  An item that somebody else may file
(``agent_allowed``) is filed for a person at a window, and for an enterprise by its agent anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from kiosk.domain.catalogue import Item, Levels, Mode, Scope, Seal, Thing

_OWN: Mapping[str, str] = MappingProxyType(
    {"个人": "本人，带身份证", "企业": "法定代表人或经办人，带身份证；企业用电子营业执照登录"}
)
_ALONE: Mapping[str, str] = MappingProxyType(
    {"个人": "要本人来，不能请人代办", "企业": "要法定代表人本人来"}
)
_BY_AGENT: Mapping[str, str] = MappingProxyType(
    {"个人": "可以请人到窗口代办；在这台机器上要本人刷身份证", "企业": ""}
)
_SCOPES: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.PROVINCES: "在外省也能交",
        Scope.CITIES: "在外市也能交",
        Scope.PROVINCE: "全省都能交",
        Scope.CITY: "全市都能交",
        Scope.LOCAL: "在别的区县也能交，由管这件事的当地部门办",
    }
)
_SEALS: Mapping[Seal, str] = MappingProxyType(
    {Seal.E_SEAL: "用企业的电子印章", Seal.SIGNATURE: "由法定代表人电子签名"}
)


def who(thing: Thing, items: tuple[Item, ...]) -> tuple[str, ...]:
    """Return who may file, and which of the items nobody else may."""
    own = _OWN.get(thing.audience, _OWN["个人"])
    filed = tuple(item for item in items if item.mode is Mode.FILE)
    alone = tuple(item for item in filed if not item.agent_allowed)
    words = _ALONE.get(thing.audience, _ALONE["个人"])
    by_agent = _BY_AGENT.get(thing.audience, "")
    if not alone:
        return tuple(line for line in (own, by_agent if filed else "") if line)
    if len(alone) == len(filed):
        return (own, words)
    rest = f"其他的{by_agent}" if by_agent else ""
    return tuple(line for line in (own, f"{_names(alone)}{words}", rest) if line)


def confirmed_with(items: tuple[Item, ...]) -> tuple[str, ...]:
    """Return what an enterprise confirms its items with, a line for each way."""
    return _grouped(items, lambda item: _SEALS.get(item.seal, ""))


def handed_in(item: Item) -> str:
    """Return at which levels an item is decided and from where it may be handed in."""
    levels = "、".join(f"{own.value}级" for own in Levels if own in item.levels)
    scope = _SCOPES[item.scope] if item.scope else ""
    return "；".join(own for own in (f"{levels}部门办" if levels else "", scope) if own)


def _grouped(items: Iterable[Item], words: Callable[[Item], str]) -> tuple[str, ...]:
    found: dict[str, list[Item]] = {}
    for item in items:
        if words(item):
            found.setdefault(words(item), []).append(item)
    return tuple(f"{_names(own)}{said}" for said, own in found.items())


def _names(items: Iterable[Item]) -> str:
    return "、".join(item.name for item in items)
