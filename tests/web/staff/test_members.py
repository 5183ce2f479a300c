"""Staff and the club: plans, benefits, members and articles, by links and plain forms."""

from datetime import datetime, timedelta

import pytest

from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import clock, database
from components.memberships.entitlements import entitlements
from components.memberships.grants import complimentary, imported_memberships
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from tests.figures.comparing import compare
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.support import fill_basket, join_members, make_plans, make_products, people
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop

DAY = timedelta(days=1)


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_a_new_plan_says_what_the_membership_is_called_and_its_owner_can_change_it(
    shop: Shop, iris: Browser
) -> None:
    page = await iris.get("/staff/plans/new")
    assert "the Kiln Club” ( change its name" in page.words and "/staff/settings/shop" in page.links()
    await people.staff(permissions=["plans"])
    other = await (await shop.signed_in("sam@kiln.test")).get("/staff/plans/new")
    assert "the Kiln Club”." in other.words and "/staff/settings/shop" not in other.links()


async def test_a_plan_is_made_priced_anew_and_retired(shop: Shop, iris: Browser) -> None:
    typed = {"name": "Monthly", "slug": "monthly", "summary": "By the month", "price": "4.00", "count": "1"}
    page = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", interval="month", **typed)
    assert "Monthly created" in page.alerts() and "£4.00 a month" in page.words
    page = await iris.get("/staff/plans/monthly")
    same = await iris.submit(page, "/staff/plans/monthly/price")
    assert same.status == 422 and "This is already the price." in same.words
    page = await iris.submit(page, "/staff/plans/monthly/price", price="5.00")
    assert "New members pay this price from now on" in page.alerts()
    assert "£5.00 a month" in page.words and "£4.00 a month" in page.words
    await iris.submit(page, "/staff/plans/monthly/retirement")
    assert plan_catalogue.active_plans() == ()
    audited = await database.fetch("SELECT what FROM audit_entry WHERE subject = 'plan'")
    assert {row["what"] for row in audited} == {"plan created", "plan price changed", "plan archived"}


@every_cell(
    ("wrong", "words"),
    [
        ({"price": "-1"}, "at least 0.00"),
        ({"price": "4.0051"}, "at most 2 decimals"),
        ({"price": "4", "interval": "life"}, "needs a week, month or year"),
        ({"name": ""}, "“Name” is required."),
    ],
)
async def test_a_bad_plan_is_refused_at_its_field(shop: Shop, iris: Browser, wrong: dict[str, str], words: str) -> None:
    typed = {"name": "Monthly", "slug": "monthly", "price": "4.00", "count": "1", "interval": "month", **wrong}
    page = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", **typed)
    assert page.status == 422 and words in page.words


async def test_a_benefit_is_looked_at_on_real_products_defined_and_promised(shop: Shop, iris: Browser) -> None:
    await make_products.product("Moon mug", price=2400)
    plan = await make_plans.club()
    action = "/staff/benefits/new?kind=member_price"
    page = await iris.get(action)
    typed = {"name": "15% off", "discount_type": "percent", "percent": "15", "covers": "everything"}
    look = await iris.post(action, {**typed, "look": "1"})
    assert "Moon mug £24.00 → £20.40" in look.words and "15% off everything" in look.words
    wrong = await iris.submit(page, action, **{**typed, "percent": "95"})
    assert wrong.status == 422 and "Enter between 0.01 and 90 per cent." in wrong.words
    saved = await iris.submit(page, action, **typed)
    assert "created. Now choose the plans" in saved.alerts()
    shown = await iris.get("/staff/plans/annual")
    assert "15% off" in shown.words
    benefit_id = await database.fetch_value("SELECT id FROM benefit WHERE name = '15% off'")
    refused = await iris.post("/staff/plans/annual/benefits", {"benefit": str(benefit_id)})
    assert "10% off" in refused.alerts(), "two member prices over everything contradict each other"
    ten = next(one.id for one in plan.benefits if one.kind == "member_price")
    await iris.post(f"/staff/plans/annual/benefits/{ten}/removal", {"at": ""})
    await iris.post("/staff/plans/annual/benefits", {"benefit": str(benefit_id)})
    assert len(plan_catalogue.by_slug("annual").benefits) == len(plan.benefits)
    page = await iris.get(f"/staff/benefits/{benefit_id}")
    changed = await iris.submit(page, f"/staff/benefits/{benefit_id}", percent="20")
    assert "the previous version stays on record" in changed.alerts()
    assert [
        one.effects[0].rule.value for one in plan_catalogue.by_slug("annual").benefits if one.name == "15% off"
    ] == [2000]


