"""``kiosk-fleet release …``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tuf.api.metadata import Metadata

from fleet.keys import holders, passphrases
from fleet.release import building, checking, preview_command, publishing, signing, software
from fleet.release.differing import differences
from fleet.release.lending import configuration
from fleet.release.repository import Repository, today


def add(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    build = what.add_parser("build", help="pack a configuration for a group and stage it")
    build.add_argument("sources", type=Path, help="configuration directory")
    build.add_argument(
        "--group",
        required=True,
        action="append",
        help="which terminals: canary, stable, 410700 …; again for each ring",
    )
    build.add_argument("--name", default="", help="what people call it (default: its time)")
    build.add_argument("--software", type=Path, help="the package (.deb) that it is for")
    build.add_argument("--threshold", type=int, default=0, help="signatures of a new group")
    _repository(build).set_defaults(command=_build)
    diff = what.add_parser("diff", help="what differs, in plain words")
    diff.add_argument("before", help="configuration directory, pack, or a group as published")
    diff.add_argument("after", help="the same")
    diff.add_argument("--repository", type=Path, help="of the groups that are named")
    diff.set_defaults(command=_diff)
    preview = what.add_parser("preview", help="pictures of a terminal under a release, and before")
    preview_command.add(preview)
    check = what.add_parser("check", help="hold staged releases against the terminal's validators")
    _repository(check).set_defaults(command=_check)
    sign = what.add_parser("sign", help="sign all that is staged, as one person")
    sign.add_argument("--keys", type=Path, required=True)
    sign.add_argument("--person", required=True)
    passphrases.add(sign)
    _repository(sign).set_defaults(command=_sign)
    publish = what.add_parser("publish", help="publish what is signed; else renew the timestamp")
    publish.add_argument("--online", type=Path, required=True)
    _repository(publish).set_defaults(command=_publish)
    status = what.add_parser("status", help="what is published, and what waits for whom")
    _repository(status).set_defaults(command=_status)


def _repository(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--repository", type=Path, required=True)
    return parser


def _build(options: argparse.Namespace) -> int:
    name = options.name or building.name_of(today())
    repository = Repository(options.repository)
    needs = software.take(repository, options.software) if options.software else None
    for group in options.group:
        own = building.build(
            repository,
            options.sources,
            group,
            name=name,
            threshold=options.threshold,
            needs=needs,
        )
        print(f"{own.name} for {own.group}: version {own.version}, {own.size} bytes, staged")
    return 0


def _diff(options: argparse.Namespace) -> int:
    named = [own for own in (options.before, options.after) if not Path(own).exists()]
    group = named[0] if named else ""
    with (
        configuration(options.before, options.repository, group) as before,
        configuration(options.after, options.repository, group) as after,
    ):
        lines = [str(own) for own in differences(before, after)]
    print("\n".join(lines) if lines else "nothing differs")
    return 0


def _check(options: argparse.Namespace) -> int:
    repository = Repository(options.repository)
    for group in repository.staged():
        pack = repository.staged_pack(group)
        if pack.exists():
            print(f"{group}: {checking.check(pack)}")
    return 0


def _sign(options: argparse.Namespace) -> int:
    repository = Repository(options.repository)
    secret = passphrases.of(options, options.person)
    signing.sign(repository, holders.opened(options.keys, options.person, secret))
    for own in signing.waiting(repository):
        print(own)
    return 0


def _publish(options: argparse.Namespace) -> int:
    def checked(pack: Path) -> None:
        checking.check(pack)

    own = publishing.publish(
        Repository(options.repository), holders.online(options.online), checked
    )
    what = ", ".join(own.roles) or "the timestamp anew"
    print(f"published {own.number}: {what} (timestamp {own.timestamp})")
    return 0


def _status(options: argparse.Namespace) -> int:
    repository = Repository(options.repository)
    for group in repository.groups():
        document = repository.targets(group).signed
        target = next(iter(document.targets.values()))
        name = (target.custom or {}).get("name", "")
        until = f"good until {document.expires:%Y-%m-%d}"
        print(f"{group}: {name}, version {document.version}, {target.length} bytes, {until}")
    documents: dict[str, Metadata[Any]] = {
        "root": repository.root(),
        "targets": repository.targets(),
        "snapshot": repository.snapshot(),
        "timestamp": repository.timestamp(),
    }
    for role, own in documents.items():
        print(f"{role}: version {own.signed.version}, good until {own.signed.expires:%Y-%m-%d}")
    for waiting in signing.waiting(repository):
        print(f"waits: {waiting}")
    return 0
