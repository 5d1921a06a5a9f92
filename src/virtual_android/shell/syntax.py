"""Splits a shell line into steps, pipelines and words; knows quotes, ; && || | and redirections, and nothing more.

Variables stay as they are written; substitutions, loops and background jobs are refused rather than half understood.
"""

import re
from dataclasses import dataclass
from enum import Enum

MAX_LINE = 64 * 1024


class ShellSyntaxError(Exception):
    """The line is not one that this shell understands."""


class Connector(Enum):
    """When a step runs: always, after a success, after a failure."""

    ALWAYS = ";"
    AND = "&&"
    OR = "||"


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Where a descriptor (1 or 2) goes: a path, or &1 and &2 for the other one."""

    descriptor: int
    target: str
    appends: bool = False


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """One command with its words, quotes removed."""

    words: tuple[str, ...]
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """Commands joined by pipes, and when they run."""

    connector: Connector
    pipeline: tuple[Invocation, ...]


@dataclass(frozen=True, kw_only=True)
class _Token:
    text: str
    is_operator: bool


_OPERATOR = re.compile(r"&&|\|\||;|\||\n|([12]?)(>>|>)[ \t]*(&[12])?")
_REDIRECT = re.compile(r"([12]?)(>>|>)(&[12])?")
_REFUSED = re.compile(r"\$\(|`|&|<|\(|\)")
_WORD_PART = re.compile(
    r"""'(?P<single>[^']*)' | "(?P<double>(?:[^"\\]|\\.)*)" | \\(?P<escaped>.) | (?P<plain>[^\s'"\\;&|<>`()]+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE_IN_DOUBLE = re.compile(r"\\([$`\"\\\n])")


def parse(line: str) -> tuple[Step, ...]:
    """Read a line; raises ShellSyntaxError naming what was not understood."""
    if len(line) > MAX_LINE:
        raise ShellSyntaxError(f"line longer than {MAX_LINE} characters")
    steps: list[Step] = []
    pipeline: list[Invocation] = []
    connector = Connector.ALWAYS
    pending: list[_Token] = []
    for token in [*_tokens(line), _Token(text=";", is_operator=True)]:
        if not token.is_operator or _REDIRECT.fullmatch(token.text):
            pending.append(token)
            continue
        ends_blank_step = token.text in ";\n" and not pending and not pipeline and connector is Connector.ALWAYS
        if ends_blank_step:
            continue
        pipeline.append(_invocation(pending, before=token.text))
        pending = []
        if token.text != "|":
            steps.append(Step(connector=connector, pipeline=tuple(pipeline)))
            pipeline = []
            connector = Connector(";" if token.text == "\n" else token.text)
    return tuple(steps)


def _invocation(tokens: list[_Token], *, before: str) -> Invocation:
    words: list[str] = []
    redirects: list[Redirect] = []
    rest = iter(tokens)
    for token in rest:
        match = _REDIRECT.fullmatch(token.text) if token.is_operator else None
        if match is None:
            words.append(token.text)
            continue
        target = match[3] or getattr(next(rest, None), "text", "")
        if not target:
            raise ShellSyntaxError(f"unexpected {before!r} after {token.text!r}")
        redirects.append(Redirect(descriptor=int(match[1] or 1), target=target, appends=match[2] == ">>"))
    if not words and not redirects:
        raise ShellSyntaxError(f"unexpected {before!r}")
    return Invocation(words=tuple(words), redirects=tuple(redirects))


def _tokens(line: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(line):
        if line[position] in " \t\r":
            position += 1
        elif operator := _OPERATOR.match(line, position):
            tokens.append(_Token(text=re.sub(r"[ \t]", "", operator[0]), is_operator=True))
            position = operator.end()
        elif refused := _REFUSED.match(line, position):
            raise ShellSyntaxError(f"{refused[0]!r} is not supported by this shell")
        else:
            word, position = _word(line, position)
            tokens.append(_Token(text=word, is_operator=False))
    return tokens


def _word(line: str, position: int) -> tuple[str, int]:
    parts: list[str] = []
    while match := _WORD_PART.match(line, position):
        position = match.end()
        if match["double"] is not None:
            parts.append(_ESCAPE_IN_DOUBLE.sub(r"\1", match["double"]))
        else:
            parts.append(match["single"] or match["escaped"] or match["plain"] or "")
    if position < len(line) and line[position] in "'\"\\":
        raise ShellSyntaxError(f"no closing quote for {line[position]!r}")
    return "".join(parts), position
