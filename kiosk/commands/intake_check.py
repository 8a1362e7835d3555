"""``kiosk intake-check``: does a unified intake keep the contract, and what to mend if not."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.place import add_place, with_catalogue

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Catalogue
    from kiosk.intake_check.finding import Finding
    from kiosk.intake_check.stand import Identity, Stand
    from kiosk.translation import Translator

_SIGNS = {"ok": "✓", "attention": "!", "broken": "✗", "skipped": "–", "not_offered": "·"}
_NOT_GIVEN = 3
"""Exit status where the command was not given what it needs: no verdict."""
_STRANGERS = {"UNKNOWN_TERMINAL": "stranger", "TERMINAL_REVOKED": "revoked"}


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser(
        "intake-check",
        help="hold a unified intake against the contract; 0: kept, 1: attention, 2: broken",
        description="Reads only, unless --file-a-probe: then it files one application of a "
        "synthetic person, by a terminal that is for tests.",
    )
    own.add_argument("url", help="https:// address of the terminal API")
    own.add_argument("--keys", type=Path, help="a terminal's keys, as `kiosk provision` makes them")
    for name, words in (
        ("cert", "the terminal's certificate, PEM (default: of --keys)"),
        ("key", "its private key, PEM"),
        ("ca", "the authority that is believed, PEM"),
        ("stranger-cert", "certificate of a terminal that is not enrolled, PEM"),
        ("stranger-key", "its private key"),
        ("revoked-cert", "certificate of a terminal whose enrolment was revoked, PEM"),
        ("revoked-key", "its private key"),
    ):
        own.add_argument(f"--{name}", type=Path, help=words)
    add_place(own)
    own.add_argument("--thing", default="medical-expenses", help="what is asked about and filed")
    own.add_argument("--item", action="append", help="which items of it (default: one)")
    own.add_argument("--person", help="number of a synthetic person, beginning with 40")
    own.add_argument("--module", action="append", default=[], help="only this one; `line` too")
    own.add_argument("--file-a-probe", action="store_true", help="write too; see above")
    own.add_argument("--burst", type=int, default=0, metavar="N", help="ask until it is too often")
    own.add_argument("--time-limit", type=float, default=8.0, metavar="S", help="for each answer")
    own.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the sentences")
    own.add_argument("--json", action="store_true", help="one JSON document")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check, and say each thing as soon as it is known; 3: it was not given what it needs."""
    ended = [_NOT_GIVEN]

    def checked(own: Catalogue) -> int:
        ended.append(_checked(own, options))
        return ended[-1]

    with_catalogue(options, "kiosk intake-check", checked)
    return ended[-1]


def _checked(catalogue: Catalogue, options: argparse.Namespace) -> int:
    from kiosk.crypto import CryptoError
    from kiosk.intake_check.stand import FOR_TESTS, StandError

    try:
        stand = _stand(catalogue, options)
        if options.file_a_probe and FOR_TESTS not in stand.terminal.upper():
            raise StandError(
                f"{stand.terminal} is not for tests: a probe is filed only by a terminal "
                f"whose name has {FOR_TESTS} in it"
            )
    except (StandError, CryptoError, ValueError) as error:
        print(f"kiosk intake-check: {error}", file=sys.stderr)
        return _NOT_GIVEN
    return _report(stand, options)


def _report(stand: Stand, options: argparse.Namespace) -> int:
    from kiosk.intake_check.examination import examine
    from kiosk.intake_check.finding import Verdict, worst
    from kiosk.translation import Translator

    words, found = Translator(options.lang), []
    for one in examine(stand, writes=options.file_a_probe, modules=options.module):
        found.append(one)
        if not options.json:
            print(_line(one, words), flush=True)
    if options.json:
        print(json.dumps(_document(stand, found, words), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_verdicts(found, words)))
        print(_end(found, words))
    return {Verdict.BROKEN: 2, Verdict.ATTENTION: 1}.get(worst(found), 0)


