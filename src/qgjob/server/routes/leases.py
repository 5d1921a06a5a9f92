"""Leases: claimed, renewed, reported on."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse

from qgjob.core.words import AgentId, LeaseToken, WorkerId
from qgjob.server.bodies import JsonBody
from qgjob.server.longpoll import ask_until_answered
from qgjob.server.openapi import answers
from qgjob.server.routes.parameters import DeskHere, TokenInPath
from qgjob.server.shapes.agents import lease_offer, lease_state
from qgjob.server.shapes.events import ReportBody, lease_events
from qgjob.service.claim import claim
from qgjob.service.progress import renew, report
from qgjob.store import WORK
from qgjob.wire.agents import ClaimBody, Claimed, RenewBody, Renewed, Reported

router = APIRouter()


@router.post("/leases", responses=answers({200: Claimed}))
async def claim_leases(
    request: Request, desk: DeskHere, body: Annotated[ClaimBody, Depends(JsonBody(ClaimBody))]
) -> JSONResponse:
    """Give work to free workers, as soon as some fits them; nothing when none did in time."""
    verb = partial(claim, agent_id=AgentId(body["agent_id"]), worker_ids=[WorkerId(one) for one in body["worker_ids"]])
    leases = await ask_until_answered(
        lambda: desk.decide(verb), wakes=desk.wakes, topic=WORK, wait_s=body["wait_s"], request=request
    )
    return JSONResponse(Claimed(leases=[lease_offer(lease) for lease in leases]))


@router.post("/leases/renew", responses=answers({200: Renewed}))
async def renew_leases(desk: DeskHere, body: Annotated[RenewBody, Depends(JsonBody(RenewBody))]) -> JSONResponse:
    """Take the sign of life of an agent, its workers and all its leases."""
    verb = partial(
        renew,
        agent_id=AgentId(body["agent_id"]),
        worker_ids=[WorkerId(worker_id) for worker_id in body["worker_ids"]],
        tokens=[LeaseToken(token) for token in body["tokens"]],
    )
    return JSONResponse(Renewed(leases=[lease_state(state) for state in await desk.write(verb)]))


@router.post("/leases/{token:segment}/events", responses=answers({200: Reported}))
async def report_events(
    desk: DeskHere, token: TokenInPath, body: Annotated[ReportBody, Depends(JsonBody(ReportBody))]
) -> JSONResponse:
    """Take in what happened in a lease."""
    verb = partial(report, agent_id=AgentId(body["agent_id"]), token=token, events=lease_events(body))
    outcome = await desk.write(verb)
    return JSONResponse(Reported(last_seq=outcome.last_seq, in_force=outcome.in_force, cancel=list(outcome.cancel)))
