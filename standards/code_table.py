"""Code tables of national standards, kept as files: ``tables/<name>.toml``.

Each file says its ``standard``, ``source`` and ``date`` at its head, then ``[codes]`` with the
words of each code, and ``offered``: the codes that a form offers, where those are not all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from standards.errors import CodeError


@cache
def codes(name: str) -> Mapping[str, str]:
    """Return code to words of a table (``marriage``), all that the file has, in its order.

    Raises:
        CodeError: there is no such table.
    """
    return MappingProxyType(dict(_file(name)["codes"]))


@cache
def letters(name: str) -> Mapping[str, str]:
    """Return code to letters of a table that has letters too (``nation``: ``01`` to ``HA``).

    Raises:
        CodeError: there is no such table, or it has no letters.
    """
    try:
        return MappingProxyType(dict(_file(name)["letters"]))
    except KeyError:
        raise CodeError(f"the table {name} has no letters") from None


@cache
def offered(name: str) -> Mapping[str, str]:
    """Return code to words of what a form offers, in the order it is offered.

    Raises:
        CodeError: there is no such table.
    """
    every = codes(name)
    return MappingProxyType({code: every[code] for code in _file(name).get("offered", every)})


def _file(name: str) -> dict[str, Any]:
    try:
        text = (resources.files("standards") / "tables" / f"{name}.toml").read_text("utf-8")
    except OSError:
        raise CodeError(f"no code table {name}") from None
    return tomllib.loads(text)
