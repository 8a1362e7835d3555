"""Codes of the nationalities of China, GB/T 3304 (民族), as resident ID cards carry them.

The table is ``tables/nation.toml``; 97 and 98 stand beside the standard.
"""

from __future__ import annotations

from collections.abc import Mapping

from standards.code_table import codes
from standards.errors import CodeError

NATIONS: Mapping[str, str] = codes("nation")
"""Two-digit code to name without 族, as printed on the card."""

OTHER = NATIONS["97"]
"""What is said of a code nobody knows; some readers write 00 or 57 for one they could not read."""

_CODES = {name: code for code, name in NATIONS.items()}


def nation_name(code: str) -> str:
    """Return the name of a two-digit code.

    Raises:
        CodeError: the code is not in the table.
    """
    try:
        return NATIONS[code]
    except KeyError:
        raise CodeError("not a nationality code of GB/T 3304") from None


def spoken_nation(code: str) -> str:
    """Return the name of a code as a card reader has it; 其他 for one that is not in the table."""
    return NATIONS.get(code, OTHER)


def nation_code(name: str) -> str:
    """Return the two-digit code of a name, with or without 族 at its end.

    Raises:
        CodeError: the name is not in the table.
    """
    for spelling in (name, name.removesuffix("族")):
        if spelling in _CODES:
            return _CODES[spelling]
    raise CodeError("not a nationality name of GB/T 3304")
