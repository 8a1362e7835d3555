"""The sheets that came out of a simulated printer, as text and as pictures."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer.paper import Paper

if TYPE_CHECKING:
    from drivers.printer.press import Output

KEPT_PAPERS = 50
"""Sheets kept; older ones and their pictures go."""

SAVED_WITHIN_S = 10.0
"""How long somebody who looks at the sheets waits for their pictures."""


class Tray:
    """Sheets, oldest first; drawn on a thread of its own, so that no head waits for it."""

    def __init__(self, place: Path) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self._place = place
        self._change = threading.Condition()
        self._papers: list[dict[str, object]] = []
        self._undrawn: list[tuple[Output, dict[str, object]]] = []
        self._drawing = False
        self._closed = False
        self.count = 0
        """How many sheets came out."""
        self._thread = threading.Thread(target=self._run, name="paper tray", daemon=True)
        self._thread.start()

    def papers(self) -> list[dict[str, object]]:
        """Return the sheets; those that came out just now are waited for."""
        with self._change:
            self._change.wait_for(
                lambda: self._closed or not (self._undrawn or self._drawing), SAVED_WITHIN_S
            )
            return [dict(paper) for paper in self._papers]

    def receive(self, output: Output, *, size: int, cut: bool, complete: bool) -> None:
        """Take one sheet of `size` bytes."""
        with self._change:
            self.count += 1
            record: dict[str, object] = {
                "id": self.count,
                "text": list(output.text),
                "codes": [[s.kind, s.payload.decode("utf-8", "replace")] for s in output.symbols],
                "bytes": size,
                "cut": cut,
                "complete": complete,
                "unknown": list(output.unknown),
            }
            self._undrawn.append((output, record))
            self._change.notify_all()

    def close(self) -> None:
        """End the thread; what was not drawn is not."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or bool(self._undrawn))
                if self._closed:
                    return
                output, record = self._undrawn.pop(0)
                self._drawing = True
            self._draw(output, record)

    def _draw(self, output: Output, record: dict[str, object]) -> None:
        """Write the picture, then list the sheet; the oldest go."""
        paper, file = Paper.of(output), self._place / f"{record['id']}.png"
        file.write_bytes(paper.png())
        record |= {"qr": list(paper.qr), "png": str(file)}
        with self._change:
            self._papers.append(record)
            gone, self._papers = self._papers[:-KEPT_PAPERS], self._papers[-KEPT_PAPERS:]
            self._drawing = False
            self._change.notify_all()
        for old in gone:
            Path(str(old["png"])).unlink(missing_ok=True)
