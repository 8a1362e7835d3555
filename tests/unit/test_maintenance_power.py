"""What staff are told of a UPS: what it says, and no more than that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from kiosk.maintenance.facts import Did
from kiosk.session.maintenance.bench import Bench
from kiosk.session.maintenance.power_trials import look_at_power
from kiosk.translation import Translator


def looked(**own: object) -> Did:
    """Return what staff are told when a UPS on mains says this of itself."""
    status = {"common": {"device": "online"}, "xUps": {"power": "onLine", **own}}
    seen = SimpleNamespace(devices={"ups": status})
    return look_at_power(cast("Bench", SimpleNamespace(look=lambda: seen)))


@pytest.mark.parametrize(
    ("own", "key", "well"),
    [
        ({"health": "ok"}, "well", True),
        ({"health": "ok", "charge": 96}, "well_charge", True),
        ({"health": "unknown"}, "untold", True),
        ({"health": "unknown", "charge": 8}, "untold_charge", True),
        ({"health": "unknown", "charge": 8, "minutesLeft": 2}, "untold_charge_minutes", True),
        ({"health": "ok", "batteryLow": True}, "charging", False),
        ({"health": "ok", "tested": "passed"}, "well", True),
        ({"health": "ok", "tested": "weak"}, "weak", False),
        ({"health": "unknown", "tested": "failed"}, "failed", False),
        ({"health": "chargerTrouble", "tested": "weak", "batteryLow": True}, "charger", False),
    ],
)
def test_what_a_ups_does_not_say_is_not_made_up(
    own: dict[str, object], key: str, well: bool
) -> None:
    """Unknown is not well; low, or weak when last tried, is neither."""
    did = looked(**own)
    assert (did.told.key, did.well) == (f"upkeep.ups.{key}", well)
    for language in ("zh", "en"):
        words = Translator(language)
        assert words.text(did.told.key, **dict(did.told.values))
        assert did.hint is not None
        assert words.text(did.hint.key)
