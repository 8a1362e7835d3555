"""Hold a document against a pydantic model and name each fault by file and line."""

from __future__ import annotations

import difflib
import json
import types
import typing
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kiosk.documents.reader import Document, DocumentError, DocumentFault, Location

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> Model:
    """Return the document's value as ``model``.

    Raises:
        DocumentError: it does not fit; every fault is told, with the line and, for an unknown
            key, the known key that looks most like it.
    """
    try:
        return model.model_validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        faults = [fault(document, model, detail) for detail in error.errors()]
        raise DocumentError(tuple(sorted(faults, key=lambda own: own.line))) from error


def fault(document: Document, model: type[BaseModel], detail: ErrorDetails) -> DocumentFault:
    """Return one of pydantic's error details as a fault of the document."""
    location = _in_document(document, detail["loc"])
    problem, hint = _words(model, detail)
    return DocumentFault(
        file=document.path,
        line=document.line(location),
        key=".".join(map(str, detail["loc"])),
        problem=problem,
        hint=hint,
    )


def _in_document(document: Document, loc: tuple[int | str, ...]) -> Location:
    """Return the longest part of pydantic's location that the file has."""
    location: Location = tuple(loc)
    while location and location not in document.lines:
        location = location[:-1]
    return location


def _words(model: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong, and what to do next."""
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, detail["loc"][:-1])
        near = difflib.get_close_matches(last, known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(known)}"
        return "unknown key", hint
    if detail["type"] == "missing":
        return "missing", f"Add {last} here"
    given = detail["input"]
    shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool | None) else ""
    message = detail["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:] + shown, ""


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys of the model that a location lies in."""
    current: object = model
    for part in loc:
        current = _inner(current, part)
    return list(current.model_fields) if _is_model(current) else []


def _inner(annotation: object, part: int | str) -> object:
    """Step from a type into one member or entry of it."""
    if _is_model(annotation):
        known = annotation.model_fields.get(str(part))
        return _unwrapped(known.annotation) if known else None
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if origin in {tuple, list}:
        return _unwrapped(arguments[0])
    return _unwrapped(arguments[1]) if len(arguments) > 1 else None


def _unwrapped(annotation: object) -> object:
    """Return the type without its ``Annotated`` and its ``| None``."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _unwrapped(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        inner = [own for own in typing.get_args(annotation) if own is not type(None)]
        return inner[0]
    return annotation


def _is_model(annotation: object) -> typing.TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
