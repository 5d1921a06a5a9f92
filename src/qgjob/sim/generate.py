"""Small workloads from a seed, so that nobody needs a farm or a file to see what a rule does."""

import random
from collections.abc import Iterator

from qgjob.core.words import Priority
from qgjob.sim.trace import Install, Trace, TraceJob, TraceWorker

_DAY_S = 4 * 3600.0
_DAY_WORKERS = {"android/emulator": 10, "android/device": 4, "ios/device": 3, "browserstack": 3}
_DAY_REQUIREMENTS = {
    **{name: frozenset({name}) for name in _DAY_WORKERS},
    "android/any": frozenset({"android/emulator", "android/device"}),
}
_DAY_ORGS = {"large": 8, "middle": 4, "small": 2, "tiny": 1}
"""How often each of them pushes, beside the others."""
_DAY_LOAD = 0.6
_PRIORITIES = {Priority.URGENT: 2, Priority.HIGH: 18, Priority.NORMAL: 65, Priority.LOW: 15}


def generated(kind: str, *, seed: int) -> Trace:
    """Make a workload: the same for the same seed."""
    return burst(seed=seed) if kind == "burst" else ci_day(seed=seed)


def burst(*, seed: int, devices: int = 4, known: bool = True) -> Trace:
    """Twenty tests of three versions at once; `known`: they have run before and took about as long."""
    dice = random.Random(seed)  # noqa: S311  # no secret depends on it
    jobs = tuple(
        _job(f"v{version}", number, 0, org="org", requirement="device", priority=Priority.NORMAL, seconds=_test_s(dice))
        for version, tests in enumerate((8, 7, 5))
        for number in range(tests)
    )
    return Trace(
        name=f"burst of seed {seed}",
        workers=tuple(TraceWorker(name=f"device-{number}", worker_class="device") for number in range(1, devices + 1)),
        requirements={"device": frozenset({"device"})},
        installs={f"v{version}": {"device": Install(seconds=120, estimate_s=120)} for version in range(3)},
        history={job.test: round(job.seconds * dice.uniform(0.8, 1.25), 1) for job in jobs} if known else {},
        jobs=jobs,
    )


def ci_day(*, seed: int) -> Trace:
    """Pushes of four orgs of unequal size over four hours, on twenty workers of four classes."""
    dice = random.Random(seed)  # noqa: S311  # as above
    tests = {org: [_test_s(dice) for _ in range(60 * pushes)] for org, pushes in _DAY_ORGS.items()}
    work_s = _DAY_LOAD * _DAY_S * sum(_DAY_WORKERS.values())
    jobs: list[TraceJob] = []
    done_s = 0.0
    for push in range(10_000):
        if done_s >= work_s:
            break
        pushed = list(_push(dice, f"v{push}", tests))
        done_s += sum(job.seconds for job in pushed)
        jobs += pushed
    versions = sorted({job.app_version for job in jobs}, key=lambda version: int(version[1:]))
    return Trace(
        name=f"ci-day of seed {seed}",
        workers=tuple(
            TraceWorker(name=f"{name} {number}", worker_class=name)
            for name, workers in _DAY_WORKERS.items()
            for number in range(1, workers + 1)
        ),
        requirements=_DAY_REQUIREMENTS,
        installs={version: _installs(dice) for version in versions},
        history={
            f"{org}/{number}": round(took, 1) for org, times in tests.items() for number, took in enumerate(times)
        },
        org_weights=dict.fromkeys(_DAY_ORGS, 1.0),
        jobs=tuple(sorted(jobs, key=lambda job: job.submit_s)),
    )


def _push(dice: random.Random, version: str, tests: dict[str, list[float]]) -> Iterator[TraceJob]:
    """One push: some tests of one org's version on one kind of device."""
    org = dice.choices(list(_DAY_ORGS), list(_DAY_ORGS.values()))[0]
    size = min(len(tests[org]), max(1, round(dice.lognormvariate(3.2, 1))))
    at_s = round(dice.uniform(0, _DAY_S), 3)
    requirement = dice.choices(list(_DAY_REQUIREMENTS), (39, 6, 17, 15, 23))[0]
    priority = dice.choices(list(_PRIORITIES), list(_PRIORITIES.values()))[0]
    for number in sorted(dice.sample(range(len(tests[org])), size)):
        seconds = round(tests[org][number] * dice.uniform(0.8, 1.25), 1)
        yield _job(version, number, at_s, org=org, requirement=requirement, priority=priority, seconds=seconds)


def _job(
    version: str, number: int, at_s: float, *, org: str, requirement: str, priority: Priority, seconds: float
) -> TraceJob:
    return TraceJob(
        job=f"{version}-{number}",
        run=version,
        org=org,
        app_version=version,
        requirement=requirement,
        priority=priority,
        submit_s=at_s,
        test=f"{org}/{number}" if org != "org" else f"{version}/{number}",
        seconds=seconds,
    )


def _installs(dice: random.Random) -> dict[str, Install]:
    size = dice.uniform(0.5, 1.5)

    def install(seconds: float, upload_s: float = 0) -> Install:
        took_s = round(seconds * size, 1)
        return Install(
            seconds=took_s, estimate_s=round(took_s * dice.uniform(0.85, 1.15), 1), upload_s=round(upload_s * size, 1)
        )

    return {
        "android/emulator": install(100),
        "android/device": install(120),
        "ios/device": install(130),
        "browserstack": install(20, 40),
    }


def _test_s(dice: random.Random) -> float:
    return round(dice.lognormvariate(4.1, 0.8), 1)
