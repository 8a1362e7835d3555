"""JSON Schemas of the document models, as published beside the documents."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: type[BaseModel], *, partial: bool = False) -> str:
    """Return a model's schema as the text of its file; ``partial`` drops what is required.

    A layer of settings is partial: only all layers together have every key.
    """
    schema = {"$schema": DIALECT, **model.model_json_schema()}
    if partial:
        _drop_required(schema)
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write(directory: Path, texts: dict[str, str]) -> None:
    """Write each schema to ``<name>.schema.json`` in ``directory``."""
    for name, text in texts.items():
        (directory / f"{name}.schema.json").write_text(text, encoding="utf-8")


def _drop_required(node: object) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("required"), list):
            del node["required"]
        for child in node.values():
            _drop_required(child)
    elif isinstance(node, list):
        for child in node:
            _drop_required(child)
