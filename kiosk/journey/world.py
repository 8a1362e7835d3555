"""The small scripted world that a rehearsal plays in: devices, intake, people."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kiosk.domain.application import EnterpriseSignIn
from kiosk.domain.catalogue import Item
from kiosk.domain.identity import Person, SignedEvidence
from kiosk.domain.receipt import Outcome, Printed
from kiosk.journey.effects import FetchPrefill
from kiosk.journey.facts import (
    Answer,
    CardRead,
    Condition,
    Devices,
    Intake,
    Prefill,
    Progress,
    Sight,
    Standing,
    Taken,
    Terminal,
    Trouble,
)
from kiosk.journey.script import Scene

Ask = Callable[[str, tuple[Item, ...], str, Mapping[str, str], str], Prefill]
"""Thing's code, items, the applicant's role, failing registers, the enterprise's credit code →
what the registers know."""

FAULTS = {"dark": "dark", "blurred": "blurred", "glare": "glare", "half": "cut"}
"""What is wrong with a scene, and the word for it in the picture's faults."""
UNREADABLE = {"blurred", "glare", "dark", "half"}
PAPER = {"ok": Condition.READY, "low": Condition.LOW, "out": Condition.OUT}
"""What the printer has, and its condition then."""
CARD_FAULTS = {"lift": "removed", "foreign": "unsupported"}
"""What goes wrong with a card, and the reason that is told; anything else is unreadable."""
PRINTED: Mapping[Printed | None, bool | str | None] = {
    Printed.YES: True,
    Printed.NO: False,
    Printed.UNKNOWN: "unknown",
    None: None,
}
"""What a script says of a slip."""
LICENCE = "yiduan-ebl:"
"""Begins the code of an electronic licence."""
BROKEN = {"freeze": "frozen", "unplug": "camera_absent", "black": "black"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Someone:
    """A person of the world: the card, and what the registers know."""

    person: Person
    evidence: SignedEvidence
    ask: Ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Firm:
    """An enterprise of the world; ``roles`` are by the ID number of who may act for it."""

    uscc: str
    name: str
    roles: Mapping[str, Literal["legal_rep", "agent"]]


@dataclass(slots=True)
class World:
    """Devices, agent and intake as far as a script can see them."""

    people: Mapping[str, Someone]
    firms: Mapping[str, Firm] = field(default_factory=dict)
    """Enterprises by their references."""
    devices: Devices = field(
        default_factory=lambda: Devices(
            id_reader=Condition.READY,
            scanner=Condition.READY,
            printer=Condition.READY,
            camera=Condition.READY,
        )
    )
    terminal: Terminal = field(default_factory=Terminal)
    intake: Intake = Intake.UP
    room: bool = True
    card: str | None = None
    card_faults: deque[str] = field(default_factory=deque)
    scene: Scene | None = None
    sources: dict[str, str] = field(default_factory=dict)
    """Registers that fail, and how."""
    slip: str = ""
    filings: list[str] = field(default_factory=list)
    """Local numbers."""
    filed_by: list[str] = field(default_factory=list)
    """Identity numbers, in the order of the filings."""
    papers: int = 0
    pictures: int = 0
    grade: int | None = None
    chimes: list[str] = field(default_factory=list)

    def sight(self) -> Sight:
        """Return what the camera sees."""
        fault = self.scene.fault if self.scene else None
        there = self.scene is not None and self.scene.name != "empty"
        return Sight(
            found=there,
            complete=there and fault != "half",
            sharp=there and fault != "blurred",
            glare_free=there and fault != "glare",
            lit=fault != "dark",
        )

    def take(self) -> Taken:
        """Return a picture of what lies there."""
        self.pictures += 1
        there = self.scene is not None and self.scene.name != "empty"
        fault = FAULTS.get(self.scene.fault or "") if there and self.scene else "no_page"
        return Taken(
            picture=f"picture-{self.pictures}",
            sha256="0" * 64,
            size=100_000,
            width=1240,
            height=1754,
            faults=(fault,) if fault else (),
        )

    def number(self) -> CardRead:
        """Return what is read from the card that lies there."""
        scene = self.scene
        if scene is None or scene.name != "bank_card" or scene.fault in UNREADABLE:
            return CardRead(number="")
        return CardRead(number=scene.number or "", bank="新乡市示例银行")

    def told(self, effect: FetchPrefill) -> Prefill:
        """Return what the registers know of whoever put down the card."""
        own = next(one for one in self.people.values() if one.person == effect.card.person)
        uscc = effect.enterprise.uscc if effect.enterprise else ""
        return own.ask(effect.thing.code, effect.items, effect.role, self.sources, uscc)

    def sign_in(self, id_no: str, code: str) -> EnterpriseSignIn | Trouble:
        """Return for whom somebody acts by the code of a licence."""
        if self.intake is not Intake.UP:
            return Trouble(reason="unreachable")
        firm = self.firms.get(code.removeprefix(LICENCE))
        if firm is None:
            return Trouble(reason="foreign")
        role = firm.roles.get(id_no)
        if role is None:
            return Trouble(reason="not_allowed")
        return EnterpriseSignIn(uscc=firm.uscc, name=firm.name, role=role, token=code)

    def verdict(self, items: tuple[Item, ...]) -> Answer:
        """Return what becomes of the last filing, of these items."""
        if self.intake is not Intake.UP:
            return Answer(outcome=Outcome.STORED)
        number = f"41070020261122{len(self.filings):06d}"
        numbers = tuple((item.code, f"{number}{n:02d}") for n, item in enumerate(items, 1))
        return Answer(outcome=Outcome.SUBMITTED, application_no=number, items=numbers)

    def applications(self, id_no: str) -> tuple[Progress, ...]:
        """Return what a person filed, newest first."""
        own = [no for no, by in zip(self.filings, self.filed_by, strict=True) if by == id_no]
        return tuple(progress(f"4107{number[-3:]}") for number in reversed(own))


def progress(number: str) -> Progress:
    """Return where an application stands: just filed."""
    item = Standing(
        name="备案", number=number, state="submitted", state_text="已提交", at="2026-11-22"
    )
    return Progress(application_no=number, thing="就医费用报销", as_of="2026-11-22", items=(item,))
