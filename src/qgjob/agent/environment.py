"""What of the agent's own environment its programs get: variables by name, never all, because tests are anybody's code.

This keeps secrets from tests that print or send what they find there. It is no wall: tests run as the agent's user.
"""

from collections.abc import Mapping

_PASSED_ON = frozenset(
    {
        *("PATH", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("NODE_OPTIONS", "JAVA_HOME"),
        "PYTHONPATH",  # our own answers in aapt's place run in Python
    }
)
_OF_NPM = frozenset({"HOME", "NPM_TOKEN", "NODE_AUTH_TOKEN"})
"""Its configuration with its registries is in HOME; the tokens are those that an .npmrc commonly names."""


def test_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Pick what tests get, and Appium; HOME is not among it: each run has one of its own."""
    return {name: value for name, value in given.items() if _is_passed_on(name)}


def npm_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Pick what npm gets: also its own settings and its credentials. A project's .npmrc may name any of these."""
    return {
        name: value
        for name, value in given.items()
        if _is_passed_on(name) or name in _OF_NPM or name.lower().startswith("npm_config_")
    }


def _is_passed_on(name: str) -> bool:
    return name.upper() in _PASSED_ON or name.startswith("LC_")
