"""A person's own copy of every row that is about them, table by table, as the registry says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.foundation import database
from components.foundation.languages.words import _
from components.foundation.personal_data import data_tables
from components.foundation.personal_data.data_tables import DataTable


@dataclass(frozen=True)
class Records:
    """The rows of one table. `name` is that of its file."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


async def of_person(person_id: UUID, email: str) -> tuple[Records, ...]:
    """`email` is theirs only once they have confirmed it; else it is empty. Tables without a row are left out."""
    async with database.transaction():
        things = await _things(person_id, email)
        found = [await _records(table, person_id, email, things) for table in data_tables.declared() if table.rows]
    return tuple(records for records in found if records.rows)


async def _things(person_id: UUID, email: str) -> list[UUID]:
    """The ids of what is theirs. What leads on from another thing of theirs is found in the second round."""
    found = {person_id}
    for _round in range(2):
        for table in data_tables.declared():
            if table.leads_on:
                sql, values = _asked(f"SELECT id {table.rows}", person_id, email, list(found))
                found |= set(await database.fetch_values(sql, *values))
    return sorted(found)


async def _records(table: DataTable, person_id: UUID, email: str, things: list[UUID]) -> Records:
    names = (*table.copied, *(name for name, _sql in table.told))
    columns = ", ".join((*(f'"{name}"' for name in table.copied), *(f"({sql})" for _name, sql in table.told)))
    sql, values = _asked(f"SELECT {columns} {table.rows}", person_id, email, things)
    rows = await database.fetch_rows(sql, *values)
    return Records(table.table, _(table.title), names, tuple(tuple(row) for row in rows))


_ASKED = re.compile(r"(?<!:):(person|email|things)\b")
_TYPES = {"person": "uuid", "email": "text", "things": "uuid[]"}


def _asked(sql: str, person_id: UUID, email: str, things: Iterable[UUID]) -> tuple[str, list[Any]]:
    """The statement with its values by number, those that it asks for."""
    known = {"person": person_id, "email": email, "things": list(things)}
    names = list(dict.fromkeys(_ASKED.findall(sql)))
    numbered = _ASKED.sub(lambda found: f"${names.index(found[1]) + 1}::{_TYPES[found[1]]}", sql)
    return numbered, [known[name] for name in names]
