import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_android.shell.syntax import Connector, Invocation, Redirect, ShellSyntaxError, Step, parse


def step(*words: str, connector: Connector = Connector.ALWAYS) -> Step:
    return Step(connector=connector, pipeline=(Invocation(words=words),))


@settings(deadline=None)
@given(words=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_quoted_words_come_back_as_they_were(words: list[str]) -> None:
    assert parse(shlex.join(words)) == (step(*words),)


@settings(deadline=None)
@given(line=st.text(alphabet="ab '\"\\;&|<>$()`\n12-", max_size=40))
def test_any_line_is_either_understood_or_refused(line: str) -> None:
    try:
        steps = parse(line)
    except ShellSyntaxError:
        return
    assert all(invocation.words or invocation.redirects for step in steps for invocation in step.pipeline)


def test_operators_join_steps() -> None:
    assert parse("a; b && c || d") == (
        step("a"),
        step("b"),
        step("c", connector=Connector.AND),
        step("d", connector=Connector.OR),
    )


def test_operators_in_quotes_are_text() -> None:
    assert parse("echo 'a;b' \"c && d\" e\\|f") == (step("echo", "a;b", "c && d", "e|f"),)


def test_a_pipe_joins_commands() -> None:
    pipeline = (Invocation(words=("ps",)), Invocation(words=("grep", "shop")))

    assert parse("ps | grep shop") == (Step(connector=Connector.ALWAYS, pipeline=pipeline),)


def test_redirections_are_no_words() -> None:
    redirects = (Redirect(descriptor=1, target="/sdcard/x", appends=True), Redirect(descriptor=2, target="&1"))

    assert parse("echo hi 2 >> /sdcard/x 2>&1") == (
        Step(connector=Connector.ALWAYS, pipeline=(Invocation(words=("echo", "hi", "2"), redirects=redirects),)),
    )


@pytest.mark.parametrize(
    "line", ["echo $(id)", "sleep 9 &", "echo `id`", "a && ", "| a", "echo 'open", "cat < x", "a >"]
)
def test_what_is_not_modelled_is_refused(line: str) -> None:
    with pytest.raises(ShellSyntaxError):
        parse(line)
