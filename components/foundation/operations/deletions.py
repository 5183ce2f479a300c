"""What staff delete can be brought back for a month: its rows are kept as they were, in one row.

Only what has no history is deleted. What orders, members or figures name is archived by its owner instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from piccolo.columns import Array, Column
from piccolo.table import Table

from components.foundation import audit, clock, database, ids, json
from components.foundation.database import schema
from components.foundation.refusals import Conflict, NotFound
from components.foundation.tables import DeletedThing

KEPT = timedelta(days=30)
MOST_LISTED = 200
Row = dict[str, Any]


class StillUsed(Conflict):
    """Names what uses it."""

    message = "It is still used elsewhere, so it can’t be deleted."


class NameTakenAgain(Conflict):
    message = "It can’t be brought back: something else has its name or address now."


class ParentGone(Conflict):
    message = "It can’t be brought back before what it belonged to."


class NotDeleted(NotFound):
    message = "This is not among what was deleted in the last 30 days. It may have been brought back already."


class RowsOf(NamedTuple):
    """The rows of a table that go with the thing: those whose `column` is one of `values`."""

    table: type[Table]
    column: Column
    values: Sequence[Any]


@dataclass(frozen=True)
class Thing:
    """`path` is the page that lists its kind."""

    kind: str
    id: UUID
    name: str
    path: str


@dataclass(frozen=True)
class Deleted:
    """A thing that can be brought back; `id` is that of its deletion."""

    id: UUID
    kind: str
    name: str
    path: str
    deleted_at: datetime
    deleted_by: UUID | None


async def delete(thing: Thing, parts: Sequence[RowsOf], *, by: UUID | None) -> UUID:
    """Delete these rows, parents first, within the caller's transaction; what it is brought back by.

    Raises `StillUsed`.
    """
    kept = [(part.table._meta.tablename, row) for part in parts for row in await _rows(part)]
    deleted_id = ids.new()
    try:
        async with database.transaction():
            for part in reversed(parts):
                if part.values:
                    await part.table.delete().where(part.column.is_in(list(part.values)))
            row = DeletedThing(id=deleted_id, kind=thing.kind, path=thing.path, deleted_at=clock.now(), deleted_by=by)
            row.name, row.parts = thing.name[:255], json.dump(kept)
            await DeletedThing.insert(row)
            before = {"name": thing.name}
            await audit.record(by, f"{thing.kind} deleted", thing.kind, thing.id, before=before)
    except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError):
        raise StillUsed from None
    return deleted_id


@dataclass(frozen=True)
class Restored:
    thing: Deleted
    rows: tuple[tuple[str, Row], ...]

    def ids_in(self, table: str, column: str) -> set[UUID]:
        """What this column of the rows of a table names."""
        return {UUID(row[column]) for name, row in self.rows if name == table}


async def restore(deleted_id: UUID, *, by: UUID | None) -> Restored:
    """As it was, under the same ids. Raises `NotDeleted`, `NameTakenAgain`, `ParentGone`."""
    async with database.transaction():
        is_it = (DeletedThing.id == deleted_id) & DeletedThing.restored_at.is_null()
        row = await database.locked(DeletedThing, is_it)
        if row is None:
            raise NotDeleted
        kept: list[tuple[str, Row]] = json.load(row.parts)
        tables = {table._meta.tablename: table for table in schema.tables()}
        if not tables.keys() >= {name for name, _ in kept}:
            raise NotDeleted
        try:
            async with database.transaction():
                for name, one in kept:
                    await tables[name].insert(_made(tables[name], one))
        except asyncpg.UniqueViolationError:
            raise NameTakenAgain from None
        except asyncpg.ForeignKeyViolationError:
            raise ParentGone from None
        await DeletedThing.update(restored_at=clock.now()).where(DeletedThing.id == deleted_id)
        await audit.record(by, f"{row.kind} brought back", row.kind, deleted_id, after={"name": row.name})
    return Restored(_deleted(row.to_dict()), tuple((name, one) for name, one in kept))


async def by_id(deleted_id: UUID) -> Deleted:
    """Raises `NotDeleted`."""
    row = await DeletedThing.select().where(DeletedThing.id == deleted_id, DeletedThing.restored_at.is_null()).first()
    if row is None:
        raise NotDeleted
    return _deleted(row)


async def recent() -> list[Deleted]:
    """What can be brought back, the latest first."""
    rows = DeletedThing.select().where(DeletedThing.restored_at.is_null())
    return [_deleted(row) for row in await rows.order_by(DeletedThing.deleted_at, ascending=False).limit(MOST_LISTED)]


async def delete_old() -> None:
    await DeletedThing.delete().where(DeletedThing.deleted_at < clock.now() - KEPT)


async def _rows(part: RowsOf) -> list[Row]:
    if not part.values:
        return []
    found = part.table.select().where(part.column.is_in(list(part.values))).order_by(part.table._meta.primary_key)
    return [json.to_plain(row) for row in await found]


def _made(table: type[Table], row: Row) -> Table:
    """As JSON gives a row back, identities and instants are words. The shop may have been upgraded since: columns that
    are gone are left out, new ones get what they begin with.
    """
    columns = {column._meta.name: column for column in table._meta.columns}
    return table(**{name: _value(columns[name], value) for name, value in row.items() if name in columns})


def _value(column: Column, value: Any) -> Any:
    if isinstance(value, list) and isinstance(column, Array):
        return [_value(column.base_column, one) for one in value]
    if not isinstance(value, str):
        return value
    if column.value_type is UUID:
        return UUID(value)
    if column.value_type is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.value_type is date else value


def _deleted(row: dict[str, Any]) -> Deleted:
    return Deleted(**{name: row[name] for name in Deleted.__dataclass_fields__})
