from pathlib import Path

from qgjob.agent.runner.environment import device_environment, playwright_environment


def test_nothing_of_the_agents_own_surroundings_changes_how_playwright_reports() -> None:
    given = {
        "PATH": "/bin",
        "CI": "1",
        "PW_TEST_REPORTER": "x",
        "PLAYWRIGHT_JSON_OUTPUT_FILE": "y",
        "TZ": "UTC",
        "HOME": "/h",
    }
    assert playwright_environment(given, home=Path("/run")) == {
        "PATH": "/bin",
        "TZ": "UTC",
        "HOME": "/run",
        "FORCE_COLOR": "0",
        "PLAYWRIGHT_HTML_OPEN": "never",
        "WDIO_LOG_LEVEL": "error",
    }


def test_a_process_with_a_device_is_led_to_its_gateway() -> None:
    made = device_environment({"NODE_OPTIONS": "--trace-warnings"}, home=Path("/run"), gateway_port=5678)
    assert made["QGJOB_GATEWAY_PORT"] == "5678"
    assert made["NODE_OPTIONS"].startswith('--trace-warnings --require "/')
    assert made["NODE_OPTIONS"].endswith('/preload.cjs"')
