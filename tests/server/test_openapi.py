"""Schemathesis against the API's own description: whatever it sends, the server neither breaks nor breaks its word."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qgjob.server.app import create_app
from qgjob.server.settings import Settings, read_settings
from tests.server.threaded import a_server_beside

pytestmark = pytest.mark.exam


def settings_in(folder: Path) -> Settings:
    return read_settings(host="127.0.0.1", port=0, data_dir=folder, database_url=None, environ={})


schema = schemathesis.openapi.from_dict(create_app(settings_in(Path())).openapi())


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_server_beside(settings_in(tmp_path_factory.mktemp("server"))) as url:
        yield url


Case = schemathesis.Case[Any]


def impatient(case: Case) -> Case:
    """A legal long-poll is answered in its time, and no test waits for it."""
    if isinstance(case.body, dict) and "wait_s" in case.body:
        case.body["wait_s"] = 0
    case.query.pop("wait_s", None)
    return case


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server_or_its_word(case: Case, url: str) -> None:
    impatient(case).call_and_validate(
        base_url=url,
        checks=[
            not_a_server_error,
            content_type_conformance,
            response_schema_conformance,
            status_code_conformance,
        ],
    )