@pytest.mark.parametrize("kind", ["member_price", "free_delivery", "early_access", "members_only", "content"])
async def test_every_kind_of_benefit_can_be_defined_and_opened_again(shop: Shop, iris: Browser, kind: str) -> None:
    action = f"/staff/benefits/new?kind={kind}"
    answers = {"percent": "10", "hours": "72", "threshold": "20.00"}
    page = await iris.get(action)
    given = {name: value for name, value in answers.items() if name in page.form(action).given}
    assert (await iris.submit(page, action, name="It", **given)).status == 200
    benefit_id = await database.fetch_value("SELECT id FROM benefit")
    again = await iris.get(f"/staff/benefits/{benefit_id}")
    assert again.form(f"/staff/benefits/{benefit_id}").given["name"] == "It"
    assert (await iris.submit(again, f"/staff/benefits/{benefit_id}")).status == 200
    assert await database.fetch_value("SELECT count(*) FROM benefit_version") == 1


async def test_products_that_are_not_there_are_refused_by_name(shop: Shop, iris: Browser) -> None:
    action = "/staff/benefits/new?kind=members_only"
    page = await iris.get(action)
    wrong = await iris.submit(page, action, name="It", covers="product", products="moon-mug")
    assert wrong.status == 422 and "There is no match for “moon-mug”." in wrong.words
    await make_products.product("Moon mug")
    assert (await iris.submit(page, action, name="It", covers="product", products="moon-mug")).status == 200


async def test_was_she_entitled_on_that_day_and_why(shop: Shop, iris: Browser, at: datetime) -> None:
    maya, plan = await people.customer("maya@kiln.test", name="Maya"), await make_plans.club()
    await complimentary.grant(maya.id, plan, until=at + 10 * DAY, by=people.NOBODY, note="A thank-you")
    page = await iris.get(f"/staff/members/{maya.id}")
    assert (
        "10% off: yes. Since Monday 1 March 2027 at 12:00, until Thursday 11 March 2027 at 12:00, because of Annual"
        in page.words
    )
    later = await iris.get(f"/staff/members/{maya.id}?at=2027-03-11T12:00")
    assert (
        "10% off: no. No membership at that time: Annual, complimentary, ended on Thursday 11 March 2027 at 12:00"
        in later.words
    )
    just_before = await iris.get(f"/staff/members/{maya.id}?at=2027-03-11T11:59")
    assert "10% off: yes." in just_before.words
    earlier = await iris.get(f"/staff/members/{maya.id}?at=2027-03-01T11:59")
    assert "10% off: no. This benefit was only created on Monday 1 March 2027" in earlier.words
    assert (await iris.get(f"/staff/members/{maya.id}?at=nonsense")).status == 422


async def test_the_roll_is_searched_and_filtered(shop: Shop, iris: Browser) -> None:
    plan = await make_plans.club()
    maya = await people.customer("maya@kiln.test", name="Maya")
    noor = await people.customer("noor@kiln.test", name="Noor")
    await complimentary.grant(maya.id, plan, until=None, by=people.NOBODY)
    assert "Maya" in (await iris.get("/staff/members")).words
    assert "Noor" not in (await iris.get("/staff/members")).words
    assert "Noor" in (await iris.get("/staff/members?show=all&q=noor")).words
    elsewhere = await iris.get("/staff/members?show=paused&q=noor")
    (further,) = [link for link in elsewhere.links() if link.endswith("?show=all&q=noor")]
    assert "Noor" in (await iris.get(further)).words
    assert "No one matches" in (await iris.get("/staff/members?plan=none")).words
    assert "No one matches" in (await iris.get("/staff/members?show=all&q=%25")).words
    page = await iris.get(f"/staff/members/{noor.id}")
    given = await iris.submit(page, f"/staff/members/{noor.id}/comps", plan="annual", note="Sorry")
    assert "Annual membership given." in given.alerts()
    assert (await entitlements.for_person(noor.id, clock.now())).is_member
    nobody = await iris.post(f"/staff/members/{people.NOBODY}/comps", {"plan": "annual"})
    assert nobody.status == 404
    past = await iris.submit(page, f"/staff/members/{noor.id}/comps", plan="annual", until="2027-01-01T00:00")
    assert past.status == 422 and "Choose an end date in the future." in past.words
    assert await invariants() == []


