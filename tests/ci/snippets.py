"""The snippets of docs/ci.md, as the page has them: tests check and run these very lines."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "ci.md"
GITLAB = "GitLab CI"
JENKINS = "Jenkins"
BUILDKITE = "Buildkite"


def snippet(heading: str) -> str:
    """The first block of code under a heading."""
    _, found, rest = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")
    assert found, f"docs/ci.md has no heading {heading!r}"
    _, _, block = rest.partition("```")
    body, closed, _ = block.partition("\n```")
    assert closed
    return body.partition("\n")[2] + "\n"
