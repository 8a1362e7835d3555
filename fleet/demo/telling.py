"""What the demonstration says in the window it was started from, in Chinese and plainly."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

import pyotp
import segno

from fleet.demo.centre import NEXT, Account
from fleet.demo.places import Places
from fleet.people import Role
from kiosk.translation import Translator


@cache
def _words() -> Translator:
    return Translator("zh")


def text(key: str, **values: object) -> str:
    """Return a sentence of ``fleet_demo``."""
    return _words().text(f"fleet_demo.{key}", **{name: str(one) for name, one in values.items()})


def say(key: str, **values: object) -> None:
    """Say a sentence now."""
    print(text(key, **values), flush=True)


def step(key: str) -> None:
    """Say what is being done."""
    say(f"steps.{key}")


def announce(url: str, accounts: Sequence[Account], places: Places, rollout: str) -> None:
    """Say where the console is, who may sign in, and by a key how far the rollout is."""
    print()
    say("console", url=url)
    for one in accounts:
        say(
            "account",
            role=text(f"roles.{Role(one.role).value}"),
            work_no=one.work_no,
            password=one.password,
            secret=one.second_factor,
        )
        print(f"  {_otpauth(one)}")
        if sys.stdout.isatty():
            segno.make(_otpauth(one), error="m").terminal(compact=True)
    say(rollout, release=NEXT)
    say("files", place=places.root)
    say("how_to_end", keys="Ctrl-C")


def _otpauth(one: Account) -> str:
    own = pyotp.TOTP(one.second_factor)
    return own.provisioning_uri(name=one.work_no, issuer_name="Yiduan")
