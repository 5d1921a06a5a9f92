"""Text of strangers inside Markdown and workflow commands: it is shown as it is, and never does anything.

GitHub's Markdown knows mentions, references, HTML and comments; inside of code none of them is looked for, so that is
where titles, paths and errors go.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""What turns the direction of text or takes no room: two texts that look alike would not be."""
_BACKTICKS = re.compile("`+")


def readable(text: str) -> str:
    """Take out what no reader sees: colours, control characters save line ends and tabs, marks of direction."""
    return _UNSEEN.sub("", _CONTROL.sub("", text.replace("\r\n", "\n")))


def one_line(text: str, *, most: int) -> str:
    """Write on one line of at most so many characters."""
    joined = " ".join(readable(text).split())
    return joined if len(joined) <= most else joined[: most - 1] + "…"


def code(text: str, *, most: int = 300) -> str:
    """Write as code within a line."""
    shown = one_line(text, most=most) or "-"
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def code_in_html(text: str, *, most: int = 300) -> str:
    """Write as code within a line of HTML, where Markdown is not read."""
    return f"<code>{html.escape(one_line(text, most=most) or '-')}</code>"


def code_block(text: str, *, most: int) -> str:
    """Write as a block of code of at most so many characters, between fences that nothing in it can close."""
    shown = readable(text).strip("\n")
    if len(shown) > most:
        shown = shown[: most - 1] + "…"
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}text\n{shown}\n{fence}"


def link(text: str, url: str) -> str:
    """Link a text of ours to an address; one that is no web address is shown and leads nowhere."""
    if urlsplit(url).scheme not in {"http", "https"}:
        return code(url)
    return f"[{text}](<{quote(url, safe=':/?#[]@!$&*+,;=%~-._')}>)"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
