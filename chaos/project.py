"""What users submit: two orgs that name everything alike, and specs that say how they come out."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qgjob.agent.runner.fake_program import Outcome
from qgjob.core.words import Verdict

BUILDS = Path(__file__).parents[1] / "examples" / "shop" / "builds"
ORGS = ("acme", "globex")
VERSIONS: Mapping[str, Mapping[str, str]] = {
    "acme": {"v1": "shop-1.0.0.apk", "v2": "shop-1.2.3.apk"},
    "globex": {"v1": "shop-2.0.0.apk", "v2": "shop-1.0.0.apk"},
}
"""The same names mean other bytes for each org."""
SLOW_S = 0.6
"""How long each case of a slow spec takes."""
SHORT_LIMIT_S = 1.2
"""Too short for a slow spec, and long for the others."""
_CASE_S = 0.02
_NUMBERS = range(3)
SLOW = "slow"
_USUAL_CASES, _PATCHY_CASES = 3, 5
OLD = "old"
"""Of jobs for a worker of protocol 1, which have neither bundle nor platform."""

MAY_END_AS: Mapping[str, frozenset[Verdict]] = {
    Outcome.PASSES.value: frozenset({Verdict.PASSED}),
    Outcome.FAILS.value: frozenset({Verdict.FAILED}),
    Outcome.FLAKY.value: frozenset({Verdict.PASSED, Verdict.FLAKY, Verdict.FAILED}),
    Outcome.DIES.value: frozenset(),
    Outcome.SHAKY.value: frozenset({Verdict.PASSED}),
    Outcome.SKIPS.value: frozenset({Verdict.NO_TESTS}),
    Outcome.EMPTY.value: frozenset({Verdict.NO_TESTS}),
    Outcome.PATCHY.value: frozenset({Verdict.PASSED, Verdict.FLAKY, Verdict.FAILED}),
    SLOW: frozenset({Verdict.PASSED}),
    OLD: frozenset({Verdict.PASSED}),
}
"""By the word in a spec's name. Infrastructure may end any of them, and only as `infra_error`."""
MAY_BE_TOO_SLOW = frozenset({Verdict.TIMED_OUT, Verdict.FLAKY})
"""And a slow spec with a short limit: of its cases those run again that its time did not suffice for."""
OUTCOMES = tuple(outcome for outcome in MAY_END_AS if outcome != OLD)
LIKELY = (8, 3, 3, 1, 3, 1, 1, 4, 3)
"""Weights of the outcomes among what is submitted."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A project as it is uploaded."""

    sha256: str
    content: bytes


def spec(outcome: str, number: int) -> str:
    """The path of a spec that comes out so."""
    return f"tests/{number}.{outcome}.spec.js"


def outcome_of(test_path: str) -> str:
    """The word in a spec's name."""
    return test_path.split(".")[1]


def cases_of(test_path: str) -> int:
    """How many cases a spec has that runs."""
    return {Outcome.PATCHY.value: _PATCHY_CASES, OLD: 0}.get(outcome_of(test_path), _USUAL_CASES)


def bundle(folder: Path) -> Bundle:
    """Pack the project."""
    told: dict[str, object] = {spec(SLOW, number): {"case_s": SLOW_S} for number in _NUMBERS}
    told |= {spec(Outcome.PATCHY.value, number): {"cases": _PATCHY_CASES} for number in _NUMBERS}
    file = folder / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("package.json", "{}")
        archive.writestr("fake.json", json.dumps({"case_s": _CASE_S, "specs": told}))
        for outcome in OUTCOMES:
            for number in _NUMBERS:
                archive.writestr(spec(outcome, number), "")
    content = file.read_bytes()
    return Bundle(sha256=hashlib.sha256(content).hexdigest(), content=content)


def binary_of(org_id: str, version: str) -> bytes:
    """The app that an org means by a version."""
    return (BUILDS / VERSIONS[org_id][version]).read_bytes()


@cache
def hash_of(org_id: str, version: str) -> str:
    """Its sha256."""
    return hashlib.sha256(binary_of(org_id, version)).hexdigest()
