"""Which rows anything else names, by the references that every component declares."""

from collections.abc import Collection, Iterable
from uuid import UUID

from components.foundation import database
from components.foundation.consistency.all_references import all_references


async def named(table: str, keys: Iterable[UUID], *, but: Collection[str]) -> set[UUID]:
    """Those of these rows that a row of any table names, but for these tables."""
    left, found = set(keys), set()
    for rule in all_references():
        for column, target in rule.columns:
            if target == table and rule.table not in but and left:
                sql = f'SELECT DISTINCT "{column}" FROM "{rule.table}" WHERE "{column}" = ANY($1)'
                seen = set(await database.fetch_values(sql, list(left)))
                found |= seen
                left -= seen
    return found
