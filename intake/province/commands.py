"""`kiosk-intake numbers`: the province's numbers out of a file, and into one."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intake.province.numbers import (
    COLUMNS,
    LinesError,
    ProvincialNumber,
    ProvincialNumbers,
    read_lines,
)
from intake.records.model import Application
from intake.records.store import Store

BY = "导入"
"""Who set a number that came with a file."""


def numbers(options: argparse.Namespace) -> int:
    """Import or export; 1: the database or the file cannot be used, and nothing was changed."""
    try:
        with closing(Store(options.db)) as store:
            if options.act == "import":
                return _import(store, options.file)
            return _export(store)
    except (SQLAlchemyError, LinesError, OSError, UnicodeDecodeError) as error:
        print(f"kiosk-intake: {error}", file=sys.stderr)
        return 1


def _import(store: Store, file: Path) -> int:
    with file.open(encoding="utf-8", newline="") as text:
        lines = read_lines(text)
    kept = ProvincialNumbers(store.engine).take_in(lines, by=BY, now=datetime.now(UTC))
    print(f"kept: {kept}")
    return 0


def _export(store: Store) -> int:
    wanted = (
        select(ProvincialNumber, Application.application_no)
        .join(Application, Application.id == ProvincialNumber.application_id)
        .order_by(Application.application_no, ProvincialNumber.item_no)
    )
    written = csv.writer(sys.stdout)
    written.writerow(COLUMNS)
    with Session(store.engine) as session:
        for own, application_no in session.execute(wanted):
            written.writerow((own.item_no or application_no, own.number))
    return 0
