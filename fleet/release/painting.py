"""What a terminal will show under a release, painted before anybody signs.

The terminal's own painter is run by command, as its own check is: once over the release, once over
what went before, both for the same terminal at the same moment. A page whose dots are the same in
both is told to be the same, and its second picture is thrown away. Where this machine has no
display, a virtual one is started; where it has no Xvfb or no OpenGL, `CannotPaint` says so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from fleet.errors import CannotPaint, SourceRefused
from fleet.release import pictures
from fleet.release.pictures import Change, Page, Preview

WITHIN_S: Final = 300
"""Of one configuration; a catalogue of twenty things is 7 s of one core."""
GRACE_S: Final = 60
"""Beyond it, for what starts before the painter counts; then it is ended from outside."""
PATIENCE_S: Final = 10
"""Until what was asked to end is killed; it ends its virtual screen meanwhile."""
REFUSED: Final = 3
"""Exit status of the painter: the configuration is wrong."""
_OVER_TIME: Final = frozenset({-signal.SIGALRM, 256 - signal.SIGALRM})
"""The same when its alarm ended it, alone or on a virtual screen."""
SITE: Final = re.compile(r"[a-z]{2,20}")
PLACE: Final = re.compile(r"[0-9]{6}")
_STAND_IN: Final[Mapping[str, object]] = {
    "terminal": {"id": "000000-0000"},
    "intake": {
        "api_url": "https://stand-in.invalid",
        "public_url": "https://stand-in.invalid",
    },
}
"""What only a terminal's own file can say."""
_ABOUT: Final = ("site", "jurisdiction", "name", "place", "at", "width", "height")
"""What the painter's table says of the terminal."""
_LYING: Final[Mapping[str, object]] = {"display": {"width": 1920, "height": 1080}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Which terminal is painted.

    Attributes:
        site: kind of site; empty: as the defaults say.
        jurisdiction: its code; empty: as the defaults say.
        own: the terminal's own files, in order; what they say wins over all else.
        landscape: 1920×1080 instead of what the configuration says.
        at: when it is there; None: now.
    """

    site: str = ""
    jurisdiction: str = ""
    own: tuple[Path, ...] = ()
    landscape: bool = False
    at: datetime | None = None

    def layer(self) -> str:
        """Return the lowest of its own files; every JSON document is YAML.

        Raises:
            SourceRefused: site or jurisdiction is none.
        """
        for value, shape in ((self.site, SITE), (self.jurisdiction, PLACE)):
            if value and not shape.fullmatch(value):
                raise SourceRefused(f"{value!r}: name a kind of site (hall) or a code (410700)")
        said = {"site": self.site, "jurisdiction": self.jurisdiction}
        told = {key: value for key, value in said.items() if value}
        return json.dumps({**told, **_STAND_IN, **(_LYING if self.landscape else {})})


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A configuration that is painted: its directory, and what people call it."""

    config: Path
    name: str
    group: str = ""
    digest: str = ""


def paint(
    draft: Draft, before: Draft | None, target: Target, into: Path, trouble: str = ""
) -> tuple[str, Preview]:
    """Paint a terminal into an empty folder; returns a name for the terminal, and the table.

    Args:
        draft: what is painted.
        before: what it is held against; None: nothing.
        target: which terminal.
        into: the folder.
        trouble: why there is nothing to hold it against, if there should be something.

    Raises:
        SourceRefused: the release, or the terminal's own file, is wrong.
        CannotPaint: this machine has nothing to paint with.
    """
    asked, target = target, replace(target, at=target.at or datetime.now(UTC))
    table = _painted(draft.config, into / "after", target)
    earlier, unpainted = _earlier(before, into / "before", target)
    pages = tuple(_compared(table["pages"], earlier))
    _drop_same(into / "before", pages)
    preview = Preview(
        digest=draft.digest,
        release=draft.name,
        group=draft.group,
        before="" if before is None else before.name,
        trouble=trouble or unpainted,
        own=bool(target.own),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        pages=pages,
        **{key: table[key] for key in _ABOUT},
    )
    pictures.write(into, preview)
    return _named(preview, asked), preview


def _earlier(
    before: Draft | None, into: Path, target: Target
) -> tuple[Mapping[str, Any] | None, str]:
    """Return the pages of what went before, or why there are none."""
    if before is None:
        return None, ""
    try:
        table = _painted(before.config, into, target)
    except SourceRefused as error:
        shutil.rmtree(into, ignore_errors=True)
        return None, str(error)
    return {own["subject"]["key"]: own for own in table["pages"]}, ""


def _compared(pages: list[dict[str, Any]], earlier: Mapping[str, Any] | None) -> Iterator[Page]:
    """Yield every page of both, those that are gone last."""
    for own in pages:
        if earlier is None:
            yield _page(own, "alone")
            continue
        was = earlier.get(own["subject"]["key"])
        same = was is not None and was["digest"] == own["digest"]
        yield _page(own, "new" if was is None else "same" if same else "changed")
    there = {own["subject"]["key"] for own in pages}
    for key, was in (earlier or {}).items():
        if key not in there:
            yield _page(was, "gone")


def _page(told: Mapping[str, Any], change: Change) -> Page:
    return Page(**told["subject"], change=change, width=told["width"], height=told["height"])


def _drop_same(folder: Path, pages: tuple[Page, ...]) -> None:
    """Throw away second pictures of what is the same."""
    for page in pages:
        if page.change == "same":
            for name in (f"{page.key}.png", f"{page.key}-small.png"):
                (folder / name).unlink()


def _named(preview: Preview, target: Target) -> str:
    """Return a name for a terminal, and for the hour if one was asked for."""
    asked = "".join(path.read_text("utf-8") for path in target.own)
    parts = [preview.site, preview.jurisdiction, f"{preview.width}x{preview.height}"]
    if asked:
        parts.append(sha256(asked.encode()).hexdigest()[:8])
    if target.at is not None:
        parts.append(re.sub(r"[^0-9]", "", preview.at)[:12])
    return "-".join(parts)


def _painted(config: Path, into: Path, target: Target) -> dict[str, Any]:
    """Run the terminal's painter over a configuration; returns its table."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as layer:
        layer.write(target.layer())
        layer.flush()
        files = [Path(layer.name), *target.own]
        given = [word for path in files for word in ("--settings", str(path))]
        moment = target.at.isoformat() if target.at else datetime.now(UTC).isoformat()
        command = [
            *_display(),
            *(sys.executable, "-P", "-m", "screens.preview", str(config), str(into)),
            *("--at", moment, "--within", str(WITHIN_S), *given),
        ]
        _ended(command)
    table: dict[str, Any] = json.loads((into / "pages.json").read_bytes())
    (into / "pages.json").unlink()
    return table


def _ended(command: list[str]) -> None:
    """Run the painter to its end, which comes in any case.

    Raises:
        SourceRefused: the configuration is wrong.
        CannotPaint: this machine paints nothing, or not in time.
    """
    status, told = _run(command)
    if status == REFUSED:
        raise SourceRefused(told)
    if status is None or status in _OVER_TIME:
        raise CannotPaint(f"not painted within {WITHIN_S} s: this machine is too slow, or too busy")
    if status != 0:
        said = told.splitlines()[-1:] or [f"status {status}"]
        raise CannotPaint(
            f"this machine painted nothing ({said[0][:300]}): "
            "paint where kiosk check-release paints, or install xvfb and libgl1"
        )


def _run(command: list[str]) -> tuple[int | None, str]:
    """Run a command in a group of its own; returns its status (None: over time), what it said."""
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",  # a library of the machine says what it likes
        start_new_session=True,
    ) as process:
        try:
            _, told = process.communicate(timeout=WITHIN_S + GRACE_S)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            _end(process)
    return process.returncode, told.strip()


def _end(process: subprocess.Popen[str]) -> None:
    """End a process that is still there, with those that it started."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _display() -> tuple[str, ...]:
    """Return what a command on a screen begins with."""
    if os.environ.get("DISPLAY"):
        return ()
    if shutil.which("Xvfb") is None:
        raise CannotPaint("this machine has neither a display nor Xvfb: install xvfb and libgl1")
    return (sys.executable, "-P", "-m", "kiosk.desk.display")
