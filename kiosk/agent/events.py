"""The agent's own events, looked up in the catalogue once, on import."""

from __future__ import annotations

from kiosk.audit import Event

AGENT_STARTED = Event("agent_started")
AGENT_STOPPED = Event("agent_stopped")
CERTIFICATE_NOT_RENEWED = Event("certificate_not_renewed")
CERTIFICATE_RENEWED = Event("certificate_renewed")
CLOCK_JUMPED = Event("clock_jumped")
DELIVERY_FAILED = Event("delivery_failed")
FORMER_KEYS_DROPPED = Event("former_keys_dropped")
INTAKE_BACK = Event("intake_back")
INTAKE_LOST = Event("intake_lost")
MANDATE_CHANGED = Event("mandate_changed")
MANDATE_REFUSED = Event("mandate_refused")
OUTBOX_DAMAGED = Event("outbox_damaged")
OUTBOX_FAILED = Event("outbox_failed")
POWER_BACK = Event("power_back")
POWER_LOST = Event("power_lost")
POWER_OFF = Event("power_off")
SUBMISSION_COPIED = Event("submission_copied")
SUBMISSION_DELIVERED = Event("submission_delivered")
SUBMISSION_HELD = Event("submission_held")
SUBMISSION_OVERDUE = Event("submission_overdue")
SUBMISSION_REFUSED_HERE = Event("submission_refused_here")
SUBMISSION_RELEASED = Event("submission_released")
SUBMISSION_STOPPED = Event("submission_stopped")
SUBMISSION_STORED = Event("submission_stored")
