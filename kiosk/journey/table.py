"""The table: on which page which kind of intent does what.

Everything a visit can do is here and nowhere else; ``docs/journey.md`` is drawn from it.
The rows stand in the order of a visit.  Rows that hold on many pages are at the end.
"""

from __future__ import annotations

from kiosk.journey import choose_moves as h
from kiosk.journey import end_moves as d
from kiosk.journey import form_moves as f
from kiosk.journey import material_moves as t
from kiosk.journey import moves as m
from kiosk.journey import orders as o
from kiosk.journey import page_moves as p
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import OVERLAYS, PERSONAL, QUESTIONS, State
from kiosk.journey.transition import UNDER, Fork, Transition

S = State

# ---- pages that depend on what is known

FORM = (S.FORM, S.MATERIALS, S.DELIVERY, S.REVIEW)
SHOWN = Fork("did the visit before break?", (S.ATTRACT, S.TROUBLE), m.after_shown)
GUIDED = Fork("anything to choose?", (S.CHOOSE, S.CARD), h.after_guide)
UNCHOSEN = Fork("was there a choice?", (S.CHOOSE, S.GUIDE), h.before_card)
READ = Fork("card in force?", (S.CARD, S.CONSENT), m.after_card)
FETCHED = Fork("what is left to ask?", (*QUESTIONS, *FORM, S.FETCHING), f.after_fetch)
ASKED = Fork("next question", (*QUESTIONS, *FORM), f.question_page)
CHANGED = Fork("which question", (*QUESTIONS, S.FORM), f.changed_page)
BEFORE = Fork("question before", (*QUESTIONS, S.FORM, S.REVIEW, S.CONSENT), f.page_back)
PAGED = Fork("next page of the form", (*FORM, S.CONSENT), p.after_page)
KEPT = Fork("could it be read?", (S.MATERIALS, S.FORM), t.after_keeping)
LISTED = Fork("delivery asked?", (S.DELIVERY, S.REVIEW, S.FORM), t.after_list)
UNLISTED = Fork("last page of the form", (S.FORM, S.CONSENT), p.after_page)
UNDELIVERED = Fork("papers asked?", (S.MATERIALS, S.FORM, S.CONSENT), t.before_delivery)
UNREVIEWED = Fork(
    "page before",
    (*QUESTIONS, S.FORM, S.MATERIALS, S.DELIVERY, S.REVIEW, S.CONSENT),
    f.before_review,
)
CONFIRMED = Fork("same person?", (S.SIGN, S.SIGN_CARD), d.after_card_again)
UNSTORED = Fork("signed by hand?", (S.SIGN, S.REVIEW), d.after_trouble)
TAKEN = Fork("can it be rated?", (S.RATING, S.FAREWELL), d.after_receipt)
KNOWN = Fork("card in force? ", (S.PROGRESS_CARD, S.MINE), d.after_card)
FOUND = Fork("one or several?", (S.MINE, S.PROGRESS_SHOW), d.after_mine)
LEFT = Fork("card still there?", (S.FAREWELL, S.ENDED), m.leaving_page)
WARNED = Fork("still counting?", (S.WARNING, S.FAREWELL, S.ENDED), m.after_warning)
TOLD = Fork("still counting? ", (S.TROUBLE, S.ATTRACT), m.after_trouble)
SAID = Fork("still counting?  ", (S.FAREWELL, S.ENDED), m.after_farewell)

Table = dict[tuple[State, K], Transition]

T = Transition

GOODBYE = T(S.FAREWELL, m.leave, o.goodbye)
LEAVE = T(LEFT, m.leave, o.end_if(LEFT))
TO_HOME = T(S.HOME, m.close_thing, o.stop)
ANSWERED = T(ASKED, f.go_on, guard=f.may_go_on)
GO_BACK = T(BEFORE, f.go_back)
BEGIN = T(S.HOME, m.begin, o.begin)

