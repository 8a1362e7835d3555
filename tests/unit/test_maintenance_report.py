"""The readiness report: what is wrong first, by whom and when, on the roll and as PDF."""

from __future__ import annotations

from drivers.printer import receipt
from kiosk.maintenance.facts import Examined, Found
from kiosk.maintenance.report import Report, pdf, slip
from kiosk.translation import Translator

WORDS = Translator("zh", strict=True)
REPORT = Report(
    terminal="410700-0020",
    place="大厅 3 号机",
    by="0317",
    software="1.4.0",
    examined=Examined(
        at="2026-11-28T08:22:00+08:00",
        findings=(
            Found(check="disk", case="ok", verdict="ok", told="还剩 41 GB"),
            Found(check="clock", case="wrong", verdict="attention", told="慢 9 秒", fix="对时"),
            Found(check="outbox", case="damaged", verdict="broken", told="存储坏了", fix="打电话"),
        ),
    ),
)


def test_the_slip_tells_what_is_wrong_worst_first() -> None:
    """The printer takes it, and what is well is one number."""
    paper = slip(REPORT, WORDS)
    receipt.parse(paper)
    lines = [
        str(line.get("text") or line.get("value") or line.get("big")) for line in paper["lines"]
    ]  # type: ignore[attr-defined]
    told = "\n".join(lines)
    assert told.index("存储坏了") < told.index("慢 9 秒")
    assert "2 项要处理" in told
    assert "0317" in told
    assert "还剩 41 GB" not in told
    assert "另外 1 项正常" in told


def test_the_pdf_is_one() -> None:
    """With every character of it drawn."""
    assert pdf(REPORT, WORDS).startswith(b"%PDF")
