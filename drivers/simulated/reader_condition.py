"""How the module of a simulated ID card reader is, and what goes wrong with a flaky one."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from drivers.id_reader.codec import Status
from drivers.simulated.faults import Fault, FaultKind


class Condition(enum.StrEnum):
    """How the module is."""

    WELL = "well"
    SELF_TEST_FAILED = "self-test-failed"
    NOT_AUTHORISED = "not-authorised"
    DEAD = "dead"
    """It answers nothing."""


REFUSALS: Mapping[Condition, Status] = MappingProxyType(
    {
        Condition.SELF_TEST_FAILED: Status.SELF_TEST_FAILED,
        Condition.NOT_AUTHORISED: Status.NOT_AUTHORISED,
    }
)
"""What an unwell module answers to everything."""

FLAKY_FAULTS: tuple[Fault, ...] = (
    *(Fault(kind=kind) for kind in (FaultKind.CHECKSUM, FaultKind.TRUNCATED, FaultKind.FOREIGN)),
    *(Fault(kind=kind) for kind in (FaultKind.GARBAGE, FaultKind.EXTRA_AA, FaultKind.SPLIT)),
    *(Fault(kind=FaultKind.STATUS, detail=code) for code in ("10", "21", "31", "41", "80", "81")),
    Fault(kind=FaultKind.SILENCE),
)
"""What a flaky reader shows by chance."""
