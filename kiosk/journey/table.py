"""The table: on which page which kind of intent does what.

Everything a visit can do is here and nowhere else; ``docs/journey.md`` is drawn from it.
The rows stand in the order of a visit.  Rows that hold on many pages are at the end.
"""

from __future__ import annotations

from kiosk.journey import choose_moves as choice
from kiosk.journey import end_moves as ending
from kiosk.journey import enterprise_moves as firm
from kiosk.journey import form_moves as form
from kiosk.journey import leaving_moves as leaving
from kiosk.journey import material_moves as papers
from kiosk.journey import moves as visit
from kiosk.journey import objection_moves as says
from kiosk.journey import orders
from kiosk.journey import page_moves as pages
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.states import OVERLAYS, PERSONAL, QUESTIONS, State
from kiosk.journey.transition import UNDER, Fork, Transition

S = State

# ---- pages that depend on what is known

FORM = (S.FORM, S.MATERIALS, S.DELIVERY, S.REVIEW)
SHOWN = Fork("did the visit before break?", (S.ATTRACT, S.TROUBLE), leaving.after_shown)
BEGUN = Fork("can a visit begin?", (S.HOME, S.ATTRACT), leaving.begun_page)
GUIDED = Fork("anything to choose?", (S.CHOOSE, S.CARD), choice.after_guide)
UNCHOSEN = Fork("was there a choice?", (S.CHOOSE, S.GUIDE), choice.before_card)
READ = Fork("card in force?", (S.CARD, S.ENTERPRISE, S.CONSENT), firm.after_card)
FETCHED = Fork("what is left to ask?", (*QUESTIONS, *FORM, S.FETCHING), form.after_fetch)
ASKED = Fork("next question", (*QUESTIONS, *FORM), form.question_page)
CHANGED = Fork("which question", (*QUESTIONS, S.FORM), form.changed_page)
BEFORE = Fork("question before", (*QUESTIONS, S.FORM, S.REVIEW, S.CONSENT), form.page_back)
PAGED = Fork("next page of the form", (*FORM, S.CONSENT), pages.after_page)
KEPT = Fork("could it be read?", (S.MATERIALS, S.FORM), papers.after_keeping)
LISTED = Fork("delivery asked?", (S.DELIVERY, S.REVIEW, S.FORM), papers.after_list)
UNREAD = Fork("a letter open?", (S.COMMIT, S.MATERIALS), papers.after_reading)
UNLISTED = Fork("last page of the form", (S.FORM, S.CONSENT), pages.after_page)
UNDELIVERED = Fork("papers asked?", (S.MATERIALS, S.FORM, S.CONSENT), papers.before_delivery)
UNREVIEWED = Fork(
    "page before",
    (*QUESTIONS, S.FORM, S.MATERIALS, S.DELIVERY, S.REVIEW, S.CONSENT),
    form.before_review,
)
CONFIRMED = Fork("same person?", (S.SIGN, S.SIGN_CARD), ending.after_card_again)
UNSTORED = Fork("signed by hand?", (S.SIGN, S.REVIEW), ending.after_trouble)
TAKEN = Fork("can it be rated?", (S.RATING, S.FAREWELL), ending.after_receipt)
KNOWN = Fork("card in force? ", (S.PROGRESS_CARD, S.MINE), ending.after_card)
FOUND = Fork("one or several?", (S.MINE, S.PROGRESS_SHOW), ending.after_mine)
HOMEWARD = Fork("anything filled in?", (S.WARNING, S.FAREWELL, S.ENDED), leaving.homeward_page)
LEFT = Fork("card still there?", (S.FAREWELL, S.ENDED), leaving.leaving_page)
WARNED = Fork("still counting?", (S.WARNING, S.FAREWELL, S.ENDED), leaving.after_warning)
TOLD = Fork("still counting? ", (S.TROUBLE, S.ATTRACT), leaving.after_trouble)
SAID = Fork("still counting?  ", (S.FAREWELL, S.ENDED), leaving.after_farewell)

Table = dict[tuple[State, K], Transition]

T = Transition

