"""Roles of the console and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is here."""

    VIEWER = "viewer"
    """查看员: sees everything, changes nothing."""
    OPERATOR = "operator"
    """值班员: looks after terminals: alarms, commands."""
    RELEASER = "releaser"
    """发布员: begins, pauses and takes back rollouts."""
    APPROVER = "approver"
    """审批员: lets a rollout go to everybody; somebody else than who began it."""


class Right(StrEnum):
    """What may be done."""

    LOOK = "look"
    COMMAND = "command"
    ALARM = "alarm"
    PLACE = "place"
    """Say where a terminal stands, in which group and ring; let new ones in."""
    RELEASE = "release"
    APPROVE = "approve"


_LOOK: Final = frozenset({Right.LOOK})
_OPERATE: Final = _LOOK | {Right.COMMAND, Right.ALARM, Right.PLACE}
RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.VIEWER: _LOOK,
    Role.OPERATOR: _OPERATE,
    Role.RELEASER: _OPERATE | {Right.RELEASE},
    Role.APPROVER: _LOOK | {Right.APPROVE},
}


def may(role: Role, right: Right) -> bool:
    """Say whether a role may do something."""
    return right in RIGHTS[role]
