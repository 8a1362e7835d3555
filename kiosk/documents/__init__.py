"""YAML documents whose every value knows its line.

What may be done in this room: read a file, hold it against a pydantic model, and say of each
fault in which file and line it is and what was probably meant. The rooms that own
configuration (``kiosk.domain``, ``kiosk.settings``) build on it; it knows nothing of theirs.
"""

from kiosk.documents.reader import Document, DocumentError, DocumentFault, parse, read
from kiosk.documents.validation import validate

__all__ = ["Document", "DocumentError", "DocumentFault", "parse", "read", "validate"]
