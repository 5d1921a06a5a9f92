"""Whose a file of evidence is, by its name."""

from qgjob.cli.reports.evidence import files_of_cases
from qgjob.cli.reports.reading import report_of
from qgjob.wire.cases import RunCaseShown
from qgjob.wire.jobs import EvidenceShown
from tests.cli.reports.documents import a_case, a_job, a_run, an_execution


def failed(title: str) -> RunCaseShown:
    return a_case(title, [an_execution("failed")])


def a_file(name: str, kind: str = "screenshot") -> EvidenceShown:
    return {"name": name, "kind": kind, "sha256": "a" * 64, "size_bytes": 1}


def owners(cases: list[RunCaseShown], *files: EvidenceShown, has_blob: bool) -> list[tuple[str, str]]:
    job = a_job(verdict="failed")
    (reported,) = report_of(a_run([job], cases), [job], cases).jobs
    return [(case_id, what) for case_id, what, _ in files_of_cases(reported, 1, files, has_blob=has_blob)]


def test_the_longest_title_that_fits_is_meant() -> None:
    cases = [failed("cart"), failed("cart › adds up")]
    found = owners(cases, a_file("01-cart-adds-up-device.png"), a_file("02-cart-device.png"), has_blob=True)
    assert found == [
        ("tests/cart.spec.js-cart › adds up", "device.png"),
        ("tests/cart.spec.js-cart", "device.png"),
    ]


def test_a_name_that_fits_two_cases_is_none_s() -> None:
    assert owners([failed("a b"), failed("a › b")], a_file("01-a-b-device.png"), has_blob=True) == []


def test_what_a_blob_has_is_not_fetched_again() -> None:
    files = (a_file("01-cart-device.png"), a_file("02-cart-trace.zip", "trace"), a_file("output.txt", "output"))
    assert owners([failed("cart")], *files, has_blob=True) == [("tests/cart.spec.js-cart", "device.png")]
    assert owners([failed("cart")], *files, has_blob=False) == [
        ("tests/cart.spec.js-cart", "device.png"),
        ("tests/cart.spec.js-cart", "trace.zip"),
    ]


def test_a_case_that_came_out_as_it_should_has_no_files() -> None:
    assert owners([a_case("cart")], a_file("01-cart-device.png"), has_blob=False) == []