_VISIT: Table = {
    # nobody here
    (S.ATTRACT, K.SHOWN): T(SHOWN, m.shown),
    (S.ATTRACT, K.BEGIN): BEGIN,
    (S.TROUBLE, K.CONTINUE): BEGIN,
    (S.TROUBLE, K.TICK): T(TOLD, m.forget_trouble),
    # what is there, what it takes
    (S.HOME, K.OPEN_THING): T(S.GUIDE, m.open_thing, o.check, m.may_open),
    (S.HOME, K.OPEN_PROGRESS): T(S.PROGRESS_SCAN, m.ask, o.scan, m.may_scan),
    (S.HOME, K.BY_CARD): T(S.PROGRESS_CARD, m.ask, o.read_card, m.may_read),
    (S.HOME, K.THEME): T(S.HOME, h.theme),
    (S.HOME, K.SEARCH): T(S.SEARCH, h.search),
    (S.SEARCH, K.TEXT): T(S.SEARCH, h.write),
    (S.SEARCH, K.ERASE): T(S.SEARCH, h.erase, guard=h.has_query),
    (S.SEARCH, K.DONE): T(S.SEARCH),
    (S.SEARCH, K.OPEN_THING): T(S.GUIDE, m.open_thing, o.check, m.may_open),
    (S.SEARCH, K.BACK): TO_HOME,
    (S.SEARCH, K.HOME): TO_HOME,
    (S.GUIDE, K.START): T(GUIDED, h.begin, o.start, m.may_start),
    (S.GUIDE, K.RETRY): T(S.GUIDE, m.stop, o.check, m.may_check_again),
    (S.GUIDE, K.PRINT_GUIDE): T(S.GUIDE, h.print_guide, o.print_guide, h.may_print_guide),
    (S.GUIDE, K.GUIDE_PRINTED): T(S.GUIDE, h.guide_printed),
    (S.GUIDE, K.BACK): TO_HOME,
    (S.GUIDE, K.HOME): TO_HOME,
    # this citizen's situation, and what of it is wanted
    (S.CHOOSE, K.SITUATION): T(S.CHOOSE, h.situation),
    (S.CHOOSE, K.ITEM): T(S.CHOOSE, h.item),
    (S.CHOOSE, K.NEXT): T(S.CARD, h.go_on, o.read_card, h.may_go_on),
    (S.CHOOSE, K.BACK): T(S.GUIDE, m.stop, o.check),
    (S.CHOOSE, K.HOME): TO_HOME,
    # the card
    (S.CARD, K.CARD_WANTED): T(S.CARD, m.card_wanted),
    (S.CARD, K.CARD_LEFT): T(S.CARD, m.card_left),
    (S.CARD, K.CARD_SEEN): T(S.CARD, m.card_seen),
    (S.CARD, K.CARD_READ): T(READ, m.card_read, o.read_card),
    (S.CARD, K.CARD_TROUBLE): T(S.CARD, m.card_trouble, o.read_card),
    (S.CARD, K.RETRY): T(S.CARD, m.ask, o.read_card, m.may_retry_card),
    (S.CARD, K.BACK): T(UNCHOSEN, h.reconsider, o.stop_and_check),
    (S.CARD, K.HOME): TO_HOME,
    # the citizen agrees, the intake fetches
    (S.CONSENT, K.REUSE): T(S.CONSENT, h.reuse, guard=h.may_reuse),
    (S.CONSENT, K.AGREE): T(S.FETCHING, f.agree, o.fetch),
    (S.CONSENT, K.DECLINE): T(S.DECLINED, f.decline),
    (S.DECLINED, K.CONTINUE): T(FETCHED, f.fill_alone, guard=f.may_fill_alone),
    (S.DECLINED, K.RECONSIDER): T(S.CONSENT),
    (S.DECLINED, K.FINISH): LEAVE,
    (S.FETCHING, K.PREFILLED): T(FETCHED, f.prefilled),
    (S.FETCHING, K.PREFILL_TROUBLE): T(S.FETCHING, m.trouble),
    (S.FETCHING, K.RETRY): T(S.FETCHING, m.ask, o.fetch, f.may_retry_fetch),
    (S.FETCHING, K.CONTINUE): T(FETCHED, f.fill_alone, guard=f.may_fill_alone),
    (S.FETCHING, K.CANCEL): T(S.CONSENT, m.stop, o.stop),
    # one question a page
    (S.CHOICE, K.CHOOSE): T(S.CHOICE, f.choose),
    (S.CHOICE, K.NEXT): ANSWERED,
    (S.CHOICE, K.BACK): GO_BACK,
    (S.PROVINCE, K.PROVINCE): T(S.PLACE, f.province),
    (S.PROVINCE, K.NEXT): ANSWERED,
    (S.PROVINCE, K.BACK): GO_BACK,
    (S.PLACE, K.PLACE): T(S.PLACE, f.place),
    (S.PLACE, K.NEXT): ANSWERED,
    (S.PLACE, K.BACK): T(S.PROVINCE),
    (S.DATE, K.DATE): T(S.DATE, f.day),
    (S.DATE, K.NEXT): ANSWERED,
    (S.DATE, K.BACK): GO_BACK,
    (S.DIGITS, K.DIGIT): T(S.DIGITS, f.digit),
    (S.DIGITS, K.ERASE): T(S.DIGITS, f.erase, guard=f.has_draft),
    (S.DIGITS, K.NEXT): ANSWERED,
    (S.DIGITS, K.BACK): GO_BACK,
    # several questions a page
    (S.FORM, K.FOCUS): T(S.FORM, p.focus),
    (S.FORM, K.TEXT): T(S.FORM, p.write, guard=p.writing),
    (S.FORM, K.ERASE): T(S.FORM, p.erase, guard=p.writing),
    (S.FORM, K.CLEAR): T(S.FORM, p.clear, guard=p.may_clear),
    (S.FORM, K.DONE): T(S.FORM, p.done, guard=p.writing),
    (S.FORM, K.CHOOSE): T(S.FORM, p.choose),
    (S.FORM, K.SUGGEST): T(S.FORM, p.suggest),
    (S.FORM, K.OPEN): T(CHANGED, p.open_question),
    (S.FORM, K.NEXT): T(PAGED, p.go_on),
    (S.FORM, K.BACK): T(PAGED, p.go_back),
    # one set of materials
    (S.MATERIALS, K.CAPTURE): T(S.CAPTURE, t.capture, o.watch, t.may_capture),
    (S.MATERIALS, K.WINDOW): T(S.MATERIALS, t.to_window, guard=t.may_go_to_window),
    (S.MATERIALS, K.COMMIT): T(S.COMMIT, t.promise),
    (S.MATERIALS, K.NEXT): T(LISTED, t.leave_list, guard=t.may_go_on),
    (S.MATERIALS, K.BACK): T(UNLISTED, t.back_to_form),
    (S.CAPTURE, K.SIGHT): T(S.CAPTURE, t.sight),
    (S.CAPTURE, K.SHOOT): T(S.CAPTURE, t.shoot, o.shoot, t.may_shoot),
    (S.CAPTURE, K.TAKEN): T(S.CAPTURED, t.taken, o.read_number),
    (S.CAPTURE, K.CAPTURE_TROUBLE): T(S.CAPTURE, t.stopped),
    (S.CAPTURE, K.RETRY): T(S.CAPTURE, t.again, o.watch, t.may_look_again),
    (S.CAPTURE, K.WINDOW): T(S.MATERIALS, t.to_window, o.stop, t.may_go_to_window),
    (S.CAPTURE, K.COMMIT): T(S.COMMIT, t.promise, o.stop),
    (S.CAPTURE, K.BACK): T(S.MATERIALS, t.put_away, o.stop),
    (S.CAPTURED, K.NUMBER_READ): T(S.CAPTURED, t.number_read),
    (S.CAPTURED, K.KEEP): T(KEPT, t.keep, guard=t.may_keep),
    (S.CAPTURED, K.MORE): T(S.CAPTURE, t.keep_more, o.watch, t.may_keep_more),
    (S.CAPTURED, K.AGAIN): T(S.CAPTURE, t.again, o.watch),
    (S.CAPTURED, K.BACK): T(S.MATERIALS, t.put_away, o.stop),
    (S.COMMIT, K.AGREE): T(S.MATERIALS, t.promised),
    (S.COMMIT, K.BACK): T(S.MATERIALS, t.put_away),
    (S.DELIVERY, K.DELIVER): T(S.DELIVERY, t.deliver),
    (S.DELIVERY, K.TOGETHER): T(S.DELIVERY, t.together),
    (S.DELIVERY, K.CHANGE): T(CHANGED, t.change_address, guard=f.may_change),
    (S.DELIVERY, K.NEXT): T(S.REVIEW, t.leave, guard=t.may_leave_delivery),
    (S.DELIVERY, K.BACK): T(UNDELIVERED, t.back_from_delivery),
    # the whole form, and the name under it
    (S.REVIEW, K.CHANGE): T(CHANGED, f.change, guard=f.may_change),
    (S.REVIEW, K.BACK): T(UNREVIEWED, f.back_to_last, guard=f.may_leave_review),
    (S.REVIEW, K.NEXT): T(S.SIGN, guard=d.to_sign),
    (S.REVIEW, K.SUBMIT): T(S.SUBMITTING, m.ask, o.submit, d.may_submit_unsigned),
    (S.SIGN, K.STROKE): T(S.SIGN, d.stroke),
    (S.SIGN, K.WIPE): T(S.SIGN, d.wipe, guard=d.may_wipe),
    (S.SIGN, K.CONFIRM): T(S.SIGN_CARD, m.ask, o.read_card, d.may_confirm),
    (S.SIGN, K.BACK): T(S.REVIEW, m.stop),
    (S.SIGN, K.SUBMIT): T(S.SUBMITTING, m.ask, o.submit, d.may_submit),
    (S.SIGN_CARD, K.CARD_WANTED): T(S.SIGN_CARD, m.card_wanted),
    (S.SIGN_CARD, K.CARD_LEFT): T(S.SIGN_CARD, m.card_left),
    (S.SIGN_CARD, K.CARD_SEEN): T(S.SIGN_CARD, m.card_seen),
    (S.SIGN_CARD, K.CARD_READ): T(CONFIRMED, d.card_again, o.read_card),
    (S.SIGN_CARD, K.CARD_TROUBLE): T(S.SIGN_CARD, m.card_trouble, o.read_card),
    (S.SIGN_CARD, K.RETRY): T(S.SIGN_CARD, m.ask, o.read_card, m.may_retry_card),
    (S.SIGN_CARD, K.BACK): T(S.SIGN, m.stop, o.stop),
    # handed over
    (S.SUBMITTING, K.STORED): T(S.SUBMITTING, m.stored),
    (S.SUBMITTING, K.STORE_TROUBLE): T(UNSTORED, m.not_stored),
    (S.SUBMITTING, K.ANSWERED): T(S.RECEIPT, m.answered, o.print_slip),
    (S.RECEIPT, K.PRINTED): T(S.RECEIPT, m.printed),
    (S.RECEIPT, K.REPRINT): T(S.RECEIPT, m.reprint, o.print_slip, m.may_reprint),
    (S.RECEIPT, K.FINISH): T(TAKEN, d.leave_receipt, o.goodbye),
    (S.RECEIPT, K.HOME): GOODBYE,
    (S.RATING, K.RATE): T(S.RATING, d.rate),
    (S.RATING, K.RATE_OPTION): T(S.RATING, d.rate_option),
    (S.RATING, K.FINISH): T(S.FAREWELL, d.leave_rating, o.rating),
    (S.RATING, K.HOME): GOODBYE,
    # gone
    (S.FAREWELL, K.TICK): T(SAID, m.count_down, o.end_if(SAID)),
    (S.FAREWELL, K.CARD_LIFTED): T(S.FAREWELL, m.card_lifted_at_last),
    (S.FAREWELL, K.FINISH): T(S.ENDED, effects=o.end),
    # where does it stand?
    (S.PROGRESS_SCAN, K.CODE_READ): T(S.PROGRESS_SCAN, m.code_read, o.scan),
    (S.PROGRESS_SCAN, K.CODE_TROUBLE): T(S.PROGRESS_SCAN, m.code_trouble, o.scan),
    (S.PROGRESS_SCAN, K.PROGRESS): T(S.PROGRESS_SHOW, m.progress),
    (S.PROGRESS_SCAN, K.PROGRESS_TROUBLE): T(S.PROGRESS_SCAN, m.progress_trouble),
    (S.PROGRESS_SCAN, K.RETRY): T(S.PROGRESS_SCAN, m.scan_again, o.scan, m.may_scan_again),
    (S.PROGRESS_SCAN, K.BACK): TO_HOME,
    (S.PROGRESS_SCAN, K.HOME): TO_HOME,
    (S.PROGRESS_SCAN, K.BY_CARD): T(S.PROGRESS_CARD, m.ask, o.stop_and_read, m.may_read),
    (S.PROGRESS_CARD, K.CARD_WANTED): T(S.PROGRESS_CARD, m.card_wanted),
    (S.PROGRESS_CARD, K.CARD_LEFT): T(S.PROGRESS_CARD, m.card_left),
    (S.PROGRESS_CARD, K.CARD_SEEN): T(S.PROGRESS_CARD, m.card_seen),
    (S.PROGRESS_CARD, K.CARD_READ): T(KNOWN, d.card_for_mine, o.mine),
    (S.PROGRESS_CARD, K.CARD_TROUBLE): T(S.PROGRESS_CARD, m.card_trouble, o.read_card),
    (S.PROGRESS_CARD, K.RETRY): T(S.PROGRESS_CARD, m.ask, o.read_card, m.may_retry_card),
    (S.PROGRESS_CARD, K.BACK): TO_HOME,
    (S.PROGRESS_CARD, K.HOME): TO_HOME,
    (S.MINE, K.MINE): T(FOUND, d.mine),
    (S.MINE, K.PROGRESS_TROUBLE): T(S.MINE, d.mine_trouble),
    (S.MINE, K.RETRY): T(S.MINE, d.asking, o.mine, d.may_ask_again),
    (S.MINE, K.OPEN_CASE): T(S.PROGRESS_SHOW, d.open_case),
    (S.MINE, K.FINISH): LEAVE,
    (S.PROGRESS_SHOW, K.BACK): T(S.MINE, d.close_case, guard=d.has_list),
    (S.PROGRESS_SHOW, K.FINISH): LEAVE,
    # overlays
    (S.HELP, K.CLOSE): T(UNDER),
    (S.HELP, K.BACK): T(UNDER),
    (S.WARNING, K.CONTINUE): T(UNDER),
    (S.WARNING, K.FINISH): LEAVE,
    (S.WARNING, K.TICK): T(WARNED, m.leave_when_over, o.end_if(WARNED)),
}

