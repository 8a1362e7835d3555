"""Code tables of national standards, kept as files: ``tables/<name>.toml``.

Each file says its ``standard``, ``source`` and ``date`` at its head, then ``[codes]`` with the
words of each code in the order they are offered.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from standards.errors import CodeError


@cache
def codes(name: str) -> Mapping[str, str]:
    """Return code to words of a table (``marriage``), in the order they are offered.

    Raises:
        CodeError: there is no such table.
    """
    try:
        text = (resources.files("standards") / "tables" / f"{name}.toml").read_text("utf-8")
    except OSError:
        raise CodeError(f"no code table {name}") from None
    return MappingProxyType(dict(tomllib.loads(text)["codes"]))
