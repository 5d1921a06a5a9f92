from pathlib import Path

import pytest

from qgjob.cli.settings import Flags, OutputForm, Settings, settle
from qgjob.core.errors import ConfigurationError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path)}


def write_config(home: dict[str, str], text: str) -> Path:
    path = Path(home["XDG_CONFIG_HOME"]) / "qgjob/config.toml"
    path.parent.mkdir()
    path.write_text(text)
    return path


def test_nothing_needs_to_be_said(home: dict[str, str]) -> None:
    assert settle(Flags(), home) == Settings(
        server_url="http://localhost:5000",
        timeout_s=30.0,
        token=None,
        org=None,
        app_version_id=None,
        output=OutputForm.TABLE,
        quiet=False,
    )


def test_the_environment_says_where_who_and_how_long(home: dict[str, str]) -> None:
    environment = home | {
        "QGJOB_SERVER_URL": "https://farm.example/qgjob/",
        "QGJOB_TIMEOUT": "2.5",
        "QGJOB_TOKEN": "t0ken",
        "QGJOB_ORG": "acme",
    }
    settings = settle(Flags(), environment)
    assert settings.server_url == "https://farm.example/qgjob"
    assert (settings.timeout_s, settings.token, settings.org) == (2.5, "t0ken", "acme")


def test_a_flag_wins_over_the_environment_and_that_over_the_config_file(home: dict[str, str]) -> None:
    write_config(home, 'server_url = "http://file:1"\norg = "file"\ntimeout = 7\n')
    environment = home | {"QGJOB_SERVER_URL": "http://variable:2", "QGJOB_ORG": "variable"}
    settings = settle(Flags(server_url="http://flag:3"), environment)
    assert (settings.server_url, settings.org, settings.timeout_s) == ("http://flag:3", "variable", 7.0)


def test_the_config_file_may_be_anywhere(tmp_path: Path) -> None:
    (tmp_path / "ci.toml").write_text('org = "acme"\n')
    assert settle(Flags(), {"QGJOB_CONFIG": str(tmp_path / "ci.toml")}).org == "acme"


def test_a_config_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"QGJOB_CONFIG names .*, and there is no such file"):
        settle(Flags(), {"QGJOB_CONFIG": str(tmp_path / "gone.toml")})


def test_a_setting_that_does_not_exist_is_refused_with_those_that_do(home: dict[str, str]) -> None:
    path = write_config(home, 'server = "http://file:1"\n')
    with pytest.raises(ConfigurationError) as refusal:
        settle(Flags(), home)
    assert (
        refusal.value.message == f"{path}: no setting server; there are server_url, timeout, token, org, app_version_id"
    )


def test_a_config_file_that_is_no_toml_is_refused(home: dict[str, str]) -> None:
    write_config(home, "org: acme\n")
    with pytest.raises(ConfigurationError, match="cannot read the config file"):
        settle(Flags(), home)


@pytest.mark.parametrize("url", ["localhost:5000", "ftp://farm", "http://", "http://farm:port", "http://farm:99999"])
def test_an_address_that_is_none_is_refused_with_its_source(home: dict[str, str], url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^QGJOB_SERVER_URL: .* is no server address"):
        settle(Flags(), home | {"QGJOB_SERVER_URL": url})


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf", "3601"])
def test_a_timeout_that_is_none_is_refused(home: dict[str, str], seconds: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^QGJOB_TIMEOUT: .* is no timeout"):
        settle(Flags(), home | {"QGJOB_TIMEOUT": seconds})
