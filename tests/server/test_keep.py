from datetime import timedelta

import pytest

from qgjob.core.errors import ConfigurationError
from qgjob.server.keep import Keep, read_keep
from qgjob.server.settings import read_app_settings


def test_jobs_are_kept_for_ever_and_evidence_for_a_month_where_nobody_says_otherwise() -> None:
    assert read_keep(jobs=None, evidence=None) == Keep(jobs=None, evidence=timedelta(days=30)) == Keep()


@pytest.mark.parametrize(
    ("text", "length"),
    [("12h", timedelta(hours=12)), ("90d", timedelta(days=90)), ("4w", timedelta(weeks=4)), ("off", None)],
)
def test_lengths_are_read_as_people_write_them(text: str, length: timedelta | None) -> None:
    assert read_keep(jobs=text, evidence=text) == Keep(jobs=length, evidence=length)


@pytest.mark.parametrize("text", ["90", "0d", "-1d", "90 days", "1.5d", "30m", "999999d"])
def test_what_is_no_length_is_refused_and_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"--keep '.*' is no length of time: write hours, days or weeks"):
        read_keep(jobs=text, evidence=None)
    with pytest.raises(ConfigurationError, match="--keep-evidence"):
        read_keep(jobs=None, evidence=text)


def test_an_application_that_others_listen_for_reads_them_from_its_environment() -> None:
    keep = read_app_settings({"QGJOB_KEEP": "90d", "QGJOB_KEEP_EVIDENCE": "off"}).keep

    assert keep == Keep(jobs=timedelta(days=90), evidence=None)
