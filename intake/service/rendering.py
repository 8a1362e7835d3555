"""Pages are made from templates that escape everything, under a policy that lets nothing in."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from intake.office.listing import Wanted
from intake.service.http_edge import PAGE_POLICY

_TEMPLATES: Final = Environment(
    loader=PackageLoader("intake"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _query(wanted: Wanted, at: int | None = None) -> str:
    """Return what of the list is looked at as the query of an address; empty for all of it."""
    parts = {"show": wanted.show, "q": wanted.words, "at": at or wanted.page}
    return urlencode({name: part for name, part in parts.items() if part and part != 1})


_TEMPLATES.filters["query"] = _query


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template under a policy that lets nothing in from elsewhere."""
    html = _TEMPLATES.get_template(name).render(**values)
    return HTMLResponse(html, status, {"content-security-policy": PAGE_POLICY})
