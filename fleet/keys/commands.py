"""``kiosk-fleet keys …``."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleet.errors import KeyRefused
from fleet.keys import ceremony, passphrases
from fleet.keys.ceremony import Places
from fleet.release.repository import Repository


def add(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    init = what.add_parser("init", help="make all keys, and an empty repository")
    init.add_argument("--persons", required=True, help="who may sign, with commas")
    init.add_argument("--threshold", type=int, required=True, help="how many of them have to")
    _places(init)
    passphrases.add(init)
    init.set_defaults(command=_init)
    rotate = what.add_parser("rotate", help="new keys for a person, or of the publishing machine")
    whose = rotate.add_mutually_exclusive_group(required=True)
    whose.add_argument("--person", help="who gets new keys; one who has none becomes a holder")
    whose.add_argument("--publishing", action="store_true", help="those of --online, a new place")
    _places(rotate)
    passphrases.add(rotate)
    rotate.set_defaults(command=_rotate)
    revoke = what.add_parser("revoke", help="a person's keys count no more")
    revoke.add_argument("--person", required=True)
    revoke.add_argument("--repository", type=Path, required=True)
    revoke.set_defaults(command=_revoke)
    listed = what.add_parser("list", help="the keys that count now")
    listed.add_argument("--repository", type=Path, required=True)
    listed.set_defaults(command=_list)


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repository", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="persons' keys; never on a server")
    parser.add_argument("--online", type=Path, required=True, help="keys of the publishing machine")


def _init(options: argparse.Namespace) -> int:
    persons = [own.strip() for own in options.persons.split(",") if own.strip()]
    if len(set(persons)) != len(persons):
        raise KeyRefused("a person is named twice")
    ceremony.initiate(
        Repository(options.repository),
        Places(personal=options.keys, online=options.online),
        {person: passphrases.of(options, person) for person in persons},
        options.threshold,
    )
    print(f"keys made; carry each folder of {options.keys} to its person, and delete it here")
    print(f"terminals trust {options.repository}/public/metadata/1.root.json")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    repository = Repository(options.repository)
    places = Places(personal=options.keys, online=options.online)
    if options.publishing:
        ceremony.rotate_online(repository, places)
    else:
        secret = passphrases.of(options, options.person)
        ceremony.rotate(repository, places, options.person, secret)
    print("staged; next: kiosk-fleet release sign, by as many as it takes, then publish")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    ceremony.revoke(Repository(options.repository), options.person)
    print("staged; next: kiosk-fleet release sign, by as many as it takes, then publish")
    return 0


def _list(options: argparse.Namespace) -> int:
    for own in ceremony.known(Repository(options.repository)):
        whose = own.person or "the publishing machine"
        print(f"{own.role:10} {own.keyid[:16]}  {whose}  ({own.threshold} needed)")
    return 0
