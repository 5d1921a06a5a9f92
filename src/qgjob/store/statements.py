"""Named SQL: reads `.sql` files in which every statement has a name and a sentence saying what it is for.

    -- name: take_ready
    -- Take a waiting job off the list, if nobody else has.
    DELETE FROM ready WHERE ...;

Parameters are written `:name`, and `IN :names` where one is a list. One text serves every database; what differs is
the dialect's to translate.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

PARAMETER = re.compile(r"(?<![:\w]):(?P<name>[a-z_][a-z_0-9]*)")
LIST = re.compile(r"\bIN (:[a-z_][a-z_0-9]*)")
_NAME = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)$", re.MULTILINE)


def parse(text: str, *, source: str) -> dict[str, str]:
    """Split a file into its statements, in order. Raises ValueError where a name or a sentence is missing or twice."""
    before, *parts = _NAME.split(text)
    if any(line and not line.startswith("--") for line in before.splitlines()):
        raise ValueError(f"{source}: a statement without a name stands before the first name")
    statements: dict[str, str] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        lines = body.strip().splitlines()
        if not lines or not lines[0].startswith("-- "):
            raise ValueError(f"{source}: {name} has no sentence saying what it is for")
        if name in statements:
            raise ValueError(f"{source}: {name} comes twice")
        sql = "\n".join(line for line in lines if not line.startswith("--")).strip()
        if not sql.endswith(";") or sql.count(";") != 1:
            raise ValueError(f"{source}: {name} is not one statement that ends in a semicolon")
        statements[name] = sql.removesuffix(";")
    return statements


def merge(sources: Iterable[Traversable]) -> dict[str, str]:
    """Read several files as one. Raises ValueError where a name comes twice."""
    merged: dict[str, str] = {}
    for source in sorted(sources, key=lambda source: source.name):
        statements = parse(source.read_text("utf-8"), source=source.name)
        if twice := merged.keys() & statements.keys():
            raise ValueError(f"{source.name}: {', '.join(sorted(twice))} has been named before")
        merged |= statements
    return merged


@cache
def parameters_of(sql: str) -> tuple[str, ...]:
    """Name the parameters of a statement, each once, in the order in which they first come."""
    return tuple(dict.fromkeys(match["name"] for match in PARAMETER.finditer(sql)))


@cache
def shipped() -> Mapping[str, str]:
    """All the statements of `store/sql`, read once per process."""
    return merge(source for source in files("qgjob.store").joinpath("sql").iterdir() if source.name.endswith(".sql"))
