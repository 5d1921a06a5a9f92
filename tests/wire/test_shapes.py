"""The shapes on the wire against what pydantic makes of them, and against the nouns that they stand for."""

import inspect
from typing import get_args, get_type_hints

import pytest
from pydantic import TypeAdapter
from typing_extensions import is_typeddict

from qgjob.core import lease
from qgjob.core.attempt import CaseCounts
from qgjob.core.words import Priority, ResetMode, Target
from qgjob.wire import agents, apps, estimates, jobs, ledger

SHAPES = [
    shape
    for module in (agents, apps, estimates, jobs, ledger)
    for _, shape in inspect.getmembers(module, is_typeddict)
    if shape.__module__ == module.__name__
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_can_be_validated_and_described(shape: type[object]) -> None:
    assert TypeAdapter(shape).json_schema()["type"] == "object"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_says_what_it_is(shape: type[object]) -> None:
    assert shape.__doc__ or shape.__name__.startswith("_")


def test_every_event_of_a_lease_has_its_shape() -> None:
    renamed = {"Installed": "InstallDone"}
    on_the_wire = {renamed.get(event.__name__, event.__name__) for event in get_args(agents.Event)}

    assert on_the_wire == {event.__name__ for event in get_args(lease.LeaseEvent)}


def test_every_kind_of_event_is_spelt_once() -> None:
    kinds = [get_args(get_type_hints(event)["kind"])[0] for event in get_args(agents.Event)]

    assert len(kinds) == len(set(kinds))


def test_a_run_may_give_every_field_of_a_job_in_each_item_but_those_of_the_whole_request() -> None:
    whole = {"org_id", "require_worker"}

    assert set(jobs.RunItem.__annotations__) == set(jobs.JobBody.__annotations__) - whole
    assert whole <= set(jobs.RunBody.__annotations__)


def test_counts_on_the_wire_are_those_of_the_core_and_their_total() -> None:
    assert set(jobs.CaseCountsBody.__annotations__) == {*CaseCounts.__dataclass_fields__, "total"}


def test_a_job_of_protocol_1_is_still_legal() -> None:
    first_generation = {
        "org_id": "qualgent",
        "app_version_id": "xyz123",
        "test_path": "tests/onboarding.spec.js",
        "target": "emulator",
        "priority": "high",
        "metadata": {},
    }
    adapter = TypeAdapter(jobs.JobBody)
    body = adapter.validate_python(first_generation)

    assert (body["target"], body["priority"]) == (Target.EMULATOR, Priority.HIGH)


@pytest.mark.parametrize("reset", list(ResetMode))
def test_reset_modes_are_spelt_as_words(reset: ResetMode) -> None:
    item = TypeAdapter(jobs.RunItem).validate_json(f'{{"reset": "{reset.value}"}}', strict=True)

    assert item["reset"] is reset
