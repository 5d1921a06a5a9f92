"""A measured program: the least that a server of the same make can do. One route reads and validates a job's body.

Starlette and uvicorn with the HTTP and the event loop of qgjob's server, the body by the very adapter that it uses;
nothing is stored. It says where it listens, and serves until SIGTERM.
"""

import sys
from uuid import uuid4

import uvicorn
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from qgjob.agent.free_port import free_port
from qgjob.wire.jobs import JobAccepted, JobBody

LISTENING = "reference listening on "
_ADAPTER = TypeAdapter(JobBody)


async def submit_job(request: Request) -> JSONResponse:
    """Validate, and answer as qgjob would."""
    try:
        _ADAPTER.validate_json(await request.body(), strict=True)
    except ValidationError as error:
        return JSONResponse({"error": str(error)}, status_code=422)
    return JSONResponse(
        JobAccepted(job_id=str(uuid4()), status="pending", message="Job submitted successfully"), status_code=201
    )


def main() -> None:
    """Serve."""
    port = free_port()
    app = Starlette(routes=[Route("/jobs", submit_job, methods=["POST"])])
    sys.stdout.write(f"{LISTENING}http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="asyncio", http="h11", ws="none", lifespan="off", log_config=None,
        access_log=False, proxy_headers=False, server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
