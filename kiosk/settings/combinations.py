"""Every combination of layers that a configuration allows: kinds of site times jurisdictions.

A release goes to terminals of every kind; a layer that is right by itself can be wrong over
another. What only a terminal's own file can say is stood in for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, get_args

from kiosk.documents import DocumentFault
from kiosk.settings.layers import SettingsError, load
from kiosk.settings.model import Settings, SiteKind

_OWN: Final = """\
site: {site}
jurisdiction: "{code}"
terminal: {{id: 000000-0000}}
intake: {{api_url: "https://stand-in.invalid", public_url: "https://stand-in.invalid"}}
"""
_PLACES: Final = "[0-9]" * 6 + ".yaml"


def settings_of(
    config: Path, own: Sequence[Path] = ()
) -> tuple[tuple[Settings, ...], tuple[DocumentFault, ...]]:
    """Return the settings of every kind of terminal, and every fault.

    Args:
        config: configuration directory.
        own: a terminal's own files; given, only its own settings are looked at.
    """
    good: list[Settings] = []
    faults: dict[DocumentFault, None] = {}
    with tempfile.TemporaryDirectory() as folder:
        for files in (own,) if own else _stand_ins(config, Path(folder)):
            try:
                good.append(load(files, root=config))
            except SettingsError as error:
                faults |= dict.fromkeys(error.faults)
    return tuple(good), tuple(faults)


def _stand_ins(config: Path, folder: Path) -> Iterator[tuple[Path]]:
    codes = [path.stem for path in sorted((config / "jurisdictions").glob(_PLACES))]
    for site in get_args(SiteKind):
        for code in codes:
            path = folder / f"{site}-{code}.yaml"
            path.write_text(_OWN.format(site=site, code=code), encoding="utf-8")
            yield (path,)
