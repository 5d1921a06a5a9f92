"""Write down what the cases of a job came to when it ends, how they did lately, and whether the job is excused.

All of it is done under the turn: a result is compared with the very one before it, whichever replica that came from,
and a mute is in force for a whole job or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.attempt import Case, CaseResult, by_case, outcome_of
from qgjob.core.history import WINDOW, Figures, Result, compared, figures
from qgjob.core.mute import is_excused
from qgjob.core.words import AppVersionId, CaseOutcome, OrgId, Verdict
from qgjob.store import Row, Transaction, Turn
from qgjob.store.clock import to_micros
from qgjob.store.nouns import past_result_of
from qgjob.store.transaction import Value

_Key = tuple[OrgId, str]
_Asked = tuple[str, Mapping[str, Value]]
_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class _CaseOver:
    """What a case came to in a job. `took`: the execution that decided; `executions`: how many there were."""

    case: Case
    outcome: CaseOutcome
    took: timedelta
    executions: int


@dataclass(frozen=True, kw_only=True)
class _JobOver:
    """A job that has ended, by its number, with its cases."""

    number: int
    org_id: OrgId
    app_version_id: AppVersionId
    verdict: Verdict
    ended_at: datetime
    cases: tuple[_CaseOver, ...]

    @property
    def keys(self) -> Iterable[_Key]:
        """Name its cases."""
        return ((self.org_id, each.case.case_id) for each in self.cases)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Before some jobs ended. `results`: of each case the last ones, oldest first; `places`: of each job."""

    results: Mapping[_Key, list[Result]]
    places: Mapping[int, Row]
    muted: frozenset[_Key]


def job_ended(
    tx: Transaction,
    *,
    number: int,
    org_id: OrgId,
    app_version_id: AppVersionId,
    verdict: Verdict,
    executions: Iterable[CaseResult],
) -> None:
    """Keep what the cases of a job came to, over all its executions that count, oldest first."""
    cases = tuple(_case_over(results) for results in by_case(executions).values())
    if cases:
        over = _JobOver(
            number=number,
            org_id=org_id,
            app_version_id=app_version_id,
            verdict=verdict,
            ended_at=tx.now,
            cases=cases,
        )
        tx.defer(_write_down, over)


def columns_of(known: Figures) -> Mapping[str, int | None]:
    """Write figures as `org_cases` has them."""
    return {
        **vars(known.counts),
        "flips": known.flips,
        "flaky_ppm": None if known.flaky_score is None else round(known.flaky_score * _MILLION),
        "mean_us": None if known.mean is None else to_micros(known.mean),
        "trend_ppm": None if known.trend is None else round(known.trend * _MILLION),
    }


def _case_over(results: Sequence[CaseResult]) -> _CaseOver:
    return _CaseOver(
        case=results[-1].case,
        outcome=outcome_of(results),
        took=timedelta(seconds=results[-1].seconds),
        executions=len(results),
    )


def _write_down(turn: Turn, jobs: Sequence[_JobOver]) -> None:
    known = _known(turn, jobs)
    turn.send_rows("insert_result", [_result_row(known, job, each) for job in jobs for each in job.cases])
    turn.send_rows("keep_case", _case_rows(known, jobs))
    turn.send_rows("excuse_job", [{"number": job.number} for job in jobs if _is_excused(known, job)])


def _known(turn: Turn, jobs: Sequence[_JobOver]) -> _Known:
    """Ask in one trip, however many jobs and cases there are."""
    keys = sorted({key for job in jobs for key in job.keys})
    by_org: defaultdict[OrgId, list[str]] = defaultdict(list)
    for org_id, case_id in keys:
        by_org[org_id].append(case_id)
    now = max(job.ended_at for job in jobs)
    last: list[_Asked] = [
        ("last_results", {"org_id": org_id, "case_id": case_id, "limit": WINDOW}) for org_id, case_id in keys
    ]
    muted: list[_Asked] = [
        ("muted_cases", {"org_id": org_id, "case_ids": ids, "now": now}) for org_id, ids in by_org.items()
    ]
    places, *answers = turn.rows_together(("places_of_jobs", {"numbers": [job.number for job in jobs]}), *last, *muted)
    results, mutes = answers[: len(keys)], answers[len(keys) :]
    return _Known(
        results={key: [past_result_of(row) for row in reversed(rows)] for key, rows in zip(keys, results, strict=True)},
        places={row["number"]: row for row in places},
        muted=frozenset((org_id, row["case_id"]) for org_id, rows in zip(by_org, mutes, strict=True) for row in rows),
    )


def _result_row(known: _Known, job: _JobOver, each: _CaseOver) -> Row:
    """Compare a result with those before it, and be one of them for what comes after."""
    key = (job.org_id, each.case.case_id)
    kind = known.places[job.number]["requirement"]
    against = compared(each.outcome, ended_at=job.ended_at, kind=kind, earlier=known.results[key])
    known.results[key].append(
        Result(
            outcome=each.outcome,
            took=each.took,
            app_version_id=job.app_version_id,
            kind=kind,
            failing_since_at=against.failing_since_at,
        )
    )
    return {
        "org_id": job.org_id,
        "case_id": each.case.case_id,
        "job_number": job.number,
        "app_version_id": job.app_version_id,
        "kind": kind,
        "outcome": each.outcome,
        "standing": against.standing,
        "failing_since_at": against.failing_since_at,
        "muted": key in known.muted,
        "took_us": each.took,
        "executions": each.executions,
        "ended_at": job.ended_at,
    }


def _case_rows(known: _Known, jobs: Sequence[_JobOver]) -> list[Row]:
    """Write each case once, as the last of the jobs has it; in one order, whoever writes."""
    last = {(job.org_id, each.case.case_id): (job, each) for job in jobs for each in job.cases}
    return [
        {
            "org_id": job.org_id,
            "case_id": each.case.case_id,
            "title": each.case.title,
            "file": each.case.file,
            "project": known.places[job.number]["project"],
            **columns_of(figures(known.results[key][-WINDOW:])),
            "last_seen_at": job.ended_at,
            "last_outcome": each.outcome,
        }
        for key, (job, each) in sorted(last.items(), key=lambda item: item[0])
    ]


def _is_excused(known: _Known, job: _JobOver) -> bool:
    return is_excused(
        job.verdict, ((each.outcome, (job.org_id, each.case.case_id) in known.muted) for each in job.cases)
    )
