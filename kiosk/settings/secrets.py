"""Settings hold no secrets: they are signed, copied to sticks, shown in a console and compared.

A secret is named by where it lies, such as a file of the system's credentials. A value that looks
like one itself is refused.
"""

from __future__ import annotations

import re
from typing import Final

_LOOKS: Final = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"), "a private key"),
    (re.compile(r"^[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@"), "an address with a password in it"),
    (re.compile(r"^(sk|pk|ghp|xox[a-z]|eyJ)[A-Za-z0-9_-]{16,}"), "an access token"),
    (re.compile(r"^[0-9a-fA-F]{32,}$"), "a key in hexadecimal"),
)
_BLOB: Final = re.compile(r"^[A-Za-z0-9+/_-]{32,}={0,2}$")


def looks_like(value: object) -> str:
    """Return what secret a value looks like; empty: none."""
    if not isinstance(value, str):
        return ""
    for pattern, what in _LOOKS:
        if pattern.search(value):
            return what
    mixed = all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return "a key in Base64" if _BLOB.fullmatch(value) and mixed else ""
