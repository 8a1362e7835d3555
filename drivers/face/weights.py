"""Where the models of faces lie, and whether they are the ones that were measured.

Origin, licence and a warning about the licence are in ``assets/vendor/face/SOURCE.toml`` and in
``docs/devices/face-camera.md``.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from standards.assets import data_root

FINDER: Final = "face_detection_yunet_2023mar_int8bq.onnx"
COMPARER: Final = "face_recognition_sface_2021dec_int8bq.onnx"

MODEL_NAME: Final = "YuNet 2023mar + SFace 2021dec (int8bq)"
THRESHOLD: Final = 0.363
"""Cosine from which SFace takes two faces for one person.

Source: OpenCV's tutorial "DNN-based Face Detection And Recognition", which takes it from LFW.
Not certified, and not measured on the people who will stand at a terminal."""


class Weights(StrEnum):
    """Whether there are models."""

    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"
    """Files that are not the ones whose figures are known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """The two files."""

    finder: Path
    comparer: Path


def place() -> Path:
    """Return the folder of the models."""
    return data_root() / "vendor" / "face"


def files(folder: Path | None = None) -> Files:
    """Return where the models are, or should be."""
    folder = folder or place()
    return Files(finder=folder / FINDER, comparer=folder / COMPARER)


def present(folder: Path | None = None) -> bool:
    """Say whether both files are there; looks into neither."""
    both = files(folder)
    return both.finder.is_file() and both.comparer.is_file()


def state(folder: Path | None = None) -> Weights:
    """Compare both files with the digests that came with them; takes about 20 ms."""
    folder = folder or place()
    if not present(folder):
        return Weights.MISSING
    try:
        known = tomllib.loads((folder / "SOURCE.toml").read_text())["files"]
        right = all(_digest(folder / name) == known[name]["sha256"] for name in (FINDER, COMPARER))
    except (OSError, ValueError, KeyError, TypeError):
        return Weights.DAMAGED
    return Weights.OK if right else Weights.DAMAGED


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