_WITH_OVERLAYS = frozenset(S) - OVERLAYS - {S.ATTRACT, S.ENDED, S.FAREWELL}
_WAITING = (
    S.FETCHING,
    S.SUBMITTING,
    S.CARD,
    S.SIGN_CARD,
    S.CAPTURE,
    S.CAPTURED,
    S.PROGRESS_SCAN,
    S.PROGRESS_CARD,
    S.MINE,
    S.RECEIPT,
    S.GUIDE,
)
_ANY_TIME = {
    K.TODAY: m.today,
    K.DEVICES: m.devices,
    K.INTAKE: m.intake,
    K.CARD_PRESENT: m.card_present,
    K.CARD_LIFTED: m.card_lifted,
}


def _everywhere() -> Table:
    """Return the rows that hold on many pages."""
    rows: Table = {}
    for page in sorted(_WITH_OVERLAYS):
        rows[page, K.HELP] = T(S.HELP)
        rows[page, K.SIZE] = T(page, p.resized)
        rows[page, K.LANGUAGE] = T(page, h.speak)
        if page is not S.TROUBLE:
            rows[page, K.IDLE] = T(S.WARNING, m.warn)
    rows[S.HELP, K.IDLE] = T(S.WARNING, m.warn)
    for page in _WAITING:
        rows[page, K.SLOW] = T(page, m.slow)
    for page in sorted(PERSONAL - {S.RECEIPT, S.RATING, S.SUBMITTING}):
        rows[page, K.HOME] = LEAVE
    for page in sorted(frozenset(S) - OVERLAYS - {S.ENDED}):
        rows |= {(page, kind): T(page, update) for kind, update in _ANY_TIME.items()}
    return rows


TABLE: Table = {**_everywhere(), **_VISIT}
"""Every transition of a visit; what is not in here is illegal."""
