"""The page for Prometheus; whoever has no token finds none."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from fleet.console.services import Rooms

router = APIRouter()


@router.get("/metrics")
def metrics(rooms: Rooms, authorization: Annotated[str, Header(max_length=300)] = "") -> Response:
    """Return the fleet's figures."""
    own = rooms.metrics
    if own is None or not own.allows(authorization):
        return Response(status_code=404 if own is None else 401)
    return Response(own.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