async def test_staff_cancel_for_a_member_and_it_is_audited(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    maya = await join_members.person()
    page = await iris.submit(
        await iris.get(f"/staff/members/{maya}/cancellation"), f"/staff/members/{maya}/cancellation"
    )
    assert (
        "The membership ends on 1 March 2028. Nothing more will be charged." in page.alerts()
        and "1 March 2028" in page.words
    )
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'subscription cancelled'") == 1


async def test_an_article_is_written_looked_at_and_put_out(shop: Shop, iris: Browser) -> None:
    page = await iris.get("/staff/articles/new")
    typed = {"title": "Ash glaze", "teaser": "The ash.", "body": "## How\n\n<script>no</script>", "gate": "members"}
    look = await iris.post("/staff/articles/new", {**typed, "look": "1"})
    assert "How" in look.words and "<script>no" not in look.text
    await iris.submit(page, "/staff/articles/new", **typed, drip_days="30", published_at="2027-02-01T09:00")
    assert "Ash glaze" in (await iris.get("/staff/articles")).words
    edit = await iris.get("/staff/articles/ash-glaze")
    wrong = await iris.submit(edit, "/staff/articles/ash-glaze", gate="public")
    assert wrong.status == 422 and "can’t be delayed by days of membership" in wrong.words
    await iris.submit(edit, "/staff/articles/ash-glaze", title="Ash")
    assert (await shop.browser().get("/journal/ash-glaze")).heading == "Ash"
    await article_editing.create(Draft(slug="other", title="Other", teaser="", body=""), by=None)
    edit = await iris.get("/staff/articles/ash-glaze")
    taken = await iris.submit(edit, "/staff/articles/ash-glaze", slug="other")
    assert taken.status == 422 and "Another article already uses this address." in taken.words


@pytest.mark.parametrize("path", ["/staff/plans", "/staff/benefits", "/staff/members", "/staff/articles"])
async def test_rooms_open_only_with_their_permission(shop: Shop, path: str) -> None:
    await people.staff("sam@kiln.test", ("orders",))
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get(path)).status == 403
    guest = await shop.browser().get(path)
    assert guest.path.startswith("/sign-in")


async def test_a_payment_from_another_system_is_listed_and_offers_no_refund(shop: Shop, iris: Browser) -> None:
    maya = await people.customer(join_members.MAYA)
    plan = await make_plans.club()
    began = clock.now() - 60 * DAY
    await imported_memberships.import_membership(
        maya.id, plan, started_at=began, ended_at=began + 30 * DAY, reason="moved away"
    )
    page = await iris.get(f"/staff/members/{maya.id}")
    assert "Membership payments" in page.words
    assert [link for link in page.links() if "/refunds/" in link] == []


async def test_a_membership_cancelled_elsewhere_with_time_left_has_not_ended_and_counts_as_leaving(
    shop: Shop, iris: Browser
) -> None:
    maya, began = await people.customer(join_members.MAYA), clock.now() - 20 * DAY
    with clock.frozen(began - DAY):
        plan = await make_plans.club(price=450, interval="month", slug="monthly")
    with clock.frozen(began):
        await imported_memberships.import_membership(
            maya.id, plan, started_at=began, ended_at=began + 30 * DAY, reason="price"
        )
    await shop.catch_up()
    page = await iris.get(f"/staff/members/{maya.id}")
    assert "Fixed term" in page.words and "Ended" not in page.words
    assert "cancellation" not in " ".join(page.links()), "nothing of it is billed here"
    cmrr = await iris.get("/staff/metrics/figures/cmrr")
    assert cmrr.heading == "CMRR: £0.00" and "£3.75 − £3.75 from the changes below = £0.00" in cmrr.words
    assert "Leaves" in cmrr.words and (await compare(rate_bp=2000)).found == []
    clock.set_everywhere(began + 31 * DAY)
    assert "Ended" in (await iris.get(f"/staff/members/{maya.id}")).words


async def test_after_an_ended_complimentary_membership_nobody_is_called_never_a_member(
    shop: Shop, iris: Browser
) -> None:
    maya = await people.customer(join_members.MAYA)
    await complimentary.grant(maya.id, await make_plans.club(), until=None, by=None, note="")
    there = f"/staff/members/{maya.id}"
    between = await iris.submit(await iris.get(there), f"{there}/comps/end")
    page = await iris.submit(between, f"{there}/comps/end")
    assert "Not a member" in page.words and "Membership Never" not in page.words


async def test_staff_and_member_read_the_same_of_a_membership_paid_once_that_is_over(shop: Shop) -> None:
    iris = await with_a_term(shop)
    there = f"/staff/members/{await join_members.person()}"
    assert "Ended" not in (await iris.get(there)).words
    clock.set_everywhere(clock.now() + 400 * DAY)
    await shop.catch_up()
    iris, maya = await shop.signed_in("iris@kiln.test"), await shop.signed_in(join_members.MAYA)
    mine, page = await maya.get("/account/membership"), await iris.get(there)
    assert "Year pass has ended" in mine.words and "It ended on 1 March 2028." in mine.words
    assert "Membership Ended" in page.words and "Not a member" not in page.words
    assert "The member’s page says: Year pass has ended. It ended on 1 March 2028." in page.words
