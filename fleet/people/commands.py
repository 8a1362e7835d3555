"""``kiosk-fleet person …``."""

from __future__ import annotations

import argparse
import secrets

import pyotp
from sqlalchemy import select

from fleet.errors import FleetError
from fleet.people.roles import Role
from fleet.people.signing_in import add as add_person
from fleet.people.signing_in import disable
from fleet.store import open_store
from fleet.store.model import Person


def add(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    new = what.add_parser("add", help="let somebody in; again: a new password and second factor")
    new.add_argument("work_no")
    new.add_argument("--role", type=Role, choices=list(Role), required=True)
    new.set_defaults(command=_add)
    out = what.add_parser("disable", help="let somebody in no more")
    out.add_argument("work_no")
    out.set_defaults(command=_disable)
    listed = what.add_parser("list", help="who may sign in")
    listed.set_defaults(command=_list)
    for own in (new, out, listed):
        own.add_argument("--db", required=True, help="SQLAlchemy URL")


def _add(options: argparse.Namespace) -> int:
    password = secrets.token_urlsafe(12)
    engine = open_store(options.db)
    secret = add_person(engine, options.work_no, options.role, password, must_change=True)
    uri = pyotp.TOTP(secret).provisioning_uri(name=options.work_no, issuer_name="Yiduan")
    print(f"first password (shown once, to be changed): {password}")
    print(f"second factor: {secret}\n{uri}")
    return 0


def _disable(options: argparse.Namespace) -> int:
    if not disable(open_store(options.db), options.work_no):
        raise FleetError(f"there is no {options.work_no}: see kiosk-fleet person list")
    return 0


def _list(options: argparse.Namespace) -> int:
    wanted = select(Person.work_no, Person.role, Person.disabled).order_by(Person.work_no)
    with open_store(options.db).connect() as connection:
        for row in connection.execute(wanted):
            print(f"{row.work_no}\t{row.role}\t{'disabled' if row.disabled else ''}".rstrip())
    return 0
