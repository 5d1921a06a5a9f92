"""When a job or a run is done. It costs tens of milliseconds in a large farm: for whoever asks for one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.ahead import Asked, FarmAhead
from qgjob.core.eta import Eta, LeftToDo, eta_of_waiting, etas_of_lease, together
from qgjob.core.forecast import Forecast, forecast
from qgjob.core.policy import SHIPPED, Rule
from qgjob.core.words import GroupId, JobId, LeaseToken, RunId
from qgjob.service import find
from qgjob.service.ask.ahead import MOST_BEFORE, asked_for, farm_ahead
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import length_of, time_of

MOST_ASKED = 40
"""Jobs of a run that are looked for: the last of each group."""
MOST_LEASES = 500
"""Leases of a run that are looked into."""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a forecast says of waiting jobs, and what it was made from. `farm` None: it is too large for one."""

    asked: Sequence[Asked]
    farm: FarmAhead | None
    told: Forecast

    def etas(self, tx: Transaction) -> Sequence[Eta]:
        """Tell of each job when it is done."""
        return [
            eta_of_waiting(each.job_id, each.estimate, self.told, at_least=each.before >= MOST_BEFORE, now=tx.now)
            for each in self.asked
        ]


def outlook(tx: Transaction, waiting: Sequence[Row], *, rule: Rule = SHIPPED) -> Outlook:
    """Run the rule forward until these jobs have their turn, rows of `waiting_job`."""
    asked: dict[GroupId, list[Asked]] = {}
    for row in waiting:
        asked.setdefault(row["group_id"], []).append(asked_for(tx, row))
    farm = farm_ahead(tx, asked)
    return Outlook(
        asked=[each for of_group in asked.values() for each in of_group],
        farm=farm,
        told=Forecast(turns={}, upto=timedelta(0)) if farm is None else forecast(farm, rule),
    )


def eta_of_job(tx: Transaction, job_id: JobId, *, rule: Rule = SHIPPED) -> Eta | None:
    """Tell when a job starts and is done; None: it is. Raises NotFound."""
    job = find.job(tx, job_id)
    if job.lease is not None:
        return etas_in_lease(tx, job.lease).get(job_id)
    row = tx.row("waiting_job", job_id=job_id)
    return None if row is None else outlook(tx, [row], rule=rule).etas(tx)[0]


def eta_of_run(tx: Transaction, run_id: RunId, *, rule: Rule = SHIPPED) -> Eta | None:
    """Tell when the last job of a run is done; None: it is. Raises NotFound."""
    number = find.run(tx, run_id)["number"]
    waiting = tx.rows("last_waiting_jobs_of_run", run_number=number, limit=MOST_ASKED + 1)
    leases = tx.rows("leases_at_work_on_run", run_number=number, limit=MOST_LEASES + 1)
    if not waiting and not leases:
        return None
    etas = [*(outlook(tx, waiting[:MOST_ASKED], rule=rule).etas(tx) if waiting else ())]
    of_run = {row["job_id"] for row in leases}
    for token in {row["lease"] for row in leases}:
        etas += [eta for job_id, eta in etas_in_lease(tx, token).items() if job_id in of_run]
    if len(waiting) > MOST_ASKED or len(leases) > MOST_LEASES:
        etas.append(Eta())
    return together(etas)


def etas_in_lease(tx: Transaction, token: LeaseToken) -> Mapping[JobId, Eta]:
    """Tell when what a lease has left to do is done, by its jobs."""
    rows = tx.rows("left_to_do", lease=token)
    left = [
        LeftToDo(job_id=row["job_id"], estimate=length_of(row["estimate_us"]), started_at=time_of(row["started_at"]))
        for row in rows
    ]
    return etas_of_lease(left, busy_until_at=from_micros(rows[0]["busy_until_at"]), now=tx.now) if rows else {}
