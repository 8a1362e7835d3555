"""Which module paints which view of maintenance mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from screens.pages import (
    staff_calibrate,
    staff_check,
    staff_device,
    staff_entry,
    staff_fault,
    staff_glance,
    staff_help,
    staff_out,
    staff_outbox,
    staff_paper,
    staff_report,
    staff_system,
    staff_touch,
    staff_train,
    staff_update,
)

if TYPE_CHECKING:
    from screens.semantic import Node
    from screens.widgets.kit import Kit

PAGES: Final[Mapping[str, Callable[[Kit, Any], Node]]] = MappingProxyType(
    {
        "staff_card": staff_entry.card,
        "staff_pin": staff_entry.pin,
        "staff_glance": staff_glance.build,
        "staff_fault": staff_fault.build,
        "staff_check": staff_check.build,
        "staff_touch": staff_touch.build,
        "staff_device": staff_device.build,
        "staff_paper": staff_paper.build,
        "staff_outbox": staff_outbox.build,
        "staff_system": staff_system.build,
        "staff_out": staff_out.build,
        "staff_report": staff_report.build,
        "staff_help": staff_help.build,
        "staff_clock": staff_system.build,
        "staff_train": staff_train.build,
        "staff_update": staff_update.build,
        "staff_calibrate": staff_calibrate.build,
    }
)
