"""``kiosk recovery-card``: the recovery card of this terminal as an A4 page."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.maintenance.recovery_card import Card
    from kiosk.translation import Translator


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser(
        "recovery-card", help="what to do with a dead terminal, to be kept by it"
    )
    own.add_argument("--state", type=Path, default=Path("var/desk"), help="the agent's directory")
    own.add_argument("--settings", type=Path, action="append", default=[], help="layer, in order")
    own.add_argument("--out", type=Path, required=True, help="PDF to write")
    own.add_argument("--language", choices=["zh", "en"], default="zh")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the card; 1: the terminal's files cannot be read, or there are no fonts."""
    from kiosk.crypto import CryptoError
    from kiosk.guide.a4 import CharactersMissing, FontsNotBuilt
    from kiosk.maintenance.recovery_card import pdf
    from kiosk.outbox import OutboxError
    from kiosk.settings import SettingsError
    from kiosk.translation import Translator

    try:
        words = Translator(options.language)
        options.out.write_bytes(pdf(_card(options, words), words))
    except (CryptoError, OutboxError, SettingsError, OSError) as error:
        print(f"kiosk recovery-card: {error}", file=sys.stderr)
        return 1
    except (FontsNotBuilt, CharactersMissing) as error:
        print(f"kiosk recovery-card: fonts: {error}", file=sys.stderr)
        return 1
    return 0


def _card(options: argparse.Namespace, words: Translator) -> Card:
    from kiosk.agent.maintenance.recovery_facts import facts
    from kiosk.catalogue.files import workdays_of
    from kiosk.domain.calendar import LEGAL_TIME
    from kiosk.maintenance.recovery_card import Card, whom
    from kiosk.session.whom_to_ring import help_of, staff_of
    from kiosk.settings import config_root, load

    settings = load(options.settings)
    own = help_of(settings, workdays_of(config_root(), settings.jurisdiction))
    found = facts(options.state)
    return Card(
        terminal=settings.terminal.id,
        place=f"{settings.terminal.site_name} {settings.terminal.name}",
        ring=whom(own, staff_of(settings), words),
        key=found.key,
        waiting=found.waiting,
        oldest_s=found.oldest_s,
        at=datetime.now(LEGAL_TIME).strftime("%Y-%m-%d %H:%M"),
    )
