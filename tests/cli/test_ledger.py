"""`qgjob ledger` and `qgjob estimates` in front of a real server."""

import pytest

from qgjob.client import Client
from qgjob.core.words import Verdict
from tests.cli.hands import Hand, Told
from tests.cli.projects import make_project
from tests.cli.test_submit import V1
from tests.cli.users import User

PAYS = Told(title="cart › pays")


@pytest.fixture(autouse=True)
def _worked_off(own_user: User, own_client: Client) -> None:
    """Two jobs of one run, by one device that installs before each."""
    make_project(own_user.folder, {"tests/cart.spec.ts": ""})
    own_user.does("submit", "--app-version-id", "1.0.0", "--app", str(V1), "--test", "tests/*.spec.ts")
    hand = Hand(own_client)
    for _ in range(2):
        hand.run(Verdict.PASSED, [PAYS, Told(title="cart › opens")])


def test_the_ledger_of_a_day_has_a_row_and_a_document(own_user: User) -> None:
    shown = own_user.does("ledger")
    page = own_user.does("-o", "json", "ledger").document()
    (entry,) = page["entries"] if isinstance(page["entries"], list) else []

    assert shown.stdout.splitlines()[0].split()[:3] == ["Day", "Installs", "Stock"]
    assert shown.stdout.splitlines()[1].split()[:5] == [page["to_day"], "2", "4", "1", "2"]
    assert (entry["install_seconds"], entry["stock_install_seconds"]) == (3.0, 6.0)


def test_the_ledger_can_be_of_runs_or_orgs(own_user: User) -> None:
    by_run = own_user.does("-o", "json", "ledger", "--by", "run").document()
    (entry,) = by_run["entries"] if isinstance(by_run["entries"], list) else []
    one = own_user.does("ledger", "--run-id", str(entry["run_id"]))
    by_org = own_user.does("ledger", "--by", "org", "--org-id", "acme")

    assert one.stdout.splitlines()[1].split()[0] == entry["run_id"]
    assert by_org.stdout.splitlines()[1].split()[0] == "acme"
    assert own_user.does("ledger", "--from", "2020-01-01", "--to", "2020-01-02").stdout.count("\n") == 1


def test_a_ledger_without_an_org_is_a_usage_error(own_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QGJOB_ORG")

    assert own_user.does("ledger").code == own_user.does("estimates").code == 2
    assert own_user.does("ledger", "--by", "org").code == 0


def test_estimates_are_listed_for_tests_and_installs(own_user: User) -> None:
    tests = own_user.does("estimates")
    one = own_user.does("-o", "json", "estimates", "--test", "tests/cart.spec.ts").document()
    installs = own_user.does("estimates", "--installs")

    assert [line.split() for line in tests.stdout.splitlines()[1:]] == [
        [f"tests/{name}.spec.ts", "emulator", "android", "2.0", "s", "1"] for name in ("cart", "login")
    ]
    assert one["count"] == 1
    assert installs.stdout.splitlines()[1].split()[-3:] == ["1.5", "s", "2"]
    assert own_user.does("estimates", "--test", "a", "--installs").code == 2


def test_estimates_that_are_cut_say_how_to_go_on(own_user: User) -> None:
    first = own_user.does("estimates", "--limit", "1")

    assert first.stderr == "There are more: --cursor 1 goes on.\n"
    assert len(own_user.does("estimates", "--cursor", "1").stdout.splitlines()) == 2
