"""The small commands beside ``serve``: each prints, and returns an exit status."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from intake.records.store import Store
from intake.service.problems import catalogue


def counts(url: str, *, as_json: bool) -> int:
    """Print how many applications there are by group, and how often what was refused.

    Names of terminals and codes only: no number, no person.
    """
    try:
        with closing(Store(url)) as store:
            filed, refused = store.counts(datetime.now(UTC)), store.refusals.all()
    except SQLAlchemyError as error:
        print(f"kiosk-intake: {error}", file=sys.stderr)
        return 1
    if as_json:
        rows = [
            {"day": one.day, "terminal": one.terminal, "code": one.code, "count": one.count}
            for one in refused
        ]
        print(json.dumps({"applications": filed, "refused": rows}, ensure_ascii=False))
        return 0
    for group, count in filed.items():
        print(f"{group}\t{count}")
    for one in refused:
        title = catalogue()[one.code].title if one.code in catalogue() else ""
        print(f"{one.day}\t{one.terminal or '-'}\t{one.code}\t{one.count}\t{title}")
    return 0
