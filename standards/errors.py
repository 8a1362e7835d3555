"""The one exception family of this room.

::

    StandardError
    ├── IdentityNumberError   a text is no citizen identity number (GB 11643)
    ├── CreditCodeError       a text is no unified social credit code (GB 32100)
    ├── CodeError             a code or name is not in its table
    ├── CharsetError          bytes are neither UTF-8 nor GB 18030
    └── CanonicalError        a value has no canonical JSON form (RFC 8785)

Messages never repeat the offending value: it may be a citizen's.
"""

from __future__ import annotations


class StandardError(ValueError):
    """A value does not satisfy the standard it was held against."""


class IdentityNumberError(StandardError):
    """A text is not a citizen identity number.

    ``reason`` is one of ``length``, ``character``, ``date``, ``check_digit``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"not an identity number (GB 11643): {reason}")
        self.reason = reason


class CreditCodeError(StandardError):
    """A text is not a unified social credit code.

    ``reason`` is one of ``former``, ``length``, ``character``, ``check``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a credit code (GB 32100): {reason}")
        self.reason = reason


class CodeError(StandardError):
    """A code or a name is not in the table of the standard."""


class CharsetError(StandardError):
    """Bytes can be read as neither of the two character sets in use."""


class CanonicalError(StandardError):
    """A value has no canonical JSON form."""
