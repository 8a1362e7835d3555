"""Commands that are let out when their time is over, and how long that may take. Pure.

Half a slip is worse than a late answer, so a printer that has begun goes on to the end.  The host
waits this long past a command's time before it ends the worker, and a client that much longer
before it says that the service is gone: both read this table, which costs nothing to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LET_OUT_S: Final[Mapping[str, float]] = MappingProxyType(
    {
        "XReceipt.Print": 35.0,
        "Printer.RetractMedia": 8.0,
        "XDocument.Print": 330.0,  # 20 pages of a slow laser
    }
)
"""Seconds by command; a command that is not named here ends within `STOP_S`."""

STOP_S: Final = 2.0
"""Longest time any other command takes to stop by itself."""
