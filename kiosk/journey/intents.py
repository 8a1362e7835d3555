"""What can happen in a visit: touches, the clock, devices, replies.

A touch is written as a *target*: ``next``, ``choose:filing.kind:long-term-resident``,
``date:+1``.  Targets are stable: screens put them on what can be touched, and scripts name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.journey.facts import Fact


class IntentKind(StrEnum):
    """Every kind of intent."""

    # touches
    BEGIN = "begin"
    SIZE = "size"
    LANGUAGE = "language"
    SEARCH = "search"
    AUDIENCE = "audience"
    THEME = "theme"
    OPEN_THING = "open_thing"
    OPEN_PROGRESS = "open_progress"
    BY_CARD = "by_card"
    OPEN_CASE = "open_case"
    PRINT_GUIDE = "print_guide"
    PRINT_SHEET = "print_sheet"
    START = "start"
    SITUATION = "situation"
    ITEM = "item"
    REUSE = "reuse"
    AGREE = "agree"
    DECLINE = "decline"
    RECONSIDER = "reconsider"
    CHOOSE = "choose"
    PROVINCE = "province"
    PLACE = "place"
    DATE = "date"
    DIGIT = "digit"
    TEXT = "text"
    ERASE = "erase"
    CLEAR = "clear"
    DONE = "done"
    FOCUS = "focus"
    OPEN = "open"
    SUGGEST = "suggest"
    CAPTURE = "capture"
    SHOOT = "shoot"
    KEEP = "keep"
    AGAIN = "again"
    MORE = "more"
    COMMIT = "commit"
    READ_LIST = "read_list"
    WINDOW = "window"
    DELIVER = "deliver"
    TOGETHER = "together"
    STROKE = "stroke"
    WIPE = "wipe"
    CONFIRM = "confirm"
    RATE = "rate"
    RATE_OPTION = "rate_option"
    NEXT = "next"
    BACK = "back"
    HOME = "home"
    CHANGE = "change"
    OBJECT = "object"
    WITHDRAW = "withdraw"
    TAKE = "take"
    SUBMIT = "submit"
    REPRINT = "reprint"
    FINISH = "finish"
    HELP = "help"
    CLOSE = "close"
    CONTINUE = "continue"
    RETRY = "retry"
    CANCEL = "cancel"
    # the shell and the clock
    SHOWN = "shown"
    TODAY = "today"
    IDLE = "idle"
    TICK = "tick"
    SLOW = "slow"
    LOOK_AGAIN = "look_again"
    # devices
    DEVICES = "devices"
    TERMINAL = "terminal"
    CARD_WANTED = "card_wanted"
    CARD_LEFT = "card_left"
    CARD_SEEN = "card_seen"
    CARD_READ = "card_read"
    CARD_TROUBLE = "card_trouble"
    CARD_PRESENT = "card_present"
    CARD_LIFTED = "card_lifted"
    CODE_READ = "code_read"
    CODE_TROUBLE = "code_trouble"
    PRINTED = "printed"
    GUIDE_PRINTED = "guide_printed"
    SIGHT = "sight"
    TAKEN = "taken"
    CAPTURE_TROUBLE = "capture_trouble"
    NUMBER_READ = "number_read"
    # replies
    SIGNED_IN = "signed_in"
    SIGN_IN_TROUBLE = "sign_in_trouble"
    INTAKE = "intake"
    PREFILLED = "prefilled"
    PREFILL_TROUBLE = "prefill_trouble"
    STORED = "stored"
    STORE_TROUBLE = "store_trouble"
    ANSWERED = "answered"
    PROGRESS = "progress"
    MINE = "mine"
    PROGRESS_TROUBLE = "progress_trouble"


_K = IntentKind

TOUCHES = frozenset(list(_K)[: list(_K).index(_K.SHOWN)])
"""Kinds that a citizen makes with a finger or a key."""

TICKETED = frozenset(
    {
        _K.CARD_WANTED,
        _K.CARD_LEFT,
        _K.CARD_SEEN,
        _K.CARD_READ,
        _K.CARD_TROUBLE,
        _K.CODE_READ,
        _K.CODE_TROUBLE,
        _K.PRINTED,
        _K.GUIDE_PRINTED,
        _K.SIGHT,
        _K.TAKEN,
        _K.CAPTURE_TROUBLE,
        _K.NUMBER_READ,
        _K.SIGNED_IN,
        _K.SIGN_IN_TROUBLE,
        _K.MINE,
        _K.PREFILLED,
        _K.PREFILL_TROUBLE,
        _K.STORED,
        _K.STORE_TROUBLE,
        _K.ANSWERED,
        _K.PROGRESS,
        _K.PROGRESS_TROUBLE,
    }
)
"""Kinds that answer an effect: legal only with the ticket of the effect that is awaited."""

WITH_ARGUMENT = frozenset(
    {
        _K.AUDIENCE,
        _K.THEME,
        _K.OPEN_THING,
        _K.OPEN_CASE,
        _K.SITUATION,
        _K.ITEM,
        _K.CHOOSE,
        _K.PROVINCE,
        _K.PLACE,
        _K.DATE,
        _K.DIGIT,
        _K.TEXT,
        _K.FOCUS,
        _K.OPEN,
        _K.SUGGEST,
        _K.CAPTURE,
        _K.COMMIT,
        _K.WINDOW,
        _K.DELIVER,
        _K.TOGETHER,
        _K.RATE,
        _K.RATE_OPTION,
        _K.CHANGE,
        _K.OBJECT,
        _K.WITHDRAW,
        _K.TAKE,
    }
)
"""Touches whose target carries an argument after the first colon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """One thing that happened."""

    kind: IntentKind
    argument: str = ""
    """What was touched, after the kind's colon."""
    ticket: int = 0
    """Ticket of the effect that is answered."""
    fact: Fact | None = None


class BadTarget(ValueError):
    """A text is not a target."""


def touch(target: str) -> Intent:
    """Return the intent of touching ``target``.

    Raises:
        BadTarget: no touch has this form.
    """
    name, colon, argument = target.partition(":")
    try:
        kind = IntentKind(name)
    except ValueError:
        raise BadTarget(f"no such touch: {name!r}") from None
    if kind not in TOUCHES:
        raise BadTarget(f"not a touch: {name!r}")
    if bool(colon and argument) != (kind in WITH_ARGUMENT):
        raise BadTarget(f"{name!r} {'needs' if kind in WITH_ARGUMENT else 'takes no'} argument")
    return Intent(kind=kind, argument=argument)


def target(kind: IntentKind, *arguments: str) -> str:
    """Return the target of a touch: ``target(IntentKind.PLACE, "110000") == "place:110000"``."""
    return ":".join([kind.value, *arguments])
