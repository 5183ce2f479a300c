"""Experiments in the staff area, as staff use them."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_watch, experiments
from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.components.experiments import made
from tests.components.experiments.test_experiment_results import ask, join
from tests.support import make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

LIST = "/staff/experiments"
TYPED = {
    "name": "Cheaper", "kind": "price", "figure": "joined", "days": "14", "base": "10", "least": "2",
    "a_share": "50", "b_name": "Thirty", "b_share": "50", "b_price": "30", "promise_days": "14",
}  # fmt: skip


async def staff(shop: Shop, *permissions: str) -> Browser:
    await people.owner()
    person = await people.staff("sam@kiln.test", permissions)
    return await shop.signed_in(person.email)


async def somebody() -> UUID:
    found: UUID = await database.fetch_value("SELECT id FROM person LIMIT 1")
    return found


async def test_an_experiment_is_written_started_watched_and_decided(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED, plan=str(plan.id))
    assert page.heading == "Cheaper" and "Draft" in page.words
    assert "About 14," in page.words and "it would never end here" in page.words
    clock.set_everywhere(clock.now() + timedelta(seconds=1))  # of two entries of one instant either may be first
    there = page.path
    page = await sam.submit(page, f"{there}/start")
    assert page.status == 422 and "It would take too long here to tell you anything" in page.words
    page = await sam.submit(page, f"{there}/start", sure="on")
    assert (
        "The experiment is running. Customers who are signed in" in page.alerts()
        and "Not yet known: each arm needs at least 100 people" in page.words
    )
    one = await experiments.by_id(UUID(there.rsplit("/", 1)[-1]))
    for person in (await ask(one.row.id, 1, 600))[:150]:
        await join(person)
    for person in (await ask(one.row.id, 0, 600))[:60]:
        await join(person)
    clock.set_everywhere(clock.now() + timedelta(days=14))
    page = await sam.get(there)
    assert "“Thirty” joins more often: +" in page.words and "per 100" in page.words
    assert "150 (25.0 per 100)" in page.words and "60 (10.0 per 100)" in page.words
    assert "<svg" in page.text and "Figures of the chart" in page.words
    file = await sam.get(f"{there}/export")
    assert "Day,Arm,People counted,Difference,From,To" in file.text and ",Thirty,600,0.15," in file.text
    page = await sam.get(f"{there}/arms/1")
    assert "joins more often: +" in page.words and "It is not known" not in page.words
    assert (
        "£39.00 a year" in page.words and "£30.00 a year" in page.words and "The experiment stops with it" in page.words
    )
    page = await sam.submit(page, f"{there}/arms/1")
    assert "Decided" in page.words and plan_catalogue.by_slug("annual").price.amount == 3000
    assert "Decided" in (await sam.get(LIST)).words
    what = await database.fetch_values("SELECT what FROM audit_entry WHERE what LIKE 'experiment%' ORDER BY at, id")
    assert what == ["experiment made", "experiment started", "experiment decided"]
    page = await sam.post(f"{there}/arms/0", {})
    assert "This experiment is decided now" in page.alerts()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"b_price": "39"}, "less than £39.00"),
        ({"b_price": ""}, "Enter a price of at least"),
        ({"b_share": "40"}, "add up to 90"),
        ({"b_share": "4"}, "5 to 95"),
        ({"base": ""}, "how many of a hundred join today"),
        ({"base": "101"}, "Enter 0 to 100"),
        ({"least": "95"}, "more often than always"),
        ({"least": "0"}, "smallest difference"),
        ({"figure": "money"}, "smallest difference"),
        ({"days": "91"}, "1 to 90"),
        ({"c_name": "Third"}, "how many of a hundred people are in this arm"),
        ({"plan": "not-one"}, ""),
        ({"kind": "words"}, "Enter the words of this arm"),
        ({"kind": "else"}, ""),
        ({"name": ""}, "“Name” is required."),
        ({"most_refunds": "-1"}, "Enter 0 to 100"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    shop: Shop, typed: dict[str, str], words: str
) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    given = {**TYPED, "plan": str(plan.id), **typed}
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **given)
    assert page.status == 422 and words in page.words
    assert page.form(LIST).given["name"] == given["name"]
    assert not await database.fetch_value("SELECT EXISTS (SELECT FROM experiment)")


async def test_a_draft_is_edited_copied_and_deleted(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    one = await experiments.create(
        made.price_draft(plan), by=await database.fetch_value("SELECT id FROM person LIMIT 1")
    )
    there = f"{LIST}/{one}"
    stale = await sam.get(f"{there}/edit")
    page = await sam.submit(await sam.get(f"{there}/edit"), there, name="Other", b_price="29")
    assert "Other" in page.words and "£29.00" in page.words
    late = await sam.submit(stale, there, name="Third")
    assert late.status == 409 and "Someone else changed" in late.words
    page = await sam.submit(page, f"{there}/copy")
    assert page.form(page.path.removesuffix("/edit")).given["name"] == "Other (copy)"
    page = await sam.submit(await sam.get(there), f"{there}/deletion")
    assert "Draft deleted." in page.alerts() and (await sam.get(there)).status == 404


async def test_one_that_stopped_by_itself_is_on_today_until_it_is_noted(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    found = await made.started(made.price_draft(plan), by=await somebody())
    await plans.revise(plan.id, price=4_000, by=None)
    await experiment_watch.watch()
    assert "experiment that stopped by itself" in (await sam.get("/staff")).words
    there = f"{LIST}/{found.row.id}"
    page = await sam.get(there)
    assert "It stopped by itself. The plan’s price was changed" in page.words
    refused = await sam.get(f"{there}/arms/1")
    assert "Change it in the plan editor instead" in refused.alerts()
    await sam.submit(page, f"{there}/noted")
    assert "stopped by itself" not in (await sam.get("/staff")).words


async def test_addresses_of_nothing_are_not_found(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    found = await made.started(made.price_draft(plan), by=await somebody())
    nothing = f"{LIST}/00000000-0000-0000-0000-000000000000"
    for path in (nothing, f"{nothing}/edit", f"{nothing}/export", f"{nothing}/arms/1", f"{LIST}/{found.row.id}/arms/7"):
        assert (await sam.get(path)).status == 404, path
    for path in (f"{nothing}/start", f"{nothing}/stop", f"{nothing}/arms/0", f"{LIST}/{found.row.id}/arms/7"):
        assert (await sam.post(path, {})).status == 404, path
    draft = await experiments.create(made.price_draft(plan), by=found.row.created_by)
    assert (await sam.get(f"{LIST}/{draft}/export")).status == 409
