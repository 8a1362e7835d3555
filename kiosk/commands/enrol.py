"""``kiosk enrol``: get this terminal's certificate, renew it, change its keys."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.enrolment import Wish
    from kiosk.translation import Translator

_REFUSED = 1


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("enrol", help="get this terminal's certificate, or renew it")
    own.add_argument("url", nargs="?", default="", help="https address of the centre's desk")
    own.add_argument(
        "--ca", type=Path, help="certificate of the centre's authority, if you have it"
    )
    own.add_argument("--terminal", default="", metavar="ID", help="default: as it is set up")
    own.add_argument("--jurisdiction", default="", metavar="CODE", help="default: as it is set up")
    own.add_argument("--provider", default="international", choices=["international", "national"])
    own.add_argument("--replaces", action="store_true", help="a new machine under the same id")
    own.add_argument("--renew", action="store_true", help="a new certificate over the present one")
    own.add_argument("--rotate", action="store_true", help="renew, with new keys")
    own.add_argument(
        "--root", type=Path, default=Path("/"), help="of a machine that is not running"
    )
    own.add_argument("--state", type=Path, help="the agent's directory (default: installed)")
    own.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the sentences")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Do what is asked; say each step in words."""
    from kiosk.crypto import CryptoError
    from kiosk.enrolment import EnrolmentError
    from kiosk.installation import SetupError
    from kiosk.translation import Translator

    words = Translator(options.lang)
    try:
        return _renew(options, words) if options.renew or options.rotate else _enrol(options, words)
    except (EnrolmentError, CryptoError, SetupError, OSError, ValueError) as error:
        kind = type(error).__name__
        print(f"kiosk enrol: {error}", file=sys.stderr)
        if kind in _TOLD:
            print(words.text(f"enrol.failed.{kind}"), file=sys.stderr)
        return _REFUSED
    except KeyboardInterrupt:
        print(f"\n{words.text('enrol.interrupted')}", file=sys.stderr)
        return _REFUSED


_TOLD = (
    "DeskUnreachable",
    "DeskGarbled",
    "EnrolmentExpired",
    "EnrolmentRefused",
    "IdentityBusy",
)


def _renew(options: argparse.Namespace, words: Translator) -> int:
    from kiosk.enrolment import renew
    from kiosk.installation import as_agent

    state = _state(options)
    with as_agent(state):
        done = renew(state, rotate=options.rotate)
    print(words.text("enrol.renewed", date=f"{done.ends:%Y-%m-%d}"))
    if done.rotated:
        print(words.text("enrol.rotated"))
    return 0


def _enrol(options: argparse.Namespace, words: Translator) -> int:
    from kiosk.installation import take_identity

    take_identity(_wish(options), options.root, speaker(words), state=options.state)
    return 0


def _state(options: argparse.Namespace) -> Path:
    from kiosk.installation.identity import state_below

    chosen: Path | None = options.state
    return chosen or state_below(options.root)


def _wish(options: argparse.Namespace) -> Wish:
    from kiosk.enrolment import Wish

    return Wish(
        url=options.url,
        terminal=options.terminal,
        jurisdiction=options.jurisdiction,
        provider=options.provider,
        replaces=options.replaces,
        ca=options.ca.read_bytes() if options.ca else b"",
    )


def speaker(words: Translator) -> Callable[[str, Mapping[str, str]], None]:
    """Return what tells the steps of an enrolment, the code also as a picture for a telephone."""

    def say(step: str, values: Mapping[str, str]) -> None:
        print(words.text(f"enrol.{step}", **values), flush=True)
        if "code" in values and sys.stdout.isatty():
            _picture(values["code"])

    return say


def _picture(code: str) -> None:
    import segno

    segno.make(f"YIDUAN-ENROL:{code}", error="m").terminal(compact=True)
