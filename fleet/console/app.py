"""Puts the pages together into one application."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from fleet.console import (
    acts,
    door,
    enrolments,
    files,
    groups,
    imports,
    logs,
    maps,
    metrics,
    pages,
    previews,
    releases,
    reports,
    rollouts,
)
from fleet.console.edge import Edge
from fleet.console.services import Console
from standards import data_root


def create(console: Console) -> FastAPI:
    """Return the console over these rooms."""
    app = FastAPI(title="终端管理", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.console = console
    for router in (
        door.router,
        pages.router,
        acts.router,
        files.router,
        logs.router,
        maps.router,
        enrolments.router,
        imports.router,
        groups.router,
        releases.router,
        previews.router,
        rollouts.router,
        reports.router,
        metrics.router,
    ):
        app.include_router(router)
    app.add_exception_handler(door.NotSignedIn, door.to_sign_in)
    app.add_exception_handler(door.MustChange, door.to_password)
    app.add_exception_handler(door.Forbidden, door.forbidden)
    app.add_exception_handler(RequestValidationError, door.not_understood)
    app.add_exception_handler(HTTPException, door.not_there)
    app.add_api_route("/icons.ttf", _icons)
    app.mount("/static", StaticFiles(packages=[("fleet.console", "static")]), name="static")
    app.add_middleware(Edge)
    return app


def _icons() -> FileResponse:
    return FileResponse(data_root() / "vendor" / "lucide" / "lucide.ttf")
