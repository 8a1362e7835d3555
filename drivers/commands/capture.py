"""``kiosk-devices capture``: take one sheet, or one face."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

from drivers.commands.opened import device_trouble
from drivers.trouble import Trouble

HELP: Final = "take one sheet, or look at one face"

_NO_PAGE: Final = "Lay a sheet of A4 on the dark field, so that the desk is seen all around it."


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument("--source", required=True, help="link of the camera, or a folder of frames")
    parser.add_argument("--kind", choices=["page", "face"], required=True)
    parser.add_argument("--width", type=int, default=2592, help="dots across (page)")
    parser.add_argument("--height", type=int, default=1944, help="dots down (page)")
    parser.add_argument("--turn", type=int, choices=[0, 90, 180, 270], default=0)
    parser.add_argument("--out", type=Path, help="write the straightened JPEG here (page)")
    parser.add_argument("--json", action="store_true", help="one JSON line")


def run(options: argparse.Namespace) -> int:
    """Take it and print what is told of it; the exit code is 1 when there is none."""
    answer = _face(options.source) if options.kind == "face" else _page(options)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for key, value in answer.items():
            print(f"{key:12} {json.dumps(value, ensure_ascii=False)}")
    return 0


def _page(options: argparse.Namespace) -> dict[str, object]:
    """Take a sheet; what is wrong with its picture is told, not raised.

    Raises:
        Trouble: there is no camera, or no sheet before it.
    """
    from drivers.camera.by_hand import capture
    from drivers.camera.source import Setup
    from drivers.errors import DeviceError

    setup = Setup(width=options.width, height=options.height, turn=options.turn)
    try:
        taken = capture(options.source, setup)
    except DeviceError as error:
        raise device_trouble(error) from error
    if not taken.found:
        faults = taken.described["faults"]
        dark = isinstance(faults, list) and "dark" in faults
        raise Trouble("noPage", "Switch the lamp on." if dark else _NO_PAGE)
    if options.out is not None:
        try:
            options.out.write_bytes(taken.jpeg)
        except OSError as error:
            raise Trouble(f"{options.out}: {error.strerror}", "Name another file.") from error
    return taken.described


def _face(source: str) -> dict[str, object]:
    """Look at a face.

    Raises:
        Trouble: there is no camera, or no face before it.
    """
    from drivers.errors import DeviceError
    from drivers.face.by_hand import capture

    try:
        answer: dict[str, object] = capture(source)
    except DeviceError as error:
        raise device_trouble(error) from error
    if not answer.get("faces"):
        raise Trouble("noFace", "Stand before the camera, the face in the light.")
    return answer
