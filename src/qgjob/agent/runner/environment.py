"""The environment of a Playwright process: what the agent gives, without what would change how Playwright behaves."""

from collections.abc import Mapping
from pathlib import Path

_PRELOAD = Path(__file__).with_name("preload.cjs")
_REMOVED = frozenset(
    {
        "CI",  # it changes defaults of Playwright and Appwright; the overlay sets it while it reads the user's config
        "PLAYWRIGHT_BLOB_OUTPUT_DIR",
        "PLAYWRIGHT_BLOB_OUTPUT_FILE",
        "PLAYWRIGHT_BLOB_OUTPUT_NAME",
        "PLAYWRIGHT_FORCE_TTY",
        "PLAYWRIGHT_JSON_OUTPUT_DIR",
        "PLAYWRIGHT_JSON_OUTPUT_FILE",
        "PLAYWRIGHT_JSON_OUTPUT_NAME",
        "PWDEBUG",
        "PW_TEST_REPORTER",
    }
)


def playwright_environment(given: Mapping[str, str], *, home: Path) -> dict[str, str]:
    """For any Playwright process: plain output, nothing that opens a browser or waits for one.

    `home` is a HOME for this run alone: the agent's own may hold credentials, and another run's leavings.
    """
    kept = {name: value for name, value in given.items() if name not in _REMOVED}
    return kept | {"HOME": str(home), "FORCE_COLOR": "0", "PLAYWRIGHT_HTML_OPEN": "never", "WDIO_LOG_LEVEL": "error"}


def device_environment(given: Mapping[str, str], *, home: Path, gateway_port: int) -> dict[str, str]:
    """For a Playwright process whose Appwright is led to the gateway on this port."""
    # Node takes a quoted path here, with quotes and backslashes in it escaped.
    path = str(_PRELOAD).replace("\\", "\\\\").replace('"', '\\"')
    options = f'{given.get("NODE_OPTIONS", "")} --require "{path}"'.strip()
    own = {"NODE_OPTIONS": options, "QGJOB_GATEWAY_PORT": str(gateway_port)}
    return playwright_environment(given, home=home) | own
