"""What was learnt of how long things take, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.moments import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.say import Block
    from qgjob.wire.estimates import EstimateOfInstall, EstimateOfTest

_FIGURES = (Column(title="Time", right=True, whole=True), Column(title="Samples", right=True, whole=True))


def times_of_tests_view(tests: Sequence[EstimateOfTest]) -> Iterator[Block]:
    """Show one row per test, target and platform."""
    names = (Column(title="Test", whole=True), Column(title="Target"), Column(title="Platform"))
    rows = tuple(
        (
            test["test_path"],
            test["target"],
            test["platform"] or "not said",
            duration(test["seconds"]),
            str(test["samples"]),
        )
        for test in tests
    )
    yield Table(columns=(*names, *_FIGURES), rows=rows)


def times_of_installs_view(installs: Sequence[EstimateOfInstall]) -> Iterator[Block]:
    """Show one row per package, target, platform and model."""
    titles = ("Target", "Platform", "Model")
    names = (Column(title="Package", whole=True), *(Column(title=title) for title in titles))
    rows = tuple(
        (
            install["package"],
            install["target"],
            install["platform"] or "not said",
            install["model"] or "not said",
            duration(install["seconds"]),
            str(install["samples"]),
        )
        for install in installs
    )
    yield Table(columns=(*names, *_FIGURES), rows=rows)
