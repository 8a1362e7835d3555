"""What a person asks about their own applications: where they stand, and an evaluation of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from intake.people.evaluations import Evaluations, Given
from intake.people.own_applications import filed_by
from intake.receiving.schemas import (
    EvaluationAnswer,
    EvaluationRequest,
    ItemProgress,
    MineAnswer,
    PersonRequest,
    ProgressAnswer,
)
from intake.records.model import Application, State
from intake.service.callers import Caller, Shared, require_person
from intake.service.problems import Problem, Refusal
from intake.service.services import Services, china_time

MOST: Final = 20
"""Applications that are told at once; older ones are asked for with their slip."""

router = APIRouter(prefix="/v1", tags=["本人"])


def evaluations_of(request: Request) -> Evaluations:
    """Return the evaluations of the application that got the request."""
    evaluations = request.app.state.evaluations
    assert isinstance(evaluations, Evaluations)  # noqa: S101 - set in api_app, narrows the type
    return evaluations


@router.post("/applications/mine")
def mine(services: Shared, caller: Caller, wanted: PersonRequest) -> MineAnswer:
    """Tell what the person whose card was just read has filed in this city, newest first."""
    require_person(services, caller, wanted)
    services.catalogues.accepted(wanted.jurisdiction)
    found = filed_by(services.store.engine, wanted.id_no, wanted.jurisdiction, limit=MOST)
    numbers = services.provincial.of(one.id for one in found)
    return MineAnswer(applications=[told_progress(one, services, numbers) for one in found])


@router.post(
    "/evaluations",
    status_code=201,
    responses={200: {"model": EvaluationAnswer}, 404: {"model": Problem}},
)
def evaluate(
    services: Shared,
    caller: Caller,
    evaluations: Annotated[Evaluations, Depends(evaluations_of)],
    wanted: EvaluationRequest,
    response: Response,
) -> EvaluationAnswer:
    """Keep an evaluation of an application by whoever holds its slip; repeating it is harmless."""
    given = Given(
        key=str(wanted.key),
        application_id=by_slip(services, wanted.slip).id,
        satisfaction=wanted.satisfaction,
        options=wanted.options,
        channel=wanted.pf,
        terminal=caller.id,
    )
    kept, new = evaluations.keep(given, services.now())
    response.status_code = 201 if new else 200
    return EvaluationAnswer(assess_number=kept.assess_number, at=china_time(kept.at))


def by_slip(services: Services, slip: str) -> Application:
    """Return the application of a slip; the province's number may stand for the local one.

    Raises:
        Refusal: ``NOT_ARRIVED``, the same for a wrong token, a wrong number and no slip at all.
    """
    local_no, _, token = slip.partition(".")
    found = services.store.by_slip(local_no, token)
    if found is None and (holder := services.provincial.holder(local_no)) is not None:
        found = services.store.by_slip(holder.local_no, token)
    if found is None:
        raise Refusal("NOT_ARRIVED")
    return found


def told_progress(
    application: Application, services: Services, numbers: Mapping[tuple[int, str], str]
) -> ProgressAnswer:
    """Return where an application stands, in the words of the API, under all its numbers."""
    now, workdays = services.now(), services.catalogues.workdays(application.jurisdiction)
    return ProgressAnswer(
        application_no=application.application_no,
        thing_name=application.thing_name,
        items=[
            ItemProgress(
                name=item.name,
                no=item.no,
                state=State(item.state),
                state_text=State(item.state).text,
                at=china_time(item.state_at),
                supplement=item.supplement,
                due=china_time(item.owed_by) if item.owed_by else "",
                days_left=workdays.days_left(now, item.owed_by) if item.owed_by else None,
                late=bool(item.owed_by and item.owed_by < now),
                estimate=bool(item.owed_by and workdays.is_estimate(item.owed_by)),
                provincial_no=numbers.get((application.id, item.no), ""),
            )
            for item in application.items
        ],
        as_of=china_time(now),
        provincial_no=numbers.get((application.id, ""), ""),
    )
