"""``kiosk doctor``: is everything there that this terminal needs, and what to do if not."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.doctor.finding import Finding
    from kiosk.doctor.place import Place
    from kiosk.translation import Translator

_UNWRITTEN = 3
"""Exit status: the document could not be put where it was to be."""
_SIGNS = {"ok": "✓", "attention": "!", "broken": "✗", "unknown": "?"}


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser(
        "doctor", help="check every assumption; 0: well, 1: attention, 2: citizens lose something"
    )
    own.add_argument("--state", type=Path, help="the agent's directory (default: installed)")
    own.add_argument("--settings", type=Path, action="append", default=[], help="layer, in order")
    own.add_argument("--devices", type=Path, help="the device host's file of ports")
    own.add_argument("--display", help="an X display (default: $DISPLAY)")
    own.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the sentences")
    own.add_argument("--json", action="store_true", help="one JSON document")
    own.add_argument("--into", type=Path, metavar="FILE", help="put the JSON there, whole")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Look at everything and say each thing as soon as it is known."""
    from kiosk.doctor.examination import examine, worst
    from kiosk.doctor.finding import Verdict
    from kiosk.translation import Translator

    words, spoken = Translator(options.lang), not (options.json or options.into)
    found: list[Finding] = []
    for one in examine(_place(options)):
        found.append(one)
        if spoken:
            print(_told(one, words), flush=True)
    verdict = worst(found)
    status = {Verdict.BROKEN: 2, Verdict.ATTENTION: 1}.get(verdict, 0)
    if spoken:
        print(words.text(f"doctor.end.{verdict}"))
        return status
    document = json.dumps(_document(found, verdict, words), ensure_ascii=False, indent=1)
    if options.into and _kept(options.into, document):
        return status
    print(document)
    return _UNWRITTEN if options.into else status


def _kept(path: Path, document: str) -> bool:
    """Put the document in place; the one before stands until then, and when it cannot be put."""
    from kiosk.release import durable

    try:
        durable.put(path, document.encode() + b"\n")
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return False
    return True


def _place(options: argparse.Namespace) -> Place:
    from dataclasses import replace

    from kiosk.doctor.place import installed

    place = installed(options.display or os.environ.get("DISPLAY", ""))
    if options.state is not None:
        own = options.state / "terminal.yaml"  # of a desk: `kiosk run` keeps it there
        layers = (own,) if own.exists() else ()
        place = replace(place, state=options.state, settings=layers, devices=None)
    if options.settings:
        place = replace(place, settings=tuple(options.settings))
    return replace(place, devices=options.devices) if options.devices else place


def _told(one: Finding, words: Translator) -> str:
    name = words.text(f"doctor.{one.check}.name")
    step = one.fix(words)
    return f"{_SIGNS[one.verdict]} {name}：{one.told(words)}" + (f"\n    → {step}" if step else "")


def _document(found: list[Finding], verdict: str, words: Translator) -> dict[str, object]:
    return {
        "verdict": verdict,
        "findings": [
            {
                "check": one.check,
                "case": one.case,
                "verdict": one.verdict,
                "values": dict(one.values),
                "told": one.told(words),
                "fix": one.fix(words),
            }
            for one in found
        ],
    }
