"""A shop whose prices are without tax reads once, after the upgrade, that the fees it had set hold their tax."""

from datetime import timedelta
from importlib import import_module

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.support import applied_migrations, join_members, make_plans, people
from tests.support.shops import Shop

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_30_0335_which_shops_read_about_fees")
TITLE = "Tax is in the membership fees that you set before the last upgrade."


async def tell() -> None:
    """As the upgrade does, where the one that brought the tax on top of fees is just over."""
    await database.execute(MIGRATION.TELL.format(f"timestamptz '{clock.now().isoformat()}'"))


async def upgraded(shop: Shop, **settings: str) -> None:
    """Set up before, then upgraded to the version that says so."""
    if settings:
        await setting_rows.change(settings, by=None)
    await tax_rates.set_rate("GB", rate_bp=2000)
    await make_plans.club(price=400, interval="month")
    await tell()
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await people.owner()
    await shop.refresh()


@pytest.mark.parametrize(
    ("settings", "is_told"),
    [
        ({"prices_include_tax": "no"}, True),
        ({}, False),
        ({"prices_include_tax": "no", "small_business": "yes"}, False),
    ],
)
async def test_only_shops_it_concerns_read_it(shop: Shop, settings: dict[str, str], is_told: bool) -> None:
    await upgraded(shop, **settings)
    shown = (await (await shop.signed_in("iris@kiln.test")).get("/staff")).words
    assert (TITLE in shown) is is_told


async def test_a_shop_without_fees_is_not_told(shop: Shop) -> None:
    await setting_rows.change({"prices_include_tax": "no"}, by=None)
    await tell()
    assert await database.fetch_value("SELECT count(*) FROM fee_notice") == 0


async def test_it_names_the_fees_leads_to_the_plans_and_an_owner_has_it_go_for_all(shop: Shop) -> None:
    await upgraded(shop, prices_include_tax="no")
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get("/staff")
    name = plan_catalogue.all_plans(clock.now())[0].name
    assert f"These are: {name} £4.00." in page.words and "/staff/plans" in page.links()
    await people.staff("sam@kiln.test", permissions=("plans",))
    sam = await shop.signed_in("sam@kiln.test")
    seen = await sam.get("/staff")
    assert TITLE in seen.words and "An owner can close this." in seen.words and "Don’t show" not in seen.words
    assert (await sam.post("/staff/fee-notice")).status == 403
    await people.staff("tom@kiln.test", permissions=("orders",))
    assert TITLE not in (await (await shop.signed_in("tom@kiln.test")).get("/staff")).words
    after = await iris.submit(page, "/staff/fee-notice")
    assert "The notice about fees is not shown again." in after.words
    assert TITLE not in (await iris.get("/staff")).words and TITLE not in (await sam.get("/staff")).words
    assert (await iris.post("/staff/fee-notice")).status in (200, 303), "twice is once"
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'notice about fees read'") == 1


async def test_a_fee_that_was_typed_again_is_not_in_it_but_stays_for_members_who_pay_it(shop: Shop) -> None:
    await upgraded(shop, prices_include_tax="no")
    iris = await shop.signed_in("iris@kiln.test")
    plan = plan_catalogue.all_plans(clock.now())[0]
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=480, by=None)
    assert "£4.00. To have the tax on top" in (await iris.get("/staff")).words
    await database.execute("UPDATE subscription SET status = 'cancelled', ended_at = now()")
    assert TITLE not in (await iris.get("/staff")).words


async def test_fees_that_were_set_with_their_tax_on_top_are_not_told_of(shop: Shop) -> None:
    """The upgrade that brought it was an hour ago: since then one fee was typed without tax, and one long before."""
    await setting_rows.change({"prices_include_tax": "no"}, by=None)
    await tax_rates.set_rate("GB", rate_bp=2000)
    since = clock.now()
    async with applied_migrations.noted():
        await database.execute(
            "UPDATE migration SET ran_on = $1 WHERE name = $2", since.astimezone().replace(tzinfo=None),
            MIGRATION.CAME_WITH,
        )  # fmt: skip
        clock.set_everywhere(since + timedelta(hours=1))
        await make_plans.club(price=480, interval="month")
        await MIGRATION.tell()
        assert await database.fetch_value("SELECT count(*) FROM fee_notice") == 0
        with clock.frozen(since - timedelta(hours=1)):
            await plans.create(slug="old", name="Old", summary="", price=400, interval="month", by=None)
        await MIGRATION.tell()
    await people.owner()
    await shop.refresh()
    shown = (await (await shop.signed_in("iris@kiln.test")).get("/staff")).words
    assert "These are: Old £4.00." in shown