GOODBYE = T(S.FAREWELL, leaving.leave, orders.goodbye)
LEAVE = T(LEFT, leaving.leave, orders.end_if(LEFT))
TO_HOME = T(S.HOME, visit.close_thing, orders.stop)
ANSWERED = T(ASKED, form.go_on, guard=form.may_go_on)
GO_BACK = T(BEFORE, form.go_back)
BEGIN = T(S.HOME, visit.begin, orders.begin, leaving.may_begin)
BEGIN_AGAIN = T(BEGUN, visit.begin, orders.begin_if_possible)

_VISIT: Table = {
    # nobody here
    (S.ATTRACT, K.SHOWN): T(SHOWN, visit.shown),
    (S.ATTRACT, K.BEGIN): BEGIN,
    (S.TROUBLE, K.CONTINUE): BEGIN_AGAIN,
    (S.TROUBLE, K.TICK): T(TOLD, visit.forget_trouble),
    # what is there, what it takes
    (S.HOME, K.OPEN_THING): T(S.GUIDE, visit.open_thing, orders.check, visit.may_open),
    (S.HOME, K.OPEN_PROGRESS): T(S.PROGRESS_SCAN, visit.ask, orders.scan, visit.may_scan),
    (S.HOME, K.BY_CARD): T(S.PROGRESS_CARD, visit.ask, orders.read_card, visit.may_read),
    (S.HOME, K.AUDIENCE): T(S.HOME, choice.audience),
    (S.HOME, K.THEME): T(S.HOME, choice.theme),
    (S.HOME, K.SEARCH): T(S.SEARCH, choice.search),
    (S.SEARCH, K.TEXT): T(S.SEARCH, choice.write),
    (S.SEARCH, K.ERASE): T(S.SEARCH, choice.erase, guard=choice.has_query),
    (S.SEARCH, K.DONE): T(S.SEARCH),
    (S.SEARCH, K.OPEN_THING): T(S.GUIDE, visit.open_thing, orders.check, visit.may_open),
    (S.SEARCH, K.BACK): TO_HOME,
    (S.SEARCH, K.HOME): TO_HOME,
    (S.GUIDE, K.START): T(GUIDED, choice.begin, orders.start, visit.may_start),
    (S.GUIDE, K.RETRY): T(S.GUIDE, visit.stop, orders.check, visit.may_check_again),
    (S.GUIDE, K.LOOK_AGAIN): T(S.GUIDE, effects=orders.check, guard=visit.may_check_again),
    (S.GUIDE, K.PRINT_GUIDE): T(
        S.GUIDE, choice.print_guide, orders.print_guide, choice.may_print_guide
    ),
    (S.GUIDE, K.PRINT_SHEET): T(
        S.GUIDE, choice.print_guide, orders.print_sheet, choice.may_print_sheet
    ),
    (S.GUIDE, K.GUIDE_PRINTED): T(S.GUIDE, choice.guide_printed),
    (S.GUIDE, K.BACK): TO_HOME,
    (S.GUIDE, K.HOME): TO_HOME,
    # this citizen's situation, and what of it is wanted
    (S.CHOOSE, K.SITUATION): T(S.CHOOSE, choice.situation),
    (S.CHOOSE, K.ITEM): T(S.CHOOSE, choice.item),
    (S.CHOOSE, K.NEXT): T(S.CARD, choice.go_on, orders.read_card, choice.may_go_on),
    (S.CHOOSE, K.BACK): T(S.GUIDE, visit.stop, orders.check),
    (S.CHOOSE, K.HOME): TO_HOME,
    # the card
    (S.CARD, K.CARD_WANTED): T(S.CARD, visit.card_wanted),
    (S.CARD, K.CARD_LEFT): T(S.CARD, visit.card_left),
    (S.CARD, K.CARD_SEEN): T(S.CARD, visit.card_seen),
    (S.CARD, K.CARD_READ): T(READ, firm.card_read, orders.card_or_code),
    (S.CARD, K.CARD_TROUBLE): T(S.CARD, visit.card_trouble, orders.read_card),
    (S.CARD, K.RETRY): T(S.CARD, visit.ask, orders.read_card, visit.may_retry_card),
    (S.CARD, K.BACK): T(UNCHOSEN, choice.reconsider, orders.stop_and_check),
    (S.CARD, K.HOME): TO_HOME,
    # the enterprise whose licence is shown
    (S.ENTERPRISE, K.CODE_READ): T(S.ENTERPRISE, firm.code_read, orders.sign_in),
    (S.ENTERPRISE, K.CODE_TROUBLE): T(S.ENTERPRISE, firm.trouble, orders.sign_in),
    (S.ENTERPRISE, K.SIGNED_IN): T(S.ENTERPRISE, firm.signed_in),
    (S.ENTERPRISE, K.SIGN_IN_TROUBLE): T(S.ENTERPRISE, firm.trouble, orders.sign_in),
    (S.ENTERPRISE, K.RETRY): T(S.ENTERPRISE, firm.again, orders.sign_in, firm.may_try_again),
    (S.ENTERPRISE, K.AGAIN): T(S.ENTERPRISE, firm.again, orders.sign_in, firm.may_try_again),
    (S.ENTERPRISE, K.NEXT): T(S.CONSENT, guard=firm.may_go_on),
    (S.ENTERPRISE, K.BACK): T(UNCHOSEN, firm.leave, orders.stop_and_check),
    # the citizen agrees, the intake fetches
    (S.CONSENT, K.REUSE): T(S.CONSENT, choice.reuse, guard=choice.may_reuse),
    (S.CONSENT, K.AGREE): T(S.FETCHING, form.agree, orders.fetch),
    (S.CONSENT, K.DECLINE): T(S.DECLINED, form.decline),
    (S.DECLINED, K.CONTINUE): T(FETCHED, form.fill_alone, guard=form.may_fill_alone),
    (S.DECLINED, K.RECONSIDER): T(S.CONSENT),
    (S.DECLINED, K.FINISH): LEAVE,
    (S.FETCHING, K.PREFILLED): T(FETCHED, form.prefilled),
    (S.FETCHING, K.PREFILL_TROUBLE): T(S.FETCHING, visit.trouble),
    (S.FETCHING, K.RETRY): T(S.FETCHING, visit.ask, orders.fetch, form.may_retry_fetch),
    (S.FETCHING, K.CONTINUE): T(FETCHED, form.fill_alone, guard=form.may_fill_alone),
    (S.FETCHING, K.CANCEL): T(S.CONSENT, visit.stop, orders.stop),
    # one question a page
    (S.CHOICE, K.CHOOSE): T(S.CHOICE, form.choose),
    (S.CHOICE, K.NEXT): ANSWERED,
    (S.CHOICE, K.BACK): GO_BACK,
    (S.PROVINCE, K.PROVINCE): T(S.PLACE, form.province),
    (S.PROVINCE, K.NEXT): ANSWERED,
    (S.PROVINCE, K.BACK): GO_BACK,
    (S.PLACE, K.PLACE): T(S.PLACE, form.place),
    (S.PLACE, K.NEXT): ANSWERED,
    (S.PLACE, K.BACK): T(S.PROVINCE),
    (S.DATE, K.DATE): T(S.DATE, form.day),
    (S.DATE, K.NEXT): ANSWERED,
    (S.DATE, K.BACK): GO_BACK,
    (S.DIGITS, K.DIGIT): T(S.DIGITS, form.digit),
    (S.DIGITS, K.ERASE): T(S.DIGITS, form.erase, guard=form.has_draft),
    (S.DIGITS, K.NEXT): ANSWERED,
    (S.DIGITS, K.BACK): GO_BACK,
    # several questions a page
    (S.FORM, K.FOCUS): T(S.FORM, pages.focus),
    (S.FORM, K.TEXT): T(S.FORM, pages.write, guard=pages.writing),
    (S.FORM, K.ERASE): T(S.FORM, pages.erase, guard=pages.writing),
    (S.FORM, K.CLEAR): T(S.FORM, pages.clear, guard=pages.may_clear),
    (S.FORM, K.DONE): T(S.FORM, pages.done, guard=pages.writing),
    (S.FORM, K.CHOOSE): T(S.FORM, pages.choose),
    (S.FORM, K.SUGGEST): T(S.FORM, pages.suggest),
    (S.FORM, K.OPEN): T(CHANGED, pages.open_question),
    (S.FORM, K.NEXT): T(PAGED, pages.go_on),
    (S.FORM, K.BACK): T(PAGED, pages.go_back),
    # one set of materials
    (S.MATERIALS, K.CAPTURE): T(S.CAPTURE, papers.capture, orders.watch, papers.may_capture),
    (S.MATERIALS, K.WINDOW): T(S.MATERIALS, papers.to_window, guard=papers.may_go_to_window),
    (S.MATERIALS, K.COMMIT): T(S.COMMIT, papers.promise),
    (S.MATERIALS, K.READ_LIST): T(S.LISTED, papers.read_list, guard=papers.may_read_list),
    (S.MATERIALS, K.NEXT): T(LISTED, papers.leave_list, guard=papers.may_go_on),
    (S.MATERIALS, K.BACK): T(UNLISTED, papers.back_to_form),
    (S.CAPTURE, K.SIGHT): T(S.CAPTURE, papers.sight),
    (S.CAPTURE, K.SHOOT): T(S.CAPTURE, papers.shoot, orders.shoot, papers.may_shoot),
    (S.CAPTURE, K.TAKEN): T(S.CAPTURED, papers.taken, orders.read_number),
    (S.CAPTURE, K.CAPTURE_TROUBLE): T(S.CAPTURE, papers.stopped),
    (S.CAPTURE, K.RETRY): T(S.CAPTURE, papers.again, orders.watch, papers.may_look_again),
    (S.CAPTURE, K.WINDOW): T(S.MATERIALS, papers.to_window, orders.stop, papers.may_go_to_window),
    (S.CAPTURE, K.COMMIT): T(S.COMMIT, papers.promise, orders.stop),
    (S.CAPTURE, K.BACK): T(S.MATERIALS, papers.put_away, orders.stop),
    (S.CAPTURED, K.NUMBER_READ): T(S.CAPTURED, papers.number_read),
    (S.CAPTURED, K.KEEP): T(KEPT, papers.keep, guard=papers.may_keep),
    (S.CAPTURED, K.MORE): T(S.CAPTURE, papers.keep_more, orders.watch, papers.may_keep_more),
    (S.CAPTURED, K.AGAIN): T(S.CAPTURE, papers.again, orders.watch),
    (S.CAPTURED, K.BACK): T(S.MATERIALS, papers.put_away, orders.stop),
    (S.COMMIT, K.AGREE): T(S.MATERIALS, papers.promised),
    (S.COMMIT, K.READ_LIST): T(S.LISTED),
    (S.COMMIT, K.BACK): T(S.MATERIALS, papers.put_away),
    (S.LISTED, K.BACK): T(UNREAD),
    (S.DELIVERY, K.DELIVER): T(S.DELIVERY, papers.deliver),
    (S.DELIVERY, K.TOGETHER): T(S.DELIVERY, papers.together),
    (S.DELIVERY, K.CHANGE): T(CHANGED, papers.change_address, guard=form.may_change),
    (S.DELIVERY, K.NEXT): T(S.REVIEW, papers.leave, guard=papers.may_leave_delivery),
    (S.DELIVERY, K.BACK): T(UNDELIVERED, papers.back_from_delivery),
    # the whole form, and the name under it
    (S.REVIEW, K.CHANGE): T(CHANGED, form.change, guard=form.may_change),
    (S.REVIEW, K.BACK): T(UNREVIEWED, form.back_to_last, guard=form.may_leave_review),
    (S.REVIEW, K.NEXT): T(S.SIGN, guard=ending.to_sign),
    (S.REVIEW, K.SUBMIT): T(
        S.SUBMITTING, visit.hand_over, orders.submit, ending.may_submit_unsigned
    ),
    (S.REVIEW, K.OBJECT): T(S.OBJECTION, says.begin, guard=says.may_object),
    (S.REVIEW, K.WITHDRAW): T(S.REVIEW, says.withdraw, guard=says.may_withdraw),
    (S.REVIEW, K.TAKE): T(S.REVIEW, says.take, guard=says.may_take),
    (S.OBJECTION, K.TEXT): T(S.OBJECTION, says.write),
    (S.OBJECTION, K.ERASE): T(S.OBJECTION, says.erase, guard=says.written),
    (S.OBJECTION, K.CLEAR): T(S.OBJECTION, says.clear, guard=says.written),
    (S.OBJECTION, K.DONE): T(S.OBJECTION),
    (S.OBJECTION, K.NEXT): T(S.REVIEW, says.keep, guard=says.may_keep),
    (S.OBJECTION, K.BACK): T(S.REVIEW, says.leave),
    (S.SIGN, K.STROKE): T(S.SIGN, ending.stroke),
    (S.SIGN, K.WIPE): T(S.SIGN, ending.wipe, guard=ending.may_wipe),
    (S.SIGN, K.CONFIRM): T(S.SIGN_CARD, visit.ask, orders.read_card, ending.may_confirm),
    (S.SIGN, K.BACK): T(S.REVIEW, visit.stop),
    (S.SIGN, K.SUBMIT): T(S.SUBMITTING, visit.hand_over, orders.submit, ending.may_submit),
    (S.SIGN_CARD, K.CARD_WANTED): T(S.SIGN_CARD, visit.card_wanted),
    (S.SIGN_CARD, K.CARD_LEFT): T(S.SIGN_CARD, visit.card_left),
    (S.SIGN_CARD, K.CARD_SEEN): T(S.SIGN_CARD, visit.card_seen),
    (S.SIGN_CARD, K.CARD_READ): T(CONFIRMED, ending.card_again, orders.read_card),
    (S.SIGN_CARD, K.CARD_TROUBLE): T(S.SIGN_CARD, visit.card_trouble, orders.read_card),
    (S.SIGN_CARD, K.RETRY): T(S.SIGN_CARD, visit.ask, orders.read_card, visit.may_retry_card),
    (S.SIGN_CARD, K.BACK): T(S.SIGN, visit.stop, orders.stop),
    # handed over
    (S.SUBMITTING, K.STORED): T(S.SUBMITTING, visit.stored),
    (S.SUBMITTING, K.STORE_TROUBLE): T(UNSTORED, visit.not_stored),
    (S.SUBMITTING, K.ANSWERED): T(S.RECEIPT, visit.answered, orders.print_slip),
    (S.RECEIPT, K.PRINTED): T(S.RECEIPT, visit.printed),
    (S.RECEIPT, K.REPRINT): T(S.RECEIPT, visit.reprint, orders.print_slip, visit.may_reprint),
    (S.RECEIPT, K.FINISH): T(TAKEN, ending.leave_receipt, orders.goodbye),
    (S.RECEIPT, K.HOME): GOODBYE,
    (S.RATING, K.RATE): T(S.RATING, ending.rate),
    (S.RATING, K.RATE_OPTION): T(S.RATING, ending.rate_option),
    (S.RATING, K.FINISH): T(S.FAREWELL, ending.leave_rating, orders.rating),
    (S.RATING, K.HOME): GOODBYE,
    # gone
    (S.FAREWELL, K.TICK): T(SAID, leaving.count_down, orders.end_if(SAID)),
    (S.FAREWELL, K.CARD_LIFTED): T(S.FAREWELL, visit.card_lifted_at_last),
    (S.FAREWELL, K.FINISH): T(S.ENDED, effects=orders.end),
    # where does it stand?
    (S.PROGRESS_SCAN, K.CODE_READ): T(S.PROGRESS_SCAN, visit.code_read, orders.scan),
    (S.PROGRESS_SCAN, K.CODE_TROUBLE): T(S.PROGRESS_SCAN, visit.code_trouble, orders.scan),
    (S.PROGRESS_SCAN, K.PROGRESS): T(S.PROGRESS_SHOW, visit.progress),
    (S.PROGRESS_SCAN, K.PROGRESS_TROUBLE): T(S.PROGRESS_SCAN, visit.progress_trouble),
    (S.PROGRESS_SCAN, K.RETRY): T(
        S.PROGRESS_SCAN, visit.scan_again, orders.scan, visit.may_scan_again
    ),
    (S.PROGRESS_SCAN, K.BACK): TO_HOME,
    (S.PROGRESS_SCAN, K.HOME): TO_HOME,
    (S.PROGRESS_SCAN, K.BY_CARD): T(
        S.PROGRESS_CARD, visit.ask, orders.stop_and_read, visit.may_read
    ),
    (S.PROGRESS_CARD, K.CARD_WANTED): T(S.PROGRESS_CARD, visit.card_wanted),
    (S.PROGRESS_CARD, K.CARD_LEFT): T(S.PROGRESS_CARD, visit.card_left),
    (S.PROGRESS_CARD, K.CARD_SEEN): T(S.PROGRESS_CARD, visit.card_seen),
    (S.PROGRESS_CARD, K.CARD_READ): T(KNOWN, ending.card_for_mine, orders.mine),
    (S.PROGRESS_CARD, K.CARD_TROUBLE): T(S.PROGRESS_CARD, visit.card_trouble, orders.read_card),
    (S.PROGRESS_CARD, K.RETRY): T(
        S.PROGRESS_CARD, visit.ask, orders.read_card, visit.may_retry_card
    ),
    (S.PROGRESS_CARD, K.BACK): TO_HOME,
    (S.PROGRESS_CARD, K.HOME): TO_HOME,
    (S.MINE, K.MINE): T(FOUND, ending.mine),
    (S.MINE, K.PROGRESS_TROUBLE): T(S.MINE, ending.mine_trouble),
    (S.MINE, K.RETRY): T(S.MINE, ending.asking, orders.mine, ending.may_ask_again),
    (S.MINE, K.OPEN_CASE): T(S.PROGRESS_SHOW, ending.open_case),
    (S.MINE, K.FINISH): LEAVE,
    (S.PROGRESS_SHOW, K.BACK): T(S.MINE, ending.close_case, guard=ending.has_list),
    (S.PROGRESS_SHOW, K.FINISH): LEAVE,
    # overlays
    (S.HELP, K.CLOSE): T(UNDER),
    (S.HELP, K.BACK): T(UNDER),
    (S.WARNING, K.CONTINUE): T(UNDER, leaving.stay),
    (S.WARNING, K.FINISH): LEAVE,
    (S.WARNING, K.TICK): T(WARNED, leaving.leave_when_over, orders.end_if(WARNED)),
}

