"""Agents: they register, and say by which protocol they speak."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from qgjob import __version__
from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.core.timing import LEASE, RENEW_EVERY
from qgjob.core.words import WorkerId
from qgjob.server.bodies import JsonBody
from qgjob.server.openapi import answers
from qgjob.server.posting import PostHere
from qgjob.server.shapes.agents import agent_facts
from qgjob.service.fleet import register_agent
from qgjob.wire.agents import (
    AGENT_PROTOCOL,
    OLDEST_AGENT_PROTOCOL,
    AgentRegistered,
    AgentRegistration,
    RegisteredWorker,
)

router = APIRouter()


@router.post("/agents", responses=answers({200: AgentRegistered}))
async def register(
    post: PostHere, body: Annotated[AgentRegistration, Depends(JsonBody(AgentRegistration))]
) -> Response:
    """Know an agent and its devices."""
    _refuse_old_protocol(body)
    if not post.desk.allow_fake:
        _refuse_fakes(body)
    return await post.decide(partial(register_agent, facts=agent_facts(body)), partial(_registered, body))


def _registered(body: AgentRegistration, workers: Sequence[tuple[str, WorkerId]]) -> AgentRegistered:
    return AgentRegistered(
        agent_id=body["agent_id"],
        protocol=min(body["protocol"], AGENT_PROTOCOL),
        workers=[RegisteredWorker(serial=serial, worker_id=worker_id) for serial, worker_id in workers],
        lease_s=LEASE.total_seconds(),
        renew_every_s=RENEW_EVERY.total_seconds(),
    )


def _refuse_old_protocol(body: AgentRegistration) -> None:
    if body["protocol"] < OLDEST_AGENT_PROTOCOL:
        problem = FieldProblem(field="protocol", message=f"must be {OLDEST_AGENT_PROTOCOL} or newer")
        raise InvalidRequest(
            f"Agent {body['name']} (version {body['version']}) speaks protocol {body['protocol']}; this server "
            f"({__version__}) speaks {OLDEST_AGENT_PROTOCOL} to {AGENT_PROTOCOL}. Update the agent.",
            [problem],
        )


def _refuse_fakes(body: AgentRegistration) -> None:
    fakes = [worker["serial"] for worker in body["workers"] if worker.get("fake")]
    if fakes:
        raise InvalidRequest(
            f"Agent {body['name']} brings devices that do not exist ({', '.join(fakes)}), and this server gives its "
            "jobs to real ones alone. A server for trials takes them when it is started with QGJOB_ALLOW_FAKE=1.",
            [FieldProblem(field="workers", message="must be real devices")],
        )
