"""``kiosk-devices print-a4``: print one document on A4."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from drivers.commands.opened import device_trouble, print_help, print_in_words
from drivers.trouble import Trouble

HELP: Final = "print one document on A4"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument(
        "--to", required=True, help="queue of CUPS, ipp:// address, or path of an IPP socket"
    )
    parser.add_argument("--document", type=Path, required=True, help="title and blocks, JSON")
    parser.add_argument("--pdf", type=Path, help="write the PDF here as well")
    parser.add_argument("--json", action="store_true", help="one JSON line")


def run(options: argparse.Namespace) -> int:
    """Print, and say what became of it; the exit code is 0 only for a confirmed document."""
    answer = _print(options.to, options.document, options.pdf)
    print(json.dumps(answer, ensure_ascii=False) if options.json else print_in_words(answer))
    return 0 if answer["printed"] is True else 1


def _print(to: str, file: Path, copy: Path | None) -> dict[str, object]:
    """Print the document in a JSON file and return what became of it, as `XDocument.Print` does.

    Raises:
        Trouble: there is no such document or printer.
    """
    from drivers.a4 import document, pages
    from drivers.a4.connection import Target
    from drivers.a4.device import DocumentPrinter
    from drivers.errors import DeviceError
    from drivers.service.adapters.document_printer import result_payload

    try:
        target = Target.parse(to)
        made = pages.make(document.parse(json.loads(file.read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:  # DocumentError is a ValueError, FontsMissing an OSError
        where = to if "ipp://" in str(error) else file
        raise Trouble(f"{where}: {error}", "Mend what is named and print again.") from error
    if copy is not None:
        _keep(copy, made.pdf)
    try:
        printer = DocumentPrinter(target)
        printer.open()
        result = printer.print_pdf(made.pdf, made.pages, threading.Event())
    except DeviceError as error:
        raise device_trouble(error) from error
    return _named(result_payload(result, made.missing))


def _keep(copy: Path, pdf: bytes) -> None:
    try:
        copy.write_bytes(pdf)
    except OSError as error:
        raise Trouble(f"{copy}: {error.strerror}", "Choose another file for --pdf.") from error


_NAMES: Final = {"confirmedBy": "confirmed_by", "errorCode": "error"}
"""What the service's words are called on the command line, as by the other commands."""


def _named(payload: Mapping[str, object]) -> dict[str, object]:
    answer = {_NAMES.get(key, key): value for key, value in payload.items()}
    error = answer.get("error")
    return answer | ({"help": print_help(str(error))} if error else {})
