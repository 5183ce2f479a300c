"""What must be true of the rows, as data: a statement that finds every row for which it is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from piccolo.columns import Column
from piccolo.table import Table


@dataclass(frozen=True, slots=True)
class Invariant:
    """A statement whose rows break the rule, and the sentence for each of them.

    `each` is the table whose keys the statement is given as `$1`: a few thousand at a time, so that no statement is
    long. Without it the statement looks at everything at once, which suits only what never grows with the orders.
    `{now}` in the statement stands for the instant of the check.
    """

    name: str
    words: str
    sql: str
    each: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """Columns of one table that name rows of other tables: pairs of a column and the table that must have the row.

    Foreign keys are among them: a database that was repaired by hand, or restored without its constraints, may have
    rows that none of them has seen.
    """

    table: str
    columns: tuple[tuple[str, str], ...]

    def name_of(self, column: str) -> str:
        return f"{self.table}.{column} is there"


def references(tables: Iterable[type[Table]], also: Sequence[tuple[Column, str]]) -> tuple[References, ...]:
    """All foreign keys of a component's tables, and what else names a row: a column, and the table that has it."""
    found = []
    for table in tables:
        columns = [
            (key._meta.db_column_name, key._foreign_key_meta.resolved_references._meta.tablename)
            for key in table._meta.foreign_key_columns
        ]
        columns += [(column._meta.db_column_name, other) for column, other in also if column._meta.table is table]
        if columns:
            found.append(References(table._meta.tablename, tuple((str(name), other) for name, other in columns)))
    return tuple(found)
