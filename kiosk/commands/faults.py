"""``kiosk faults``: what can be wrong with a terminal and what to do, as cards to print."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.translation import Translator


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("faults", help="every fault and what to do: text, or a card a page")
    own.add_argument("--format", choices=["text", "pdf"], default="text")
    own.add_argument("--out", type=Path, help="file to write; a PDF needs one")
    own.add_argument("--language", choices=["zh", "en"], default="zh")
    own.add_argument(
        "--phone",
        action="append",
        default=[],
        metavar="WHO=NUMBER",
        help="vendor, network, centre, electrician or guard; may be repeated",
    )
    own.add_argument(
        "--settings",
        type=Path,
        action="append",
        default=[],
        help="layer, in order: numbers of its help.staff; --phone goes before them",
    )
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the cards; 2: no --out for a PDF, a name of nobody, wrong settings, or no fonts."""
    from kiosk.maintenance.cards import markdown
    from kiosk.settings import SettingsError
    from kiosk.translation import Translator

    words = Translator(options.language)
    if options.format == "text":
        _write(options.out, markdown(words))
        return 0
    try:
        _print(options, words)
    except (OSError, ValueError, SettingsError) as error:
        print(f"kiosk faults: {error}", file=sys.stderr)
        return 2
    return 0


def _print(options: argparse.Namespace, words: Translator) -> None:
    from kiosk.guide.a4 import CharactersMissing, FontsNotBuilt
    from kiosk.maintenance.cards import pdf

    if options.out is None:
        raise ValueError("a PDF needs --out FILE")
    try:
        phones = _set_down(options.settings) | _phones(options.phone)
        options.out.write_bytes(pdf(words, phones))
    except FontsNotBuilt as error:
        raise ValueError(f"the fonts are not there: {error}") from error
    except CharactersMissing as error:
        raise ValueError(f"the fonts lack {error}") from error


def _set_down(files: list[Path]) -> dict[str, str]:
    """Return names and numbers of the settings, by whom; without files nobody's."""
    from kiosk.session.whom_to_ring import staff_of
    from kiosk.settings import load

    if not files:
        return {}
    return {
        who: "、".join(f"{own.name} {own.phone}" for own in contacts)
        for who, contacts in staff_of(load(files)).items()
    }


def _phones(given: list[str]) -> dict[str, str]:
    from kiosk.maintenance.faults import listed

    known = sorted({one.call for one in listed()})
    phones = dict(one.partition("=")[::2] for one in given)
    for who in phones:
        if who not in known:
            raise ValueError(f"nobody is called {who!r}; there are {', '.join(known)}")
    return phones


def _write(path: Path | None, text: str) -> None:
    if path is None:
        print(text)
    else:
        path.write_text(text + "\n", encoding="utf-8")
