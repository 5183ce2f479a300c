"""Sales of several spans, asked in one reading of the rows, are what asking for each span by itself gives."""

from datetime import UTC, datetime, timedelta

import pytest

from components.foundation import clock, database
from components.insights.metrics import figures
from components.insights.metrics.figures import Sales
from tests.components.insights.test_views import filled

pytestmark = pytest.mark.usefixtures("db")


async def alone(days: int, until: datetime) -> Sales:
    noon = figures.midnight(until) + timedelta(hours=12)
    span = (figures.midnight(noon - timedelta(days=days - 1)), until)
    orders = await database.fetch_value("SELECT count(*) FROM orders WHERE paid_at BETWEEN $1 AND $2", *span)
    back = """SELECT coalesce(sum(amount), 0)::int FROM refund WHERE at BETWEEN $1 AND $2 AND status <> 'failed'"""
    return Sales(days, orders, 0, await database.fetch_value(back, *span))


@pytest.mark.parametrize("spans", [(1, 7, 30), (30, 1), (7,)])
async def test_sales_of_spans_are_those_of_each_span(spans: tuple[int, ...]) -> None:
    now = datetime.now(UTC)
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await filled("orders")
        await filled("refund")
        await database.execute("UPDATE refund SET status = 'failed' WHERE amount % 3 = 0")
        with clock.frozen(now):
            (found,) = await database.batch(figures.sales(*spans))
        assert found == tuple([await alone(days, now) for days in spans])
        assert max(one.orders for one in found) and max(one.refunds for one in found)


async def test_nothing_sold_is_nothing_in_every_span() -> None:
    (found,) = await database.batch(figures.sales(1, 7))
    assert found == (Sales(1, 0, 0, 0), Sales(7, 0, 0, 0)) and found[0].average is None
