"""Vendor mode: how the devices are handed over to maintenance and back. Names and status words."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from drivers.service.envelope import Payload
from drivers.service.interfaces.offer import Offer
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec, PayloadRule, no_rule

REGISTER: Final = "VendorMode.Register"
ENTER_REQUEST: Final = "VendorMode.EnterModeRequest"
ENTER_ACKNOWLEDGE: Final = "VendorMode.EnterModeAcknowledge"
EXIT_REQUEST: Final = "VendorMode.ExitModeRequest"
EXIT_ACKNOWLEDGE: Final = "VendorMode.ExitModeAcknowledge"
ENTER_REQUESTED: Final = "VendorMode.EnterModeRequestEvent"
EXIT_REQUESTED: Final = "VendorMode.ExitModeRequestEvent"
ENTERED: Final = "VendorMode.ModeEnteredEvent"
EXITED: Final = "VendorMode.ModeExitedEvent"

_LONGEST_NAME = 64


class Mode(StrEnum):
    """Whose the devices are (``vendorMode.service``)."""

    INACTIVE = "inactive"
    """They serve citizens."""
    ENTER_PENDING = "enterPending"
    """The registered applications are asked to let go."""
    ACTIVE = "active"
    """They are handed over to maintenance."""
    EXIT_PENDING = "exitPending"
    """The registered applications are told that they will have them again."""


def status(mode: Mode) -> dict[str, object]:
    """Return the interface part of the status."""
    return {"vendorMode": {"device": "online", "service": mode}}


def _check_register(payload: Payload) -> str | None:
    name = payload.get("appName")
    if isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME:
        return None
    return f"appName is not a text of 1 to {_LONGEST_NAME} characters"


def _command(name: str, check: PayloadRule = no_rule) -> CommandSpec:
    return CommandSpec(name=name, answer_version="2.0", check=check, at_once=True)


VENDOR_MODE: Final = Offer(
    service="VendorMode",
    interfaces=(
        InterfaceSpec(
            name="VendorMode",
            commands=(
                _command(REGISTER, _check_register),
                *map(_command, (ENTER_REQUEST, ENTER_ACKNOWLEDGE, EXIT_REQUEST, EXIT_ACKNOWLEDGE)),
            ),
            events=dict.fromkeys((ENTER_REQUESTED, EXIT_REQUESTED, ENTERED, EXITED), "2.0"),
        ),
    ),
    unknown=status(Mode.INACTIVE),
)
