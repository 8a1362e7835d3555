"""``kiosk-devices serve``: serve every device to sessions."""

from __future__ import annotations

import argparse
import pwd
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from drivers.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drivers.service.host_file import HostFile
    from drivers.service.roles import Role
    from drivers.service.serving import ServeOptions

T = TypeVar("T")

HELP: Final = "serve every device to sessions"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options; each wins over the same key of the file."""
    parser.add_argument("--config", type=Path, help="YAML file: everything below, and the devices")
    parser.add_argument("--run", type=Path, help="directory of sockets and ports")
    parser.add_argument("--state", type=Path, help="taken for uniformity; nothing is kept")
    parser.add_argument("--evidence-key", type=Path, help="Ed25519 key, PEM")
    parser.add_argument("--terminal", help="name of this terminal")
    parser.add_argument("--allow-uid", type=int, action="append", default=[], metavar="UID")
    parser.add_argument("--allow-user", action="append", default=[], metavar="NAME")
    parser.add_argument(
        "--secrets-on-stdin", action="store_true", help="read the roles' secrets from one line"
    )
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")


def run(options: argparse.Namespace) -> int:
    """Serve until told to end."""
    from drivers.service import serving
    from drivers.service.binding import BindingError
    from drivers.service.evidence import EvidenceKeyError
    from drivers.service.host_file import SecretsError, read_host_file
    from drivers.service.tcp import TcpError

    try:
        serving.serve(_settings(options, read_host_file(options.config)))
    except (BindingError, EvidenceKeyError, SecretsError, TcpError) as error:
        raise Trouble(str(error), "Mend what is named and start again.") from error
    except OSError as error:
        help_text = "Name another run directory, or start it as the user who may write there."
        raise Trouble(f"{error.filename}: {error.strerror}", help_text) from error
    return 0


def _settings(options: argparse.Namespace, file: HostFile) -> ServeOptions:
    """Lay the command line over the file.

    Raises:
        Trouble: something is said by neither.
        SecretsError: the secrets cannot be read.
    """
    from drivers.service.serving import ServeOptions

    users = frozenset(options.allow_uid) | {_uid(name) for name in options.allow_user}
    return ServeOptions(
        run=_said("run", options.run or file.run),
        evidence_key=_said("evidence_key", options.evidence_key or file.evidence_key),
        terminal=_said("terminal", options.terminal or file.terminal),
        secrets=_secrets(options, file),
        config=options.config,
        with_parent=options.with_parent,
        uids=users or file.uids,
        tcp=file.tcp,
    )


def _said(key: str, value: T | None, option: str = "") -> T:
    if value is None:
        option = option or f"--{key.replace('_', '-')}"
        raise Trouble(f"{key} is not set", f"Give {option}, or name it in the file of --config.")
    return value


def _secrets(options: argparse.Namespace, file: HostFile) -> Mapping[Role, str]:
    from drivers.service.host_file import SecretsError, read_secrets, read_secrets_file
    from drivers.service.roles import Role

    if options.secrets_on_stdin:
        found = read_secrets(sys.stdin.readline(), "standard input")
    else:
        found = read_secrets_file(_said("secrets", file.secrets, "--secrets-on-stdin"))
    if Role.SESSION not in found:
        raise SecretsError("there is no secret of role session")
    return found


def _uid(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        help_text = "Name a user of this machine after --allow-user."
        raise Trouble(f"there is no user {name}", help_text) from None
