"""``kiosk-intake enrol``: set the desk up, serve it, and decide who is a terminal."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from contextlib import closing

from sqlalchemy.exc import SQLAlchemyError

from intake.enrolment.files import Files, FilesError
from intake.enrolment.office import Approval, Asking, NotDone, Office
from intake.enrolment.server import start
from intake.records.store import Store
from intake.service.services import utc_now


def make(options: argparse.Namespace) -> int:
    """Make the files."""
    try:
        made = Files(options.files).make(options.host)
    except (FilesError, OSError) as error:
        print(f"kiosk-intake enrol init: {error}", file=sys.stderr)
        return 1
    for path in made:
        print(f"take this away, to a place without a network: {path}")
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve new terminals."""
    return start(options)


def _with_office(
    options: argparse.Namespace, act: Callable[[argparse.Namespace, Office], int]
) -> int:
    """Give an order over the database; a refused one is told and changes nothing."""
    try:
        with closing(Store(options.db)) as store:
            return act(options, Office(store.engine))
    except (NotDone, SQLAlchemyError) as error:
        print(f"kiosk-intake enrol: {error}", file=sys.stderr)
        return 1


def _show(options: argparse.Namespace, office: Office) -> int:
    """List who waits."""
    waiting = office.waiting(utc_now())
    if options.json:
        print(json.dumps([_object(one) for one in waiting]))
        return 0
    for one in waiting:
        wants = f"replaces {one.wants}" if one.replaces else one.wants or "any id"
        until = f"{one.expires_at:%H:%M} UTC"
        print(f"{one.shown}  {wants}  {one.provider}  from {one.asked_from}  until {until}")
    return 0


def _object(one: Asking) -> dict[str, object]:
    return {
        "shown": one.shown,
        "wants": one.wants,
        "replaces": one.replaces,
        "provider": one.provider,
        "asked_from": one.asked_from,
        "asked_at": one.asked_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
    }


def _approve(options: argparse.Namespace, office: Office) -> int:
    """Approve."""
    approval = Approval(
        code=options.code,
        by=getpass.getuser(),
        terminal=options.terminal,
        jurisdiction=options.jurisdiction,
        group=options.group,
        stolen=options.stolen,
    )
    terminal = office.approve(approval, utc_now())
    print(json.dumps({"terminal": terminal}) if options.json else f"approved as {terminal}")
    return 0


def _refuse(options: argparse.Namespace, office: Office) -> int:
    """Refuse."""
    office.refuse(options.code, getpass.getuser(), utc_now())
    return 0


def _regroup(options: argparse.Namespace, office: Office) -> int:
    """Put into another group."""
    office.regroup(options.terminal, options.group)
    return 0


def _revoke(options: argparse.Namespace, office: Office) -> int:
    """Revoke."""
    office.revoke(options.terminal, utc_now())
    return 0


ORDERS: dict[str, Callable[[argparse.Namespace, Office], int]] = {
    "list": _show,
    "approve": _approve,
    "refuse": _refuse,
    "regroup": _regroup,
    "revoke": _revoke,
}


def order(options: argparse.Namespace) -> int:
    """Give the order that ``options.order`` names."""
    return _with_office(options, ORDERS[options.order])


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "make": make,
    "serve": serve,
    "order": order,
}
