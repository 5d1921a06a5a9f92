"""Questions about what was learnt: how long tests and installations take, and from how many of them that is known."""

from dataclasses import dataclass

from qgjob.core.estimate import Estimate
from qgjob.core.words import OrgId, Platform, Target
from qgjob.core.worker_class import WorkerClass, platform_of_key
from qgjob.service.ask.page import Page, page_of, start_of
from qgjob.store import Row, Transaction
from qgjob.store.nouns import length_of


@dataclass(frozen=True, kw_only=True)
class KnownTest:
    """What is known of a test on a target and platform; None: of devices of which nobody said the platform."""

    org_id: OrgId
    test_path: str
    target: Target
    platform: Platform | None
    estimate: Estimate


@dataclass(frozen=True, kw_only=True)
class KnownInstall:
    """What is known of installing a package on a class of workers."""

    org_id: OrgId
    package: str
    worker_class: WorkerClass
    estimate: Estimate


def estimates_of_tests(
    tx: Transaction, *, org_id: OrgId, test_path: str | None, limit: int, cursor: str | None = None
) -> Page[KnownTest]:
    """List what is known of an org's tests, or of one, in the order in which it was first learnt.

    Raises InvalidRequest for a cursor that we did not give.
    """
    after = start_of(cursor)
    if test_path is None:
        rows = tx.rows("test_estimates_page", org_id=org_id, after=after, limit=limit + 1)
    else:
        rows = tx.rows("test_estimates_of_path", org_id=org_id, test_path=test_path, after=after, limit=limit + 1)
    return page_of(rows, limit, _known_test)


def estimates_of_installs(
    tx: Transaction, *, org_id: OrgId, package: str | None, limit: int, cursor: str | None = None
) -> Page[KnownInstall]:
    """List what is known of installing an org's packages, or one, in the order in which it was first learnt.

    Raises InvalidRequest for a cursor that we did not give.
    """
    after = start_of(cursor)
    if package is None:
        rows = tx.rows("install_estimates_page", org_id=org_id, after=after, limit=limit + 1)
    else:
        rows = tx.rows("install_estimates_of_package", org_id=org_id, package=package, after=after, limit=limit + 1)
    return page_of(rows, limit, _known_install)


def _known_test(row: Row) -> KnownTest:
    return KnownTest(
        org_id=row["org_id"],
        test_path=row["test_path"],
        target=Target(row["target"]),
        platform=platform_of_key(row["platform"]),
        estimate=_estimate(row),
    )


def _known_install(row: Row) -> KnownInstall:
    return KnownInstall(
        org_id=row["org_id"],
        package=row["package"],
        worker_class=WorkerClass(
            target=Target(row["target"]), platform=platform_of_key(row["platform"]), model=row["model"]
        ),
        estimate=_estimate(row),
    )


def _estimate(row: Row) -> Estimate:
    return Estimate(took=length_of(row["took_us"]), samples=row["samples"])
