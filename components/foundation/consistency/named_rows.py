"""Which rows anything else names, by the references that every component declares.

Which table it is shows only at run time, as in `table_keys`: names come from the classes of tables.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from components.foundation import database
from components.foundation.consistency.all_references import all_references

_NAMED = "SELECT DISTINCT %(column)s FROM ONLY %(table)s WHERE %(column)s = ANY($1)"


async def named(table: str, keys: Iterable[UUID], *, but: Collection[str]) -> set[UUID]:
    """Those of these rows that a row of any table names, but for these tables."""
    left, found = set(keys), set()
    for rule in all_references():
        for column, target in rule.columns:
            if target == table and rule.table not in but and left:
                names = {"column": f'"{column}"', "table": f'"{rule.table}"'}
                seen = set(await database.fetch_values(_NAMED % names, list(left)))
                found |= seen
                left -= seen
    return found
