"""The schemas of our extensions, ready to check real payloads with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from drivers import service
from drivers.service.envelope import Payload

_DIRECTORY = Path(service.__file__).parent / "schemas"


def definitions() -> dict[str, dict[str, Any]]:
    """Return every schema file by the names of its definitions."""
    files = (json.loads(path.read_text()) for path in sorted(_DIRECTORY.glob("*.json")))
    return {name: schema for schema in files for name in schema["$defs"]}


def check(name: str, payload: Payload) -> None:
    """Fail unless the payload is of the named definition, such as ``XIdCard.Read.completion``."""
    schema = {**definitions()[name], "$ref": f"#/$defs/{name}"}
    jsonschema.Draft202012Validator(schema).validate(payload)
