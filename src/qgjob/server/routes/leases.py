"""Leases: claimed, renewed, reported on."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from starlette.responses import Response

from qgjob.core.lease import AttemptEnded, Lease, LeaseEvent, LeaseState
from qgjob.core.words import AgentId, Fault, LeaseToken, WorkerId
from qgjob.server.bodies import JsonBody
from qgjob.server.openapi import answers
from qgjob.server.posting import PostHere
from qgjob.server.routes.parameters import TokenInPath
from qgjob.server.shapes.agents import lease_offer, lease_state
from qgjob.server.shapes.events import ReportBody, lease_events
from qgjob.service.claim import claim
from qgjob.service.progress import ReportOutcome, renew, report
from qgjob.store import WORK
from qgjob.wire.agents import ClaimBody, Claimed, RenewBody, Renewed, Reported

log = structlog.stdlib.get_logger("qgjob.server")

router = APIRouter()


@router.post("/leases", responses=answers({200: Claimed}))
async def claim_leases(post: PostHere, body: Annotated[ClaimBody, Depends(JsonBody(ClaimBody))]) -> Response:
    """Give work to free workers, as soon as some fits them; nothing when none did in time."""
    verb = partial(
        claim,
        agent_id=AgentId(body["agent_id"]),
        worker_ids=[WorkerId(one) for one in body["worker_ids"]],
        rule=post.desk.rule,
    )
    return await post.hold(verb, _claimed, topic=WORK, wait_s=body["wait_s"])


@router.post("/leases/renew", responses=answers({200: Renewed}))
async def renew_leases(post: PostHere, body: Annotated[RenewBody, Depends(JsonBody(RenewBody))]) -> Response:
    """Take the sign of life of an agent, its workers and all its leases."""
    verb = partial(
        renew,
        agent_id=AgentId(body["agent_id"]),
        worker_ids=[WorkerId(worker_id) for worker_id in body["worker_ids"]],
        tokens=[LeaseToken(token) for token in body["tokens"]],
    )
    return await post.write(verb, _renewed)


@router.post("/leases/{token:segment}/events", responses=answers({200: Reported}))
async def report_events(
    post: PostHere, token: TokenInPath, body: Annotated[ReportBody, Depends(JsonBody(ReportBody))]
) -> Response:
    """Take in what happened in a lease."""
    events = lease_events(body)
    verb = partial(report, agent_id=AgentId(body["agent_id"]), token=token, events=events)
    answer = await post.write(verb, _reported)
    _log_faults_of_ours(events)
    return answer


def _claimed(leases: Sequence[Lease]) -> Claimed:
    return Claimed(leases=[lease_offer(lease) for lease in leases])


def _renewed(states: Sequence[LeaseState]) -> Renewed:
    return Renewed(leases=[lease_state(state) for state in states])


def _reported(outcome: ReportOutcome) -> Reported:
    return Reported(last_seq=outcome.last_seq, in_force=outcome.in_force, cancel=list(outcome.cancel))


def _log_faults_of_ours(events: Sequence[LeaseEvent]) -> None:
    for event in events:
        if isinstance(event, AttemptEnded) and event.fault is Fault.US:
            log.error("attempt_lost_by_us", job_id=event.job_id, attempt=event.attempt, message=event.message)
