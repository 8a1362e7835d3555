"""Common.StatusChangedEvent by difference: only what changed is told."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.service.envelope import Payload


def difference(before: Payload, after: Payload) -> dict[str, object]:
    """Return the properties of ``after`` that are new or other than in ``before``.

    Objects are compared property by property.  A property that is gone is told as ``None``: the
    device no longer has such a thing.  An empty answer means nothing changed.
    """
    changed: dict[str, object] = {}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            inner = difference(old, value)
            if inner:
                changed[key] = inner
        elif key not in before or old != value:
            changed[key] = value
    changed.update({key: None for key in before if key not in after})
    return changed


def merged(before: Payload, changed: Payload) -> dict[str, object]:
    """Return ``before`` with a difference applied; undoes `difference`."""
    after = dict(before)
    for key, value in changed.items():
        old = after.get(key)
        if value is None:
            after.pop(key, None)
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            after[key] = merged(old, value)
        else:
            after[key] = value
    return after


def device_word(status: Payload) -> str:
    """Return ``common.device`` of a status payload, ``starting`` when it has none."""
    common = status.get("common")
    word = common.get("device") if isinstance(common, Mapping) else None
    return word if isinstance(word, str) else "starting"
