"""What tests and npm get of the agent's environment: what they need, by name, and no secret of anybody's."""

from qgjob.agent import environment

SECRETS = {
    "QGJOB_TOKEN": "t",
    "AWS_SECRET_ACCESS_KEY": "a",
    "GITHUB_TOKEN": "g",
    "DATABASE_URL": "d",
    "SSH_AUTH_SOCK": "s",
}
OF_NPM = {"HOME": "/home/qa", "NPM_TOKEN": "n", "npm_config_registry": "r", "NPM_CONFIG_USERCONFIG": "u"}
PLAIN = {"PATH": "/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "https_proxy": "p", "NO_PROXY": "q", "SSL_CERT_FILE": "c"}


def test_tests_get_what_they_need_and_no_secret() -> None:
    assert environment.test_environment({**SECRETS, **OF_NPM, **PLAIN}) == PLAIN


def test_npm_gets_its_own_settings_besides_and_nobody_else_s_secret() -> None:
    assert environment.npm_environment({**SECRETS, **OF_NPM, **PLAIN}) == {**PLAIN, **OF_NPM}
