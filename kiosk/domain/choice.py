"""Which items are filed: what the citizen wants, and what answers, papers and laws make of it.

Theory of operation.  The citizen says only which items they do *not* want (``left_out``); all else
follows from the thing, so that the same wish under other answers is settled anew.

1. *Gone* is what cannot be chosen at all: an answer took it away, a device is missing, or it needs
   a paper that the citizen has not and that no chosen item makes.
2. Of what is left and wanted, items that exclude one another, and ways to one end
   (``alternative``), leave one: the first in the list's order.
3. What needs an item (``requires``) that could be chosen and is not, falls with it, again and
   again until nothing falls any more.  What the law runs together (``same_time``) stands and falls
   as one.

Every round looks at the same state for all items, so the outcome does not depend on their order;
and each round only takes away, so it ends.  The outcome is a fixed point: settled again it is the
same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain import situations
from kiosk.domain.catalogue import Item, Thing
from kiosk.domain.situations import NOTHING, Answers

Codes = frozenset[str]
Items = tuple[Item, ...]


class WhyKind(StrEnum):
    """Why an item cannot be chosen, or cannot be removed."""

    ANSWER = "answer"
    """An answer took it away; ``name`` is the catalogue's sentence."""
    NEEDS_PAPER = "needs_paper"
    """It needs a paper (``name``) that is not there and not made in this visit."""
    NEEDS_ITEM = "needs_item"
    """It needs another item (``name``)."""
    LAW = "law"
    """The law runs it together with another one; ``name`` says which law."""
    EXCLUDES = "excludes"
    """It cannot be filed beside another item (``name``)."""
    ALTERNATIVE = "alternative"
    """Another way (``name``) to the same end is chosen."""
    UNAVAILABLE = "unavailable"
    """This terminal cannot do it now; ``name`` is the caller's word for why."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason with what it names."""

    kind: WhyKind
    name: str = ""


