"""The table: on which page which kind of intent does what.  Everything that can be done is here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from kiosk.maintenance import calibrate_moves as touch
from kiosk.maintenance import check_moves as check
from kiosk.maintenance import clock_moves as clock
from kiosk.maintenance import device_moves as device
from kiosk.maintenance import entry_moves as entry
from kiosk.maintenance import rescue_moves as rescue
from kiosk.maintenance import training_moves as training
from kiosk.maintenance import update_moves as update
from kiosk.maintenance import work_moves as work
from kiosk.maintenance.effects import Look
from kiosk.maintenance.intents import Kind
from kiosk.maintenance.intents import Said as D
from kiosk.maintenance.staff import Right
from kiosk.maintenance.states import State
from kiosk.maintenance.targets import Touch
from kiosk.maintenance.work_moves import Moves

S: TypeAlias = State
T: TypeAlias = Touch

TABLE: Final[Mapping[tuple[S, Kind], Moves]] = MappingProxyType(
    {
        # who are you
        (S.CARD, D.BEGUN): entry.begun,
        (S.CARD, D.CARD_SEEN): entry.card_seen,
        (S.CARD, D.READER_GONE): entry.reader_gone,
        (S.CARD, D.TAKEN): entry.taken,
        (S.CARD, D.DENIED): entry.denied,
        (S.CARD, T.BY_CODE): entry.by_code,
        (S.CARD, T.BY_CARD): entry.by_card,
        (S.CARD, T.AGAIN): entry.again,
        (S.CARD, T.DIGIT): entry.code_digit,
        (S.CARD, T.ERASE): entry.erase,
        (S.CARD, T.BACK): entry.leave,
        (S.PIN, T.DIGIT): entry.pin_digit,
        (S.PIN, T.ERASE): entry.erase,
        (S.PIN, D.DENIED): entry.pin_denied,
        (S.PIN, D.SIGNED_IN): entry.signed_in,
        (S.PIN, T.BACK): entry.back_to_card,
        # at a glance
        (S.GLANCE, T.FAULT): work.open_fault,
        (S.GLANCE, T.PART): device.open_part,
        (S.GLANCE, T.PAPER): work.open_paper,
        (S.GLANCE, T.CHECK): check.open_check,
        (S.GLANCE, T.REPORT): work.open_report,
        (S.GLANCE, T.OUT): work.open_page(S.OUT, Look()),
        (S.GLANCE, T.OUTBOX): work.open_page(S.OUTBOX, Look()),
        (S.GLANCE, T.SYSTEM): work.open_page(S.SYSTEM, Look()),
        (S.GLANCE, T.HELP): work.open_help,
        # what to do about a fault
        (S.FAULT, T.PART): device.open_part,
        (S.FAULT, T.PAPER): work.open_paper,
        (S.FAULT, T.OUTBOX): work.open_page(S.OUTBOX, Look()),
        (S.FAULT, T.SYSTEM): work.open_page(S.SYSTEM, Look()),
        (S.FAULT, T.OUT): work.open_page(S.OUT, Look()),
        (S.FAULT, T.CHECK): check.open_check,
        (S.FAULT, T.RESET): work.reset,
        (S.FAULT, T.AGAIN): work.look_again,
        (S.FAULT, D.DID): work.did,
        # the opening check
        (S.CHECK, T.BEGIN): check.begin,
        (S.CHECK, T.YES): check.answer,
        (S.CHECK, T.NO): check.answer,
        (S.CHECK, T.AGAIN): check.rest,
        (S.CHECK, T.GO_ON): check.go_on,
        (S.CHECK, T.SKIP): check.skip,
        (S.CHECK, T.BACK): check.leave,
        (S.CHECK, T.LEAVE): check.leave_maintenance,
        (S.CHECK, D.DOING): check.doing,
        (S.CHECK, D.DID): check.did,
        (S.CHECK, D.EXAMINED): check.examined,
        (S.TOUCH, D.EXAMINED): check.examined,
        (S.TOUCH, T.CELL): check.cell,
        (S.TOUCH, T.BACK): check.leave_grid,
        # devices
        (S.DEVICE, T.TEST): work.test,
        (S.DEVICE, T.TEST_BATTERY): work.ask_battery,
        (S.DEVICE, T.RESET): work.reset,
        (S.DEVICE, T.PAPER): work.open_paper,
        (S.DEVICE, T.TRACE): device.trace,
        (S.DEVICE, T.YES): work.heard,
        (S.DEVICE, T.NO): work.heard,
        (S.DEVICE, D.DOING): work.doing,
        (S.DEVICE, D.DID): work.did,
        (S.PAPER, T.PAPER_DONE): work.paper_done,
        (S.PAPER, T.AGAIN): work.paper_again,
        (S.PAPER, D.DID): work.did,
        # outbox, service, system
        (S.OUTBOX, T.RETRY): work.order("retry"),
        (S.OUTBOX, T.EXPORT): work.order("export"),
        (S.OUTBOX, D.DID): work.did,
        (S.OUT, T.REASON): work.reason,
        (S.OUT, T.UNTIL): work.until,
        (S.OUT, T.STOP): work.stop,
        (S.OUT, T.SERVE): work.serve,
        (S.OUT, D.DID): work.did,
        (S.SYSTEM, T.LOUDER): work.tune("sound", 1),
        (S.SYSTEM, T.QUIETER): work.tune("sound", -1),
        (S.SYSTEM, T.BRIGHTER): work.tune("brightness", 1),
        (S.SYSTEM, T.DARKER): work.tune("brightness", -1),
        (S.SYSTEM, T.RESTART): work.ask("restart"),
        (S.SYSTEM, T.SHUT_DOWN): work.ask("shut_down"),
        (S.SYSTEM, T.YES): work.answer,
        (S.SYSTEM, T.NO): work.answer,
        (S.SYSTEM, T.DIAGNOSTICS): work.order("bundle"),
        (S.SYSTEM, D.DID): work.did,
        # where fingers are felt
        (S.SYSTEM, T.CALIBRATE): touch.open_calibration,
        (S.CALIBRATE, T.POINT): touch.point,
        (S.CALIBRATE, T.CELL): touch.cell,
        (S.CALIBRATE, T.YES): touch.keep,
        (S.CALIBRATE, T.NO): touch.undo,
        (S.CALIBRATE, T.BACK): touch.leave,
        (S.CALIBRATE, D.TOUCH_TRIED): touch.tried,
        # a release on a stick
        (S.SYSTEM, T.UPDATE): update.open_update,
        (S.SYSTEM, T.RECOVERY_CARD): rescue.print_card,
        (S.SYSTEM, T.SET_CLOCK): clock.open_clock,
        (S.CLOCK, T.EARLIER): clock.turn,
        (S.CLOCK, T.LATER): clock.turn,
        (S.CLOCK, T.STEP_CLOCK): clock.ask,
        (S.CLOCK, T.SET_CLOCK): clock.ask,
        (S.CLOCK, T.YES): clock.answer,
        (S.CLOCK, T.NO): clock.answer,
        (S.CLOCK, D.NOW): clock.read,
        (S.CLOCK, D.DID): clock.did,
        (S.SYSTEM, T.TRAIN): training.open_training,
        (S.TRAIN, T.TRAIN): training.begin,
        (S.TRAIN, T.BACK): training.back,
        (S.TRAIN, D.DOING): work.doing,
        (S.TRAIN, D.DID): training.ended,
        (S.UPDATE, T.AGAIN): update.look,
        (S.UPDATE, T.INSTALL): update.install,
        (S.UPDATE, D.ON_STICK): update.seen,
        (S.UPDATE, D.DOING): work.doing,
        (S.UPDATE, D.DID): work.did,
        # report
        (S.REPORT, T.AGAIN): work.examine,
        (S.REPORT, T.PRINT): work.report("paper"),
        (S.REPORT, T.PDF): work.report("pdf"),
        (S.REPORT, D.DID): work.did,
        # a citizen with a slip
        (S.HELP, T.KEY): work.key,
        (S.HELP, T.ERASE): work.erase,
        (S.HELP, T.FIND): work.find,
        (S.HELP, T.AGAIN): work.another,
        (S.HELP, D.SLIP): work.scanned,
        (S.HELP, D.FOUND): work.found,
    }
)

EVERYWHERE: Final[Mapping[Kind, Moves]] = MappingProxyType(
    {
        T.BACK: work.back,
        T.LEAVE: entry.leave,
        D.BEGUN: entry.begun,
        D.STATUSES: work.statuses,
        D.LOOKED: work.looked,
        D.EXAMINED: work.examined,
        D.HISTORY: device.remember,
        D.TRACED: device.traced,
    }
)
"""Rows that hold on every page that has no row of its own."""

NEEDS: Final[Mapping[Kind, Right]] = MappingProxyType(
    {
        T.CHECK: Right.CHECK,
        T.PAPER: Right.PAPER,
        T.TEST: Right.TEST,
        T.TEST_BATTERY: Right.POWER,
        T.RESET: Right.RESET,
        T.TRACE: Right.TRACE,
        T.CALIBRATE: Right.TEST,
        T.OUTBOX: Right.OUTBOX,
        T.RETRY: Right.RETRY,
        T.EXPORT: Right.EXPORT,
        T.OUT: Right.SERVICE,
        T.STOP: Right.SERVICE,
        T.SERVE: Right.SERVICE,
        T.LOUDER: Right.SOUND,
        T.QUIETER: Right.SOUND,
        T.BRIGHTER: Right.SOUND,
        T.DARKER: Right.SOUND,
        T.RESTART: Right.POWER,
        T.SHUT_DOWN: Right.POWER,
        T.DIAGNOSTICS: Right.DIAGNOSTICS,
        T.UPDATE: Right.UPDATE,
        T.INSTALL: Right.UPDATE,
        T.REPORT: Right.REPORT,
        T.PDF: Right.REPORT,
        T.TRAIN: Right.TRAIN,
        T.SET_CLOCK: Right.CLOCK,
        T.STEP_CLOCK: Right.CLOCK,
        T.RECOVERY_CARD: Right.REPORT,
        T.HELP: Right.HELP,
        T.FIND: Right.HELP,
    }
)
"""Touches that not everybody may make; the agent asks again before it does anything."""
