"""Questions: what is so now. Each is a function of a reading transaction and changes nothing."""

from qgjob.service.ask.facts import FactsPassed, facts, facts_of_org
from qgjob.service.ask.farm import groups, stats, worker, workers
from qgjob.service.ask.jobs import AttemptDetail, attempts, job, jobs
from qgjob.service.ask.orgs import org, orgs
from qgjob.service.ask.page import Page
from qgjob.service.ask.runs import is_over, run, runs
from qgjob.service.ask.ways import JobFilter

__all__ = [
    "AttemptDetail",
    "FactsPassed",
    "JobFilter",
    "Page",
    "attempts",
    "facts",
    "facts_of_org",
    "groups",
    "is_over",
    "job",
    "jobs",
    "org",
    "orgs",
    "run",
    "runs",
    "stats",
    "worker",
    "workers",
]
