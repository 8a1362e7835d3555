"""`kiosk shell`: reads what it is given, then runs the loop."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from kiosk.channel import read_secrets
from kiosk.channel.process import die_with_parent
from kiosk.shell.shell import Launch, Shell
from kiosk.shell.slot_process import SESSION_ENVIRONMENT, open_nursery

_PASSED_ON = ("DISPLAY", "XAUTHORITY", "PATH", "LC_ALL", "LANG", "HOME", "TZ", "TMPDIR")
_OUR_OWN = ("PYTHONPATH", "YIDUAN_CONFIG", "YIDUAN_RELEASES", "YIDUAN_ASSETS", "YIDUAN_FONTS")
"""Variables a session gets, of the system and of ours; the rest stays here."""


def main(options: argparse.Namespace) -> int:
    """Run the shell until it is told to stop."""
    if options.with_parent:
        die_with_parent()
    secrets, _ = read_secrets(sys.stdin)
    arguments = ["session", "--state", str(options.state), "--run", str(options.run)]
    for layer in options.settings:
        arguments += ["--settings", str(layer)]
    roles = ["session"]
    if options.rehearsal:
        arguments.append("--rehearsal")
        roles.append("rehearsal")
    knows = "maintenance" in secrets.roles
    launch = Launch(
        arguments=arguments,
        greeting=secrets.only(*roles).line(sealing_public=_sealing_public(options.state)),
        maintenance=secrets.only("maintenance", *roles[1:]).line() if knows else "",
    )
    shell = Shell(launch, options.run / "agent.sock", secrets.roles["shell"])
    _become_the_nurserys_parent()
    return shell.run()


def _become_the_nurserys_parent() -> None:
    """Keep only the variables a session may have; the nursery inherits what is left."""
    for name in set(os.environ) - {*_PASSED_ON, *_OUR_OWN}:
        del os.environ[name]
    os.environ.update(SESSION_ENVIRONMENT)
    open_nursery()


def _sealing_public(state: Path) -> object:
    """Return the public keys a session seals to; the only key material it ever holds."""
    return json.loads((state / "keys" / "sealing-public.json").read_text())