def _stand(catalogue: Catalogue, options: argparse.Namespace) -> Stand:
    from kiosk.crypto import PublicKeys, provider
    from kiosk.domain.examples import MAN
    from kiosk.gateway.ports import MODULES
    from kiosk.intake_check.stand import Stand, StandError, read_keys

    known = ["line", *(one.code for one in MODULES)]
    if unknown := sorted(set(options.module) - set(known)):
        raise StandError(f"there is no module {unknown[0]}; there are {', '.join(known)}")
    items = _items(catalogue, options)
    own = _identity(options, options.cert, options.key)
    if own is None:
        raise StandError("give --keys, or --cert, --key and --ca")
    strangers = {
        code: identity
        for code, name in _STRANGERS.items()
        if (cert := getattr(options, f"{name}_cert"))
        and (identity := _identity(options, cert, getattr(options, f"{name}_key")))
    }
    keys = None
    if options.keys:
        keys = read_keys(options.keys, provider(PublicKeys.read(options.keys).provider))
    return Stand(
        url=options.url,
        identity=own,
        catalogue=catalogue,
        thing=options.thing,
        items=items,
        id_no=options.person or MAN,
        keys=keys,
        time_limit=options.time_limit,
        strangers=strangers,
        burst=options.burst,
    )


def _items(catalogue: Catalogue, options: argparse.Namespace) -> tuple[str, ...]:
    """Return the named items; else the item that a probe usually is, or the thing's first."""
    from kiosk.intake_check.stand import StandError

    if options.item:
        return tuple(options.item)
    try:
        known = [one.code for one in catalogue.thing(options.thing).open_items]
    except KeyError:
        known = []
    if not known:
        raise StandError(f"{options.thing} cannot be filed at {catalogue.jurisdiction.name}")
    usual = "remote-care-filing"
    return (usual if usual in known else known[0],)


def _identity(options: argparse.Namespace, cert: Path | None, key: Path | None) -> Identity | None:
    from kiosk.intake_check.stand import Identity, StandError

    def of_keys(name: str) -> Path | None:
        return options.keys / name if options.keys else None

    cert, key = cert or of_keys("terminal.crt"), key or of_keys("terminal.pem")
    ca = options.ca or of_keys("ca.crt")
    if cert is None or key is None or ca is None:
        return None
    if missing := next((own for own in (cert, key, ca) if not own.is_file()), None):
        raise StandError(f"{missing}: there is no such file")
    return Identity(cert=cert, key=key, ca=ca)


def _line(one: Finding, words: Translator) -> str:
    mend = one.mend(words)
    told = words.text(
        "intake_check.said",
        sign=_SIGNS[one.verdict],
        module=_module(one.module, words),
        name=one.name(words),
        told=one.told(words),
    )
    return told + (f"\n    → {mend}" if mend else "")


def _verdicts(found: list[Finding], words: Translator) -> list[str]:
    """Return a line for each module."""
    return [
        words.text(
            "intake_check.summed",
            sign=_SIGNS[verdict],
            module=_module(module, words),
            told=words.text(f"intake_check.verdicts.{verdict}"),
        )
        for module, verdict in _by_module(found).items()
    ]


def _end(found: list[Finding], words: Translator) -> str:
    """Return the last line: what was not tried is not said to be kept."""
    from kiosk.intake_check.finding import Verdict, worst

    untried = sum(one == Verdict.SKIPPED for one in _by_module(found).values())
    end = worst(found)
    if end is Verdict.OK and untried:
        return words.text("intake_check.end.ok_partly", n=untried)
    return words.text(f"intake_check.end.{end}")


def _by_module(found: list[Finding]) -> dict[str, str]:
    """Return the verdict of each module, in the document's order; the line first."""
    from kiosk.gateway.ports import MODULES
    from kiosk.intake_check.finding import worst

    own = {
        one: [f for f in found if f.module == one] for one in ("line", *(m.code for m in MODULES))
    }
    return {module: str(worst(these)) for module, these in own.items() if these}


def _module(code: str, words: Translator) -> str:
    return words.text(f"intake_check.modules.{code}")


def _document(stand: Stand, found: list[Finding], words: Translator) -> dict[str, object]:
    from kiosk.intake_check.finding import worst

    return {
        "url": stand.url,
        "terminal": stand.terminal,
        "catalogue_version": stand.catalogue.version,
        "verdict": worst(found),
        "modules": _by_module(found),
        "probe": _probe(stand),
        "findings": [
            {
                "module": one.module,
                "check": one.check,
                "verdict": one.verdict,
                "case": one.case,
                "values": dict(one.values),
                "told": one.told(words),
                "mend": one.mend(words),
            }
            for one in found
        ],
    }


def _probe(stand: Stand) -> str | None:
    """Return the number of the probe, for a clerk to withdraw; None when none was filed."""
    from kiosk.gateway import Accepted

    told = stand.files.get("accepted")
    return told.application_no if isinstance(told, Accepted) else None
