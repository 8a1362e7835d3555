"""The Common interface: its messages, the words for a device as a whole, its payload rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from drivers.service.envelope import Payload
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec

STATUS = "Common.Status"
CAPABILITIES = "Common.Capabilities"
CANCEL = "Common.Cancel"
SET_VERSIONS = "Common.SetVersions"
SET_TRANSACTION = "Common.SetTransactionState"
GET_TRANSACTION = "Common.GetTransactionState"
STATUS_CHANGED = "Common.StatusChangedEvent"
ERROR = "Common.ErrorEvent"

_LONGEST_TRANSACTION_ID = 64


class DeviceWord(StrEnum):
    """State of the device as a whole (``common.device``); the words are the standard's."""

    ONLINE = "online"
    """Usable."""
    OFFLINE = "offline"
    """Powered, but switched out of use."""
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    """Not connected."""
    HARDWARE_ERROR = "hardwareError"
    """Does not work; staff must act."""
    USER_ERROR = "userError"
    """A person's action prevents its use, such as an open cover."""
    DEVICE_BUSY = "deviceBusy"
    FRAUD_ATTEMPT = "fraudAttempt"
    POTENTIAL_FRAUD = "potentialFraud"
    STARTING = "starting"
    """Being opened; the final word follows in a status event."""


def _check_cancel(payload: Payload) -> str | None:
    ids = payload.get("requestIds")
    if ids is None:
        return None
    if not isinstance(ids, list) or not ids:
        return "requestIds is not a list of request ids"
    if any(not isinstance(one, int) or isinstance(one, bool) or one < 1 for one in ids):
        return "requestIds holds something that is not a request id"
    return None


def _check_versions(payload: Payload) -> str | None:
    """Take ``commands`` and ``events``: major versions by message name."""
    for key in ("commands", "events"):
        wanted = payload.get(key)
        if wanted is None:
            continue
        if not isinstance(wanted, Mapping) or not wanted:
            return f"{key} is not a map of major versions by name"
        if any(not isinstance(one, int) or isinstance(one, bool) for one in wanted.values()):
            return f"{key} holds something that is not a major version"
    return None


def _check_transaction(payload: Payload) -> str | None:
    if payload.get("state") not in ("active", "inactive"):
        return "state is neither active nor inactive"
    name = payload.get("transactionID")
    if name is None or (isinstance(name, str) and len(name) <= _LONGEST_TRANSACTION_ID):
        return None
    return f"transactionID is not a text of at most {_LONGEST_TRANSACTION_ID} characters"


COMMON = InterfaceSpec(
    name="Common",
    commands=(
        CommandSpec(name=STATUS, at_once=True),
        CommandSpec(name=CAPABILITIES, at_once=True),
        CommandSpec(name=CANCEL, answer_version="2.0", check=_check_cancel, at_once=True),
        CommandSpec(name=SET_VERSIONS, answer_version="2.0", check=_check_versions, at_once=True),
        CommandSpec(
            name=SET_TRANSACTION, answer_version="2.0", check=_check_transaction, at_once=True
        ),
        CommandSpec(name=GET_TRANSACTION, answer_version="2.0", at_once=True),
    ),
    events={STATUS_CHANGED: "3.0", ERROR: "2.0"},
)
"""What every service answers.

PowerSaveControl is not offered, nor are nonces: no device here saves power on command or keeps a
key, the capabilities say so, and such a command ends as ``unsupportedCommand``.
"""
