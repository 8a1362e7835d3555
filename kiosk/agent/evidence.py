"""The diagnostics bundle for the centre: the same as on a stick, with nothing of anybody in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.agent.reporting.orders import Act, OrderFailed
from kiosk.outbox import Outbox, OutboxError
from kiosk.outbox.report import as_object, damaged_files
from kiosk.status.attachment import Attachment
from kiosk.status.command import Command, Kind

if TYPE_CHECKING:
    from kiosk.agent.maintenance import Upkeep


def diagnostics(upkeep: Upkeep, outbox: Outbox) -> Act:
    """Return what makes a bundle; it takes seconds, for the doctor looks at everything."""

    def act(command: Command) -> Attachment:
        del command
        return Attachment(kind=Kind.DIAGNOSTICS, data=_bundled(upkeep, counted))

    def counted() -> dict[str, object]:
        return as_object(outbox.counts(), damaged_files(upkeep.state))

    return act


def _bundled(upkeep: Upkeep, counted: Callable[[], dict[str, object]]) -> bytes:
    """Make a bundle beside the agent's files, and leave none of it there.

    Raises:
        OrderFailed: the disk does not take it, or the store cannot be looked at.
    """
    from kiosk.agent.diagnostics import bundle  # noqa: PLC0415 - zip and all: rarely needed

    try:
        with tempfile.TemporaryDirectory(dir=upkeep.state, prefix="diagnostics-") as folder:
            path = Path(folder) / "bundle.zip"
            bundle(path, upkeep, counted())
            return path.read_bytes()
    except OutboxError as error:
        raise OrderFailed("store_unusable") from error
    except OSError as error:
        raise OrderFailed("not_kept") from error
