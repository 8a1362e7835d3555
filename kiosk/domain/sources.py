"""Who is asked for a fact: which of a field's sources are registers, for whom.

A fact of the other parent of a newborn comes by that parent's authorisation, and from nowhere
else; a fact of the applicant never does.  Terminal and intake use the same rules, so that what a
citizen consents to is what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.domain.catalogue import Thing
from kiosk.domain.dictionary import Field

PARENTS: Final[Mapping[str, str]] = MappingProxyType({"mother": "母亲", "father": "父亲"})
"""Roles of a form about a newborn, and their words."""
ENTERPRISES: Final = "企业"
"""The audience of things that are for enterprises."""
BUSINESS_LICENCE: Final = "e_business_licence"
"""The source word of what an enterprise's electronic business licence says."""
REGISTERS: Final = frozenset(
    {"account", "profile", "household", "e_licence", "share", "card", BUSINESS_LICENCE}
)
"""Kinds of source that are asked over the wire, with the citizen's consent."""


def authorised_by(role: str) -> str:
    """Return the source word for the data of a parent who allowed the other one to use them."""
    return f"share:{PARENTS[role]}授权"


def on_card(field: Field, role: str) -> bool:
    """Tell whether the card of the applicant, who has ``role`` in the form, says it."""
    owner = field.key.partition(".")[0]
    return "id_card" in field.sources and (owner == role or owner not in PARENTS)


def registers(field: Field, role: str) -> tuple[str, ...]:
    """Return the registers that are asked for a field, in its order; none for what a card says."""
    if on_card(field, role):
        return ()
    owner = field.key.partition(".")[0]
    allowed = authorised_by(owner) if owner in PARENTS else ""
    if owner != role and allowed in field.sources:
        return (allowed,)
    asked = (s for s in field.sources if s.partition(":")[0] in REGISTERS)
    return tuple(source for source in asked if source != allowed)


def needs_enterprise(thing: Thing) -> bool:
    """Tell whether a thing is filed for an enterprise that is there already.

    One that is being set up has no licence to sign in with: no item of such a thing asks what a
    licence says.
    """
    fields = (field for item in thing.open_items for field in item.fields)
    return thing.audience == ENTERPRISES and any(BUSINESS_LICENCE in own.sources for own in fields)
