"""``docs/audit.md``: every event, made from the catalogue so that it can't differ from it."""

from __future__ import annotations

from kiosk.audit.events import catalogue

_HEAD = """# The audit log

What a terminal writes down of itself, for whoever must find out later what happened. One event a
line, each bound by its hash to all before it (`kiosk/audit/chain.py`). An event carries types,
counts, device names and numbers of the terminal; never a value of a citizen. A text that could be
an identity or telephone number is refused.

- Where: `audit/` in the state directory. `audit.log` is being written; full files are packed beside
  it. All together stay below 256 MB: some four and a half million events, six months of 25,000 a
  day. When the oldest file has to go, the chain itself says up to which line.
- The agent alone writes. It takes an event from a session, from the shell or from a session in
  maintenance mode only when the table names that role; all others are its own.
- `kiosk audit verify --state DIR` checks every line; with `--heads FILE` also against what the
  centre was told, which shows an end that was cut off and lines that were written anew with all
  their hashes (below); `--head FILE` takes one such head, `{"sequence": …, "digest": …}`.
- `kiosk audit show --state DIR` prints events in the words that staff read.
- `kiosk audit events` prints this page.
- A disk that takes no line lets events wait in memory and be written, in order, once it does; their
  time is then that of the writing. Of more than 2,000 the oldest go; `events_lost` says how many.

## Heads at the centre

A terminal with a centre signs how far its log reaches with the key of its certificate: when the
agent begins, every hour, at the turn of the day, when the line comes back, and before it stops
(`kiosk/agent/reporting/heads.py`). A head is a sequence number, that line's hash, the first kept
line, and what the log has now at the line that was told before. Heads wait through restarts, the
last of each day for at most 64 in all. The centre checks signature and certificate, keeps hourly
heads for two days and the last of each day for 400, and finds (`fleet/heads/rules.py`):

- `cut`: the log is shorter than it was.
- `rewritten`: a line that was told before is another one now.
- `begun_anew`: another first line, and the office had not let the machine in again since; after
  `kiosk enrol --replaces` and its approval it is no finding.
- `foreign`: signed by another key, for another terminal, or with a certificate from before the one
  in force.
- `trimmed_early`: lines younger than 180 days were removed for want of room.
- `gap`: the agent ran for more than 26 hours between two heads.
- `silent`: connected for three hours without a head; ends with the next one.
- `clock`: the terminal's clock differs by more than five minutes; ends when it is right.

Each is an alarm, stands on the terminal's page and counts in its level: in the list, on the map, in
the figures and metrics a log that was rewritten is worse than low paper. All but the last two end
when an approver has written down what became of them. To check a log that was carried in:

```bash
kiosk-fleet heads export 410700-0020 --db URL --out heads.json
kiosk audit verify --state CARRIED --heads heads.json --authority ca.crt
```

`--until 2026-11-28T10:00` when the log was carried away then: later heads do not count. Why it is
done so, and what it does not show: decision record 0024.

## Events

| event | meaning | staff read | fields | whose word | ended by |
|---|---|---|---|---|---|
"""


def markdown() -> str:
    """Return the whole page."""
    rows = (
        f"| `{name}` | {own.meaning} | {own.staff} | {', '.join(own.fields)} | "
        f"{', '.join(own.who)} | {f'`{own.ends}`' if own.ends else ''} |"
        for name, own in catalogue().items()
    )
    return _HEAD + "\n".join(rows)
