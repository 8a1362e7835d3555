"""What the review shows beside the values, and the signature stands under (envelopes of schema 3).

Terminal and intake tell it alike: the one from what the citizen submits, the other from what came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from kiosk.domain.application import Delivery, EnterpriseSignIn, FiledMaterial
from kiosk.domain.envelope import Attachment, Envelope


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """Which items of which thing, for whom, by which answers, with which papers, fetched how.

    ``items`` are codes in the order of the review; ``attachments`` has the pictures of the
    materials, and may have more.
    """

    thing: str
    items: tuple[str, ...]
    role: str
    situations: Mapping[str, str]
    materials: tuple[FiledMaterial, ...]
    attachments: Sequence[Attachment]
    delivery: Delivery | None
    enterprise: EnterpriseSignIn | None

    def told(self) -> dict[str, object]:
        """Return it as JSON, a picture by its SHA-256; `signed_text_digest` takes it."""
        told: dict[str, object] = {
            "thing": self.thing,
            "items": list(self.items),
            "role": self.role,
            "situations": dict(self.situations),
            "materials": [self._material(own) for own in self.materials],
        }
        if self.delivery is not None:
            told["delivery"] = asdict(self.delivery)
        if self.enterprise is not None:
            own = self.enterprise
            told["enterprise"] = {"uscc": own.uscc, "name": own.name, "role": own.role}
        return told

    def _material(self, own: FiledMaterial) -> dict[str, object]:
        digests = {one.name: one.sha256 for one in self.attachments}
        pictures = [digests.get(name, "") for name in own.attachments]
        return {"key": own.key, "disposition": own.disposition, "pictures": pictures}


def reviewed(envelope: Envelope) -> Reviewed:
    """Return what the citizen reviewed of an envelope."""
    own = envelope.application
    return Reviewed(
        thing=own.thing,
        items=own.items,
        role=own.role,
        situations=own.situations,
        materials=own.materials,
        attachments=envelope.attachments,
        delivery=own.delivery,
        enterprise=own.enterprise,
    )
