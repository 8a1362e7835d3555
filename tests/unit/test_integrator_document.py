"""What docs/integrator.md tells integrators is what the code does."""

from __future__ import annotations

import base64
import hashlib
import re

from kiosk.crypto import PROVIDERS
from tests.integrator_tables import CLERK_ONLY, DOCUMENT, errors, written

TEXT = DOCUMENT.read_text("utf-8")


def test_tables_are_fresh() -> None:
    """Modules, errors, states and rules; python -m tests.integrator_tables writes them."""
    assert written(TEXT) == TEXT


def test_every_code_that_is_named_is_listed() -> None:
    """A code in the text stands in the list."""
    listed = set(re.findall(r"`([A-Z_]{4,})`", errors())) | CLERK_ONLY
    named = set(re.findall(r"`([A-Z]{2,}_[A-Z_]+)`", TEXT))
    assert named <= listed


def test_links_lead_somewhere() -> None:
    """Files that are linked to are there."""
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT):
        assert (DOCUMENT.parent / link).exists(), link


def test_the_example_verifies() -> None:
    """Digests, names of keys, and signatures by both providers."""
    block = TEXT.split("```\nbytes", 1)[1].split("```", 1)[0]
    data = block.split("\n", 1)[0].strip().encode()
    sha256, sm3 = (re.search(rf"{name} +([0-9a-f]{{64}})", block) for name in ("SHA-256", "SM3"))
    assert sha256 is not None
    assert sm3 is not None
    assert sha256[1] == hashlib.sha256(data).hexdigest()
    assert sm3[1] == PROVIDERS["national"].digest([data]).hex()
    pattern = r"([\w-]+) +public +(\S+)\n +key_id +(\S+)\n +over it (\S+)"
    found = re.findall(pattern, block)
    assert {name for name, *_ in found} == {one.signature_algorithm for one in PROVIDERS.values()}
    for name, public, key_id, signature in found:
        own = next(one for one in PROVIDERS.values() if one.signature_algorithm == name)
        raw = base64.b64decode(public)
        assert own.digest([raw])[:8].hex() == key_id
        assert own.verify(raw, data, base64.b64decode(signature))
