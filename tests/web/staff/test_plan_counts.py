"""The page of a plan counts people in three ways, and says of each who is in it."""

from components.foundation import database
from components.memberships.editing import plans
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop


async def test_each_count_says_whom_it_counts(shop: Shop) -> None:
    annual = await make_plans.club()
    for name in ("maya", "noor", "omar"):
        await join_members.joins(shop, annual, email=f"{name}@kiln.test")
    await plans.revise(annual.id, price=4500, interval="year", count=1, by=None)
    payers = await database.fetch_values("SELECT id FROM subscription ORDER BY id")
    await database.execute("UPDATE subscription SET cancel_at = current_period_end WHERE id = $1", payers[0])
    await database.execute("UPDATE subscription SET status = 'paused' WHERE id = $1", payers[1])
    await database.execute("UPDATE membership SET ends_at = starts_at WHERE source_id = $1", payers[1])
    iris = await shop.signed_in((await people.owner("iris@kiln.test")).email)
    told = (await iris.get("/staff/plans/annual")).words
    assert "2 members now, everybody who has its benefits today." in told, told
    assert "1 member pays an older price, leaving out whoever has paused or cancelled." in told, told
    assert "£39.00 a year 1 March 2027" in told and "also paused ones, cancelled ones until their end" in told, told
