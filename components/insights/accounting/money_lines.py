"""Lines of Money in: what each payment, refund and lost dispute adds to it, by rate of tax. Minor units."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from components.foundation import database
from components.insights.metrics.money_in import Span

A_PAGE = 500
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLine:
    """`kind` is the part of Money in that it belongs to. `country`: where an order goes to, and where the payer of a
    membership lived when it was paid. `rate_bp` is None where the rate of the day is not known."""

    kind: str
    at: datetime
    number: str
    customer: str
    country: str
    tax_name: str
    rate_bp: int | None
    net: int
    tax: int
    currency: str
    reference: str


async def paged(row_type: type[Row], sql: str, span: Span) -> AsyncIterator[list[Any]]:
    """The rows of a statement that yields `at` and `id`, by key, so that nothing is held while a file is written."""
    bounded = f"""SELECT * FROM ({sql}) found WHERE at >= $1 AND at <= $2 AND (at, id) > ($3, $4)
      ORDER BY at, id LIMIT {A_PAGE}"""
    after: tuple[datetime, UUID] = (span[0], UUID(int=0))
    while rows := await database.fetch_as(row_type, bounded, *span, *after):
        yield rows
        last: Any = rows[-1]
        after = (last.at, last.id)
