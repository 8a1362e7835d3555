"""The published JSON Schemas are those of the code, and the shipped files fit them."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from kiosk.catalogue import schema as catalogue_schema
from kiosk.settings import config_root, schema

TEXTS = catalogue_schema.texts() | schema.texts()
FILES = {
    "dictionary": "catalogue/dictionary/*.yaml",
    "consents": "catalogue/consents.yaml",
    "thing": "catalogue/things/*.yaml",
    "never": "catalogue/never.yaml",
    "commitments": "catalogue/commitments.yaml",
    "calendar": "calendars/*.yaml",
    "list": "jurisdictions/*.list.yaml",
    "jurisdiction": "jurisdictions/" + "[0-9]" * 6 + ".yaml",
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_published_schemas_are_fresh(name: str) -> None:
    """Write stale ones anew with the two ``python -m`` commands in the schema modules."""
    published = config_root() / "schema" / f"{name}.schema.json"
    assert published.read_text(encoding="utf-8") == TEXTS[name]


@pytest.mark.parametrize("name", sorted(FILES))
def test_shipped_files_fit(name: str) -> None:
    """The catalogue's files fit the schema that editors use."""
    own = yaml.safe_load(TEXTS[name])
    files = sorted(config_root().glob(FILES[name]))
    assert files
    for path in files:
        jsonschema.validate(yaml.safe_load(Path(path).read_text("utf-8")), own)
