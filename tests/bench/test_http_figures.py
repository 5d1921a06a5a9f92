"""What the runs of the server's benchmark come to."""

from bench.databases import Kind
from bench.goal import Figure
from bench.http.figures import ENQUEUE, READS, REFERENCE, figures_of, memory, posts, reads, run_posts, starts
from bench.http.plan import FEW_JOBS, Plan
from bench.program import Measures
from bench.spread import Spread

PLAN = Plan(kept=100_000, rounds=2)
SQLITE = Kind.SQLITE


def posted(*seconds: float) -> list[Measures]:
    return [{"requests": 100, "jobs": 10_000, "seconds": took_s} for took_s in seconds]


def took(*p50s_ms: float) -> list[Measures]:
    return [{"p50_ms": p50_ms, "p99_ms": p50_ms * 5} for p50_ms in p50s_ms]


def the_figure(work: str, against: str) -> Figure:
    runs = {
        REFERENCE: posted(1.0, 1.0),
        posts(SQLITE): posted(2.0, 1.0),
        ENQUEUE: posted(1.0, 2.0),
        run_posts(SQLITE): posted(0.5, 0.5),
        starts(SQLITE): took(20.0, 30.0),
        memory(SQLITE, FEW_JOBS): [{"mb": 100.0}],
        memory(SQLITE, PLAN.kept): [{"mb": 160.0}],
    }
    for read in READS:
        runs[reads(SQLITE, read, FEW_JOBS)] = took(10.0, 10.0)
        runs[reads(SQLITE, read, PLAN.kept)] = took(12.0, 13.0)
    (figure,) = [
        each for each in figures_of(runs, PLAN, kinds=[SQLITE]) if (each.work, each.against) == (work, against)
    ]
    return figure


def test_posts_are_compared_with_the_bare_route_of_their_own_round() -> None:
    figure = the_figure("POST /jobs", "bare Starlette")

    assert figure.measured == Spread(median=0.75, least=0.5, greatest=1.0)
    assert figure.verdict == "met"


def test_bulk_posts_are_compared_in_jobs() -> None:
    figure = the_figure("POST /runs of 100", "PgQueuer's enqueue")

    assert figure.measured == Spread(median=3.0, least=2.0, greatest=4.0)


def test_reads_among_many_jobs_are_compared_with_reads_among_few() -> None:
    figure = the_figure("GET /stats", "100,000 jobs against 1,000")

    assert (figure.measured.median, figure.verdict) == (1.25, "met")


def test_both_ends_of_the_way_to_running_have_a_goal() -> None:
    assert [the_figure("submit to running", end).verdict for end in ("p50", "p99")] == ["met", "met"]


def test_memory_that_grows_by_more_than_half_misses_its_goal() -> None:
    figure = the_figure("memory", "100,000 jobs against 1,000")

    assert (figure.measured.median, figure.verdict) == (1.6, "missed")
