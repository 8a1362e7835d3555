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

_PASSED_ON = ("DISPLAY", "XAUTHORITY", "PATH", "LC_ALL", "LANG", "HOME", "TZ", "PYTHONPATH")
"""Variables a session gets; the rest of the shell's environment stays here."""


def main(options: argparse.Namespace) -> int:
    """Run the shell until it is told to stop."""
    if options.with_parent:
        die_with_parent()
    secrets, _ = read_secrets(sys.stdin)
    command = [sys.executable, "-P", "-m", "kiosk", "session"]
    command += ["--state", str(options.state), "--run", str(options.run)]
    for layer in options.settings:
        command += ["--settings", str(layer)]
    roles = ["session"]
    if options.rehearsal:
        command.append("--rehearsal")
        roles.append("rehearsal")
    launch = Launch(
        command=command,
        greeting=secrets.only(*roles).line(sealing_public=_sealing_public(options.state)),
        environment={k: os.environ[k] for k in _PASSED_ON if k in os.environ},
    )
    return Shell(launch, options.run / "agent.sock", secrets.roles["shell"]).run()


def _sealing_public(state: Path) -> object:
    """Return the public keys a session seals to; the only key material it ever holds."""
    return json.loads((state / "keys" / "sealing-public.json").read_text())
