"""``kiosk-devices quality``: how each driver stands on the quality scale."""

from __future__ import annotations

import argparse
from typing import Final

from drivers.trouble import Trouble

HELP: Final = "how each driver stands on the quality scale, Markdown"


def add(parser: argparse.ArgumentParser) -> None:
    """Add no option: there is one page."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Print the page of the documentation."""
    from drivers.quality import QualityError, page

    del options
    try:
        print(page(), end="")
    except QualityError as error:
        raise Trouble(str(error), "Mend what is named.") from error
    return 0
