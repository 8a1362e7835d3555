"""``kiosk-devices serve``: serve every device to sessions."""

from __future__ import annotations

import argparse
import pwd
import sys
from pathlib import Path
from typing import Final

from drivers.trouble import Trouble

HELP: Final = "serve every device to sessions"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument("--run", type=Path, required=True, help="directory of sockets and ports")
    parser.add_argument("--state", type=Path, help="taken for uniformity; nothing is kept")
    parser.add_argument("--evidence-key", type=Path, required=True, help="Ed25519 key, PEM")
    parser.add_argument("--terminal", required=True, help="name of this terminal")
    parser.add_argument("--config", type=Path, help="YAML file of ports")
    parser.add_argument("--allow-uid", type=int, action="append", default=[], metavar="UID")
    parser.add_argument("--allow-user", action="append", default=[], metavar="NAME")
    parser.add_argument("--secrets-on-stdin", action="store_true", required=True)
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")


def run(options: argparse.Namespace) -> int:
    """Serve until told to end."""
    from drivers.printer.profiles import ProfileError
    from drivers.service import serving
    from drivers.service.binding import BindingError
    from drivers.service.evidence import EvidenceKeyError

    try:
        serving.serve(
            serving.ServeOptions(
                run=options.run,
                evidence_key=options.evidence_key,
                terminal=options.terminal,
                session_secret=serving.read_secret(sys.stdin),
                config=options.config,
                with_parent=options.with_parent,
                uids=frozenset(options.allow_uid)
                | {pwd.getpwnam(name).pw_uid for name in options.allow_user},
            )
        )
    except (BindingError, EvidenceKeyError, ProfileError, serving.SecretsError) as error:
        raise Trouble(str(error), "Mend what is named and start again.") from error
    return 0
