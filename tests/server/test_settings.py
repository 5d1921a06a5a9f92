from pathlib import Path

import pytest

from qgjob.core.errors import ConfigurationError
from qgjob.server.settings import Access, AppSettings, Settings, is_loopback, read_app_settings, read_settings


def settings(
    *,
    host: str = "127.0.0.1",
    port: int = 5000,
    data_dir: Path | None = Path("data"),
    database_url: str | None = None,
    environ: dict[str, str] | None = None,
    theta: float | None = None,
) -> Settings:
    return read_settings(
        host=host, port=port, data_dir=data_dir, database_url=database_url, environ=environ or {}, theta=theta
    )


def test_the_database_lies_in_the_data_folder_unless_it_is_named() -> None:
    assert settings().database == Path("data/qgjob.db")
    assert settings(database_url="sqlite:///farm.db").database == Path("farm.db")
    assert settings(database_url="sqlite:////var/farm.db").database == Path("/var/farm.db")


def test_the_data_folder_follows_the_xdg_convention_when_nobody_names_it() -> None:
    assert settings(data_dir=None, environ={"XDG_DATA_HOME": "/data"}).data_dir == Path("/data/qgjob")
    assert settings(data_dir=None).data_dir == Path.home() / ".local" / "share" / "qgjob"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "::ffff:127.0.0.1", "localhost"])
def test_these_hosts_are_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1", "farm.example", "localhost.example", ""]
)
def test_these_hosts_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_listening_off_loopback_is_refused_and_says_how_to_mean_it() -> None:
    with pytest.raises(ConfigurationError, match="QGJOB_ACCESS=none"):
        settings(host="0.0.0.0")


def test_listening_off_loopback_is_possible_for_who_says_so() -> None:
    assert settings(host="0.0.0.0", environ={"QGJOB_ACCESS": "none"}).access is Access.NONE


def test_opting_out_changes_nothing_on_loopback() -> None:
    assert settings(environ={"QGJOB_ACCESS": "none"}).access is Access.LOOPBACK


def test_an_unknown_kind_of_access_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="QGJOB_ACCESS=off is unknown"):
        settings(environ={"QGJOB_ACCESS": "off"})


@pytest.mark.parametrize("url", ["postgresql://farm:secret@db.example/qgjob", "postgres:///qgjob?host=/run/postgresql"])
def test_a_postgresql_database_is_named_by_its_url(url: str) -> None:
    assert settings(database_url=url).database == url


def test_a_postgresql_address_that_is_none_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(ConfigurationError, match="cannot be read") as refused:
        settings(database_url="postgresql://farm:secret@db.example:port:port/qgjob?x")
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("url", ["mysql://x", "farm.db", "sqlite:///", "sqlite:", ""])
def test_a_database_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="is unknown"):
        settings(database_url=url)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(ConfigurationError, match="is no port"):
        settings(port=port)


def test_an_application_that_others_listen_for_is_set_by_its_environment() -> None:
    environ = {"QGJOB_DATA_DIR": "data", "QGJOB_DATABASE_URL": "sqlite:///farm.db", "QGJOB_ACCESS": "none"}

    assert read_app_settings(environ) == AppSettings(
        data_dir=Path("data"), database=Path("farm.db"), access=Access.NONE
    )


def test_an_application_that_nobody_set_up_serves_this_machine_from_the_usual_folder() -> None:
    environ = {"XDG_DATA_HOME": "/data", "QGJOB_DATA_DIR": "", "QGJOB_DATABASE_URL": ""}

    assert read_app_settings(environ) == AppSettings(
        data_dir=Path("/data/qgjob"), database=Path("/data/qgjob/qgjob.db"), access=Access.LOOPBACK
    )


def test_theta_is_named_or_set_or_as_it_comes() -> None:
    assert settings().theta == read_app_settings({}).theta == 1.5
    assert settings(environ={"QGJOB_THETA": "2"}).theta == read_app_settings({"QGJOB_THETA": "2"}).theta == 2
    assert settings(theta=3, environ={"QGJOB_THETA": "2"}).theta == 3


@pytest.mark.parametrize("text", ["0.9", "8.1", "nan", "inf", "fast"])
def test_a_theta_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"QGJOB_THETA={text} is no number from 1 to 8"):
        settings(environ={"QGJOB_THETA": text})
