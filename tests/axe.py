"""The accessibility scan: axe-core in the real browser, by WCAG 2 A and AA and good practice.

The script is put into the page by DevTools, past the page's policy, which allows no foreign code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tests.browser import Page

VENDORED: Final = Path(__file__).parent / "vendor" / "axe-core"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_SCAN: Final = """
axe.run({runOnly: {type: 'tag', values: %s}, resultTypes: ['violations']})
 .then((told) => told.violations.map((rule) =>
  rule.id + ' (' + rule.help + '): ' + rule.nodes.slice(0, 3).map((node) =>
    node.html.slice(0, 160) + ' — ' + node.failureSummary.replace(/\\s+/g, ' ')).join(' | ')))
"""


def violations(page: Page) -> list[str]:
    """Return what the open page does against these rules, a line a rule, with its places."""
    if not page.run("'axe' in window"):
        page.run((VENDORED / "axe.min.js").read_text() + ";0")
    told: list[str] = page.run(_SCAN % json.dumps(TAGS))
    return told
