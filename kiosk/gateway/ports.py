"""One port for each module of the provincial platform that a terminal has to do with.

The modules are those that 城政发〔2024〕8号 二（十二） names for the link with what the province
built. :class:`kiosk.gateway.IntakeClient` has all of them over ``/v1``. Whoever links another
platform answers ``/v1`` in front of it, and finds here what each module has to do; a core in Python
has the same methods, gives the same records, and raises the same three errors
(:mod:`kiosk.gateway.errors`): after `IntakeUnreachable` and `IntakeGarbled` nothing is known of
what the other end did, and its caller calls again with the same arguments.

:data:`MODULES` says which calls of ``/v1`` each method makes; ``docs/integrator.md`` and
``kiosk intake-check`` are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from kiosk.domain.application import EnterpriseSignIn
from kiosk.domain.consent import Consent
from kiosk.domain.envelope import Signature
from kiosk.domain.identity import SignedEvidence
from kiosk.gateway.answers import (
    Accepted,
    CatalogueVersions,
    Licences,
    ListedItem,
    Prefilled,
    Progress,
    Refused,
    Running,
)


class IdentityPort(Protocol):
    """身份认证: who stands at the terminal.

    A natural person is not signed in by a call: every call for a person's data carries the device
    host's signed evidence that this person's card was read, and is refused with ``NO_EVIDENCE``
    without it.
    """

    def enterprise_sign_in(
        self, signed: SignedEvidence, id_no: str, *, jurisdiction: str, token: str
    ) -> EnterpriseSignIn:
        """Sign a person in for an enterprise, with a code of its electronic business licence."""
        ...


class CasePort(Protocol):
    """办件: filing, once for ever."""

    def submit(self, envelope: bytes, signature: Signature) -> Accepted | Refused | Running:
        """File signed bytes; the same bytes get the same numbers, others under their id none."""
        ...


class ItemPort(Protocol):
    """事项: what may be filed, and under which codes."""

    def catalogue_version(self, division: str) -> CatalogueVersions:
        """Return the accepted catalogue versions of a place (GB/T 2260 code)."""
        ...

    def items(self, division: str) -> tuple[ListedItem, ...]:
        """Return every item of a place with our code and the province's."""
        ...


class UserPort(Protocol):
    """用户: what belongs to a person."""

    def mine(
        self, signed: SignedEvidence, id_no: str, *, jurisdiction: str
    ) -> tuple[Progress, ...]:
        """Return what the person has filed in this city, newest first."""
        ...


class EvaluationPort(Protocol):
    """评价: 好差评, voluntary (GB/T 39735)."""

    def evaluate(
        self, visit: str, slip: str, *, key: str, satisfaction: int, options: Sequence[str]
    ) -> None:
        """Keep an evaluation of a slip's application, once for its key."""
        ...


class ProcessPort(Protocol):
    """流程: where an application stands."""

    def progress(self, slip: str) -> Progress:
        """Return the state of each item of a slip's application."""
        ...


class FormPort(Protocol):
    """表单: one form, filled from what authorities know."""

    def prefill(
        self,
        signed: SignedEvidence,
        id_no: str,
        *,
        jurisdiction: str,
        thing: str,
        items: Sequence[str],
        consent: Consent | None,
        role: str = "person",
        enterprise: EnterpriseSignIn | None = None,
    ) -> Prefilled:
        """Return values by field key, each with its source, and how each source did."""
        ...


class MaterialPort(Protocol):
    """材料: files, by their content."""

    def upload(self, sha256: str, body: bytes, media_type: str) -> None:
        """Hand a file in under its hex digest; what is there already is not sent again."""
        ...


class LicencePort(Protocol):
    """电子证照: the electronic licences of a person.

    What a licence says goes into the form by :class:`FormPort`, with the source ``e_licence``.
    """

    def licences(
        self, signed: SignedEvidence, id_no: str, *, jurisdiction: str, consent: Consent | None
    ) -> Licences:
        """Return the person's licences by kind and number; none without a consent."""
        ...


class SealPort(Protocol):
    """电子印章: not offered.

    Nothing here makes or verifies an electronic seal (GB/T 38540): the terminal fetches no sealed
    file, and what an enterprise would seal is told by the item's ``seal`` in the catalogue. So this
    port has no method, and an adapter has nothing to write.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """A module: its code, the document's word for it, its port, and the calls of each method."""

    code: str
    name: str
    port: type
    calls: Mapping[str, tuple[str, ...]]

    @property
    def offered(self) -> bool:
        """There is something to call."""
        return bool(self.calls)


def _module(code: str, name: str, port: type, **calls: tuple[str, ...]) -> Module:
    return Module(code=code, name=name, port=port, calls=MappingProxyType(calls))


MODULES: Final = (
    _module(
        "identity",
        "身份认证",
        IdentityPort,
        enterprise_sign_in=("POST /v1/enterprise-sign-in",),
    ),
    _module("cases", "办件", CasePort, submit=("POST /v1/applications",)),
    _module(
        "items",
        "事项",
        ItemPort,
        catalogue_version=("GET /v1/catalogue",),
        items=("GET /v1/items",),
    ),
    _module("users", "用户", UserPort, mine=("POST /v1/applications/mine",)),
    _module("evaluations", "评价", EvaluationPort, evaluate=("POST /v1/evaluations",)),
    _module("process", "流程", ProcessPort, progress=("GET /v1/progress/{slip}",)),
    _module("forms", "表单", FormPort, prefill=("POST /v1/prefill",)),
    _module(
        "materials",
        "材料",
        MaterialPort,
        upload=(
            "POST /v1/uploads",
            "HEAD /v1/uploads/{upload_id}",
            "PATCH /v1/uploads/{upload_id}",
        ),
    ),
    _module("licences", "电子证照", LicencePort, licences=("POST /v1/licences",)),
    _module("seals", "电子印章", SealPort),
)
"""The ten modules, in the document's order."""
