"""Values with their middle hidden, for screens, paper and public pages (GB/T 35273)."""

from __future__ import annotations


def mask_id(id_no: str) -> str:
    """Return an identity number with its date of birth hidden: ``400701********001X``."""
    return _keep(id_no, head=6, tail=4)


def mask_credit_code(code: str) -> str:
    """Return a unified social credit code with its middle hidden: ``914007********0000``."""
    return _keep(code, head=6, tail=4)


def mask_mobile(mobile: str) -> str:
    """Return a mobile number with four digits hidden: ``138****0001``."""
    return _keep(mobile, head=3, tail=4)


def mask_name(name: str) -> str:
    """Return a name with all but its first and, from three characters on, last hidden."""
    return _keep(name, head=1, tail=1) if len(name) > 2 else _keep(name, head=1, tail=0)


def _keep(text: str, *, head: int, tail: int) -> str:
    """Hide the middle; a text too short to have one is hidden whole."""
    hidden = len(text) - head - tail
    if hidden <= 0:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]
