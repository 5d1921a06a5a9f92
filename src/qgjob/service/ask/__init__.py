"""Questions: what is so now. Each is a function of a reading transaction and changes nothing."""

from qgjob.service.ask.cases import Execution, RunCase, cases_of_run
from qgjob.service.ask.estimates import KnownInstall, KnownTest, estimates_of_installs, estimates_of_tests
from qgjob.service.ask.facts import FactsPassed, facts, facts_of_org
from qgjob.service.ask.farm import groups, stats, worker, workers
from qgjob.service.ask.history import (
    CaseHistory,
    CaseOrder,
    OrgCase,
    PastResult,
    case_history,
    cases_of_org,
    mutes_of_org,
)
from qgjob.service.ask.jobs import AttemptDetail, attempts, job, jobs
from qgjob.service.ask.ledger import (
    Ledger,
    LedgerEntry,
    ledger_by_day,
    ledger_by_org,
    ledger_by_run,
    ledger_of_run,
)
from qgjob.service.ask.orgs import org, orgs
from qgjob.service.ask.page import Page
from qgjob.service.ask.runs import is_over, run, runs
from qgjob.service.ask.ways import JobFilter

__all__ = [
    "AttemptDetail",
    "CaseHistory",
    "CaseOrder",
    "Execution",
    "FactsPassed",
    "JobFilter",
    "KnownInstall",
    "KnownTest",
    "Ledger",
    "LedgerEntry",
    "OrgCase",
    "Page",
    "PastResult",
    "RunCase",
    "attempts",
    "case_history",
    "cases_of_org",
    "cases_of_run",
    "estimates_of_installs",
    "estimates_of_tests",
    "facts",
    "facts_of_org",
    "groups",
    "is_over",
    "job",
    "jobs",
    "ledger_by_day",
    "ledger_by_org",
    "ledger_by_run",
    "ledger_of_run",
    "mutes_of_org",
    "org",
    "orgs",
    "run",
    "runs",
    "stats",
    "worker",
    "workers",
]
