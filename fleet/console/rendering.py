"""Pages are made from templates that escape everything, under a policy that lets nothing in."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fleet.console import gate_words, naming, rollout_words, setting_words, words
from fleet.rollouts.gate import Limits
from standards import data_root

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_TEMPLATES: Final = Environment(
    loader=PackageLoader("fleet.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template under a policy that lets nothing in from elsewhere."""
    html = _TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(
        html,
        status,
        {
            "content-security-policy": POLICY,
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        },
    )


def trouble(title: str, words: str, status: int) -> HTMLResponse:
    """Say that something was not done, and why."""
    return page("trouble.html", status=status, title=title, words=words)


def said(entry: Any) -> str:
    """Return what an entry of the journal says beyond its action."""
    if entry.action.startswith("rollout_"):
        return rollout_words.detail(entry)
    if entry.action == "sign_in_refused":
        return f"第 {entry.detail} 次"
    return words.command(entry.detail)


@cache
def _glyphs() -> dict[str, int]:
    path = data_root() / "vendor" / "lucide" / "codepoints.json"
    return dict(json.loads(path.read_bytes()))


def icon(glyph: str) -> Markup:
    """Return an icon of one colour; it says nothing to who can't see."""
    code = _glyphs()[glyph]
    return Markup('<i class="icon" aria-hidden="true">&#{};</i>').format(int(code))


_TEMPLATES.filters |= {
    "fault": words.fault_title,
    "steps": words.fault_steps,
    "found": words.found,
    "device": words.device,
    "ago": words.ago,
    "moment": words.moment,
    "instant": words.instant,
    "until": words.until,
    "command": words.command,
    "said": said,
    "cells": lambda row: words.cells(row._mapping),  # noqa: SLF001 - SQLAlchemy's public name
}
_TEMPLATES.filters |= {
    "ring": naming.ring_named,
    "place": naming.place_named,
    "called": naming.row_named,
    "why": rollout_words.why,
    "detail": rollout_words.detail,
    "sign": rollout_words.sign,
    "setting": setting_words.called,
    "value": setting_words.value,
    "whom": rollout_words.whom,
    "figure": rollout_words.figure,
    "ring_bars": rollout_words.ring_bars,
    "counted": rollout_words.counted,
    "gates": gate_words.lines,
}
_TEMPLATES.globals |= {
    "icon": icon,
    "ROLLOUT": rollout_words,
    "USUAL": Limits(),
    "LEVELS": words.LEVELS,
    "SERVICES": words.SERVICES,
    "KINDS": words.KINDS,
    "COMMANDS": words.COMMANDS,
    "OUTCOMES": words.OUTCOMES,
    "ROLES": words.ROLES,
    "PAPERS": words.PAPERS,
    "DEVICE_WORDS": words.DEVICE_WORDS,
    "ACTIONS": words.ACTIONS,
    "WHYS": words.WHYS,
    "STEPS": words.STEPS,
    "ENDS": words.ENDS,
    "LOOKS": words.LOOKS,
    "EXPLAINS": words.EXPLAINS,
}
