"""Learn from what devices did how long tests and installations take, and say what is known of it."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from qgjob.core import estimate
from qgjob.core.words import OrgId, Target, Verdict
from qgjob.store import Row, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.nouns import length_of


def test_times(
    tx: Transaction, org_id: OrgId, tests: Collection[tuple[str, Target]]
) -> Mapping[tuple[str, Target], int]:
    """Estimate how long each of these tests runs on its target, in microseconds."""
    by_target: dict[Target, list[str]] = {}
    for test_path, target in tests:
        by_target.setdefault(target, []).append(test_path)
    times = dict.fromkeys(tests, to_micros(estimate.UNKNOWN_TEST))
    for target, test_paths in by_target.items():
        for row in tx.rows("test_estimates", org_id=org_id, target=target, test_paths=test_paths):
            times[row["test_path"], target] = row["took_us"]
    return times


def from_attempt(
    tx: Transaction,
    *,
    org_id: OrgId,
    test_path: str,
    target: Target,
    known: timedelta | None,
    took: timedelta,
    verdict: Verdict,
) -> None:
    """Learn from an attempt that the test itself brought to its end. `known` is what was learnt before."""
    learnt = estimate.after_test(known, took=took, verdict=verdict)
    if learnt is not None and learnt != known:
        key = (org_id, test_path, target)
        tx.book("learn_test", key, org_id=org_id, test_path=test_path, target=target, took_us=learnt)


def from_install(tx: Transaction, *, org_id: OrgId, package: str, target: Target, took: timedelta) -> None:
    """Learn from an installation that a device really did."""
    known = _took(tx.row("install_estimate", org_id=org_id, package=package, target=target))
    learnt = estimate.after_install(known, took=took)
    key = (org_id, package, target)
    tx.book("learn_install", key, org_id=org_id, package=package, target=target, took_us=learnt)


def _took(row: Row | None) -> timedelta | None:
    return None if row is None else length_of(row["took_us"])
