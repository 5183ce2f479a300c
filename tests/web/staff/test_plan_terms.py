"""Staff set trials, seats, gifts, terms paid once, earning and price moves; bad input is answered at its field."""

import pytest

from components.foundation import database
from components.memberships.billing import price_migrations
from components.memberships.editing import plans
from components.memberships.grants import spend_qualification
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans, people
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await make_plans.club(price=400, interval="month", slug="monthly")
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_trial_seats_and_gifts_are_set_and_seen_by_newcomers(shop: Shop, iris: Browser) -> None:
    page = await iris.get("/staff/plans/monthly")
    terms = {"trial_days": "14", "seats": "2", "trial_ends": "card", "is_giftable": "on"}
    after = await iris.submit(page, "/staff/plans/monthly/terms", **terms)
    assert "Saved" in after.alerts()
    shown = await shop.browser().get("/join/monthly")
    assert "The first 14 days are free" in shown.words and "Share it with 2 people in your household" in shown.words
    assert "/gifts?plan=monthly" in shown.links()
    assert "The first 14 days are free" in (await shop.browser().get("/join")).words


@every_cell(
    ("field", "typed"), [("trial_days", "-1"), ("trial_days", "9999"), ("seats", "21"), ("trial_ends", "never")]
)
async def test_terms_that_make_no_sense_are_refused(iris: Browser, field: str, typed: str) -> None:
    page = await iris.get("/staff/plans/monthly")
    refused = await iris.submit(page, "/staff/plans/monthly/terms", **{field: typed})
    assert refused.status == 422 and f"{field}-error" in refused.text
    assert plan_catalogue.by_slug("monthly").trial_days == 0


@every_cell(
    ("typed", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "99999999"}, "price"),
        ({"price": "abc"}, "price"),
        ({"price": ""}, "price"),
        ({"count": "0"}, "count"),
        ({"interval": "decade"}, "interval"),
        ({"name": ""}, "name"),
        ({"price": "5", "interval": "life"}, "price"),
        ({"price": "0", "is_once": "on"}, "price"),
        ({"count": "50", "interval": "year"}, "price"),
        ({"slug": "monthly"}, "slug"),
    ],
)
async def test_plans_that_make_no_sense_are_refused_at_the_field(
    iris: Browser, typed: dict[str, str], field: str
) -> None:
    page = await iris.get("/staff/plans/new")
    good = {"name": "Other", "slug": "other", "price": "5.00", "count": "1", "interval": "month"}
    refused = await iris.submit(page, "/staff/plans", **{**good, **typed})
    assert refused.status == 422 and f"{field}-error" in refused.text
    assert await database.fetch_value("SELECT count(*) FROM plan") == 1


@pytest.mark.parametrize(
    ("interval", "count", "is_once", "words"),
    [
        ("quarter", "1", "", "£5.00 a quarter"),
        ("week", "6", "", "£5.00 every 6 weeks"),
        ("month", "6", "on", "£5.00 once, for 6 months"),
        ("life", "1", "on", "£5.00 once, for life"),
    ],
)
async def test_every_interval_can_be_sold(
    shop: Shop, iris: Browser, interval: str, count: str, is_once: str, words: str
) -> None:
    typed = {"name": "Other", "slug": "other", "price": "5.00", "count": count, "interval": interval}
    if is_once:
        typed["is_once"] = is_once
    await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", **typed)
    assert words in (await iris.get("/staff/plans")).words
    await people.customer(join_members.MAYA)
    maya = await shop.signed_in(join_members.MAYA)
    outcome = await shop.pay(await maya.submit(await maya.get("/join/other"), "/join/other"))
    await maya.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    page = await maya.get("/account/membership")
    assert "Other" in page.words and page.status == 200
    assert ("It doesn't renew" in page.words or "For life" in page.words) is bool(is_once)


async def test_members_on_older_prices_are_previewed_and_moved(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    await plans.revise(plan_catalogue.by_slug("monthly").id, price=500, by=None)
    page = await iris.get("/staff/plans/monthly")
    assert "1 member pays an older price" in page.words
    preview = await iris.get("/staff/plans/monthly/moves")
    assert "£4.00 1" in preview.words and "£1.00" in preview.words
    for typed, field in (({"from_at": "2020-01-01T10:00"}, "from_at"), ({"notice_days": "1"}, "notice_days")):
        refused = await iris.submit(preview, "/staff/plans/monthly/moves", **typed)
        assert refused.status == 422 and f"{field}-error" in refused.text
    after = await iris.submit(preview, "/staff/plans/monthly/moves")
    assert "Price change scheduled" in after.alerts() and "0 e-mailed so far" in after.words
    again = await iris.post("/staff/plans/monthly/moves", {"from_at": "2027-09-01T10:00", "notice_days": "30"})
    assert again.status == 409 and "already scheduled for this plan’s members" in again.words
    stopped = await iris.submit(after, "/staff/plans/monthly/moves/stop")
    assert "Stopped" in stopped.alerts()
    assert await price_migrations.running_migrations(plan_catalogue.by_slug("monthly").id) is None


async def test_a_plan_can_be_earned_and_no_longer(iris: Browser) -> None:
    page = await iris.get("/staff/plans/monthly")
    refused = await iris.submit(page, "/staff/plans/monthly/earning", threshold="0")
    assert refused.status == 422 and "threshold-error" in refused.text
    after = await iris.submit(page, "/staff/plans/monthly/earning", threshold="200")
    assert "£200.00 spent on products within 12 months gives this plan for free" in after.words
    (rule,) = await spend_qualification.rules()
    await iris.submit(after, f"/staff/plans/monthly/earning/{rule.id}/end")
    assert await spend_qualification.rules() == []


async def test_only_those_who_may_change_plans(shop: Shop, iris: Browser) -> None:
    await people.staff(permissions=("orders",))
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get("/staff/plans/monthly/moves")).status == 403
    assert (await sam.get("/staff/gift-memberships")).status == 403
    assert (await sam.post("/staff/plans/monthly/terms", {"trial_days": "3"})).status == 403
