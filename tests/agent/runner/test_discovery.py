import json
from dataclasses import replace
from pathlib import Path

import pytest

from qgjob.agent.processes import Processes
from qgjob.agent.runner import Listing, list_cases
from qgjob.core.attempt import Case
from qgjob.core.errors import ConfigurationError
from qgjob.core.words import Platform
from tests.agent.runner.standin_project import CONFIG, environment, write_project

pytestmark = pytest.mark.anyio


async def listed(folder: Path, processes: Processes, story: str = "lists", *, config: str = CONFIG) -> Listing:
    work = folder / "work"
    work.mkdir()
    return await list_cases(
        write_project(folder / "project", config=config),
        specs=["tests/a.spec.js"],
        project_name=None,
        platform=Platform.ANDROID,
        work=work,
        env=environment(story),
        processes=processes,
    )


def case(file: str) -> Case:
    return Case(case_id=file, title="works", file=file, line=1)


async def test_the_cases_are_listed_with_what_the_user_configured(tmp_path: Path, processes: Processes) -> None:
    listing = await listed(tmp_path, processes)
    assert listing.cases == (Case(case_id="c1", title="works", file="tests/a.spec.js", line=1, select_line=1),)
    assert (listing.retries, listing.timeout_s) == (1, 7.0)


async def test_no_gateway_is_needed(tmp_path: Path, processes: Processes) -> None:
    await listed(tmp_path, processes)
    config = (tmp_path / "work" / "run.config.mjs").read_text()
    assert (
        json.loads(config[config.index("{", config.index("overlaid(")) : config.rindex("}") + 1])["buildPath"] is None
    )


async def test_where_there_is_no_test_nothing_is_listed(tmp_path: Path, processes: Processes) -> None:
    assert (await listed(tmp_path, processes, "finds no tests")).cases == ()


async def test_a_spec_with_a_syntax_error_is_a_wrong_configuration(tmp_path: Path, processes: Processes) -> None:
    with pytest.raises(ConfigurationError, match=r"SyntaxError: Unexpected token \(tests/a.spec.js:3\)"):
        await listed(tmp_path, processes, "cannot be loaded")


async def test_a_config_that_throws_is_a_wrong_configuration(tmp_path: Path, processes: Processes) -> None:
    with pytest.raises(ConfigurationError, match="my own words"):
        await listed(tmp_path, processes, config="throw new Error('my own words');")


async def test_a_playwright_that_says_nothing_is_told_with_what_it_printed(
    tmp_path: Path, processes: Processes
) -> None:
    cli = tmp_path / "cli.js"
    cli.write_text("console.log('Playwright needs a newer Node'); process.exit(1);")
    project = replace(write_project(tmp_path / "project"), playwright_cli=cli)
    (tmp_path / "work").mkdir()
    with pytest.raises(ConfigurationError, match="It said: Playwright needs a newer Node"):
        await list_cases(
            project,
            specs=None,
            project_name="android",
            platform=Platform.ANDROID,
            work=tmp_path / "work",
            env=environment("lists"),
            processes=processes,
        )


def test_the_cases_of_one_path_are_picked_from_all() -> None:
    cases = tuple(case(file) for file in ("tests/a.spec.js", "tests/cart/b.spec.js", "tests/cart.spec.js"))
    listing = Listing(cases=cases, retries=0, timeout_s=None, build_path=None)
    assert listing.cases_of("tests/a.spec.js") == cases[:1]
    assert listing.cases_of("tests/cart/") == cases[1:2]
    assert listing.cases_of("tests") == cases
    assert listing.cases_of("tests/none.spec.js") == ()
