"""What every shape of a catalogue file rests on: what is refused, and the words for keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*(\.[a-z_]+)+$")]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
MaterialKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
ProvincialCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{0,40}$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
SourceWord = Annotated[
    str,
    StringConstraints(
        pattern=r"^(id_card|account|profile|prior|terminal|household|e_licence"
        r"|e_business_licence|user)$"
        r"|^(share|card|e_licence|produced|derived|capture):.+$"
    ),
]
STRICT = ConfigDict(extra="forbid", frozen=True)
"""Unknown keys are refused: a misspelt one is a fault with a line and not a silent default."""
