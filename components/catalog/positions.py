"""The position of a row that is appended to a list."""

from piccolo.columns import Integer
from piccolo.columns.combination import Combinable
from piccolo.query.functions.aggregate import Max


async def next_position(column: Integer, where: Combinable | None = None) -> int:
    """One more than the last position of these rows; 0 for the first."""
    positions = column._meta.table.select(Max(column)).output(as_list=True)
    (last,) = await (positions if where is None else positions.where(where))
    return 0 if last is None else last + 1
