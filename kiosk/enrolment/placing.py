"""What the centre's mandate places on a terminal, beside its keys.

::

    mandate.json         who administers this terminal, as it was told; later ones follow from it
    command-keys.json    whose commands are believed; the agent reads it for each command
    release-root.json    the root document that releases are trusted by
    centre.yaml          a layer of settings: broker, group, address of releases

Each file is written whole, and ``mandate.json`` last: what a death leaves half-done is done again
with the next look.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.crypto.provision import write_private
from kiosk.enrolment.errors import DeskGarbled, NotEnrolled
from kiosk.status.mandate import (
    COMMAND_KEYS_FILE,
    LAYER_FILE,
    MANDATE_FILE,
    ROOT_FILE,
    Mandate,
    MandateError,
    following,
)

GROUP: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
"""What a group of releases is called (`kiosk.settings.model.Release`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What is in force on this terminal.

    Attributes:
        mandate: who administers it; none where nobody does from afar.
        group: which releases and commands are for it; empty: its own settings say.
        place: GB/T 2260 code of the place it works for, whose commands are for it, too.
    """

    mandate: Mandate | None = None
    group: str = ""
    place: str = ""


def read_mandate(text: object) -> Mandate | None:
    """Read what a desk told; none when it told none.

    Raises:
        DeskGarbled: it is no mandate, or its release root is not signed by its own keys.
    """
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise DeskGarbled("the mandate is not text")
    try:
        own = Mandate.parse(text)
    except MandateError as error:
        raise DeskGarbled(f"the mandate can't be used: {error}") from error
    if own.release_root:
        _check_root(own.release_root)
    return own


def read_group(told: object) -> str:
    """Read a group; empty when none was told; raise `DeskGarbled` for what is none."""
    if told is None or told == "":
        return ""
    if not isinstance(told, str) or not GROUP.fullmatch(told):
        raise DeskGarbled("the group is no name of a group")
    return told


def held(keys: Path) -> Placed:
    """Return what was placed before.

    Raises:
        NotEnrolled: it is damaged.
    """
    try:
        written = json.loads((keys / MANDATE_FILE).read_bytes())
        own = Mandate.parse(json.dumps(written["mandate"]))
        return Placed(mandate=own, group=str(written["group"]), place=str(written["place"]))
    except FileNotFoundError:
        return Placed()
    except (ValueError, LookupError, TypeError) as error:
        raise NotEnrolled(f"{keys / MANDATE_FILE}: damaged; kiosk enrol --replaces") from error


def place(keys: Path, own: Placed) -> None:
    """Write everything into a directory of keys.

    Raises:
        OSError: a file can't be written.
    """
    if own.mandate is None:
        return
    write_private(keys / COMMAND_KEYS_FILE, own.mandate.keys_file())
    if own.mandate.release_root:
        write_private(keys / ROOT_FILE, own.mandate.release_root.encode())
    write_private(keys / LAYER_FILE, _layer(own.mandate, own.group, own.place))
    written = {"mandate": own.mandate.to_json(), "group": own.group, "place": own.place}
    write_private(keys / MANDATE_FILE, json.dumps(written, sort_keys=True).encode())


def replace(keys: Path, told: Placed) -> bool:
    """Put in force what follows from what is; says whether anything changed.

    A terminal that was enrolled before there was a mandate takes none this way: nobody compared it.

    Raises:
        DeskGarbled: a command key does not follow from one in force; what is in force stays.
        NotEnrolled: what is in force is damaged.
        OSError: a file can't be written.
    """
    before = held(keys)
    if before.mandate is None or told.mandate is None:
        return False
    try:
        mandate = following(before.mandate, told.mandate)
    except MandateError as error:
        raise DeskGarbled(f"the mandate does not follow from the one in force: {error}") from error
    after = Placed(mandate=mandate, group=told.group or before.group, place=before.place)
    if after == before and _keys_file(keys) == mandate.keys_file():  # newer software knows more
        return False
    place(keys, after)
    return after != before


def _keys_file(keys: Path) -> bytes:
    path = keys / COMMAND_KEYS_FILE
    return path.read_bytes() if path.exists() else b""


def _layer(mandate: Mandate, group: str, place: str) -> bytes:
    """Return a layer of settings; JSON is YAML, too.

    The group of releases is a group of commands by itself, also after its centre moved the terminal
    to another ring; it must not stand among the others, which stay.
    """
    centre: dict[str, object] = {"bus_host": mandate.bus_host, "bus_port": mandate.bus_port}
    release: dict[str, object] = {"url": mandate.release_url}
    centre["groups"] = [place] if place else []
    if group:
        release["group"] = group
    told = json.dumps({"centre": centre, "release": release}, indent=1)
    return (
        f"# From the centre, with the enrolment. terminal.yaml stands above it.\n{told}\n".encode()
    )


def _check_root(text: str) -> None:
    """Hold a root document against its own keys and threshold."""
    from tuf.api.exceptions import RepositoryError  # noqa: PLC0415 - slow; few terminals need it
    from tuf.api.metadata import Metadata, Root  # noqa: PLC0415
    from tuf.api.serialization import DeserializationError  # noqa: PLC0415

    try:
        document = Metadata[Root].from_bytes(text.encode())
        if document.signed.type != "root":
            raise DeskGarbled("the release root is another document")
        document.signed.verify_delegate("root", document.signed_bytes, document.signatures)
    except (RepositoryError, DeserializationError, ValueError) as error:
        raise DeskGarbled("the release root is not signed by its own keys") from error
