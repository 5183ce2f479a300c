"""Renewals whose charge failed are kept by the day it did, and are what the invoices say, whatever becomes of them."""

import random
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.foundation.database import Query
from components.insights.programme import dunning
from components.insights.programme.dunning import Recovery
from components.insights.rollups import figure_rolls, kept_comparison
from tests.support import segment_people, suggestion_shop

DAY = timedelta(days=1)
DEEDS = (
    "UPDATE mirrored_invoice SET status = 'paid', paid_at = failed_at WHERE status = 'open' AND total % 3 = $1",
    "UPDATE mirrored_invoice SET status = 'void' WHERE status = 'open' AND total % 3 = $1",
    "UPDATE mirrored_invoice SET failed_at = failed_at - interval '40 days' WHERE total % 3 = $1",
    "UPDATE mirrored_invoice SET total = total + 3 WHERE total % 3 = $1",
    "DELETE FROM mirrored_invoice WHERE total % 3 = $1",
    "DELETE FROM paid_period WHERE net_amount % 3 = $1",
    """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version,
      net_amount, net_price) SELECT gen_random_uuid(), local_id, i.stripe_id || 'p', i.created_at - interval '400 days',
      i.created_at - interval '370 days', 450, 'GBP', i.created_at, plan_version, 450, 450
    FROM mirrored_invoice i JOIN subscription ON subscription.id = local_id WHERE total % 3 = $1""",
)


async def recovery(*, from_rows: bool) -> list[Recovery]:
    found, now = list[Any](), clock.now()
    for span in ((now - 30 * DAY, now), (now - 366 * DAY, now - 10 * DAY), (now - 5 * DAY, now + 5 * DAY)):
        asked = dunning.query(*span)
        if from_rows:
            args = (span[0], min(span[1], now), None)
            asked = Query(dunning._COUNTED.format(failed=dunning._FAILED.format(whom="true")), args, asked.read)
        found += await database.batch(asked)
    return found


async def agree() -> list[Recovery]:
    for _ in range(2):
        found = await recovery(from_rows=False)
        assert found == await recovery(from_rows=True)
        assert await kept_comparison.compare() == []
        await figure_rolls.roll_all()
    return found


async def some_failed(chance: random.Random) -> None:
    made = suggestion_shop.begun(clock.now())
    for number in range(60):
        begun = chance.randint(20, 400)
        sub = made.subscription(made.member(days=begun), days=begun)
        if chance.random() < 0.7:
            made.fee(sub, days=begun, net=450 + number)
        failed = made.at(chance.randint(0, begun))
        status, reason = chance.choice(["open", "paid", "void"]), chance.choice(["cycle", "create"])
        made.add("mirrored_invoice", stripe_id=f"in_{number}", local_id=sub, status=status, total=450 + number,
                 reason=f"subscription_{reason}", currency="GBP", created_at=failed - DAY,
                 failed_at=failed if chance.random() < 0.8 else None)  # fmt: skip
        del made.rows["mirrored_invoice"][-1]["id"]
    await segment_people.insert(made.rows)


@pytest.mark.parametrize("deed", DEEDS)
async def test_each_change_is_heard_of(db: None, deed: str) -> None:
    await some_failed(random.Random(5))
    before = await agree()
    assert before[1].failed > 5 and before[1].waiting and before[1].recovered
    seen = [before]
    for rest in range(3):
        await database.execute(deed, rest)
        seen.append(await agree())
    assert any(one != before for one in seen), "it changes something"
