"""Finds what an Appwright config names as `buildPath`, by reading its text. Never runs it: a config is a program.

Understood are string literals and path.join or path.resolve of them; what is computed otherwise is reported as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<regex> (?<=[:,(=\[]) \s* / (?: \\. | \[ (?: \\. | [^\]\\\n] )* \] | [^/\\\n\[] )+ / )
    | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*` )
    | (?P<word> [\w$]+ (?:\s*\.\s*[\w$]+)* )
    | (?P<mark> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = frozenset("{[("), frozenset("}])")
_JOINS = frozenset({"path.join", "path.resolve", "join", "resolve"})
_HERE = frozenset({"__dirname", "import.meta.dirname"})
"""The folder of the config itself: what a relative path starts from anyway."""


@dataclass(frozen=True, kw_only=True)
class BuildPath:
    """One `buildPath` of a config. `project` None: it stands outside any named project, so it is everybody's default.

    `path` None: the config computes it in a way that only running it would tell.
    """

    project: str | None
    path: str | None


def find_build_paths(config_text: str) -> list[BuildPath]:
    """List the build paths of a config in the order in which their projects end."""
    tokens = [match for match in _TOKEN.finditer(config_text) if match.lastgroup != "comment"]
    return _collect(tokens)


@dataclass
class _Object:
    """An object literal that is still open: its own `name`, and the build paths in it that have no project yet."""

    name: str | None = None
    paths: list[str | None] = field(default_factory=list)


def _collect(tokens: Sequence[re.Match[str]]) -> list[BuildPath]:
    found: list[BuildPath] = []
    open_objects = [_Object()]
    for place, token in enumerate(tokens):
        text = token.group()
        if text == "{":
            open_objects.append(_Object())
        elif text == "}" and len(open_objects) > 1:
            _close(open_objects, found)
        elif _is_key(tokens, place, "buildPath"):
            open_objects[-1].paths.append(_value(tokens, place + 2))
        elif _is_key(tokens, place, "name"):
            open_objects[-1].name = _value(tokens, place + 2)
    found += [BuildPath(project=None, path=path) for left in open_objects for path in left.paths]
    return found


def _close(open_objects: list[_Object], found: list[BuildPath]) -> None:
    """Give a finished object's build paths to the project that it is, or else to the object around it."""
    closed = open_objects.pop()
    if closed.name is None:
        open_objects[-1].paths += closed.paths
    else:
        found += [BuildPath(project=closed.name, path=path) for path in closed.paths]


def _is_key(tokens: Sequence[re.Match[str]], place: int, name: str) -> bool:
    is_name = tokens[place].group().strip("\"'") == name
    return is_name and place + 2 < len(tokens) and tokens[place + 1].group() == ":"


def _value(tokens: Sequence[re.Match[str]], place: int) -> str | None:
    """Read the expression that begins here, up to the comma or bracket that ends it."""
    match list(_expression(tokens, place)):
        case [token]:
            return _literal(token)
        case [call, _, *arguments, _] if call.group() in _JOINS:
            return _joined(arguments)
        case _:
            return None


def _expression(tokens: Sequence[re.Match[str]], place: int) -> Iterator[re.Match[str]]:
    depth = 0
    for token in tokens[place:]:
        text = token.group()
        if depth == 0 and (text in _CLOSING or text in {",", ";"}):
            return
        depth += (text in _OPENING) - (text in _CLOSING)
        yield token


def _joined(arguments: Sequence[re.Match[str]]) -> str | None:
    parts = [argument for argument in arguments if argument.group() != ","]
    if parts and parts[0].group() in _HERE:
        parts = parts[1:]
    literals = [_literal(part) for part in parts]
    known = [literal for literal in literals if literal is not None]
    return "/".join(known) if known and len(known) == len(literals) else None


def _literal(token: re.Match[str]) -> str | None:
    """Read a string literal; None for anything else, a template that has something put into it included."""
    text = token.group()
    if token.lastgroup != "string" or (text[0] == "`" and "${" in text):
        return None
    return re.sub(r"\\(.)", r"\1", text[1:-1])
