"""Check requests against what the farm knows, before any of them is stored: every problem named, by item and field."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from qgjob.core import metadata
from qgjob.core.bundle import inside
from qgjob.core.errors import FieldProblem, InvalidRequest, NoWorker
from qgjob.core.group import needs_now
from qgjob.core.job import JobRequest
from qgjob.core.picking import MOST_LINE, names_line, place_named, problem_of_grep
from qgjob.core.requirement import MOST_PER_RUN, Requirement, device_asked, problem_of_device, requirement_for
from qgjob.core.words import OrgId, Sha256
from qgjob.service.needs.standing import why_unserved
from qgjob.store import Transaction
from qgjob.store.nouns import binary_of

MOST_PROBLEMS = 100


class Bundles:
    """What bundles hold, each looked up once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[tuple[OrgId, Sha256], frozenset[str] | None] = {}

    def files(self, org_id: OrgId, bundle: Sha256 | None) -> frozenset[str] | None:
        """List what a bundle of an org holds; None: there is no such bundle."""
        if bundle is None:
            return None
        key = org_id, bundle
        if key not in self._known:
            row = self._tx.row("bundle_by_hash", org_id=org_id, sha256=bundle)
            self._known[key] = None if row is None else frozenset(json.loads(row["files"]))
        return self._known[key]


def admit(requests: Sequence[JobRequest], known: Bundles, *, now: datetime) -> tuple[JobRequest, ...]:
    """Give the requests back, test paths in their shortest form and deadlines as times, or raise InvalidRequest.

    A job without a bundle runs in a project that only its worker knows: whether its file is there is for that worker
    to say, and its path is kept as it was written.
    """
    if not requests:
        raise InvalidRequest("There is no job in the request: give at least one.")
    org_id = requests[0].org_id
    distinct = {id(request.metadata): request.metadata for request in requests if request.metadata}  # mostly shared
    too_large = {key: metadata.problem_of(each) for key, each in distinct.items()}
    devices = {device_asked(request): request for request in requests}
    if len(devices) > MOST_PER_RUN:
        raise InvalidRequest(
            f"The jobs ask for {len(devices)} different devices, and at most {MOST_PER_RUN} may be asked for in one "
            "run: submit it in parts. Nothing was submitted."
        )
    wrong_devices = {asked: problem_of_device(request) for asked, request in devices.items()}
    admitted: list[JobRequest] = []
    problems: list[FieldProblem] = []
    for item, request in enumerate(requests):
        problem = _problem(request, item, known.files(org_id, request.bundle), org_id=org_id)
        if problem is None and (wrong := wrong_devices[device_asked(request)]):
            problem = replace(wrong, item=item)
        if problem is None and (message := too_large.get(id(request.metadata))):
            problem = FieldProblem(field="metadata", item=item, message=message)
        if problem is None:
            problem = _problem_of_deadline(request, item, now=now)
        if problem is not None:
            problems.append(problem)
        admitted.append(_admitted(request, now=now))
    if problems:
        raise InvalidRequest(_sentence(problems, of=len(requests)), problems[:MOST_PROBLEMS])
    return tuple(admitted)


def _admitted(request: JobRequest, *, now: datetime) -> JobRequest:
    path = request.test_path if request.bundle is None else inside(request.test_path)
    if request.deadline_in_s is not None:
        deadline_at = now + timedelta(seconds=request.deadline_in_s)
        request = replace(request, deadline_at=deadline_at, deadline_in_s=None)
    return request if path in {None, request.test_path} else replace(request, test_path=path)


def refuse_unserved(tx: Transaction, requests: Sequence[JobRequest]) -> None:
    """Raise NoWorker when nobody could serve one of these requests now, which are admitted."""
    binaries = {
        version: [
            binary_of(row) for row in tx.rows("binaries_of_app", org_id=requests[0].org_id, app_version_id=version)
        ]
        for version in {request.app_version_id for request in requests}
    }
    needs: dict[str, tuple[int, Requirement]] = {}
    for item, request in enumerate(requests):
        requirement = needs_now(requirement_for(request), binaries[request.app_version_id])
        needs.setdefault(requirement.key, (item, requirement))
    for item, requirement in needs.values():
        why = why_unserved(tx, requirement)
        if why is not None:
            place = f"Job {item}: " if len(requests) > 1 else ""
            raise NoWorker(f"{place}{why.sentence} Nothing was submitted.")


def _problem(request: JobRequest, item: int, files: frozenset[str] | None, *, org_id: OrgId) -> FieldProblem | None:
    if request.org_id != org_id:
        return FieldProblem(field="org_id", item=item, message="all jobs of a run must be of one org")
    if _leads_out(request):
        message = f"{request.test_path!r} leads out of the project: name a spec file relative to the project's root"
        return FieldProblem(field="test_path", item=item, message=message)
    if request.grep is not None and (wrong := problem_of_grep(request.grep)):
        return FieldProblem(field="grep", item=item, message=wrong)
    if request.bundle is None:
        return None
    if files is None:
        message = f"no bundle {request.bundle} was uploaded by this org: PUT it first"
        return FieldProblem(field="bundle", item=item, message=message)
    wrong = _problem_of_path(inside(request.test_path) or "", files)
    return None if wrong is None else FieldProblem(field="test_path", item=item, message=wrong)


def _problem_of_path(path: str, files: frozenset[str]) -> str | None:
    place = place_named(path, is_there=files.__contains__)
    if place.file in files:
        return None
    if any(file.startswith(f"{place.file}/") for file in files):
        what = "has a line, and is a folder" if place.line else "is a folder"
        return f"{path!r} {what}: name a spec file, such as a.spec.js or a.spec.js:12, relative to the project's root"
    stem, colon, digits = path.rpartition(":")
    if colon and stem in files and digits.isdecimal():
        return f"{path!r} names no line that there is: lines go from 1 to {MOST_LINE:,}"
    where = f"{place.file!r} of {path!r}" if names_line(path) else f"{path!r}"
    return f"{where} is no file of the bundle: name a spec file relative to the project's root"


def _problem_of_deadline(request: JobRequest, item: int, *, now: datetime) -> FieldProblem | None:
    at = request.deadline_at
    if at is not None and request.deadline_in_s is not None:
        return FieldProblem(field="deadline_in_s", item=item, message="says what deadline says too: give one of them")
    if at is not None and at <= now:
        message = f"{at.isoformat()} is over: it was {now.isoformat(timespec='seconds')} already"
        return FieldProblem(field="deadline", item=item, message=message)
    return None


def _leads_out(request: JobRequest) -> bool:
    """Without a bundle a whole path may mean something to the worker that runs it; one that climbs never does."""
    if request.bundle is None:
        return ".." in request.test_path.replace("\\", "/").split("/")
    return inside(request.test_path) is None


def _sentence(problems: Sequence[FieldProblem], *, of: int) -> str:
    """Say the first problem; which job has it goes without saying where there is one."""
    first = problems[0]
    place = f"Job {first.item}: " if of > 1 else ""
    others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{place}{first.field}: {first.message}{others}. Nothing was submitted."
