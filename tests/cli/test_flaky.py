"""`qgjob flaky` and `qgjob history` in front of a real server, and the exit code of a run whose failure is muted."""

import pytest

from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.cli.hands import Hand, Told
from tests.cli.projects import make_project
from tests.cli.test_submit import V1
from tests.cli.users import Answered, User

PAYS = Told(title="cart › pays")
PAYS_NOT = Told(title="cart › pays", status=CaseStatus.FAILED)
OPENS = Told(title="cart › opens \x1b[31m\nand is red")


class Pusher:
    """Somebody who runs the same spec again and again."""

    def __init__(self, user: User, client: Client) -> None:
        self._user = user
        self._hand = Hand(client)

    def run(self, *cases: Told) -> str:
        """Run it once, to its end; the id of its job."""
        submit = ("submit", "--app-version-id", "1.0.0", "--app", str(V1), "--max-retries", "0")
        (job_id,) = self._user.does(*submit, "--test", "tests/cart.spec.ts").job_ids()
        ok = all(case.status is CaseStatus.PASSED for case in cases)
        self._hand.run(Verdict.PASSED if ok else Verdict.FAILED, cases)
        return job_id

    def ends_with(self, *cases: Told) -> tuple[int, int]:
        """Run it once; with which exit codes its job and its run end."""
        job_id = self.run(*cases)
        run_id = str(self._user.does("-o", "json", "status", job_id).document()["run_id"])
        return self._user.does("status", job_id).code, self._user.does("status", "--run-id", run_id).code


@pytest.fixture
def pusher(own_user: User, own_client: Client) -> Pusher:
    make_project(own_user.folder, {"tests/cart.spec.ts": ""})
    return Pusher(own_user, own_client)


def mute(user: User, case: str = "pays", *, until: str = "30d") -> Answered:
    return user.does("flaky", "mute", case, "--owner", "ada", "--until", until, "--reason", "SHOP-1")


def test_the_flakiest_cases_are_shown_with_what_made_them_so(own_user: User, pusher: Pusher) -> None:
    for case in (PAYS, PAYS_NOT, PAYS, PAYS_NOT, PAYS):
        pusher.run(case, OPENS)
    shown = own_user.does("flaky").stdout.splitlines()
    document = own_user.does("-o", "json", "flaky", "list").document()
    (listed,) = document["cases"] if isinstance(document["cases"], list) else []

    assert len(shown) == 2
    assert shown[1].startswith("tests/cart.spec.ts › cart › pays    80%     5       2      0      4  0.5 s")
    assert (listed["case_id"], listed["flaky_score"], listed["flips"]) == ("cart › pays", 0.8, 4)
    assert len(own_user.does("flaky", "list", "--order", "recent").stdout.splitlines()) == 3
    assert own_user.does("flaky", "list", "--order", "slowing").stderr == "No case has any of that in its last runs.\n"


def test_the_history_of_a_case_has_a_row_for_each_run(own_user: User, pusher: Pusher) -> None:
    pusher.run(PAYS)
    job_id = pusher.run(PAYS_NOT)
    shown = own_user.does("history", "cart › pays").stdout
    document = own_user.does("-o", "json", "history", "tests/cart.spec.ts:cart › pays").document()

    assert "Case: tests/cart.spec.ts › cart › pays" in shown
    assert "Last runs: 2 total, 1 passed, 1 failed" in shown
    assert "Flaky score: not known yet, of so few runs (1 flip on one app version)" in shown
    assert "Time: 0.5 s on average" in shown
    assert shown.splitlines()[-2].split()[3:] == [
        *("failed", "new", "failure", "1.0.0", "emulator", "0.5", "s", "1"),
        job_id,
    ]
    assert document["case_id"] == "cart › pays"


def test_a_run_is_green_while_its_only_failure_is_muted_and_red_again_afterwards(
    own_user: User, pusher: Pusher
) -> None:
    before = pusher.ends_with(PAYS_NOT, OPENS)
    muted = mute(own_user)
    during = pusher.ends_with(PAYS_NOT, OPENS)
    unmuted = own_user.does("flaky", "unmute", "cart › pays")
    after = pusher.ends_with(PAYS_NOT, OPENS)

    assert (before, during, after) == ((1, 1), (0, 0), (1, 1))
    assert (muted.code, unmuted.code) == (0, 0)
    assert unmuted.stderr == "It decides again; this is the mute that it had.\n"


def test_mutes_are_listed_with_who_is_to_mend_what(own_user: User, pusher: Pusher) -> None:
    pusher.run(PAYS)
    mute(own_user, until="2h")
    shown = own_user.does("flaky", "mutes").stdout.splitlines()

    assert shown[0].split() == ["Case", "Owner", "Until", "Reason", "Case", "ID"]
    assert shown[1].startswith("tests/cart.spec.ts › cart › pays  ada    ")
    assert "SHOP-1" in shown[1]
    assert "Muted: until" in own_user.does("history", "pays").stdout
    assert own_user.does("-o", "json", "flaky", "mutes").document()["count"] == 1


def test_a_text_that_several_cases_have_is_refused_and_names_them(own_user: User, pusher: Pusher) -> None:
    pusher.run(PAYS, OPENS)
    refused = own_user.does("history", "cart.spec")

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[0] == "Error: 'cart.spec' may be any of these; say which by its id:"
    assert "    cart › pays  tests/cart.spec.ts › cart › pays" in refused.stderr.splitlines()
    assert "\x1b" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 3


def test_a_case_that_is_not_there_is_exit_6(own_user: User, pusher: Pusher) -> None:
    pusher.run(PAYS)

    assert own_user.does("history", "returns").code == 6
    assert "no case of acme is 'returns'" in own_user.does("history", "returns").stderr
    assert mute(own_user, "returns").code == 6
    assert own_user.does("flaky", "unmute", "pays").code == 6


def test_what_cannot_be_is_said_before_anything_is_asked(own_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_user.does("history").code == 2
    assert "qgjob flaky list names cases" in own_user.does("history").stderr
    assert own_user.does("flaky", "mute", "pays", "--until", "30d").code == 2
    assert mute(own_user, until="next year").code == 2
    monkeypatch.delenv("QGJOB_ORG")
    assert own_user.does("flaky").code == own_user.does("history", "pays").code == 2
    assert own_user.does("flaky", "--org-id", "acme", "mutes").code == 0
    assert own_user.does("flaky", "mutes", "--org-id", "acme").code == 0


def test_a_mute_that_is_over_or_too_long_is_refused(own_user: User, pusher: Pusher) -> None:
    pusher.run(PAYS)

    assert mute(own_user, until="2020-01-01").stderr == (
        "Error: until must be a time to come: a case is not muted for the past.\n"
    )
    assert mute(own_user, until="400d").code == 2
