"""What is drawn from the code is as the code would draw it now."""

from docs.generate import DOCS, pages


def test_the_generated_pages_are_what_the_code_draws() -> None:
    stale = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "write them again with ./run docs"


def test_every_page_that_a_page_links_to_is_there() -> None:
    root = DOCS.parent
    broken = [
        f"{page.relative_to(root)} -> {link}"
        for page in [*root.glob("*.md"), *DOCS.rglob("*.md")]
        for link in _relative_links(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def _relative_links(text: str) -> list[str]:
    targets = [part.partition(")")[0] for part in text.split("](")[1:]]
    return [target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
