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
- `kiosk audit verify --state DIR` checks every line; with `--head FILE` also against a head that
  left the terminal, which shows an end that was cut off.
- `kiosk audit show --state DIR` prints events in the words that staff read.
- `kiosk audit events` prints this page.

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
