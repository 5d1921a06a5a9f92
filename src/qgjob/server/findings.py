"""What pydantic found wrong with a request, in our words: the fields that are missing, and what is not legal."""

import re
from collections.abc import Iterable, Sequence

from pydantic_core import ErrorDetails

from qgjob.core.errors import FieldProblem, InvalidRequest, MissingFields
from qgjob.server.refusals import Malformed

_UNION_BRANCH = re.compile(r"[\[\]-]")
"""In the place of a finding, the branch of a union it was found in, such as `str-enum[Priority]`: no field of ours."""
_SUBJECT = re.compile(r"^\w+ should")
"""Pydantic names what was given by its type (`String should …`); we name the field."""
_MOST_IN_SENTENCE = 5


def refusal_of(findings: Sequence[ErrorDetails]) -> InvalidRequest:
    """Turn findings into the one refusal that names all of them.

    Malformed JSON comes alone. Where a field is missing, the missing ones are named; else the illegal ones.
    """
    broken = next((finding for finding in findings if finding["type"] == "json_invalid"), None)
    if broken is not None:
        return Malformed(f"The body is no JSON that we can read: {broken.get('ctx', {}).get('error', broken['msg'])}.")
    missing = [_problem(finding, "is missing") for finding in findings if finding["type"] == "missing"]
    illegal = _merged(_problem(finding, _sentence(finding)) for finding in findings if finding["type"] != "missing")
    if missing:
        return MissingFields(f"Missing required fields: {_listed(missing)}.", [*missing, *illegal])
    return InvalidRequest(said(illegal), illegal)


def said(problems: Sequence[FieldProblem]) -> str:
    """Say a few problems in one sentence, and how many more there are."""
    shown = "; ".join(f"{_place(problem)} {problem.message}" for problem in problems[:_MOST_IN_SENTENCE])
    more = len(problems) - _MOST_IN_SENTENCE
    return f"{shown}; and {more} more." if more > 0 else f"{shown}."


def _problem(finding: ErrorDetails, message: str) -> FieldProblem:
    if finding["loc"][:1] == ("header",):
        return FieldProblem(field=str(finding["loc"][1]), message=message)
    place = [part for part in finding["loc"] if part not in {"query", "path"}]
    item: int | None = None
    if len(place) > 1 and place[0] == "jobs" and isinstance(place[1], int):
        item, place = place[1], place[2:]
    names = [str(part) for part in place if not _UNION_BRANCH.search(str(part))]
    return FieldProblem(field=".".join(names) or "body", message=message, item=item)


def _sentence(finding: ErrorDetails) -> str:
    if finding["type"] == "union_tag_invalid":
        return "has a {discriminator} that is none of {expected_tags}".format_map(finding["ctx"])
    if finding["type"] == "union_tag_not_found":
        return "has no {discriminator}".format_map(finding["ctx"])
    return _SUBJECT.sub("must", finding["msg"])


def _merged(problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    """Join what was said of one field: a union says it once for each of its branches."""
    merged: dict[tuple[int | None, str], FieldProblem] = {}
    for problem in problems:
        key = (problem.item, problem.field)
        before = merged.get(key)
        said_so_far = f"{before.message}, or {problem.message}" if before else problem.message
        merged[key] = FieldProblem(field=problem.field, message=said_so_far, item=problem.item)
    return list(merged.values())


def _listed(problems: Sequence[FieldProblem]) -> str:
    return ", ".join(_place(problem) for problem in problems[: 4 * _MOST_IN_SENTENCE])


def _place(problem: FieldProblem) -> str:
    return problem.field if problem.item is None else f"jobs[{problem.item}].{problem.field}"
