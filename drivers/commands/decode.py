"""``kiosk-devices decode``: read the codes on pictures."""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from drivers.decoder.codes import Code
    from drivers.decoder.reader import CodeReader

HELP: Final = "read the codes on pictures"

_HELP: Final[Mapping[str, str]] = {
    "notAPicture": "Give a JPEG, PNG, BMP, GIF, TIFF or WebP file.",
    "tooLarge": "Give a picture of at most 40 million dots and 32 MiB.",
    "truncated": "Copy the file again: a part of it is missing or damaged.",
    "tooMuchMemory": "Save the picture smaller, or as another kind of file.",
    "tooSlow": "Cut the picture down to the code, or save it smaller.",
    "ended": "Try once more; if the same picture ends it again, keep it and report it.",
    "failed": "Try once more; if the same picture fails again, keep it and report it.",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument("files", nargs="+", type=Path, metavar="IMAGE", help="picture files")
    parser.add_argument("--json", action="store_true", help="one JSON line a file")


def run(options: argparse.Namespace) -> int:
    """Print what is on each picture; 1 when one of them could not be read."""
    from drivers.decoder.reader import CodeReader

    failed = False
    with CodeReader() as reader:
        for file in options.files:
            answer = _decode(reader, file)
            failed |= "error" in answer
            print(json.dumps(answer, ensure_ascii=False) if options.json else _plain(answer))
    return 1 if failed else 0


def _decode(reader: CodeReader, file: Path) -> dict[str, object]:
    """Read one file: its codes, or what is wrong with it and what to do."""
    from drivers.decoder.picture import MOST_BYTES
    from drivers.decoder.reader import CodesNotRead

    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        read = reader.still(data)
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        return {"file": str(file), "error": f"unreadable: {why}", "help": "Check the name."}
    except CodesNotRead as error:
        word = error.cause.value
        return {"file": str(file), "error": word, "help": _HELP.get(word, _HELP["failed"])}
    codes = [_described(code) for code in read.codes]
    return {"file": str(file), "codes": codes, "ms": read.ms}


def _described(code: Code) -> dict[str, object]:
    """Return a code's text when it is certain which text it is, its bytes otherwise."""
    content: dict[str, object] = {"base64": base64.b64encode(code.data).decode("ascii")}
    if code.text is not None:
        content = {"text": code.text}
    return {
        "symbology": code.symbology.value,
        **content,
        "charset": code.charset,
        "corners": [list(corner) for corner in code.corners],
    }


def _plain(answer: Mapping[str, object]) -> str:
    """Return words for a person; characters that steer a terminal are left out."""
    from standards.charset import printable

    if "error" in answer:
        return f"{answer['file']}: {answer['error']}. {answer['help']}"
    codes = answer["codes"]
    lines = [
        f"{answer['file']}: {code['symbology']} {printable(code.get('text') or code['base64'])}"
        for code in (codes if isinstance(codes, list) else [])
    ]
    return "\n".join(lines) or f"{answer['file']}: no code"
