"""View models of the one set of materials: the list, the camera, the promise, the delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Line, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialRow:
    """One paper that is asked of the citizen."""

    key: str
    name: Text
    state: Literal["waiting", "captured", "committed"]
    told: Text
    """What is so: to be photographed, n pages photographed, follows until …"""
    kind: Literal["page", "card"]
    capture: Action | None
    """``capture:<key>``: photograph it, or one more page, or again."""
    commit: Action | None
    """``commit:<key>``: not here today; only where it may follow."""
    paper: str = ""
    """Key of its sample picture, or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SparedGroup:
    """Papers that nobody has to bring, by what takes their place."""

    disposition: str
    """``e_licence`` | ``share`` | ``produced`` | ``generated``."""
    names: Text
    told: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialsView(View):
    """The one checklist."""

    rows: tuple[MaterialRow, ...]
    spared: tuple[SparedGroup, ...]
    spared_count: int
    read_list: Action | None = None
    """``read_list``: what may be missing at all, as it is published."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing a picture needs; ``ok`` as it is seen now."""

    label: Text
    ok: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptureView(View):
    """The live picture under the document camera.

    The picture itself is not in the view: a screen draws the session's newest frame.
    """

    material: Text
    kind: Literal["page", "card"]
    picture_no: int
    """1-based number of the page that is photographed."""
    checks: tuple[Check, ...]
    ready: bool
    """A picture taken now would do."""
    phase: Literal["looking", "taking", "stopped"]
    shoot: Action | None
    commit: Action | None
    paper: str = ""
    """Key of its sample picture, or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturedView(View):
    """The straightened picture: keep it, or once more."""

    material: Text
    kind: Literal["page", "card"]
    picture: str
    """Id of the picture; a screen asks the session for its bytes."""
    width: int
    height: int
    reading: bool
    """The number on the card is being read."""
    number: Text | None
    """What was read from the card, in groups, to be compared."""
    bank: Text | None
    keep: Action | None
    """``keep``; absent when the picture will not do."""
    again: Action
    more: Action | None
    """``more``: keep it and photograph the next page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitView(View):
    """承诺书: what is promised, until when, and what happens otherwise."""

    material: Text
    due: Text
    """The last day for a paper that follows; of another kind, what becomes of the paper."""
    terms: tuple[Text, ...]
    consequences: tuple[Text, ...]
    """Set apart and large (seed 002, annex 3, four (2) 2)."""
    agree: Action
    follows: bool = True
    """The paper is still to be brought."""
    later_check: Text | None = None
    read_list: Action | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedRow:
    """One line of the published list."""

    name: Text
    told: Text
    """Of which kind, and until when."""
    serves: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedView(View):
    """The published list of what may be missing: this thing's lines first."""

    published: Text
    excluded: Text
    here: tuple[ListedRow, ...]
    others: tuple[ListedRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryView(View):
    """How the results are received."""

    methods: tuple[Action, ...]
    """``deliver:<method>``; the chosen one is marked, ``note`` says where."""
    together: tuple[Action, ...]
    """``together:yes`` / ``together:no``; empty for a single item."""
    address: Line | None
    """Where the courier goes, while that is chosen."""
    change_address: Action | None
