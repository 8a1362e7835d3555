"""What a connection may do: by its role, and by whether the devices are handed over. Data.

A role is what a connection's secret proves.  A command is either answered by the host itself
(status, versions, hand-over) or carried out by a device; each role has a list of the first kind and
one answer for all of the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.service.envelope import CompletionCode, Outcome
from drivers.service.interfaces import service_publisher, vendor_mode
from drivers.service.interfaces.common import (
    CANCEL,
    CAPABILITIES,
    GET_TRANSACTION,
    SET_TRANSACTION,
    SET_VERSIONS,
    STATUS,
)
from drivers.service.interfaces.spec import CommandSpec


class Role(StrEnum):
    """Who is at the other end."""

    SESSION = "session"
    """A citizen's visit."""
    AGENT = "agent"
    """Watches; uses nothing."""
    MAINTENANCE = "maintenance"
    """A technician's program: uses devices once they are handed over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a role may do.

    Attributes:
        host: commands the host answers itself.
        in_service: whether it may use devices while they serve citizens.
        handed_over: whether it may use devices while they are handed over to maintenance.
    """

    host: frozenset[str]
    in_service: bool = False
    handed_over: bool = False


_READING: Final = frozenset(
    {STATUS, CAPABILITIES, CANCEL, SET_VERSIONS, GET_TRANSACTION, service_publisher.GET_SERVICES}
)
_HANDING_OVER: Final = frozenset(
    {vendor_mode.REGISTER, vendor_mode.ENTER_ACKNOWLEDGE, vendor_mode.EXIT_ACKNOWLEDGE}
)
_TAKING: Final = frozenset({vendor_mode.ENTER_REQUEST, vendor_mode.EXIT_REQUEST})

RIGHTS: Final[Mapping[Role, Rights]] = {
    Role.SESSION: Rights(host=_READING | _HANDING_OVER | {SET_TRANSACTION}, in_service=True),
    Role.AGENT: Rights(host=_READING | _HANDING_OVER),
    Role.MAINTENANCE: Rights(host=_READING | _TAKING | {SET_TRANSACTION}, handed_over=True),
}


def refusal(role: Role, spec: CommandSpec, *, handed_over: bool) -> Outcome | None:
    """Return how a command ends that this role may not give now, ``None`` when it may."""
    rights = RIGHTS[role]
    if spec.name in rights.host:
        return None
    if not spec.in_service and not rights.handed_over:
        return _never(role)
    if spec.at_once or not (rights.in_service or rights.handed_over):
        return _never(role)
    if rights.handed_over if handed_over else rights.in_service:
        return None
    if handed_over:
        return Outcome(
            code=CompletionCode.DEVICE_NOT_READY,
            description="the device is handed over to maintenance (vendor mode)",
        )
    return Outcome(
        code=CompletionCode.SEQUENCE_ERROR,
        description="the device serves citizens: VendorMode.EnterModeRequest first",
    )


def _never(role: Role) -> Outcome:
    return Outcome(
        code=CompletionCode.AUTHORISATION_REQUIRED,
        description=f"role {role} may not give this command",
    )
