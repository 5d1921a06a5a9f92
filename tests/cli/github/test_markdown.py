"""Text of strangers is shown as it is, and does nothing: whatever Markdown, HTML and workflow commands make of it."""

import pytest

from qgjob.cli.github.commands import command, notice
from qgjob.cli.github.markdown import code, code_block, code_in_html, link, one_line, readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("adds to the cart", "`adds to the cart`"),
        ("@octocat #12 <b>", "`@octocat #12 <b>`"),
        ("a `tick` in it", "``a `tick` in it``"),
        ("```", "```` ``` ````"),
        ("`at its edge", "`` `at its edge ``"),
        ("two\nlines\r\n| and a cell", "`two lines | and a cell`"),
        ("", "`-`"),
        (" \n ", "`-`"),
    ],
)
def test_code_in_a_line_cannot_be_left(text: str, shown: str) -> None:
    assert code(text) == shown


def test_a_block_is_fenced_longer_than_any_fence_in_it() -> None:
    assert code_block("a\n````\nb", most=100) == "`````text\na\n````\nb\n`````"
    assert code_block("plain\n", most=100) == "```text\nplain\n```"
    assert code_block("abcdef", most=4) == "```text\nabc…\n```"


def test_html_is_shown_and_is_none() -> None:
    assert code_in_html('</summary><!-- "x" & @you') == "<code>&lt;/summary&gt;&lt;!-- &quot;x&quot; &amp; @you</code>"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x00b\x07c", "abc"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_what_nobody_sees_is_taken_out(text: str, left: str) -> None:
    assert readable(text) == left


def test_a_line_is_cut_with_a_mark() -> None:
    assert one_line("a  b\n c", most=20) == "a b c"
    assert one_line("abcdef", most=4) == "abc…"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://farm.example/runs/1?a=b", "[run](<https://farm.example/runs/1?a=b>)"),
        ("http://farm/>) @you", "[run](<http://farm/%3E%29%20@you>)"),
        ("javascript:alert(1)", "`javascript:alert(1)`"),
    ],
)
def test_a_link_leads_to_the_web_or_is_none(url: str, shown: str) -> None:
    assert link("run", url) == shown


def test_a_workflow_command_is_one_line_whatever_is_in_it() -> None:
    said = command("error", "100 %\r\n::error::forged", file="a,b:c\n.js", line=3, title="::stop-commands::x")

    assert said == ("::error file=a%2Cb%3Ac%0A.js,line=3,title=%3A%3Astop-commands%3A%3Ax::100 %25%0A::error::forged")
    assert notice("left\nright") == "::notice title=qgjob::left%0Aright"
