"""What waits to be entered at Stripe Tax by hand costs what waits, however many refunds were ever recorded there."""

from components.foundation import clock, database
from components.insights.todo import taxes_by_hand
from tests.support import canary_rows, past_orders

MANY = """INSERT INTO refund (id, "order", amount, currency, at, status)
  SELECT gen_random_uuid(), $1, 100, 'GBP', $2::timestamptz - n * interval '1 minute', 'succeeded'
  FROM generate_series(1, 3000) n"""
RECORDED = """INSERT INTO tax_reversal (refund, sale, amount, asked_at, transaction, recorded_at, refused)
  SELECT id, $1, 100, at, 'tax_' || id, at, '' FROM refund"""


async def test_todays_count_reads_only_what_waits(db: None) -> None:
    order = await past_orders.bought(None)
    await canary_rows.add(
        "tax_sale",
        reference_id=order,
        calculation="taxcalc_1",
        answer="{}",
        transaction="tax_1",
        refused="",
        entered_at=None,
    )
    await database.execute(MANY, order, clock.now())
    await database.execute(RECORDED, order)
    for table in ("refund", "tax_reversal", "orders", "tax_sale"):
        await database.execute(f"ANALYZE {table}")
    plan = await database.fetch_values(f"EXPLAIN {taxes_by_hand.TO_ENTER}")
    for name in ("tax_reversal_to_enter", "refund_failed"):
        assert any(name in line for line in plan), plan
    assert not [line for line in plan if "Seq Scan on refund" in line or "Seq Scan on tax_reversal" in line], plan
    assert await taxes_by_hand.count() == 0
