"""The API's own description: FastAPI's, with the bodies that `JsonBody` reads and the shape of every error added."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

from qgjob import __version__
from qgjob.server.bodies import JSON, JsonBody
from qgjob.server.problems import MEDIA_TYPE
from qgjob.wire.apps import Problem

Document = dict[str, Any]
"""A JSON document, as FastAPI builds and takes it."""
Responses = dict[int | str, Document]

_REFERENCES = "#/components/schemas/{model}"
_BYTES: Document = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}

UPLOAD: Document = {"requestBody": {"required": True, "content": _BYTES}}
"""`openapi_extra` of a route that takes the bytes of a file."""

_ERROR: Document = {
    "description": "A problem (RFC 9457) with a sentence in `error`",
    "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCES.format(model=Problem.__name__)}}},
}


def answers(shapes: Mapping[int, type[object]]) -> Responses:
    """Describe a route's answers: the shape of each success by its status, and a problem for everything else."""
    return {"default": _ERROR, **{status: {"model": shape} for status, shape in shapes.items()}}


def answers_file() -> Responses:
    """Describe the answers of a route that hands out a file."""
    return {"default": _ERROR, 200: {"description": "The bytes of the file", "content": _BYTES}}


def describe(app: FastAPI) -> Document:
    """Build the OpenAPI document of all routes."""
    document = get_openapi(title="qgjob", version=__version__, routes=app.routes)
    bodies = dict(_json_bodies(app))
    schemas, definitions = TypeAdapter.json_schemas(
        [(address, "validation", body.adapter) for address, body in bodies.items()], ref_template=_REFERENCES
    )
    for path, method in bodies:
        content = {JSON: {"schema": schemas[(path, method), "validation"]}}
        document["paths"][path][method]["requestBody"] = {"required": True, "content": content}
    problem = TypeAdapter(Problem).json_schema(ref_template=_REFERENCES)
    document["components"]["schemas"] |= {**definitions["$defs"], **problem.pop("$defs"), Problem.__name__: problem}
    return document


def _json_bodies(app: FastAPI) -> Iterator[tuple[tuple[str, str], JsonBody[object]]]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            for dependency in route.original_route.dependant.dependencies:
                if isinstance(dependency.call, JsonBody):
                    for method in route.methods or ():
                        yield (route.path_format or "", method.lower()), dependency.call
