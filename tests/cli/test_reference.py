from pathlib import Path

from qgjob.cli.reference import reference


def test_every_command_and_option_is_documented() -> None:
    page = Path(__file__).resolve().parents[2] / "docs/cli.md"
    assert page.read_text(encoding="utf-8") == reference(), "write it again with ./run docs"
