"""How cases did over their last runs, and which are muted, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.cases import case_name, in_one_line
from qgjob.cli.tables import Column, Table
from qgjob.cli.views.cases import counts_line
from qgjob.cli.views.moments import duration, moment
from qgjob.core.attempt import CaseCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.say import Block
    from qgjob.wire.cases import CaseHistoryShown, CasePast, CaseSummary, MuteShown

_ID = Column(title="Case ID", whole=True)
_CASES = (
    Column(title="Case"),
    Column(title="Score", right=True, whole=True),
    Column(title="Runs", right=True, whole=True),
    Column(title="Failed", right=True, whole=True),
    Column(title="Flaky", right=True, whole=True),
    Column(title="Flips", right=True, whole=True),
    Column(title="Mean", right=True, whole=True),
    Column(title="Trend", right=True, whole=True),
    Column(title="Last", whole=True),
    Column(title="Muted until", whole=True),
    _ID,
)
_MUTES = (Column(title="Case"), Column(title="Owner"), Column(title="Until", whole=True), Column(title="Reason"), _ID)
_PAST = (
    Column(title="Ended", whole=True),
    Column(title="Outcome", whole=True),
    Column(title="Standing", whole=True),
    Column(title="Version"),
    Column(title="Device", whole=True),
    Column(title="Time", right=True, whole=True),
    Column(title="Executions", right=True, whole=True),
    Column(title="Job ID", whole=True),
)


def cases_table(cases: Sequence[CaseSummary]) -> Table:
    """Show one row per case."""
    return Table(columns=_CASES, rows=tuple(_case_row(case) for case in cases))


def mutes_table(mutes: Sequence[MuteShown]) -> Table:
    """Show one row per mute."""
    rows = tuple(
        (
            case_name(mute["file"], mute["title"], mute["case_id"]),
            mute["owner"],
            moment(mute["until"]),
            mute["reason"] or "-",
            mute["case_id"],
        )
        for mute in mutes
    )
    return Table(columns=_MUTES, rows=rows)


def history_view(case: CaseHistoryShown) -> Iterator[Block]:
    """Show what is known of a case, and a row for each of its last runs."""
    counts = CaseCounts(
        passed=case["passed"],
        failed=case["failed"],
        flaky=case["flaky"],
        skipped=case["skipped"],
        not_run=case["not_run"],
    )
    yield f"Case: {case_name(case['file'], case['title'], case['case_id'])}"
    yield f"Case ID: {in_one_line(case['case_id'])}"
    if case["project"]:
        yield f"Project: {in_one_line(case['project'])}"
    yield f"First seen: {moment(case['first_seen_at'])}"
    yield f"Last runs: {counts_line(counts)}"
    yield f"Flaky score: {_score(case)}"
    if case["mean_s"] is not None:
        yield f"Time: {duration(case['mean_s'])} on average{_trend(case['trend'])}"
    if case["mute"] is not None:
        yield f"Muted: {_mute(case['mute'])}"
    yield ""
    yield Table(columns=_PAST, rows=tuple(_past_row(past) for past in case["past"]))


def _case_row(case: CaseSummary) -> tuple[str, ...]:
    return (
        case_name(case["file"], case["title"], case["case_id"]),
        _percent(case["flaky_score"]),
        str(case["runs"]),
        str(case["failed"]),
        str(case["flaky"]),
        str(case["flips"]),
        "-" if case["mean_s"] is None else duration(case["mean_s"]),
        "-" if case["trend"] is None else f"x{case['trend']:.2f}",
        case["last_outcome"],
        "-" if case["mute"] is None else moment(case["mute"]["until"]),
        case["case_id"],
    )


def _past_row(past: CasePast) -> tuple[str, ...]:
    standing = (past["standing"] or "-").replace("_", " ")
    return (
        moment(past["ended_at"]),
        past["outcome"],
        f"{standing}, muted" if past["muted"] else standing,
        past["app_version_id"],
        past["target"],
        duration(past["seconds"]),
        str(past["attempts"]),
        past["job_id"],
    )


def _score(case: CaseSummary) -> str:
    flips = "1 flip" if case["flips"] == 1 else f"{case['flips']} flips"
    if case["flaky_score"] is None:
        return f"not known yet, of so few runs ({flips} on one app version)"
    return f"{_percent(case['flaky_score'])} ({case['flaky']} flaky, {flips} on one app version)"


def _percent(score: float | None) -> str:
    return "-" if score is None else f"{score:.0%}"


def _trend(trend: float | None) -> str:
    return "" if trend is None else f"; the newer half of the runs took {trend:.2f} times as long as the older"


def _mute(mute: MuteShown) -> str:
    reason = f", {mute['reason']}" if mute["reason"] else ""
    return in_one_line(f"until {moment(mute['until'])} by {mute['owner']}{reason}")
