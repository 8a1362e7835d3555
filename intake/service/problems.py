"""Problem documents: every refusal of the API has the same shape and says what to do now.

``{"code", "title_zh", "detail_zh", "field", "retryable", "help"}``; the texts are data in
``problems.toml``.  ``field`` names the place in the request, never the value found there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pydantic import BaseModel


class Problem(BaseModel):
    """The body of every answer that is not a success."""

    code: str
    title_zh: str
    detail_zh: str
    field: str | None = None
    retryable: bool
    help: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A row of the problem catalogue."""

    status: int
    retryable: bool
    title: str
    detail: str
    help: str


class Refusal(Exception):
    """The request is refused with the problem ``code``; nothing was changed."""

    def __init__(
        self, code: str, field: str | None = None, *, retry_after: int | None = None
    ) -> None:
        """Refuse with a code, the place in the request, and in how many seconds to come again."""
        super().__init__(code if field is None else f"{code} at {field}")
        self.code = code
        self.field = field
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return catalogue()[self.code].status

    def document(self) -> Problem:
        """Return the body of the answer."""
        kind = catalogue()[self.code]
        return Problem(
            code=self.code,
            title_zh=kind.title,
            detail_zh=kind.detail,
            field=self.field,
            retryable=kind.retryable,
            help=kind.help,
        )


@cache
def catalogue() -> dict[str, Kind]:
    """Return all problems by code."""
    text = (resources.files("intake.service") / "problems.toml").read_text("utf-8")
    return {code: Kind(**row) for code, row in tomllib.loads(text).items()}
