"""What a module of the devices says of itself, "Pure.", is held by the import linter."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_SAID = re.compile(r"[.;:,]\s+[Pp]ure[.:,]")
_OF_A_PACKAGE = re.compile(r"\.\s+Pure\.")  # its table says it of single modules, in small letters
_CONTRACTS = ("Codecs are pure", "What of the service and the doctor is pure")


def says_pure(file: Path) -> bool:
    """Say whether the docstring of a module, or of a package as a whole, claims it."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    pattern = _OF_A_PACKAGE if file.name == "__init__.py" else _SAID
    return bool(pattern.search(text))


def held() -> set[str]:
    """Return the modules that the linter keeps away from ports, threads and processes."""
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        module
        for contract in document["tool"]["importlinter"]["contracts"]
        if contract["name"].startswith(_CONTRACTS)
        for module in contract["source_modules"]
    }


def test_what_says_it_is_pure_is_held_to_it() -> None:
    """A docstring is a promise that nobody checks; the list in pyproject.toml is checked."""
    claims = set()
    for file in (REPOSITORY / "drivers").rglob("*.py"):
        parts = file.relative_to(REPOSITORY).with_suffix("").parts
        if says_pure(file) and parts != ("drivers", "__init__"):
            claims.add(".".join(part for part in parts if part != "__init__"))
    assert "drivers.service.dispatcher" in claims
    assert claims - held() == set()
