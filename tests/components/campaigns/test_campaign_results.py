"""What came of a campaign: who counts on which side, when, and how sure a difference is."""

import dataclasses
import math
from datetime import timedelta
from uuid import UUID

import pytest

from components.campaigns import campaign_results, campaign_sending, campaigns, difference_intervals
from components.consents import consents
from components.foundation import clock, database, ids
from components.orders.tables import Order
from tests.components.campaigns import made
from tests.components.campaigns.made import DRAFT


def test_the_interval_of_two_shares_is_newcombes() -> None:
    """His example (1998, table II, a): 56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339."""
    found = difference_intervals.of_shares(56, 70, 48, 80)
    assert (round(found.low, 4), round(found.middle, 4), round(found.high, 4)) == (0.0524, 0.2, 0.3339)
    assert found.is_certain and not difference_intervals.of_shares(5, 100, 4, 100).is_certain
    nothing = difference_intervals.of_shares(0, 100, 0, 100)
    assert nothing.low < 0 < nothing.high, "that nobody bought proves nothing"


def test_the_interval_of_two_means_is_welchs() -> None:
    ours, theirs = [0, 100, 300, 0], [0, 0, 100, 0]
    squares = [sum(x * x for x in side) for side in (ours, theirs)]
    found = difference_intervals.of_means(sum(ours), squares[0], 4, sum(theirs), squares[1], 4)
    half = 1.959964 * math.sqrt(20000 / 4 + 2500 / 4)
    assert found.middle == 75 and found.low == pytest.approx(75 - half) and found.high == pytest.approx(75 + half)


async def order(email: str, total: int, *, at: timedelta, person: UUID | None = None, currency: str = "GBP") -> None:
    then = clock.now() + at
    row = Order(
        id=ids.new(), number=f"T-{ids.new().hex[-12:]}", person=person, email=email, name="x", currency=currency,
        goods=total, total=total, address="{}", placed_at=then, paid_at=then, expires_at=then,
    )  # fmt: skip
    await Order.insert(row)


async def test_orders_count_on_their_side_for_fourteen_days(db: None) -> None:
    owner = await made.owner()
    await made.agreed(300)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, holdout=50), by=owner)
    await made.tick()
    split = await database.fetch_rows(
        "SELECT m.email, is_holdout FROM campaign_recipient r JOIN mailing_contact m ON m.id = r.contact ORDER BY 1"
    )
    ours = [email for email, is_holdout in split if not is_holdout]
    theirs = [email for email, is_holdout in split if is_holdout]
    for email in ours[:40]:
        await order(email, 1_000, at=timedelta(days=3))
    await order(ours[0], 500, at=timedelta(days=13, hours=23))
    await order(ours[50], 9_999, at=timedelta(days=14))
    await order(ours[51], 9_999, at=-timedelta(seconds=1))
    await order(ours[52], 9_999, at=timedelta(days=1), currency="EUR")
    await order("else@kiln.test", 9_999, at=timedelta(days=1))
    for email in theirs[:5]:
        await order(email, 1_000, at=timedelta(days=3))
    await consents.withdraw(ours[0], ("news",), how="unsubscribe")
    found = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert found is not None and not found.is_over
    assert found.written == campaign_results.CampaignSide(len(ours), 40, 41, 40_500, 39 * 1_000**2 + 1_500**2, 0)
    assert found.held_out == campaign_results.CampaignSide(len(theirs), 5, 5, 5_000, 5 * 1_000**2, 0)
    assert found.buying is not None and found.buying.is_certain
    expected = difference_intervals.of_shares(40, len(ours), 5, len(theirs))
    assert found.buying == expected


async def test_too_few_is_said_and_before_it_begins_there_is_nothing(db: None) -> None:
    owner = await made.owner()
    await made.agreed(20)
    campaign = await campaigns.create(dataclasses.replace(DRAFT, holdout=50), by=owner)
    assert await campaign_results.results(campaign) is None
    await campaigns.schedule(campaign.id, at=clock.now(), version=1, by=owner)
    await campaign_sending.start_due()
    found = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert found is not None and found.buying is None and found.worth is None
