"""What a reader of Markdown makes of it: text of strangers is only ever code, whatever it is."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from qgjob.cli.github.comment import comment
from qgjob.cli.github.outcome import JobTold, Kind
from qgjob.cli.receipt import ReceiptStatus
from tests.cli.github.outcomes import REPORT_URL, an_outcome, surroundings, told

OURS = {"div", "h3", "h4", "p", "strong", "a", "ul", "li", "code", "pre", "details", "summary"}
SIGNS = [
    *("`", "``", "```", "~~~", "\n", "\n\n", "\r\n", " ", "\t", "    ", "|", "*", "_", "#", "- ", "> ", "\\", "\\`"),
    *("<!--", "-->", "<b>", "</code>", "</pre>", "</details>", "</summary>", "<script>", "&lt;", "&#96;", "]]>", "<?"),
    *("[x](y)", "](", "<http://x>", "@octocat", "#12", "www.x.org", "$(x)", "::error::"),
    *("\x1b[31m", "\u202e", "\u2028", "\x00", "\ufffe", "ä", "text"),
]
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)
RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table")


def rendered(text: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{RENDERER.render(text)}</div>")


def outside_code(page: html.HtmlElement) -> str:
    """All text that is not code, where GitHub looks for mentions and references."""
    for each in [*page.iter("pre"), *page.iter("code")]:
        each.drop_tree()
    return str(page.text_content())


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=6, max_size=6))
def test_text_of_strangers_is_only_ever_code(texts: list[str]) -> None:
    title, file, where, error, message, name = texts
    cases = [
        replace(told(title, kind, said=where, errors=(error,) if kind is Kind.NEW else ()), file=file, where=where)
        for kind in Kind
    ]
    jobs = (JobTold(test_path=file, where=where, verdict="infra_error", message=message),)
    outcome = an_outcome(*cases, status=ReceiptStatus.CANCELLED, jobs=jobs, message=message)

    page = rendered(comment(outcome, replace(surroundings(), job_name=name)))

    assert {node.tag for node in page.iter() if isinstance(node.tag, str)} <= OURS
    assert len([node for node in page.iter() if not isinstance(node.tag, str)]) == 1, "more than the mark is a comment"
    assert [heading.text for heading in page.iter("h4")] == [
        "New failures",
        "Known failures",
        "Jobs that did not come to a result",
        "Flaky: passed on a retry",
        "Muted: they decide nothing",
    ]
    assert [link.get("href") for link in page.iter("a")] == [REPORT_URL]
    left = outside_code(page)
    assert [sign for sign in ("@octocat", "#12", "www.", "::error", "$(x)", "`", "|", "*") if sign in left] == []
