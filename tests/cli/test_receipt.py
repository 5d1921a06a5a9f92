import json
from pathlib import Path

import pytest

from qgjob.cli.receipt import Receipt, ReceiptStatus, check_place, read_receipt, report_url, status_of, write_receipt
from qgjob.core.errors import ConfigurationError
from qgjob.core.outcome import ExitCode

ACCEPTED = Receipt(
    run_id="run-1",
    org_id="acme",
    server_url="http://farm",
    report_url="http://farm/runs/run-1",
    status=ReceiptStatus.RUNNING,
    exit_code=None,
    message=None,
)


def test_a_receipt_is_these_seven_fields(tmp_path: Path) -> None:
    write_receipt(tmp_path / "receipt.json", ACCEPTED)
    assert json.loads((tmp_path / "receipt.json").read_text(encoding="utf-8")) == {
        "run_id": "run-1",
        "org_id": "acme",
        "server_url": "http://farm",
        "report_url": "http://farm/runs/run-1",
        "status": "running",
        "exit_code": None,
        "message": None,
    }
    assert read_receipt(tmp_path / "receipt.json") == ACCEPTED


def test_a_new_one_replaces_the_old_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text("something longer than any receipt " * 50, encoding="utf-8")
    write_receipt(tmp_path / "receipt.json", ACCEPTED)
    assert read_receipt(tmp_path / "receipt.json") == ACCEPTED
    assert [path.name for path in tmp_path.iterdir()] == ["receipt.json"]


def test_every_exit_code_has_a_word_of_its_own() -> None:
    words = {code: status_of(code).value for code in ExitCode}
    assert words == {
        0: "passed",
        1: "failed",
        2: "configuration_error",
        3: "infrastructure_error",
        4: "not_authorised",
        5: "cancelled",
        6: "not_found",
        7: "unreachable",
        8: "no_tests",
        124: "timed_out",
        130: "interrupted",
    }


def test_where_a_run_can_be_seen() -> None:
    assert report_url("http://farm/", "run-1") == "http://farm/runs/run-1"
    assert report_url("http://farm", None) is None


def test_the_folder_of_a_receipt_is_made(tmp_path: Path) -> None:
    check_place(tmp_path / "results/farm/receipt.json")
    assert list((tmp_path / "results/farm").iterdir()) == []


@pytest.mark.parametrize("place", [".", "file/receipt.json"])
def test_a_place_for_no_file_is_refused_beforehand(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="no file can be written there"):
        check_place(tmp_path / place)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run_id": null}', json.dumps({"status": "green"})])
def test_what_is_no_receipt_is_no_green_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "receipt.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is no receipt"):
        read_receipt(tmp_path / "receipt.json")


def test_a_receipt_that_is_not_there_says_who_writes_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no receipt"):
        read_receipt(tmp_path / "receipt.json")
