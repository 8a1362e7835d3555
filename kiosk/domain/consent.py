"""Consents: what was agreed to is named by the very words, not only by a title."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentText:
    """The words a citizen is asked to agree to; never ticked for them.

    ``purpose`` is one of the dictionary's consents (``data_fetch``), ``edition`` grows with
    each change of the words.
    """

    purpose: str
    edition: int
    title: str
    text: tuple[str, ...]

    @property
    def version(self) -> str:
        """Name edition and words: ``data_fetch/1/9f86d081884c``; changes with any character."""
        words = "\n".join((self.title, *self.text)).encode()
        return f"{self.purpose}/{self.edition}/{hashlib.sha256(words).hexdigest()[:12]}"

    def given(self, time: str) -> Consent:
        """Return the record of agreeing at ``time`` (RFC 3339 with offset)."""
        return Consent(purpose=self.purpose, text_version=self.version, time=time)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """A citizen agreed to a version of a text at a moment (RFC 3339 with offset)."""

    purpose: str
    text_version: str
    time: str
