"""Learn from what devices did how long tests and installations take, and say what is known of it.

What is learnt is worked out under the turn, from what is known then: no two replicas learn past each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core import estimate
from qgjob.core.estimate import ALL_CASES, WHOLE_ORG, Estimate, Sum, file_of_cases, suite_of, whole_of
from qgjob.core.words import GroupId, OrgId, Platform, Target, Verdict
from qgjob.core.worker import Worker
from qgjob.core.worker_class import WorkerClass, platform_key, platform_of_key
from qgjob.store import Row, Transaction, Turn
from qgjob.store.clock import to_micros
from qgjob.store.nouns import length_of

Asked = tuple[str, Target, Platform | None]
"""A test path, and on what it will run as far as its submission knows."""

MOST_INSTALLS_KNOWN = 500

_Key = tuple[str, ...]
_Known = dict[str, dict[Platform | None, Sum]]


@dataclass(frozen=True, kw_only=True)
class _TestRun:
    """What an attempt says of its test."""

    org_id: OrgId
    test_path: str
    target: Target
    platform: Platform | None
    took: timedelta
    verdict: Verdict

    @property
    def key(self) -> _Key:
        return self.org_id, self.test_path, self.target.value, platform_key(self.platform)


@dataclass(frozen=True, kw_only=True)
class _Installation:
    """What an installation says of its package."""

    org_id: OrgId
    package: str
    worker_class: WorkerClass
    took: timedelta

    @property
    def key(self) -> _Key:
        own = self.worker_class
        return self.org_id, self.package, own.target.value, platform_key(own.platform), own.model


def test_times(tx: Transaction, org_id: OrgId, tests: Collection[Asked]) -> Mapping[Asked, int]:
    """Estimate how long each of these tests will run, in microseconds."""
    times: dict[Asked, int] = {}
    for target in sorted({target for _, target, _ in tests}):
        asked = [each for each in tests if each[1] is target]
        files = {file for test_path, _, _ in asked if (file := file_of_cases(test_path)) is not None}
        known = _tests(tx, org_id, target, sorted(files.union(test_path for test_path, _, _ in asked)))
        unknown = {
            suite_of(test_path)
            for test_path, _, platform in asked
            if estimate.mean_on(platform, known.get(test_path, {})) is None
        }
        sums = _sums(tx, org_id, target, unknown) if unknown else {}
        for test_path, _, platform in asked:
            times[test_path, target, platform] = to_micros(_time_of(test_path, platform, known, sums))
    return times


def _time_of(test_path: str, platform: Platform | None, known: _Known, sums: _Known) -> timedelta:
    own, suite = known.get(test_path, {}), sums.get(suite_of(test_path), {})
    file = file_of_cases(test_path)
    if file is None:
        return estimate.time_of_test(platform, of_test=own, of_suite=suite, of_org=sums.get(WHOLE_ORG, {}))
    return estimate.time_of_cases(
        platform, of_cases=own, of_file=known.get(file, {}), of_suite=suite, of_all=sums.get(ALL_CASES, {})
    )


def install_times(tx: Transaction, worker: Worker, groups: Sequence[Row]) -> Mapping[GroupId, timedelta]:
    """Estimate how long a worker would take to install what each of these groups (rows of `groups`) runs on."""
    return _install_times(tx, groups, platform=worker.platform, model=worker.model)


def mean_install_times(tx: Transaction, groups: Sequence[Row]) -> Mapping[GroupId, timedelta]:
    """Estimate the same for a worker of which nothing is known."""
    return _install_times(tx, groups, platform=None, model="")


def installs_of_org(tx: Transaction, org_id: OrgId) -> Mapping[WorkerClass, Estimate]:
    """Say what some app of an org takes to install on each class of workers: the one that was learnt last."""
    rows = tx.rows("install_estimates_page", org_id=org_id, after=0, limit=MOST_INSTALLS_KNOWN)
    return {_class_of(row): _estimate_of(row) for row in rows}


def _install_times(
    tx: Transaction, groups: Sequence[Row], *, platform: Platform | None, model: str
) -> Mapping[GroupId, timedelta]:
    """Ask for all of them at once what is known of the very class, and only for the others what its like took."""
    if not groups:
        return {}
    known = tx.rows(
        "install_times_of_groups",
        group_ids=[row["group_id"] for row in groups],
        platform=platform_key(platform),
        model=model,
    )
    times = {row["group_id"]: length_of(row["took_us"]) for row in known}
    others = [row for row in groups if row["group_id"] not in times]
    return {**times, **_times_of_the_like(tx, others, platform=platform, model=model)}


def _times_of_the_like(
    tx: Transaction, groups: Sequence[Row], *, platform: Platform | None, model: str
) -> Mapping[GroupId, timedelta]:
    versions = sorted({(row["org_id"], row["app_version_id"]) for row in groups})
    answers = tx.rows_each(
        "install_estimates_of_app", [{"org_id": org_id, "app_version_id": version} for org_id, version in versions]
    )
    known = dict(zip(versions, answers, strict=True))
    return {
        row["group_id"]: estimate.time_of_install(
            WorkerClass(target=Target(row["target"]), platform=platform, model=model),
            {
                _class_of(each): _estimate_of(each)
                for each in known[row["org_id"], row["app_version_id"]]
                if platform is None or each["of_platform"] == platform
            },
        )
        for row in groups
    }


def from_attempt(
    tx: Transaction,
    *,
    org_id: OrgId,
    test_path: str,
    target: Target,
    platform: Platform | None,
    took: timedelta,
    verdict: Verdict,
) -> None:
    """Learn from an attempt that the test itself brought to its end, on a platform; None: nobody knows which."""
    run = _TestRun(org_id=org_id, test_path=test_path, target=target, platform=platform, took=took, verdict=verdict)
    tx.defer(_learn_tests, run)


def from_install(tx: Transaction, *, org_id: OrgId, package: str, worker_class: WorkerClass, took: timedelta) -> None:
    """Learn from an installation that a device really did."""
    tx.defer(_learn_installs, _Installation(org_id=org_id, package=package, worker_class=worker_class, took=took))


def _learn_tests(turn: Turn, runs: Sequence[_TestRun]) -> None:
    fields = ("org_id", "test_path", "target", "platform")
    before = _estimates(turn, "test_estimate", fields, (run.key for run in runs))
    after = dict(before)
    for run in runs:
        after[run.key] = estimate.after_test(after[run.key], took=run.took, verdict=run.verdict)
    learnt = [(key, each) for key, each in sorted(after.items()) if each is not None and each != before[key]]
    turn.send_rows(
        "keep_test_estimate",
        [{**dict(zip(fields, key, strict=True)), "suite": suite_of(key[1]), **_columns(each)} for key, each in learnt],
    )
    for key, each in learnt:
        org_id, test_path, target, platform = key
        known = before[key]
        added = {
            "tests": 1 if known is None else 0,
            "took_us": to_micros(each.took) - (0 if known is None else to_micros(known.took)),
        }
        for suite in (suite_of(test_path), whole_of(test_path)) if any(added.values()) else ():
            sum_key = {"org_id": org_id, "target": target, "suite": suite, "platform": platform}
            turn.add("add_to_test_sum", sum_key, **added)


def _learn_installs(turn: Turn, installations: Sequence[_Installation]) -> None:
    fields = ("org_id", "package", "target", "platform", "model")
    before = _estimates(turn, "install_estimate", fields, (each.key for each in installations))
    after = dict(before)
    for each in installations:
        after[each.key] = estimate.after_install(after[each.key], took=each.took)
    turn.send_rows(
        "keep_install_estimate",
        [
            {**dict(zip(fields, key, strict=True)), **_columns(learnt)}
            for key, learnt in sorted(after.items())
            if learnt is not None
        ],
    )


def _estimates(turn: Turn, statement: str, fields: Sequence[str], keys: Iterable[_Key]) -> dict[_Key, Estimate | None]:
    distinct = sorted(set(keys))
    answers = turn.rows_each(statement, [dict(zip(fields, key, strict=True)) for key in distinct])
    return {key: _estimate_of(rows[0]) if rows else None for key, rows in zip(distinct, answers, strict=True)}


def _tests(tx: Transaction, org_id: OrgId, target: Target, test_paths: Sequence[str]) -> _Known:
    known: _Known = {}
    for row in tx.rows("test_estimates", org_id=org_id, target=target, test_paths=test_paths):
        of_test = known.setdefault(row["test_path"], {})
        of_test[platform_of_key(row["platform"])] = Sum(took=length_of(row["took_us"]), tests=1)
    return known


def _sums(tx: Transaction, org_id: OrgId, target: Target, suites: Collection[str]) -> _Known:
    known: _Known = {}
    for row in tx.rows("test_sums", org_id=org_id, target=target, suites=sorted({*suites, WHOLE_ORG, ALL_CASES})):
        of_suite = known.setdefault(row["suite"], {})
        of_suite[platform_of_key(row["platform"])] = Sum(took=length_of(row["took_us"]), tests=row["tests"])
    return known


def _class_of(row: Row) -> WorkerClass:
    return WorkerClass(target=Target(row["target"]), platform=platform_of_key(row["platform"]), model=row["model"])


def _estimate_of(row: Row) -> Estimate:
    return Estimate(took=length_of(row["took_us"]), samples=row["samples"])


def _columns(learnt: Estimate) -> Mapping[str, int]:
    return {"took_us": to_micros(learnt.took), "samples": learnt.samples}
