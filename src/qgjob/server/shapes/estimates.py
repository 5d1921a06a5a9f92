"""What was learnt, as shown."""

from qgjob.service.ask import KnownInstall, KnownTest, Page
from qgjob.wire.estimates import EstimateOfInstall, EstimateOfTest, EstimatesOfInstalls, EstimatesOfTests


def tests_shown(page: Page[KnownTest]) -> EstimatesOfTests:
    """Show what is known of tests."""
    tests = [
        EstimateOfTest(
            org_id=known.org_id,
            test_path=known.test_path,
            target=known.target,
            platform=known.platform,
            seconds=known.estimate.took.total_seconds(),
            samples=known.estimate.samples,
        )
        for known in page.items
    ]
    return EstimatesOfTests(count=len(tests), tests=tests, next_cursor=page.next_cursor)


def installs_shown(page: Page[KnownInstall]) -> EstimatesOfInstalls:
    """Show what is known of installations."""
    installs = [
        EstimateOfInstall(
            org_id=known.org_id,
            package=known.package,
            target=known.worker_class.target,
            platform=known.worker_class.platform,
            model=known.worker_class.model,
            seconds=known.estimate.took.total_seconds(),
            samples=known.estimate.samples,
        )
        for known in page.items
    ]
    return EstimatesOfInstalls(count=len(installs), installs=installs, next_cursor=page.next_cursor)