Whys = Mapping[str, Why]
_NO_WHYS: Whys = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The settled choice; every mapping is by an item's code.

    Attributes:
        items: what is filed, in the list's order, without what the answers spare.
        locked: filed, and not to be removed by itself.
        gone: not to be chosen.
        follows: not filed because of another tick; touching it changes that other one, too.
    """

    items: tuple[Item, ...]
    locked: Whys = field(default_factory=dict)
    gone: Whys = field(default_factory=dict)
    follows: Whys = field(default_factory=dict)

    @property
    def codes(self) -> Codes:
        """Codes of the chosen items."""
        return frozenset(item.code for item in self.items)


def choose(
    thing: Thing,
    answers: Answers,
    left_out: Codes = frozenset(),
    unavailable: Whys = _NO_WHYS,
    known: Answers = NOTHING,
) -> Choice:
    """Return what is filed of ``thing``.

    ``answers`` are by a situation's code, ``known`` facts by a field's key, ``unavailable`` are
    items this terminal cannot do now.
    """
    gone = {
        code: Why(WhyKind.ANSWER, why)
        for code, why in situations.taken_away(thing, answers, known).items()
    }
    gone |= {code: why for code, why in unavailable.items() if code not in gone}
    whole = situations.narrowed(thing, thing.open_items, answers, known)
    offered = tuple(item for item in whole if item.code not in gone)
    wanted = tuple(item for item in offered if item.code not in left_out)
    lacks = frozenset(k for own in situations.options(thing, answers, known) for k in own.lacks)
    return _settled(wanted, offered, lacks, gone)


def _settled(wanted: Items, offered: Items, lacks: Codes, gone: Whys) -> Choice:
    """Settle rivals and what stands on what; a rival that falls itself keeps nobody out."""
    fallen: dict[str, Why] = {}
    lacking: dict[str, Why] = {}
    while True:
        left = tuple(i for i in wanted if i.code not in fallen and i.code not in lacking)
        kept, rivals = _one_of_each(left)
        standing, more, papers = _standing(kept, offered, lacks)
        if not more and not papers:
            break
        fallen |= more
        lacking |= papers
    return Choice(
        items=standing,
        locked=_locked(standing),
        gone={**gone, **{c: w for c, w in lacking.items() if not _makeable(c, offered, w)}},
        follows={
            **rivals,
            **fallen,
            **{c: w for c, w in lacking.items() if _makeable(c, offered, w)},
        },
    )


def _makeable(code: str, offered: Items, why: Why) -> bool:
    """Tell whether the paper that an item lacks can be made here, by an item that was left out."""
    own = next(item for item in offered if item.code == code)
    makers = {paper.made_by for paper in own.materials if paper.name == why.name}
    return any(item.code in makers for item in offered)


def toggled(
    thing: Thing,
    code: str,
    *,
    answers: Answers,
    left_out: Codes,
    unavailable: Whys = _NO_WHYS,
) -> Codes:
    """Return what is left out after an item was touched: it goes, or comes with what it needs."""
    now = choose(thing, answers, left_out, unavailable)
    items = {item.code: item for item in thing.open_items}
    group = _together(tuple(items.values()))
    if code in now.codes:
        return left_out | group.get(code, frozenset({code}))
    lacks = frozenset(k for own in situations.options(thing, answers) for k in own.lacks)
    coming = _needed(items, group, code, lacks)
    leaving = {
        other
        for own in coming
        for other in items
        if other not in coming and _rivals(items[own], items[other])
    }
    return (left_out - coming) | leaving


# ---- rivals: one of several


def _one_of_each(wanted: tuple[Item, ...]) -> tuple[tuple[Item, ...], dict[str, Why]]:
    """Leave the first of items that cannot stand beside one another."""
    kept: list[Item] = []
    follows: dict[str, Why] = {}
    for item in wanted:
        rival = next((own for own in kept if _rivals(own, item)), None)
        if rival is None:
            kept.append(item)
            continue
        same = bool(item.alternative) and item.alternative == rival.alternative
        kind = WhyKind.ALTERNATIVE if same else WhyKind.EXCLUDES
        follows[item.code] = Why(kind, rival.name)
    return tuple(kept), follows


def _rivals(one: Item, other: Item) -> bool:
    """Tell whether two items cannot be filed beside one another."""
    if one.code == other.code:
        return False
    if one.code in other.excludes or other.code in one.excludes:
        return True
    return bool(one.alternative) and one.alternative == other.alternative


# ---- what needs what


def _standing(
    wanted: tuple[Item, ...], offered: tuple[Item, ...], lacks: Codes
) -> tuple[tuple[Item, ...], dict[str, Why], dict[str, Why]]:
    """Take away what lacks an item or a paper, until nothing lacks any more."""
    names = {item.code: item.name for item in offered}
    group = _together(offered)
    fallen: dict[str, Why] = {}
    lacking: dict[str, Why] = {}
    while True:
        codes = frozenset(item.code for item in wanted)
        papers = {i.code: why for i in wanted if (why := _paper_missing(i, codes, lacks))}
        needs = {i.code: why for i in wanted if (why := _item_missing(i, codes, names, group))}
        if not papers and not needs:
            return wanted, fallen, lacking
        lacking |= papers
        fallen |= {code: why for code, why in needs.items() if code not in papers}
        wanted = tuple(i for i in wanted if i.code not in papers and i.code not in needs)


def _paper_missing(item: Item, codes: Codes, lacks: Codes) -> Why | None:
    for paper in item.materials:
        if paper.key in lacks and paper.made_by not in codes:
            return Why(WhyKind.NEEDS_PAPER, paper.name)
    return None


def _item_missing(
    item: Item, codes: Codes, names: Mapping[str, str], group: Mapping[str, Codes]
) -> Why | None:
    """Return which item that could be chosen is missing; one that is not offered is there."""
    for code in item.requires:
        if code in names and code not in codes:
            return Why(WhyKind.NEEDS_ITEM, names[code])
    for code in group.get(item.code, frozenset()):
        if code not in codes:
            return Why(WhyKind.LAW, item.together_why)
    return None


def _together(items: tuple[Item, ...]) -> dict[str, Codes]:
    """Return for each item the set of items that the law runs together with it, itself included."""
    present = {item.code for item in items}
    found: dict[str, Codes] = {}
    for item in items:
        whole = {item.code, *(code for code in item.same_time if code in present)}
        joined = frozenset(whole).union(*(found.get(code, frozenset()) for code in whole))
        found |= dict.fromkeys(joined, joined)
    return {code: whole for code, whole in found.items() if len(whole) > 1}


def _needed(
    items: Mapping[str, Item], group: Mapping[str, Codes], code: str, lacks: Codes
) -> Codes:
    """Return an item with everything that has to come along."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        own = waiting.pop()
        if own not in found and own in items:
            found.add(own)
            makers = [paper.made_by for paper in items[own].materials if paper.key in lacks]
            waiting += [*items[own].requires, *group.get(own, ()), *makers]
    return frozenset(found)


def _locked(wanted: tuple[Item, ...]) -> dict[str, Why]:
    """Return what cannot be removed by itself: all but the first of what the law runs together."""
    order = [item.code for item in wanted]
    group = _together(wanted)
    found: dict[str, Why] = {}
    for item in wanted:
        whole = group.get(item.code)
        if whole and item.code != min(whole, key=order.index):
            found[item.code] = Why(WhyKind.LAW, item.together_why)
    return found
