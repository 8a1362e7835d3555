"""Every statement the store runs; none is put together from text."""

from __future__ import annotations

INSERT = """
INSERT INTO submission
    (submission_id, visit, local_no, thing, fingerprint, size, state, created_at, jurisdiction)
VALUES
    (:submission_id, :visit, :local_no, :thing, :fingerprint, :size, 'stored', :now, :jurisdiction)
"""
INSERT_PART = "INSERT INTO part VALUES (?, ?, ?)"

TAKE = "UPDATE submission SET state='sending' WHERE id=?"
SETTLE = """
UPDATE submission
SET state='submitted', attempts=attempts+1, thing='', application_no=:application_no,
    items=:items, received_at=:received_at, envelope_digest=:envelope_digest, settled_at=:now
WHERE id=:row
"""
ERASE = "DELETE FROM part WHERE id>=? AND id<?"
HOLD = """
UPDATE submission
SET state='refused', attempts=attempts+1, reason=:reason, last_error=:reason,
    first_error=coalesce(first_error, :reason)
WHERE id=:row
"""
POSTPONE = """
UPDATE submission
SET state='stored', attempts=attempts+1, last_error=:error,
    first_error=coalesce(first_error, :error)
WHERE id=:row
"""
RECOVER = "UPDATE submission SET state='stored', attempts=attempts+1 WHERE state='sending'"
WITHDRAW_PARTS = """
DELETE FROM part WHERE submission IN (SELECT id FROM submission WHERE submission_id=?)
"""
WITHDRAW = "DELETE FROM submission WHERE submission_id=?"

TRUSTED_AHEAD = 30 * 86_400.0
"""Seconds that the terminal's clock is believed beyond the last time the intake told."""
FORGET = """
DELETE FROM submission
WHERE state='submitted'
AND max(settled_at, coalesce(unixepoch(received_at), 0)) < :older_than * -1 + min(
    :now,
    coalesce((SELECT max(unixepoch(received_at)) FROM submission), :now) + :trusted
)
"""

STATUS = """
SELECT visit, state, application_no, items, reason FROM submission WHERE submission_id=?
"""
FINGERPRINT = "SELECT fingerprint FROM submission WHERE submission_id=?"
ENTRY = """
SELECT submission_id, local_no, fingerprint, size, attempts, last_error, created_at, jurisdiction
FROM submission WHERE id=?
"""
PART = "SELECT sealed FROM part WHERE id=?"
WAITING = """
SELECT id, held, jurisdiction FROM submission WHERE state IN ('stored', 'sending') ORDER BY id
"""
OWED = "SELECT id FROM submission WHERE state<>'submitted' ORDER BY id"
RELEASE = """
UPDATE submission
SET state=CASE state WHEN 'refused' THEN 'stored' ELSE state END, reason=NULL, held=NULL
WHERE id=? AND state<>'submitted'
"""
STOP = "UPDATE submission SET held=:reason WHERE id=:row AND state IN ('stored', 'sending')"
STOPPED = "SELECT id FROM submission WHERE held IS NOT NULL AND state<>'submitted'"
HELD_BYTES = "SELECT coalesce(sum(size), 0) FROM submission WHERE state<>'submitted'"
COPYABLE = "SELECT id, local_no, size FROM submission WHERE state<>'submitted' ORDER BY id"
PARTS = "SELECT sealed FROM part WHERE id>=? AND id<? ORDER BY id"
