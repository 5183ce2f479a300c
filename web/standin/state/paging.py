"""Rows from the newest to the oldest, read a few at a time from where a page begins: a bank's history is long."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

LOT = 100
_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def newest_first(
    connection: sqlite3.Connection, table: str, columns: str, params: Mapping[str, Any], **wanted: Any
) -> Iterator[tuple[Any, ...]]:
    """The id and `columns` of each row with these values, within `created`, from `starting_after` on, itself
    included. Rows may be changed meanwhile."""
    terms = [f"{name} = :{name}" for name in wanted]
    bounds = params.get("created")
    bounds = {"gte": bounds, "lte": bounds} if isinstance(bounds, int) else bounds or {}
    terms += [f"created {_SIGNS[name]} :created_{name}" for name in bounds]
    values = {**wanted, **{f"created_{name}": bound for name, bound in bounds.items()}, "lot": LOT}
    after = params.get("starting_after")
    if after is not None:
        terms.append(f"(created, seq) <= (SELECT created, seq FROM {table} WHERE id = :after)")
        values["after"] = after
    found = _lot(connection, table, columns, terms, values)
    further = [*terms, "(created, seq) < (:last_created, :last_seq)"]
    while found:
        for _, _, *row in found:
            yield tuple(row)
        if len(found) < LOT:
            return
        values |= {"last_created": found[-1][0], "last_seq": found[-1][1]}
        found = _lot(connection, table, columns, further, values)


def _lot(
    connection: sqlite3.Connection, table: str, columns: str, terms: list[str], values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    where = f" WHERE {' AND '.join(terms)}" if terms else ""
    query = f"SELECT created, seq, id, {columns} FROM {table}{where} ORDER BY created DESC, seq DESC LIMIT :lot"
    return connection.execute(query, values).fetchall()