_WITH_OVERLAYS = frozenset(S) - OVERLAYS - {S.ATTRACT, S.ENDED, S.FAREWELL}
_WAITING = (
    S.FETCHING,
    S.SUBMITTING,
    S.CARD,
    S.ENTERPRISE,
    S.SIGN_CARD,
    S.CAPTURE,
    S.CAPTURED,
    S.PROGRESS_SCAN,
    S.PROGRESS_CARD,
    S.MINE,
    S.RECEIPT,
    S.GUIDE,
)
_UNSTOPPED = frozenset(
    {S.ATTRACT, S.TROUBLE, S.SUBMITTING, S.RECEIPT, S.RATING, S.FAREWELL, S.ENDED}
)
"""Pages that stay when the machine cannot go on: nobody is there, or what was done is told."""
_ANY_TIME = {
    K.TODAY: visit.today,
    K.DEVICES: visit.devices,
    K.INTAKE: visit.intake,
    K.CARD_PRESENT: visit.card_present,
    K.CARD_LIFTED: visit.card_lifted,
}


def _everywhere() -> Table:
    """Return the rows that hold on many pages."""
    rows: Table = {}
    for page in sorted(_WITH_OVERLAYS):
        rows[page, K.HELP] = T(S.HELP)
        rows[page, K.SIZE] = T(page, pages.resized)
        rows[page, K.LANGUAGE] = T(page, choice.speak)
        if page is not S.TROUBLE:
            rows[page, K.IDLE] = T(S.WARNING, leaving.warn)
    rows[S.HELP, K.IDLE] = T(S.WARNING, leaving.warn)
    for page in sorted(frozenset(S) - OVERLAYS - _UNSTOPPED):
        rows[page, K.TERMINAL] = T(
            Fork("can it go on?", (page, S.FAREWELL, S.ENDED), leaving.going_on(page)),
            leaving.terminal_or_end,
            orders.goodbye_if_over,
        )
    for page in sorted(_UNSTOPPED - {S.ENDED}):
        rows[page, K.TERMINAL] = T(page, leaving.terminal)
    for page in _WAITING:
        rows[page, K.SLOW] = T(page, visit.slow)
    for page in sorted(PERSONAL - {S.RECEIPT, S.RATING, S.SUBMITTING}):
        rows[page, K.HOME] = T(HOMEWARD, leaving.go_home, orders.leave_unless_asked(LEFT))
    for page in sorted(frozenset(S) - OVERLAYS - {S.ENDED}):
        rows |= {(page, kind): T(page, update) for kind, update in _ANY_TIME.items()}
    return rows


TABLE: Table = {**_everywhere(), **_VISIT}
"""Every transition of a visit; what is not in here is illegal."""
