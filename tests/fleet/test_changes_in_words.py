"""What a release changes is read by people: settings and places by name, nothing as nothing."""

from __future__ import annotations

import re
from typing import Any

from fleet.console.rendering import page
from fleet.console.setting_words import SETTINGS
from fleet.release.differing import Difference
from kiosk.settings.model import Settings


def told(**own: Any) -> str:
    """Return a change as the page tells it."""
    one = Difference(**{"sign": "~", "whom": "defaults.yaml defaults", **own})
    answer = page("changes.html", told=(one,), more=0, problem="", first=False)
    (line,) = re.findall(r"<li>(.*?)</li>", bytes(answer.body).decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", "", line)


def test_what_was_empty_is_told_as_empty() -> None:
    """An arrow with nothing before it says nothing."""
    words = told(what="idle.greeting", before="", after="政务事项，就在银行办")
    assert words == "改动 所有终端的 首页标题 idle.greeting：（空） → 政务事项，就在银行办"
    assert told(what="printers.a4", before="False", after="True").endswith("：否 → 是")


def test_sites_are_called_by_their_kind_and_unknown_keys_by_themselves() -> None:
    """A setting without a name of ours is told by its key, once."""
    words = told(what="sound.volume", whom="sites/*.yaml bank", before="80", after="50")
    assert words.startswith("改动 银行的 音量（%）")
    assert told(what="outbox.max_bytes", before="1", after="2") == (
        "改动 所有终端的 outbox.max_bytes：1 → 2"
    )


def test_every_named_setting_is_one() -> None:
    """A name whose setting was renamed would never be read."""
    for key in SETTINGS:
        fields = Settings.model_fields
        for part in key.split("."):
            assert part in fields, key
            fields = getattr(fields[part].annotation, "model_fields", {})
