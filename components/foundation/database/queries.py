"""A query as a value: so that several, of several components, can be sent in one round trip."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from components.foundation import json
from components.foundation.database.rows import fetch_rows

T = TypeVar("T")


@dataclass(frozen=True)
class Query(Generic[T]):
    """A component's query for one scalar JSON value.

    `sql` is a SELECT with its own $1, $2 … that yields one JSON value; `read` turns it (or None) into the answer.
    `types` are PostgreSQL's names for the arguments' types: only request coalescing needs them.
    """

    sql: str
    args: tuple[Any, ...]
    read: Callable[[Any], T]
    types: tuple[str, ...] = ()

    def answer(self, text: str | None) -> T:
        return self.read(None if text is None else json.load(text))


class TextQuery(Query[T]):
    """`read` is given the JSON as text, so that answers may be cached by it."""

    def answer(self, text: str | None) -> T:
        return self.read(text)


async def batch(*queries: Query[Any]) -> tuple[Any, ...]:
    """The answers to several queries, in one statement and so as of one instant of the database."""
    if not queries:
        return ()
    sql = _one_statement(tuple((query.sql, len(query.args)) for query in queries))
    [texts] = await fetch_rows(sql, *(arg for query in queries for arg in query.args))
    return tuple(query.answer(text) for query, text in zip(queries, texts, strict=True))


async def batch_of(chosen: str, args: tuple[Any, ...], *queries: Query[Any]) -> tuple[Any, ...]:
    """As `batch`, of queries that read `ids` from `chosen`: those that a SELECT with its own arguments finds, once."""
    first = sum(len(query.args) for query in queries)
    sql = _one_statement(tuple((query.sql, len(query.args)) for query in queries))
    given = [arg for query in queries for arg in query.args]
    named = f"WITH chosen AS MATERIALIZED (SELECT ARRAY({with_placeholders(chosen, '${}', first)}) AS ids) {sql}"
    [texts] = await fetch_rows(named, *given, *args)
    return tuple(query.answer(text) for query, text in zip(queries, texts, strict=True))


@lru_cache(maxsize=200)
def _one_statement(queries: tuple[tuple[str, int], ...]) -> str:
    """One statement of several, whose arguments follow each other."""
    columns: list[str] = []
    offset = 0
    for sql, count in queries:
        columns.append(f"({with_placeholders(sql, '${}', offset)})::text")
        offset += count
    return "SELECT " + ", ".join(columns)


def with_placeholders(sql: str, form: str, offset: int) -> str:
    """Each placeholder `$n` written as `form` has it for n + `offset`; literals, quoted names and comments stay."""

    def replaced(found: re.Match[str]) -> str:
        number = found["number"]
        return form.format(int(number) + offset) if number else found[0]

    return _TOKENS.sub(replaced, sql)


_TOKENS = re.compile(
    r"""'(?:[^']|'')*'           # a literal
    | "(?:[^"]|"")*"             # a quoted name
    | --[^\n]*                   # a comment
    | \$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?(tag)(?P=tag))\$   # a dollar-quoted literal
    | (?<![\w$])\$(?P<number>\d+)""",
    re.VERBOSE | re.DOTALL,
)
