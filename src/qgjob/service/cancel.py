"""Cancel jobs: at once while they have not begun, through whoever runs them once they have, or never then."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qgjob.core.errors import Conflict, IllegalTransition
from qgjob.core.facts import Fact, FactKind
from qgjob.core.job import Job
from qgjob.core.lease import HeldLease
from qgjob.core.lifecycle import JobEvent, move
from qgjob.core.retry import Final
from qgjob.core.run import Run
from qgjob.core.words import GroupId, JobId, JobStatus, LeaseToken, OrgId, Priority, Proof, RunId, Verdict
from qgjob.service import ask, find
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.in_hand import JobInHand, OpenAttempt, open_attempts, take_jobs
from qgjob.service.jobs.result import result_of
from qgjob.service.leasing.release import release
from qgjob.store import ENDS, Row, Transaction
from qgjob.store.nouns import lease_of

CANCELLED = Final(verdict=Verdict.CANCELLED, fault=None)
_BEFORE_IT_BEGAN = "It was cancelled before it began."


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is said of jobs that are cancelled, and whether those that have begun run on, as their last attempt."""

    message: str | None = None
    spares_what_runs: bool = False


_END = _Wish()


def cancel(tx: Transaction, *, job_id: JobId) -> Job:
    """Cancel a job that has not begun, or ask for one to be stopped that has (`cancel_requested`; final once it is).

    Asking again changes nothing. Raises NotFound, and IllegalTransition (a Conflict) when the job ended otherwise.
    """
    _stop(tx, {job_id: find.job(tx, job_id).lease}, _END)
    tx.flush()
    job = find.job(tx, job_id)
    if job.status.is_final and job.status is not JobStatus.CANCELLED:
        raise IllegalTransition(f"Job {job_id} is {job.status} already: there is nothing to cancel.")
    return job


def cancel_run(tx: Transaction, *, run_id: RunId) -> Run:
    """Cancel all jobs of a run that are not final, each as `cancel` does. Raises NotFound."""
    row = find.run(tx, run_id)
    _stop_run(tx, row, _END)
    tx.flush()
    return ask.run(tx, run_id=run_id)


def drain_run(tx: Transaction, run: Row, *, because: str) -> bool:
    """Cancel all jobs of a run (its row) that have not begun; those that have come to their end, and no further.

    False: it had ended already.
    """
    return _stop_run(tx, run, _Wish(message=because, spares_what_runs=True))


def _stop_run(tx: Transaction, run: Row, wish: _Wish) -> bool:
    """Stop what is not final of a run; whether there was anything."""
    untried = _cancel_untried(tx, run, message=wish.message)
    left = tx.rows("unfinished_jobs_of_run", run_number=run["number"])
    _stop(tx, {each["job_id"]: each["lease"] for each in left}, wish)
    return bool(untried or left)


def _stop(tx: Transaction, wanted: Mapping[JobId, LeaseToken | None], wish: _Wish) -> None:
    """Stop these jobs, the leases first that they were seen in: whoever locks both begins with the lease."""
    leased: set[JobId] = set()
    for lease, still_open in _held(tx, {token for token in wanted.values() if token is not None}):
        for job_id, open_attempt in still_open.items():
            if job_id in wanted:
                leased.add(job_id)
                _stop_leased(tx, lease, open_attempt, wish)
    for hand in take_jobs(tx, [job_id for job_id in wanted if job_id not in leased]):
        if hand.status is JobStatus.PENDING:
            waiting.take_off(tx, hand)
            moves.finish(tx, hand, CANCELLED, message=wish.message, proof=Proof.NONE)
        elif not hand.status.is_final:
            _stop_begun(tx, hand, wish)  # it was leased meanwhile


def _held(tx: Transaction, tokens: Collection[LeaseToken]) -> list[tuple[HeldLease, dict[JobId, OpenAttempt]]]:
    """Lock leases, and take in hand what those in force have open."""
    if not tokens:
        return []
    leases = [lease_of(row) for row in tx.rows("lock_leases", tokens=sorted(tokens))]
    return [(lease, open_attempts(tx, lease.token)) for lease in leases if lease.in_force]


def _stop_leased(tx: Transaction, lease: HeldLease, open_attempt: OpenAttempt, wish: _Wish) -> None:
    hand = open_attempt.hand
    if open_attempt.started_at is not None:
        _stop_begun(tx, hand, wish)
        return
    _ask_to_stop(tx, hand)  # its agent must not begin it
    tx.later("drop_attempt", job_id=hand.job_id, number=open_attempt.number, message=_BEFORE_IT_BEGAN, now=tx.now)
    hand.unbegun += 1
    moves.finish(tx, hand, CANCELLED, message=wish.message, proof=lease.proof)
    if lease.agent_id is None:
        release(tx, lease, [], because="its job was cancelled before it began")


def _stop_begun(tx: Transaction, hand: JobInHand, wish: _Wish) -> None:
    if wish.spares_what_runs:
        tx.later("end_with_this_attempt", job_id=hand.job_id)
    else:
        _ask_to_stop(tx, hand)


def _ask_to_stop(tx: Transaction, hand: JobInHand) -> None:
    if not hand.cancel_requested:
        tx.later("ask_job_to_stop", job_id=hand.job_id, now=tx.now)
        hand.tell(tx, FactKind.JOB_CANCEL_REQUESTED)


def _cancel_untried(tx: Transaction, run: Row, *, message: str | None) -> int:
    """Cancel in one go what of a run waits for its first attempt: all the ten thousand jobs of it, very often.

    How many they were.
    """
    status = move(JobStatus.PENDING, JobEvent.CANCEL)
    result, _ = result_of(CANCELLED, executions=(), begun=0, message=message, proof=Proof.NONE)
    jobs = tx.rows(
        "cancel_untried_jobs",
        run_number=run["number"],
        status=status,
        verdict=CANCELLED.verdict,
        result=json.dumps(result),
        message=message,
        now=tx.now,
    )
    if not jobs:
        return 0
    tx.execute("drop_queue_limits", job_numbers=[job["job_number"] for job in jobs])
    _leave_groups(tx, jobs)
    org_id, run_id = OrgId(run["org_id"]), RunId(run["run_id"])
    moves.count(tx, org_id, JobStatus.PENDING, -len(jobs))
    moves.count(tx, org_id, status, len(jobs))
    moves.count_in_run(tx, run_id, before=JobStatus.PENDING, after=status, jobs=len(jobs))
    tx.send_rows("list_ended", [{"org_id": org_id, "status": status, "job_number": job["job_number"]} for job in jobs])
    for job in jobs:
        data = {"status": status, "verdict": CANCELLED.verdict, "message": message, "cases": result["cases"]}
        tx.record(Fact(kind=FactKind.JOB_ENDED, org_id=org_id, run_id=run_id, job_id=job["job_id"], data=data))
    tx.touch(ENDS)
    return len(jobs)


def _leave_groups(tx: Transaction, jobs: Collection[Row]) -> None:
    by_group: defaultdict[GroupId, list[Row]] = defaultdict(list)
    for job in jobs:
        by_group[job["group_id"]].append(job)
    for group_id, left in by_group.items():
        if waiting.take_all_off(tx, group_id, [job["job_number"] for job in left]) != len(left):
            raise Conflict("A job that waits for its first attempt is not on the list.")
        waiting.wait_in_group(tx, group_id, left, sign=-1)
        for job in left:
            waiting.owe(tx, group_id, Priority(job["priority"]), jobs=-1, work_us=job["slow_us"])
