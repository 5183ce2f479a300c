"""Experiments with what members who cancel are offered, in the staff area."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiments
from components.foundation import clock, database
from components.memberships.keeping_members import save_offers
from tests.components.experiments import made
from tests.components.experiments.test_experiment_results import ask
from tests.components.experiments.test_kept_members import subscribed
from tests.support import make_plans
from tests.support.shops import Shop
from tests.web.staff.test_experiments import LIST, TYPED, somebody, staff

OFFERS = {
    "name": "A fifth off", "kind": "offers", "reason": "price", "figure": "kept", "days": "60", "base": "50",
    "least": "5", "a_share": "50", "b_name": "Fifth", "b_share": "50", "b_offer": "discount", "b_percent": "20",
    "b_payments": "2", "b_months": "12", "promise_days": "14",
}  # fmt: skip


async def test_offers_are_tried_and_one_becomes_everybodys(shop: Shop) -> None:
    await make_plans.club()
    sam = await staff(shop, "plans")
    await save_offers.add(reason="price", kind="pause", by=None)
    new = await sam.get(f"{LIST}/new?kind=offers")
    assert new.form(LIST).given["figure"] == "kept" and new.form(LIST).given["days"] == "60"
    page = await sam.submit(new, LIST, **OFFERS)
    assert "Other save offers for the reason “It costs more than it saves me”." in page.words
    assert "20% off 2 payments, once in 12 months" in page.words and "What everybody is offered" in page.words
    assert "Nobody cancelled or saw an offer in the last 56 days" in page.words
    page = await sam.submit(page, f"{page.path}/copy")
    given = page.form(page.path.removesuffix("/edit")).given
    assert [given[f"b_{one}"] for one in ("offer", "percent", "payments", "months")] == ["discount", "20", "2", "12"]
    page = await sam.submit(page, page.path.removesuffix("/edit"), b_offer="", b_name="None")
    assert "Nothing" in page.words
    there = page.path
    page = await sam.submit(page, f"{there}/start", sure="on")
    assert "The experiment is running" in page.alerts()
    one = await experiments.by_id(UUID(there.rsplit("/", 1)[-1]))
    await ask(one.row.id, 1, 300)
    for person in await ask(one.row.id, 0, 300):
        await subscribed(person)
    clock.set_everywhere(clock.now() + timedelta(days=60))
    sam = await shop.signed_in("sam@kiln.test")
    page = await sam.get(there)
    assert "“None” keeps members less often: −" in page.words and "300 (100.0 per 100)" in page.words
    file = await sam.get(f"{there}/export")
    assert ",None,300,-1," in file.text
    assert "It costs more than it saves me" in (await sam.get(LIST)).words
    page = await sam.get(f"{there}/arms/1")
    assert "Everybody is offered now A pause" in page.words and "From the next page on Nothing" in page.words
    page = await sam.submit(page, f"{there}/arms/1")
    assert "Decided" in page.words and not await save_offers.open_offers()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "Choose for which reason."),
        ({"reason": "weather"}, "Choose one of the options listed."),
        ({"figure": "joined"}, "can’t be decided by this"),
        ({"b_percent": ""}, "Enter a percentage below 100"),
        ({"b_percent": "100"}, "Enter a percentage below 100"),
        ({"b_payments": "61"}, "1 to 60"),
        ({"b_months": "0"}, "1 to 120"),
        ({"b_offer": "downgrade"}, "Choose a plan that is on offer and renews."),
        ({"b_offer": "gold"}, "Choose one of the options listed."),
        ({"b_offer": "pause"}, "is offered this already"),
        ({"days": "401"}, "1 to 400"),
        ({"base": ""}, "how many of a hundred are kept today"),
        ({"least": "60"}, "more often than always"),
        ({"c_name": "C", "c_share": "20", "b_share": "30", "c_offer": "discount", "c_percent": "20", "c_payments": "2"},
         "is offered this already"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_an_offer_is_said_at_its_field(shop: Shop, typed: dict[str, str], words: str) -> None:
    await make_plans.club()
    sam = await staff(shop, "plans")
    await save_offers.add(reason="price", kind="pause", by=None)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **{**OFFERS, **typed})
    assert page.status == 422 and words in page.words
    assert page.form(LIST).given["name"] == "A fifth off"
    assert not await database.fetch_value("SELECT EXISTS (SELECT FROM experiment)")


@pytest.mark.parametrize(("kind", "figure"), [("price", "kept"), ("words", "kept")])
async def test_joining_is_not_decided_by_members_kept(shop: Shop, kind: str, figure: str) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    typed = {**TYPED, "kind": kind, "figure": figure, "plan": str(plan.id), "b_words": made.WORDS}
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **typed)
    assert page.status == 422 and "can’t be decided by this" in page.words


async def test_offers_that_were_changed_are_decided_under_save_offers(shop: Shop) -> None:
    await make_plans.club()
    sam = await staff(shop, "plans")
    found = await made.started(made.offers_draft(), by=await somebody())
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await save_offers.add(reason="price", kind="pause", by=None)
    there = f"{LIST}/{found.row.id}"
    assert "Change it under Save offers instead" in (await sam.get(f"{there}/arms/1")).alerts()
    assert "Change it under Save offers instead" in (await sam.post(f"{there}/arms/1", {})).alerts()
