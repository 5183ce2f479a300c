"""Money in, and memberships by country, are what their rows are, whether their days are kept, queued or neither."""

from datetime import timedelta

from components.foundation import clock, database
from components.insights.accounting import country_totals
from components.insights.metrics import money_in
from components.insights.rollups import figure_rolls, kept_comparison
from tests.conftest import NOON
from tests.support.shops import Shop
from tests.web.staff.test_csv_files import everything

ORDERS = """SELECT count(*), sum(total - credit)::int, sum(round(tax * (total - credit)::numeric / total))::int
  FROM orders WHERE paid_at IS NOT NULL"""
FEES = "SELECT count(*), sum(amount)::int, sum(amount - net_amount)::int FROM paid_period WHERE NOT is_opening"


async def told() -> list[object]:
    return [*await money_in.parts(30), *await country_totals.totals(money_in.span_of(30))]


async def test_what_was_paid_is_read_from_its_days(shop: Shop) -> None:
    await everything(shop)
    with clock.frozen(NOON + timedelta(days=5)):
        anew = await told()
        parts = {one.name: (one.count, one.amount, one.tax) for one in await money_in.parts(30)}
        assert parts["Orders"] == (await database.fetch_rows(ORDERS))[0]
        assert parts["Membership fees"] == (await database.fetch_rows(FEES))[0]
        await figure_rolls.roll_all()
        assert await told() == anew and await kept_comparison.compare() == []
        await database.execute("UPDATE figure_day SET amount = amount + 7 WHERE source = 'money'")
        await database.execute("UPDATE figure_fee_day SET tax = tax + 9")
        kept = {one.name: (one.count, one.amount, one.tax) for one in await money_in.parts(30)}
        assert (
            kept["Orders"][1] - parts["Orders"][1] == 7
            and kept["Membership fees"][2] - parts["Membership fees"][2] == 9
        )
        fees = [one for one in await country_totals.totals(money_in.span_of(30)) if one.kind == "Membership fees"]
        assert sum(one.tax for one in fees) == kept["Membership fees"][2]
        assert {one.name for one in await kept_comparison.compare()} == {"days", "fees of days"}


async def test_an_order_paid_otherwise_is_read_from_its_rows_until_its_day_is_added_up(shop: Shop) -> None:
    await everything(shop)
    with clock.frozen(NOON + timedelta(days=5)):
        await figure_rolls.roll_all()
        before = (await money_in.parts(30))[0]
        for change in ("credit = credit - 100", "tax = tax - 60"):
            async with database.transaction():
                await database.execute("ALTER TABLE orders DISABLE TRIGGER USER")
                await database.execute("ALTER TABLE orders ENABLE TRIGGER orders_change_their_day")
                await database.execute(f"UPDATE orders SET {change} WHERE paid_at IS NOT NULL")
                await database.execute("ALTER TABLE orders ENABLE TRIGGER USER")
            after = (await money_in.parts(30))[0]
            assert (after.amount, after.tax) != (before.amount, before.tax), change
            await figure_rolls.roll_all()
            assert (await money_in.parts(30))[0] == after and await kept_comparison.compare() == []
            before = after
