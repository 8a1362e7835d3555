"""``kiosk setup``: make a terminal of this machine, by a few questions or by a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.installation import Question
    from kiosk.translation import Translator

_REFUSED = 1


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("setup", help="make a terminal of this machine: settings, secrets, keys")
    own.add_argument("--answers", type=Path, help="a settings layer (YAML) instead of questions")
    own.add_argument(
        "--root", type=Path, default=Path("/"), help="of a machine that is not running"
    )
    own.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the questions")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Ask what the file leaves open, write everything, say what is next."""
    from kiosk.documents import DocumentError
    from kiosk.installation import SetupError, set_up
    from kiosk.translation import Translator

    words = Translator(options.lang)

    def say(question: Question, suggestion: str) -> str:
        if not sys.stdin.isatty():
            return ""
        hint = f"（{suggestion}）" if suggestion else ""
        return input(f"{words.text(question.words)}{hint}： ")

    try:
        done = set_up(_answers(options, say), options.root)
        for path in done.files:
            print(f"✓ {path}")
        if done.enrols and not _enrolled(options.root, words):
            return _REFUSED
    except (SetupError, DocumentError, OSError) as error:
        print(f"kiosk setup: {error}", file=sys.stderr)
        return _REFUSED
    except (KeyboardInterrupt, EOFError):
        print(f"\n{words.text('setup.stopped')}", file=sys.stderr)
        return _REFUSED
    if done.recovery is not None:
        print(words.text("setup.recovery", directory=str(done.recovery)))
    print(words.text("setup.next"))
    return 0


def _enrolled(root: Path, words: Translator) -> bool:
    """Enrol at the address of the settings; say how to go on when that is not finished."""
    from kiosk.commands.enrol import speaker
    from kiosk.crypto import CryptoError
    from kiosk.enrolment import EnrolmentError, Wish
    from kiosk.installation import take_identity

    try:
        take_identity(Wish(url=""), root, speaker(words))
    except (EnrolmentError, CryptoError, OSError, KeyboardInterrupt) as error:
        print(f"kiosk setup: {error or type(error).__name__}", file=sys.stderr)
        print(words.text("enrol.later"), file=sys.stderr)
        return False
    return True


def _answers(options: argparse.Namespace, say: Callable[[Question, str], str]) -> dict[str, object]:
    """Return what is in force already, what the file says above it, and what is asked.

    Raises:
        SetupError: nobody can be asked, and no file was given.
    """
    from kiosk.installation import SetupError, asked, laid_over

    in_force = options.root / "etc" / "yiduan" / "terminal.yaml"
    if options.answers is None and not sys.stdin.isatty():
        raise SetupError("nobody can be asked here; give --answers FILE")
    before = _given(in_force) if in_force.exists() else {}
    return asked(laid_over(before, _given(options.answers)), say)


def _given(path: Path | None) -> dict[str, object]:
    """Read an answer file.

    Raises:
        DocumentError: it is no YAML.
        SetupError: it is no mapping.
    """
    from kiosk.documents import read
    from kiosk.installation import SetupError

    if path is None:
        return {}
    found = read(path).value
    if not isinstance(found, dict):
        raise SetupError(f"{path}: a settings layer is expected, such as terminal.yaml")
    return found
