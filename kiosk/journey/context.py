"""What a visit knows: one frozen record, replaced by every legal intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from kiosk.domain.roster import Contact, Helped
from kiosk.journey.facts import Intake, Terminal
from kiosk.journey.states import State

if TYPE_CHECKING:
    from datetime import date

    from kiosk.domain.application import EnterpriseSignIn
    from kiosk.domain.catalogue import Catalogue, Thing
    from kiosk.domain.form import Form
    from kiosk.journey.facts import (
        Answer,
        Card,
        CardRead,
        Devices,
        Mine,
        Prefill,
        Progress,
        Shown,
        Sight,
        Stored,
        Stroke,
        Taken,
        Trouble,
    )
    from kiosk.journey.view_parts import Size

Ending = Literal["done", "given_up", "unsure", "power", "opened"]
"""Nothing is open any more; a form was begun and not filed; it was handed over, unanswered; the
battery is nearly empty; the cabinet was opened."""
PrintState = Literal["none", "printing", "printed", "failed", "unknown"]

MAX_COPIES = 3
"""Slips of one visit; then staff are asked instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What a terminal says about itself."""

    service: str
    """Who serves here: 新乡市政务服务."""
    place: str
    """Where it stands: 红旗区政务服务中心 3 号机."""
    help_phone: str
    help_hours: str = ""
    """When somebody answers there; empty when nobody said."""
    attended: str = ""
    """When staff are at the place; empty when nobody said."""
    public_url: str = ""
    """Base address of the public progress page, without a slash at its end."""
    warning_seconds: int = 20
    """Count-down of the warning; the standards ask for at least this."""
    greeting: str = ""
    """The title while nobody is here; empty: the usual one."""
    first: tuple[str, ...] = ()
    """Codes of things that are named before the others while nobody is here."""
    roster: tuple[Contact, ...] = ()
    """Who can be called when; empty: nobody said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything a page may depend on."""

    site: Site
    catalogue: Catalogue
    today: date
    helped: Helped = field(default_factory=Helped)
    """Who can help now, or next."""
    broke: Shown | None = None
    """How the visit before this one broke; told once."""
    devices: Devices | None = None
    """None until they were asked."""
    terminal: Terminal = field(default_factory=Terminal)
    intake: Intake = Intake.UNKNOWN
    card_on: bool = False
    """A card lies on the reader, as far as the reader said."""
    ticket: int = 0
    """The last ticket that was given out."""
    awaited: int = 0
    """The ticket whose answer is awaited; 0 when none is."""
    trouble: Trouble | None = None
    """What is wrong on this page."""
    armed: int = 0
    """The ticket for which the reader waits for a card."""
    busy: bool = False
    """A card is being read, or the intake is being asked for progress."""
    slow: bool = False
    seconds: int = 0
    """Left of a count-down (warning, farewell, trouble)."""
    how: Literal["finished", "abandoned", "timed_out"] = "abandoned"
    """How the visit will have ended if it ends now."""
    size: Size = "normal"
    """Of the letters; elder also asks one question a page."""
    language: str = "zh"
    audience: str = ""
    """Whose things are shown on the home page, 个人 or 企业; empty for the first that has any."""
    theme: str = ""
    """Name of the life event or the bundle chosen on the home page; empty for all."""
    query: str = ""
    """What is searched for."""
    thing: Thing | None = None
    situations: Mapping[str, str] = field(default_factory=dict)
    """Answers by situation."""
    left_out: frozenset[str] = frozenset()
    """Codes of items that the citizen does not want."""
    decided: tuple[str, ...] | None = None
    """Codes of the items as the citizen went on with them: a device that fails later changes
    nothing of it.  None while they can still be chosen."""
    guide_print: PrintState = "none"
    card: Card | None = None
    licence: str = ""
    """What the code of an electronic business licence said; for the intake alone."""
    enterprise: EnterpriseSignIn | None = None
    """Whom the citizen acts for, in things of enterprises."""
    reuse: bool = False
    """The citizen agreed to the keeping of what was filled in."""
    agreed: bool = False
    """The citizen agreed to the fetching."""
    prefill: Prefill | None = None
    form: Form | None = None
    mistaken: frozenset[str] = frozenset()
    """Keys for which a source gave a value that cannot be."""
    pages: tuple[tuple[str, ...], ...] = ()
    """Keys that are asked, page by page; empty for things that ask one question a page."""
    page_no: int = 0
    aside: tuple[str, ...] = ()
    """Keys asked on one page apart, and then back to `returns`."""
    returns: State | None = None
    focus: str = ""
    """Key of the field that the pad writes into."""
    checked: bool = False
    """The page was checked: its faults are shown."""
    material: str = ""
    """Key of the paper under the camera, or of the one promised."""
    sight: Sight | None = None
    taken: Taken | None = None
    tries: int = 0
    """Pictures of this paper that would not do."""
    number: CardRead | None = None
    captures: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)
    anew: bool = False
    """The paper was complete: the next picture that is kept takes the place of all its pages."""
    commitments: tuple[str, ...] = ()
    to_window: tuple[str, ...] = ()
    """Papers that are handed in at the window because the camera failed here."""
    method: str = ""
    """How results are received."""
    together: str = ""
    """``yes`` | ``no``; empty while nothing was chosen."""
    strokes: tuple[Stroke, ...] = ()
    confirmed: Card | None = None
    """The card that was put down again in place of a signature."""
    grade: int = 0
    rate_options: tuple[str, ...] = ()
    mine: Mine | None = None
    asked: tuple[str, ...] = ()
    """Keys of the questions, in order, as they stood after the prefill."""
    question: str = ""
    """Key of the question on the page."""
    changing: bool = False
    """The question was opened from the review and returns there."""
    disputing: str = ""
    """Key of the value that the citizen objects to."""
    province: str = ""
    """Six-digit code of the chosen province."""
    draft: str = ""
    """What is chosen on this page and not confirmed yet."""
    unanswered: bool = False
    """It was handed over and nobody has said whether it is stored: it may be, so the form is not
    changed any more, and nothing is said about it."""
    stored: Stored | None = None
    answer: Answer | None = None
    printing: PrintState = "none"
    copies: int = 0
    slip: str = ""
    """``<local no>.<token>`` of the scanned slip."""
    progress: Progress | None = None
    leaving: bool = False
    """The citizen touched 首页 and is asked whether what is filled in may go."""
    ending: Ending = "done"
    """On the last page: what may be said of the form that was open."""
    gone: bool = False
    """The warning ran out."""

    @property
    def phone(self) -> str:
        """The number to call: of who answers now or next, or the one that always stands."""
        return self.helped.contact.phone if self.helped.contact else self.site.help_phone


def awaiting(ctx: Context) -> Context:
    """Return the context with a new ticket that is awaited from now on."""
    return replace(idle(ctx), ticket=ctx.ticket + 1, awaited=ctx.ticket + 1, busy=ctx.busy)


def idle(ctx: Context) -> Context:
    """Return the context with nothing awaited."""
    quiet = replace(ctx, awaited=0, busy=False, slow=False, trouble=None)
    if ctx.guide_print != "printing":
        return quiet
    return replace(quiet, guide_print="unknown")  # its answer is given up, too


def wiped(ctx: Context) -> Context:
    """Return a context that knows the terminal and nothing of the citizen."""
    return Context(
        site=ctx.site,
        catalogue=ctx.catalogue,
        today=ctx.today,
        helped=ctx.helped,
        devices=ctx.devices,
        terminal=ctx.terminal,
        intake=ctx.intake,
        card_on=ctx.card_on,
        ticket=ctx.ticket,
        how=ctx.how,
        size=ctx.size,
        language=ctx.language,
    )
