"""For whom a code of an electronic business licence speaks: asked by terminals."""

from __future__ import annotations

from fastapi import APIRouter

from intake.receiving.schemas import EnterpriseAnswer, EnterpriseRequest
from intake.registers.holdings import ActsFor
from intake.service.callers import Caller, Shared, require_person
from intake.service.services import china_time
from kiosk.domain.application import AGENT, LEGAL_REP

router = APIRouter(prefix="/v1", tags=["企业"])


@router.post("/enterprise-sign-in")
def sign_in(services: Shared, caller: Caller, wanted: EnterpriseRequest) -> EnterpriseAnswer:
    """Sign the person whose card was just read in for the enterprise of a licence's code."""
    require_person(services, caller, wanted)
    now = services.now()

    def may_act(id_no: str, uscc: str) -> ActsFor | None:
        return services.registers.population.acts_for(id_no, uscc, now.date())

    made = services.licences.sign_in(
        wanted.token, wanted.id_no, terminal=caller.id, may_act=may_act, now=now
    )
    return EnterpriseAnswer(
        uscc=made.uscc,
        name=made.name,
        role=LEGAL_REP if made.role == LEGAL_REP else AGENT,
        valid_to=china_time(made.valid_to),
    )
